/**
 * How many further sources a follow-up draws in each stratum: those that would settle the undecided cities, or as many as
 * are asked for, spread over the strata as the first stage was. Pure.
 */
import { canFollow } from "../draw/follow-up.ts";
import { blockOfStratum } from "../draw/manifest.ts";
import type { CurrentSample, CurrentStratum } from "../draw/replacement.ts";
import type { SourceClass } from "../reference/classes.ts";
import type { Evaluation } from "./evaluation.ts";

/** What is asked for; nothing: what would settle the undecided cities. */
export interface FollowUpAsked {
  readonly city: string | undefined;
  /** Only sources of this class, where its indicators are the worst. */
  readonly sourceClass: SourceClass | undefined;
  /** Further sources of each city. */
  readonly number: number | undefined;
}

/** What a follow-up draws in one stratum. */
export interface FollowUpShare {
  readonly stratum: string;
  readonly N: number;
  /** Units of its ranking that were reached so far. */
  readonly reached: number;
  readonly further: number;
  /** Of these, reserves of the manifest that are not in use. */
  readonly reserves: number;
}

export interface CityFollowUp {
  readonly city: string;
  /** Further sources that are wanted, and those that the strata can give. */
  readonly wanted: number;
  readonly further: number;
  readonly shares: readonly FollowUpShare[];
}

/** A follow-up for each city that wants one, by code. */
export function followUpOf(evaluation: Evaluation, sample: CurrentSample, asked: FollowUpAsked): CityFollowUp[] {
  return evaluation.verdicts.flatMap(({ city, verdict, furtherSources }): CityFollowUp[] => {
    if (asked.city !== undefined && asked.city !== city) return [];
    const isOpen = verdict === "undecided" || asked.city !== undefined;
    const wanted = isOpen ? (asked.number ?? furtherSources ?? 0) : 0;
    if (wanted === 0) return [];
    const strata = sample.strata.filter((stratum) => {
      const block = blockOfStratum(stratum.key);
      const isAsked = asked.sourceClass === undefined || asked.sourceClass === block.sourceClass;
      return block.city === city && isAsked && stratum.n > 0 && canFollow(stratum);
    });
    const shares = spread(strata, wanted);
    return [{ city, wanted, further: shares.reduce((sum, { further }) => sum + further, 0), shares }];
  });
}

/**
 * Spreads further sources in proportion to n, by highest averages (Webster 1832), none beyond its stratum's end: a stratum
 * that gives out leaves its part to the others.
 */
function spread(strata: readonly CurrentStratum[], wanted: number): FollowUpShare[] {
  const open = strata.map((stratum) => ({ stratum, left: stratum.N - stratum.reached, further: 0 }));
  for (let given = 0; given < wanted; given++) {
    let next: (typeof open)[number] | undefined;
    for (const each of open) {
      if (each.further === each.left) continue;
      const average = ({ stratum, further }: typeof each) => stratum.n / (2 * further + 1);
      if (next === undefined || average(each) > average(next)) next = each;
    }
    if (next === undefined) break;
    next.further++;
  }
  return open
    .filter(({ further }) => further > 0)
    .map(({ stratum, further }) => {
      const { key, N, n, reserve, reached } = stratum;
      return { stratum: key, N, reached, further, reserves: Math.min(further, Math.max(0, n + reserve - reached)) };
    });
}
