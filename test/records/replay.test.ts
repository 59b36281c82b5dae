/** Records made anew from the originals: whatever was imported, in whatever order, comes out again to the byte. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { readExpected } from "../../src/records/expected.ts";
import { replayHere, type replayRecords } from "../../src/records/replay.ts";
import { replaceUnit } from "../../src/replace/replace-round.ts";
import { journalOf, type Round } from "../../src/round/round.ts";
import { digest } from "../../src/text/canonical.ts";
import { silent } from "../../src/text/progress.ts";
import { scratchFolder } from "../support/chouqian.ts";
import { ACTOR } from "../support/round.ts";
import { codesOf, imported, recordsOf, roundWithForms } from "./fixture.ts";

const scratch = scratchFolder("replay");
let round: Round;
let units: string[];
beforeAll(async () => {
  round = await roundWithForms(join(scratch, "R"));
  units = (await readExpected(round)).sources.map(({ id }) => id);
}, 180_000);

const again = (wanted: readonly number[] = []) =>
  replayHere({ round, entries: journalOf(round).entries, wanted }, () => {});

/** A table that tells what became of the visits to some units. */
function table(name: string, rows: readonly (readonly [unit: string, outcome: string])[]): string {
  const folder = join(scratch, "回收");
  mkdirSync(folder, { recursive: true });
  const lines = rows.map(([unit, outcome]) => `${unit},,,${outcome}`);
  writeFileSync(join(folder, name), `单位代码,指标代码,核查值,核查去向\n${lines.join("\n")}\n`);
  return join(folder, name);
}

test("two forms that contradict each other are kept, so that it can be told why neither was taken", async () => {
  const [a = "", b = "", c = ""] = units;
  const paths = [
    table("甲.csv", [[a, "拒绝核查"]]),
    table("乙.csv", [[b, "未找到"]]),
    table("丙.csv", [[b, "拒绝核查"]]),
  ];
  const result = await imported(round, paths, { acceptGood: true });
  expect([result.added, codesOf(result)]).toEqual([[a], ["E-RECORDS-TWICE"]]);
  expect(readdirSync(join(round.folder, "records", "originals"))).toHaveLength(3);
  expect(await again()).toMatchObject({ wrong: undefined, originals: 3, records: 1 });
  await imported(round, [table("丁.csv", [[c, "已关停"]])]);
  expect((await again()).wrong).toBeUndefined();
});

test("a form is read as the sample stood when it came in, and again where that changed", async () => {
  const [, , , leaving = "", staying = ""] = units;
  const request = { unit: leaving, reason: "不存在", evidence: ["查无此户"], despiteRecord: "查无此户" };
  await imported(round, [
    table("戊.csv", [
      [leaving, "未找到"],
      [staying, "未找到"],
    ]),
  ]);
  const before = recordsOf(round).length;
  const { seq } = journalOf(round).entries.at(-1) ?? { seq: 0 };
  const { replacement } = await replaceUnit(round, ACTOR, request, silent);
  const newcomer = String(replacement.by?.id);
  await imported(round, [table("己.csv", [[newcomer, "拒绝核查"]]), table("戊.csv", [[staying, "未找到"]])]);
  const { wrong, at } = await again([seq + 1]);
  expect(wrong).toBeUndefined();
  expect([at.get(seq + 1)?.read.records.units.length, recordsOf(round).length]).toEqual([before, before + 1]);
});

test("records changed by hand are named by unit, field, both values and the original", async () => {
  const text = readFileSync(round.paths.records, "utf8");
  const [first = ""] = units;
  writeFileSync(round.paths.records, text.replace('"outcome":"refused"', '"outcome":"closed"'));
  const { wrong } = await again();
  expect(wrong?.zh).toContain("的核查去向：原表");
  expect(wrong?.zh).toContain("为“拒绝核查”，records.jsonl 为“已关停，无法全面核查”");
  writeFileSync(
    round.paths.records,
    text
      .split("\n")
      .filter((line) => !line.includes(first))
      .join("\n"),
  );
  expect((await again()).wrong?.zh).toContain(`缺 ${first} 的记录，原表 甲.csv 里有`);
  writeFileSync(round.paths.records, text);
});

test("a thread of its own says the same, as the built program does", async () => {
  const built = new URL("../../dist/records/replay.js", import.meta.url).href;
  const { replayRecords: inThread } = (await import(built)) as { replayRecords: typeof replayRecords };
  const read: number[] = [];
  const { entries } = journalOf(round);
  const found = await inThread({ round, entries, wanted: [entries.length] }, (_, done) => read.push(done ?? 0));
  expect(found).toEqual(await again([entries.length]));
  expect(read.at(-1)).toBeGreaterThan(3);
  expect(digest(readFileSync(round.paths.records))).toBe(entries.at(-1)?.about.recordsDigest);
});
