/** Records read back as they were written, and every line that is no record of the draw is named. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Manifest, manifestDigest } from "../../src/draw/manifest.ts";
import { leanReader, type readLean, readLeanHere } from "../../src/records/read-lean.ts";
import { readRecords } from "../../src/records/read-records.ts";
import {
  type AreaCheck,
  areasText,
  isNonResponse,
  OUTCOME_NAMES,
  OUTCOMES,
  RESULT_NAMES,
  RESULTS,
  recordsText,
  type SourceRecord,
  type Visit,
} from "../../src/records/record.ts";
import { type Round, roundPaths } from "../../src/round/round.ts";
import { canonicalJson, type JsonValue } from "../../src/text/canonical.ts";
import { ChouqianError } from "../../src/text/errors.ts";
import { scratchFolder } from "../support/chouqian.ts";

const manifest = {
  spec: "draw-spec/1",
  roundId: "R1",
  frameDigest: "",
  planDigest: "",
  contributions: [],
  seed: "0",
  method: "ticket",
  strata: [],
} satisfies Manifest;
const SOURCE = { file: "核查记录表.xlsx", sheet: "001 某厂", sha256: "a".repeat(64) };

function record(unit: string, more: Partial<SourceRecord> = {}): SourceRecord {
  return {
    spec: "records/1",
    roundId: "R1",
    manifestDigest: manifestDigest(manifest),
    unit,
    team: "",
    outcome: "checked",
    indicators: [
      {
        code: "G101-1.01",
        name: "代码",
        form: "G101-1",
        key: true,
        reported: "1",
        found: "1",
        result: "right",
        way: "资料",
      },
    ],
    source: SOURCE,
    ...more,
  };
}

const area: AreaCheck = {
  spec: "records/1",
  roundId: "R1",
  city: "440500",
  county: "440507",
  area: "440507001001",
  listed: 20,
  found: 21,
  omitted: 1,
  duplicates: 0,
  team: "",
  source: SOURCE,
};

function roundWith(records: string | undefined, areas?: string): Round {
  const folder = scratchFolder("records");
  const paths = roundPaths(folder);
  mkdirSync(join(folder, "records"));
  if (records !== undefined) writeFileSync(paths.records, records);
  if (areas !== undefined) writeFileSync(paths.areas, areas);
  return { folder, paths, config: { id: "R1" } as Round["config"] };
}

function faults(records: string, areas?: string): string[] {
  try {
    readRecords(roundWith(records, areas), manifest);
    return [];
  } catch (error) {
    if (!(error instanceof ChouqianError)) throw error;
    return error.problems.map(({ at, message }) => `${at.row} ${at.column ?? ""} ${message.zh}`);
  }
}

test("records and areas read back as written, sorted whatever the order they are given in", () => {
  const twice = (visit: Visit) => record("B", { visit });
  const records = [twice("second"), twice("first"), record("A", { team: "第1组" })];
  const read = readRecords(roundWith(recordsText(records), areasText([area])), manifest);
  expect(read.records.map(({ unit, visit }) => [unit, visit])).toEqual([
    ["A", undefined],
    ["B", "first"],
    ["B", "second"],
  ]);
  expect(read.areas).toEqual([area]);
  expect(read.recordsDigest).toMatch(/^[0-9a-f]{64}$/);
});

test("a round without records has none", () => {
  const read = readRecords(roundWith(undefined), manifest);
  expect(read).toEqual({ records: [], areas: [], recordsDigest: undefined, areasDigest: undefined });
});

test("a file longer than a piece of reading is read whole", () => {
  const records = Array.from({ length: 3000 }, (_, i) => record(String(i).padStart(5, "0")));
  const long = records.map((each) => ({ ...each, indicators: Array.from({ length: 12 }, () => each.indicators[0]) }));
  const text = recordsText(long as SourceRecord[]);
  expect(text.length).toBeGreaterThan(5e6);
  expect(readRecords(roundWith(text), manifest).records).toEqual(long);
});

function faultsOfEach(records: string): string[] {
  try {
    const own = { roundId: "R1", manifestDigest: manifestDigest(manifest) };
    readLeanHere(roundWith(records).paths.records, own, () => {});
    return [];
  } catch (error) {
    if (!(error instanceof ChouqianError)) throw error;
    return error.problems.map(({ at, message }) => `${at.row} ${at.column ?? ""} ${message.zh}`);
  }
}

test("each fault is named with its line", () => {
  const line = (each: object) => `${canonicalJson(each as JsonValue)}\n`;
  expect(faults(line(record("A", { manifestDigest: "f".repeat(64) })))[0]).toContain("1 manifestDigest");
  expect(faults(`${recordsText([record("A")])}{"unit"\n`)[0]).toContain("2  不是一行 JSON");
  expect(faults(line(record("B")) + line(record("A")))[0]).toContain("2 unit 没有按");
  expect(faults(line(record("A")) + line(record("A")))[0]).toContain("2 unit A 重复");
  expect(faults(line({ ...record("A"), outcome: "gone", extra: 1 }))).toHaveLength(2);
  expect(faults(line(record("A", { roundId: "R2" })))[0]).toContain("1 roundId 这条记录属于另一个轮次");
  expect(faults(`${JSON.stringify(record("A"))}\n`)[0]).toContain("1  不是规范 JSON");
  expect(faults(line(record("A")).replace("{", '{"unit":"B",'))[0]).toContain("1  不是规范 JSON");
  expect(faults(line(record("A")).replace('"team":""', '"team":"\\ud800"'))[0]).toContain("1  不是规范 JSON");
  const [indicator] = record("A").indicators;
  const twice = line({ ...record("A"), indicators: [indicator, { ...indicator, result: "wrong", key: false }] });
  expect(faultsOfEach(twice)).toEqual(["1 indicators G101-1.01 重复"]);
  expect(faults(recordsText([record("A")]).trimEnd())[0]).toContain("残缺");
  expect(faults("", areasText([{ ...area, omitted: 22, duplicates: 21 }]))).toHaveLength(2);
});

test("records are read alike in a thread of their own, as the built program does with a large file", async () => {
  const built = new URL("../../dist/records/read-lean.js", import.meta.url).href;
  const { readLean: inThread } = (await import(built)) as { readLean: typeof readLean };
  const own = { roundId: "R1", manifestDigest: manifestDigest(manifest) };
  const records = Array.from({ length: 6000 }, (_, i) => record(String(i).padStart(5, "0"), { team: `第${i % 3}组` }));
  const round = roundWith(recordsText(records));
  const counts: number[] = [];
  const read = await inThread(round, own, (_, count) => counts.push(count), 0);
  expect(read).toEqual(readLeanHere(round.paths.records, own, () => {}));
  expect(read.records.units).toHaveLength(6000);
  expect(counts).toEqual([5000, 6000]);
  const faulty = roundWith(recordsText([record("A", { roundId: "R2" })]));
  await expect(inThread(faulty, own, () => {}, 0)).rejects.toMatchObject({ code: "E-RECORDS-INVALID" });
});

test("records are read once for all who ask for those of one draw", async () => {
  const own = { roundId: "R1", manifestDigest: manifestDigest(manifest) };
  const read = leanReader(roundWith(recordsText([record("A")])), () => {});
  expect(await read(own)).toBe(await read({ ...own }));
  // What the round keeps is no input: a check of it fails.
  await expect(read({ ...own, roundId: "R2" })).rejects.toMatchObject({ code: "E-RECORDS-INVALID", exitCode: 3 });
});

test("outcomes and results have names, and only not found and refused count as in error by themselves", () => {
  expect(OUTCOMES.map((outcome) => OUTCOME_NAMES[outcome].zh)).not.toContain(undefined);
  expect(RESULTS.map((result) => RESULT_NAMES[result].zh)).not.toContain(undefined);
  expect(OUTCOMES.filter(isNonResponse)).toEqual(["notFound", "refused"]);
});
