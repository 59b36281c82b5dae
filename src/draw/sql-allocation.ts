/** The plan's numbers as SQL, equal to `plan/allocate.ts`: whole-number arithmetic over the counts of strata. Pure. */
import type { Quota } from "../plan/plan.ts";
import type { Dialect } from "./sql-dialects.ts";

type Amount = { readonly [part in "count" | "rate" | "min" | "max"]?: number | string | undefined };

/** What a quota asks for of N units: its count, or min(max, max(min, ⌈rate·N⌉)). */
export function wantedUnits({ count, rate, min = 0, max }: Amount, N: string, { quotient, types }: Dialect): string {
  const whole = (value: number | string) => `CAST(${value} AS ${types.whole})`;
  if (rate === undefined) return whole(count ?? 0);
  const [units = "0", decimals = ""] = String(rate).split(".");
  const denominator = `1${"0".repeat(decimals.length)}`;
  const share = quotient(`${Number(units + decimals)} * ${N} + ${denominator} - 1`, denominator);
  const least = `greatest(${whole(min)}, ${share})`;
  return max === undefined ? least : `least(${whole(max)}, ${least})`;
}

/** Never more than there is. */
export function within(wanted: string, most: string, { types }: Dialect): string {
  return `least(${wanted}, CAST(${most} AS ${types.whole}))`;
}

/** Where a quota is spread over strata: how many each gets (`allocateProportionally`, `allocateEqually`). */
export function sharesQuery(quota: Quota, index: number, dialect: Dialect): [string, string][] {
  if (quota.spread === undefined) return [];
  const rule = quota.spread.rule === "equal" ? equalShares : proportionalShares;
  const whole = (value: string) => `CAST(${value} AS ${dialect.types.whole})`;
  const counted = `SELECT s.*, ${whole("sum(total) OVER (PARTITION BY population)")} AS everyone
      FROM sizes AS s WHERE quota = ${index} AND sure = 0`;
  const asked = `SELECT c.*, ${within(wantedUnits(quota, "everyone", dialect), "everyone", dialect)} AS asked
    FROM (${counted}) AS c`;
  return [[`shares_${index}`, rule(asked, dialect)]];
}

/**
 * Largest remainders. A share rounded up is never more than its stratum holds: asked ≤ everyone, and only a share that
 * is no whole number is rounded up; so one round is enough.
 */
function proportionalShares(asked: string, { quotient, inBytes, types }: Dialect): string {
  const whole = (value: string) => `CAST(${value} AS ${types.whole})`;
  return `  SELECT quota, stratum, sure, total, part + CASE WHEN place <= extra THEN 1 ELSE 0 END AS shared
  FROM (SELECT r.*, asked - ${whole("sum(part) OVER (PARTITION BY population)")} AS extra,
    ${whole(`row_number() OVER (PARTITION BY population ORDER BY remainder DESC, total DESC, ${inBytes("stratum")})`)} AS place
  FROM (SELECT w.*, asked * total - everyone * part AS remainder
  FROM (SELECT a.*, ${quotient("asked * total", "everyone")} AS part
  FROM (${asked}) AS a) AS w) AS r) AS p`;
}

/**
 * Even shares: the highest level L with Σ min(total, L) ≤ asked, and one more for the first of those above it. With the
 * strata in rising order, Σ min(total, L) is the least over j of (the j − 1 smallest + (k − j + 1)·L), so that L is the
 * greatest of the quotients (asked − the j − 1 smallest)/(k − j + 1).
 */
function equalShares(asked: string, { quotient, inBytes, types }: Dialect): string {
  const whole = (value: string) => `CAST(${value} AS ${types.whole})`;
  const rising = `PARTITION BY population ORDER BY total, ${inBytes("stratum")}`;
  return `  SELECT quota, stratum, sure, total, base + CASE WHEN total > level AND place <= extra THEN 1 ELSE 0 END AS shared
  FROM (SELECT b.*, asked - ${whole("sum(base) OVER (PARTITION BY population)")} AS extra,
    ${whole(`row_number() OVER (PARTITION BY population ORDER BY CASE WHEN total > level THEN 0 ELSE 1 END, total DESC, ${inBytes("stratum")})`)} AS place
  FROM (SELECT l.*, least(total, level) AS base
  FROM (SELECT o.*, ${whole(`max(CASE WHEN asked >= smaller THEN ${quotient("asked - smaller", "larger")} ELSE 0 END) OVER (PARTITION BY population)`)} AS level
  FROM (SELECT a.*, ${whole(`sum(total) OVER (${rising} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)`)} - total AS smaller,
    ${whole("count(*) OVER (PARTITION BY population)")} - ${whole(`row_number() OVER (${rising})`)} + 1 AS larger
  FROM (${asked}) AS a) AS o) AS l) AS b) AS p`;
}
