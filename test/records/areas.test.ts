/** Census areas: one record each, in a city of the round, with counts that can be. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { computeEvaluation } from "../../src/evaluate/evaluate-round.ts";
import { readAreas } from "../../src/records/read-records.ts";
import { type AreaCheck, areasText } from "../../src/records/record.ts";
import { replayHere } from "../../src/records/replay.ts";
import { journalOf, type Round } from "../../src/round/round.ts";
import { silent } from "../../src/text/progress.ts";
import { scratchFolder } from "../support/chouqian.ts";
import { SMALL_PLAN, smallLedger } from "../support/ledger.ts";
import { drawnRound } from "../support/round.ts";
import { codesOf, copied, imported, linesOf } from "./fixture.ts";

const scratch = scratchFolder("areas");
let drawn: Round;
beforeAll(async () => {
  drawn = await drawnRound(join(scratch, "R1"), smallLedger(), SMALL_PLAN);
}, 180_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let number = 0;
function begin() {
  const folder = join(scratch, `case-${++number}`);
  mkdirSync(folder);
  return { round: copied(drawn, join(folder, "R1")), folder };
}

/** A table of areas: 普查小区, 地市, 县区, 名录登记数, 走访发现合计, 其中未入名录, 名录重复的记录, 核查组. */
function table(folder: string, rows: readonly string[], name = "小区.csv"): string {
  const path = join(folder, name);
  const head = "普查小区,地市,县区,名录登记数,走访发现合计,其中未入名录,名录重复的记录,核查组";
  writeFileSync(path, `${head}\n${rows.join("\n")}\n`);
  return path;
}

const wrongIn = (round: Round) =>
  replayHere({ round, entries: journalOf(round).entries, wanted: [] }, () => {}).then(({ wrong }) => wrong);

test("an area has one record, whichever team checked it: a second one is refused unless it is the same or replaces it", async () => {
  const { round, folder } = begin();
  const first = table(folder, ["440507001001,汕头市,,10,12,2,0,1"]);
  expect((await imported(round, [first])).areas).toBe(1);
  const other = table(folder, ["４４０５０７００１００１,,龙湖区,10,15,5,0,2"], "另.csv");
  expect(codesOf(await imported(round, [other]))).toEqual(["E-RECORDS-AREA-EXISTS"]);
  const same = table(folder, ["440507001001,汕头市,440507,10,12,2,0,2"], "同.csv");
  const again = await imported(round, [same]);
  expect([again.refusal, again.areas, linesOf(round.paths.areas).length]).toEqual([undefined, 0, 1]);
  expect((await computeEvaluation(round, silent)).areas).toMatchObject([{ areas: 1, listed: 10, omitted: 2 }]);
  await imported(round, [other], { replace: true });
  expect((await computeEvaluation(round, silent)).areas).toMatchObject([{ areas: 1, listed: 10, omitted: 5 }]);
  expect(await wrongIn(round)).toBe(undefined);
});

test("an area that stands twice in one import with other counts is refused in both places", async () => {
  const { round, folder } = begin();
  const a = table(folder, ["440507001001,汕头市,,10,12,2,0,1", "440507001002,汕头市,,10,10,0,0,1"], "甲.csv");
  const b = table(folder, ["440507001001,汕头市,,10,15,5,0,2", "440507001002,汕头市,,10,10,0,0,2"], "乙.csv");
  const { refusal, areas } = await imported(round, [a, b], { acceptGood: true });
  expect(refusal?.problems.map(({ code, at }) => [code, at?.file])).toEqual([
    ["E-RECORDS-AREA-TWICE", "甲.csv"],
    ["E-RECORDS-AREA-TWICE", "乙.csv"],
  ]);
  expect(areas).toBe(1);
  expect(linesOf<AreaCheck>(round.paths.areas).map(({ area }) => area)).toEqual(["440507001002"]);
  expect(await wrongIn(round)).toBe(undefined);
});

test("areas that have names alone are told apart by city and county, which may be its code", async () => {
  const { round, folder } = begin();
  const rows = ["甲村,汕头市,龙湖区,10,10,0,0,1", "甲村,汕头市,金平区,10,10,1,0,1"];
  expect((await imported(round, [table(folder, rows)])).areas).toBe(2);
  const coded = table(folder, ["甲 村,汕头市,440507,10,10,3,0,1"], "另.csv");
  expect(codesOf(await imported(round, [coded]))).toEqual(["E-RECORDS-AREA-EXISTS"]);
});

test("city, code and counts must agree with each other and the round; each fault has its own advice", async () => {
  const { round, folder } = begin();
  const rows = [
    ["E-RECORDS-AREA-CITY", "445302001004,汕头市,,10,12,2,0,1"],
    ["E-RECORDS-AREA-CITY", "110101001001,汕头市,,10,12,2,0,1"],
    ["E-RECORDS-AREA-CITY", "440507001001,北京市,,10,12,2,0,1"],
    ["E-RECORDS-AREA-OUTSIDE", "445302001004,,,10,12,2,0,1"],
    ["E-RECORDS-AREA-OUTSIDE", "甲村,云浮市,,10,12,2,0,1"],
    ["E-RECORDS-AREA-SUM", "440507001001,汕头市,,1,2000,0,0,1"],
    ["E-RECORDS-AREA-SUM", "440507001002,汕头市,,10,10,0,1,1"],
    ["E-RECORDS-AREA-SUM", "440507001003,汕头市,,10,0,0,10,1"],
    ["E-RECORDS-AREA-SUM", "440507001004,汕头市,,10,1,2,0,1"],
    ["E-RECORDS-AREA", "440507001005,汕头市,,十,1,2,0,1"],
  ] as const;
  const { refusal } = await imported(round, [
    table(
      folder,
      rows.map(([, row]) => row),
    ),
  ]);
  expect(refusal?.problems.map(({ code }) => code)).toEqual(rows.map(([code]) => code));
  expect(refusal?.problems.map(({ message }) => message.zh).slice(0, 6)).toEqual([
    "小区代码 445302001004 是云浮市的代码，地市写的是汕头市",
    "小区代码 110101001001 不是本省的代码，地市写的是汕头市",
    "认不出小区属于哪个市",
    "云浮市不在本轮次",
    "云浮市不在本轮次",
    "走访发现的有 2000 家在名录里，名录里不重复的只有 1 家",
  ]);
  const advice = new Map(refusal?.problems.map(({ code, advice: how }) => [code, how?.zh]));
  expect(new Set(advice.values()).size).toBe(4);
});

test("a file that holds an area twice, or counts that cannot be, is not evaluated", async () => {
  const { round, folder } = begin();
  await imported(round, [table(folder, ["440507001001,汕头市,,10,12,2,0,1"])]);
  const [area] = linesOf<AreaCheck>(round.paths.areas);
  if (area === undefined) throw new Error("no area");
  for (const other of [{ team: "2" }, { area: "440507001002", found: 13 }]) {
    writeFileSync(round.paths.areas, areasText([area, { ...area, ...other }]));
    expect(() => readAreas(round), readFileSync(round.paths.areas, "utf8")).toThrow("E-RECORDS-INVALID");
  }
});
