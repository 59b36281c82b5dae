/** What the sheets are filled with: each team's sources by day, near ones together. Pure. */
import type { FrameUnit } from "../frame/locked.ts";
import { CLASS_NAMES, SOURCE_CLASSES } from "../reference/classes.ts";
import { divisionName } from "../reference/divisions.ts";
import type { RoundConfig } from "../round/config.ts";
import { compareBytes } from "../text/canonical.ts";
import { dateInWords } from "../text/dates.ts";
import {
  type AssignmentManifest,
  type AssignmentMember,
  type AssignmentSource,
  type AssignmentTeam,
  teamName,
} from "./assignment.ts";

export interface SheetSource {
  readonly id: string;
  readonly name: string;
  readonly place: string;
  readonly city: string;
  readonly county: string;
  readonly sourceClass: string;
  readonly address: string;
  readonly contact: string;
  readonly phone: string;
}

/** A day's work in one city, county by county. */
export interface SheetDay {
  /** 1 for the first. */
  readonly day: number;
  readonly sources: readonly SheetSource[];
}

export interface SheetTeam {
  readonly key: string;
  /** As people are told, such as 第 7 组. */
  readonly name: string;
  readonly members: readonly AssignmentMember[];
  readonly load: number;
  readonly days: readonly SheetDay[];
  /** Where the team goes, in its order. */
  readonly places: string;
}

export interface Sheets {
  readonly title: string;
  readonly holder: string;
  readonly date: string;
  readonly roundId: string;
  readonly perDay: number;
  readonly seed: string;
  readonly assignmentDigest: string;
  readonly waived: AssignmentManifest["waived"];
  readonly standby: AssignmentManifest["standby"];
  readonly teams: readonly SheetTeam[];
}

type FieldReader = (unit: FrameUnit | undefined, field: string) => string;

export function sheetsInput(
  config: RoundConfig,
  assignment: AssignmentManifest,
  assignmentDigest: string,
  units: readonly FrameUnit[],
  field: FieldReader,
  perDay: number,
): Sheets {
  const byId = new Map(units.map((unit) => [unit.id, unit]));
  const { roundId, seed, waived, standby, sources } = assignment;
  const sheetSource = (source: AssignmentSource): SheetSource => {
    const [city, county] = [divisionName(source.city), divisionName(source.county)];
    const read = (name: string) => field(byId.get(source.id), name);
    return {
      id: source.id,
      name: source.name,
      city,
      county,
      place: city === county ? city : `${city}${county}`,
      sourceClass: CLASS_NAMES[source.class].zh,
      address: read("address"),
      contact: read("contact"),
      phone: read("phone"),
    };
  };
  const team = ({ key, members, load }: AssignmentTeam): SheetTeam => {
    const days = daysOf(
      sources.filter((source) => source.team === key),
      perDay,
    ).map((day, index) => ({ day: index + 1, sources: day.map(sheetSource) }));
    const places = placesInWords(days.flatMap((day) => day.sources));
    return { key, name: teamName(key), members, load, days, places };
  };
  return {
    title: config.name,
    holder: config.holder,
    date: dateInWords(config.date),
    roundId,
    perDay,
    seed,
    assignmentDigest,
    waived,
    standby,
    teams: assignment.teams.map(team),
  };
}

/** Counties by city: `清远市清城区、清新区；韶关市曲江区`, with how many sources each if asked. */
export function placesInWords(sources: readonly SheetSource[], isCounted = false): string {
  const cities = new Map<string, Map<string, number>>();
  for (const { city, county } of sources) {
    const counties = cities.get(city) ?? new Map<string, number>();
    const name = county === city ? "" : county;
    cities.set(city, counties.set(name, (counties.get(name) ?? 0) + 1));
  }
  const shown = ([name, count]: [string, number]) => (isCounted ? `${name}（${count}）` : name);
  return [...cities].map(([city, counties]) => city + [...counties].map(shown).join("、")).join("；");
}

/** A team's sources by city, county and class, so many a day; a day is spent in one city. */
export function daysOf<S extends Pick<AssignmentSource, "id" | "city" | "county" | "class">>(
  sources: readonly S[],
  perDay: number,
): S[][] {
  const sorted = [...sources].sort(
    (a, b) =>
      compareBytes(a.city, b.city) ||
      compareBytes(a.county, b.county) ||
      SOURCE_CLASSES.indexOf(a.class) - SOURCE_CLASSES.indexOf(b.class) ||
      compareBytes(a.id, b.id),
  );
  const days: S[][] = [];
  for (const source of sorted) {
    const today = days.at(-1);
    if (today === undefined || today.length >= perDay || today[0]?.city !== source.city) days.push([source]);
    else today.push(source);
  }
  return days;
}
