/**
 * Rates for a ranking, drawn towards their common mean by as much as each is unsure, so that a small county does not come
 * first by chance. Pure.
 *
 * Marshall (1991, Applied Statistics 40:283–294): with rates r = e/m, μ = Σe/Σm and s² = Σ m(r − μ)²/Σm, the spread that is
 * not chance is A = s² − μ/m̄ (0 where negative), and a rate becomes μ + C(r − μ) with C = A/(A + μ/m). Indicators of one
 * source err together, so m is divided by the design effect of all before: so many independent ones say as much.
 */
import type { Shrunk } from "./evaluation.ts";

export interface Counted {
  readonly key: string;
  readonly name: string;
  readonly n: number;
  readonly m: number;
  readonly e: number;
}

/**
 * @param designEffect of the rate of all, at least 1
 * @returns in the order of the shrunk rate, the highest first; ties by key
 */
export function shrunkRates(counts: readonly Counted[], designEffect: number): Shrunk[] {
  const seen = counts.filter(({ m }) => m > 0);
  const total = seen.reduce((sum, { m }) => sum + m, 0);
  const mean = total === 0 ? 0 : seen.reduce((sum, { e }) => sum + e, 0) / total;
  const size = (m: number) => m / Math.max(1, designEffect);
  const spread = seen.reduce((sum, { e, m }) => sum + m * (e / m - mean) ** 2, 0) / Math.max(1, total);
  const between = Math.max(0, spread - mean / size(total / Math.max(1, seen.length)));
  const shrunk = seen.map(({ key, name, n, m, e }): Shrunk => {
    const chance = mean / size(m);
    const ownWeight = between === 0 ? 0 : between / (between + chance);
    const rate = e / m;
    return { key, name, n, m, e, rate, shrunk: mean + ownWeight * (rate - mean), ownWeight };
  });
  return shrunk.sort((a, b) => b.shrunk - a.shrunk || b.m - a.m || (a.key < b.key ? -1 : 1));
}

/** Whether rates differ by more than chance; where they do not, all are drawn to the common mean and none is the worst. */
export function areApart(all: readonly Shrunk[]): boolean {
  return all.some(({ ownWeight }) => ownWeight > 0);
}
