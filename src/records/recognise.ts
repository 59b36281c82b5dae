/**
 * Finds filled forms in the rows of a sheet: by its marks where it bears them (docs/records.md), else by its words. Pure.
 */
import {
  CODE,
  HEAD_ITEMS,
  hasMarks,
  type MarkedItem,
  type Passport,
  readMarks,
  strangeVersion,
} from "../forms/record-marks.ts";
import { canonicalCode } from "../text/canonical.ts";
import type { Problem } from "../text/errors.ts";
import { fault } from "./faults.ts";
import {
  type FilledArea,
  type FilledItem,
  type FilledRow,
  type FilledSheet,
  type FilledSource,
  type FilledValue,
  HEAD_PARTS,
  type HeadPart,
  ITEM_PARTS,
  type ItemPart,
} from "./filled.ts";
import { HEAD_NAMES, PART_NAMES, placeOf, RESULT_NAME, some } from "./places.ts";
import { Walk, type WorkbookIdentity } from "./walk.ts";

/** Reads the rows of the hidden sheet. */
export function readIdentity(rows: readonly FilledRow[]): WorkbookIdentity {
  const value = (key: string) => rows.find(({ cells }) => cells[0] === key)?.cells[1];
  const top = rows.findIndex(({ cells }) => cells[0] === "sheet" && cells[1] === "unit");
  const below = top < 0 ? [] : rows.slice(top + 1);
  const units = new Map<string, string[]>();
  for (const { cells } of below) {
    const [sheet = "", unit = ""] = cells;
    units.set(sheet, [...(units.get(sheet) ?? []), unit]);
  }
  return { claim: { roundId: value("roundId"), manifest: value("manifestDigest") }, units };
}

/** What was found on a sheet, and what keeps it from being read at all. */
export interface Recognised {
  readonly sources: readonly FilledSource[];
  readonly areas: readonly FilledArea[];
  readonly problems: readonly Problem[];
}

/** What is wrong with a row of a marked sheet, and of which unit that is where its mark does not say. */
interface RowFault {
  readonly unit: string | undefined;
  readonly fault: Problem;
}

const NOTHING = { sources: [], areas: [] };

/** The forms on one sheet, in the order in which they stand. */
export function recogniseSheet(file: string, sheet: FilledSheet, identity?: WorkbookIdentity): Recognised {
  const version = strangeVersion(sheet.rows);
  if (version !== undefined) return { ...NOTHING, problems: [unknownVersion(file, sheet, version)] };
  const marked = readMarks(sheet.rows);
  if (marked !== undefined) {
    const { passport, passports, items } = marked;
    const conflicts: RowFault[] = marked.conflicts.map(({ row, marked: mark, seen }) => ({
      unit: undefined,
      fault: fault("E-RECORDS-MIXED", `这一行的标记是 ${mark}，表面上是 ${seen}`, `marked ${mark}, shown as ${seen}`, {
        ...placeOf(file, sheet, row),
        value: seen,
      }),
    }));
    const unmarked: RowFault[] = marked.unmarked.map(({ row, column, seen, unit }) => ({
      unit: passport.layout === "source" ? unit : undefined,
      fault: fault(
        "E-RECORDS-MIXED",
        `第 ${row} 行（${seen}）填了内容，隐藏的标记却没有了，读不出是谁的`,
        `row ${row} (${seen}) is filled in, and its hidden mark is gone`,
        { ...placeOf(file, sheet, row, column), value: seen },
      ),
    }));
    const draws = new Set(passports.map(({ roundId, manifestDigest }) => `${roundId}\n${manifestDigest}`));
    const torn =
      draws.size === 1
        ? []
        : [
            fault(
              "E-RECORDS-TORN",
              "表内有两次抽签的记录表，无法分清",
              "forms of two draws were put into one sheet",
              placeOf(file, sheet, 1),
            ),
          ];
    const sources = markedSources(file, sheet, passport, items, [...conflicts, ...unmarked], torn);
    const ofNobody = unmarked.filter(({ unit }) => unit === undefined).map((each) => each.fault);
    // Where no column is marked for values found, all of them would be read as not filled in.
    const isCut = sources.every(({ items: own }) => own.every(({ cells }) => cells.found === undefined));
    return isCut ? { ...NOTHING, problems: [cutForm(file, sheet)] } : { sources, areas: [], problems: ofNobody };
  }
  const walk = new Walk(file, sheet, identity);
  for (const row of sheet.rows) walk.take(row);
  const found = walk.end();
  const isRead = found.areas.length > 0 || found.sources.some(({ items, faults }) => items.length + faults.length > 0);
  return isRead || !looksLikeForm(sheet)
    ? { ...found, problems: [] }
    : { ...NOTHING, problems: [cutForm(file, sheet)] };
}

/** Whether a sheet of which nothing could be read holds marks, or a column of indicators' codes. */
function looksLikeForm({ rows }: FilledSheet): boolean {
  return hasMarks(rows) || rows.filter(({ cells }) => cells.some((cell) => CODE.test(cell.trim()))).length > 1;
}

function unknownVersion(file: string, sheet: FilledSheet, version: string): Problem {
  const [zh, en] =
    version === ""
      ? ["这张表的隐藏标识残缺", "the hidden identity of the sheet is torn"]
      : [`这张表的版本“${version}”本程序不认识`, `its version ${version} is not known to this program`];
  return fault("E-RECORDS-VERSION", zh, en, { ...placeOf(file, sheet, 1), value: version });
}

function cutForm(file: string, sheet: FilledSheet): Problem {
  return fault(
    "E-RECORDS-SHEET",
    "这张表有记录表的内容，却认不出是哪家、哪个指标",
    "there is something of a form on the sheet, and it does not tell of which source or indicator",
    placeOf(file, sheet, 1),
  );
}

const HEAD_OF_ITEM = new Map<string, HeadPart>(HEAD_PARTS.map((part) => [HEAD_ITEMS[part], part]));
function markedSources(
  file: string,
  sheet: FilledSheet,
  passport: Passport,
  items: readonly MarkedItem[],
  faults: readonly RowFault[],
  torn: FilledSource["faults"],
): FilledSource[] {
  const byUnit = new Map<string, MarkedItem[]>();
  for (const item of items) {
    const own = byUnit.get(item.unit);
    if (own === undefined) byUnit.set(item.unit, [item]);
    else own.push(item);
  }
  const { roundId, manifestDigest: manifest, form, formDigest } = passport;
  const formulas = new Map(sheet.rows.map((each) => [each.row, each.formulas]));
  return [...byUnit].map(([unit, own]) => {
    const head: Partial<Record<HeadPart, FilledValue>> = {};
    const headCells: Partial<Record<HeadPart, string>> = {};
    const indicators: FilledItem[] = [];
    for (const { item, row, values, columns } of own) {
      const part = HEAD_OF_ITEM.get(item);
      const value = (of: ItemPart, name: string): FilledValue | undefined => {
        const text = values[of];
        return text === undefined ? undefined : { text, at: placeOf(file, sheet, row, columns[of], name) };
      };
      if (part !== undefined) {
        const found = value("found", HEAD_NAMES[part]);
        if (found !== undefined) head[part] = found;
        const { cell } = placeOf(file, sheet, row, columns.found);
        if (cell !== undefined) headCells[part] = cell;
      }
      if (item.startsWith("#")) continue;
      const isTyped = values.result !== undefined && !formulas.get(row)?.includes(columns.result ?? -1);
      indicators.push({
        code: item,
        at: placeOf(file, sheet, row),
        values: some(ITEM_PARTS, (of) => value(of, PART_NAMES[of])),
        cells: some(ITEM_PARTS, (of) => placeOf(file, sheet, row, columns[of]).cell),
        ...(isTyped
          ? { typedResult: { text: values.result, at: placeOf(file, sheet, row, columns.result, RESULT_NAME) } }
          : {}),
      });
    }
    const rows = new Set(own.map(({ row }) => row));
    return {
      unit: canonicalCode(unit),
      at: placeOf(file, sheet, own[0]?.row ?? 1),
      claim: { roundId, manifest, form, formDigest },
      head,
      headCells,
      items: indicators,
      faults: [
        ...torn,
        ...faults
          .filter((each) => (each.unit === undefined ? rows.has(each.fault.at.row ?? 0) : each.unit === unit))
          .map((each) => each.fault),
      ],
    };
  });
}
