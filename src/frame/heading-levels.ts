/** Headings that stand in two rows: a group over its columns, a unit under a heading, a row of column numbers. Pure. */
import { canonicalText } from "../text/canonical.ts";

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

const STROKES = /^[—–―\-－/]+$/;
const STEMS = "甲乙丙丁戊己庚辛壬癸";
const LONGEST_GROUP = 12;
/** What figures are measured in, alone or by time or volume: 吨, 万立方米/年, mg/L. */
const MEASURE =
  "(?:千|万|百万|亿|毫|微)?(?:吨标准煤|吨|克|公斤|立方米|平方米|公里|米|升|千瓦时|度|元|人|户|头|羽|只|亩|公顷|台|套|个|座|天|小时|年|月|日|蒸吨|%|％|mg|kg|g|t|m3|m³|L|kWh)";
const UNIT = new RegExp(`^${MEASURE}(?:[/·]${MEASURE})?$`);
