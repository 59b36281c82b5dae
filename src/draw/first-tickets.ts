/** Draws where the tickets alone say which units are drawn: of millions of units only the first by ticket are read. */
import type { LockedFrame, PartCount, TicketedUnit } from "../frame/locked.ts";
import { type PlannedBlock, quotaColumns } from "../plan/against-frame.ts";
import { type Allocation, allocateBlock } from "../plan/allocate.ts";
import type { Plan, Quota } from "../plan/plan.ts";
import { stratumKey } from "../plan/strata.ts";
import { drawStratum, type Lot } from "./draw.ts";
import type { DrawnStratum } from "./manifest.ts";

/** Whether a quota draws from all units of a block or of its strata alike, so that no unit has to be looked at. */
export function needsTicketsAlone({ method, exclude, areas }: Plan, { takeAll, size, only }: Quota): boolean {
  const isOfAllAlike = takeAll === undefined && size === undefined && only === undefined;
  return method === "ticket" && exclude.length === 0 && areas === undefined && isOfAllAlike;
}

/** Draws from these blocks by counts and first tickets; equal to a draw from all their units. */
export async function drawByFirstTickets(
  planned: readonly PlannedBlock[],
  frame: LockedFrame,
  lot: Lot,
  chance: number,
): Promise<DrawnStratum[]> {
  const columns = new Map<string | undefined, PlannedBlock[]>();
  for (const each of planned) {
    const column = quotaColumns(each.quota, frame.lock, undefined).divider?.column;
    columns.set(column, [...(columns.get(column) ?? []), each]);
  }
  const strata: DrawnStratum[] = [];
  for (const [column, blocks] of columns) strata.push(...(await drawByColumn(column, blocks, frame, lot, chance)));
  return strata;
}

/** A stratum: how many units it holds, how many are drawn, and the parts of the block that make it up. */
interface Counted {
  readonly key: string;
  readonly N: number;
  readonly allocation: Allocation;
  readonly parts: readonly PartCount[];
}

async function drawByColumn(
  column: string | undefined,
  planned: readonly PlannedBlock[],
  frame: LockedFrame,
  lot: Lot,
  chance: number,
): Promise<DrawnStratum[]> {
  const counts = column === undefined ? wholeBlocks(frame) : await frame.counts(column);
  const byBlock = new Map<string, PartCount[]>();
  for (const part of counts) byBlock.set(part.block, [...(byBlock.get(part.block) ?? []), part]);
  const strata = planned.flatMap((each) => countedStrata(each, byBlock.get(each.block) ?? [], frame));
  const found = await unitsOf(strata, column, frame, lot.seed, limitOf);
  const short = strata.filter((stratum) => (found.get(stratum.key) ?? []).length < takenOf(stratum));
  for (const [key, units] of await unitsOf(short, column, frame, lot.seed, () => NO_LIMIT)) found.set(key, units);
  return strata.map(({ key, N, allocation }) => drawStratum(key, N, found.get(key) ?? [], allocation, lot, chance));
}

function wholeBlocks({ lock }: LockedFrame): PartCount[] {
  return lock.blocks.map(({ key, count }) => ({ block: key, value: "", count }));
}

function countedStrata({ key, quota }: PlannedBlock, parts: readonly PartCount[], frame: LockedFrame): Counted[] {
  const { divider } = quotaColumns(quota, frame.lock, undefined);
  const members = new Map<string, PartCount[]>();
  for (const part of parts) {
    const stratum = stratumKey(key, divider, part.value);
    members.set(stratum, [...(members.get(stratum) ?? []), part]);
  }
  if (members.size === 0) members.set(key, []);
  const sizes = new Map(
    [...members].map(([stratum, own]) => [stratum, own.reduce((sum, { count }) => sum + count, 0)]),
  );
  return [...allocateBlock(quota, key, sizes)].map(([stratum, allocation]) => ({
    key: stratum,
    N: sizes.get(stratum) ?? 0,
    allocation,
    parts: members.get(stratum) ?? [],
  }));
}

async function unitsOf(
  strata: readonly Counted[],
  column: string | undefined,
  frame: LockedFrame,
  seed: string,
  limit: (stratum: Counted) => string,
): Promise<Map<string, TicketedUnit[]>> {
  const wanted = strata.filter((stratum) => takenOf(stratum) > 0);
  const found = new Map<string, TicketedUnit[]>(wanted.map(({ key }) => [key, []]));
  if (wanted.length === 0) return found;
  const stratumOf = new Map(
    wanted.flatMap(({ key, parts }) => parts.map(({ block, value }) => [`${block}\t${value}`, key] as const)),
  );
  const limits = wanted.flatMap((stratum) =>
    stratum.parts.map(({ block, value }) => ({ block, value, below: limit(stratum) })),
  );
  for (const unit of await frame.ticketsBelow(seed, column, limits)) {
    found.get(stratumOf.get(`${unit.block}\t${unit.value}`) ?? "")?.push(unit);
  }
  return found;
}

function takenOf({ allocation: { n, reserve } }: Counted): number {
  return n + reserve;
}

/** Comes after every ticket. */
const NO_LIMIT = "g";

/**
 * A limit below which enough tickets lie, all but surely: eight standard deviations, and some for small numbers, above the
 * number wanted. Where it fails all the stratum's units are read.
 */
function limitOf(stratum: Counted): string {
  const taken = takenOf(stratum);
  const share = (taken + 8 * Math.sqrt(taken) + 30) / stratum.N;
  if (share >= 1) return NO_LIMIT;
  return Math.floor(share * 2 ** 52)
    .toString(16)
    .padStart(13, "0");
}
