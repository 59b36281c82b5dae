/** How many units a quota draws from each stratum of a block (draw-spec, "Allocation within a block"). Pure. */
import { compareBytes } from "../text/canonical.ts";
import type { Quota, Spread } from "./quota.ts";
import { ceilOfShare } from "./share.ts";

export interface Allocation {
  /** Units drawn. */
  readonly n: number;
  /** Reserves drawn after them. */
  readonly reserve: number;
  /** Units asked for beyond what there is. */
  readonly shortfall: number;
}

type Amount = Pick<Quota, "count" | "rate" | "min" | "max" | "reserve">;

/**
 * Allocation to one stratum of N units: the quota's count, or n = min(max, max(min, ⌈rate·N⌉)).
 * Never more than the stratum holds; what it lacks is the shortfall. An empty stratum drawn by rate lacks only `min`.
 */
export function allocate(quota: Amount, N: number): Allocation {
  const wanted = wantedOf(quota, N);
  const n = Math.min(wanted, N);
  return { n, reserve: reserveOf(quota, n, N), shortfall: wanted - n };
}

/**
 * Allocation to the strata of one block. Without `spread` each stratum by itself; with it the block's quota is divided
 * over them, and what the whole block lacks stands under the block's own key, as a stratum without units.
 * @param block key of the block or population
 * @param sizes units of each stratum, by its key
 * @throws RangeError where the minima of `spread` ask for more than the quota (see `minimaOf`)
 */
export function allocateBlock(
  quota: Quota,
  block: string,
  sizes: ReadonlyMap<string, number>,
): Map<string, Allocation> {
  const { spread } = quota;
  if (spread === undefined) return new Map([...sizes].map(([key, N]) => [key, allocate(quota, N)]));
  const total = sum(sizes.values());
  const { n, shortfall } = allocate(quota, total);
  const shares = divideQuota(n, sizes, spread);
  const allocations = new Map<string, Allocation>(
    [...sizes].map(([key, N]) => {
      const own = shares.get(key) ?? 0;
      return [key, { n: own, reserve: reserveOf(quota, own, N), shortfall: 0 }];
    }),
  );
  if (shortfall > 0) allocations.set(block, { n: 0, reserve: 0, shortfall });
  return allocations;
}

/** Units that `spread` gives to strata before it divides the rest: min(min, N) of each. */
export function minimaOf(spread: Spread, sizes: ReadonlyMap<string, number>): number {
  return sum([...sizes.values()].map((N) => Math.min(spread.min ?? 0, N)));
}

function divideQuota(n: number, sizes: ReadonlyMap<string, number>, spread: Spread): Map<string, number> {
  if (spread.rule === "equal") return allocateEqually(n, sizes);
  const minima = new Map([...sizes].map(([key, N]) => [key, Math.min(spread.min ?? 0, N)]));
  return allocateProportionally(n, sizes, minima);
}

/**
 * Splits a quota over strata in proportion to their sizes by the largest-remainder rule (Hamilton 1792), after each has
 * got its minimum. Never more than a stratum holds; what is left over by that goes round again among the others.
 * Ties go to the larger stratum, then to the smaller key in byte order, so the result never depends on input order.
 * @param n at most Σ sizes, at least Σ minima
 * @returns units for each stratum; sums to n
 * @throws RangeError where n is out of these bounds
 */
export function allocateProportionally(
  n: number,
  sizes: ReadonlyMap<string, number>,
  minima: ReadonlyMap<string, number> = new Map(),
): Map<string, number> {
  const given = new Map([...sizes.keys()].map((key) => [key, minima.get(key) ?? 0]));
  let rest = n - sum(given.values());
  if (rest < 0 || n > sum(sizes.values())) throw new RangeError(`cannot divide ${n} units over these strata`);
  const room = (key: string) => (sizes.get(key) ?? 0) - (given.get(key) ?? 0);
  while (rest > 0) {
    const open = [...sizes].filter(([key]) => room(key) > 0);
    const total = sum(open.map(([, N]) => N));
    const shares = open.map(([key, N]) => ({
      key,
      N,
      whole: Number((BigInt(rest) * BigInt(N)) / BigInt(total)),
      remainder: Number((BigInt(rest) * BigInt(N)) % BigInt(total)),
    }));
    const extra = rest - sum(shares.map(({ whole }) => whole));
    const order = shares.sort((a, b) => b.remainder - a.remainder || b.N - a.N || compareBytes(a.key, b.key));
    for (const [index, { key, whole }] of order.entries()) {
      const share = Math.min(whole + (index < extra ? 1 : 0), room(key));
      given.set(key, (given.get(key) ?? 0) + share);
      rest -= share;
    }
  }
  return given;
}

/**
 * Splits a quota over strata as evenly as their sizes allow. What does not divide goes to the larger strata, then to
 * the smaller key in byte order.
 * @param n at most Σ sizes
 * @returns units for each stratum; sums to n
 */
export function allocateEqually(n: number, sizes: ReadonlyMap<string, number>): Map<string, number> {
  if (n > sum(sizes.values())) throw new RangeError(`cannot divide ${n} units over these strata`);
  const order = [...sizes].sort(([a, x], [b, y]) => y - x || compareBytes(a, b));
  const given = new Map(order.map(([key]) => [key, 0]));
  let rest = n;
  while (rest > 0) {
    const open = order.filter(([key, N]) => (given.get(key) ?? 0) < N);
    const each = Math.floor(rest / open.length);
    for (const [key, N] of open) {
      const had = given.get(key) ?? 0;
      const share = Math.min(Math.max(each, 1), N - had, rest);
      given.set(key, had + share);
      rest -= share;
    }
  }
  return given;
}

function wantedOf({ count, rate, min, max }: Amount, N: number): number {
  if (rate === undefined) return count ?? 0;
  return Math.min(max ?? Infinity, Math.max(min ?? 0, ceilOfShare(rate, N)));
}

function reserveOf({ reserve }: Amount, n: number, N: number): number {
  return Math.min(typeof reserve === "string" ? ceilOfShare(reserve, n) : reserve, N - n);
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
