/** The domains that rates are told of: the whole, and its parts by all that is known of a source. Pure. */
import { blockOfStratum, type Manifest } from "../draw/manifest.ts";
import { censusFormName } from "../reference/census-forms.ts";
import { CLASS_NAMES, SOURCE_CLASSES, type SourceClass } from "../reference/classes.ts";
import { divisionName } from "../reference/divisions.ts";
import { estimateOf } from "./estimate.ts";
import type { Estimate } from "./evaluation.ts";
import { type Given, inOrder, type Survey, type SurveyStratum } from "./survey.ts";
import type { Column, Tally } from "./tally.ts";
import type { Kind } from "./terms.ts";

/** Key indicators of each survey unit, those of sources not found or refusing all wrong. */
export interface Figures {
  readonly e: Float64Array;
  readonly m: Float64Array;
  /** 1 or 0: not found or refused; closed down. */
  readonly isNonResponse: Uint8Array;
  readonly isClosed: Uint8Array;
}

/** What the frame says of the sources beyond their strata, by place in the sample. */
export class Attributes {
  readonly counties: string[] = [];
  /** Industry sections as people know them. */
  readonly sections: string[] = [];
  /** Numbers of the county and the section of each; −1 where it has none. */
  readonly county: Int32Array;
  readonly section: Int32Array;

  /** @param sources in the sample */
  constructor(sources: number) {
    this.county = new Int32Array(sources).fill(-1);
    this.section = new Int32Array(sources).fill(-1);
  }

  /** @param county and section empty where there is none */
  set(places: Iterable<number>, county: string, section: string): void {
    const [c, s] = [numberIn(this.counties, county), numberIn(this.sections, section)];
    for (const place of places) {
      this.county[place] = c;
      this.section[place] = s;
    }
  }
}

function numberIn(names: string[], name: string): number {
  if (name === "") return -1;
  const known = names.indexOf(name);
  return known < 0 ? names.push(name) - 1 : known;
}

/** One estimate of each domain, kind by kind, those of a kind in order. */
export function estimatesOf(
  manifest: Manifest,
  survey: Survey,
  figures: Figures,
  tally: Tally,
  attributes: Attributes,
): Estimate[] {
  const { places } = survey;
  // Where cities are not drawn by lot, the whole is as much given as a city is.
  const given: Given = manifest.cityDraw === undefined ? "city" : "nothing";
  const of = (kind: Kind, key: string, name: string, members: Int32Array, how: Given, isWhole: boolean) =>
    estimateOf(survey, { ...figures, kind, key, name, given: how, members, isWhole });
  const split = (
    kind: Kind,
    groups: Groups,
    nameOf: (key: string) => string,
    how: (key: string, members: Int32Array) => Given,
    isWhole: boolean,
  ) =>
    [...membersOf(groups)]
      .sort(([a], [b]) => order(kind, a, b))
      .map(([key, members]) => of(kind, key, nameOf(key), members, how(key, members), isWhole));
  const everything = places.map((_, index) => index);
  const asRecorded = inOrder(
    survey,
    tally.order.map((place) => survey.indices[place] as number),
  );
  const [e, m] = [new Float64Array(tally.order.length), new Float64Array(tally.order.length)];
  const column = (kind: Kind, key: string, name: string, { members, e: wrong, m: checked }: Column) => {
    for (let i = 0; i < members.length; i++) {
      e[members[i] as number] = wrong[i] as number;
      m[members[i] as number] = checked[i] as number;
    }
    return estimateOf(asRecorded, { kind, key, name, given, members, e, m, isWhole: false });
  };
  const county = (index: number) => attributes.county[places[index] as number] as number;
  const section = (index: number) => attributes.section[places[index] as number] as number;
  const team = (index: number) => tally.teams[places[index] as number] as number;
  return [
    of("province", "", "全部", everything, given, true),
    ...split(
      "city",
      byStratum(survey, ({ city }) => city),
      divisionName,
      () => "city",
      true,
    ),
    ...split(
      "class",
      byStratum(survey, ({ sourceClass }) => sourceClass),
      classNameOf,
      () => given,
      true,
    ),
    ...split(
      "cityClass",
      byStratum(survey, ({ city, sourceClass }) => `${city}/${sourceClass}`),
      blockName,
      () => "city",
      true,
    ),
    ...split(
      "county",
      inCities(survey, attributes.counties, county),
      countyName,
      (key, members) => givenOfCounty(survey, key, members),
      false,
    ),
    ...split(
      "section",
      { keys: attributes.sections, of: places.map((_, index) => section(index)) },
      (key) => key,
      () => given,
      false,
    ),
    ...[...tally.byForm]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([form, values]) => column("form", form, censusFormName(form), values)),
    ...[...tally.byIndicator]
      .map(([number, values]) => ({ ...tally.names.indicators[number], values }))
      .sort((a, b) => ((a.code ?? "") < (b.code ?? "") ? -1 : 1))
      .map(({ code, name, values }) => column("indicator", code ?? "", name ?? "", values)),
    ...split("team", inCities(survey, tally.names.teams, team), teamName, () => "city", false),
  ];
}

/** Survey units in groups. */
interface Groups {
  readonly keys: readonly string[];
  /** By survey unit: number of its key; −1 where it is in no group. */
  readonly of: Int32Array;
}

function byStratum({ strata, stratumOf }: Survey, keyOf: (stratum: SurveyStratum) => string): Groups {
  const ofStratum = strata.map(keyOf);
  const keys = [...new Set(ofStratum)];
  const numbers = Int32Array.from(ofStratum, (key) => keys.indexOf(key));
  return { keys, of: stratumOf.map((stratum) => numbers[stratum] as number) };
}

/**
 * Groups of each city by names that several cities may have, such as those of teams.
 * @param numberOf number of a unit's name; none where it is negative or the name is empty
 */
function inCities(survey: Survey, names: readonly string[], numberOf: (index: number) => number): Groups {
  const { keys: cities, of: cityOf } = byStratum(survey, ({ city }) => city);
  const keys: string[] = [];
  const known = new Int32Array(cities.length * names.length).fill(-1);
  const of = cityOf.map((city, index) => {
    const number = numberOf(index);
    if (number < 0 || names[number] === "") return -1;
    const both = city * names.length + number;
    if (known[both] === -1) known[both] = keys.push(`${cities[city]}/${names[number]}`) - 1;
    return known[both] as number;
  });
  return { keys, of };
}

/** Members of each group that has any, in the order of the survey. */
function membersOf({ keys, of }: Groups): Map<string, Int32Array> {
  const counts = new Int32Array(keys.length);
  for (const group of of) if (group >= 0) counts[group] = (counts[group] as number) + 1;
  const members = Array.from(counts, (count) => new Int32Array(count));
  counts.fill(0);
  for (let index = 0; index < of.length; index++) {
    const group = of[index] as number;
    if (group < 0) continue;
    const place = counts[group] as number;
    (members[group] as Int32Array)[place] = index;
    counts[group] = place + 1;
  }
  return new Map(
    keys.map((key, group) => [key, members[group] as Int32Array] as const).filter(([, { length }]) => length > 0),
  );
}

function order(kind: Kind, a: string, b: string): number {
  const place = (key: string) => {
    const [first = "", second = ""] = key.split("/");
    const name = kind === "class" ? first : second;
    const index = SOURCE_CLASSES.indexOf(name as SourceClass);
    return kind === "class" || kind === "cityClass" ? `${kind === "class" ? "" : first}${index}` : key;
  };
  return place(a) < place(b) ? -1 : place(a) > place(b) ? 1 : 0;
}

const classNameOf = (key: string) => CLASS_NAMES[key as SourceClass]?.zh ?? key;
const blockName = (key: string) => {
  const { city, sourceClass } = blockOfStratum(key);
  return `${divisionName(city)}${classNameOf(sourceClass)}`;
};
const countyName = (key: string) => {
  const [city = "", county = ""] = key.split("/");
  return `${divisionName(city)}${divisionName(county)}`;
};
const teamName = (key: string) => `${divisionName(key.slice(0, 6))} ${key.slice(7)}`;

/** A county that was itself drawn as an area is taken as it is; one that holds several areas is not. */
function givenOfCounty({ strata, stratumOf, hasAreas }: Survey, key: string, members: Int32Array): Given {
  const own = new Set(["", key.slice(7)]);
  const isArea = members.every((index) => own.has(strata[stratumOf[index] as number]?.area ?? ""));
  return hasAreas && isArea ? "area" : "city";
}
