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
import { picked } from "../statistics/stage-table.ts";
import { type DesignUnit, type Stage, SurveyDesign } from "../statistics/survey-design.ts";
import { Ints } from "../text/ints.ts";

/** A stratum of the last stage with at least one record. */
export interface SurveyStratum {
  readonly key: string;
  readonly city: string;
  readonly sourceClass: SourceClass;
  /** Area of a draw in two stages; empty otherwise. */
  readonly area: string;
  readonly N: number;
  /** Sampled: with a record, or found to be none of the population. */
  readonly n: number;
  /** Sources of the sample without a record. */
  readonly outstanding: number;
  /** Drawn with the same chance for each, and not within areas drawn before: counts follow the hypergeometric law. */
  readonly isEqual: boolean;
}

/** Sources of the sample with a record. A source's place in the columns is its index in every design. */
export interface Survey {
  /** Place in the sample of each source; its stratum by number; its weight. */
  readonly places: Int32Array;
  readonly stratumOf: Int32Array;
  readonly weights: Float64Array;
  /** The other way round: index of each place in the sample, −1 where it has no record. */
  readonly indices: Int32Array;
  readonly strata: readonly SurveyStratum[];
  readonly missing: readonly { readonly key: string; readonly city: string; readonly N: number; readonly n: number }[];
  readonly hasAreas: boolean;
  /** Over all that was drawn, given the cities, or given the areas too. */
  readonly design: (given: Given) => SurveyDesign;
}

/** What an estimate needs of a survey. */
export type SurveyUnits = Pick<Survey, "stratumOf" | "weights" | "strata" | "hasAreas" | "design">;

/** What is taken as it is and not as one of several that might have been drawn. */
export type Given = "nothing" | "city" | "area";

/** Units of one stratum that are to be inspected; their places follow one another from `from` on. */
export interface StratumToInspect {
  readonly stratum: CurrentStratum;
  readonly city: string;
  readonly sourceClass: SourceClass;
  readonly from: number;
  readonly units: readonly CurrentUnit[];
}

/** Many parts of an evaluation go over the sample, which a province has half a million of. */
const TO_INSPECT = new WeakMap<CurrentSample, readonly StratumToInspect[]>();

/** Units to be inspected by stratum, in the order of the manifest. */
export function strataToInspect(sample: CurrentSample): readonly StratumToInspect[] {
  const known = TO_INSPECT.get(sample);
  if (known !== undefined) return known;
  let next = 0;
  const strata = sample.strata.map((stratum): StratumToInspect => {
    const units = stratum.units.filter(({ isInSample }) => isInSample);
    const from = next;
    next += units.length;
    const { city, sourceClass } = blockOfStratum(stratum.key);
    return { stratum, city, sourceClass, from, units };
  });
  TO_INSPECT.set(sample, strata);
  return strata;
}

/** Units to be inspected, in the order of the manifest: their index is their place. */
export function unitsToInspect(sample: CurrentSample): CurrentUnit[] {
  return strataToInspect(sample).flatMap(({ units }) => units);
}

/** Place of each unit that is to be inspected, by its id. */
export function placesOf(sample: CurrentSample): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (const { units } of strataToInspect(sample)) for (const { id } of units) places.set(id, places.size);
  return places;
}

/** How many units are to be inspected. */
export function sizeOf(sample: CurrentSample): number {
  const last = strataToInspect(sample).at(-1);
  return last === undefined ? 0 : last.from + last.units.length;
}

/** @param hasRecord by place in the sample */
export function surveyOf(manifest: Manifest, sample: CurrentSample, hasRecord: (place: number) => boolean): Survey {
  const chances = chancesOf(manifest);
  const strata: SurveyStratum[] = [];
  const missing: { key: string; city: string; N: number; n: number }[] = [];
  const [places, stratumOf] = [new Ints(), new Ints()];
  const weights: number[] = [];
  const drawn: DrawnGroup[] = [];
  for (const { stratum, city, sourceClass, from: start, units: inSample } of strataToInspect(sample)) {
    const area = chances.areaOf(stratum.key);
    const first = chances.city * (area === "" ? 1 : chances.area(city));
    for (const group of groupsOf(stratum, inSample)) {
      const found = group.units.filter((each) => hasRecord(start + each));
      if (found.length === 0) {
        if (group.units.length > 0) missing.push({ key: stratum.key, city, N: group.N, n: group.units.length });
        continue;
      }
      const n = found.length + group.outOfScope;
      const number = strata.length;
      const { N, isEqual } = group;
      const outstanding = group.units.length - found.length;
      strata.push({ key: stratum.key, city, sourceClass, area, N, n, outstanding, isEqual: isEqual && area === "" });
      const isWhole = group.isCertain && found.length === group.units.length;
      drawn.push({ number, city, area, N, n, isWhole, first, from: places.length, outOfScope: group.outOfScope });
      for (const each of found) {
        places.push(start + each);
        stratumOf.push(number);
        weights.push((inSample[each] as CurrentUnit).weight * (group.units.length / found.length));
      }
    }
  }
  const hasAreas = manifest.areaDraw !== undefined;
  const units = { places: places.view(), stratumOf: stratumOf.view(), weights: Float64Array.from(weights) };
  const designs = new Map<string, SurveyDesign>();
  const design = (given: Given) => {
    const withCities = given === "nothing" && manifest.cityDraw !== undefined;
    const withAreas = given !== "area" && hasAreas;
    const name = `${withCities} ${withAreas}`;
    const known = designs.get(name);
    if (known !== undefined) return known;
    const made = SurveyDesign.of(
      designUnits(drawn, units.weights, (group, stage) => chances.stages(group, stage, withCities, withAreas)),
    );
    designs.set(name, made);
    return made;
  };
  return { ...units, indices: indicesOf(units.places, sizeOf(sample)), strata, missing, hasAreas, design };
}

/**
 * The same sources in another order, such as that of their records (`SurveyDesign.inOrder`).
 * @param order index of each source; some may be left out
 */
export function inOrder({ stratumOf, weights, strata, hasAreas, design }: Survey, order: Int32Array): SurveyUnits {
  const designs = new Map<Given, SurveyDesign>();
  return {
    stratumOf: picked(stratumOf, order, new Int32Array(order.length)),
    weights: picked(weights, order, new Float64Array(order.length)),
    strata,
    hasAreas,
    design: (given) => {
      const known = designs.get(given) ?? design(given).inOrder(order);
      designs.set(given, known);
      return known;
    },
  };
}

/** A stratum of the last stage as it was drawn; its sources stand one after the other from index `from` on. */
interface DrawnGroup {
  readonly number: number;
  readonly city: string;
  readonly area: string;
  readonly N: number;
  readonly n: number;
  readonly isWhole: boolean;
  /** Chance of its city and area. */
  readonly first: number;
  readonly from: number;
  readonly outOfScope: number;
}

/** Sources with a record by their indices, and behind them those that are none of the population. */
function* designUnits(
  drawn: readonly DrawnGroup[],
  weights: Float64Array,
  stagesOf: (group: DrawnGroup, stage: Stage) => DesignUnit,
): Generator<DesignUnit> {
  for (const [i, group] of drawn.entries()) {
    const { number, N, n, isWhole, first } = group;
    const end = drawn[i + 1]?.from ?? weights.length;
    for (let index = group.from; index < end; index++) {
      const stratum = isWhole ? `${number}/${index}` : String(number);
      const size = isWhole ? { N: 1, n: 1 } : { N, n };
      const probability = Math.min(1, 1 / ((weights[index] as number) * first));
      yield stagesOf(group, { stratum, cluster: undefined, ...size, probability });
    }
  }
  for (const group of drawn) {
    const { number, N, n } = group;
    const stage = { stratum: String(number), cluster: undefined, N, n, probability: Math.min(1, n / N) };
    for (let ghost = 0; ghost < group.outOfScope; ghost++) yield stagesOf(group, stage);
  }
}

function indicesOf(places: Int32Array, sample: number): Int32Array {
  const indices = new Int32Array(sample).fill(-1);
  for (let index = 0; index < places.length; index++) indices[places[index] as number] = index;
  return indices;
}

/** Units of a stratum that were drawn alike: those certain, and the others. */
interface Group {
  readonly N: number;
  /** Their places among the units of the stratum that are to be inspected. */
  readonly units: readonly number[];
  readonly outOfScope: number;
  readonly isCertain: boolean;
  readonly isEqual: boolean;
}

function groupsOf({ N, outOfScope, sizeTotal }: CurrentStratum, inSample: readonly CurrentUnit[]): Group[] {
  const [certain, others]: [number[], number[]] = [[], []];
  for (const [i, { role }] of inSample.entries()) (role === "certainty" ? certain : others).push(i);
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
    stages: (
      { city, area }: { readonly city: string; readonly area: string },
      stage: Stage,
      withCities: boolean,
      withAreas: boolean,
    ) => {
      const stages: Stage[] = [];
      if (withCities && cityDraw !== undefined)
        stages.push({ stratum: "", cluster: city, N: cityDraw.N, n: cityDraw.n });
      if (withAreas) {
        const drawn = areas.get(city);
        const isWithin = area !== "" && drawn !== undefined;
        const certain = { stratum: stage.stratum, cluster: "", N: 1, n: 1 };
        stages.push(isWithin ? { stratum: city, cluster: area, N: drawn.N, n: drawn.n } : certain);
      }
      stages.push(stage);
      return { stages } satisfies DesignUnit;
    },
  };
}
