/**
 * Draws in proportion to size as SQL, equal to `draw/size.ts`. The units taken for certain are found without a loop: in
 * the order of falling size the j-th from the top (j = 0, 1, …) is one while (n − j)·xⱼ ≥ Σ over it and all smaller ones.
 */
import type { Size } from "../plan/quota.ts";
import { parseSize } from "../plan/unit-size.ts";
import type { Dialect } from "./sql-dialects.ts";

/** Size of a unit in whole millionths, NULL where it has none (`parseSize`, `sizeOf`). */
export function sizeOfUnit({ least }: Size, value: string, dialect: Dialect): string {
  const { matches, toWide, partAtStop, first, padded, types } = dialect;
  const plain = `replace(${value}, '+', '')`;
  const digits = `${partAtStop(plain, 1)} || ${padded(first(partAtStop(plain, 2), 6), 6)}`;
  const own = `CASE WHEN ${matches(value, "^[+]?[0-9]+([.][0-9]*)?$")} THEN ${toWide(digits)} END`;
  const zero = `CAST(0 AS ${types.wide})`;
  if (least === undefined) return `NULLIF(${own}, ${zero})`;
  return `greatest(COALESCE(${own}, ${zero}), CAST('${parseSize(String(least))}' AS ${types.wide}))`;
}

/** Adds to every unit the key by which it is ranked, and its chance. `by_size` is 1 for units of quotas by size. */
export function sizedQuery(bySize: readonly number[], dialect: Dialect): [string, string][] {
  const { inBytes, leadingDigits, types } = dialect;
  const wide = (value: string) => `CAST(${value} AS ${types.wide})`;
  const real = (value: string | number) => `CAST(${value} AS ${types.real})`;
  const falling = `PARTITION BY stratum ORDER BY size DESC, ${inBytes("id")}`;
  return [
    [
      "ordered",
      `  SELECT t.*, CASE WHEN sure = 0 AND quota IN (${bySize.join(", ")}) THEN 1 ELSE 0 END AS by_size,
    CAST(row_number() OVER (${falling}) AS ${types.whole}) - 1 AS above,
    sum(size) OVER (${falling} ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS below
  FROM tickets AS t`,
    ],
    [
      "cut",
      `  SELECT o.*, COALESCE(min(CASE WHEN above >= n OR ${wide("n - above")} * size < below THEN above END)
    OVER (PARTITION BY stratum), total) AS certain
  FROM ordered AS o`,
    ],
    [
      "weighed",
      `  SELECT c.*, max(CASE WHEN above = certain THEN below END) OVER (PARTITION BY stratum) AS weight
  FROM cut AS c`,
    ],
    [
      "keyed",
      `  SELECT w.*, CASE WHEN by_size = 1 AND above < certain THEN 1 ELSE 0 END AS is_certain,
    CASE WHEN by_size = 0 THEN ${real(0)} WHEN above < certain THEN ${real(-1)}
      ELSE ${real(`2 * ${leadingDigits("ticket")} + 1`)} / ${real("size")} END AS ranking_key,
    CASE WHEN by_size = 1 AND above >= certain THEN ${real("n - certain")} * ${real("size")} / ${real("weight")} END AS chance_by_size
  FROM weighed AS w`,
    ],
  ];
}
