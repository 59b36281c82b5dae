/**
 * What a sample drawn without replacement can and cannot show, exactly, by the hypergeometric distribution. Pure.
 *
 * Symbols (Cochran, Sampling Techniques, 1977): N units, K of them in error, n drawn, k found in error.
 */

/**
 * P(X ≤ k) and P(X ≥ k) for X hypergeometric. Terms are taken relative to that of the mode, by the ratio of neighbours,
 * so that nothing overflows and no term that counts is lost.
 * @throws RangeError unless 0 ≤ K, n ≤ N are whole numbers
 */
export function hypergeometricTails(k: number, N: number, K: number, n: number): { atMost: number; atLeast: number } {
  check(N, K, n);
  const [least, most] = [Math.max(0, n + K - N), Math.min(n, K)];
  if (k < least) return { atMost: 0, atLeast: 1 };
  if (k >= most) return { atMost: 1, atLeast: k > most ? 0 : tailsWithin(k, N, K, n, least, most).atLeast };
  return tailsWithin(k, N, K, n, least, most);
}

function tailsWithin(k: number, N: number, K: number, n: number, least: number, most: number) {
  const mode = modeOf(N, K, n, least, most);
  const sums = { atMost: 0, atLeast: 0, all: 0 };
  const add = (x: number, term: number) => {
    sums.all += term;
    if (x <= k) sums.atMost += term;
    if (x >= k) sums.atLeast += term;
  };
  let term = 1;
  for (let x = mode; x >= least && term > 0; x--) {
    add(x, term);
    // Terms fall on both sides of the mode: one that is lost in every sum that it belongs to is followed by none that is not.
    if (x <= k && sums.all + term === sums.all && sums.atMost + term === sums.atMost) break;
    term *= (x * (N - K - n + x)) / ((K - x + 1) * (n - x + 1));
  }
  term = 1;
  for (let x = mode + 1; x <= most && term > 0; x++) {
    term *= ((K - x + 1) * (n - x + 1)) / (x * (N - K - n + x));
    add(x, term);
    if (x >= k && sums.all + term === sums.all && sums.atLeast + term === sums.atLeast) break;
  }
  return { atMost: sums.atMost / sums.all, atLeast: sums.atLeast / sums.all };
}

/** Beside the mode's 1: so far out that a term by itself is as good as the sum of those beyond it. */
const FAR_OUT = 1e-30;

/**
 * P(X ≤ k) for k = 0 … last, as `hypergeometricTails` gives them one by one, in the time of a few; those below 1e-30 may be
 * less.
 * @throws RangeError unless 0 ≤ K, n ≤ N are whole numbers
 */
export function hypergeometricAtMost(last: number, N: number, K: number, n: number): Float64Array {
  check(N, K, n);
  const [least, most] = [Math.max(0, n + K - N), Math.min(n, K)];
  const mode = modeOf(N, K, n, least, most);
  // Terms of the mode and below, from the least whose term is not nought on; then of those above.
  const below: number[] = [];
  let term = 1;
  let all = 0;
  for (let x = mode; x >= least && term > 0; x--) {
    below.push(term);
    all += term;
    term *= (x * (N - K - n + x)) / ((K - x + 1) * (n - x + 1));
  }
  const table = new Float64Array(last + 1);
  for (const [i, own] of below.entries()) {
    if (mode - i > last) continue;
    let sum = own;
    for (let next = i + 1; next < below.length && own > FAR_OUT; next++) {
      const longer = sum + (below[next] as number);
      if (longer === sum) break;
      sum = longer;
    }
    table[mode - i] = sum;
  }
  let sum = all;
  term = 1;
  for (let x = mode + 1; x <= most; x++) {
    if (term > 0) {
      term *= ((K - x + 1) * (n - x + 1)) / (x * (N - K - n + x));
      all += term;
      sum += term;
    }
    if (x <= last) table[x] = sum;
    else if (all + term === all) break;
  }
  for (let k = 0; k <= last; k++) table[k] = k >= most ? 1 : (table[k] as number) / all;
  return table;
}

function modeOf(N: number, K: number, n: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, Math.floor(((n + 1) * (K + 1)) / (N + 2))));
}

function check(N: number, K: number, n: number): void {
  if (![N, K, n].every(Number.isInteger) || K < 0 || n < 0 || K > N || n > N) {
    throw new RangeError(`no hypergeometric distribution: N=${N}, K=${K}, n=${n}`);
  }
}

/**
 * Largest number of units in error among N that is not refuted by k found in n: the largest K with P(X ≤ k) > α. The
 * exact one-sided upper bound with confidence 1 − α.
 */
export function upperCount(N: number, n: number, k: number, alpha: number): number {
  return largest(k, N - (n - k), (K) => hypergeometricTails(k, N, K, n).atMost > alpha);
}

/** Smallest number of units in error that k found in n does not refute: the smallest K with P(X ≥ k) > α. */
export function lowerCount(N: number, n: number, k: number, alpha: number): number {
  return N - largest(n - k, N - k, (right) => hypergeometricTails(k, N, N - right, n).atLeast > alpha);
}

/**
 * Smallest number of units in error that a sample of n would find, at least one of them, with confidence 1 − α.
 * @returns undefined where no number is found so surely (n = 0)
 */
export function detectableCount(N: number, n: number, alpha: number): number | undefined {
  const missed = upperCount(N, n, 0, alpha);
  return missed >= N ? undefined : missed + 1;
}

/** A stratum and how many units are drawn from it. */
export interface SampledStratum {
  readonly N: number;
  readonly n: number;
}

/**
 * As `detectableCount` for strata drawn independently of each other, wherever the errors lie: the smallest number of
 * units in error for which the chance to draw none of them is at most α in the worst distribution over the strata. That
 * chance is a product of ∏ (N − n − i)/(N − i), i = 0, 1, … over the errors of each stratum; the factors of a stratum
 * fall, so the worst distribution takes the largest factor left at each step.
 * @returns undefined where some distribution hides every number (nothing drawn from a stratum that holds all)
 */
export function detectableOf(strata: readonly SampledStratum[], alpha: number): number | undefined {
  const [only, ...others] = strata.filter(({ N }) => N > 0);
  if (only === undefined) return undefined;
  if (others.length === 0) return detectableCount(only.N, only.n, alpha);
  const open = [only, ...others].map(({ N, n }) => ({ N, n, errors: 0 }));
  const factor = ({ N, n, errors }: (typeof open)[number]) => (errors < N ? (N - n - errors) / (N - errors) : -1);
  let missed = 1;
  for (let errors = 1; ; errors++) {
    const worst = open.reduce((a, b) => (factor(b) > factor(a) ? b : a));
    if (factor(worst) < 0) return undefined;
    missed *= Math.max(0, factor(worst));
    worst.errors++;
    if (missed <= alpha) return errors;
  }
}

/**
 * Smallest sample in which at most `allowed` errors refute that `tolerable` of N units or fewer would be exceeded: the
 * smallest n with P(X ≤ allowed | K = tolerable + 1) ≤ 1 − confidence.
 * @param tolerable units in error that may be tolerated, ⌊p·N⌋
 * @returns undefined where not even the whole population would do (tolerable + 1 ≤ allowed, or more than N)
 */
export function sampleSize(N: number, tolerable: number, allowed: number, confidence: number): number | undefined {
  const K = tolerable + 1;
  if (K > N || K <= allowed) return undefined;
  const alpha = 1 - confidence;
  const tooFew = largest(0, N, (n) => hypergeometricTails(allowed, N, K, n).atMost > alpha + ROUNDING);
  return tooFew + 1;
}

/** As `sampleSize` for a population without bounds, by the binomial distribution with the rate p. */
export function sampleSizeOfInfinite(rate: number, allowed: number, confidence: number): number {
  const alpha = 1 - confidence;
  let most = 1;
  while (binomialAtMost(allowed, most, rate) > alpha + ROUNDING) most *= 2;
  return largest(0, most, (n) => binomialAtMost(allowed, n, rate) > alpha + ROUNDING) + 1;
}

/** 1 − 0.95 is a little more or less than 0.05: probabilities that differ from it by so little are equal to it. */
const ROUNDING = 1e-14;

/** P(X ≤ k) for X binomial, summed as it stands; for small k. */
function binomialAtMost(k: number, n: number, p: number): number {
  let term = (1 - p) ** n;
  let sum = 0;
  for (let x = 0; x <= Math.min(k, n); x++) {
    sum += term;
    term *= ((n - x) * p) / ((x + 1) * (1 - p));
  }
  return Math.min(1, sum);
}

/** Largest whole number within bounds for which a test holds that holds at `from` and, once it fails, fails for good. */
function largest(from: number, to: number, holds: (value: number) => boolean): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
