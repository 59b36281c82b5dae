/** The table engine (DuckDB) behind a small face: run a statement, query rows, append rows. Values are always bound. */
import type { DuckDBValue } from "@duckdb/node-api";

/** Enough for the national ledger, and within what an office computer has. */
const MEMORY = "1500MB";

/** Leaves other processors to work that goes on beside the engine's. */
export const ONE_THREAD = "SET threads = 1";
export const ALL_THREADS = "RESET threads";

export type SqlValues = Record<string, DuckDBValue>;

/** Takes rows of text and whole numbers into one table. */
export interface Appender {
  append(row: readonly (string | number)[]): void;
  close(): void;
}

export interface Engine {
  run(sql: string, values?: SqlValues): Promise<void>;
  /** All rows as objects. Counts must be cast to INTEGER or DOUBLE in the statement: BIGINT comes as bigint. */
  query<Row>(sql: string, values?: SqlValues): Promise<Row[]>;
  /** Rows as objects, batch by batch, for answers of millions of rows. */
  stream<Row>(sql: string): AsyncIterable<readonly Row[]>;
  /** Writes a file by the statement COPY; returns the number of rows written. */
  copy(sql: string): Promise<number>;
  appender(table: string): Promise<Appender>;
  close(): void;
}

/**
 * Opens an engine in memory. Nothing is fetched from a network.
 * @param spill folder for what does not fit into memory; one that its owner removes
 */
export async function openEngine(spill?: string): Promise<Engine> {
  // Loaded when a table is opened first: most commands open none.
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", {
    temp_directory: spill ?? "",
    // What spills to the disk may be rows of a ledger.
    temp_file_encryption: "true",
    // The engine's own cipher; the other one is no part of the package.
    force_mbedtls_unsafe: "true",
    memory_limit: MEMORY,
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  const connection = await instance.connect();
  return {
    run: async (sql, values) => {
      await connection.run(sql, values);
    },
    query: async <Row>(sql: string, values?: SqlValues) => {
      const reader = await connection.runAndReadAll(sql, values);
      return reader.getRowObjectsJS() as Row[];
    },
    stream: async function* <Row>(sql: string) {
      const result = await connection.stream(sql);
      const names = result.deduplicatedColumnNames();
      for (
        let chunk = await result.fetchChunk();
        chunk !== null && chunk.rowCount > 0;
        chunk = await result.fetchChunk()
      ) {
        yield chunk.getRowObjects(names) as unknown as Row[];
      }
    },
    copy: async (sql) => {
      const [[count] = []] = (await connection.runAndReadAll(sql)).getRows();
      return Number(count);
    },
    appender: async (table) => {
      const appender = await connection.createAppender(table);
      return {
        append: (row) => {
          for (const value of row) {
            if (typeof value === "number") appender.appendInteger(value);
            else appender.appendVarchar(value);
          }
          appender.endRow();
        },
        close: () => appender.closeSync(),
      };
    },
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** Quotes a name for SQL, such as a heading of a ledger used as a column. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Quotes a text for the few places where a statement takes no bound value, such as the target of COPY. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
