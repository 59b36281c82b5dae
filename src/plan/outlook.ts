/** What a plan will draw from each block of the locked frame, known before any seed exists. */
import { type FrameUnit, openFrame } from "../frame/locked.ts";
import type { SourceClass } from "../reference/classes.ts";
import type { Round } from "../round/round.ts";
import { exclusionColumns, exclusionTest, plannedBlocks, refuseMisfit } from "./against-frame.ts";
import { allocate } from "./allocate.ts";
import { planDigest, type Quota } from "./plan.ts";
import { readPlan } from "./seal.ts";

/** What a plan asks of one block, for `plan check` and the lists. */
export interface BlockOutlook {
  readonly city: string;
  readonly sourceClass: SourceClass;
  /** Strata within the block. */
  readonly strata: number;
  /** Units of the block, and how many of them the plan excludes. */
  readonly units: number;
  readonly excluded: number;
  readonly n: number;
  readonly reserve: number;
  readonly shortfall: number;
}

/**
 * What the plan will draw from each block, known before any seed exists.
 * @throws ChouqianError E-PLAN-FRAME
 */
export async function outlook(round: Round): Promise<{ digest: string; blocks: BlockOutlook[] }> {
  const sealed = readPlan(round);
  const frame = await openFrame(round);
  try {
    await refuseMisfit(sealed.plan, frame);
    const blocks: BlockOutlook[] = [];
    for (const { city, quota } of plannedBlocks(sealed, frame)) {
      const units = await frame.units(city, quota.class, exclusionColumns(sealed.plan, frame));
      const isExcluded = exclusionTest(sealed.plan, frame);
      const kept = units.filter((unit) => !isExcluded(unit));
      const sizes = strataSizes(kept, quota);
      const allocations = sizes.map((N) => allocate(quota, N));
      const sum = (key: "n" | "reserve" | "shortfall") =>
        allocations.reduce((total, allocation) => total + allocation[key], 0);
      blocks.push({
        city,
        sourceClass: quota.class,
        strata: sizes.length,
        units: units.length,
        excluded: units.length - kept.length,
        n: sum("n"),
        reserve: sum("reserve"),
        shortfall: sum("shortfall"),
      });
    }
    return { digest: planDigest(sealed), blocks };
  } finally {
    frame.close();
  }
}

function strataSizes(units: readonly FrameUnit[], quota: Quota): number[] {
  if (quota.by === undefined || units.length === 0) return [units.length];
  const sizes = new Map<string, number>();
  for (const { county } of units) sizes.set(county, (sizes.get(county) ?? 0) + 1);
  return [...sizes.values()];
}
