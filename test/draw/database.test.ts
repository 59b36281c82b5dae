/** A frame of 600,000 units in a real PostgreSQL: the printed query, and the draw where the data lie, equal the program's. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { computeManifest } from "../../src/draw/compute.ts";
import { drawRound } from "../../src/draw/draw-round.ts";
import { sampleQuery } from "../../src/draw/sql.ts";
import { DIALECTS } from "../../src/draw/sql-dialects.ts";
import { blockDigests } from "../../src/frame/database-frame.ts";
import { readTableColumns } from "../../src/frame/database-table.ts";
import { digestBlocks } from "../../src/frame/digests.ts";
import type { Engine } from "../../src/frame/engine.ts";
import { lockDatabase } from "../../src/frame/lock-database.ts";
import { type LockedFrame, openFrame } from "../../src/frame/locked.ts";
import { openSnapshot } from "../../src/frame/postgres.ts";
import { parsePlan } from "../../src/plan/plan.ts";
import { openRound, type Round } from "../../src/round/round.ts";
import { deriveSeed } from "../../src/seed/derive.ts";
import { verifyRound } from "../../src/verify/verify-round.ts";
import { scratchFolder } from "../support/chouqian.ts";
import {
  asSampleRows,
  type Cluster,
  EVERYTHING,
  filesWith,
  frameOf,
  hasPostgres,
  PASSWORD,
  postgresNote,
  sampleRows,
  startPostgres,
  unitsSql,
} from "../support/database.ts";

const ROWS = 600_000;
/** For what reads every unit again and again. */
const FEWER = 20_000;
const CITIES = ["440100", "440300", "440500"];
const CONTRIBUTIONS = [{ by: "seed", value: "20190930" }];
const ACTOR = { name: "测试员", now: () => new Date(0) };
const TABLE = { table: "普查.名录", columns: new Map([["id", "信用 代码"]]) };
const SMALL_TABLE = { ...TABLE, table: "普查.小名录" };
const plan = parsePlan(EVERYTHING);
const quiet = () => {};
/** A shared machine may take its time over 600,000 rows. */
const PATIENT = 240_000;

/** A round whose plan is `EVERYTHING`, or another. */
function roundFor(cluster: Cluster, text = EVERYTHING): Round {
  const folder = scratchFolder("database");
  writeFileSync(join(folder, "round.yaml"), "id: R1\nname: 轮次\nlevel: province\n");
  writeFileSync(join(folder, "plan.yaml"), text);
  return openRound(folder, cluster.url);
}

/** Units by county and class, sorted; the same as one by one. */
async function alikeUnits(frame: LockedFrame, ids: readonly string[]): Promise<string[]> {
  const line = (values: readonly string[], of: readonly string[]) => `${values.join("/")}: ${[...of].sort().join()}`;
  const groups = await frame.alike(ids, ["county", "class"]);
  const found = groups
    .map(({ values, places }) =>
      line(
        values,
        Array.from(places, (place) => ids[place] ?? ""),
      ),
    )
    .sort();
  const byName = new Map<string, string[]>();
  for (const { id, county, class: name } of await frame.unitsById(ids)) {
    byName.set(`${county}/${name}`, [...(byName.get(`${county}/${name}`) ?? []), id]);
  }
  expect(found).toEqual([...byName].map(([name, own]) => line([name], own)).sort());
  return found;
}

describe.skipIf(!hasPostgres)(`in PostgreSQL${postgresNote}`, () => {
  let cluster: Cluster;
  let frame: LockedFrame;
  let engine: Engine;
  let small: Awaited<ReturnType<typeof frameOf>>;
  const folder = scratchFolder("postgres");
  beforeAll(async () => {
    [cluster, { frame, engine }] = await Promise.all([startPostgres(), frameOf(folder, unitsSql(ROWS))]);
    const csv = join(folder, "units.csv");
    small = await frameOf(scratchFolder("small"), unitsSql(FEWER));
    // Empty texts become NULL, which a frame reads as empty.
    await engine.run(`COPY units TO '${csv}' (FORMAT csv, HEADER false)`);
    cluster.psql(
      "-c",
      `CREATE SCHEMA 普查; CREATE TABLE 普查.名录 ("信用 代码" text, class text, city char(6), county text,
      name varchar(80), "行业" integer, "规模" text, "状态" text)`,
    );
    cluster.load("普查.名录", csv);
    await small.engine.run(`COPY units TO '${csv}' (FORMAT csv, HEADER false)`);
    cluster.psql("-c", "CREATE TABLE 普查.小名录 (LIKE 普查.名录)");
    cluster.load("普查.小名录", csv);
  }, 180_000);
  afterAll(() => {
    frame?.close();
    engine?.close();
    small?.frame.close();
    small?.engine.close();
    cluster?.stop();
  });

  test(
    "the printed query names the program's sample, unit by unit, as it does on DuckDB",
    async () => {
      const manifest = await computeManifest("R1", frame, { plan, cities: CITIES }, CONTRIBUTIONS, quiet);
      const expected = sampleRows(manifest.strata);
      const input = { plan, cities: CITIES, seed: deriveSeed("R1", CONTRIBUTIONS), about: [] };
      const columnOf = (name: string) => TABLE.columns.get(name) ?? name;
      const client = new pg.Client({ connectionString: cluster.url });
      await client.connect();
      const { rows } = await client.query(sampleQuery({ ...input, table: TABLE.table, columnOf }, DIALECTS.postgres));
      await client.end();
      expect(asSampleRows(rows)).toEqual(expected);
      const sql = sampleQuery({ ...input, table: "units", columnOf: (name) => name }, DIALECTS.duckdb);
      expect(asSampleRows(await engine.query(sql))).toEqual(expected);
    },
    PATIENT,
  );

  test("locked, drawn and verified where it lies, it is the same draw, and no other row comes to the disk", async () => {
    const round = roundFor(cluster);
    const lock = await lockDatabase(round, ACTOR, cluster.url, SMALL_TABLE, quiet);
    expect(lock.blocks).toEqual(await digestBlocks(small.engine, lock.columns));
    const { manifest } = await drawRound(round, ACTOR, "20190930", quiet);
    const expected = await computeManifest("R1", small.frame, { plan, cities: CITIES }, CONTRIBUTIONS, quiet);
    expect(manifest.strata).toEqual(expected.strata);
    const findings = await verifyRound(round, { ledgers: undefined, withoutLedger: false }, quiet);
    expect(findings.filter(({ outcome }) => outcome === "failed")).toEqual([]);
    expect(findings.find(({ check }) => check === "draw")?.outcome).toBe("passed");
    expect(filesWith(round.folder, PASSWORD, readFileSync)).toEqual([]);
    const [kept] = await (await openFrame({ ...round, database: undefined })).unitsById([
      manifest.strata[0]?.units[0]?.id ?? "",
    ]);
    expect(kept?.name).toBe(manifest.strata[0]?.units[0]?.name);
    const everyId = await small.engine.query<{ id: string }>(`SELECT "id" FROM '${round.paths.parquet}'`);
    const drawn = manifest.strata.flatMap(({ units }) => units.map(({ id }) => id));
    expect(everyId.map(({ id }) => id).sort()).toEqual(drawn.sort());
    const [there, here] = [await openFrame(round), await openFrame({ ...round, database: undefined })];
    const groups = await alikeUnits(there, drawn);
    expect(groups.length).toBeGreaterThan(3);
    expect(await alikeUnits(here, drawn)).toEqual(groups);
    there.close();
    here.close();

    cluster.psql("-c", `UPDATE 普查.小名录 SET 状态 = 状态 || '改' WHERE "信用 代码" = '编号0'`);
    const after = await verifyRound(round, { ledgers: undefined, withoutLedger: false }, quiet);
    expect(after.find(({ check }) => check === "frame")?.detail.zh).toContain("数据库表 普查.小名录 与 lock.json 不符");
    cluster.psql("-c", `UPDATE 普查.小名录 SET 状态 = left(状态, -1) WHERE "信用 代码" = '编号0'`);
  });

  test(
    "a plan that needs tickets alone reads counts and first tickets, with the same result",
    async () => {
      const quick = `method: ticket
quotas:
  - { class: 工业源, rate: 0.5%, min: 2, max: 50, by: county, reserve: 3 }
  - { class: 农业源, count: 60, reserve: 20 }
  - { class: 移动源, count: 40, spread: { column: 行业, rule: proportional, digits: 2 } }
`;
      const round = roundFor(cluster, quick);
      const lock = await lockDatabase(round, ACTOR, cluster.url, TABLE, quiet);
      expect(lock.blocks).toEqual(await digestBlocks(engine, lock.columns));
      const { manifest } = await drawRound(round, ACTOR, "x", quiet);
      const sealed = { plan: parsePlan(quick), cities: CITIES };
      const contributions = [{ by: "seed", value: "x" }];
      expect(manifest.strata).toEqual((await computeManifest("R1", frame, sealed, contributions, quiet)).strata);
    },
    PATIENT,
  );

  test("a block too large for one text is digested line by line, to the same digest", async () => {
    const snapshot = await openSnapshot(cluster.url);
    const table = await readTableColumns(snapshot, SMALL_TABLE);
    expect(await blockDigests(snapshot, table, 60_000)).toEqual(await digestBlocks(small.engine, table.columns));
    await snapshot.close();
  });

  test("a snapshot cannot write", async () => {
    const snapshot = await openSnapshot(cluster.url);
    await expect(snapshot.query("DELETE FROM 普查.名录")).rejects.toThrow(/read-only/);
    await snapshot.close();
  });

  test("rows that cannot enter a frame are refused by kind, all of them at once", async () => {
    cluster.psql(
      "-c",
      `CREATE TABLE bad AS SELECT * FROM (VALUES
      ('A1', 'industrial', '440100', 'x'), ('A1', 'industrial', '440300', 'x'), ('', 'mobile', '广州', ' y'),
      ('b1', 'noise', '440100', E'a\\tb'), ('Ｂ2', 'mobile', '440100', E'e\\u0301')) AS t(id, class, city, name)`,
    );
    const round = roundFor(cluster);
    const locking = lockDatabase(round, ACTOR, cluster.url, { table: "bad", columns: new Map() }, quiet);
    const problems = await locking.catch((error) => error.problems);
    expect(
      problems.map((each: { code: string; message: { zh: string } }) => `${each.code} ${each.message.zh}`),
    ).toEqual([
      "E-DATABASE-NO-ID “id”列有 1 行没有代码",
      "E-DATABASE-CITY “city”列有 1 行地市不是六位代码",
      "E-DATABASE-CLASS “class”列有 1 行污染源类别不认识",
      expect.stringContaining("E-DATABASE-TEXT “id”列有 2 行"),
      expect.stringContaining("E-DATABASE-TEXT “name”列有 3 行"),
      "E-DATABASE-DUPLICATE-ID “id”列有 1 行代码重复",
    ]);
    expect(filesWith(round.folder, "lock", () => Buffer.from("")).length).toBe(0);
  });

  test.each([
    ["mysql://x", "address", "数据库地址看不懂"],
    ["postgres://tester@127.0.0.1:1/postgres", "ECONNREFUSED", "没有 PostgreSQL"],
    ["PASSWORD", "28P01", "用户名或密码不对"],
    ["DATABASE", "3D000", "没有这个数据库"],
    ["TABLE", "42P01", "没有这张表"],
  ])("a fault of %s is told in words", async (kind, code, words) => {
    const url =
      {
        PASSWORD: cluster.url.replace(PASSWORD, "wrong"),
        DATABASE: cluster.url.replace(/postgres$/, "nothing"),
        TABLE: cluster.url,
      }[kind] ?? kind;
    const opening = openSnapshot(url).then((snapshot) =>
      readTableColumns(snapshot, { table: "nothing", columns: new Map() }).finally(() => snapshot.close()),
    );
    const error = await opening.catch((refusal) => refusal);
    expect([error.code, error.at.value]).toEqual(["E-DATABASE", code]);
    expect(error.words.zh).toContain(words);
    expect(JSON.stringify(error)).not.toContain(PASSWORD);
  });
});
