/**
 * Finds filled forms in the rows of a sheet: by its marks where it bears them (docs/records.md), else by its words. Pure.
 */
import { HEAD_ITEMS, type MarkedItem, type Passport, readMarks } from "../forms/record-marks.ts";
import { canonicalCode } from "../text/canonical.ts";
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
import { HEAD_NAMES, PART_NAMES, placeOf, some } from "./places.ts";
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

/** The forms on one sheet, in the order in which they stand. */
export function recogniseSheet(
  file: string,
  sheet: FilledSheet,
  identity?: WorkbookIdentity,
): { readonly sources: readonly FilledSource[]; readonly areas: readonly FilledArea[] } {
  const marked = readMarks(sheet.rows);
  if (marked !== undefined) {
    const { passport, passports, items } = marked;
    const conflicts = marked.conflicts.map(({ row, marked: mark, seen }) =>
      fault("E-RECORDS-MIXED", `这一行的标记是 ${mark}，表面上是 ${seen}`, `marked ${mark}, shown as ${seen}`, {
        ...placeOf(file, sheet, row),
        value: seen,
      }),
    );
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
    return { sources: markedSources(file, sheet, passport, items, conflicts, torn), areas: [] };
  }
  const walk = new Walk(file, sheet, identity);
  for (const row of sheet.rows) walk.take(row);
  return walk.end();
}

const HEAD_OF_ITEM = new Map<string, HeadPart>(HEAD_PARTS.map((part) => [HEAD_ITEMS[part], part]));
function markedSources(
  file: string,
  sheet: FilledSheet,
  passport: Passport,
  items: readonly MarkedItem[],
  conflicts: FilledSource["faults"],
  torn: FilledSource["faults"],
): FilledSource[] {
  const byUnit = new Map<string, MarkedItem[]>();
  for (const item of items) {
    const own = byUnit.get(item.unit);
    if (own === undefined) byUnit.set(item.unit, [item]);
    else own.push(item);
  }
  const { roundId, manifestDigest: manifest, form, formDigest } = passport;
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
      indicators.push({
        code: item,
        at: placeOf(file, sheet, row),
        values: some(ITEM_PARTS, (of) => value(of, PART_NAMES[of])),
        cells: some(ITEM_PARTS, (of) => placeOf(file, sheet, row, columns[of]).cell),
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
      faults: [...torn, ...conflicts.filter(({ at }) => rows.has(at.row ?? 0))],
    };
  });
}
