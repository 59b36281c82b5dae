/** From ledger files to a frame in the table engine, with every problem on the way. Reads files, writes nothing. */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type LedgerField, loadLedgerFields } from "../reference/ledger-fields.ts";
import { canonicalJson, compareBytes, type JsonValue } from "../text/canonical.ts";
import { ChouqianError, type Problem } from "../text/errors.ts";
import type { Progress } from "../text/progress.ts";
import { words } from "../text/words.ts";
import { type Across, comparePlaces, findSamePlaces, reportDuplicates, reportSamePlaces } from "./check-across.ts";
import { CORE_COLUMNS, corePositions } from "./columns.ts";
import { areSameBlocks, frameDigestOf } from "./digests.ts";
import { ALL_THREADS, type Engine, ONE_THREAD } from "./engine.ts";
import type { LedgerPath } from "./ledger-paths.ts";
import { findLikeNames, type LikeNames, reportLikeNames } from "./like-names.ts";
import type { ExcludedRow, FrameLock, LockedColumn, LockedSource } from "./lock-record.ts";
import { type ProblemCount, ProblemLog } from "./problem-log.ts";
import type { KnownFrame } from "./standing.ts";
import { type LedgerTable, openTables, type ReadingOptions } from "./tables.ts";
import { type TakenRows, type Taking, takeTable } from "./take-table.ts";
import { UnitStore } from "./unit-store.ts";
import { openParquet, writeParquet } from "./unit-table.ts";

/** The frame as it stands in the engine's view `units`, and what is to be said about it. */
export interface BuiltFrame {
  readonly lock: FrameLock;
  /** The first of each kind, sorted by file, sheet and row. */
  readonly problems: readonly Problem[];
  /** How many there are of each kind, by city and file. */
  readonly problemCounts: readonly ProblemCount[];
  /** Rows that stay out; the lock lists at most `MOST_EXCLUDED` of them. */
  readonly excludedRows: number;
  readonly likeNames: readonly LikeNames[];
}

/** Where a frame is built, and what is done with rows that cannot be used. */
export interface Building {
  /** Working folder: `frame.parquet` stays there, the rest is removed. */
  readonly folder: string;
  readonly excludeProblemRows: boolean;
  /** The frame's columns where they are given, as a lock has them; what else the ledgers hold is left out. */
  readonly columns?: readonly LockedColumn[] | undefined;
  /** A Parquet file that may hold the units of a lock in order: where it does and they come out again, none is written. */
  readonly known?: KnownFrame | undefined;
}

/**
 * Reads and checks ledgers into a Parquet file and the engine's view `units`: rows that cannot be identified or placed
 * are left out and listed; of several rows with one id the one first in byte order of its canonical line stays, so that
 * the order of rows decides nothing.
 */
export async function buildFrame(
  engine: Engine,
  paths: readonly LedgerPath[],
  options: ReadingOptions,
  { folder, excludeProblemRows, columns: given, known }: Building,
  progress: Progress,
): Promise<BuiltFrame> {
  const fields = loadLedgerFields();
  const tables = await openAll(paths, fields, options, progress);
  const columns = given ?? unionOfColumns(tables, fields);
  const log = new ProblemLog();
  const excluded: ExcludedRow[] = [];
  const lines = join(folder, "lines");
  mkdirSync(lines, { recursive: true, mode: 0o700 });
  const store = new UnitStore(lines);
  // What fails here is done again below, and told there.
  const opened = openKnown(engine, columns, known).catch(() => false);
  try {
    const taken: TakenRows[] = [];
    for (const [index, table] of tables.entries()) {
      const isNamed = tables.length <= MOST_NAMED;
      const label = isNamed
        ? words(`读取 ${table.file.name}`, `reading ${table.file.name}`)
        : words("读取名录", "reading");
      const taking: Taking = {
        store,
        log,
        excluded,
        columns,
        fields: new Map(fields.map((field) => [field.key, field])),
        progress: (rows) => (isNamed ? progress(label, rows) : progress(label, index + 1, tables.length)),
      };
      taken.push(await takeTable(table, index, taking));
    }
    const sorting = words("排序并计算摘要", "sorting and digesting");
    const sort = (isWritten: boolean) => store.sort(isWritten, (done) => progress(sorting, done, store.length));
    let sorted = await sort(!(await isStanding(columns, known)));
    if (!(await opened) || !areSameBlocks(sorted.blocks, known?.lock.blocks ?? [])) {
      sorted = sorted.file === undefined ? await sort(true) : sorted;
      progress(words("写入抽样框", "writing the frame"), 0);
      const parquet = join(folder, "frame.parquet");
      await engine.run(ALL_THREADS);
      await writeParquet(engine, sorted.file ?? "", columns, parquet);
      store.close();
      rmSync(lines, { recursive: true, force: true });
      await openParquet(engine, parquet);
      progress(words("查找重复和相近的单位", "looking for like units"), 0);
      await findAlike(engine, columns);
    }
    const found: Across = { engine, tables, store, sorted, log };
    reportDuplicates(found, excluded);
    await reportSamePlaces(found);
    const likeNames = await reportLikeNames(found);
    const lock = lockOf();
    const excludedRows = taken.reduce((sum, rows) => sum + rows.excluded, 0) + sorted.repeated.count;
    if (lock.units + excludedRows !== lock.rowsRead) {
      throw new Error(`rows read (${lock.rowsRead}) are not units (${lock.units}) + excluded rows (${excludedRows})`);
    }
    const problems = log.kept().sort((a, b) => comparePlaces(a.at, b.at));
    return { lock, problems, problemCounts: log.counts(), excludedRows, likeNames };

    function lockOf(): FrameLock {
      return {
        spec: "draw-spec/1",
        frameDigest: frameDigestOf(sorted.blocks),
        units: sorted.order.length,
        rowsRead: taken.reduce((sum, { rows }) => sum + rows, 0),
        columns,
        blocks: sorted.blocks,
        sources: lockedSources(tables, taken),
        options: lockedOptions(options, excludeProblemRows),
        excluded: excluded.sort((a, b) => comparePlaces(a, b)),
        problemCounts: log.totals(),
      };
    }
  } finally {
    await opened;
    store.close();
    rmSync(lines, { recursive: true, force: true });
  }
}

/** Whether a known file stands as locked, in these columns. */
async function isStanding(columns: readonly LockedColumn[], known: KnownFrame | undefined): Promise<boolean> {
  if (known === undefined) return false;
  const [own, locked] = [columns, known.lock.columns].map((each) => canonicalJson(each as unknown as JsonValue));
  return own === locked && (await known.stands);
}

/**
 * Opens a known file that stands as locked and goes through it for like units while the ledgers are still being read, in
 * the hope that they give the same units.
 */
async function openKnown(engine: Engine, columns: readonly LockedColumn[], known: KnownFrame | undefined) {
  if (known === undefined || !(await isStanding(columns, known))) return false;
  await engine.run(ONE_THREAD);
  await openParquet(engine, known.parquet);
  await findAlike(engine, columns);
  return true;
}

async function findAlike(engine: Engine, columns: readonly LockedColumn[]): Promise<void> {
  await findSamePlaces(engine, columns);
  await findLikeNames(engine);
}

function lockedOptions(options: ReadingOptions, excludeProblemRows: boolean): FrameLock["options"] {
  return {
    map: Object.fromEntries(options.map),
    set: Object.fromEntries(options.constants),
    values: { class: Object.fromEntries(options.values.class), status: Object.fromEntries(options.values.status) },
    sheet: options.sheet ?? null,
    excludeProblemRows,
    encoding: options.encoding ?? null,
  };
}

/** Tables whose progress is told one by one; of more it is told together. */
const MOST_NAMED = 30;

/** Of thousands of small workbooks several are opened at a time, for each waits on the disk. */
const FILES_AT_ONCE = 4;

/** Opens every file, in an order that does not depend on how they were named on the command line. */
async function openAll(
  paths: readonly LedgerPath[],
  fields: readonly LedgerField[],
  options: ReadingOptions,
  progress: Progress,
): Promise<LedgerTable[]> {
  const results: (LedgerTable[] | ChouqianError)[] = [];
  let next = 0;
  let done = 0;
  const work = async () => {
    for (let index = next++; index < paths.length; index = next++) {
      progress(words("检查文件", "looking at the files"), done, paths.length);
      results[index] = await openTables(paths[index] as LedgerPath, fields, options).catch((error: unknown) => {
        if (error instanceof ChouqianError) return error;
        throw error;
      });
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: FILES_AT_ONCE }, work));
  const opened = results.flatMap((result) => (result instanceof ChouqianError ? [] : result));
  const refusals = results.filter((result) => result instanceof ChouqianError);
  const byDigest = new Map(opened.map((table) => [table.file.sha256, table]));
  const sameContent = opened.find((table) => byDigest.get(table.file.sha256)?.file !== table.file);
  if (sameContent !== undefined) {
    refusals.push(
      new ChouqianError("E-FRAME-SAME-FILE", {
        message: words("同一份名录给了两次", "the same ledger was given twice"),
        advice: words("每份名录只写一次", "name each ledger once"),
        at: { file: sameContent.file.name },
      }),
    );
  }
  const needless =
    opened.length === 0
      ? undefined
      : [...options.constants.keys()].find((key) => opened.every(({ header }) => header.fields.has(key)));
  if (needless !== undefined && refusals.length === 0) throw constantBesideColumn(needless, opened);
  const [first] = refusals;
  if (first !== undefined) throw refusals.length === 1 ? first : severalRefusals(refusals);
  return opened.sort((a, b) => compareBytes(a.file.name, b.file.name) || compareBytes(a.file.sha256, b.file.sha256));
}

/** A value for a whole ledger that has a column for it: one of the two is wrong, and nobody but its owner knows which. */
function constantBesideColumn(key: string, [first]: readonly LedgerTable[]): ChouqianError {
  const column = first?.header.fields
    .get(key)
    ?.map((position) => first.header.headings[position])
    .join("+");
  return new ChouqianError("E-FRAME-SET-COLUMN", {
    message: words(
      `名录已有“${column}”一列，不能再给定 ${key}`,
      `the ledger has the column "${column}": ${key} cannot be given too`,
    ),
    advice: words(
      `去掉 --set ${key}=…（或 mapping.yaml 的 constants）；列里的内容不对的，先在名录中改正`,
      `leave out --set ${key}=… (or constants in mapping.yaml); mend the column where it is wrong`,
    ),
    at: { file: first?.file.name, column },
  });
}

function severalRefusals(refusals: readonly ChouqianError[]): ChouqianError {
  const problems = refusals.flatMap((refusal) =>
    refusal.problems.length > 0
      ? refusal.problems
      : [{ code: refusal.code, message: refusal.words, at: refusal.at, advice: refusal.advice }],
  );
  return new ChouqianError("E-FRAME-FILES", {
    message: words(`${refusals.length} 个文件无法读取`, `${refusals.length} files cannot be read`),
    advice: words("按上面逐项处理后再试", "mend the above and try again"),
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

function lockedSources(tables: readonly LedgerTable[], taken: readonly TakenRows[]): LockedSource[] {
  const tablesOf = new Map<
    LedgerTable["file"],
    { readonly table: LedgerTable; readonly taken: TakenRows | undefined }[]
  >();
  for (const [index, table] of tables.entries()) {
    const own = tablesOf.get(table.file) ?? [];
    if (own.length === 0) tablesOf.set(table.file, own);
    own.push({ table, taken: taken[index] });
  }
  return [...tablesOf].map(([file, own]) => ({
    name: file.name,
    sha256: file.sha256,
    bytes: file.bytes,
    encoding: file.encoding,
    hiddenSheets: own[0]?.table.hiddenSheets ?? [],
    tables: own.map(({ table: { sheet, header }, taken }) => ({
      sheet,
      headerRow: header.row,
      rows: taken?.rows ?? 0,
      hiddenRows: taken?.hidden ?? 0,
      ...(taken === undefined || taken.filtered === 0 ? {} : { filteredRows: taken.filtered }),
      headings: Object.fromEntries(
        CORE_COLUMNS.flatMap((column) => {
          const positions = header.fields.get(column);
          const names = positions?.map((position) => header.headings[position] ?? "").join("+");
          return names === undefined ? [] : [[column, names]];
        }),
      ),
    })),
  }));
}
