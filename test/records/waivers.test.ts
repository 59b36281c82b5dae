/** 不适用 takes an indicator out of the error rate, 已关停 a source: where template or ledger does not say so it is told by place, and counted. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { computeEvaluation, reportsOf } from "../../src/evaluate/evaluate-round.ts";
import { REPORT_FILES } from "../../src/evaluate/evaluation.ts";
import { issuedNow } from "../../src/evaluate/issued.ts";
import { HEAD_ITEMS } from "../../src/forms/record-marks.ts";
import { recordsStatus } from "../../src/records/status.ts";
import { inWords } from "../../src/records/status-pdf.ts";
import type { Round } from "../../src/round/round.ts";
import { silent } from "../../src/text/progress.ts";
import { asSeen, readPdf, withoutSpace } from "../pdf/read-pdf.ts";
import { chouqian, scratchFolder } from "../support/chouqian.ts";
import { loaded } from "../xlsx/workbooks.ts";
import { codesOf, copied, type Filled, type Form, filledRound, formOf, imported, recordsOf } from "./fixture.ts";

const scratch = scratchFolder("waivers");
let good: Round;
let filled: Filled;
beforeAll(async () => {
  ({ good, filled } = await filledRound(join(scratch, "good"), "1", 0));
}, 180_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let number = 0;
async function begin(
  change: (form: Form) => void,
  item = "G101-1.06",
): Promise<{ round: Round; path: string; unit: string }> {
  const folder = join(scratch, `case-${++number}`);
  mkdirSync(folder);
  const book = await loaded(readFileSync(filled.path));
  const form = book.worksheets.flatMap(formOf).find(({ unit }) => filled.forms.get(unit)?.answers.has(item));
  if (form === undefined) throw new Error("a form with that indicator is needed");
  change(form);
  const path = join(folder, "回收.xlsx");
  writeFileSync(path, Buffer.from(await book.xlsx.writeBuffer()));
  return { round: copied(good, join(folder, "R1")), path, unit: form.unit };
}

test("不适用 against the template is named with its cell, and counted by source, city and team", async () => {
  let cells: string[] = [];
  const { round, path, unit } = await begin(({ cell }) => {
    cell("G101-1.06", "ruling").value = "不适用";
    cell("G101-1.07").value = "NA";
    cells = [cell("G101-1.06", "ruling").address, cell("G101-1.07").address];
  });
  const { warnings, refusal } = await imported(round, [path]);
  expect(refusal).toBeUndefined();
  const told = warnings.filter(({ code }) => code === "W-RECORDS-WAIVED");
  expect(told.map(({ at }) => at.cell)).toEqual(cells);
  expect(told[0]?.message.zh).toMatch(/^“.*”写了不适用，而模板没有给它适用条件$/);
  const record = recordsOf(round).find((each) => each.unit === unit);
  expect(record?.waived).toBe(2);
  expect(recordsOf(round).filter(({ waived }) => waived !== undefined)).toHaveLength(1);
  const status = await recordsStatus(round);
  expect(status.whole.waived).toEqual({ sources: 1, indicators: 2 });
  expect(status.cities.map(({ waived }) => waived)).toEqual([{ sources: 1, indicators: 2 }]);
  expect(inWords(status.whole, 0)).toContain("1 家把应查的 2 项写成不适用");
  const { stdout } = await chouqian(["-C", round.folder, "records", "status", "--json"]);
  expect(JSON.parse(stdout).waived).toEqual([{ unit, city: "汕头市", team: record?.team, indicators: 2 }]);
  await imported(round, [filled.path], { replace: true, reason: "补查" });
  expect((await recordsStatus(round)).whole.waived).toEqual({ sources: 0, indicators: 0 });
  await imported(round, [path], { replace: true, reason: "原来的对" });

  const evaluation = await computeEvaluation(round, silent);
  const team = record?.team ?? "";
  expect(evaluation.scrutiny).toEqual({
    cities: [{ key: "440500", revised: 1, waivedSources: 1, waivedIndicators: 2, closedAgainstLedger: 0 }],
    teams: [{ key: team, revised: 1, waivedSources: 1, waivedIndicators: 2, closedAgainstLedger: 0 }],
    sources: [
      {
        unit,
        city: "440500",
        team,
        revisions: 2,
        reasons: ["补查", "原来的对"],
        waived: 2,
        isClosedAgainstLedger: false,
      },
    ],
    replaced: [],
    dropped: [],
    settled: [],
    revisedAreas: 0,
    droppedAreas: 0,
  });
  const files = await reportsOf(round, { ...evaluation, issued: issuedNow(round) }, silent);
  for (const name of [REPORT_FILES.report, `汕头市/${REPORT_FILES.report}`]) {
    const text = withoutSpace(asSeen((await readPdf(files.get(name) ?? new Uint8Array())).pages));
    expect(text).toContain("1家的记录在首次导入之后改录过；1家把模板要求核查的2项写成“不适用”");
  }
  const sheet = (await loaded(Buffer.from(files.get(REPORT_FILES.summary) ?? []))).getWorksheet("改录和不适用");
  const row = Array.from((sheet?.getRow(5).values ?? []) as unknown[], (value) => value ?? "");
  expect(row.slice(1)).toEqual(["汕头市", team, unit, 2, 2, "", "补查；原来的对"]);
}, 60_000);

test("已关停 of a source that runs by the ledger, with nothing checked, is named, and counted wherever figures are", async () => {
  let cell = "";
  const { round, path, unit } = await begin((form) => {
    for (const code of form.codes) form.cell(code).value = null;
    form.cell(HEAD_ITEMS.outcome).value = "已关停";
    cell = form.cell(HEAD_ITEMS.outcome).address;
  });
  const { warnings, refusal } = await imported(round, [path]);
  expect(refusal).toBeUndefined();
  const told = warnings.filter(({ code }) => code === "W-RECORDS-CLOSED");
  expect(told.map(({ at, message }) => [at.cell, message.zh.includes(unit)])).toEqual([[cell, true]]);
  expect(recordsOf(round).flatMap((each) => (each.closedAgainstLedger ? [each.unit] : []))).toEqual([unit]);
  const status = await recordsStatus(round);
  const counts = [status.whole, ...status.cities, ...status.teams].map((part) => part.closedAgainstLedger);
  expect(counts.slice(0, 2)).toEqual([1, 1]);
  expect(inWords(status.whole, 0)).toContain("已关停 1 家（名录为运行），不计入差错率");
  const json = JSON.parse((await chouqian(["-C", round.folder, "records", "status", "--json"])).stdout);
  expect(json.closedAgainstLedger).toEqual([expect.objectContaining({ unit, city: "汕头市" })]);
  const pdf = join(scratch, "closed.pdf");
  const { stdout } = await chouqian(["-C", round.folder, "records", "status", "--output", pdf]);
  expect(stdout).toMatch(new RegExp(`已关停而名录为运行、一项也没有核查（不计入差错率）：1 家：\n.*\n.*${unit}`));
  expect(withoutSpace(asSeen((await readPdf(readFileSync(pdf))).pages))).toContain("关停|改录汕头市|9/9|—|—|—|1|—");

  const evaluation = await computeEvaluation(round, silent);
  expect(evaluation.scrutiny.sources).toMatchObject([{ unit, city: "440500", isClosedAgainstLedger: true }]);
  expect(evaluation.scrutiny.cities).toMatchObject([{ key: "440500", closedAgainstLedger: 1 }]);
  const files = await reportsOf(round, { ...evaluation, issued: issuedNow(round) }, silent);
  for (const name of [REPORT_FILES.report, `汕头市/${REPORT_FILES.report}`]) {
    const text = withoutSpace(asSeen((await readPdf(files.get(name) ?? new Uint8Array())).pages));
    expect(text).toContain("已关停1家（名录为运行），不计入差错率");
  }
}, 60_000);

test("where a condition is known to hold, 不适用 is told; where it fails, it is what the form asks for", async () => {
  let cell = "";
  const { round, path } = await begin((form) => {
    form.cell("N101-2.10").value = 5;
    form.cell("N101-2.17", "ruling").value = "不适用";
    cell = form.cell("N101-2.17", "ruling").address;
  }, "N101-2.17");
  const told = (await imported(round, [path])).warnings.filter(({ code }) => code === "W-RECORDS-WAIVED");
  expect(told.map(({ at, message }) => [at.cell, message.zh])).toEqual([
    [cell, expect.stringMatching(/^“受纳水体”写了不适用，而它的适用条件成立（“其中：直接排放比例”大于 0）$/)],
  ]);
  const { round: other, path: running } = await begin((form) => {
    form.cell("N101-2.10").value = 0;
    form.cell("N101-2.17", "ruling").value = "不适用";
  }, "N101-2.17");
  expect((await imported(other, [running])).warnings.filter(({ code }) => code === "W-RECORDS-WAIVED")).toEqual([]);
});

test("a form of which nothing applies is no checked source: it goes back", async () => {
  const { round, path, unit } = await begin(({ cell, codes }) => {
    for (const code of codes) cell(code, "ruling").value = "不适用";
  });
  const result = await imported(round, [path], { acceptGood: true });
  expect(codesOf(result)).toEqual(["E-RECORDS-NONE-APPLIES"]);
  expect([result.added.length, result.added.includes(unit)]).toEqual([8, false]);
  expect(result.returned).toEqual(["records/退回_回收.xlsx"]);
  const { round: other, path: refused } = await begin(({ cell, codes }) => {
    for (const code of codes) cell(code, "ruling").value = "/";
    cell(HEAD_ITEMS.outcome).value = "拒绝核查";
  });
  const all = await imported(other, [refused]);
  expect(codesOf(all)).toEqual(["E-RECORDS-NONE-APPLIES"]);
  // each cell is in the list; the screen has the refusal alone
  expect(all.refusal?.problems.length).toBeGreaterThan(3);
  expect(all.refusal?.lines.map(({ code }) => code)).toEqual(["E-RECORDS-NONE-APPLIES"]);
});
