/** What a plan will draw from each block of the locked frame, and what such a sample can show, before any seed exists. */
import { type FrameUnit, type LockedFrame, openFrame } from "../frame/locked.ts";
import type { SourceClass } from "../reference/classes.ts";
import { isDivision } from "../reference/divisions.ts";
import type { Round } from "../round/round.ts";
import { detectableOf, lowerCount, type SampledStratum, upperCount } from "../statistics/hypergeometric.ts";
import { columnNamed, columnsUsed, exclusionTest, plannedBlocks, plannedCities } from "./against-frame.ts";
import { type Allocation, allocateBlock } from "./allocate.ts";
import { refuseMisfit } from "./misfit.ts";
import { type Plan, planDigest, type SealedPlan } from "./plan.ts";
import { type Population, populationOf } from "./population.ts";
import { readPlan } from "./seal.ts";
import { floorOfShare } from "./share.ts";

const ALPHA = 0.05;

/** What a plan asks of one block, or of one population of it. */
export interface BlockOutlook {
  readonly city: string;
  readonly sourceClass: SourceClass;
  /** Where the class has several populations, this one's name. */
  readonly population: string | undefined;
  /** Strata within the block. */
  readonly strata: number;
  /** Where the quota draws by county: how many of its counties are none of the division table, empty ones included. */
  readonly unknownCounties: number;
  /** Units of the block, and how many of them the plan excludes. */
  readonly units: number;
  readonly excluded: number;
  /** Units taken for certain, beside the random sample. */
  readonly certain: number;
  /** Units that cannot be drawn for want of a size. */
  readonly withoutSize: number;
  readonly n: number;
  readonly reserve: number;
  readonly shortfall: number;
  /** In two stages: areas of the city, areas drawn, and the fewest and most units that may be drawn. */
  readonly areas: { readonly N: number; readonly n: number; readonly least: number; readonly most: number } | undefined;
  readonly shows: SampleShows | undefined;
}

/** What a sample of one block can show of the share of units in error; bounds with 95% confidence. */
export interface SampleShows {
  /** Smallest share of units in error of which the sample would find one; undefined where none is found so surely. */
  readonly detectable: number | undefined;
  /** Bounds on the share of units in error, if the expected rate is found in the sample. */
  readonly expected: { readonly found: number; readonly lower: number; readonly upper: number };
}

export interface PlanOutlook {
  readonly sealed: SealedPlan;
  readonly digest: string;
  readonly blocks: readonly BlockOutlook[];
}

/**
 * What the plan will draw from each block, known before any seed exists. Where cities are drawn by lot, every city that
 * may be drawn; in two stages n is what is drawn on average, rounded.
 * @param expectedRate share of units in error that is expected, an exact decimal
 * @throws ChouqianError E-PLAN-FRAME
 */
export async function outlook(round: Round, expectedRate: string): Promise<PlanOutlook> {
  const sealed = await readPlan(round);
  const frame = await openFrame(round);
  try {
    await refuseMisfit(sealed, frame);
    const blocks: BlockOutlook[] = [];
    for (const city of plannedCities(sealed, frame))
      blocks.push(...(await outlookOfCity(sealed, frame, city, expectedRate)));
    return { sealed, digest: planDigest(sealed), blocks };
  } finally {
    frame.close();
  }
}

async function outlookOfCity(
  sealed: SealedPlan,
  frame: LockedFrame,
  city: string,
  expectedRate: string,
): Promise<BlockOutlook[]> {
  const { plan } = sealed;
  const isExcluded = exclusionTest(plan, frame);
  const columns = columnsUsed(plan, frame);
  const populations = [];
  for (const { block, quota } of plannedBlocks(sealed, [city])) {
    const units = await frame.units(city, quota.class, columns);
    const kept = units.filter((unit) => !isExcluded(unit));
    populations.push({ quota, units, kept, population: populationOf(block, quota, kept, frame.lock, plan.areas) });
  }
  const allAreas = areasIn(
    populations.map(({ population }) => population),
    plan,
    frame,
  );
  return populations.map(({ quota, units, kept, population }): BlockOutlook => {
    const { strata, sizes, certain, column } = population;
    const ofPopulation = units.filter(column.isOf);
    const allocations = allocateBlock(quota, population.key, sizes);
    const twoStage = plan.areas && { N: allAreas.size, n: Math.min(plan.areas.count, allAreas.size) };
    const sampled = strata.map(({ key, units: members }) => ({ N: members.length, n: allocations.get(key)?.n ?? 0 }));
    const areas = twoStage && { ...twoStage, ...extremes(sampled, allAreas.size, twoStage.n) };
    const sum = (key: keyof Allocation) =>
      Math.round([...allocations.values()].reduce((total, each) => total + each[key], 0) * share(areas));
    return {
      city,
      sourceClass: quota.class,
      population: quota.population,
      strata: strata.length,
      unknownCounties: quota.by === undefined ? 0 : unknownCounties(kept),
      units: ofPopulation.length,
      excluded: ofPopulation.length - kept.filter(column.isOf).length,
      certain: certain?.units.length ?? 0,
      withoutSize: strata.reduce((total, stratum) => total + stratum.withoutSize, 0),
      n: sum("n"),
      reserve: sum("reserve"),
      shortfall: sum("shortfall"),
      areas,
      shows: areas === undefined && quota.size === undefined ? whatItShows(sampled, expectedRate) : undefined,
    };
  });
}

function share(areas: { readonly N: number; readonly n: number } | undefined): number {
  return areas === undefined || areas.N === 0 ? 1 : areas.n / areas.N;
}

/** Fewest and most units of a class that n of N areas may give; areas without units of the class give none. */
function extremes(sampled: readonly SampledStratum[], N: number, n: number): { least: number; most: number } {
  const counts = [...sampled.map((stratum) => stratum.n), ...Array<number>(Math.max(0, N - sampled.length)).fill(0)];
  const total = (some: readonly number[]) => some.slice(0, n).reduce((sum, count) => sum + count, 0);
  const ascending = counts.sort((a, b) => a - b);
  return { least: total(ascending), most: total([...ascending].reverse()) };
}

function areasIn(populations: readonly Population[], plan: Plan, { lock }: LockedFrame): ReadonlySet<string> {
  const column = columnNamed(lock, plan.areas?.column ?? "") ?? "";
  const drawable = populations.flatMap(({ strata }) => strata.flatMap(({ units }) => units));
  return new Set(plan.areas === undefined ? [] : drawable.map((unit) => unit[column] ?? ""));
}

/** Bounds for the expected rate treat the block as one stratum; the smallest share found is exact for its strata. */
function whatItShows(strata: readonly SampledStratum[], expectedRate: string): SampleShows | undefined {
  const [N, n] = [strata.reduce((sum, each) => sum + each.N, 0), strata.reduce((sum, each) => sum + each.n, 0)];
  if (n === 0) return undefined;
  const detectable = detectableOf(strata, ALPHA);
  const found = Math.floor((floorOfShare(expectedRate, 2 * n) + 1) / 2);
  return {
    detectable: detectable === undefined ? undefined : detectable / N,
    expected: {
      found,
      lower: lowerCount(N, n, found, ALPHA / 2) / N,
      upper: upperCount(N, n, found, ALPHA / 2) / N,
    },
  };
}

function unknownCounties(units: readonly FrameUnit[]): number {
  const counties = new Set(units.map(({ county }) => county));
  return [...counties].filter((county) => !isDivision(county)).length;
}
