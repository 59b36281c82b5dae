/** The verdict on each city, with the confidence that its look has. Pure. */
import { type FollowUp, followUpsOf, MOST_FOLLOW_UPS } from "../draw/follow-up.ts";
import { blockOfStratum } from "../draw/manifest.ts";
import { divisionName } from "../reference/divisions.ts";
import { ALPHA } from "./bounds.ts";
import type { Figures } from "./domains.ts";
import { oneSided } from "./estimate.ts";
import type { EvaluationInput } from "./evaluate.ts";
import type { Estimate, OneSided, Verdict } from "./evaluation.ts";
import { levelAfter } from "./levels.ts";
import { earlierLooks, gapIn, type Look, lookAt } from "./looks.ts";
import { type Survey, strataToInspect } from "./survey.ts";
import type { VerdictCode } from "./terms.ts";
import { furtherSources, officialVerdict, verdictOf } from "./verdict.ts";

/** A verdict for each city of the draw, those without a record among them. */
export function verdictsOf(
  input: EvaluationInput,
  survey: Survey,
  estimates: readonly Estimate[],
  figures: Figures,
  limit: number,
): Verdict[] {
  const { manifest, isFollowUpForeseen } = input;
  const drawn = manifest.strata.filter(({ n }) => n > 0).map(({ key }) => blockOfStratum(key).city);
  const before = earlierLooks(input);
  const counts = countsByCity(input);
  const level = (followUps: number) => levelAfter(followUps, isFollowUpForeseen);
  return [...new Set(drawn)].sort().map((city): Verdict => {
    const earlier = before(city);
    const followUps = earlier.length;
    const lines = followUpsOf(city, input.sample.followUps);
    const { sample, recorded, first, last, dated } = counts.get(city) ?? NONE;
    const about = {
      city,
      name: divisionName(city),
      sample,
      recorded,
      visited: last === 0 ? null : { first: dateOf(first), last: dateOf(last), dated },
      outstanding: sample - recorded,
      isPreliminary: false,
      followUps,
      earlier: earlier.map((look, times) => ({
        verdict: verdictOf(look(level(times)).all, limit),
        alpha: level(times),
        further: furtherBy(input.sample.followUps, city, lines[times]),
      })),
      alpha: level(followUps),
    };
    const none = { bounds: null, withoutNonResponse: null, furtherSources: null } as const;
    const estimate = estimates.find(({ kind, key }) => kind === "city" && key === city);
    if (estimate === undefined) {
      return { ...about, ...none, verdict: "cannotBeJudged", reason: "nothingChecked", official: null };
    }
    const gap = gapIn(city, survey, figures);
    if (gap !== undefined) return { ...about, ...none, verdict: "cannotBeJudged", reason: gap, official: null };
    const official = officialVerdict(estimate, limit);
    const looks = [...earlier, remembering(estimate, lookAt(city, survey, figures))];
    const { verdict, alpha, bounds } = judged(looks, "all", level, limit);
    const isOpen = verdict === "undecided" && followUps < MOST_FOLLOW_UPS;
    const further = isOpen ? furtherSources(estimate, estimate.N, level(followUps + 1), limit) : undefined;
    return {
      ...about,
      isPreliminary: sample > recorded && (verdict !== "cannotBeJudged" || official !== null),
      verdict,
      alpha,
      reason: estimate.reason,
      bounds,
      official,
      withoutNonResponse: estimate.withoutNonResponse === null ? null : judged(looks, "answered", level, limit).verdict,
      furtherSources: further ?? null,
    };
  });
}

/** Sources of a city, those with a record, those that name their day, and the first and last of these as `dayOf` has it. */
interface CityCounts {
  sample: number;
  recorded: number;
  first: number;
  last: number;
  dated: number;
}
const NONE: CityCounts = { sample: 0, recorded: 0, dated: 0, first: Number.POSITIVE_INFINITY, last: 0 };

function countsByCity({ sample, tally }: EvaluationInput): ReadonlyMap<string, CityCounts> {
  const counts = new Map<string, CityCounts>();
  for (const { city, from, units } of strataToInspect(sample)) {
    const own = counts.get(city) ?? { ...NONE };
    counts.set(city, own);
    own.sample += units.length;
    for (let place = from; place < from + units.length; place++) {
      if (tally.outcomes[place] !== undefined) own.recorded++;
      const day = tally.days[place] as number;
      if (day === 0) continue;
      own.dated++;
      own.first = Math.min(own.first, day);
      own.last = Math.max(own.last, day);
    }
  }
  return counts;
}

/** The day that `dayOf` made a number of. */
function dateOf(day: number): string {
  return `${day}`.padStart(8, "0").replace(/(..)(..)$/, "-$1-$2");
}

/** Sources of a city that one line of the journal added. */
function furtherBy(followUps: readonly FollowUp[], city: string, line: number | undefined): number {
  const own = followUps.filter(({ stratum, seq }) => seq === line && blockOfStratum(stratum).city === city);
  return own.reduce((sum, { units }) => sum + units.length, 0);
}

/**
 * The verdict at the last look. One that is reached for the first time goes by the chance of error of this look; one that
 * an earlier look reached with its own chance needs no more than that to stand: wherever it stands wrongly, that look was
 * wrong too, so that nothing is added to the chance of all looks together.
 */
function judged(
  looks: readonly Look[],
  whose: "all" | "answered",
  level: (followUps: number) => number,
  limit: number,
): { readonly verdict: VerdictCode; readonly alpha: number; readonly bounds: OneSided | null } {
  const said = looks.map((look, followUps) => verdictOf(look(level(followUps))[whose], limit));
  const last = looks.at(-1) as Look;
  for (const verdict of ["met", "notMet"] as const) {
    const first = said.indexOf(verdict);
    if (first < 0) continue;
    const bounds = last(level(first))[whose];
    if (verdictOf(bounds, limit) === verdict) return { verdict, alpha: level(first), bounds };
  }
  const alpha = level(looks.length - 1);
  const bounds = last(alpha)[whose];
  return { verdict: verdictOf(bounds, limit), alpha, bounds };
}

/** The estimate holds the bounds of 5%; others are reckoned. */
function remembering({ limits, withoutNonResponse }: Estimate, look: Look): Look {
  const answered = withoutNonResponse?.limits ?? null;
  const known = { all: limits && oneSided(limits), answered: answered && oneSided(answered) };
  return (alpha) => (alpha === ALPHA ? known : look(alpha));
}
