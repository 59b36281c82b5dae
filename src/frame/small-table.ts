/** Small tables that people keep beside a plan: a list of ids, figures by city. CSV or the first sheet of a workbook. */
import { loadLedgerFields } from "../reference/ledger-fields.ts";
import { canonicalCode, canonicalText, foldWidth } from "../text/canonical.ts";
import { words } from "../text/words.ts";
import type { LedgerRow } from "./ledger-row.ts";
import { firstCsvRows } from "./read-csv.ts";
import { inspectFile, refusal } from "./source-file.ts";
import { firstSheetRows } from "./tables.ts";

/** More rows than this are no list beside a plan. */
const MOST_ROWS = 200_000;

export interface SmallTable {
  /** File name as people know it. */
  readonly name: string;
  /** Rows with the canonical text of each cell; rows without any text are left out. */
  readonly rows: readonly LedgerRow[];
}

/**
 * Reads a small table.
 * @throws ChouqianError as `inspectFile` and the readers, E-FRAME-LIST-TOO-LONG
 */
export async function readSmallTable(path: string): Promise<SmallTable> {
  const file = await inspectFile(path, undefined, new Map());
  const rows: LedgerRow[] =
    file.kind === "csv" ? [...(await firstCsvRows(file, MOST_ROWS + 1))] : await firstSheetRows(file, MOST_ROWS + 1);
  if (rows.length > MOST_ROWS) {
    throw refusal("E-FRAME-LIST-TOO-LONG", file.name, words(`超过 ${MOST_ROWS} 行`, `more than ${MOST_ROWS} rows`), [
      "请核对是不是选错了文件",
      "is it the right file?",
    ]);
  }
  const read = rows.map(({ row, cells }) => ({ row, cells: cells.map(canonicalText) }));
  return { name: file.name, rows: read.filter(({ cells }) => cells.some((cell) => cell !== "")) };
}

/**
 * Canonical ids of a list: the column under a heading by which ledgers name ids, or the only column of a list without one.
 * @throws ChouqianError E-FRAME-LIST where there is no such column, or no id in it
 */
export function idsOfList({ name, rows }: SmallTable): string[] {
  const known = loadLedgerFields().find(({ key }) => key === "id");
  const headings = ["代码", "ID", ...(known === undefined ? [] : [known.name, ...known.headings])];
  const place = findHeading({ name, rows }, headings);
  const isSingle = rows.every(({ cells }) => cells.filter((cell) => cell !== "").length === 1);
  if (place === undefined && !isSingle) {
    throw refusal("E-FRAME-LIST", name, words("找不到代码列", "there is no column of ids"), [
      `请给代码列写上表头，如 ${headings.slice(2, 5).join("、")}`,
      "give it a heading such as 统一社会信用代码",
    ]);
  }
  const below = place === undefined ? rows : rows.slice(place.index + 1);
  const cellOf = ({ cells }: LedgerRow) =>
    place === undefined ? cells.find((cell) => cell !== "") : cells[place.column];
  const ids = below.map((row) => canonicalCode(cellOf(row) ?? "")).filter((id) => id !== "");
  if (ids.length > 0) return [...new Set(ids)];
  throw refusal("E-FRAME-LIST", name, words("名单里没有代码", "the list holds no id"), [
    "在表头下面逐行填写代码",
    "write one id a row",
  ]);
}

/** Where a heading stands: index of its row among the table's rows, and its column. */
export function findHeading(
  { rows }: SmallTable,
  headings: readonly string[],
): { readonly index: number; readonly column: number } | undefined {
  const plain = (text: string) =>
    foldWidth(text)
      .replace(/[\s*:]/g, "")
      .toUpperCase();
  const wanted = headings.map(plain);
  for (const [index, { cells }] of rows.slice(0, 30).entries()) {
    const column = cells.findIndex((cell) => wanted.includes(plain(cell)));
    if (column >= 0) return { index, column };
  }
  return undefined;
}
