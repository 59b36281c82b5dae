/**
 * Chi-square statistics of many draws of n from N without replacement, each with its exact reference distribution.
 *
 * Counts under sampling without replacement are neither independent nor multinomial: a draw has always n units and
 * n(n−1)/2 pairs. Yet the covariance of one draw's indicators is known exactly and commutes with every renaming of the
 * units, so it is a multiple of the identity on each invariant subspace. Squared lengths divided by those multiples
 * (eigenvalues) and by the number of draws R are, in the limit of many independent draws, chi-square with the subspace's
 * dimension as degrees of freedom:
 *
 * - units: Var = f(1−f), Cov = −f(1−f)/(N−1), f = n/N; on Σ = 0 the eigenvalue is f(1−f)·N/(N−1), dimension N−1.
 * - pairs: with p_k = n(n−1)…/N(N−1)… for k units, the covariances are a₀ = p₂ − p₂² of a pair with itself,
 *   a₁ = p₃ − p₂² of two that share a unit, a₂ = p₄ − p₂² of two that share none. In the Johnson scheme J(N, 2)
 *   (Delsarte 1973) the eigenvalues are a₀ + (N−4)a₁ − (N−3)a₂ on the N−1 dimensions of the units' margins and
 *   a₀ − 2a₁ + a₂ on the remaining N(N−3)/2.
 * - ranks: a uniform random permutation matrix has variance 1/(N−1) along every doubly centred direction (Hoeffding 1951),
 *   dimension (N−1)².
 * - two strata: if they are drawn independently, the centred products (Xᵢ − f)(Yⱼ − g) have the product of the two units'
 *   eigenvalues, dimension (N−1)(M−1).
 */
import { chiSquareTail } from "./chi-square.ts";

/** Probability of a statistic at least as large as the one found, were every draw fair. */
export interface Verdicts {
  readonly units: number;
  readonly pairs: number;
  readonly ranks: number;
}

/** A full ranking of N units for each of many seeds: unit numbers 0 … N−1 in the order of rank. */
export type Rankings = readonly (readonly number[])[];

/** Tails of the three statistics of one stratum; the first n of each ranking are its sample. */
export function verdictsOn(rankings: Rankings, N: number, n: number): Verdicts {
  return { units: unitTail(rankings, N, n), pairs: pairTail(rankings, N, n), ranks: rankTail(rankings, N) };
}

function unitTail(rankings: Rankings, N: number, n: number): number {
  const counts = new Float64Array(N);
  for (const ranking of rankings) for (const unit of ranking.slice(0, n)) add(counts, unit, 1);
  const expected = (rankings.length * n) / N;
  const squares = counts.reduce((sum, count) => sum + (count - expected) ** 2, 0);
  return chiSquareTail(squares / (rankings.length * unitEigenvalue(N, n)), N - 1);
}

/** Variance of one draw's indicators along every direction whose members sum to 0. */
function unitEigenvalue(N: number, n: number): number {
  const f = n / N;
  return (f * (1 - f) * N) / (N - 1);
}

/** Covariance of one draw's pair indicators on its two invariant subspaces. */
export function pairEigenvalues(N: number, n: number): { margins: number; rest: number } {
  const p = (k: number) =>
    Array.from({ length: k }, (_, i) => (n - i) / (N - i)).reduce((product, x) => product * x, 1);
  const [a0, a1, a2] = [p(2) - p(2) ** 2, p(3) - p(2) ** 2, p(4) - p(2) ** 2] as const;
  return { margins: a0 + (N - 4) * a1 - (N - 3) * a2, rest: a0 - 2 * a1 + a2 };
}

function pairTail(rankings: Rankings, N: number, n: number): number {
  const counts = new Float64Array(N * N);
  for (const ranking of rankings) {
    const sample = ranking.slice(0, n);
    for (const i of sample) for (const j of sample) if (i < j) add(counts, i * N + j, 1);
  }
  const expected = (rankings.length * (n * (n - 1))) / (N * (N - 1));
  const pairs = Array.from({ length: N }, (_, i) =>
    Array.from({ length: N - i - 1 }, (_, k) => [i, i + k + 1] as const),
  );
  const off = ([i, j]: readonly [number, number]) => (counts[i * N + j] ?? 0) - expected;
  const margins = new Float64Array(N);
  for (const pair of pairs.flat()) for (const unit of pair) add(margins, unit, off(pair));
  const sums = { margins: 0, rest: 0 };
  for (const pair of pairs.flat()) {
    const part = ((margins[pair[0]] ?? 0) + (margins[pair[1]] ?? 0)) / (N - 2);
    sums.margins += part ** 2;
    sums.rest += (off(pair) - part) ** 2;
  }
  const eigenvalues = pairEigenvalues(N, n);
  const statistic = sums.margins / eigenvalues.margins + sums.rest / eigenvalues.rest;
  return chiSquareTail(statistic / rankings.length, (N * (N - 1)) / 2 - 1);
}

function rankTail(rankings: Rankings, N: number): number {
  const counts = new Float64Array(N * N);
  for (const ranking of rankings) for (const [rank, unit] of ranking.entries()) add(counts, unit * N + rank, 1);
  const expected = rankings.length / N;
  const squares = counts.reduce((sum, count) => sum + (count - expected) ** 2, 0);
  return chiSquareTail((squares * (N - 1)) / rankings.length, (N - 1) ** 2);
}

/** Tail of the statistic of dependence between two strata drawn by the same seeds. */
export function dependenceTail(
  one: { readonly rankings: Rankings; readonly N: number; readonly n: number },
  other: { readonly rankings: Rankings; readonly N: number; readonly n: number },
): number {
  const together = new Float64Array(one.N * other.N);
  for (const [run, ranking] of one.rankings.entries()) {
    const chosen = other.rankings[run]?.slice(0, other.n) ?? [];
    for (const i of ranking.slice(0, one.n)) for (const j of chosen) add(together, i * other.N + j, 1);
  }
  // Margins of the table are n or m times the units' counts, so that centring by rows and columns needs the table alone.
  const runs = one.rankings.length;
  const rows = Array.from({ length: one.N }, (_, i) => together.slice(i * other.N, (i + 1) * other.N));
  const mean = (values: Iterable<number>) => [...values].reduce((sum, value, _, all) => sum + value / all.length, 0);
  const rowMeans = rows.map((row) => mean(row));
  const columnMeans = Array.from({ length: other.N }, (_, j) => mean(rows.map((row) => row[j] ?? 0)));
  const grand = mean(rowMeans);
  let squares = 0;
  for (const [i, row] of rows.entries()) {
    for (const [j, count] of row.entries()) {
      squares += (count - (rowMeans[i] ?? 0) - (columnMeans[j] ?? 0) + grand) ** 2;
    }
  }
  const eigenvalue = unitEigenvalue(one.N, one.n) * unitEigenvalue(other.N, other.n);
  return chiSquareTail(squares / (runs * eigenvalue), (one.N - 1) * (other.N - 1));
}

function add(counts: Float64Array, at: number, value: number): void {
  counts[at] = (counts[at] ?? 0) + value;
}
