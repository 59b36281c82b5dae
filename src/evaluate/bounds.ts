/**
 * Bounds on an error rate, whatever the sample looks like: named methods, never a figure that is none (docs/statistics.md).
 * Pure.
 */
import { lowerCount, upperCount } from "../statistics/hypergeometric.ts";
import {
  kornGraubard,
  kornGraubardLower,
  kornGraubardUpper,
  lowerProportion,
  type RatioEstimate,
  upperProportion,
  withHonestDegrees,
} from "../statistics/ratio.ts";
import { type FoundStratum, lowerTotal, upperTotal } from "../statistics/stratified-count.ts";
import type { Limits, SourceShare } from "./evaluation.ts";
import type { BoundsMethod, Reason } from "./terms.ts";

export const ALPHA = 0.05;
/** Beyond so many strata, and beyond so many steps, the exact bound on counts would take too long. */
const MOST_STRATA = 8;
const EFFORT = 200_000;

/** Sources of a domain as a sample of sources. */
export interface SourceSample {
  /** Sources with an indicator that counts, and those with an error. */
  readonly n: number;
  readonly k: number;
  /** Weighted share of sources with an error. */
  readonly share: number;
  /** (Σw)²/Σw² (Kish 1965): so many sources of equal weight say as much. */
  readonly effective: number;
  /** The domain's strata where it is whole strata drawn with equal chances; k counts sources with an error. */
  readonly strata: readonly FoundStratum[] | undefined;
  /** Whether every source of the domain was inspected. */
  readonly isCensus: boolean;
}

/** Upper bound on the share of sources with an error. */
export function upperShare({ strata, effective, share }: SourceSample, alpha: number): number {
  if (strata !== undefined && strata.length <= MOST_STRATA) return upperOf(strata, alpha) / sizeOf(strata);
  return upperProportion(effective, share, alpha);
}

/** As `upperShare`, from below. */
export function lowerShare({ strata, effective, share }: SourceSample, alpha: number): number {
  if (strata !== undefined && strata.length <= MOST_STRATA) return lowerOf(strata, alpha) / sizeOf(strata);
  return lowerProportion(effective, share, alpha);
}

export function sourceShare(sample: SourceSample): SourceShare {
  const { n, k, share, strata, isCensus } = sample;
  const isExact = isCensus || (strata !== undefined && strata.length <= MOST_STRATA);
  const [lower, upper] = isCensus ? [share, share] : [lowerShare(sample, ALPHA / 2), upperShare(sample, ALPHA / 2)];
  return {
    n,
    k,
    share,
    lower: Math.min(lower, share),
    upper: Math.max(upper, share),
    method: isExact ? "exact" : "effective",
  };
}

/**
 * Bounds on the rate of an estimate. Where errors were found: Korn & Graubard with honest degrees of freedom, and never
 * above the bound that takes each source with an error as wholly wrong.
 * @param alpha chance of error of the two-sided interval, and of each one-sided bound
 */
export function boundsOf(
  estimate: RatioEstimate,
  sample: SourceSample,
  alpha = ALPHA,
): { readonly limits: Limits; readonly method: BoundsMethod } | { readonly reason: Reason } {
  const { ratio, variance, n } = estimate;
  if (sample.isCensus) return { limits: all(ratio), method: "census" };
  const isExact = sample.strata !== undefined && sample.strata.length <= MOST_STRATA;
  const method = isExact ? "sourcesExact" : "sourcesEffective";
  if (ratio === 0) {
    const upper = (tail: number) => upperShare(sample, tail);
    return { limits: { lower: 0, lowerOneSided: 0, upper: upper(alpha / 2), upperOneSided: upper(alpha) }, method };
  }
  if (ratio === 1) {
    const right = { ...sample, k: 0, share: 0, strata: sample.strata?.map((stratum) => ({ ...stratum, k: 0 })) };
    const lower = (tail: number) => 1 - upperShare(right, tail);
    return { limits: { lower: lower(alpha / 2), lowerOneSided: lower(alpha), upper: 1, upperOneSided: 1 }, method };
  }
  if (estimate.degreesOfFreedom < 1 || n < 2) return { reason: "tooFewSources" };
  const honest = withHonestDegrees(estimate);
  const interval = kornGraubard(honest, alpha);
  const lowerOneSided = kornGraubardLower(honest, alpha);
  const upperOneSided = kornGraubardUpper(honest, alpha);
  if (!(variance > 0) || interval === undefined || lowerOneSided === undefined || upperOneSided === undefined) {
    return { limits: binomial(n, ratio, alpha), method: "sourcesBinomial" };
  }
  // A bound on the share of sources with an error lies above that share: it is looked for only where it may matter.
  const capped = (upper: number, tail: number) =>
    upper <= sample.share ? upper : Math.max(ratio, Math.min(upper, upperShare(sample, tail)));
  const limits = {
    lower: interval.lower,
    lowerOneSided,
    upper: capped(interval.upper, alpha / 2),
    upperOneSided: capped(upperOneSided, alpha),
  };
  return { limits, method: "kornGraubard" };
}

function all(ratio: number): Limits {
  return { lower: ratio, upper: ratio, lowerOneSided: ratio, upperOneSided: ratio };
}

/** A mean of n values within [0, 1] varies at most as a proportion of n does. */
function binomial(n: number, ratio: number, alpha: number): Limits {
  return {
    lower: lowerProportion(n, ratio, alpha / 2),
    upper: upperProportion(n, ratio, alpha / 2),
    lowerOneSided: lowerProportion(n, ratio, alpha),
    upperOneSided: upperProportion(n, ratio, alpha),
  };
}

function sizeOf(strata: readonly FoundStratum[]): number {
  return strata.reduce((sum, { N }) => sum + N, 0);
}

function upperOf(strata: readonly FoundStratum[], alpha: number): number {
  const [only, ...others] = strata;
  if (only !== undefined && others.length === 0) return upperCount(only.N, only.n, only.k, alpha);
  return upperTotal(strata, alpha, EFFORT);
}

function lowerOf(strata: readonly FoundStratum[], alpha: number): number {
  const [only, ...others] = strata;
  if (only !== undefined && others.length === 0) return lowerCount(only.N, only.n, only.k, alpha);
  return lowerTotal(strata, alpha, EFFORT);
}
