/** Ratio of two totals under a sampling design, with bounds for proportions of clustered samples. Pure. */
import betaQuantile from "@stdlib/stats-base-dists-beta-quantile";
import tQuantile from "@stdlib/stats-base-dists-t-quantile";
import type { SurveyDesign } from "./survey-design.ts";

/** Numerator and denominator of one unit, such as wrong indicators and indicators checked. */
export interface RatioPart {
  readonly e: number;
  readonly m: number;
}

export interface RatioEstimate {
  /** Σe / Σm of the sample as it stands. */
  readonly sampleRatio: number;
  /** Design-weighted ratio R = Σwe / Σwm. */
  readonly ratio: number;
  /** Variance of R by linearization, V = Var Σ wz with z = (e − R·m) / Σwm (Särndal et al. 1992, 5.6). */
  readonly variance: number;
  /** Units with a denominator in the domain. */
  readonly n: number;
  readonly degreesOfFreedom: number;
}

/**
 * Estimates a ratio over a domain of a design.
 * @param domain indices of units of the design; those with m = 0 count for nothing
 * @returns undefined where Σm is 0
 * @throws RangeError where a unit has e > m or a negative number
 */
export function estimateRatio(
  design: SurveyDesign,
  parts: readonly RatioPart[],
  domain: readonly number[],
): RatioEstimate | undefined {
  let [errors, checked, weightedErrors, weightedChecked] = [0, 0, 0, 0];
  const members = domain.filter((index) => (parts[index]?.m ?? 0) > 0 || (parts[index]?.e ?? 0) > 0);
  for (const index of members) {
    const { e, m } = parts[index] as RatioPart;
    if (!(e >= 0 && e <= m && Number.isFinite(m))) throw new RangeError(`unit ${index}: ${e} of ${m}`);
    errors += e;
    checked += m;
    weightedErrors += design.weight(index) * e;
    weightedChecked += design.weight(index) * m;
  }
  if (checked === 0) return undefined;
  const ratio = Math.min(1, weightedErrors / weightedChecked);
  const values = members.map((index) => {
    const { e, m } = parts[index] as RatioPart;
    return (design.weight(index) * (e - ratio * m)) / weightedChecked;
  });
  return {
    sampleRatio: errors / checked,
    ratio,
    variance: errors === 0 || errors === checked ? 0 : design.variance(members, values),
    n: members.length,
    degreesOfFreedom: design.degreesOfFreedom(members),
  };
}

/** Bounds on a proportion. */
export interface Bounds {
  readonly lower: number;
  readonly upper: number;
}

/**
 * Interval of Korn & Graubard (1998) for a proportion of a clustered sample: Clopper–Pearson with the effective sample
 * size n* = R(1−R)/V · (t(α/2, n−1)/t(α/2, df))².
 * @param alpha chance of error of both sides together
 * @returns undefined where the variance tells nothing (V = 0, R of 0 or 1, fewer than one degree of freedom)
 */
export function kornGraubard(estimate: RatioEstimate, alpha: number): Bounds | undefined {
  const n = effectiveSize(estimate, alpha / 2);
  if (n === undefined) return undefined;
  return { lower: lowerProportion(n, estimate.ratio, alpha / 2), upper: upperProportion(n, estimate.ratio, alpha / 2) };
}

/** One-sided bound of Korn & Graubard with confidence 1 − α, as `kornGraubard` with t(α, ·). */
export function kornGraubardUpper(estimate: RatioEstimate, alpha: number): number | undefined {
  const n = effectiveSize(estimate, alpha);
  return n === undefined ? undefined : upperProportion(n, estimate.ratio, alpha);
}

/** As `kornGraubardUpper`, from below. */
export function kornGraubardLower(estimate: RatioEstimate, alpha: number): number | undefined {
  const n = effectiveSize(estimate, alpha);
  return n === undefined ? undefined : lowerProportion(n, estimate.ratio, alpha);
}

function effectiveSize({ ratio, variance, n, degreesOfFreedom }: RatioEstimate, tail: number): number | undefined {
  if (!(variance > 0 && ratio > 0 && ratio < 1 && degreesOfFreedom >= 1)) return undefined;
  const t = tQuantile(tail, n - 1) / tQuantile(tail, degreesOfFreedom);
  const size = ((ratio * (1 - ratio)) / variance) * t ** 2;
  return Number.isFinite(size) && size > 0 ? size : undefined;
}

/**
 * Upper bound of Clopper & Pearson (1934) for a proportion p found in n, which need not be whole.
 * @param alpha chance that the true proportion lies above
 */
export function upperProportion(n: number, p: number, alpha: number): number {
  return p >= 1 ? 1 : betaQuantile(1 - alpha, n * p + 1, n * (1 - p));
}

/** As `upperProportion`, from below. */
export function lowerProportion(n: number, p: number, alpha: number): number {
  return p <= 0 ? 0 : betaQuantile(alpha, n * p, n * (1 - p) + 1);
}
