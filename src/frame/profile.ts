/** What a locked frame consists of: units by city and class, by industry section, by status, and counties that stand out. */
import { SOURCE_CLASSES, type SourceClass } from "../reference/classes.ts";
import { readCodesTable } from "../reference/codes-table.ts";
import { divisionName, findCounty } from "../reference/divisions.ts";
import { canonicalCode, compareBytes } from "../text/canonical.ts";
import { type Engine, sqlName } from "./engine.ts";
import type { LockedColumn } from "./lock-record.ts";
import { type Comparison, compareShare, dispersionOf, tailOf, uncompared, type Yardstick } from "./profile-rules.ts";
import { NO_VALUE_MAPS, statusOf, type ValueMaps } from "./value-maps.ts";

/** Statuses of the census, then no status, then a text that is none of them. */
export const STATUSES = ["运行", "停产", "关闭", "其他", "未填", "不规范"] as const;
export type Status = (typeof STATUSES)[number];
/** The statuses that count as stated: what shares are taken of. */
const STATED = ["运行", "停产", "关闭", "其他"] as const satisfies readonly Status[];
/** The statuses whose shares are compared by county, since each such unit needs evidence and a visit or call. */
export const COMPARED = ["关闭", "其他"] as const satisfies readonly Status[];
export type ComparedStatus = (typeof COMPARED)[number];

export type ClassCounts = Readonly<Record<SourceClass, number>>;
export type StatusCounts = Readonly<Record<Status, number>>;

export interface FrameProfile {
  readonly units: number;
  readonly byClass: ClassCounts;
  /** Cities with units, in the order of their codes. */
  readonly cities: readonly CityProfile[];
  /** Sections with units in the order of their letters, then 未填 and 不规范; null where no column holds a code. */
  readonly sections: readonly SectionProfile[] | null;
  /** Null where no column holds a status. */
  readonly status: StatusProfile | null;
  /** Counties with units: by city, then codes before other names, last those that name none. */
  readonly counties: readonly CountyProfile[];
}

/** Units of one place or kind. */
export interface Counted {
  readonly units: number;
  readonly byClass: ClassCounts;
}

export interface CityProfile extends Counted {
  readonly code: string;
  readonly name: string;
  /** Statuses by class; null where no column holds one. */
  readonly statuses: Readonly<Record<SourceClass, StatusCounts>> | null;
}

export interface SectionProfile extends Counted {
  /** Letter of GB/T 4754-2017, or empty for 未填 and 不规范. */
  readonly letter: string;
  readonly name: string;
}

export interface StatusProfile {
  readonly counts: StatusCounts;
  /** Units whose status is one of the census's four. */
  readonly stated: number;
  /** Shares of the whole frame, of the units stated; null where none is. */
  readonly shares: Readonly<Record<ComparedStatus, number>> | null;
  /** Counties with a name and stated units. */
  readonly comparedCounties: number;
  /** What counties are compared with; null where fewer than two can be compared. */
  readonly yardsticks: Readonly<Record<ComparedStatus, Yardstick>> | null;
}

export interface CountyProfile extends Counted {
  readonly city: string;
  readonly cityName: string;
  /** Code of the county, or what the ledger says instead; empty where it says nothing. */
  readonly county: string;
  readonly name: string;
  /** Null where the frame holds no status. */
  readonly shares: Readonly<Record<ComparedStatus, Comparison>> | null;
}

/** How units without a county are called. */
export const NO_COUNTY = "县区未填";

/**
 * Profiles the table or view `units` of an engine. All rows are grouped by the engine on their raw values; only
 * distinct values come here. Where several columns hold one field, the first that is not empty counts.
 * @param columns the columns of the table with the fields that they hold
 * @param values what the office's own words for statuses mean
 */
export async function profileFrame(
  engine: Engine,
  columns: readonly LockedColumn[],
  values: ValueMaps = NO_VALUE_MAPS,
): Promise<FrameProfile> {
  const statusValue = fieldSql(columns, "status");
  const codeValue = fieldSql(columns, "industryCode");
  const groups = (await engine.query<RawGroup>(countBy(statusValue ?? "''"))).map((raw) => readGroup(raw, values));
  const counties = byKey(groups, ({ city, county }) => `${city}\n${countyOrder(county)}`).map(([, own]) => own);
  const status = statusValue === undefined ? null : statusProfile(groups, counties);
  return {
    ...counted(groups),
    cities: byKey(groups, ({ city }) => city).map(([code, own]) => cityProfile(code, own, status !== null)),
    sections: codeValue === undefined ? null : sectionProfiles(await engine.query<RawCode>(countCodes(codeValue))),
    status,
    counties: counties.map((own) => countyProfile(own, status)),
  };
}

/** SQL for the first value that is not empty among the columns of a field; undefined where there is none. */
function fieldSql(columns: readonly LockedColumn[], field: string): string | undefined {
  const own = columns.filter((column) => column.field === field).map(({ name }) => `nullif(${sqlName(name)}, '')`);
  return own.length === 0 ? undefined : `coalesce(${own.join(", ")}, '')`;
}

/** Units by place, class and status as the ledger writes it. */
function countBy(status: string): string {
  return `
    SELECT "city" AS city, "county" AS county, "class" AS class, ${status} AS status, count(*)::DOUBLE AS units
    FROM units GROUP BY ALL`;
}

/** Units by class and industry code as the ledger writes it. */
function countCodes(code: string): string {
  return `SELECT "class" AS class, ${code} AS code, count(*)::DOUBLE AS units FROM units GROUP BY ALL`;
}

interface RawGroup {
  readonly city: string;
  readonly county: string;
  readonly class: string;
  readonly status: string;
  readonly units: number;
}

interface RawCode {
  readonly class: string;
  readonly code: string;
  readonly units: number;
}

interface Group {
  readonly city: string;
  readonly county: string;
  readonly sourceClass: SourceClass;
  readonly status: Status;
  readonly units: number;
}

function readGroup(raw: RawGroup, values: ValueMaps): Group {
  const { city, county, units } = raw;
  return {
    city,
    county: findCounty(city, county) ?? county,
    sourceClass: classOf(raw.class),
    status: statedStatus(raw.status, values),
    units,
  };
}

function classOf(text: string): SourceClass {
  const known = SOURCE_CLASSES.find((each) => each === text);
  if (known === undefined) throw new RangeError(`a locked frame holds no class ${text}`);
  return known;
}

function statedStatus(text: string, values: ValueMaps): Status {
  if (text.trim() === "") return "未填";
  const found = statusOf(values, text);
  return STATED.find((status) => status === found) ?? "不规范";
}

/** Codes before other names, those before none. */
function countyOrder(county: string): string {
  return county === "" ? "3" : `${/^\d{6}(\d{3})?$/.test(county) ? 1 : 2}${county}`;
}

/** Groups by a key, in byte order of the keys. */
function byKey<Item>(items: readonly Item[], key: (item: Item) => string): [string, Item[]][] {
  const found = new Map<string, Item[]>();
  for (const item of items) {
    const own = found.get(key(item));
    if (own) own.push(item);
    else found.set(key(item), [item]);
  }
  return [...found].sort(([a], [b]) => compareBytes(a, b));
}

function counted(groups: readonly { readonly sourceClass: SourceClass; readonly units: number }[]): Counted {
  const byClass = Object.fromEntries(SOURCE_CLASSES.map((each) => [each, 0])) as Record<SourceClass, number>;
  let units = 0;
  for (const group of groups) {
    byClass[group.sourceClass] += group.units;
    units += group.units;
  }
  return { units, byClass };
}

function countStatuses(groups: readonly Group[]): StatusCounts {
  const counts = Object.fromEntries(STATUSES.map((each) => [each, 0])) as Record<Status, number>;
  for (const { status, units } of groups) counts[status] += units;
  return counts;
}

function statedOf(counts: StatusCounts): number {
  return STATED.reduce((sum, status) => sum + counts[status], 0);
}

function cityProfile(code: string, groups: readonly Group[], hasStatus: boolean): CityProfile {
  const ofClass = (wanted: SourceClass) => countStatuses(groups.filter(({ sourceClass }) => sourceClass === wanted));
  const statuses = Object.fromEntries(SOURCE_CLASSES.map((each) => [each, ofClass(each)]));
  return {
    code,
    name: divisionName(code),
    ...counted(groups),
    statuses: hasStatus ? (statuses as Record<SourceClass, StatusCounts>) : null,
  };
}

function statusProfile(groups: readonly Group[], counties: readonly (readonly Group[])[]): StatusProfile {
  const counts = countStatuses(groups);
  const stated = statedOf(counts);
  const compared = counties
    .filter(([first]) => first?.county !== "")
    .map(countStatuses)
    .filter((own) => statedOf(own) > 0);
  const tail = tailOf(compared.length * COMPARED.length);
  const yardstick = (each: ComparedStatus): Yardstick => {
    const expected = counts[each] / stated;
    const shares = compared.map((own) => ({ count: own[each], of: statedOf(own) }));
    return { expected, tail, dispersion: dispersionOf(shares, expected) };
  };
  return {
    counts,
    stated,
    shares: stated === 0 ? null : { 关闭: counts.关闭 / stated, 其他: counts.其他 / stated },
    comparedCounties: compared.length,
    yardsticks: compared.length < 2 ? null : { 关闭: yardstick("关闭"), 其他: yardstick("其他") },
  };
}

function countyProfile(groups: readonly Group[], status: StatusProfile | null): CountyProfile {
  const [{ city, county } = { city: "", county: "" }] = groups;
  const place = { city, cityName: divisionName(city), county, name: county === "" ? NO_COUNTY : divisionName(county) };
  if (status === null) return { ...place, ...counted(groups), shares: null };
  const counts = countStatuses(groups);
  const compare = (each: ComparedStatus): Comparison => {
    const yardstick = status.yardsticks?.[each];
    if (county === "" || yardstick === undefined)
      return uncompared(counts[each], statedOf(counts), status.shares?.[each] ?? 0);
    return compareShare(counts[each], statedOf(counts), yardstick);
  };
  return { ...place, ...counted(groups), shares: { 关闭: compare("关闭"), 其他: compare("其他") } };
}

/** Sections of GB/T 4754-2017 with their first and last two-digit division. */
export const SECTIONS = readCodesTable("industry-sections.csv").map(([letter = "", name = "", first, last]) => ({
  letter,
  name,
  first: Number(first),
  last: Number(last),
}));
const WITHOUT_SECTION = ["未填", "不规范"] as const;

function sectionProfiles(rows: readonly RawCode[]): SectionProfile[] {
  const sorted = rows.map((row) => ({ ...row, sourceClass: classOf(row.class), section: sectionOf(row.code) }));
  const all = [...SECTIONS, ...WITHOUT_SECTION.map((name) => ({ letter: "", name }))];
  return all
    .map(({ letter, name }) => {
      const own = sorted.filter(({ section }) => section === (letter === "" ? name : letter));
      return { letter, name, ...counted(own) };
    })
    .filter(({ units }) => units > 0);
}

/**
 * Letter of the section that an industry code of 2 to 4 digits belongs to, with its letter before it or without; of
 * several codes the first counts. 未填 for no code, 不规范 for what begins with no division.
 */
export function sectionOf(code: string): string {
  const plain = canonicalCode(code);
  if (plain === "") return "未填";
  const [, division] = /^[A-T]?(\d{2})\d{0,2}(?!\d)/.exec(plain) ?? [];
  const section = SECTIONS.find(({ first, last }) => Number(division) >= first && Number(division) <= last);
  return section?.letter ?? "不规范";
}
