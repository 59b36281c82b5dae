/**
 * How many further sources a follow-up draws in each stratum: those that would settle the undecided cities, those that the
 * worst indicators want, or as many as are asked for. Pure.
 */
import { canFollow } from "../draw/follow-up.ts";
import { blockOfStratum } from "../draw/manifest.ts";
import type { CurrentSample } from "../draw/replacement.ts";
import type { SourceClass } from "../reference/classes.ts";
import type { Evaluation } from "./evaluation.ts";
import { type Share, spread } from "./spread.ts";
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
}

/** What a follow-up draws, by the evaluation that it answers. */
export function followUpOf(
  evaluation: Evaluation,
  sample: CurrentSample,
  reach: Reach,
  asked: FollowUpAsked,
): FollowUpPlan {
  return asked.worst === undefined
    ? { cities: settlingOf(evaluation, sample, asked), indicators: [] }
    : worstOf(evaluation, sample, reach, { ...asked, worst: asked.worst });
}

function settlingOf(evaluation: Evaluation, sample: CurrentSample, asked: FollowUpAsked): CityFollowUp[] {
  return evaluation.verdicts.flatMap(({ city, verdict, furtherSources }): CityFollowUp[] => {
    if (asked.city !== undefined && asked.city !== city) return [];
    const isOpen = verdict === "undecided" || asked.city !== undefined;
    const wanted = isOpen ? (asked.number ?? furtherSources ?? 0) : 0;
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
): FollowUpPlan {
  const { indicators, shares } = followWorst(evaluation, sample.strata, reach, asked.worst, asked.number);
  const own = shares.filter(({ stratum }) => isAsked(asked, stratum));
  const cityOf = ({ stratum }: Share) => blockOfStratum(stratum).city;
  const cities = [...new Set(own.map(cityOf))].sort().map((city): CityFollowUp => {
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
