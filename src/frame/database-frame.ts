/** A frame whose units stay in a database: everything is read through one snapshot; nothing of it is kept on the disk. */
import { createHash } from "node:crypto";
import { SOURCE_CLASSES, type SourceClass } from "../reference/classes.ts";
import { compareBytes } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { alikeUnits, placesInLine } from "./alike.ts";
import { CORE_COLUMNS } from "./columns.ts";
import { columnSql, isUncanonical, lineSql, sqlTable, type TableColumns } from "./database-table.ts";
import { sqlName, sqlText } from "./engine.ts";
import type { FrameLock, LockedBlock } from "./lock-record.ts";
import type { FrameUnit, LockedFrame, PartCount, TicketedUnit } from "./locked.ts";
import type { Snapshot } from "./postgres.ts";

/** Beyond so many bytes a block's table goes through this program line by line; PostgreSQL holds no text above 1 GB. */
const MOST_BYTES = 200_000_000;

/** @param close ends the snapshot */
export function databaseFrame(snapshot: Snapshot, lock: FrameLock, table: TableColumns): LockedFrame {
  const column = (name: string) => columnSql(table, name);
  const from = `FROM ${sqlTable(table.database.table)} AS t`;
  const block = `${column("city")} || '/' || ${column("class")}`;
  const ofBlock = `${column("city")} = $1 AND ${column("class")} = $2`;
  const byId = `${column("id")} COLLATE "C"`;
  const all = (names: readonly string[]) => names.map((name) => `${column(name)} AS ${sqlName(name)}`).join(", ");
  const names = table.columns.map(({ name }) => name);
  return {
    lock,
    units: (city: string, sourceClass: SourceClass, columns: readonly string[] = []) => {
      const wanted = all([...new Set([...CORE_COLUMNS, ...columns])]);
      return snapshot.query<FrameUnit>(`SELECT ${wanted} ${from} WHERE ${ofBlock} ORDER BY ${byId}`, [
        city,
        sourceClass,
      ]);
    },
    counts: (name) =>
      snapshot.query<PartCount>(
        `SELECT ${block} AS block, ${column(name)} AS value, CAST(count(*) AS int) AS count ${from} GROUP BY 1, 2`,
      ),
    ticketsBelow: (seed, name, limits) => {
      const value = name === undefined ? "''" : column(name);
      return snapshot.query<TicketedUnit>(
        `SELECT l.block, l.value, ${all(["id", "name"])} ${from}
        JOIN unnest($2::text[], $3::text[], $4::text[]) AS l(block, value, below)
          ON l.block = ${block} AND l.value = ${value}
        WHERE encode(sha256(convert_to($1 || ':' || ${column("id")}, 'UTF8')), 'hex') COLLATE "C" < l.below`,
        [
          seed,
          limits.map((limit) => limit.block),
          limits.map((limit) => limit.value),
          limits.map(({ below }) => below),
        ],
      );
    },
    unitsById: (ids) =>
      snapshot.query<FrameUnit>(`SELECT ${all(names)} ${from} WHERE ${column("id")} = ANY($1)`, [ids]),
    alike: async (ids, columns) => {
      const groups = await snapshot.query<Record<string, string>>(
        `SELECT ${all(columns)}, ${placesInLine("wanted.place - 1")} ${from}
        JOIN unnest($1::text[]) WITH ORDINALITY AS wanted(id, place) ON ${column("id")} = wanted.id
        GROUP BY ${columns.map(column).join(", ")}`,
        [ids],
      );
      return groups.map((group) => alikeUnits(group, columns));
    },
    exportBlock: async (city, sourceClass) => {
      const lines: string[] = [];
      const sql = `SELECT ${lineSql(table)} AS line ${from} WHERE ${ofBlock} ORDER BY ${byId}`;
      for await (const rows of snapshot.stream<{ line: string }>(sql, [city, sourceClass])) {
        for (const { line } of rows) lines.push(`${line}\n`);
      }
      return lines.join("");
    },
    // A table of a database has no order of its own.
    digests: () => blockDigests(snapshot, table),
    profile: () => {
      throw new ChouqianError("E-FRAME-IN-DATABASE", {
        message: words("名录在数据库里，不能作画像", "no profile is made of a frame in a database"),
        advice: words("把名录导出为文件，用 frame check 查看", "export the ledger to a file and use frame check"),
      });
    },
    close: () => {
      void snapshot.close();
    },
  };
}

/**
 * Count and digest of each block, sorted by key in byte order. The database works the digests out; only blocks beyond its
 * limit of one text are read line by line and digested here.
 * @param most bytes of a block that the database is asked to put together
 */
export async function blockDigests(snapshot: Snapshot, table: TableColumns, most = MOST_BYTES): Promise<LockedBlock[]> {
  const from = `FROM ${sqlTable(table.database.table)} AS t`;
  const [city, sourceClass, id] = ["city", "class", "id"].map((name) => columnSql(table, name));
  const line = lineSql(table);
  const key = `${city} || '/' || ${sourceClass}`;
  const sizes = await snapshot.query<{ key: string; count: number; bytes: number }>(
    `SELECT ${key} AS key, CAST(count(*) AS int) AS count,
      CAST(sum(octet_length(${line}) + 1) AS double precision) AS bytes
    ${from} GROUP BY 1`,
  );
  const large = sizes.filter(({ bytes }) => bytes > most).map((block) => block.key);
  const digested = await snapshot.query<{ key: string; digest: string }>(
    `SELECT ${key} AS key, encode(sha256(convert_to(
      string_agg(${line} || chr(10), '' ORDER BY ${id} COLLATE "C"), 'UTF8')), 'hex') AS digest
    ${from} WHERE NOT ${key} = ANY($1) GROUP BY 1`,
    [large],
  );
  const digests = new Map(digested.map((block) => [block.key, block.digest]));
  for (const block of large) {
    const hash = createHash("sha256");
    const lines = `SELECT ${line} AS line ${from} WHERE ${key} = $1 ORDER BY ${id} COLLATE "C"`;
    for await (const rows of snapshot.stream<{ line: string }>(lines, [block])) {
      for (const row of rows) hash.update(`${row.line}\n`);
    }
    digests.set(block, hash.digest("hex"));
  }
  return sizes
    .map((block) => ({ key: block.key, count: block.count, digest: digests.get(block.key) ?? "" }))
    .sort((a, b) => compareBytes(a.key, b.key));
}

/**
 * What keeps a table from being a frame: ids that are empty or stand twice, cities that are no codes, unknown classes,
 * texts that are not canonical, so that their digests and tickets would be others than those of a file.
 * @returns how many rows of each kind, and an example
 */
export async function tableFaults(
  snapshot: Snapshot,
  table: TableColumns,
): Promise<{ readonly code: string; readonly column: string; readonly rows: number; readonly example: string }[]> {
  const from = `FROM ${sqlTable(table.database.table)} AS t`;
  const column = (name: string) => columnSql(table, name);
  const classes = SOURCE_CLASSES.map(sqlText).join(", ");
  const tests = [
    { code: "E-DATABASE-NO-ID", column: "id", test: `${column("id")} = ''` },
    { code: "E-DATABASE-CITY", column: "city", test: `${column("city")} !~ '^[0-9]{6}$'` },
    { code: "E-DATABASE-CLASS", column: "class", test: `${column("class")} NOT IN (${classes})` },
    ...table.columns.map(({ name }) => ({
      code: "E-DATABASE-TEXT",
      column: name,
      test: isUncanonical(column(name), name === "id"),
    })),
  ];
  const counts = tests.flatMap(({ test, column: name }, at) => [
    `CAST(count(*) FILTER (WHERE ${test}) AS int) AS n${at}`,
    `min(${column(name)} COLLATE "C") FILTER (WHERE ${test}) AS e${at}`,
  ]);
  const [row = {}] = await snapshot.query<Record<string, number | string>>(`SELECT ${counts.join(", ")} ${from}`);
  const [twice = { rows: 0, example: "" }] = await snapshot.query<{ rows: number; example: string }>(
    `SELECT CAST(count(*) AS int) AS rows, min(id) AS example
    FROM (SELECT ${column("id")} COLLATE "C" AS id ${from} GROUP BY 1 HAVING count(*) > 1) AS d`,
  );
  return [
    ...tests.map(({ code, column: name }, at) => ({
      code,
      column: name,
      rows: Number(row[`n${at}`]),
      example: String(row[`e${at}`] ?? ""),
    })),
    { code: "E-DATABASE-DUPLICATE-ID", column: "id", rows: twice.rows, example: twice.example },
  ].filter(({ rows }) => rows > 0);
}
