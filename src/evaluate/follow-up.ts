/**
 * How many further sources a follow-up draws in each stratum: those that would settle the undecided cities, those that the
 * worst indicators want, or as many as are asked for. Pure.
 */
import { canFollow, MOST_FOLLOW_UPS } from "../draw/follow-up.ts";
import { blockOfStratum } from "../draw/manifest.ts";
import type { CurrentSample } from "../draw/replacement.ts";
import type { SourceClass } from "../reference/classes.ts";
import type { Evaluation, Verdict } from "./evaluation.ts";
import { type Share, spread } from "./spread.ts";
import type { VerdictCode } from "./terms.ts";
import { type FollowedIndicator, followWorst, type Reach } from "./worst.ts";

/** What is asked for; nothing: what would settle the undecided cities. */
export interface FollowUpAsked {
  readonly city: string | undefined;
  /** Only sources of this class. */
  readonly sourceClass: SourceClass | undefined;
  /** Further sources of each city, or with each of the worst indicators. */
  readonly number: number | undefined;
  /** So many of the worst indicators are followed, in place of the undecided cities. */
  readonly worst: number | undefined;
}

export interface CityFollowUp {
  readonly city: string;
  /** As the city stands, and the chance of error of the verdict after this follow-up. */
  readonly verdict: VerdictCode;
  readonly alpha: number;
  /** Sources of its sample without a record. */
  readonly outstanding: number;
  /** Further sources that are wanted, and those that the strata can give. */
  readonly wanted: number;
  readonly further: number;
  readonly shares: readonly Share[];
}

export interface FollowUpPlan {
  /** By code. */
  readonly cities: readonly CityFollowUp[];
  /** The worst first; none where cities are settled. */
  readonly indicators: readonly FollowedIndicator[];
  /** Codes of cities that would get further sources, were they not at the end of their follow-ups. */
  readonly ended: readonly string[];
}

/** What a follow-up draws, by the evaluation that it answers. */
export function followUpOf(
  evaluation: Evaluation,
  sample: CurrentSample,
  reach: Reach,
  asked: FollowUpAsked,
): FollowUpPlan {
  const { indicators, cities } =
    asked.worst === undefined
      ? { indicators: [], cities: settlingOf(evaluation, sample, asked) }
      : worstOf(evaluation, sample, reach, { ...asked, worst: asked.worst });
  const isOver = ({ followUps }: Verdict) => followUps >= MOST_FOLLOW_UPS;
  const verdicts = new Map(evaluation.verdicts.map((each) => [each.city, each]));
  const ended = cities.filter(({ city }) => isOver(verdicts.get(city) as Verdict)).map(({ city }) => city);
  const open = cities.filter(({ city }) => !ended.includes(city));
  return { indicators, ended, cities: open.map((each) => toVerdict(each, evaluation, verdicts.get(each.city))) };
}

type Wanted = Omit<CityFollowUp, "verdict" | "alpha" | "outstanding">;

function toVerdict(wanted: Wanted, { levels }: Evaluation, verdict: Verdict | undefined): CityFollowUp {
  if (verdict === undefined) throw new Error(`no verdict on ${wanted.city}`);
  const { verdict: code, followUps, outstanding } = verdict;
  return { ...wanted, verdict: code, alpha: levels[followUps + 1] ?? 0, outstanding };
}

function settlingOf(evaluation: Evaluation, sample: CurrentSample, asked: FollowUpAsked): Wanted[] {
  return evaluation.verdicts.flatMap(({ city, verdict, followUps, furtherSources }): Wanted[] => {
    if (asked.city !== undefined && asked.city !== city) return [];
    const isOpen = verdict === "undecided" || asked.city !== undefined;
    // At the end of its follow-ups a city wants something, and gets nothing.
    const wanted = isOpen ? (asked.number ?? furtherSources ?? (followUps < MOST_FOLLOW_UPS ? 0 : 1)) : 0;
    if (wanted === 0) return [];
    const strata = sample.strata.filter(
      (stratum) => isAsked({ ...asked, city }, stratum.key) && stratum.n > 0 && canFollow(stratum),
    );
    const shares = spread(
      strata.map((stratum) => ({ stratum, weight: stratum.n, each: 1 })),
      wanted,
    );
    return [{ city, wanted, further: sumOf(shares), shares }];
  });
}

/** Only the part of the city and the class that are asked for is drawn; what each indicator wants is spread over all. */
function worstOf(
  evaluation: Evaluation,
  sample: CurrentSample,
  reach: Reach,
  asked: FollowUpAsked & { readonly worst: number },
): { readonly indicators: readonly FollowedIndicator[]; readonly cities: Wanted[] } {
  const { indicators, shares } = followWorst(evaluation, sample.strata, reach, asked.worst, asked.number);
  const own = shares.filter(({ stratum }) => isAsked(asked, stratum));
  const cityOf = ({ stratum }: Share) => blockOfStratum(stratum).city;
  const cities = [...new Set(own.map(cityOf))].sort().map((city): Wanted => {
    const there = own.filter((share) => cityOf(share) === city);
    return { city, wanted: sumOf(there), further: sumOf(there), shares: there };
  });
  return { cities, indicators };
}

function isAsked({ city, sourceClass }: Pick<FollowUpAsked, "city" | "sourceClass">, stratum: string): boolean {
  const block = blockOfStratum(stratum);
  return (
    (city === undefined || city === block.city) && (sourceClass === undefined || sourceClass === block.sourceClass)
  );
}

function sumOf(shares: readonly Share[]): number {
  return shares.reduce((sum, { further }) => sum + further, 0);
}
