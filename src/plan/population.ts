/** The units that a quota draws from, by stratum, with those taken for certain apart. Pure. */
import type { FrameLock } from "../frame/lock-record.ts";
import type { FrameUnit } from "../frame/locked.ts";
import { type QuotaColumns, quotaColumns } from "./against-frame.ts";
import type { Areas, Quota } from "./plan.ts";
import { divide, populationKey, TAKE_ALL } from "./strata.ts";
import { parseSize } from "./unit-size.ts";

export interface Stratum {
  readonly key: string;
  /** Units that may be drawn. */
  readonly units: readonly FrameUnit[];
  /** Units without a size, which cannot be drawn in proportion to it. */
  readonly withoutSize: number;
}

export interface Population {
  readonly key: string;
  /** Units taken for certain; undefined where there are none. */
  readonly certain: { readonly key: string; readonly units: readonly FrameUnit[] } | undefined;
  readonly strata: readonly Stratum[];
  /** Units that may be drawn, by stratum. */
  readonly sizes: ReadonlyMap<string, number>;
  readonly column: QuotaColumns;
}

/**
 * A quota's population in one block.
 * @param units the block's units, exclusions taken off, with the columns that the plan looks at
 * @param areas first stage of a draw in two stages: each area is a stratum
 */
export function populationOf(
  block: string,
  quota: Quota,
  units: readonly FrameUnit[],
  lock: FrameLock,
  areas: Areas | undefined,
): Population {
  const column = quotaColumns(quota, lock, areas?.column);
  const key = populationKey(block, quota);
  const own = units.filter(column.isOf);
  const certain = own.filter(column.isTakenForCertain);
  const others = own.filter((unit) => !column.isTakenForCertain(unit));
  const strata = [...divide(key, column.divider, others)].map(([stratum, members]) => {
    const drawable = members.filter((unit) => sizeOf(unit, quota, column) !== undefined);
    return { key: stratum, units: drawable, withoutSize: members.length - drawable.length };
  });
  return {
    key,
    certain: certain.length === 0 ? undefined : { key: `${key}/${TAKE_ALL}`, units: certain },
    strata,
    sizes: new Map(strata.map((stratum) => [stratum.key, stratum.units.length])),
    column,
  };
}

/**
 * Size of a unit in millionths, at least the quota's `least`; 1 where the draw does not go by size, undefined where the
 * unit has none.
 */
export function sizeOf(unit: FrameUnit, { size }: Quota, column: QuotaColumns): bigint | undefined {
  if (size === undefined) return 1n;
  const own = parseSize(unit[column.size ?? ""] ?? "");
  const least = size.least === undefined ? undefined : parseSize(String(size.least));
  if (least === undefined || (own !== undefined && own >= least)) return own;
  return least;
}
