/** Finds the heading row of a ledger and what each of its columns means. Pure. */
import type { LedgerField } from "../reference/ledger-fields.ts";
import { canonicalText, foldWidth } from "../text/canonical.ts";
import { ChouqianError, type Problem } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { canonicalCells, isNumbering, readings } from "./heading-levels.ts";
import type { LedgerRow } from "./ledger-row.ts";
import { NO_VALUE_MAPS, type ValueMaps } from "./value-maps.ts";

/** The frame's own columns; the ledger's other columns follow them. */
export const CORE_COLUMNS = ["id", "class", "city", "county", "name"] as const;
export type CoreColumn = (typeof CORE_COLUMNS)[number];
/** Columns without which a ledger is no frame. */
export const REQUIRED: readonly CoreColumn[] = ["id", "class", "city", "name"];

/** Headings named by hand: field key → headings, several of which are joined to one value. */
export type ColumnMap = ReadonlyMap<string, readonly string[]>;

export interface Header {
  /** Row of the headings, counting from 1. */
  readonly row: number;
  /** Headings in canonical form, made distinct; empty ones are called 列A, 列B, … */
  readonly headings: readonly string[];
  /** Positions of the columns that make up each field. */
  readonly fields: ReadonlyMap<string, readonly number[]>;
  /** Values of fields that the table has no column for, the same in every row. */
  readonly constants: Constants;
  /** What the office's own words for classes and statuses mean. */
  readonly values: ValueMaps;
}

/** Values given by hand for fields that a ledger of one class or one city leaves out: field key → text. */
export type Constants = ReadonlyMap<string, string>;
/** Fields that may be given so. */
export const CONSTANT_FIELDS: readonly string[] = ["class", "city", "county"];

/** How far down a heading row is looked for, under titles and notes. */
export const HEADER_SEARCH_ROWS = 30;

/**
 * Finds the heading row: the first of the leading rows that names the most of the columns that a frame needs.
 * @param rows the first rows of the table
 * @returns undefined where no row names at least two of them
 */
export function findHeader(
  rows: readonly LedgerRow[],
  ledgerFields: readonly LedgerField[],
  map: ColumnMap,
  constants: Constants = new Map(),
  values: ValueMaps = NO_VALUE_MAPS,
): Header | undefined {
  let best: { header: Header; found: number } | undefined;
  const coreOf = (names: readonly string[]) => {
    const matched = matchFields(distinct(names), ledgerFields, map);
    return CORE_COLUMNS.flatMap((column) => matched.get(column) ?? []);
  };
  const leading = rows.slice(0, HEADER_SEARCH_ROWS).map(({ row, cells }) => ({ row, cells: canonicalCells(cells) }));
  for (const [index, own] of leading.entries()) {
    for (const { last, headings } of readings(leading, index, coreOf)) {
      const named = distinct(headings);
      const matched = matchFields(named, ledgerFields, map);
      const found = CORE_COLUMNS.filter((column) => matched.has(column)).length;
      if (found < 2 || found <= (best?.found ?? 0)) continue;
      const numbers = leading[index + last - own.row + 1];
      const row = numbers?.row === last + 1 && isNumbering(numbers.cells) ? numbers.row : last;
      const constant = new Map([...constants].filter(([key]) => !matched.has(key)));
      best = { header: { row, headings: named, fields: matched, constants: constant, values }, found };
    }
  }
  return best?.header;
}

/** Columns that hold nothing but a core field. Parts of a composite id stay columns of their own as well. */
export function corePositions(header: Header): ReadonlySet<number> {
  return new Set(
    CORE_COLUMNS.flatMap((column) => {
      const positions = header.fields.get(column) ?? [];
      return positions.length === 1 ? positions : [];
    }),
  );
}

/** What keeps a header from being used: required columns that were not found, headings of `--map` that do not exist. */
export function headerProblems(
  header: Header,
  map: ColumnMap,
  fields: readonly LedgerField[],
  at: Problem["at"],
): Problem[] {
  const problems: Problem[] = [];
  const place = { ...at, row: header.row };
  for (const column of REQUIRED.filter((name) => !header.fields.has(name) && !header.constants.has(name))) {
    const field = fields.find(({ key }) => key === column);
    const name = field?.name ?? column;
    const wanted = map.get(column)?.join("+");
    const example = { class: "工业源", city: "汕头" }[column as string];
    const given =
      example === undefined
        ? words("", "")
        : words(
            `；整份名录同一值时：--set ${column}=${example}`,
            `; where it is one for all rows: --set ${column}=${example}`,
          );
    problems.push({
      code: "E-FRAME-NO-COLUMN",
      message:
        wanted === undefined
          ? words(`表头里没有“${name}”列`, `the headings name no column for "${column}"`)
          : words(`表头里没有 --map 指定的“${wanted}”`, `no heading "${wanted}" as --map says`),
      at: { ...place, value: header.headings.filter((heading) => heading !== "").join("、") },
      advice: words(
        `如果该列用了别的名称，请指定：--map ${column}=表头中的名称（可认的名称：${[name, ...(field?.headings ?? [])].slice(0, 5).join("、")} 等）${given.zh}`,
        `if the column has another heading, name it: --map ${column}=HEADING${given.en}`,
      ),
    });
  }
  return [...problems, ...repeatedColumns(header, map, place)];
}

/** Columns that decide what a unit is and stand there twice: which of them counts is not for the program to choose. */
function repeatedColumns(header: Header, map: ColumnMap, place: Problem["at"]): Problem[] {
  return REQUIRED.flatMap((column) => {
    const [position, ...others] = header.fields.get(column) ?? [];
    const name = header.headings[position ?? -1];
    const second = header.headings.find((heading) => heading.toLowerCase() === `${name?.toLowerCase()} (2)`);
    if (name === undefined || others.length > 0 || second === undefined || map.has(column)) return [];
    return [
      {
        code: "E-FRAME-TWO-COLUMNS",
        message: words(`有两列都叫“${name}”`, `two columns are headed "${name}"`),
        at: { ...place, column: name },
        advice: words(
          `删去或改名其中一列；确认用左边一列的，写 --map ${column}=${name}`,
          `remove or rename one; to take the left one write --map ${column}=${name}`,
        ),
      },
    ];
  });
}

/**
 * Parses `--set class=工业源`.
 * @throws ChouqianError E-USAGE-SET
 */
export function parseConstants(options: readonly string[], fields: readonly LedgerField[]): Constants {
  return parseFieldOptions(
    options,
    fields,
    (key, text) => {
      const value = canonicalText(text);
      if (CONSTANT_FIELDS.includes(key) && value !== "") return value;
      return undefined;
    },
    unreadableConstant,
  );
}

function unreadableConstant(option: string): ChouqianError {
  return new ChouqianError("E-USAGE-SET", {
    message: words(`--set ${option} 看不懂`, `cannot read --set ${option}`),
    advice: words(
      "写成 字段=取值，例如 --set class=工业源、--set city=汕头；字段只能是 class、city、county",
      "write field=value, such as --set class=industrial; fields: class, city, county",
    ),
  });
}

/** Parses `--map field=heading` and `--map field=heading+heading`; a field goes by its key or its Chinese name. */
export function parseColumnMap(options: readonly string[], fields: readonly LedgerField[]): ColumnMap {
  return parseFieldOptions(
    options,
    fields,
    (_, text) => {
      const headings = text.split("+").map(canonicalText);
      return headings.some((heading) => heading === "") ? undefined : headings;
    },
    unreadableMap,
  );
}

function unreadableMap(option: string): ChouqianError {
  return new ChouqianError("E-USAGE-MAP", {
    message: words(`--map ${option} 看不懂`, `cannot read --map ${option}`),
    advice: words(
      "写成 字段=列名，例如 --map id=社会信用代码；字段可用 id、class、city、county、name 或字段表里的中文名",
      "write field=heading, such as --map id=Code; fields: id, class, city, county, name, …",
    ),
  });
}

/** Reads options `field=text`; a field goes by its key or its Chinese name. */
function parseFieldOptions<Value>(
  options: readonly string[],
  fields: readonly LedgerField[],
  readValue: (key: string, text: string) => Value | undefined,
  unreadable: (option: string) => ChouqianError,
): Map<string, Value> {
  const values = new Map<string, Value>();
  for (const option of options) {
    const [, name = "", text = ""] = /^([^=]+)=(.*)$/s.exec(option) ?? [];
    const field = fields.find(({ key, name: fieldName }) => [key, fieldName].includes(canonicalText(name)));
    const value = field === undefined ? undefined : readValue(field.key, text);
    if (field === undefined || value === undefined) throw unreadable(option);
    values.set(field.key, value);
  }
  return values;
}

function matchFields(
  headings: readonly string[],
  ledgerFields: readonly LedgerField[],
  map: ColumnMap,
): ReadonlyMap<string, readonly number[]> {
  const plainHeadings = headings.map(plainHeading);
  const matches = new Map<string, readonly number[]>();
  const taken = new Set<number>();
  const take = (key: string, positions: readonly number[]) => {
    if (positions.length === 0 || positions.some((position) => position < 0)) return;
    matches.set(key, positions);
    for (const position of positions) taken.add(position);
  };
  for (const [key, wanted] of map) {
    take(
      key,
      wanted.map((heading) => plainHeadings.indexOf(plainHeading(heading))),
    );
  }
  for (const field of ledgerFields) {
    // A column that a frame needs must be where it is said to be; another may go by its usual heading as well.
    if (matches.has(field.key) || (map.has(field.key) && REQUIRED.some((key) => key === field.key))) continue;
    const position = knownHeadings(field)
      .map((known) => plainHeadings.findIndex((plain, at) => plain === known && !taken.has(at)))
      .find((at) => at >= 0);
    if (position !== undefined) take(field.key, [position]);
  }
  const lower = headings.map(lowerLevel);
  for (const field of ledgerFields) {
    if (matches.has(field.key) || map.has(field.key)) continue;
    const isKnown = (plain: string | undefined) => plain !== undefined && knownHeadings(field).includes(plain);
    const positions = lower.flatMap((plain, at) => (isKnown(plain) && !taken.has(at) ? [at] : []));
    if (positions.length === 1) take(field.key, positions);
  }
  return matches;
}

/**
 * The lowest of a heading's levels, as it is compared: `地址信息/县区` may be the county. A word that means nothing
 * without those over it (`主要产品/名称`) is left alone.
 */
function lowerLevel(heading: string): string | undefined {
  const [, upper = "", lower] = /^(.+)\/([^/]+)$/.exec(heading) ?? [];
  if (lower === undefined) return undefined;
  const isOfUnit = upper.split("/").every((group) => OF_UNIT.test(group));
  return AMBIGUOUS_ALONE.includes(plainHeading(lower)) && !isOfUnit ? undefined : plainHeading(lower);
}

const OF_UNIT = /^(单位|企业|普查对象|对象|基本)?(基本)?(信息|情况)?$/;
const AMBIGUOUS_ALONE: readonly string[] = ["名称", "代码", "编号", "编码", "类别", "类型", "状态", "单位", "ID"];

const plainHeadingsOf = new WeakMap<LedgerField, readonly string[]>();

/** The headings by which a field is known, as they are compared; worked out once. */
function knownHeadings(field: LedgerField): readonly string[] {
  const known = plainHeadingsOf.get(field) ?? [field.name, ...field.headings].map(plainHeading);
  plainHeadingsOf.set(field, known);
  return known;
}

/** A heading as it is compared: no white space, half-width, no unit in brackets at its end. */
function plainHeading(heading: string): string {
  const plain = foldWidth(canonicalText(heading)).replace(/[\s*＊:：]/g, "");
  return plain.replace(/(.)[（(][^（()）]*[)）]$/, "$1").toUpperCase();
}

/**
 * Gives every column a name of its own, so that no cell is lost to a repeated or empty heading. Names that differ in
 * upper and lower case alone count as the same, since the table engine takes them so.
 */
function distinct(headings: readonly string[]): readonly string[] {
  const seen = new Map<string, number>(CORE_COLUMNS.map((column) => [column, 1]));
  return headings.map((heading, position) => {
    const name = heading === "" ? `列${columnLetters(position)}` : heading;
    const key = name.toLowerCase();
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return count === 1 ? name : `${name} (${count})`;
  });
}

/** Letters by which a spreadsheet names a column: 0 → A, 26 → AA. */
export function columnLetters(position: number): string {
  const letters = String.fromCharCode(65 + (position % 26));
  return position < 26 ? letters : columnLetters(Math.floor(position / 26) - 1) + letters;
}
