/** A table of a database as a canonical table: which of its columns are which, and SQL that reads them as text. */
import { loadLedgerFields } from "../reference/ledger-fields.ts";
import { canonicalText } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { CORE_COLUMNS, findHeader, REQUIRED } from "./columns.ts";
import { sqlName, sqlText } from "./engine.ts";
import type { LockedColumn, LockedDatabase } from "./lock-record.ts";
import type { Snapshot } from "./postgres.ts";

/** How a table is to be read: its name, and the frame's columns by the table's own names. */
export interface TableOptions {
  readonly table: string;
  readonly columns: ReadonlyMap<string, string>;
}

/** A frame's columns, in order, and the columns of the table that they are. */
export interface TableColumns {
  readonly columns: readonly LockedColumn[];
  readonly database: LockedDatabase;
}

/** Parses `--column id=信用代码`, in which the key is one of the frame's own columns or another column's new name. */
export function parseTableColumns(options: readonly string[]): Map<string, string> {
  return new Map(
    options.map((option) => {
      const [, key = "", column = ""] = /^([^=]+)=(.+)$/s.exec(option) ?? [];
      if (key !== "" && column !== "") return [canonicalText(key), column] as const;
      throw new ChouqianError("E-USAGE-COLUMN", {
        message: words(`--column ${option} 看不懂`, `cannot read --column ${option}`),
        advice: words("写成 字段=表中的列名，如 --column id=信用代码", "write field=column, such as --column id=code"),
      });
    }),
  );
}

/** A name such as `schema.table`, each part quoted. */
export function sqlTable(table: string): string {
  return table.split(".").map(sqlName).join(".");
}

/**
 * Finds the frame's columns in a table: by `--column`, else by their own names, else by the headings that ledgers use.
 * @throws ChouqianError E-DATABASE-COLUMN, E-DATABASE
 */
export async function readTableColumns(
  snapshot: Snapshot,
  { table, columns: map }: TableOptions,
): Promise<TableColumns> {
  const rows = await snapshot.query<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute
    WHERE attrelid = CAST($1 AS regclass) AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [sqlTable(table)],
  );
  const own = rows.map(({ name }) => name);
  const unknown = [...map].find(([, column]) => !own.includes(column));
  if (unknown !== undefined) throw noColumn(unknown[0], unknown[1], own);
  const known = headingsOf(own.filter((name) => ![...map.values()].includes(name)));
  const coreColumn = (key: string) => map.get(key) ?? (own.includes(key) ? key : known.get(key));
  const core = CORE_COLUMNS.map((key) => ({ key, column: coreColumn(key) }));
  const absent = core.find(({ key, column }) => column === undefined && REQUIRED.some((name) => name === key));
  if (absent !== undefined) throw noColumn(absent.key, undefined, own);
  const taken = new Set(core.flatMap(({ column }) => (column === undefined ? [] : [column])));
  const others = own.filter((name) => !taken.has(name));
  const renamed = new Map([...map].map(([key, column]) => [column, key]));
  const names = new Set<string>(CORE_COLUMNS);
  const fields = new Map([...known].map(([field, column]) => [column, field]));
  const columns = others.map((column) => {
    let name = renamed.get(column) ?? canonicalText(column);
    while (names.has(name)) name = `${name} (2)`;
    names.add(name);
    return { name, field: fields.get(column) ?? null };
  });
  return {
    columns: [...CORE_COLUMNS.map((name) => ({ name, field: name })), ...columns],
    database: { system: "postgres", table, columns: [...core.map(({ column }) => column ?? null), ...others] },
  };
}

/** Columns of the table by the field whose usual heading they bear. */
function headingsOf(own: readonly string[]): Map<string, string> {
  const header = findHeader([{ row: 1, cells: own }], loadLedgerFields(), new Map());
  return new Map(
    [...(header?.fields ?? [])].flatMap(([field, [position = -1]]) => {
      const column = own[position];
      return column === undefined ? [] : [[field, column] as const];
    }),
  );
}

function noColumn(key: string, wanted: string | undefined, own: readonly string[]): ChouqianError {
  return new ChouqianError("E-DATABASE-COLUMN", {
    message:
      wanted === undefined
        ? words(`表里认不出 ${key} 列`, `no column of the table is known as ${key}`)
        : words(`表里没有 --column 指定的“${wanted}”列`, `the table has no column "${wanted}" as --column says`),
    advice: words(
      `用 --column ${key}=表中的列名 指定；表中的列：${own.join("、")}`,
      `name it with --column ${key}=NAME; columns: ${own.join(", ")}`,
    ),
  });
}

/** A column of the frame as a text expression over the table. */
export function columnSql({ columns, database }: TableColumns, name: string): string {
  const column = database.columns[columns.findIndex((each) => each.name === name)];
  return column === undefined || column === null ? "''" : `COALESCE(CAST(t.${sqlName(column)} AS text), '')`;
}

/** One unit's line of the canonical table without its end. */
export function lineSql(table: TableColumns): string {
  return table.columns.map(({ name }) => columnSql(table, name)).join(" || chr(9) || ");
}

/** What ECMAScript's `trim` removes (see `canonicalText`). */
const SPACES =
  "E' \\t\\n\\u000B\\f\\r\\u00A0\\u1680\\u2000\\u2001\\u2002\\u2003\\u2004\\u2005\\u2006\\u2007\\u2008\\u2009\\u200A\\u2028\\u2029\\u202F\\u205F\\u3000\\uFEFF'";

/** A condition that a text is not canonical (draw-spec, "Text"); the plain ones, which are most, are told first. */
export function isUncanonical(text: string, isCode: boolean): string {
  const faults = [
    `${text} <> btrim(${text}, ${SPACES})`,
    `${text} ~ E'[\\t\\r\\n]'`,
    `${text} IS NOT NFC NORMALIZED`,
    ...(isCode ? [`${text} ~ '[a-z\uFF01-\uFF5E\u3000]'`] : []),
  ];
  const plain = isCode ? "^[!-`{-~]*$" : "^[!-~\u4E00-\u9FA5]*$";
  return `NOT (${text} COLLATE "C" ~ ${sqlText(plain)}) AND (${faults.join(" OR ")})`;
}
