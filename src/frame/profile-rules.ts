/** When a county's share stands out from that of all counties: exact binomial tails and the limits of a funnel plot. Pure. */

/** The chance, over all comparisons of a frame together, that any mark is set although no county differs. */
export const FAMILY_ERROR = 0.05;

export type Mark = "偏高" | "偏低";

/** A county's share beside the one expected, with the limits within which chance explains it. */
export interface Comparison {
  /** Units counted, such as those that are closed. */
  readonly count: number;
  /** Units compared: those whose status is stated. */
  readonly of: number;
  /** count ÷ of; null where `of` is 0. */
  readonly share: number | null;
  /** Units above (below, where negative) what the expected share would give. */
  readonly excess: number;
  /** Smallest and largest share that is not marked; null where the county is not compared. */
  readonly limits: { readonly lower: number; readonly upper: number } | null;
  readonly mark: Mark | null;
}

/**
 * The tail probability below which one side of one comparison is marked: Bonferroni's division of `FAMILY_ERROR` over
 * both sides of all comparisons (Dunn 1961, JASA 56:52). It holds however the counties depend on each other; Šidák's
 * division would not, since the counts of counties and of statuses share one total.
 * @param comparisons counties × statuses
 */
export function tailOf(comparisons: number): number {
  return FAMILY_ERROR / (2 * Math.max(1, comparisons));
}

/**
 * How much more the counties differ than chance alone would have them: 1 where it is no more. The mean of the squared
 * standardized differences, of which the outer tenth on each side is drawn in (winsorized), so that the outliers looked
 * for do not hide themselves (the multiplicative over-dispersion of Spiegelhalter 2005).
 * @param expected the share of all counties together
 */
export function dispersionOf(counties: readonly { readonly count: number; readonly of: number }[], expected: number) {
  if (counties.length < 2 || expected <= 0 || expected >= 1) return 1;
  const differences = counties
    .filter(({ of }) => of > 0)
    .map(({ count, of }) => (count - of * expected) / Math.sqrt(of * expected * (1 - expected)))
    .sort((a, b) => a - b);
  const outer = Math.ceil(differences.length / 10);
  const [least = 0, most = 0] = [differences[outer], differences.at(-1 - outer)];
  const squares = differences.map((each) => Math.min(Math.max(each, least), Math.max(most, least)) ** 2);
  return Math.max(1, squares.reduce((sum, square) => sum + square, 0) / Math.max(1, squares.length));
}

/** What shares are compared with. */
export interface Yardstick {
  /** Share of all counties together. */
  readonly expected: number;
  /** Tail probability on each side; see `tailOf`. */
  readonly tail: number;
  /** See `dispersionOf`. */
  readonly dispersion: number;
}

/**
 * Compares a county's share with the share expected by the limits of a funnel plot (Spiegelhalter 2005, Stat Med
 * 24:1185): exact binomial ones, so that a county with few units is never marked by the coarse grain of small counts,
 * with a tail divided among all comparisons rather than his 0.1%. Where counties differ more than by chance, a county
 * has the limits of one with `of ÷ dispersion` units (rounded down, at least 1).
 * The share is marked 偏高 above the upper and 偏低 below the lower limit: without over-dispersion, where
 * P(X ≥ count) ≤ tail or P(X ≤ count) ≤ tail for X ~ Binomial(of, expected).
 */
export function compareShare(count: number, of: number, { expected, tail, dispersion }: Yardstick): Comparison {
  if (of === 0) return uncompared(count, of, expected);
  const share = count / of;
  const effective = Math.max(1, Math.floor(of / dispersion));
  const counts = countLimits(effective, expected, tail);
  const limits = { lower: counts.lower / effective, upper: counts.upper / effective };
  const mark = share > limits.upper ? "偏高" : share < limits.lower ? "偏低" : null;
  return { ...uncompared(count, of, expected), limits, mark };
}

/** The figures of a county that is not compared. */
export function uncompared(count: number, of: number, expected: number): Comparison {
  return { count, of, share: of === 0 ? null : count / of, excess: count - of * expected, limits: null, mark: null };
}

/** The smallest k with P(X ≤ k) > tail and the largest with P(X ≥ k) > tail, for X ~ Binomial(n, p), 0 < tail < ½. */
export function countLimits(n: number, p: number, tail: number): { readonly lower: number; readonly upper: number } {
  const lower = firstWhere(n, (k) => lowerTail(k, n, p) > tail);
  const upper = firstWhere(n, (k) => upperTail(k + 1, n, p) <= tail);
  return { lower, upper };
}

/** The smallest whole number in 0…n for which a test holds that holds from some number on and at n. */
function firstWhere(n: number, holds: (k: number) => boolean): number {
  let [low, high] = [0, n];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** P(X ≤ k) for X ~ Binomial(n, p), to a relative error below 1e-11 where it is the smaller tail. */
export function lowerTail(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  if (k >= n) return 1;
  if (k >= n * p) return 1 - sumFrom(k + 1, n, p, 1);
  return sumFrom(k, n, p, -1);
}

/** P(X ≥ k) for X ~ Binomial(n, p), to a relative error below 1e-11 where it is the smaller tail. */
export function upperTail(k: number, n: number, p: number): number {
  if (k <= 0) return 1;
  if (k > n) return 0;
  if (k <= n * p) return 1 - sumFrom(k - 1, n, p, -1);
  return sumFrom(k, n, p, 1);
}

/** Adds up binomial probabilities from k away from the mean, each from the one before, until they add nothing. */
function sumFrom(k: number, n: number, p: number, step: 1 | -1): number {
  let term = probability(k, n, p);
  let sum = 0;
  for (let i = k; i >= 0 && i <= n && sum + term !== sum; i += step) {
    sum += term;
    term *= step === 1 ? ((n - i) / (i + 1)) * (p / (1 - p)) : (i / (n - i + 1)) * ((1 - p) / p);
  }
  return Math.min(1, sum);
}

/** P(X = k) for X ~ Binomial(n, p) by Loader's saddle-point expansion (C. Loader 2000, as in R's dbinom). */
export function probability(k: number, n: number, p: number): number {
  if (p <= 0) return k === 0 ? 1 : 0;
  if (p >= 1) return k === n ? 1 : 0;
  if (k === 0) return Math.exp(n * Math.log1p(-p));
  if (k === n) return Math.exp(n * Math.log(p));
  const exponent =
    stirlingError(n) - stirlingError(k) - stirlingError(n - k) - deviance(k, n * p) - deviance(n - k, n * (1 - p));
  return Math.exp(exponent) * Math.sqrt(n / (2 * Math.PI * k * (n - k)));
}

/** ln n! less Stirling's formula. */
function stirlingError(n: number): number {
  if (n > 15) {
    const square = n * n;
    return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / n;
  }
  let factorial = 1;
  for (let i = 2; i <= n; i++) factorial *= i;
  return Math.log(factorial) - (n + 0.5) * Math.log(n) + n - 0.5 * Math.log(2 * Math.PI);
}

/** x·ln(x/m) + m − x without loss of digits where x is near m. */
function deviance(x: number, m: number): number {
  if (Math.abs(x - m) >= 0.1 * (x + m)) return x * Math.log(x / m) + m - x;
  const v = (x - m) / (x + m);
  let sum = (x - m) * v;
  let power = 2 * x * v;
  // |v| < 0.1, so each term is less than a hundredth of the one before
  for (let j = 1; j <= 12; j++) {
    power *= v * v;
    sum += power / (2 * j + 1);
  }
  return sum;
}
