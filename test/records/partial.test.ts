/** A form that was filled in by half is taken, counted as such everywhere, and stays on the list of what is out. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readCurrentSample } from "../../src/draw/fates.ts";
import { computeEvaluation } from "../../src/evaluate/evaluate-round.ts";
import { missingWorkbook } from "../../src/records/missing-workbook.ts";
import { isOutstanding, recordsStatus } from "../../src/records/status.ts";
import { inWords } from "../../src/records/status-pdf.ts";
import { replaceUnit } from "../../src/replace/replace-round.ts";
import type { Round } from "../../src/round/round.ts";
import { roundStatus } from "../../src/round/status.ts";
import { silent } from "../../src/text/progress.ts";
import { chouqian, scratchFolder } from "../support/chouqian.ts";
import { ACTOR } from "../support/round.ts";
import { loaded } from "../xlsx/workbooks.ts";
import { filledWorkbook, formOf, imported, recordsOf, roundWithForms } from "./fixture.ts";

const scratch = scratchFolder("partial");
const KEYS = 5;
let round: Round;
let half = "";
beforeAll(async () => {
  round = await roundWithForms(join(scratch, "R1"));
  const filled = await filledWorkbook(round, join(scratch, "全部"));
  const book = await loaded(readFileSync(filled.path));
  const forms = book.worksheets.flatMap(formOf);
  const [first, second] = forms;
  if (first === undefined || second === undefined) throw new Error("two forms are needed");
  half = first.unit;
  await imported(round, [filled.path]);
  const keys = recordsOf(round)
    .find(({ unit }) => unit === half)
    ?.indicators.filter(({ key, result, found }) => key && result !== "notApplicable" && found !== "");
  for (const { code } of keys?.slice(-KEYS) ?? []) first.cell(code).value = null;
  // the second form is not handed in at all
  book.removeWorksheet(second.sheet.id);
  mkdirSync(join(scratch, "回收"));
  const path = join(scratch, "回收", "半份.xlsx");
  writeFileSync(path, Buffer.from(await book.xlsx.writeBuffer()));
  rmSync(round.folder, { recursive: true });
  round = await roundWithForms(join(scratch, "R1"));
  await imported(round, [path]);
}, 180_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test("status, list, workbook and evaluation count the same key indicators that nobody looked at", async () => {
  const status = await recordsStatus(round);
  expect(status.whole).toMatchObject({ total: 9, done: 8, missing: 1, partial: 1 });
  expect(inWords(status.whole, 0)).toContain("已收 8 家（88.9%），其中 1 家未填全；");
  const out = status.sources.filter(isOutstanding);
  expect(out.map(({ state, uncheckedKeys }) => [state, uncheckedKeys]).sort()).toEqual([
    ["done", KEYS],
    ["missing", 0],
  ]);
  const sheet = (await loaded(await missingWorkbook("某轮", out))).worksheets[0];
  const states = out.map((_, i) => sheet?.getCell(4 + i, 8).text);
  expect(states.sort()).toEqual(["未交", `未填全 ${KEYS} 项`]);
  expect(sheet?.getCell(2, 1).text).toContain("未收到合格记录的 1 家，其中退回待改 0 家。已收而未填全的 1 家");
  const { counts } = await computeEvaluation(round, silent);
  expect(counts).toMatchObject({ recorded: 8, partial: 1, uncheckedKeys: KEYS });
});

test("the list on the screen fits eighty columns and names the half-filled one", async () => {
  const { stdout } = await chouqian(["-C", round.folder, "records", "missing"]);
  expect(stdout).toContain(`未填全 ${KEYS} 项`);
  expect(stdout).toContain("未收到合格记录的 1 家；已收而未填全的 1 家");
  const width = (line: string) => [...line].reduce((sum, each) => sum + (each > "\u2e7f" ? 2 : 1), 0);
  expect(Math.max(...stdout.split("\n").map(width))).toBeLessThanOrEqual(80);
});

test("the round's status counts records of the sample alone, and what is out comes before the evaluation", async () => {
  const said = async () => (await chouqian(["-C", round.folder, "status"])).stdout;
  expect(await said()).toMatch(/○ 核查记录：已收 8\/9 家[\s\S]*下一步：收齐核查记录：.*records missing/);
  const units = new Set(recordsOf(round).map(({ unit }) => unit));
  const stratum = readCurrentSample(round).sample.strata.find(({ units: own }) =>
    own.some(({ fate }) => fate === "reserve"),
  );
  const gone = stratum?.units.find(({ id, isInSample }) => isInSample && units.has(id))?.id ?? "";
  const asked = { unit: gone, reason: "不存在", evidence: ["注销证明"], despiteRecord: "记录之后注销" };
  await replaceUnit(round, ACTOR, asked, silent);
  const sample = new Set(
    readCurrentSample(round).sample.strata.flatMap(({ units: own }) =>
      own.filter(({ isInSample }) => isInSample).map(({ id }) => id),
    ),
  );
  const { steps, next } = roundStatus(round, sample);
  expect(steps.find(({ step }) => step === "records")).toMatchObject({ isDone: false, detail: { zh: "已收 7/9 家" } });
  expect(next.zh).toContain("records missing");
});
