/** Headings that stand in several rows: a group over its columns, a unit under a heading, a row of column numbers. Pure. */
import { canonicalText } from "../text/canonical.ts";
import type { LedgerRow } from "./ledger-row.ts";

/** The cells of a row in canonical form. */
export function canonicalCells(cells: readonly string[]): string[] {
  return cells.map(canonicalText);
}

/**
 * Whether a row under the headings is their second line: it leaves the columns that a frame needs empty (a stroke says as
 * much) and holds words, not figures, elsewhere.
 * @param core positions of the columns that a frame needs
 */
export function isSecondLevel(cells: readonly string[], core: readonly number[]): boolean {
  const isSaid = (cell: string) => cell !== "" && !STROKES.test(cell);
  const said = cells.filter(isSaid);
  return (
    said.length > 0 && core.every((at) => !isSaid(cells[at] ?? "")) && !said.some((cell) => /^[\d.,-]+$/.test(cell))
  );
}

/**
 * Whether a row is the third line of headings: it could be their second one, and stands under columns that the second
 * line divides or that the first leaves to a merged cell.
 */
export function isThirdLevel(
  cells: readonly string[],
  second: readonly string[],
  first: readonly string[],
  core: readonly number[],
): boolean {
  const isDivided = (at: number) => (second[at] ?? "") !== "" || (first[at] ?? "") === "";
  return isSecondLevel(cells, core) && cells.every((cell, at) => cell === "" || STROKES.test(cell) || isDivided(at));
}

/**
 * Whether a row over the headings names groups of them: at least two short words without figures and without a colon,
 * as titles, dates and the reporting office have.
 */
export function isUpperLevel(cells: readonly string[]): boolean {
  const said = cells.filter((cell) => cell !== "");
  return said.length > 1 && said.every((cell) => [...cell].length <= LONGEST_GROUP && !/[\d:：]/.test(cell));
}

/** Whether a row under the headings numbers the columns: 甲, 乙, 丙, 1, 2, 3 and so on. */
export function isNumbering(cells: readonly string[]): boolean {
  const said = cells.filter((cell) => cell !== "" && !STROKES.test(cell));
  if (said.length < 4) return false;
  const letters = said.findIndex((cell) => !/^[甲乙丙丁戊己庚辛壬癸]$/.test(cell));
  const numbers =
    letters < 0
      ? []
      : said.slice(letters).map((cell) => Number(/^[（(]?(\d{1,3})[)）]?$/.exec(cell)?.[1] ?? Number.NaN));
  const isStem = said.slice(0, letters < 0 ? said.length : letters).every((cell, at) => cell === STEMS.charAt(at));
  return isStem && numbers.every((number, at) => number === at + 1);
}

/**
 * Joins two levels: `主要产品` over `产量` is `主要产品/产量`, over `（吨）` or `吨` it is `主要产品（吨）`; a merged cell
 * names all below it.
 */
export function joinLevels(top: readonly string[], second: readonly string[]): string[] {
  let group = "";
  return Array.from({ length: Math.max(top.length, second.length) }, (_, at) => {
    const [upper = "", lower = ""] = [top[at], second[at]];
    if (upper !== "") group = upper;
    if (lower === "" || STROKES.test(lower)) return upper;
    if (group === "") return lower;
    if (/^[（(].*[)）]$/.test(lower)) return `${group}${lower}`;
    return UNIT.test(lower) ? `${group}（${lower}）` : `${group}/${lower}`;
  });
}

/**
 * The ways in which a row may be read as headings, those of the most lines first: with up to two lines of groups over it,
 * with up to two lines under it, alone.
 * @param coreOf positions of the columns that a frame needs, by the headings
 */
export function readings(
  rows: readonly LedgerRow[],
  index: number,
  coreOf: (headings: readonly string[]) => readonly number[],
): { readonly last: number; readonly headings: readonly string[] }[] {
  const own = rows[index];
  if (own === undefined) return [];
  const lineAt = (distance: number) => {
    const line = rows[index + distance];
    return line?.row === own.row + distance ? line.cells : undefined;
  };
  const [above, farAbove, below, farBelow] = [lineAt(-1), lineAt(-2), lineAt(1), lineAt(2)];
  const core = coreOf(own.cells);
  const uppers: (readonly string[])[] = [];
  if (above !== undefined && isUpperLevel(above)) {
    if (farAbove !== undefined && isUpperLevel(farAbove)) uppers.push(joinLevels(farAbove, above));
    uppers.push(above);
  }
  const tops = [...uppers.map((upper) => joinLevels(upper, own.cells)), own.cells];
  const lowers: (readonly (readonly string[])[])[] = [];
  if (below !== undefined && core.length > 1 && isSecondLevel(below, core)) {
    if (farBelow !== undefined && isThirdLevel(farBelow, below, own.cells, core)) lowers.push([below, farBelow]);
    lowers.push([below]);
  }
  return tops.flatMap((top) =>
    [...lowers, []].map((lower) => ({ last: own.row + lower.length, headings: lower.reduce(joinLevels, top) })),
  );
}

const STROKES = /^[—–―\-－/]+$/;
const STEMS = "甲乙丙丁戊己庚辛壬癸";
const LONGEST_GROUP = 12;
/** What figures are measured in, alone or by time or volume: 吨, 万立方米/年, mg/L. */
const MEASURE =
  "(?:千|万|百万|亿|毫|微)?(?:吨标准煤|吨|克|公斤|立方米|平方米|公里|米|升|千瓦时|度|元|人|户|头|羽|只|亩|公顷|台|套|个|座|天|小时|年|月|日|蒸吨|%|％|mg|kg|g|t|m3|m³|L|kWh)";
const UNIT = new RegExp(`^${MEASURE}(?:[/·]${MEASURE})?$`);
