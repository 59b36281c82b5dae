/**
 * The indicators that are wrong most often, and how many further sources would tell how often they are: by the ranking of
 * the evaluation, whose rates are drawn towards their mean, so that a rare indicator is not followed by chance. Pure.
 */
import { canFollow } from "../draw/follow-up.ts";
import type { CurrentStratum } from "../draw/replacement.ts";
import type { EvaluationInput } from "./evaluate.ts";
import type { Estimate, Evaluation } from "./evaluation.ts";
import { type Share, spread } from "./spread.ts";
import { strataToInspect, surveyOf } from "./survey.ts";

/**
 * Standard error of a rate beside the rate itself at which it is known well enough: above 25% the Australian Bureau of
 * Statistics marks an estimate as one to be used with caution (ABS, Labour Force, explanatory notes on relative standard error).
 */
export const KNOWN_WELL = 0.25;

/** Where an indicator was met with, in one stratum. */
export interface Met {
  /** Sources of the sample with a record, and those of them in which the indicator was found right or wrong. */
  readonly recorded: number;
  readonly withIt: number;
}

/** By code of the indicator: strata in which it was met with. */
export type Reach = ReadonlyMap<string, ReadonlyMap<string, Met>>;

/** An indicator that a follow-up goes after. */
export interface FollowedIndicator {
  readonly code: string;
  readonly name: string;
  /** Sources in which it was found right or wrong. */
  readonly n: number;
  readonly rate: number | null;
  readonly shrunk: number;
  /** Standard error over rate; null where it cannot be had. */
  readonly relativeError: number | null;
  /** Further sources with the indicator that are wanted, and how many the further sources are expected to hold. */
  readonly wanted: number;
  readonly expected: number;
}

export interface Followed {
  readonly indicators: readonly FollowedIndicator[];
  /** Further sources by stratum. */
  readonly shares: readonly Share[];
}

/** Where each key indicator was met with. */
export function reachOf({ manifest, sample, tally }: EvaluationInput): Reach {
  const { places } = surveyOf(manifest, sample, (place) => tally.outcomes[place] !== undefined);
  const keys = new Map<number, string>();
  for (const { stratum, from, units } of strataToInspect(sample))
    for (let place = from; place < from + units.length; place++) keys.set(place, stratum.key);
  const recorded = new Map<string, number>();
  for (const own of places) {
    const key = keys.get(own) ?? "";
    recorded.set(key, (recorded.get(key) ?? 0) + 1);
  }
  const reach = new Map<string, Map<string, Met>>();
  for (const [number, { members }] of tally.byIndicator) {
    const code = tally.names.indicators[number]?.code ?? "";
    const own = reach.get(code) ?? new Map<string, Met>();
    reach.set(code, own);
    for (const member of members) {
      const key = keys.get(tally.order[member] as number) ?? "";
      own.set(key, { recorded: recorded.get(key) ?? 0, withIt: (own.get(key)?.withIt ?? 0) + 1 });
    }
  }
  return reach;
}

/**
 * The worst indicators and the further sources that they want. Each wants as many further sources with the indicator as
 * bring the standard error of its rate to a quarter of the rate, if rate and spread stay; these are spread over the
 * strata in proportion to the sources in which it was met with. One source is asked for all its indicators, so that a
 * stratum gets what the most demanding of them wants.
 * @param count how many indicators, the worst first; those never found wrong are none of them
 * @param number further sources of each, in place of the rule
 */
export function followWorst(
  evaluation: Evaluation,
  strata: readonly CurrentStratum[],
  reach: Reach,
  count: number,
  number: number | undefined,
): Followed {
  const open = new Map(strata.filter((stratum) => stratum.n > 0 && canFollow(stratum)).map((each) => [each.key, each]));
  const most = new Map<string, Share>();
  const worst = evaluation.indicators.filter(({ e }) => e > 0).slice(0, count);
  const indicators = worst.map(({ key: code, name, n, shrunk }): FollowedIndicator => {
    const estimate = evaluation.estimates.find((each) => each.kind === "indicator" && each.key === code);
    const wanted = number ?? furtherFor(estimate);
    const met = [...(reach.get(code) ?? [])].flatMap(([key, own]) => {
      const stratum = open.get(key);
      return stratum === undefined ? [] : [{ stratum, weight: own.withIt, each: own.withIt / own.recorded }];
    });
    const shares = spread(met, wanted);
    for (const share of shares) {
      if (share.further > (most.get(share.stratum)?.further ?? 0)) most.set(share.stratum, share);
    }
    const chance = new Map(met.map(({ stratum, each }) => [stratum.key, each]));
    const expected = shares.reduce((sum, { stratum, further }) => sum + further * (chance.get(stratum) ?? 0), 0);
    const relativeError = estimate === undefined ? null : relativeErrorOf(estimate);
    return { code, name, n, rate: estimate?.rate ?? null, shrunk, relativeError, wanted, expected };
  });
  const shares = strata.flatMap(({ key }) => most.get(key) ?? []);
  return { indicators, shares };
}

function relativeErrorOf({ rate, variance }: Pick<Estimate, "rate" | "variance">): number | null {
  return rate === null || variance === null || rate === 0 ? null : Math.sqrt(variance) / rate;
}

/**
 * V falls as (1 − n′/N)/n′, as for `furtherSources`: with a = V·n/(1 − n/N) the standard error is the share t of R from
 * n′ = 1/(t²R²/a + 1/N) on.
 */
function furtherFor(estimate: Estimate | undefined): number {
  if (estimate === undefined) return 0;
  const { n, N, rate, variance } = estimate;
  const left = 1 - n / N;
  if (rate === null || variance === null || !(variance > 0) || !(left > 0)) return 0;
  const a = (variance * n) / left;
  const size = Math.ceil(1 / ((KNOWN_WELL * rate) ** 2 / a + 1 / N) - 1e-9);
  return Math.max(0, Math.min(Math.floor(N), size) - n);
}
