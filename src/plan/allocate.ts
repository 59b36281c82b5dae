/** How many units a quota draws from a stratum. Pure. */
import type { Quota } from "./plan.ts";

export interface Allocation {
  /** Units drawn. */
  readonly n: number;
  /** Reserves drawn after them. */
  readonly reserve: number;
  /** Units asked for beyond what the stratum holds. */
  readonly shortfall: number;
}

/**
 * Allocation to one stratum of N units: the quota's count, or n = max(min, ⌈rate·N⌉) (draw-spec, "Allocation").
 * Never more than the stratum holds; what it lacks is the shortfall. An empty stratum drawn by rate lacks only `min`.
 */
export function allocate(quota: Quota, N: number): Allocation {
  const wanted = quota.rate === undefined ? (quota.count ?? 0) : Math.max(quota.min ?? 0, ceilOfShare(quota.rate, N));
  const n = Math.min(wanted, N);
  return { n, reserve: Math.min(quota.reserve, N - n), shortfall: wanted - n };
}

/** ⌈share·N⌉ in whole-number arithmetic: in floating point ⌈0.07·100⌉ would be 8. */
export function ceilOfShare(share: string, N: number): number {
  const [whole = "0", fraction = ""] = share.split(".");
  const denominator = 10n ** BigInt(fraction.length);
  const product = BigInt(whole + fraction) * BigInt(N);
  return Number((product + denominator - 1n) / denominator);
}
