/** Computes a round's manifest from its locked frame, its plan and its seed. Writes nothing; `verify` uses it too. */
import type { LockedFrame } from "../frame/locked.ts";
import {
  columnNamed,
  columnsUsed,
  exclusionTest,
  type PlannedBlock,
  plannedBlocks,
  plannedCities,
} from "../plan/against-frame.ts";
import { type Plan, planDigest, type Quota, type SealedPlan } from "../plan/plan.ts";
import { type Population, populationOf } from "../plan/population.ts";
import { partOf } from "../plan/strata.ts";
import { deriveSeed } from "../seed/derive.ts";
import { compareBytes } from "../text/canonical.ts";
import { type Progress, silent } from "../text/progress.ts";
import { words } from "../text/words.ts";
import { drawPopulation, type Lot } from "./draw.ts";
import { drawByFirstTickets, needsTicketsAlone } from "./first-tickets.ts";
import {
  type AreaDraw,
  blockOfStratum,
  type CityDraw,
  type Contribution,
  type DrawnStratum,
  type DrawnUnit,
  type Manifest,
  SPEC_VERSION,
} from "./manifest.ts";
import { AREA_STAGE, CITY_STAGE, drawAreas, drawCities } from "./stages.ts";

/**
 * The manifest of a draw: the same values give the same manifest anywhere.
 * @param only one city, whose part is computed alone; the frame need not hold the units of others
 * @param drawId enters the seed; it is not the round's in a redraw
 */
export async function computeManifest(
  roundId: string,
  frame: LockedFrame,
  sealed: SealedPlan,
  contributions: readonly Contribution[],
  progress: Progress,
  only?: string,
  drawId: string = roundId,
): Promise<Manifest> {
  const { plan } = sealed;
  const { cityDraw, cities, chance, lots } = firstStage(drawId, frame, sealed, contributions);
  const wanted = only === undefined ? cities : cities.filter((city) => city === only);
  const { strata, areas } = await drawAll(sealed, frame, wanted, lots, chance, progress);
  return {
    spec: SPEC_VERSION,
    roundId,
    drawId: drawId === roundId ? undefined : drawId,
    frameDigest: frame.lock.frameDigest,
    planDigest: planDigest(sealed),
    contributions: contributions.map(({ by, value, kind, what, when, commitment, nonce, sealed: kept }) => {
      return { by, value, kind, what, when, commitment, nonce, sealed: kept };
    }),
    seed: lots.units.seed,
    method: plan.method,
    cityDraw,
    areaDraw: plan.areas === undefined ? undefined : { seed: lots.areas.seed, cities: areas },
    strata: strata.sort((a, b) => compareBytes(a.key, b.key)),
  };
}

/**
 * A stratum as a plan with more reserves would have drawn it: the same sample, the same ranking, only longer. Where the
 * reserves of the manifest are used up, it says who is next.
 * @param key of a stratum of the manifest
 * @param reserve how many units after the sample; fewer where the stratum ends
 */
export async function longerRanking(
  drawId: string,
  frame: LockedFrame,
  sealed: SealedPlan,
  contributions: readonly Contribution[],
  key: string,
  reserve: number,
): Promise<readonly DrawnUnit[]> {
  const { city, sourceClass } = blockOfStratum(key);
  const quotas = sealed.plan.quotas.map((quota) => (quota.class === sourceClass ? { ...quota, reserve } : quota));
  const { chance, lots } = firstStage(drawId, frame, sealed, contributions);
  const longer = { ...sealed, plan: { ...sealed.plan, quotas } };
  const { strata } = await drawAll(longer, frame, [city], lots, chance, silent);
  return strata.find((stratum) => stratum.key === key)?.units ?? [];
}

/** The cities drawn from, their chance, and the lots of the stages. */
function firstStage(drawId: string, frame: LockedFrame, sealed: SealedPlan, contributions: readonly Contribution[]) {
  const { plan } = sealed;
  const { method } = plan;
  const seedOf = (stage?: string) => deriveSeed(stage === undefined ? drawId : `${drawId}/${stage}`, contributions);
  const candidates = plannedCities(sealed, frame);
  const cityDraw =
    plan.cities?.random === undefined
      ? undefined
      : drawCities(candidates, plan.cities.random, { method, seed: seedOf(CITY_STAGE) });
  const cities = cityDraw === undefined ? candidates : drawnCities(candidates, cityDraw);
  const chance = cityDraw === undefined ? 1 : cityDraw.n / cityDraw.N;
  const lots = { units: { method, seed: seedOf() }, areas: { method, seed: seedOf(AREA_STAGE) } };
  return { cityDraw, cities, chance, lots };
}

export function drawnCities(candidates: readonly string[], { cities }: CityDraw): string[] {
  const drawn = new Set(cities.filter((each) => each.drawn).map(({ city }) => city));
  return candidates.filter((city) => drawn.has(city));
}

async function drawAll(
  sealed: SealedPlan,
  frame: LockedFrame,
  cities: readonly string[],
  lots: { readonly units: Lot; readonly areas: Lot },
  chance: number,
  progress: Progress,
): Promise<{ strata: DrawnStratum[]; areas: AreaDraw[] }> {
  const { plan } = sealed;
  const strata: DrawnStratum[] = [];
  const areas: AreaDraw[] = [];
  const planned = plannedBlocks(sealed, cities);
  const quick = planned.filter(({ quota }) => needsTicketsAlone(plan, quota));
  strata.push(...(await drawByFirstTickets(quick, frame, lots.units, chance)));
  for (const [index, city] of cities.entries()) {
    const rest = planned.filter((each) => each.city === city && !quick.includes(each));
    const populations = await populationsOf(rest, plan, frame);
    const drawn = plan.areas && drawAreas(city, areasOf(populations, plan, frame), plan.areas.count, lots.areas);
    if (drawn !== undefined) areas.push(drawn);
    for (const { quota, population } of populations) {
      const [open, areaChance] = drawn === undefined ? [population, 1] : [within(population, drawn), drawn.n / drawn.N];
      strata.push(...drawPopulation(open, quota, lots.units, chance, areaChance));
    }
    progress(words("抽签", "drawing"), index + 1, cities.length);
  }
  return { strata, areas };
}

export interface PlannedPopulation {
  readonly quota: Quota;
  readonly population: Population;
}

/** What each quota draws from in one place, exclusions taken off. */
export async function populationsOf(
  planned: readonly PlannedBlock[],
  plan: Plan,
  frame: LockedFrame,
): Promise<PlannedPopulation[]> {
  const isExcluded = exclusionTest(plan, frame);
  const columns = columnsUsed(plan, frame);
  const populations: PlannedPopulation[] = [];
  for (const { block, city, quota } of planned) {
    const units = (await frame.units(city, quota.class, columns)).filter((unit) => !isExcluded(unit));
    populations.push({ quota, population: populationOf(block, quota, units, frame.lock, plan.areas) });
  }
  return populations;
}

/** The areas of a city that hold a unit which may be drawn, whatever its class. */
export function areasOf(populations: readonly PlannedPopulation[], plan: Plan, frame: LockedFrame): string[] {
  const column = columnNamed(frame.lock, plan.areas?.column ?? "") ?? "";
  const drawable = populations.flatMap(({ population }) => population.strata.flatMap(({ units }) => units));
  return [...new Set(drawable.map((unit) => partOf({ column }, unit[column] ?? "")))].sort(compareBytes);
}

/** A population without the strata of areas that were not drawn. */
export function within(population: Population, { areas }: AreaDraw): Population {
  const keys = new Set(areas.map(({ area }) => `${population.key}/${area}`));
  const strata = population.strata.filter(({ key }) => keys.has(key));
  return { ...population, strata, sizes: new Map(strata.map(({ key, units }) => [key, units.length])) };
}
