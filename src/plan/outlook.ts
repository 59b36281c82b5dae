/** What a plan will draw from each block of the locked frame, known before any seed exists. */
import { type FrameUnit, openFrame } from "../frame/locked.ts";
import type { SourceClass } from "../reference/classes.ts";
import { isDivision } from "../reference/divisions.ts";
import type { Round } from "../round/round.ts";
import { exclusionColumns, exclusionTest, plannedBlocks, refuseMisfit } from "./against-frame.ts";
import { allocate } from "./allocate.ts";
import { planDigest } from "./plan.ts";
import { readPlan } from "./seal.ts";
import { divide } from "./strata.ts";

/** What a plan asks of one block, for `plan check` and the lists. */
export interface BlockOutlook {
  readonly city: string;
  readonly sourceClass: SourceClass;
  /** Strata within the block. */
  readonly strata: number;
  /** Where the quota draws by county: how many of its counties are none of the division table, empty ones included. */
  readonly unknownCounties: number;
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
    for (const { key, city, quota } of plannedBlocks(sealed, frame)) {
      const units = await frame.units(city, quota.class, exclusionColumns(sealed.plan, frame));
      const isExcluded = exclusionTest(sealed.plan, frame);
      const kept = units.filter((unit) => !isExcluded(unit));
      const strata = divide(key, quota, kept);
      const allocations = [...strata.values()].map(({ length }) => allocate(quota, length));
      const sum = (key: "n" | "reserve" | "shortfall") =>
        allocations.reduce((total, allocation) => total + allocation[key], 0);
      blocks.push({
        city,
        sourceClass: quota.class,
        strata: strata.size,
        unknownCounties: quota.by === undefined ? 0 : unknownCounties(kept),
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

function unknownCounties(units: readonly FrameUnit[]): number {
  const counties = new Set(units.map(({ county }) => county));
  return [...counties].filter((county) => !isDivision(county)).length;
}
