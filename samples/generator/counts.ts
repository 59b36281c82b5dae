/** How many units of each class each city of the sample holds. */
import { SOURCE_CLASSES, type SourceClass } from "../../src/reference/classes.ts";
import { SAMPLE_CITIES } from "./tables.ts";

/**
 * The nation's units by class: 2,477,400 industrial, 378,800 livestock, 639,500 domestic, 84,000 centralized.
 * Published figures count oil depots and filling stations among the domestic; 100,000 of those are taken as mobile here.
 */
const NATION = [2_477_400, 378_800, 539_500, 84_000, 100_000] as const;

/** Least numbers in each city for a ledger of `FULL` rows or more: quotas of 50, 10, 5, 1 and 1 with reserves. */
const LEAST = [60, 14, 8, 3, 3] as const;
const FULL = 12_000;

export type CityCounts = Readonly<Record<SourceClass, number>>;

/**
 * Divides `rows` over cities and classes: the least numbers first (less of them below 12,000 rows), and the rest by
 * largest remainder in proportion to the nation's classes and each city's size. The order of equal remainders is that
 * of cities and classes.
 * @returns counts by city code; they sum to `rows`
 */
export function unitCounts(rows: number): ReadonlyMap<string, CityCounts> {
  const least = LEAST.map((count) => Math.floor((count * Math.min(rows, FULL)) / FULL));
  const rest = rows - SAMPLE_CITIES.length * least.reduce((sum, count) => sum + count, 0);
  const weights = SAMPLE_CITIES.flatMap((city) => city.sizes.map((size, i) => (size * nation(i)) / provinceSize(i)));
  const shares = largestRemainder(rest, weights);
  return new Map(
    SAMPLE_CITIES.map((city, c) => [
      city.code,
      Object.fromEntries(
        SOURCE_CLASSES.map((sourceClass, i) => [
          sourceClass,
          (least[i] ?? 0) + (shares[c * SOURCE_CLASSES.length + i] ?? 0),
        ]),
      ) as CityCounts,
    ]),
  );
}

function nation(i: number): number {
  return NATION[i] ?? 0;
}

function provinceSize(i: number): number {
  return SAMPLE_CITIES.reduce((sum, city) => sum + (city.sizes[i] ?? 0), 0);
}

function largestRemainder(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  const exact = weights.map((weight) => (total * weight) / sum);
  const shares = exact.map(Math.floor);
  const left = total - shares.reduce((a, b) => a + b, 0);
  const byRemainder = exact.map((share, i) => [share - Math.floor(share), i] as const).sort((a, b) => b[0] - a[0]);
  for (const [, i] of byRemainder.slice(0, left)) shares[i] = (shares[i] ?? 0) + 1;
  return shares;
}
