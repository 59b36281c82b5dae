/** From ledger files to a frame in the table engine, with every problem on the way. Reads files, writes nothing. */
import { type LedgerField, loadLedgerFields } from "../reference/ledger-fields.ts";
import { compareBytes } from "../text/canonical.ts";
import { ChouqianError, type Problem } from "../text/errors.ts";
import type { Progress } from "../text/progress.ts";
import { words } from "../text/words.ts";
import { comparePlaces, excludeDuplicates, findSamePlaces } from "./check-across.ts";
import { checkRow } from "./check-row.ts";
import { isRefusal } from "./checks.ts";
import { CORE_COLUMNS, type Header } from "./columns.ts";
import { digestBlocks, frameDigestOf } from "./digests.ts";
import { type Engine, sqlName } from "./engine.ts";
import type { ExcludedRow, FrameLock, LockedColumn, LockedSource } from "./lock-record.ts";
import { type LedgerTable, openTables, type ReadingOptions } from "./tables.ts";

/** The frame as it stands in the engine's table `units`, and what is to be said about it. */
export interface BuiltFrame {
  readonly lock: FrameLock;
  readonly problems: readonly Problem[];
}

/**
 * Reads and checks ledgers into the engine's table `units`: rows that cannot be identified or placed are left out and
 * listed; of several rows with one id the one first in byte order of its canonical line stays, so that the order of
 * rows decides nothing.
 */
export async function buildFrame(
  engine: Engine,
  paths: readonly string[],
  options: ReadingOptions,
  excludeProblemRows: boolean,
  progress: Progress,
): Promise<BuiltFrame> {
  const fields = loadLedgerFields();
  const tables = await openAll(paths, fields, options);
  const columns = unionOfColumns(tables, fields);
  await engine.run(createUnits(columns));

  const problems: Problem[] = [];
  const excluded: ExcludedRow[] = [];
  const rowsOf = new Map<LedgerTable, number>();
  for (const [index, table] of tables.entries()) {
    rowsOf.set(table, await takeTable(engine, index, table, columns, fields, problems, excluded, progress));
  }
  await excludeDuplicates(engine, tables, columns, problems, excluded);
  await findSamePlaces(engine, tables, columns, problems);
  excluded.sort((a, b) => comparePlaces(a, b));
  problems.sort((a, b) => comparePlaces(a.at, b.at));

  progress(words("计算抽样框摘要", "computing the frame's digest"), 0);
  const blocks = await digestBlocks(engine, columns);
  const rowsRead = [...rowsOf.values()].reduce((sum, rows) => sum + rows, 0);
  const lock: FrameLock = {
    spec: "draw-spec/1",
    frameDigest: frameDigestOf(blocks),
    units: blocks.reduce((sum, { count }) => sum + count, 0),
    rowsRead,
    columns,
    blocks,
    sources: lockedSources(tables, rowsOf),
    options: {
      map: Object.fromEntries(options.map),
      set: Object.fromEntries(options.constants),
      sheet: options.sheet ?? null,
      excludeProblemRows,
      encoding: options.encoding ?? null,
    },
    excluded,
    problemCounts: countCodes(problems),
  };
  if (lock.units + excluded.length !== rowsRead) {
    throw new Error(`rows read (${rowsRead}) are not units (${lock.units}) + excluded rows (${excluded.length})`);
  }
  return { lock, problems };
}

/** Opens every file, in an order that does not depend on how they were named on the command line. */
async function openAll(
  paths: readonly string[],
  fields: readonly LedgerField[],
  options: ReadingOptions,
): Promise<LedgerTable[]> {
  const opened: LedgerTable[] = [];
  const refusals: ChouqianError[] = [];
  for (const path of paths) {
    try {
      opened.push(...(await openTables(path, fields, options)));
    } catch (error) {
      if (!(error instanceof ChouqianError)) throw error;
      refusals.push(error);
    }
  }
  const sameContent = opened.find((a) => opened.some((b) => a.file !== b.file && a.file.sha256 === b.file.sha256));
  if (sameContent !== undefined) {
    refusals.push(
      new ChouqianError("E-FRAME-SAME-FILE", {
        message: words("同一份名录给了两次", "the same ledger was given twice"),
        advice: words("每份名录只写一次", "name each ledger once"),
        at: { file: sameContent.file.name },
      }),
    );
  }
  const [first] = refusals;
  if (first !== undefined) throw refusals.length === 1 ? first : severalRefusals(refusals);
  return opened.sort((a, b) => compareBytes(a.file.name, b.file.name) || compareBytes(a.file.sha256, b.file.sha256));
}

function severalRefusals(refusals: readonly ChouqianError[]): ChouqianError {
  const problems = refusals.flatMap((refusal) =>
    refusal.problems.length > 0
      ? refusal.problems
      : [{ code: refusal.code, message: refusal.words, at: refusal.at, advice: refusal.advice }],
  );
  return new ChouqianError("E-FRAME-FILES", {
    message: words(`${refusals.length} 个文件无法读取`, `${refusals.length} files cannot be read`),
    advice: words("按下面逐项处理后再试", "mend the following and try again"),
    problems,
  });
}

/** Core columns, then the other headings in the order in which the files show them first. */
function unionOfColumns(tables: readonly LedgerTable[], fields: readonly LedgerField[]): LockedColumn[] {
  const others = new Map<string, string | null>();
  for (const { header } of tables) {
    const core = corePositions(header);
    const fieldAt = new Map(
      fields.flatMap(({ key }) => (header.fields.get(key) ?? []).map((position) => [position, key] as const)),
    );
    for (const [position, heading] of header.headings.entries()) {
      if (core.has(position)) continue;
      others.set(heading, others.get(heading) ?? fieldAt.get(position) ?? null);
    }
  }
  return [
    ...CORE_COLUMNS.map((name) => ({ name, field: name })),
    ...[...others].map(([name, field]) => ({ name, field })),
  ];
}

/** Columns that hold nothing but a core field. Parts of a composite id stay columns of their own as well. */
function corePositions(header: Header): ReadonlySet<number> {
  return new Set(
    CORE_COLUMNS.flatMap((column) => {
      const positions = header.fields.get(column) ?? [];
      return positions.length === 1 ? positions : [];
    }),
  );
}

function createUnits(columns: readonly LockedColumn[]): string {
  const texts = columns.map(({ name }) => `${sqlName(name)} VARCHAR NOT NULL`);
  return `CREATE TABLE units ("source" INTEGER, "row" INTEGER, ${texts.join(", ")})`;
}

/** Puts the good rows of one table into `units`; returns how many rows it holds. */
async function takeTable(
  engine: Engine,
  index: number,
  table: LedgerTable,
  columns: readonly LockedColumn[],
  fields: readonly LedgerField[],
  problems: Problem[],
  excluded: ExcludedRow[],
  progress: Progress,
): Promise<number> {
  const at = { file: table.file.name, sheet: table.sheet ?? undefined };
  const byKey = new Map(fields.map((field) => [field.key, field]));
  const positions = columns.slice(CORE_COLUMNS.length).map(({ name }) => table.header.headings.indexOf(name));
  const core = corePositions(table.header);
  const appender = await engine.appender("units");
  let rows = 0;
  try {
    for await (const batch of table.rows()) {
      for (const ledgerRow of batch) {
        if (ledgerRow.row <= table.header.row) continue;
        const checked = checkRow(ledgerRow, table.header, byKey, at);
        if (checked === undefined) continue;
        rows += 1;
        problems.push(...checked.problems);
        const refusals = checked.problems.filter(isRefusal);
        if (refusals.length > 0) {
          const codes = refusals.map(({ code }) => code);
          excluded.push({ file: at.file, sheet: table.sheet, row: checked.row, id: checked.id, codes });
          continue;
        }
        const others = positions.map((position) =>
          position < 0 || core.has(position) ? "" : (checked.values[position] ?? ""),
        );
        const { row, id, sourceClass, city, county, name } = checked;
        appender.append([index, row, id, sourceClass, city, county, name, ...others]);
      }
      progress(words(`读取 ${table.file.name}`, `reading ${table.file.name}`), rows);
    }
  } finally {
    appender.close();
  }
  return rows;
}

function lockedSources(tables: readonly LedgerTable[], rowsOf: ReadonlyMap<LedgerTable, number>): LockedSource[] {
  const files = [...new Set(tables.map(({ file }) => file))];
  return files.map((file) => ({
    name: file.name,
    sha256: file.sha256,
    bytes: file.bytes,
    encoding: file.encoding,
    tables: tables
      .filter((table) => table.file === file)
      .map((table) => ({
        sheet: table.sheet,
        headerRow: table.header.row,
        rows: rowsOf.get(table) ?? 0,
        headings: Object.fromEntries(
          CORE_COLUMNS.flatMap((column) => {
            const positions = table.header.fields.get(column);
            const names = positions?.map((position) => table.header.headings[position] ?? "").join("+");
            return names === undefined ? [] : [[column, names]];
          }),
        ),
      })),
  }));
}

function countCodes(problems: readonly Problem[]): { [code: string]: number } {
  const counts: { [code: string]: number } = {};
  for (const { code } of problems) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}
