/** The draw: a pure function of frame, plan and seed (draw-spec). */
import { type Allocation, allocate, allocateBlock } from "../plan/allocate.ts";
import type { Quota } from "../plan/plan.ts";
import { type Population, type Stratum, sizeOf } from "../plan/population.ts";
import { compareBytes } from "../text/canonical.ts";
import type { DrawnStratum, DrawnUnit, Method, Role } from "./manifest.ts";
import { rank, ticketOf } from "./rank.ts";
import { rankBySize } from "./size.ts";

/** What the draw needs to know of a unit. */
export interface DrawableUnit {
  readonly id: string;
  readonly name: string;
}

/** How units are ranked, and by which seed (64 hex digits). */
export interface Lot {
  readonly method: Method;
  readonly seed: string;
}

/**
 * Draws from one population: its strata, each with sample and reserves, and the units taken for certain.
 * @param chance chance of the population's city to be inspected at all
 * @param areaChance chance of the area of each stratum, where areas are drawn first
 * @returns strata sorted by key in byte order
 */
export function drawPopulation(
  population: Population,
  quota: Quota,
  lot: Lot,
  chance = 1,
  areaChance = 1,
): DrawnStratum[] {
  const { certain, strata, sizes, key } = population;
  const allocations = allocateBlock(quota, key, sizes);
  const missing = sizes.has(key) ? undefined : allocations.get(key);
  const drawn = strata.map((stratum) => {
    const allocation = allocations.get(stratum.key) ?? allocate(quota, 0);
    return quota.size === undefined
      ? drawStratum(stratum.key, stratum.units.length, stratum.units, allocation, lot, chance * areaChance)
      : drawBySize(stratum, allocation, population, quota, lot, chance * areaChance);
  });
  if (missing !== undefined) {
    const { shortfall } = missing;
    const sizeTotal = quota.size === undefined ? {} : { sizeTotal: "0" };
    drawn.push({ key, N: 0, n: 0, reserve: 0, shortfall, ...sizeTotal, units: [] });
  }
  if (certain !== undefined) drawn.push(takeAll(certain.key, certain.units, lot, chance));
  return drawn.sort((a, b) => compareBytes(a.key, b.key));
}

/**
 * Draws one stratum, each unit with the same chance.
 * @param N how many units the stratum holds
 * @param units all of them; under method `ticket` those first by ticket are enough, if they are as many as are drawn
 * @param chance chance of the stratum itself
 */
export function drawStratum(
  key: string,
  N: number,
  units: readonly DrawableUnit[],
  { n, reserve, shortfall }: Allocation,
  { method, seed }: Lot,
  chance = 1,
): DrawnStratum {
  if (units.length < n + reserve) throw new RangeError(`${key}: ${units.length} units to draw ${n + reserve} from`);
  const names = new Map(units.map(({ id, name }) => [id, name]));
  const ranked = rank(method, [...names.keys()], n + reserve, seed, key);
  return {
    key,
    N,
    n,
    reserve,
    shortfall,
    units: ranked.map(({ id, ticket }, index) => ({
      id,
      name: names.get(id) ?? "",
      rank: index + 1,
      role: roleOf(index, n),
      ticket,
      inclusionProbability: (n / N) * chance,
    })),
  };
}

function drawBySize(
  { key, units, withoutSize }: Stratum,
  { n, reserve, shortfall }: Allocation,
  { column }: Population,
  quota: Quota,
  { seed }: Lot,
  chance: number,
): DrawnStratum {
  const byId = new Map(units.map((unit) => [unit.id, unit]));
  const sized = units.map((unit) => ({
    id: unit.id,
    ticket: ticketOf(seed, unit.id),
    size: sizeOf(unit, quota, column) ?? 0n,
  }));
  const { ranked, certain, probability } = rankBySize(sized, n);
  return {
    key,
    N: units.length,
    n,
    reserve,
    shortfall,
    ...(withoutSize > 0 ? { withoutSize } : {}),
    sizeTotal: decimalOf(sized.reduce((sum, { size }) => sum + size, 0n)),
    units: ranked.slice(0, n + reserve).map((unit, index): DrawnUnit => {
      const isCertain = index < certain;
      return {
        id: unit.id,
        name: byId.get(unit.id)?.name ?? "",
        rank: index + 1,
        role: isCertain ? "certainty" : roleOf(index, n),
        ticket: unit.ticket,
        size: decimalOf(unit.size),
        inclusionProbability: probability(unit) * chance,
      };
    }),
  };
}

/** Units that the plan takes for certain: a stratum of its own, all of it drawn. */
function takeAll(key: string, units: readonly DrawableUnit[], lot: Lot, chance: number): DrawnStratum {
  const all = { n: units.length, reserve: 0, shortfall: 0 };
  const stratum = drawStratum(key, units.length, units, all, lot, chance);
  return { ...stratum, units: stratum.units.map((unit) => ({ ...unit, role: "certainty" })) };
}

function roleOf(index: number, n: number): Role {
  return index < n ? "primary" : "reserve";
}

/** Millionths as a plain decimal: 1500000 → `1.5`. */
function decimalOf(millionths: bigint): string {
  const digits = String(millionths).padStart(7, "0");
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`.replace(/\.?0+$/, "");
}
