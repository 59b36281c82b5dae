/** How further sources are spread over strata. Pure. */
import type { CurrentStratum } from "../draw/replacement.ts";

/** What a follow-up draws in one stratum. */
export interface Share {
  readonly stratum: string;
  readonly N: number;
  /** Units of its ranking that were reached so far. */
  readonly reached: number;
  readonly further: number;
  /** Of these, reserves of the manifest that are not in use. */
  readonly reserves: number;
}

/** A stratum that further sources may come from. */
export interface Open {
  readonly stratum: CurrentStratum;
  /** It gets further sources in proportion to this. */
  readonly weight: number;
  /** What one of its sources is expected to bring of what is wanted. */
  readonly each: number;
}

/**
 * Spreads further sources in proportion to the weights, by highest averages (Webster 1832), none beyond its stratum's end: a
 * stratum that gives out leaves its part to the others. Ends when what is wanted is to be expected.
 */
export function spread(strata: readonly Open[], wanted: number): Share[] {
  const open = strata.map((each) => ({ ...each, left: each.stratum.N - each.stratum.reached, further: 0 }));
  const average = ({ weight, further }: (typeof open)[number]) => weight / (2 * further + 1);
  for (let expected = 0; expected < wanted - ROUNDING; ) {
    let next: (typeof open)[number] | undefined;
    for (const each of open) {
      if (each.further === each.left) continue;
      if (next === undefined || average(each) > average(next)) next = each;
    }
    if (next === undefined) break;
    next.further++;
    expected += next.each;
  }
  return open
    .filter(({ further }) => further > 0)
    .map(({ stratum, further }) => {
      const { key, N, n, reserve, reached } = stratum;
      return { stratum: key, N, reached, further, reserves: Math.min(further, Math.max(0, n + reserve - reached)) };
    });
}

/** Sums of shares of sources are rounded. */
const ROUNDING = 1e-9;
