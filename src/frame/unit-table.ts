/** The units as a table of the engine: sorted canonical lines become a Parquet file, and that the view `units`. */
import { chmodSync, statSync } from "node:fs";
import { type Engine, sqlName, sqlText } from "./engine.ts";
import type { LockedColumn } from "./lock-record.ts";

/** Rows in a group of the Parquet file: small ones let the engine write several at a time in order. */
const ROW_GROUP = 20_480;

/**
 * Writes the units to a Parquet file in the order of the line file.
 * @param file canonical tables without a heading. One file, since of many the engine reads some ahead and keeps them
 */
export async function writeParquet(
  engine: Engine,
  file: string,
  columns: readonly LockedColumn[],
  path: string,
): Promise<void> {
  const rows = statSync(file).size === 0 ? noRows(columns) : readLines(file, columns);
  await engine.run(
    `COPY (${rows}) TO ${sqlText(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${ROW_GROUP})`,
  );
  chmodSync(path, 0o600);
}

/** Canonical values hold no tab and no line end, so nothing is quoted and nothing is escaped. */
function readLines(file: string, columns: readonly LockedColumn[]): string {
  const types = columns.map(({ name }) => `${sqlText(name)}: 'VARCHAR'`).join(", ");
  return `SELECT * FROM read_csv(${sqlText(file)}, auto_detect = false, header = false,
    delim = '\\t', buffer_size = 8000000, quote = '', escape = '', new_line = '\\n', columns = {${types}},
    force_not_null = [${columns.map(({ name }) => sqlText(name)).join(", ")}])`;
}

function noRows(columns: readonly LockedColumn[]): string {
  return `SELECT ${columns.map(({ name }) => `'' AS ${sqlName(name)}`).join(", ")} WHERE false`;
}

/** Makes a Parquet file the view `units`, and `placed` the same with each unit's number in the file, from 0. */
export async function openParquet(engine: Engine, path: string): Promise<void> {
  await engine.run("SET VARIABLE frame_file = $path", { path });
  await engine.run("CREATE OR REPLACE VIEW units AS SELECT * FROM read_parquet(getvariable('frame_file'))");
  await engine.run(`CREATE OR REPLACE VIEW placed AS
    SELECT *, file_row_number::INTEGER AS place FROM read_parquet(getvariable('frame_file'), file_row_number = true)`);
  await engine.query("SELECT count(*)::INTEGER AS n FROM units");
}
