/**
 * Marks by which a filled sheet tells what its cells mean, wherever it was copied, renamed or sorted (docs/records.md):
 * written by the record workbooks, read when they come back. Pure.
 */
import { canonicalCode, canonicalJson } from "../text/canonical.ts";

export const MARK_SPEC = "record-workbook/1";

/** The sheet that says what a workbook was given out with; Excel does not offer to unhide it. */
export const IDENTITY_SHEET = "_chouqian";

/** What a marked column's cells hold. */
export const PARTS = ["unit", "item", "code", "reported", "found", "way", "ruling", "result", "cause", "note"] as const;
export type Part = (typeof PARTS)[number];

/** How a value was checked. */
export const CHECK_WAYS = ["资料", "现场", "电话"] as const;
/** What came of it: what a ruling may say, and what the result's formula shows. */
export const CHECK_RESULTS = ["无误", "差错", "不适用"] as const;
/** What stands for a result where the value reported is still to be copied from the census form. */
export const UNCOPIED = "待抄录";
/** What became of the visit: checked, notFound, refused, closed. */
export const CHECK_OUTCOMES = ["已核查", "未找到", "拒绝核查", "已关停"] as const;
/** Why a value is wrong; an inspector may write another reason. */
export const CHECK_CAUSES = [
  "漏填漏报",
  "计量单位错误",
  "数据录入错误",
  "统计口径错误",
  "代码或分类错误",
  "核算方法或系数错误",
  "与凭证不符",
  "其他",
] as const;

/** A cause as it was written: by its name, or by the number that stands beside it on paper. */
export function causeNamed(written: string): string {
  return /^[1-9]$/.test(written) ? (CHECK_CAUSES[Number(written) - 1] ?? written) : written;
}

/** Items of a record that are no indicators. */
export const HEAD_ITEMS = {
  id: "#id",
  outcome: "#outcome",
  date: "#date",
  inspectors: "#inspectors",
  companion: "#companion",
  team: "#team",
  conclusion: "#conclusion",
  rectify: "#rectify",
  note: "#note",
} as const;
const EVIDENCE = "#evidence/";

export function evidenceItem(name: string): string {
  return `${EVIDENCE}${name}`;
}

/** What a sheet says of itself. */
export interface Passport {
  readonly roundId: string;
  readonly manifestDigest: string;
  /** Name and digest of the form template. */
  readonly form: string;
  readonly formDigest: string;
  readonly layout: "source" | "rows";
}

export function passportText({ roundId, manifestDigest, form, formDigest, layout }: Passport): string {
  return canonicalJson({ chouqian: MARK_SPEC, roundId, manifestDigest, form, formDigest, layout });
}

/** The mark of a column: `@found`, or with the item in the layout `rows`: `G101-2.02@found`. */
export function mark(part: Part, item = ""): string {
  return `${item}@${part}`;
}

/** All that a sheet says of one item of one unit; a part that is empty is absent. */
export interface MarkedItem {
  readonly unit: string;
  readonly item: string;
  /** The row, counted from 1, for messages. */
  readonly row: number;
  readonly values: Readonly<Partial<Record<Exclude<Part, "unit" | "item" | "code">, string>>>;
  /** Column of each part, empty or not, counted from 0. */
  readonly columns: Readonly<Partial<Record<Part, number>>>;
}

/** A visible code or id that says otherwise than the hidden mark. */
export interface Conflict {
  readonly row: number;
  readonly marked: string;
  readonly seen: string;
}

/** A row that was filled in and shows whose it is, but has lost the mark that says so. */
export interface UnmarkedRow {
  readonly row: number;
  /** Column of the code or the id that it shows, counted from 0. */
  readonly column: number;
  /** The visible code of an indicator, or in the layout `rows` the visible id. */
  readonly seen: string;
  /** The row's own unit, else that of the row above, else of the next below; undefined where no row says one. */
  readonly unit: string | undefined;
}

export interface MarkedSheet {
  readonly passport: Passport;
  /** All that differ, where sheets were put together. */
  readonly passports: readonly Passport[];
  /** In the order of rows, then of columns; head items among them. */
  readonly items: readonly MarkedItem[];
  /** Rows that must not be taken: their marks and what people see fell apart. */
  readonly conflicts: readonly Conflict[];
  /** Rows that must not be passed by. */
  readonly unmarked: readonly UnmarkedRow[];
}

/** A row as `xlsx/read.ts` gives it. */
interface Row {
  readonly row: number;
  readonly cells: readonly string[];
}

/**
 * Reads a sheet by its marks; undefined where it bears none. Sheets that were put one below the other each have their own
 * mark row; a row that was sorted above the first belongs to it.
 */
export function readMarks(rows: readonly Row[]): MarkedSheet | undefined {
  const passports = [...new Set(rows.flatMap(({ cells }) => cells.filter(isPassport)))].flatMap(readPassport);
  const [passport] = passports;
  const first = rows.find(isMarkRow);
  if (passport === undefined || first === undefined) return undefined;
  let marks = marksOf(first);
  const items: MarkedItem[] = [];
  const conflicts: Conflict[] = [];
  const unmarked: UnmarkedRow[] = [];
  let above: string | undefined;
  for (const one of rows) {
    if (isMarkRow(one)) {
      marks = marksOf(one);
      above = undefined;
      continue;
    }
    const { row, cells } = one;
    const unit = (cells[marks.unit] ?? "").trim();
    if (isPassport(unit)) continue;
    const lost = lostMark(one, marks);
    if (lost !== undefined) unmarked.push({ row, ...lost, unit: unit || above });
    if (unit === "") continue;
    above = unit;
    const byItem = itemsOfRow(cells, marks.columns, (cells[marks.item] ?? "").trim());
    for (const [item, { values, columns: at }] of byItem) {
      const { code, ...others } = values;
      if (code !== undefined && !item.startsWith("#") && code !== item)
        conflicts.push({ row, marked: item, seen: code });
      if (item === HEAD_ITEMS.id && others.found !== unit) {
        conflicts.push({ row, marked: unit, seen: others.found ?? "" });
      }
      items.push({ unit, item, row, values: others, columns: at });
    }
  }
  const placed = unmarked.map((each) => ({
    ...each,
    unit: each.unit ?? items.find(({ row }) => row > each.row)?.unit,
  }));
  return { passport, passports, items, conflicts, unmarked: placed };
}

/** An indicator's code. */
export const CODE = /^[A-Z]\d{3}(-\d+)?\.\d{2}$/;
/** What people fill in. */
const FILLED_IN: readonly Part[] = ["found", "way", "ruling", "cause", "note"];

/** What a row shows of whose it is, where a mark is empty that it needs and something was filled in. */
function lostMark({ cells }: Row, { columns, unit, item }: Marks): Pick<UnmarkedRow, "column" | "seen"> | undefined {
  const isEmpty = (column: number) => (cells[column] ?? "").trim() === "";
  if (!isEmpty(unit) && (item < 0 || !isEmpty(item))) return undefined;
  const isOwnItem = item >= 0;
  const shown = columns.find((each) =>
    isOwnItem ? each.part === "code" && each.item === "" : each.item === HEAD_ITEMS.id,
  );
  if (shown === undefined) return undefined;
  const seen = canonicalCode(cells[shown.column] ?? "");
  // the headings stand below the marks too
  if (!(isOwnItem ? CODE : /^[0-9A-Z-]*\d[0-9A-Z-]*$/).test(seen)) return undefined;
  const isFilled = columns.some(
    (each) => each !== shown && FILLED_IN.includes(each.part) && each.item !== HEAD_ITEMS.team && !isEmpty(each.column),
  );
  return isFilled ? { column: shown.column, seen } : undefined;
}

/** A version of the marks that this program does not know, where a sheet tells of one; empty where its passport is torn. */
export function strangeVersion(rows: readonly Row[]): string | undefined {
  for (const { cells } of rows) {
    for (const text of cells) {
      if (!text.startsWith('{"chouqian"') || (isPassport(text) && readPassport(text).length > 0)) continue;
      return isPassport(text) ? "" : (/^\{"chouqian"\s*:\s*"([^"]*)"/.exec(text)?.[1] ?? "");
    }
  }
  return undefined;
}

/** Whether any cell of a sheet is a mark: it was a form, whatever is left of it. */
export function hasMarks(rows: readonly Row[]): boolean {
  return rows.some(({ cells }) =>
    cells.some(
      (text) =>
        text.startsWith('{"chouqian"') ||
        text === mark("unit") ||
        text === mark("item") ||
        text.endsWith(mark("found")),
    ),
  );
}

function isPassport(text: string): boolean {
  return text.startsWith(`{"chouqian":"${MARK_SPEC}"`);
}

function isMarkRow({ cells }: Row): boolean {
  return cells.includes(mark("unit"));
}

interface Marks {
  readonly columns: readonly MarkedColumn[];
  readonly unit: number;
  /** -1 where columns say the item. */
  readonly item: number;
}

/** Columns of a mark row. */
function marksOf({ cells }: Row): Marks {
  return {
    columns: cells.flatMap((text, column) => markedColumn(text, column)),
    unit: cells.indexOf(mark("unit")),
    item: cells.indexOf(mark("item")),
  };
}

function readPassport(text: string): Passport[] {
  try {
    const { roundId, manifestDigest, form, formDigest, layout } = JSON.parse(text) as Record<string, unknown>;
    const texts = [roundId, manifestDigest, form, formDigest];
    if (texts.some((each) => typeof each !== "string") || (layout !== "source" && layout !== "rows")) return [];
    return [{ roundId, manifestDigest, form, formDigest, layout } as Passport];
  } catch {
    return [];
  }
}

interface MarkedColumn {
  readonly column: number;
  readonly item: string;
  readonly part: Exclude<Part, "unit" | "item">;
}

function markedColumn(text: string, column: number): MarkedColumn[] {
  const at = text.lastIndexOf("@");
  const part = PARTS.find((each) => each === text.slice(at + 1));
  return at < 0 || part === undefined || part === "unit" || part === "item"
    ? []
    : [{ column, item: text.slice(0, at), part }];
}

/** Values of a row by item, those that are empty left out; an item stays that has no value at all. */
function itemsOfRow(cells: readonly string[], columns: readonly MarkedColumn[], itemOfRow: string) {
  type PerPart<T> = Partial<Record<MarkedColumn["part"], T>>;
  const items = new Map<string, { values: PerPart<string>; columns: PerPart<number> }>();
  for (const { column, item, part } of columns) {
    const name = item === "" ? itemOfRow : item;
    if (name === "") continue;
    const found = items.get(name) ?? { values: {}, columns: {} };
    const text = cells[column] ?? "";
    if (text.trim() !== "") found.values[part] = text;
    found.columns[part] = column;
    items.set(name, found);
  }
  return items;
}
