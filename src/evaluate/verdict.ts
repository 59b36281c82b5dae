/** Whether a rate keeps the limit, and how many more sources would tell. Pure. */
import { upperCount } from "../statistics/hypergeometric.ts";
import { kornGraubardLower, kornGraubardUpper, type RatioEstimate } from "../statistics/ratio.ts";
import type { OneSided, Rate } from "./evaluation.ts";
import type { VerdictCode } from "./terms.ts";

/** Share of wrong key indicators that the work plan allows in each city. */
export const LIMIT = 0.02;
/** Rates that differ by so little from the limit are equal to it: sums of weights are rounded. */
const ROUNDING = 1e-12;

/** met: upper bound ≤ limit. notMet: lower bound > limit. Each bound is one-sided, with the confidence of the look. */
export function verdictOf(bounds: OneSided | null, limit = LIMIT): VerdictCode {
  if (bounds === null) return "cannotBeJudged";
  if (bounds.upper <= limit + ROUNDING) return "met";
  return bounds.lower > limit + ROUNDING ? "notMet" : "undecided";
}

/** By the sample rate alone, which the work plan's limit is written for. */
export function officialVerdict({ sampleRate }: Pick<Rate, "sampleRate">, limit = LIMIT): "met" | "notMet" | null {
  if (sampleRate === null) return null;
  return sampleRate <= limit + ROUNDING ? "met" : "notMet";
}

/**
 * Further sources that would settle an undecided rate, drawn from the strata in the same proportions, if the estimated rate,
 * the spread between sources and the share of them that carries it stay as they are: V falls as (1 − n′/N)/n′, the degrees of
 * freedom grow as n′. Where no error was found, none is found in the further ones either.
 * @param alpha chance of error of the verdict to come
 * @returns undefined where nothing can be said; N − n where all have to be inspected
 */
export function furtherSources(
  rate: Omit<Rate, "limits" | "plain" | "method" | "reason" | "designEffect" | "effectiveSize">,
  N: number,
  alpha: number,
  limit = LIMIT,
): number | undefined {
  const { n, rate: R, variance } = rate;
  const all = Math.round(N);
  if (R === null || variance === null || all <= n || R === 1) return undefined;
  const settles =
    R === 0
      ? (size: number) => upperCount(all, size, 0, alpha) <= limit * all + ROUNDING
      : (size: number) => isSettled(grown(rate, size, all), limit, alpha);
  let [low, high] = [n, all];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (settles(middle)) high = middle;
    else low = middle;
  }
  return high - n;
}

function grown(rate: Parameters<typeof furtherSources>[0], size: number, N: number): RatioEstimate {
  const {
    n,
    m,
    e,
    rate: R,
    sampleRate,
    weightedErrors,
    weightedChecked,
    variance,
    degreesOfFreedom,
    components,
  } = rate;
  const times = size / n;
  const spread = ((variance ?? 0) / times) * ((1 - size / N) / Math.max(1e-9, 1 - n / N));
  const degrees = Math.min(degreesOfFreedom + size - n, Math.max(1, components) * times);
  return {
    n: size,
    m: m * times,
    e: e * times,
    ratio: R ?? 0,
    sampleRatio: sampleRate ?? 0,
    weightedErrors,
    weightedChecked,
    variance: spread,
    degreesOfFreedom: degrees,
    components: degrees,
  };
}

function isSettled(estimate: RatioEstimate, limit: number, alpha: number): boolean {
  if (estimate.ratio <= limit) return (kornGraubardUpper(estimate, alpha) ?? estimate.ratio) <= limit + ROUNDING;
  return (kornGraubardLower(estimate, alpha) ?? estimate.ratio) > limit + ROUNDING;
}
