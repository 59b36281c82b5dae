/** The query that `draw --sql` prints names the units that the program draws, in the same order, on real engines. */
import { createRequire } from "node:module";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { computeManifest } from "../../src/draw/compute.ts";
import { sampleQuery } from "../../src/draw/sql.ts";
import { DIALECTS, type DialectName } from "../../src/draw/sql-dialects.ts";
import type { Engine } from "../../src/frame/engine.ts";
import type { LockedFrame } from "../../src/frame/locked.ts";
import { type Plan, parsePlan } from "../../src/plan/plan.ts";
import { deriveSeed } from "../../src/seed/derive.ts";
import { scratchFolder } from "../support/chouqian.ts";
import { asSampleRows, EVERYTHING, frameOf, sampleRows, unitsSql } from "../support/database.ts";

const CITIES = ["440100", "440300", "440500"];
const CONTRIBUTIONS = [{ by: "省", value: "3 6 1'; DROP TABLE units; --" }];
const SEED = deriveSeed("R1", CONTRIBUTIONS);

function query(plan: Plan, dialect: DialectName, table = "units"): string {
  const input = { plan, cities: CITIES, seed: SEED, table, columnOf: (name: string) => name, about: ["R1"] };
  return sampleQuery(input, DIALECTS[dialect]);
}

async function drawn(frame: LockedFrame, plan: Plan) {
  const manifest = await computeManifest("R1", frame, { plan, cities: CITIES }, CONTRIBUTIONS, () => {});
  return sampleRows(manifest.strata);
}

/** Rows of the table as the query's answer says them, sorted by no engine but the query itself. */
const inDuckDB = async (engine: Engine, plan: Plan) =>
  asSampleRows(await engine.query<Record<string, unknown>>(query(plan, "duckdb")));

describe("on DuckDB", () => {
  let frame: LockedFrame;
  let engine: Engine;
  beforeAll(async () => {
    ({ frame, engine } = await frameOf(scratchFolder("sql"), unitsSql(20_000)));
  });
  afterAll(() => {
    frame.close();
    engine.close();
  });

  test("everything a query can say is drawn by it as by the program, unit by unit", async () => {
    const plan = parsePlan(EVERYTHING);
    const expected = await drawn(frame, plan);
    expect(expected.length).toBeGreaterThan(400);
    expect(new Set(expected.map(({ role }) => role))).toEqual(new Set(["primary", "reserve", "certainty"]));
    expect(await inDuckDB(engine, plan)).toEqual(expected);
  });

  test("of what tickets alone decide only the first units are read, and nothing changes", async () => {
    const plan = parsePlan(`method: ticket
quotas:
  - { class: 工业源, rate: 0.5%, min: 2, max: 50, by: county, reserve: 3 }
  - { class: 农业源, count: 60, reserve: 20 }
  - { class: 移动源, count: 40, spread: { column: 行业, rule: proportional, digits: 2 } }`);
    // An exclusion of nobody has every unit looked at.
    const slow = { ...plan, exclude: [{ ids: ["无"], reason: "无" }] };
    expect(await drawn(frame, plan)).toEqual(await drawn(frame, slow));
  });

  test("any quota, spread and size", async () => {
    const amount = fc.oneof(
      fc.record({ count: fc.integer({ min: 1, max: 4000 }) }),
      fc.record({
        rate: fc.constantFrom("0.01%", "7%", "33.3%", "100%"),
        min: fc.nat(9),
        max: fc.integer({ min: 9, max: 900 }),
      }),
    );
    const strata = fc.constantFrom(
      {},
      { by: "county" },
      { spread: { column: "county", rule: "proportional" } },
      { spread: { column: "行业", rule: "equal", digits: 3 } },
      { spread: { column: "行业", rule: "proportional" } },
      { spread: { column: "county", rule: "equal" } },
    );
    const size = fc.constantFrom({}, { size: { column: "规模" } }, { size: { column: "规模", least: 2.5 } });
    const reserve = fc.constantFrom(0, 3, "10%");
    const law = fc.asyncProperty(amount, strata, size, reserve, async (one, two, three, four) => {
      const quota = { class: "生活源", ...one, ...two, ...three, reserve: four };
      const plan = parsePlan(JSON.stringify({ method: "ticket", quotas: [quota] }));
      expect(await inDuckDB(engine, plan)).toEqual(await drawn(frame, plan));
    });
    await fc.assert(law, { numRuns: 25 });
  });
});

const require = createRequire(import.meta.url);
/** ClickHouse's engine is 546 MB, so it is no dependency; the folder that has it can be named. */
interface Chdb {
  readonly Session: new (folder: string) => { query(sql: string, format?: string): string; cleanup(): void };
}
const chdb = ((): Chdb | undefined => {
  try {
    return require(require.resolve("chdb", { paths: [process.env.CHOUQIAN_CHDB ?? "."] })) as Chdb;
  } catch {
    return undefined;
  }
})();
const chdbNote = chdb === undefined ? " (skipped: the package chdb is not installed, see docs/scale.md)" : "";

describe.skipIf(chdb === undefined)(`on ClickHouse's engine${chdbNote}`, () => {
  test("everything a query can say is drawn by it as by the program, unit by unit", async () => {
    const folder = scratchFolder("chdb");
    const { frame, engine } = await frameOf(folder, unitsSql(20_000));
    const plan = parsePlan(EVERYTHING);
    const session = new (chdb as Chdb).Session(`${folder}/chdb`);
    session.query(`CREATE DATABASE ledger; CREATE TABLE ledger.units ENGINE = MergeTree ORDER BY tuple() AS
      SELECT * FROM file('${folder}/frame/frame.parquet', Parquet)`);
    const lines = session
      .query(query(plan, "clickhouse", "ledger.units"), "JSONEachRow")
      .trim()
      .split("\n");
    session.cleanup();
    expect(asSampleRows(lines.map((line) => JSON.parse(line)))).toEqual(await drawn(frame, plan));
    frame.close();
    engine.close();
  });
});

describe("as text", () => {
  test.each(["spark", "trino", "clickhouse", "postgres", "duckdb"] as const)("%s's own words", async (dialect) => {
    await expect(query(parsePlan(EVERYTHING), dialect)).toMatchFileSnapshot(`golden/query-${dialect}.sql`);
  });

  test("names and values cannot leave their quotes", () => {
    const plan = parsePlan(`method: ticket
quotas: [{ class: 工业源, count: 1, only: { column: "a\\"b\`c", values: ["x' OR 1=1 --", "y\\\\' --"] } }]`);
    const of = (dialect: DialectName) => query(plan, dialect, `s"x.t\`y`);
    expect(of("postgres")).toContain(`FROM "s""x"."t\`y" AS t`);
    expect(of("postgres")).toContain(`IN ('x'' OR 1=1 --', E'y\\\\'' --')`);
    expect(of("duckdb")).toContain(`IN ('x'' OR 1=1 --', 'y\\'' --')`);
    expect(of("spark")).toContain(`t.\`a"b\`\`c\``);
    expect(of("spark")).toContain(`IN ('x\\' OR 1=1 --', 'y\\\\\\' --')`);
    expect(of("clickhouse")).toContain(`t.\`a"b\\\`c\``);
  });

  test("what a query cannot say is refused by name, all of it at once", () => {
    const plan = parsePlan(`method: seedrandom
areas: { column: county, count: 2 }
quotas: [{ class: 工业源, rate: 0.1234567891 }]`);
    expect(() => query(plan, "postgres")).toThrow(
      expect.objectContaining({
        code: "E-SQL-PLAN",
        problems: ["method", "areas", "0.1234567891"].map((value) =>
          expect.objectContaining({ at: expect.objectContaining({ value }) }),
        ),
      }),
    );
  });
});
