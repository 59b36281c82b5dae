/** Records that somebody takes out of the figures: by a drop, a replacement, its undoing or a settlement. None in silence. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readCurrentSample } from "../../src/draw/fates.ts";
import { computeEvaluation, evaluateRound, reportsOf } from "../../src/evaluate/evaluate-round.ts";
import { REPORT_FILES } from "../../src/evaluate/evaluation.ts";
import { issuedNow } from "../../src/evaluate/issued.ts";
import { dropArea, dropSource } from "../../src/records/drop.ts";
import type { SourceRecord } from "../../src/records/record.ts";
import { settleSource } from "../../src/records/settle.ts";
import { replaceUnit, undoReplacement } from "../../src/replace/replace-round.ts";
import { journalOf, type Round } from "../../src/round/round.ts";
import { silent } from "../../src/text/progress.ts";
import { verifyRound } from "../../src/verify/verify-round.ts";
import { asSeen, readPdf } from "../pdf/read-pdf.ts";
import { chouqian, scratchFolder } from "../support/chouqian.ts";
import { ACTOR } from "../support/round.ts";
import { loaded } from "../xlsx/workbooks.ts";
import { copied, filledWorkbook, imported, recordsOf, roundWithForms, TODAY } from "./fixture.ts";

const scratch = scratchFolder("taken-out");
const WHY = "核查后查明已注销";
let good: Round;
beforeAll(async () => {
  good = await roundWithForms(join(scratch, "R"));
  await imported(good, [(await filledWorkbook(good, join(scratch, "回收"))).path]);
}, 180_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let number = 0;
const begin = () => copied(good, join(scratch, `case-${++number}`));

/** A table, such as a second entry or a replacement's record. */
function table(name: string, head: string, lines: readonly string[]): string {
  const path = join(scratch, `${++number}-${name}.csv`);
  writeFileSync(path, `${head}\n${lines.join("\n")}\n`);
  return path;
}

/** A recorded unit of a stratum that has reserves. */
function recordedUnit(round: Round): string {
  const recorded = new Set(recordsOf(round).map(({ unit }) => unit));
  const unit = readCurrentSample(round)
    .sample.strata.filter(({ units }) => units.some(({ fate }) => fate === "reserve"))
    .flatMap(({ units }) => units)
    .find(({ id, role }) => recorded.has(id) && role !== "certainty");
  if (unit === undefined) throw new Error("a unit with a record and reserves is needed");
  return unit.id;
}

const replace = (round: Round, unit: string, despiteRecord?: string) =>
  replaceUnit(round, ACTOR, { unit, reason: "不存在", evidence: ["注销证明"], despiteRecord }, silent);
const undo = (round: Round, unit: string, despiteRecord?: string) =>
  undoReplacement(round, ACTOR, { unit, reason: "经复查存在", despiteRecord }, silent);
const drop = (round: Round, unit: string, second = false) => dropSource(round, ACTOR, unit, { reason: "误收", second });
const scrutiny = async (round: Round) => (await computeEvaluation(round, silent)).scrutiny;

/** What the report and a sheet of the workbook say. */
async function told(round: Round, sheet: string): Promise<{ readonly report: string; readonly rows: string }> {
  const evaluation = await computeEvaluation(round, silent);
  const files = await reportsOf(round, { ...evaluation, issued: issuedNow(round) }, silent);
  const { pages } = await readPdf(files.get(REPORT_FILES.report) ?? new Uint8Array());
  const book = await loaded(Buffer.from(files.get(REPORT_FILES.summary) ?? []));
  const rows = JSON.stringify(book.getWorksheet(sheet)?.getSheetValues() ?? null);
  return { report: asSeen(pages).replace(/\s/g, ""), rows };
}

async function failures(round: Round): Promise<string[]> {
  const findings = await verifyRound(round, { ledgers: undefined, withoutLedger: true }, silent);
  return findings.filter(({ outcome }) => outcome === "failed").map(({ detail }) => detail.zh);
}

test("a unit whose record was dropped is replaced for a reason that is told alone, and both are named", async () => {
  const round = begin();
  const unit = recordedUnit(round);
  await drop(round, unit);
  const day = journalOf(round).entries.at(-1)?.time.slice(0, 10);
  const about = { unit, city: "440500", isSecond: false, imported: day, dropped: day, reason: "误收" };
  expect((await scrutiny(round)).dropped).toEqual([about]);

  const refused = await replace(round, unit).catch((error) => error);
  expect(refused).toMatchObject({ code: "E-REPLACE-RECORDED" });
  expect(refused.words.zh).toMatch(/有过核查记录（\S+ 导入，日志第 \d+ 行；\S+ 撤回，第 \d+ 行），没有重新录入/);
  expect(refused.advice.zh).not.toContain("drop");
  const { replacement } = await replace(round, unit, WHY);
  expect(replacement.recorded).toMatchObject({ why: WHY, dropped: { reason: "误收" } });
  const { replaced, dropped } = await scrutiny(round);
  expect(dropped).toEqual([about]);
  const by = replacement.by?.id ?? null;
  expect(replaced).toEqual([
    { unit, city: "440500", by, imported: day, dropped: day, reason: "does-not-exist", why: WHY },
  ]);

  const { report, rows } = await told(round, "撤回的记录");
  expect(report).toContain(`1家的核查记录撤回后没有重新录入：${unit}`);
  expect(rows).toContain("误收");
  const { stdout } = await chouqian(["-C", round.folder, "evaluate", "--no-reports"]);
  expect(stdout).toContain("! 1 份核查记录撤回后没有重新录入，不计入");
  expect(stdout).toMatch(new RegExp(`${unit}，\\S+ 撤回：误收`));
  expect(await failures(round)).toEqual([]);
}, 120_000);

test("a record that was dropped and entered again is a revision, and no dropped one", async () => {
  const round = begin();
  const unit = recordedUnit(round);
  await drop(round, unit);
  await imported(round, [table("再收", "单位代码,指标代码,核查值,核查去向", [`${unit},,,拒绝核查`])]);
  const { dropped, sources } = await scrutiny(round);
  expect(dropped).toEqual([]);
  expect(sources).toContainEqual(expect.objectContaining({ unit, revisions: 1, reasons: ["误收"] }));
});

test("undoing a replacement that has a record is refused without a reason, and the lost record is named", async () => {
  const round = begin();
  const unit = recordedUnit(round);
  const { replacement } = await replace(round, unit, WHY);
  const newcomer = replacement.by?.id ?? "";
  await expect(undo(round, unit, "没有记录")).rejects.toMatchObject({ code: "E-REPLACE-NOT-RECORDED" });
  await imported(round, [table("递补", "单位代码,指标代码,核查值,核查去向", [`${newcomer},,,拒绝核查`])]);
  await expect(undo(round, unit)).rejects.toMatchObject({ code: "E-REPLACE-RECORDED" });
  // A drop is no way around it.
  const other = copied(round, join(scratch, `case-${++number}`));
  await drop(other, newcomer);
  await expect(undo(other, unit)).rejects.toMatchObject({ code: "E-REPLACE-RECORDED" });

  expect((await undo(round, unit, "原单位复查存在")).lost).toMatchObject({ why: "原单位复查存在" });
  const named = { unit: newcomer, city: "440500", by: unit, reason: null, dropped: null, why: "原单位复查存在" };
  expect((await scrutiny(round)).replaced).toMatchObject([named]);
  const { report, rows } = await told(round, "替换前已有记录");
  expect(report).toContain(`撤销替换，1家递补单位在已有核查记录之后退出，记录不计入：${newcomer}`);
  expect(rows).toMatch(/撤销替换.*原单位复查存在/);
  expect((await chouqian(["-C", round.folder, "replace"])).stdout).toContain(`${newcomer} 退出：${unit} 的替换已撤销`);
  expect(await failures(round)).toEqual([]);
  // Once it is in the sample again its record counts.
  await replace(round, unit, WHY);
  expect((await scrutiny(round)).replaced.map((each) => each.unit)).toEqual([unit]);
}, 120_000);

const wrongKeys = ({ indicators }: SourceRecord) =>
  indicators.filter(({ key, result }) => key && result === "wrong").length;

/** A second entry that finds nothing wrong, of a source that the first found wrong. */
async function contradicted(round: Round): Promise<{ readonly unit: string; readonly e: number; readonly m: number }> {
  const record = recordsOf(round).sort((a, b) => wrongKeys(b) - wrongKeys(a))[0];
  if (record === undefined || wrongKeys(record) === 0) throw new Error("a source in error is needed");
  const judged = record.indicators.filter(({ result }) => result === "right" || result === "wrong");
  const lines = judged.map(({ code }) => `${record.unit},${code},无误,复核组`);
  const result = await imported(round, [table("复核", "单位代码,指标代码,结果,核查组", lines)], { second: true });
  expect(result.added).toEqual([record.unit]);
  return { unit: record.unit, e: wrongKeys(record), m: judged.filter(({ key }) => key).length };
}

test("a settlement by the second entry is named with the errors before and after", async () => {
  const round = begin();
  const { unit, e, m } = await contradicted(round);
  expect((await scrutiny(round)).settled).toEqual([]);
  await settleSource(round, ACTOR, unit, "second", TODAY);
  const { settled } = await scrutiny(round);
  expect(settled).toMatchObject([{ unit, city: "440500", by: "second", first: { e, m }, settled: { e: 0 } }]);
  const { report, rows } = await told(round, "裁定的记录");
  expect(report).toContain(`1家两次录入后经裁定，其中1家不以第一次为准，差错由第一次的${e}项变为0项：${unit}`);
  expect(rows).toContain("第二次");
  const { stdout } = await chouqian(["-C", round.folder, "evaluate", "--no-reports"]);
  expect(stdout).toContain("! 1 家两次录入后经裁定，其中 1 家不以第一次为准");
  // By the first it is a settlement all the same, and changes nothing.
  await settleSource(round, ACTOR, unit, "first", TODAY);
  expect((await scrutiny(round)).settled).toMatchObject([{ by: "first", first: { e, m }, settled: { e, m } }]);
}, 120_000);

test("a second entry that was dropped is among the dropped, the first of the same source is not", async () => {
  const round = begin();
  const { unit } = await contradicted(round);
  await settleSource(round, ACTOR, unit, "second", TODAY);
  await drop(round, unit, true);
  expect(await scrutiny(round)).toMatchObject({ dropped: [{ unit, isSecond: true, reason: "误收" }], settled: [] });
  const { report } = await told(round, "撤回的记录");
  expect(report).toContain(`1家的第二次录入撤回后没有重新录入：${unit}`);
  await evaluateRound(round, ACTOR, silent, false);
  expect(await failures(round)).toEqual([]);
}, 120_000);

test("a census area whose check was dropped is counted until it comes in again", async () => {
  const round = begin();
  const head = "普查小区,地市,县区,名录登记数,走访发现合计,其中未入名录,名录重复的记录,核查组";
  const area = table("小区", head, ["440507001001,汕头市,,10,12,2,0,1", "440507001002,汕头市,,10,10,0,0,1"]);
  await imported(round, [area]);
  await dropArea(round, ACTOR, "440507001001", "重数");
  expect((await scrutiny(round)).droppedAreas).toBe(1);
  const { report } = await told(round, "依据");
  expect(report).toContain("1个普查小区的核查数撤回后没有重新录入");
  const { stdout } = await chouqian(["-C", round.folder, "evaluate", "--no-reports"]);
  expect(stdout).toContain("! 1 个普查小区的核查数撤回后没有重新录入");
  await imported(round, [area]);
  expect(await scrutiny(round)).toMatchObject({ droppedAreas: 0, revisedAreas: 1 });
}, 120_000);
