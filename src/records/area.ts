/** From a filled check of a census area to its counts. Pure. */
import { divisionName, findCity } from "../reference/divisions.ts";
import { canonicalText, foldWidth } from "../text/canonical.ts";
import { type Problem, shorten } from "../text/errors.ts";
import { AREA_COUNTS, areaCode, areaKey, COUNT_NAMES, impossibleIn } from "./area-counts.ts";
import type { RecordHead } from "./check.ts";
import type { RoundExpected } from "./expected.ts";
import { fault } from "./faults.ts";
import type { FilledArea } from "./filled.ts";
import { type AreaCheck, RECORD_SPEC } from "./record.ts";
import { teamIn } from "./team.ts";

const LONGEST_NAME = 100;

/** Checks a filled area; a count that is empty is none. */
export function checkArea(
  { values, at }: FilledArea,
  { roundId, file, sha256 }: Pick<RecordHead, "roundId" | "file" | "sha256">,
  { teamKeys, cities }: Pick<RoundExpected, "teamKeys" | "cities">,
): { readonly area: AreaCheck | undefined; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const text = (part: keyof typeof values) => canonicalText(values[part]?.text ?? "");
  const counts = { listed: 0, found: 0, omitted: 0, duplicates: 0 };
  for (const part of AREA_COUNTS) {
    const written = foldWidth(text(part)).replace(/\s/g, "");
    const place = { ...(values[part]?.at ?? at), value: text(part) };
    const isNeeded = part === "listed" || part === "found";
    if (/^\d{1,9}$/.test(written)) counts[part] = Number(written);
    else if (written !== "" || isNeeded) {
      problems.push(fault("E-RECORDS-AREA", `${COUNT_NAMES[part]}应为整数`, `${part} must be a whole number`, place));
    }
  }
  const name = text("area");
  if (name.length > LONGEST_NAME) {
    const place = { ...(values.area?.at ?? at), value: shorten(name) };
    problems.push(fault("E-RECORDS-LONG", `小区名称超过 ${LONGEST_NAME} 字`, "the area's name is too long", place));
  }
  const city = cityOf(
    name,
    text("city"),
    cities,
    { ...(values.city?.at ?? at), value: text("city") || name },
    problems,
  );
  if (problems.length === 0) {
    for (const { part, message } of impossibleIn(counts)) {
      const place = { ...(values[part]?.at ?? at), value: text(part) };
      problems.push(fault("E-RECORDS-AREA-SUM", message.zh, message.en, place));
    }
  }
  if (city === undefined || problems.length > 0) return { area: undefined, problems };
  const sheet = at.sheet === undefined ? {} : { sheet: at.sheet };
  const source = { file, ...sheet, sha256 };
  const county = text("county") || (/^\d{6}/.exec(name)?.[0] ?? "");
  return {
    area: {
      spec: RECORD_SPEC,
      roundId,
      city,
      county,
      area: name,
      ...counts,
      team: teamIn(text("team"), teamKeys),
      source,
    },
    problems,
  };
}

/** The city of an area, by its name and by the area's code, which must agree; undefined where it is refused. */
function cityOf(
  area: string,
  written: string,
  cities: ReadonlySet<string>,
  at: Problem["at"] & object,
  problems: Problem[],
): string | undefined {
  const code = areaCode(area);
  const [named, coded] = [findCity(written), code && findCity(code.slice(0, 4))];
  const city = named ?? coded;
  const refuse = (...[faultCode, zh, en]: [Parameters<typeof fault>[0], string, string]) => {
    problems.push(fault(faultCode, zh, en, at));
    return undefined;
  };
  if (city === undefined || (written !== "" && named === undefined)) {
    return refuse("E-RECORDS-AREA-CITY", "认不出小区属于哪个市", "no city of that name");
  }
  if (code !== undefined && coded !== city) {
    const of = coded === undefined ? "不是本省的代码" : `是${divisionName(coded)}的代码`;
    return refuse(
      "E-RECORDS-AREA-CITY",
      `小区代码 ${code} ${of}，地市写的是${divisionName(city)}`,
      `the code ${code} is ${coded === undefined ? "of no city" : `of ${coded}`}, the city is told to be ${city}`,
    );
  }
  if (!cities.has(city)) {
    return refuse("E-RECORDS-AREA-OUTSIDE", `${divisionName(city)}不在本轮次`, `${city} is no city of this round`);
  }
  return city;
}

/**
 * New areas among those that are there: one record of an area, whoever checked it.
 * @param incoming at most one of each area
 */
export function mergeAreas(existing: readonly AreaCheck[], incoming: readonly AreaCheck[], replace: boolean) {
  const all = [...existing];
  const conflicts: AreaCheck[] = [];
  const replaced: { readonly before: AreaCheck; readonly after: AreaCheck }[] = [];
  const added: AreaCheck[] = [];
  for (const area of incoming) {
    const place = all.findIndex((each) => areaKey(each) === areaKey(area));
    const before = all[place];
    if (before === undefined) {
      all.push(area);
      added.push(area);
    } else if (AREA_COUNTS.some((part) => before[part] !== area[part])) {
      if (replace) {
        all[place] = area;
        replaced.push({ before, after: area });
      } else conflicts.push(area);
    }
  }
  return { areas: all, added, replaced, conflicts };
}
