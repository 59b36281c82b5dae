/** Administrative divisions of Guangdong: cities, counties (April 2019), towns of Dongguan and Zhongshan (2019). */
import { canonicalText, foldWidth } from "../text/canonical.ts";
import { readCodesTable } from "./codes-table.ts";

export type DivisionLevel = "province" | "prefecture" | "county" | "town";

export interface Division {
  /** Six digits; towns of the two cities without counties have nine. */
  readonly code: string;
  readonly name: string;
  readonly parent: string;
  readonly level: DivisionLevel;
}

export const DIVISIONS: readonly Division[] = readCodesTable("divisions.csv").map(
  ([code = "", name = "", parent = "", level = ""]) => ({ code, name, parent, level: level as DivisionLevel }),
);

const BY_CODE = new Map(DIVISIONS.map((division) => [division.code, division]));

/** The 21 prefecture-level cities in the order of their codes. */
export const CITIES: readonly Division[] = DIVISIONS.filter((division) => division.level === "prefecture");

/** Whether there is a division with this code. */
export function isDivision(code: string): boolean {
  return BY_CODE.has(code);
}

/** Name of a division, or the code itself where it is none. */
export function divisionName(code: string): string {
  return BY_CODE.get(code)?.name ?? code;
}

const CITY_BY_SPELLING = spellings(CITIES, /市$/, 2);

/**
 * Finds a city by its name with or without 市, with 广东 or 广东省 before it, or by its code in 4, 6 or 12 digits.
 * @returns its six-digit code, or undefined
 */
export function findCity(text: string): string | undefined {
  const plain = foldWidth(canonicalText(text)).replace(/\s/g, "");
  if (/^\d+$/.test(plain)) return cityOfCode(plain);
  return CITY_BY_SPELLING.get(plain.replace(/^广东省?/, ""));
}

/**
 * City and county of an area code of 6 to 13 characters, such as one of a census area.
 * @returns undefined where its first six digits are no county of the province (nor Dongguan or Zhongshan)
 */
export function divisionOfCode(code: string): { readonly city: string; readonly county: string } | undefined {
  const division = /^\d{6}(\d{3}|\d{6}[0-9A-Z]?)?$/.test(code) ? BY_CODE.get(code.slice(0, 6)) : undefined;
  if (division === undefined || division.level === "province") return undefined;
  return { city: division.level === "prefecture" ? division.code : division.parent, county: division.code };
}

/** City of a division code of 4, 6, 9, 12 or 13 characters. */
function cityOfCode(code: string): string | undefined {
  const city = `${code.slice(0, 4)}00`;
  return BY_CODE.get(city)?.level === "prefecture" && code.length >= 4 ? city : undefined;
}

/** Suffixes by which people shorten a county's or town's name. */
const COUNTY_SUFFIX = /(自治县|街道办事处|街道|区|县|市|镇)$/;

const COUNTIES_BY_CITY = new Map(
  CITIES.map((city) => {
    const counties = DIVISIONS.filter((division) => division.parent === city.code);
    return [city.code, spellings(counties, COUNTY_SUFFIX, 2)];
  }),
);

/**
 * Finds a county (or a town of Dongguan and Zhongshan) of a city by its name, a shortened name that is clear within
 * the city, or its code. Names are no keys in the province, so the city must be known.
 * @returns its code (6 digits, towns 9), or undefined
 */
export function findCounty(cityCode: string, text: string): string | undefined {
  const plain = foldWidth(canonicalText(text)).replace(/\s/g, "");
  if (/^\d{6,13}$/.test(plain)) {
    const found = BY_CODE.get(plain) ?? BY_CODE.get(plain.slice(0, 9)) ?? BY_CODE.get(plain.slice(0, 6));
    return found?.parent === cityCode ? found.code : undefined;
  }
  const names = COUNTIES_BY_CITY.get(cityCode);
  const city = BY_CODE.get(cityCode)?.name ?? "";
  return names?.get(plain) ?? names?.get(plain.replace(/^广东省?/, "").replace(city, ""));
}

const PREFECTURES: ReadonlySet<string> = new Set(
  DIVISIONS.filter(({ level }) => level !== "town").map(({ code }) => code.slice(0, 4)),
);

/** Whether four digits begin division codes of the province; undefined for another province's. */
export function isPrefecture(digits: string): boolean | undefined {
  return digits.startsWith("44") ? PREFECTURES.has(digits) : undefined;
}

/** Counties that are no more since 2005; codes given under them live on. */
const FORMER = new Set(readCodesTable("former-divisions.csv").map(([code = ""]) => code));

/**
 * Whether six digits are a division of the province at which somebody may be registered: the province, a city, a city's
 * own districts as one (`…01`), a county of today or a former one.
 */
export function isRegistrationDivision(code: string): boolean {
  if (BY_CODE.has(code) || FORMER.has(code)) return true;
  return code.endsWith("01") && BY_CODE.get(`${code.slice(0, 4)}00`)?.level === "prefecture";
}

/** All spellings under which each division is known: full name, and the name less its suffix where that is clear. */
function spellings(divisions: readonly Division[], suffix: RegExp, shortest: number): ReadonlyMap<string, string> {
  const known = new Map(divisions.map((division) => [division.name, division.code]));
  const shortened = new Map<string, string | undefined>();
  for (const division of divisions) {
    const short = division.name.replace(suffix, "");
    if (short.length < shortest || known.has(short)) continue;
    shortened.set(short, shortened.has(short) ? undefined : division.code);
  }
  for (const [short, code] of shortened) if (code !== undefined) known.set(short, code);
  return known;
}
