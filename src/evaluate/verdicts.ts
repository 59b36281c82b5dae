/** The verdict on each city, with the confidence that its look has. Pure. */
import { followUpsOf, MOST_FOLLOW_UPS } from "../draw/follow-up.ts";
import { blockOfStratum } from "../draw/manifest.ts";
import { divisionName } from "../reference/divisions.ts";
import { ALPHA } from "./bounds.ts";
import type { Figures } from "./domains.ts";
import { type DomainOf, oneSided, oneSidedOf } from "./estimate.ts";
import type { EvaluationInput } from "./evaluate.ts";
import type { Estimate, Verdict } from "./evaluation.ts";
import { levelAfter } from "./levels.ts";
import type { Survey } from "./survey.ts";
import { furtherSources, officialVerdict, verdictOf } from "./verdict.ts";

/** A verdict for each city of the draw, those without a record among them. */
export function verdictsOf(
  { manifest, sample, isFollowUpForeseen }: EvaluationInput,
  survey: Survey,
  estimates: readonly Estimate[],
  figures: Figures,
  limit: number,
): Verdict[] {
  const drawn = manifest.strata.filter(({ n }) => n > 0).map(({ key }) => blockOfStratum(key).city);
  return [...new Set(drawn)].sort().map((city): Verdict => {
    const followUps = followUpsOf(city, sample.followUps);
    const alpha = levelAfter(followUps, isFollowUpForeseen);
    const about = { city, name: divisionName(city), followUps, alpha };
    const none = { bounds: null, withoutNonResponse: null, furtherSources: null } as const;
    const estimate = estimates.find(({ kind, key }) => kind === "city" && key === city);
    if (estimate === undefined) {
      return { ...about, ...none, verdict: "cannotBeJudged", reason: "nothingChecked", official: null };
    }
    const official = officialVerdict(estimate, limit);
    if (survey.missing.some((stratum) => stratum.city === city)) {
      return { ...about, ...none, verdict: "cannotBeJudged", reason: "stratumMissing", official };
    }
    const { all, answered } = boundsAt(alpha, estimate, () =>
      oneSidedOf(survey, domainOf(city, survey, figures), alpha),
    );
    const verdict = verdictOf(all, limit);
    const isOpen = verdict === "undecided" && followUps < MOST_FOLLOW_UPS;
    const further = isOpen
      ? furtherSources(estimate, estimate.N, levelAfter(followUps + 1, isFollowUpForeseen), limit)
      : undefined;
    return {
      ...about,
      verdict,
      reason: estimate.reason,
      bounds: all,
      official,
      withoutNonResponse: estimate.withoutNonResponse === null ? null : verdictOf(answered, limit),
      furtherSources: further ?? null,
    };
  });
}

function domainOf(city: string, { places, strata, stratumOf }: Survey, figures: Figures): DomainOf {
  const members = places.map((_, index) => index).filter((index) => strata[stratumOf[index] as number]?.city === city);
  return { ...figures, kind: "city", key: city, name: divisionName(city), given: "city", members, isWhole: true };
}

/** The estimate holds the bounds of 5%; others are reckoned. */
function boundsAt(
  alpha: number,
  { limits, withoutNonResponse }: Estimate,
  reckon: () => ReturnType<typeof oneSidedOf>,
): ReturnType<typeof oneSidedOf> {
  if (alpha !== ALPHA) return reckon();
  const answered = withoutNonResponse?.limits ?? null;
  return { all: limits && oneSided(limits), answered: answered && oneSided(answered) };
}
