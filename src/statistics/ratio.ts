/** Ratio of two totals under a sampling design, with bounds for proportions of clustered samples. Pure. */
import betaQuantile from "@stdlib/stats-base-dists-beta-quantile";
import tQuantile from "@stdlib/stats-base-dists-t-quantile";
import type { SurveyDesign, VarianceEstimate } from "./survey-design.ts";

/** Numerator and denominator of some units of a design, such as wrong indicators and indicators checked. */
export interface Domain {
  /** Indices of units, each once. */
  readonly members: ArrayLike<number>;
  /** By unit; those of other units are not looked at. */
  readonly e: ArrayLike<number>;
  readonly m: ArrayLike<number>;
}

export interface RatioEstimate extends VarianceEstimate {
  /** Σe / Σm of the sample as it stands. */
  readonly sampleRatio: number;
  /**
   * Design-weighted ratio R = Σwe / Σwm. Its variance is by linearization, V = Var Σ wz with z = (e − R·m) / Σwm
   * (Särndal et al. 1992, 5.6).
   */
  readonly ratio: number;
  /** Σwe and Σwm. */
  readonly weightedErrors: number;
  readonly weightedChecked: number;
  /** Units with a denominator in the domain, and their sums. */
  readonly n: number;
  readonly e: number;
  readonly m: number;
  readonly degreesOfFreedom: number;
}

/**
 * Estimates a ratio over a domain of a design. Members with m = 0 count for nothing.
 * @returns undefined where Σm is 0
 * @throws RangeError where a unit has e > m or a negative number
 */
export function estimateRatio(design: SurveyDesign, { members, e, m }: Domain): RatioEstimate | undefined {
  const { weights } = design;
  const { units, values } = design.room;
  let [errors, checked, weightedErrors, weightedChecked, n] = [0, 0, 0, 0, 0];
  for (let i = 0; i < members.length; i++) {
    const index = members[i] as number;
    const wrong = e[index] as number;
    const all = m[index] as number;
    if (!(wrong >= 0 && wrong <= all && Number.isFinite(all)))
      throw new RangeError(`unit ${index}: ${wrong} of ${all}`);
    if (all === 0) continue;
    units[n++] = index;
    errors += wrong;
    checked += all;
    const weight = weights[index] as number;
    weightedErrors += weight * wrong;
    weightedChecked += weight * all;
  }
  if (checked === 0) return undefined;
  const domain = units.subarray(0, n);
  const ratio = errors === checked ? 1 : weightedErrors / weightedChecked;
  for (let k = 0; k < n; k++) {
    const index = domain[k] as number;
    const z = (e[index] as number) - ratio * (m[index] as number);
    values[k] = ((weights[index] as number) * z) / weightedChecked;
  }
  const isConstant = errors === 0 || errors === checked;
  const found = isConstant ? NO_SPREAD : design.variance(domain, values.subarray(0, n));
  return {
    sampleRatio: errors / checked,
    ratio,
    weightedErrors,
    weightedChecked,
    ...(found.variance <= (ROUNDING * ratio ** 2) / n ? NO_SPREAD : found),
    n,
    e: errors,
    m: checked,
    degreesOfFreedom: design.degreesOfFreedom(domain),
  };
}

const NO_SPREAD = { variance: 0, components: 0 } as const;
/**
 * Where the units of each stratum are alike, or all were inspected, what is left of the variance is rounding of 1 − n/N and of
 * Σwe − RΣwm, and tells nothing. A stratum of which one unit in a hundred million is left has a million times as much.
 */
const ROUNDING = 1e-14;

/** Bounds on a proportion. */
export interface Bounds {
  readonly lower: number;
  readonly upper: number;
}

/**
 * The estimate with the degrees of freedom that its variance really has: those of the design, but no more than
 * Satterthwaite's. Key-indicator errors are rare and come in clusters, so that a few sources carry most of the variance;
 * with the degrees of freedom of the design alone the bounds of small rates cover far too seldom (docs/statistics.md).
 */
export function withHonestDegrees(estimate: RatioEstimate): RatioEstimate {
  const { degreesOfFreedom, components } = estimate;
  return { ...estimate, degreesOfFreedom: Math.min(degreesOfFreedom, Math.max(1, components)) };
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
