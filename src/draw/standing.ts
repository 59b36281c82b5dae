/** Where one unit stands in a draw: its ticket, rank and threshold, or why it could not be drawn. Writes nothing. */
import type { FrameUnit, LockedFrame } from "../frame/locked.ts";
import { columnNamed, exclusionTest, plannedBlocks, plannedCities } from "../plan/against-frame.ts";
import { allocate, allocateBlock } from "../plan/allocate.ts";
import type { Quota, SealedPlan } from "../plan/plan.ts";
import { type Population, type Stratum, sizeOf } from "../plan/population.ts";
import { partOf } from "../plan/strata.ts";
import { deriveSeed, type SeedPart } from "../seed/derive.ts";
import { compareBytes } from "../text/canonical.ts";
import { areasOf, drawnCities, populationsOf, within } from "./compute.ts";
import type { AreaDraw, CityDraw, Method, Role } from "./manifest.ts";
import { rank, ticketOf } from "./rank.ts";
import { rankBySize } from "./size.ts";
import { AREA_STAGE, CITY_STAGE, drawAreas, drawCities } from "./stages.ts";

/** A unit's place in the ranking of its stratum. */
export interface RankedStanding {
  readonly kind: "ranked";
  readonly stratum: string;
  readonly N: number;
  readonly n: number;
  readonly reserve: number;
  readonly method: Method;
  readonly seed: string;
  /** 1 for the first of all N. */
  readonly rank: number;
  readonly role: Role | "not-drawn";
  /** Under method `ticket`. */
  readonly ticket: string | null;
  /** Ticket of the last unit of the sample, where one is drawn. */
  readonly lastTicket: string | null;
  /** Place of the id among the stratum's ids in byte order, from 1: where it stands before a shuffle. */
  readonly place: number;
  readonly bySize: SizeStanding | undefined;
}

/** In a draw in proportion to size: u = (first 13 hex digits of the ticket + ½)/2⁵², λ, and u/λ against the last drawn. */
export interface SizeStanding {
  readonly size: number;
  readonly u: number;
  readonly lambda: number;
  readonly ratio: number;
  readonly lastRatio: number | undefined;
}

export type Standing =
  | { readonly kind: "not-in-frame"; readonly excludedAt: readonly ExcludedPlace[] }
  | { readonly kind: "city-not-planned" }
  | { readonly kind: "city-not-drawn"; readonly draw: CityDraw }
  | { readonly kind: "class-not-planned" }
  | { readonly kind: "excluded"; readonly reason: string }
  | { readonly kind: "in-no-population" }
  | { readonly kind: "without-size"; readonly column: string }
  | { readonly kind: "area-not-drawn"; readonly area: string; readonly draw: AreaDraw }
  | { readonly kind: "taken-for-certain"; readonly stratum: string; readonly N: number }
  | RankedStanding;

/** A row with this id that was kept out of the frame. */
export interface ExcludedPlace {
  readonly file: string;
  readonly row: number;
  readonly codes: readonly string[];
}

/** A unit, where it is in the frame, and its standing. */
export interface UnitStanding {
  readonly unit: FrameUnit | undefined;
  readonly standing: Standing;
}

/** Works out the standing of one unit from frame, plan and seed, without the manifest. */
export async function standingOf(
  drawId: string,
  frame: LockedFrame,
  sealed: SealedPlan,
  contributions: readonly SeedPart[],
  id: string,
): Promise<UnitStanding> {
  const [unit] = await frame.unitsById([id]);
  const excludedAt = frame.lock.excluded
    .filter((row) => row.id === id)
    .map(({ file, row, codes }) => ({ file, row, codes }));
  if (unit === undefined) return { unit, standing: { kind: "not-in-frame", excludedAt } };
  return { unit, standing: await standingInPlan(drawId, frame, sealed, contributions, unit) };
}

async function standingInPlan(
  drawId: string,
  frame: LockedFrame,
  sealed: SealedPlan,
  contributions: readonly SeedPart[],
  unit: FrameUnit,
): Promise<Standing> {
  const { plan } = sealed;
  const { method } = plan;
  const seedOf = (stage?: string) => deriveSeed(stage === undefined ? drawId : `${drawId}/${stage}`, contributions);
  const candidates = plannedCities(sealed, frame);
  if (!candidates.includes(unit.city)) return { kind: "city-not-planned" };
  if (plan.cities?.random !== undefined) {
    const draw = drawCities(candidates, plan.cities.random, { method, seed: seedOf(CITY_STAGE) });
    if (!drawnCities(candidates, draw).includes(unit.city)) return { kind: "city-not-drawn", draw };
  }
  const planned = plannedBlocks(sealed, [unit.city]);
  if (!planned.some(({ quota }) => quota.class === unit.class)) return { kind: "class-not-planned" };
  const reason = plan.exclude.find((exclusion) =>
    exclusionTest({ ...plan, exclude: [exclusion] }, frame)(unit),
  )?.reason;
  if (reason !== undefined) return { kind: "excluded", reason };
  // The areas of a city are those of all its classes; without areas the unit's own class is enough.
  const looked = plan.areas === undefined ? planned.filter(({ quota }) => quota.class === unit.class) : planned;
  const populations = await populationsOf(looked, plan, frame);
  const own = populations.find(({ quota, population }) => quota.class === unit.class && population.column.isOf(unit));
  if (own === undefined) return { kind: "in-no-population" };
  const { population, quota } = own;
  if (population.certain?.units.some(({ id }) => id === unit.id) === true) {
    return { kind: "taken-for-certain", stratum: population.certain.key, N: population.certain.units.length };
  }
  if (sizeOf(unit, quota, population.column) === undefined) {
    return { kind: "without-size", column: quota.size?.column ?? "" };
  }
  let open = population;
  if (plan.areas !== undefined) {
    const lot = { method, seed: seedOf(AREA_STAGE) };
    const draw = drawAreas(unit.city, areasOf(populations, plan, frame), plan.areas.count, lot);
    const column = columnNamed(frame.lock, plan.areas.column) ?? "";
    const area = partOf({ column }, unit[column] ?? "");
    if (!draw.areas.some((drawn) => drawn.area === area)) return { kind: "area-not-drawn", area, draw };
    open = within(population, draw);
  }
  const stratum = open.strata.find(({ units }) => units.some(({ id }) => id === unit.id));
  if (stratum === undefined) return { kind: "in-no-population" };
  return rankedStanding(unit.id, stratum, open, quota, { method, seed: seedOf() });
}

function rankedStanding(
  id: string,
  stratum: Stratum,
  population: Population,
  quota: Quota,
  { method, seed }: { readonly method: Method; readonly seed: string },
): RankedStanding {
  const { n, reserve } = allocateBlock(quota, population.key, population.sizes).get(stratum.key) ?? allocate(quota, 0);
  const ids = stratum.units.map((each) => each.id).sort(compareBytes);
  const N = ids.length;
  const common = {
    kind: "ranked",
    stratum: stratum.key,
    N,
    n,
    reserve,
    method,
    seed,
    place: ids.indexOf(id) + 1,
  } as const;
  if (quota.size === undefined) {
    const ranked = rank(method, ids, N, seed, stratum.key);
    const at = ranked.findIndex((each) => each.id === id);
    const [ticket = null, lastTicket = null] = [ranked[at]?.ticket, ranked[n - 1]?.ticket];
    return { ...common, rank: at + 1, role: roleAt(at, n, reserve), ticket, lastTicket, bySize: undefined };
  }
  const sized = stratum.units.map((each) => ({
    id: each.id,
    ticket: ticketOf(seed, each.id),
    size: sizeOf(each, quota, population.column) ?? 0n,
  }));
  const { ranked, certain, probability } = rankBySize(sized, n);
  const at = ranked.findIndex((each) => each.id === id);
  const ratioOf = (unit: (typeof sized)[number] | undefined) =>
    unit === undefined ? undefined : uniformOf(unit.ticket) / probability(unit);
  const mine = ranked[at] as (typeof sized)[number];
  return {
    ...common,
    rank: at + 1,
    role: at < certain ? "certainty" : roleAt(at, n, reserve),
    ticket: mine.ticket,
    lastTicket: ranked[n - 1]?.ticket ?? null,
    bySize: {
      size: Number(mine.size) / 1e6,
      u: uniformOf(mine.ticket),
      lambda: probability(mine),
      ratio: ratioOf(mine) ?? 0,
      lastRatio: n > certain ? ratioOf(ranked[n - 1]) : undefined,
    },
  };
}

function roleAt(index: number, n: number, reserve: number): RankedStanding["role"] {
  if (index < n) return "primary";
  return index < n + reserve ? "reserve" : "not-drawn";
}

/** u = (k + ½)/2⁵², with k the first 13 hex digits of a ticket. */
function uniformOf(ticket: string): number {
  return (Number.parseInt(ticket.slice(0, 13), 16) + 0.5) / 2 ** 52;
}
