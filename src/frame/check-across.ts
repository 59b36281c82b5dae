/** Checks that look across rows and files: one id in several rows, one place under several ids. */
import { compareBytes } from "../text/canonical.ts";
import type { Place, Problem } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { problemOf } from "./checks.ts";
import { canonicalLine } from "./digests.ts";
import { type Engine, sqlName } from "./engine.ts";
import type { ExcludedRow, LockedColumn } from "./lock-record.ts";
import type { LedgerTable } from "./tables.ts";

/** Rows of each id that stands in more than one, the one that stays first. Only such rows are put into order. */
const duplicateRows = (columns: readonly LockedColumn[]) => `
  WITH ranked AS (
    SELECT "source", "row", "id", ${canonicalLine(columns)} AS line,
      first_value(line) OVER same AS other_line,
      first_value("source") OVER same AS other_source,
      first_value("row") OVER same AS other_row,
      row_number() OVER same AS place
    FROM units SEMI JOIN (SELECT "id" FROM units GROUP BY "id" HAVING count(*) > 1) USING ("id")
    WINDOW same AS (PARTITION BY "id" ORDER BY ${canonicalLine(columns)}, "source", "row"
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING))
  SELECT "source", "row", "id", line = other_line AS same, other_source, other_row
  FROM ranked WHERE place > 1 ORDER BY "source", "row"`;

/** A row and the other row that it is too like. */
interface LikeRow {
  readonly source: number;
  readonly row: number;
  readonly id: string;
  readonly other_source: number;
  readonly other_row: number;
}

/**
 * Takes surplus rows of an id out of `units`, and reports each. Of several rows with one id the one first in byte order
 * of its canonical line stays, so that the order of rows decides nothing.
 */
export async function excludeDuplicates(
  engine: Engine,
  tables: readonly LedgerTable[],
  columns: readonly LockedColumn[],
  problems: Problem[],
  excluded: ExcludedRow[],
): Promise<void> {
  for (const like of await engine.query<LikeRow & { readonly same: boolean }>(duplicateRows(columns))) {
    const { source, row, id, same } = like;
    const other = otherInWords(tables, like);
    const detail = words(
      `与${other.zh}相同，内容${same ? "完全一致" : "不一致"}；若排除问题行，保留后者`,
      `the same as ${other.en}, content ${same ? "equal" : "different"}; that row would stay`,
    );
    const at = placeOf(tables, like);
    problems.push(problemOf("E-FRAME-DUPLICATE-ID", at, detail));
    excluded.push({ file: at.file ?? "", sheet: at.sheet ?? null, row, id, codes: ["E-FRAME-DUPLICATE-ID"] });
    await engine.run(`DELETE FROM units WHERE "source" = $source AND "row" = $row`, { source, row });
  }
}

/** Units that share name and address with another of their city and class, each with the first of the others. */
const samePlaceRows = (address: string) => `
  WITH sited AS (
    SELECT "source", "row", "id", "city", "class", "name", ${address} AS address
    FROM units WHERE "name" <> '' AND ${address} <> ''),
  placed AS (
    SELECT "source", "row", "id", first_value("id") OVER same AS first_id,
      first_value("source") OVER same AS first_source, first_value("row") OVER same AS first_row,
      nth_value("source", 2) OVER same AS second_source, nth_value("row", 2) OVER same AS second_row
    FROM sited SEMI JOIN (
      SELECT "city", "class", "name", address FROM sited GROUP BY ALL HAVING count(*) > 1
    ) USING ("city", "class", "name", address)
    WINDOW same AS (PARTITION BY "city", "class", "name", address ORDER BY "id"
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING))
  SELECT "source", "row", "id",
    if("id" = first_id, second_source, first_source) AS other_source,
    if("id" = first_id, second_row, first_row) AS other_row
  FROM placed ORDER BY "source", "row"`;

/** Reports units of the same name at the same address under different ids. */
export async function findSamePlaces(
  engine: Engine,
  tables: readonly LedgerTable[],
  columns: readonly LockedColumn[],
  problems: Problem[],
): Promise<void> {
  const addresses = columns.filter(({ field }) => field === "address").map(({ name }) => sqlName(name));
  if (addresses.length === 0) return;
  for (const like of await engine.query<LikeRow>(samePlaceRows(`concat(${addresses.join(", ")})`))) {
    const other = otherInWords(tables, like);
    problems.push(problemOf("W-FRAME-SAME-PLACE", placeOf(tables, like), words(`见${other.zh}`, `see ${other.en}`)));
  }
}

function placeOf(tables: readonly LedgerTable[], { source, row, id }: LikeRow): Place {
  const table = tables[source];
  const positions = table?.header.fields.get("id") ?? [];
  const column = positions.map((position) => table?.header.headings[position] ?? "").join("+");
  return { file: table?.file.name, sheet: table?.sheet ?? undefined, row, column, value: id };
}

function otherInWords(tables: readonly LedgerTable[], { other_source, other_row }: LikeRow) {
  const table = tables[other_source];
  const where = `${table?.file.name ?? ""}${table?.sheet == null ? "" : `/${table.sheet}`}`;
  return words(` ${where} 第 ${other_row} 行`, `row ${other_row} of ${where}`);
}

/** Orders problems and rows by file, sheet and row. */
export function comparePlaces(
  a: {
    readonly file?: string | undefined;
    readonly sheet?: string | null | undefined;
    readonly row?: number | undefined;
  },
  b: typeof a,
): number {
  const byFile = compareBytes(a.file ?? "", b.file ?? "");
  return byFile || compareBytes(a.sheet ?? "", b.sheet ?? "") || (a.row ?? 0) - (b.row ?? 0);
}
