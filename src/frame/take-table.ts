/** Reads one ledger table into the store: clean rows the short way, all others through the checks. */
import type { LedgerField } from "../reference/ledger-fields.ts";
import { ChouqianError } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { type CheckedRow, checkRow } from "./check-row.ts";
import { type CheckCode, isRefusal, problemOf } from "./checks.ts";
import { CleanRows } from "./clean-row.ts";
import { CORE_COLUMNS, corePositions } from "./columns.ts";
import { LONGEST_ROW } from "./csv-scanner.ts";
import type { LedgerRow } from "./ledger-row.ts";
import type { ExcludedRow, LockedColumn } from "./lock-record.ts";
import type { ProblemLog } from "./problem-log.ts";
import { scanCsv } from "./read-csv.ts";
import { changedWhileRead, isUnchanged } from "./source-file.ts";
import type { LedgerTable } from "./tables.ts";
import type { UnitStore } from "./unit-store.ts";

/** Excluded rows that a lock can hold. A ledger with more of them has to be mended, not locked. */
export const MOST_EXCLUDED = 200_000;

/** Where the rows of all tables go. */
export interface Taking {
  readonly store: UnitStore;
  readonly log: ProblemLog;
  /** The first `MOST_EXCLUDED` of them. */
  readonly excluded: ExcludedRow[];
  readonly columns: readonly LockedColumn[];
  readonly fields: ReadonlyMap<string, LedgerField>;
  /** Told how many rows of the table have been read. */
  readonly progress: (rows: number) => void;
}

/** How many rows of a table were read, and how many of them stay out. */
export interface TakenRows {
  readonly rows: number;
  readonly excluded: number;
  /** Rows among them that the workbook hides, by hand or by a filter. */
  readonly hidden: number;
  /** Rows among the hidden ones whose sheet is being filtered. */
  readonly filtered: number;
}

/** Takes all rows of a table. */
export async function takeTable(table: LedgerTable, index: number, taking: Taking): Promise<TakenRows> {
  const { store, columns, fields, progress } = taking;
  const { header, file } = table;
  const core = corePositions(header);
  const others = columns.slice(CORE_COLUMNS.length).map(({ name }) => {
    const position = header.headings.indexOf(name);
    return core.has(position) ? -1 : position;
  });
  const at = { file: file.name, sheet: table.sheet ?? undefined };
  const isCsv = file.kind === "csv";
  let rows = 0;
  let excluded = 0;
  let hidden = 0;
  let filtered = 0;
  let unreasoned = 0;

  const wants = (code: CheckCode) => taking.log.wants(code);
  const takeChecked = (row: LedgerRow): void => {
    const checked = checkRow(row, header, fields, at, isCsv, wants);
    if (checked === undefined) return;
    rows += 1;
    if (row.hidden === true) hidden += 1;
    if (row.filtered === true) filtered += 1;
    for (const problem of checked.problems) taking.log.add(problem, checked.city);
    for (const code of checked.others) taking.log.count(code, file.name, checked.city);
    const refusals = [...checked.problems.map(({ code }) => code), ...checked.others].filter(isRefusal);
    if (refusals.length === 0) {
      if (checked.needsReason) unreasoned += 1;
      store.add(checked.city, checked.sourceClass, lineOf(checked, others, file.name), index, checked.row);
      return;
    }
    excluded += 1;
    if (taking.excluded.length >= MOST_EXCLUDED) return;
    taking.excluded.push({ file: at.file, sheet: table.sheet, row: checked.row, id: checked.id, codes: refusals });
  };

  if (isCsv) {
    const clean = CleanRows.of(header, fields, others, store, index);
    await scanCsv(file, (scanner) => {
      while (scanner.next()) {
        if (scanner.row <= header.row || scanner.isBlank) continue;
        if (clean?.take(scanner) === true) rows += 1;
        else takeChecked({ row: scanner.row, cells: scanner.texts() });
      }
      progress(rows);
      return true;
    });
    unreasoned += clean?.unreasoned ?? 0;
  } else {
    for await (const batch of table.rows()) {
      for (const row of batch) if (row.row > header.row) takeChecked(row);
      progress(rows);
    }
    if (!isUnchanged(file)) throw changedWhileRead(file.name);
  }
  if (unreasoned > 0 && !header.fields.has("statusReason")) {
    const column = header.headings[header.fields.get("status")?.[0] ?? -1];
    const detail = words(`${unreasoned} 行`, `${unreasoned} rows`);
    taking.log.add(problemOf("W-FRAME-NO-REASON-COLUMN", { ...at, row: header.row, column }, detail), "");
  }
  return { rows, excluded, hidden, filtered };
}

/** The values of a unit in the order of the lock's columns. */
function lineOf(checked: CheckedRow, others: readonly number[], file: string): string[] {
  const { id, sourceClass, city, county, name, values } = checked;
  const line = [id, sourceClass, city, county, name, ...others.map((position) => values[position] ?? "")];
  if (line.reduce((sum, value) => sum + value.length, 0) > LONGEST_ROW) {
    throw new ChouqianError("E-FRAME-ROW-TOO-LONG", {
      message: words(`这一行超过 ${LONGEST_ROW} 个字符`, `the row is longer than ${LONGEST_ROW} characters`),
      advice: words("单元格里误贴了大段内容；请检查该行", "a cell holds far too much; look at the row"),
      at: { file, row: checked.row },
    });
  }
  return line;
}
