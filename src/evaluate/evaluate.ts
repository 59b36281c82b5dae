/** The evaluation of a round: from manifest, sample and tally to everything that is said of it. Pure. */
import { blockOfStratum, type Manifest } from "../draw/manifest.ts";
import type { CurrentSample } from "../draw/replacement.ts";
import { type AreaCheck, isNonResponse } from "../records/record.ts";
import { CLASS_NAMES, SOURCE_CLASSES, type SourceClass } from "../reference/classes.ts";
import { divisionName } from "../reference/divisions.ts";
import { areaRates } from "./areas.ts";
import { causesOf, cityErrors, indicesByPlace } from "./errors.ts";
import { type DomainOf, estimateOf } from "./estimate.ts";
import { type Counts, type Estimate, EVALUATION_SPEC, type Evaluation, type Kind } from "./evaluation.ts";
import { levels } from "./levels.ts";
import { shrunkRates } from "./shrink.ts";
import { type Given, type Survey, type SurveyUnit, surveyOf, unitsToInspect } from "./survey.ts";
import type { Column, Tally } from "./tally.ts";
import { compareTeams } from "./teams.ts";
import { LIMIT } from "./verdict.ts";
import { verdictsOf } from "./verdicts.ts";

/** What the frame says of a source beyond its stratum. */
export interface Attributes {
  readonly county: string;
  /** Industry section as people know it; empty where the source has none. */
  readonly section: string;
}

export interface EvaluationInput {
  readonly manifest: Manifest;
  readonly manifestDigest: string;
  readonly sample: CurrentSample;
  readonly tally: Tally;
  /** By unit. */
  readonly attributes: ReadonlyMap<string, Attributes>;
  readonly areas: readonly AreaCheck[];
  /** Whether the sealed plan says that undecided cities are followed up. */
  readonly isFollowUpForeseen: boolean;
  readonly recordsDigest: string | undefined;
  readonly areasDigest: string | undefined;
  readonly limit?: number;
}

export function evaluate(input: EvaluationInput): Evaluation {
  const { manifest, sample, tally, areas } = input;
  const limit = input.limit ?? LIMIT;
  const survey = surveyOf(manifest, sample, (place) => tally.outcomes[place] !== undefined);
  const figures = figuresOf(survey, tally);
  const estimates = estimatesOf(input, survey, figures);
  const indicators = estimates.filter(({ kind }) => kind === "indicator");
  const counties = estimates.filter(({ kind }) => kind === "county");
  const province = estimates.find(({ kind }) => kind === "province");
  const designEffect = province?.designEffect ?? 1;
  return {
    spec: EVALUATION_SPEC,
    roundId: manifest.roundId,
    manifestDigest: input.manifestDigest,
    recordsDigest: input.recordsDigest ?? null,
    areasDigest: input.areasDigest ?? null,
    limit,
    isFollowUpForeseen: input.isFollowUpForeseen,
    levels: levels(input.isFollowUpForeseen),
    counts: countsOf(sample, tally),
    missingStrata: survey.missing.map(({ key, N, n }) => ({ key, N, n })),
    estimates,
    verdicts: verdictsOf(input, survey, estimates, limit, (city) => {
      const members = [...survey.units.keys()].filter((member) => survey.units[member]?.city === city);
      return domainOf(figures, {
        kind: "city",
        key: city,
        name: divisionName(city),
        given: "city",
        members,
        isWhole: true,
      });
    }),
    causes: causesOf(survey, tally),
    cities: cityErrors(survey, tally),
    indicators: shrunkRates(indicators, 1),
    counties: shrunkRates(counties, designEffect),
    teams: teamsOf(survey, figures, tally, Number.parseInt(input.manifestDigest.slice(0, 8), 16)),
    areas: areaRates(areas),
    handPicked: tally.handPicked,
  };
}

/** Key indicators of each survey unit, those of sources not found or refusing all wrong. */
interface Figures {
  readonly e: Float64Array;
  readonly m: Float64Array;
  readonly isNonResponse: readonly boolean[];
}

/**
 * A source not found or refusing has as many key indicators as the checked sources of its class have on average, or else
 * as its record lists, at least one.
 */
function figuresOf({ units }: Survey, tally: Tally): Figures {
  const sums = new Map<SourceClass, { m: number; n: number }>();
  for (const { place, sourceClass } of units) {
    const m = tally.m[place] as number;
    const sum = sums.get(sourceClass) ?? { m: 0, n: 0 };
    if (m > 0) sums.set(sourceClass, { m: sum.m + m, n: sum.n + 1 });
  }
  const silent = units.map(({ place }) => {
    const outcome = tally.outcomes[place];
    return outcome !== undefined && isNonResponse(outcome);
  });
  const counted = units.map(({ place, sourceClass }, i) => {
    if (silent[i] !== true) return tally.m[place] as number;
    const sum = sums.get(sourceClass);
    return Math.max(1, sum === undefined ? (tally.applicableKeys[place] as number) : Math.round(sum.m / sum.n));
  });
  return {
    m: Float64Array.from(counted),
    e: Float64Array.from(units, ({ place }, i) =>
      silent[i] === true ? (counted[i] as number) : (tally.e[place] as number),
    ),
    isNonResponse: silent,
  };
}

/** A domain over key indicators, those of sources not found or refusing among them. */
function domainOf({ e, m, isNonResponse }: Figures, about: Omit<DomainOf, "e" | "m" | "isNonResponse">): DomainOf {
  const pick = (values: Float64Array) => Float64Array.from(about.members, (member) => values[member] as number);
  return { ...about, e: pick(e), m: pick(m), isNonResponse: (member) => isNonResponse[member] === true };
}

function estimatesOf(input: EvaluationInput, survey: Survey, figures: Figures): Estimate[] {
  const { manifest, tally } = input;
  // Where cities are not drawn by lot, the whole is as much given as a city is.
  const given: Given = manifest.cityDraw === undefined ? "city" : "nothing";
  const attributes = survey.units.map(({ id }) => input.attributes.get(id) ?? { county: "", section: "" });
  const everything = [...survey.units.keys()];
  const of = (kind: Kind, key: string, name: string, members: readonly number[], how: Given, isWhole: boolean) =>
    estimateOf(survey, domainOf(figures, { kind, key, name, given: how, members, isWhole }));
  const split = (
    kind: Kind,
    keyOf: (unit: SurveyUnit, index: number) => string,
    nameOf: (key: string) => string,
    how: (members: readonly number[]) => Given,
    isWhole: boolean,
  ) =>
    [...grouped(survey.units, keyOf)]
      .sort(([a], [b]) => order(kind, a, b))
      .map(([key, members]) => of(kind, key, nameOf(key), members, how(members), isWhole));
  const column = (kind: Kind, key: string, name: string, { members, e, m }: Column) => {
    const indices = indicesByPlace(survey);
    const domain = { kind, key, name, given, members: members.map((place) => indices[place] as number), e, m };
    return estimateOf(survey, { ...domain, isWhole: false });
  };
  const { vocabulary } = tally;
  return [
    of("province", "", "全部", everything, given, true),
    ...split(
      "city",
      ({ city }) => city,
      divisionName,
      () => "city",
      true,
    ),
    ...split(
      "class",
      ({ sourceClass }) => sourceClass,
      classNameOf,
      () => given,
      true,
    ),
    ...split(
      "cityClass",
      ({ city, sourceClass }) => `${city}/${sourceClass}`,
      blockName,
      () => "city",
      true,
    ),
    ...split(
      "county",
      ({ city }, i) => countyKey(city, attributes[i]?.county ?? ""),
      countyName,
      (members) => givenOfCounty(survey, members, attributes),
      false,
    ),
    ...split(
      "section",
      (_, i) => attributes[i]?.section ?? "",
      (key) => key,
      () => given,
      false,
    ),
    ...[...tally.byForm]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([form, values]) => column("form", form, form, values)),
    ...[...tally.byIndicator]
      .map(([number, values]) => ({ ...vocabulary.indicators[number], values }))
      .sort((a, b) => ((a.code ?? "") < (b.code ?? "") ? -1 : 1))
      .map(({ code, name, values }) => column("indicator", code ?? "", name ?? "", values)),
    ...split(
      "team",
      ({ city, place }) => teamKey(city, tally.teams[place] ?? ""),
      teamName,
      () => "city",
      false,
    ),
  ];
}

/** Units by key; those with an empty key are in no group. */
function grouped(
  units: readonly SurveyUnit[],
  keyOf: (unit: SurveyUnit, index: number) => string,
): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const [index, unit] of units.entries()) {
    const key = keyOf(unit, index);
    const members = groups.get(key);
    if (key === "") continue;
    if (members === undefined) groups.set(key, [index]);
    else members.push(index);
  }
  return groups;
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
const countyKey = (city: string, county: string) => (county === "" ? "" : `${city}/${county}`);
const teamKey = (city: string, team: string) => (team === "" ? "" : `${city}/${team}`);
const countyName = (key: string) => {
  const [city = "", county = ""] = key.split("/");
  return `${divisionName(city)}${divisionName(county)}`;
};
const teamName = (key: string) => `${divisionName(key.slice(0, 6))} ${key.slice(7)}`;

/** A county that was itself drawn as an area is taken as it is; one that holds several areas is not. */
function givenOfCounty(survey: Survey, members: readonly number[], attributes: readonly Attributes[]): Given {
  const isArea = members.every((i) => {
    const area = survey.units[i]?.area ?? "";
    return area === "" || area === attributes[i]?.county;
  });
  return survey.hasAreas && isArea ? "area" : "city";
}

function countsOf(sample: CurrentSample, tally: Tally): Counts {
  const count = (name: string) => tally.outcomes.filter((outcome) => outcome === name).length;
  return {
    sample: unitsToInspect(sample).length,
    recorded: tally.outcomes.filter((outcome) => outcome !== undefined).length,
    checked: count("checked"),
    notFound: count("notFound"),
    refused: count("refused"),
    closed: count("closed"),
    replaced: sample.replacements.length,
    unsettled: tally.unsettled,
    outsideSample: tally.outsideSample,
  };
}

function teamsOf({ units }: Survey, { e, m, isNonResponse }: Figures, tally: Tally, seed: number) {
  const sources = units.flatMap(({ city, sourceClass, place }, i) => {
    const team = tally.teams[place] ?? "";
    if (team === "" || isNonResponse[i] === true || m[i] === 0) return [];
    return [{ city, block: `${city}/${sourceClass}`, team, e: e[i] as number, m: m[i] as number }];
  });
  return compareTeams(sources, seed);
}
