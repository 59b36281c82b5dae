/** The table engine (DuckDB) behind a small face: run a statement, query rows, append rows. Values are always bound. */
import { DuckDBInstance, type DuckDBValue } from "@duckdb/node-api";

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
  appender(table: string): Promise<Appender>;
  close(): void;
}

/**
 * Opens an engine in memory. Nothing is fetched from a network.
 * @param spill folder for what does not fit into memory; one that its owner removes
 */
export async function openEngine(spill?: string): Promise<Engine> {
  const instance = await DuckDBInstance.create(":memory:", {
    temp_directory: spill ?? "",
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
