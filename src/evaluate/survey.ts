/**
 * The sample as a survey design: strata, stages and chances of the sources that have a record. Pure.
 *
 * Weights are those of `currentSample`. A source without a record is non-response and taken to be like the others of its
 * stratum, as one struck by disaster is (docs/statistics.md, "Weights"); units found to be none of the population stay
 * in the design as members of no domain.
 */
import { blockOfStratum, type Manifest } from "../draw/manifest.ts";
import type { CurrentSample, CurrentStratum, CurrentUnit } from "../draw/replacement.ts";
import { TAKE_ALL } from "../plan/strata.ts";
import type { SourceClass } from "../reference/classes.ts";
import { type DesignUnit, type Stage, SurveyDesign } from "../statistics/survey-design.ts";

/** A source of the sample with a record. Its place in the list is its index in every design. */
export interface SurveyUnit {
  readonly id: string;
  /** Place in the sample. */
  readonly place: number;
  readonly stratum: number;
  readonly city: string;
  readonly sourceClass: SourceClass;
  /** Area of a draw in two stages; empty otherwise. */
  readonly area: string;
  readonly weight: number;
}

/** A stratum of the last stage with at least one record. */
export interface SurveyStratum {
  readonly key: string;
  readonly city: string;
  readonly N: number;
  /** Sampled: with a record, or found to be none of the population. */
  readonly n: number;
  /** Drawn with the same chance for each, and not within areas drawn before: counts follow the hypergeometric law. */
  readonly isEqual: boolean;
}

export interface Survey {
  readonly units: readonly SurveyUnit[];
  /** Weight and stratum of each unit once more: the many domains of a province go over them fast. */
  readonly weights: Float64Array;
  readonly stratumOf: Int32Array;
  readonly strata: readonly SurveyStratum[];
  readonly missing: readonly { readonly key: string; readonly city: string; readonly N: number; readonly n: number }[];
  readonly hasAreas: boolean;
  /** Over all that was drawn, given the cities, or given the areas too. */
  readonly design: (given: Given) => SurveyDesign;
}

/** What is taken as it is and not as one of several that might have been drawn. */
export type Given = "nothing" | "city" | "area";

/** Units to be inspected, in the order of the manifest: their index is their place. */
export function unitsToInspect(sample: CurrentSample): CurrentUnit[] {
  return sample.strata.flatMap(({ units }) => units.filter(({ isInSample }) => isInSample));
}

/** @param hasRecord by place in the sample */
export function surveyOf(manifest: Manifest, sample: CurrentSample, hasRecord: (place: number) => boolean): Survey {
  const chances = chancesOf(manifest);
  const units: SurveyUnit[] = [];
  const strata: SurveyStratum[] = [];
  const missing: { key: string; city: string; N: number; n: number }[] = [];
  const last: { readonly stage: Stage; readonly city: string; readonly area: string }[] = [];
  const ghosts: typeof last = [];
  let place = 0;
  for (const stratum of sample.strata) {
    const { city, sourceClass } = blockOfStratum(stratum.key);
    const area = chances.areaOf(stratum.key);
    const first = chances.city * (area === "" ? 1 : chances.area(city));
    const places = new Map<string, number>();
    for (const { id, isInSample } of stratum.units) if (isInSample) places.set(id, place++);
    for (const group of groupsOf(stratum)) {
      const found = group.units.filter(({ id }) => hasRecord(places.get(id) ?? -1));
      if (found.length === 0) {
        if (group.units.length > 0) missing.push({ key: stratum.key, city, N: group.N, n: group.units.length });
        continue;
      }
      const isWhole = group.isCertain && found.length === group.units.length;
      const n = found.length + group.outOfScope;
      const number = strata.length;
      strata.push({ key: stratum.key, city, N: group.N, n, isEqual: group.isEqual && area === "" });
      for (const { id, weight } of found) {
        const own = weight * (group.units.length / found.length);
        units.push({ id, place: places.get(id) ?? -1, stratum: number, city, sourceClass, area, weight: own });
        const name = isWhole ? `${number}/${id}` : String(number);
        const size = isWhole ? { N: 1, n: 1 } : { N: group.N, n };
        const probability = Math.min(1, 1 / (own * first));
        last.push({ stage: { stratum: name, cluster: id, ...size, probability }, city, area });
      }
      const chance = Math.min(1, n / group.N);
      for (let ghost = 0; ghost < group.outOfScope; ghost++) {
        const stage = { stratum: String(number), cluster: `-${ghost}`, N: group.N, n, probability: chance };
        ghosts.push({ stage, city, area });
      }
    }
  }
  const hasAreas = manifest.areaDraw !== undefined;
  const designs = new Map<string, SurveyDesign>();
  const design = (given: Given) => {
    const withCities = given === "nothing" && manifest.cityDraw !== undefined;
    const withAreas = given !== "area" && hasAreas;
    const name = `${withCities} ${withAreas}`;
    const known = designs.get(name);
    if (known !== undefined) return known;
    const made = new SurveyDesign([...last, ...ghosts].map((unit) => chances.stages(unit, withCities, withAreas)));
    designs.set(name, made);
    return made;
  };
  const weights = Float64Array.from(units, ({ weight }) => weight);
  const stratumOf = Int32Array.from(units, ({ stratum }) => stratum);
  return { units, weights, stratumOf, strata, missing, hasAreas, design };
}

/** Units of a stratum that were drawn alike: those certain, and the others. */
interface Group {
  readonly N: number;
  readonly units: readonly CurrentUnit[];
  readonly outOfScope: number;
  readonly isCertain: boolean;
  readonly isEqual: boolean;
}

function groupsOf({ N, units, outOfScope, sizeTotal }: CurrentStratum): Group[] {
  const inSample = units.filter(({ isInSample }) => isInSample);
  const certain = inSample.filter(({ role }) => role === "certainty");
  const others = inSample.filter(({ role }) => role !== "certainty");
  const isEqual = sizeTotal === undefined;
  return [
    { N: certain.length, units: certain, outOfScope: 0, isCertain: true, isEqual: true },
    { N: N - certain.length, units: others, outOfScope, isCertain: false, isEqual },
  ];
}

/** Chances of the first stages, and the stages of a unit. */
function chancesOf({ cityDraw, areaDraw }: Manifest) {
  const areas = new Map(areaDraw?.cities.map((each) => [each.city, each]));
  const part = (key: string) => key.split("/").at(-1) ?? "";
  return {
    city: cityDraw === undefined ? 1 : cityDraw.n / cityDraw.N,
    area: (city: string) => {
      const drawn = areas.get(city);
      return drawn === undefined || drawn.N === 0 ? 1 : drawn.n / drawn.N;
    },
    areaOf: (key: string) => (areaDraw === undefined || part(key) === TAKE_ALL ? "" : part(key)),
    stages: (unit: { stage: Stage; city: string; area: string }, withCities: boolean, withAreas: boolean) => {
      const stages: Stage[] = [];
      const { city, area } = unit;
      if (withCities && cityDraw !== undefined)
        stages.push({ stratum: "", cluster: city, N: cityDraw.N, n: cityDraw.n });
      if (withAreas) {
        const drawn = areas.get(city);
        const isWithin = area !== "" && drawn !== undefined;
        const certain = { stratum: unit.stage.stratum, cluster: "", N: 1, n: 1 };
        stages.push(isWithin ? { stratum: city, cluster: area, N: drawn.N, n: drawn.n } : certain);
      }
      return { stages: [...stages, unit.stage] } satisfies DesignUnit;
    },
  };
}
