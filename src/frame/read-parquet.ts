/** Reads ledgers in Parquet files, such as a data platform exports them: every value as text. */
import { words } from "../text/words.ts";
import { openEngine, sqlName } from "./engine.ts";
import type { LedgerRow } from "./ledger-row.ts";
import { refusal } from "./source-file.ts";

/**
 * The rows of a Parquet file, its column names as row 1.
 * @throws ChouqianError E-FRAME-PARQUET where the file is damaged
 */
export async function* readParquet(path: string, name: string): AsyncIterable<readonly LedgerRow[]> {
  const engine = await openEngine();
  try {
    await engine.run("SET VARIABLE ledger = $path", { path });
    const columns = await engine.query<{ column_name: string; column_type: string }>(
      "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet(getvariable('ledger')))",
    );
    yield [{ row: 1, cells: columns.map(({ column_name }) => column_name) }];
    let row = 1;
    const texts = `SELECT ${columns.map(textOf).join(", ")} FROM read_parquet(getvariable('ledger'))`;
    for await (const batch of engine.stream<Readonly<Record<string, string>>>(texts)) {
      yield batch.map((record) => {
        row += 1;
        return { row, cells: Object.values(record) };
      });
    }
  } catch (error) {
    if (!(error instanceof Error) || !/^(Invalid Input|IO|Serialization|Invalid) Error/.test(error.message))
      throw error;
    throw refusal("E-FRAME-PARQUET", name, words("Parquet 文件已损坏", "the Parquet file is damaged"), [
      "请从原系统重新导出，或改为导出 CSV",
      "export it again, or as CSV",
    ]);
  } finally {
    engine.close();
  }
}

/** A column as text; whole numbers stored as fractions stand without their point. */
function textOf({ column_name, column_type }: { readonly column_name: string; readonly column_type: string }): string {
  const text = `${sqlName(column_name)}::VARCHAR`;
  const plain = /^(DOUBLE|FLOAT)$/.test(column_type) ? `regexp_replace(${text}, '\\.0$', '')` : text;
  return `coalesce(${plain}, '') AS ${sqlName(column_name)}`;
}
