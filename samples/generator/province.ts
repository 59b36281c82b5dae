/** The sample province: all units city by city, class by class, each city by a stream of its own. */
import { SOURCE_CLASSES, type SourceClass } from "../../src/reference/classes.ts";
import { centralizedUnit } from "./centralized.ts";
import { Chance } from "./chance.ts";
import type { Unit } from "./columns.ts";
import { unitCounts } from "./counts.ts";
import { domesticUnit } from "./domestic.ts";
import { CityIds } from "./ids.ts";
import { industrialUnit } from "./industrial.ts";
import { livestockUnit } from "./livestock.ts";
import { mobileUnit } from "./mobile.ts";
import { SAMPLE_CITIES } from "./tables.ts";
import { type CityAtWork, cityAtWork } from "./unit.ts";

const MAKERS: Readonly<Record<SourceClass, (work: CityAtWork) => Unit>> = {
  industrial: industrialUnit,
  agricultural: livestockUnit,
  domestic: domesticUnit,
  centralized: centralizedUnit,
  mobile: mobileUnit,
};

/** What a sample ledger holds. */
export interface Sample {
  /** Units of the whole province. */
  readonly rows: number;
  readonly seed: string;
  /** Code of the one city wanted; its rows are those that it has in the province's ledger. */
  readonly city?: string | undefined;
}

/** Number of units that a sample holds. */
export function sampleSize({ rows, city }: Sample): number {
  if (city === undefined) return rows;
  return Object.values(unitCounts(rows).get(city) ?? {}).reduce((sum, count) => sum + count, 0);
}

/** The units of a sample, one after another. */
export function* sampleUnits({ rows, seed, city: wanted }: Sample): Generator<Unit> {
  const counts = unitCounts(rows);
  for (const [index, city] of SAMPLE_CITIES.entries()) {
    if (wanted !== undefined && city.code !== wanted) continue;
    const work = cityAtWork(city, new Chance(`sample/${seed}/${city.code}`), new CityIds(seed, index));
    for (const sourceClass of SOURCE_CLASSES) {
      const units = counts.get(city.code)?.[sourceClass] ?? 0;
      for (let i = 0; i < units; i++) yield MAKERS[sourceClass](work);
    }
  }
}
