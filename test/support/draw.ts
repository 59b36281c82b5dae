/** Draws from units made in a test, as from a block of a locked frame. */
import { drawPopulation } from "../../src/draw/draw.ts";
import type { DrawnStratum, Method } from "../../src/draw/manifest.ts";
import type { FrameLock } from "../../src/frame/lock-record.ts";
import type { FrameUnit } from "../../src/frame/locked.ts";
import { populationOf } from "../../src/plan/population.ts";
import { Quota } from "../../src/plan/quota.ts";

/** A lock whose columns are those of a frame and any others named. */
export function lockOf(...others: readonly string[]): FrameLock {
  const core = ["id", "class", "city", "county", "name"].map((name) => ({ name, field: name }));
  return { columns: [...core, ...others.map((name) => ({ name, field: null }))] } as unknown as FrameLock;
}

type TestUnit = { readonly id: string; readonly [column: string]: string };

/** Draws one block by a quota, whose class is the block's. */
export function drawBlock(
  block: string,
  units: readonly TestUnit[],
  quota: Omit<Quota, "class"> & { readonly class?: string },
  method: Method,
  seed: string,
): DrawnStratum[] {
  const full = Quota.parse({ ...quota, class: block.split("/")[1] });
  const columns = units.flatMap((unit) => Object.keys(unit));
  const members = units as unknown as readonly FrameUnit[];
  const population = populationOf(block, full, members, lockOf(...new Set(columns)), undefined);
  return drawPopulation(population, full, { method, seed });
}
