/** Workbooks that go back are there as long as something in them is to be corrected; what is said of them adds up. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { HEAD_ITEMS } from "../../src/forms/record-marks.ts";
import { recordsStatus } from "../../src/records/status.ts";
import type { Round } from "../../src/round/round.ts";
import { chouqian, scratchFolder } from "../support/chouqian.ts";
import { loaded } from "../xlsx/workbooks.ts";
import {
  codesOf,
  copied,
  type Filled,
  type Form,
  filledRound,
  filledWorkbook,
  formOf,
  imported,
  returnedFiles,
  roundWithForms,
} from "./fixture.ts";

const scratch = scratchFolder("sent-back");
let good: Round;
let filled: Filled;
let foreign: Filled;
beforeAll(async () => {
  ({ good, filled } = await filledRound(join(scratch, "good")));
  const other = await roundWithForms(join(scratch, "other", "R1"), "source", "another seed");
  foreign = await filledWorkbook(other, join(scratch, "other", "回收"));
}, 180_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let number = 0;
function begin(): { round: Round; folder: string } {
  const folder = join(scratch, `case-${++number}`);
  mkdirSync(folder);
  return { round: copied(good, join(folder, "R1")), folder };
}

/** Forms of the filled workbook that are wanted, changed by hand; their units. */
async function some(path: string, wanted: readonly number[], change: (form: Form) => void = () => {}) {
  const book = await loaded(readFileSync(filled.path));
  const units: string[] = [];
  for (const [i, form] of book.worksheets.flatMap(formOf).entries()) {
    if (wanted.includes(i)) {
      change(form);
      units.push(form.unit);
    } else book.removeWorksheet(form.sheet.id);
  }
  // the hidden sheet would miss the forms that are not here
  const hidden = book.getWorksheet("_chouqian");
  if (hidden !== undefined) book.removeWorksheet(hidden.id);
  writeFileSync(path, Buffer.from(await book.xlsx.writeBuffer()));
  return units;
}

const spoil = ({ cell }: Form) => {
  cell(HEAD_ITEMS.date).value = "某日";
};

test("a workbook that went back goes when the last of its faulty sources has come in, whatever file that was in", async () => {
  const { round, folder } = begin();
  const [faulty, one, two] = ["错.xlsx", "改一.xlsx", "改二.xlsx"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const units = await some(faulty, [0, 1], spoil);
  expect((await imported(round, [faulty])).returned).toEqual(["records/退回_错.xlsx"]);
  expect((await recordsStatus(round)).whole).toMatchObject({ done: 0, returned: 2, missing: 7 });
  await some(one, [0]);
  // nothing is taken of an import that was refused, so nothing is settled by it
  expect(codesOf(await imported(round, [one, faulty]))).toEqual(["E-RECORDS-DATE"]);
  expect((await imported(round, [one])).added).toEqual(units.slice(0, 1));
  expect(returnedFiles(round)).toEqual(["退回_错.xlsx"]);
  await some(two, [1]);
  expect((await imported(round, [two])).added).toEqual(units.slice(1));
  expect(returnedFiles(round)).toEqual([]);
  expect((await recordsStatus(round)).whole).toMatchObject({ done: 2, returned: 0, missing: 7 });
});

test("a workbook that went back again though its source is recorded goes with the next import; a second entry's stays", async () => {
  const { round, folder } = begin();
  const [bad, one, two, second] = ["错.xlsx", "一.xlsx", "二.xlsx", "复核.xlsx"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
    string,
  ];
  await some(bad, [0], spoil);
  await some(one, [0]);
  await some(two, [1]);
  await some(second, [0], spoil);
  await imported(round, [one]);
  await imported(round, [bad]);
  await imported(round, [second], { second: true });
  expect(returnedFiles(round)).toEqual(["退回_复核.xlsx", "退回_错.xlsx"]);
  await imported(round, [two]);
  expect(returnedFiles(round)).toEqual(["退回_复核.xlsx"]);
  expect((await recordsStatus(round)).whole.returned).toBe(0);
}, 60_000);

test("a check of census areas that went back is told as such, and no source is said to be missing for it", async () => {
  const { round, folder } = begin();
  const table = join(folder, "坏小区.csv");
  writeFileSync(table, "普查小区,名录登记数,走访发现合计,其中未入名录\n440511001002,10,3,5\n");
  const { returned } = await imported(round, [table]);
  expect(returned).toEqual(["records/退回_坏小区.csv.xlsx"]);
  const { unread, areasBack } = await recordsStatus(round);
  expect([unread, areasBack]).toEqual([[], ["坏小区.csv"]]);
  const { stdout } = await chouqian(["-C", round.folder, "records", "status"]);
  expect(stdout).toContain("普查小区核查表退回待改：坏小区.csv");
  expect(stdout).not.toContain("认不出是哪些单位的");
}, 60_000);

test("a file of a kind that cannot be read is told of in the status until it comes as another kind", async () => {
  const { round, folder } = begin();
  const ods = join(folder, "回收.ods");
  writeFileSync(ods, "PK\u0003\u0004 broken");
  await imported(round, [ods]);
  expect(returnedFiles(round)).toEqual(["退回_回收.ods.xlsx"]);
  expect((await recordsStatus(round)).unread).toEqual(["回收.ods"]);
  const { stdout } = await chouqian(["-C", round.folder, "records", "status"]);
  expect(stdout).toContain("另有 1 个文件退回而认不出是哪些单位的，这些单位仍计作未交：回收.ods");
  const xlsx = join(folder, "回收.xlsx");
  await some(xlsx, [0]);
  await imported(round, [xlsx]);
  expect([returnedFiles(round), (await recordsStatus(round)).unread]).toEqual([[], []]);
});

test("one workbook of another round is one line; the others are told, and the numbers add up", async () => {
  const { round, folder } = begin();
  const inbox = join(folder, "回收");
  mkdirSync(inbox);
  writeFileSync(join(inbox, "别轮.xlsx"), readFileSync(foreign.path));
  await some(join(inbox, "错.xlsx"), [0, 1, 2], (form) => {
    spoil(form);
    for (const code of form.codes.slice(0, 8)) {
      form.cell(code, "ruling").value = "错了啊";
      form.cell(code, "way").value = "听说";
    }
    form.cell(HEAD_ITEMS.inspectors).value = null;
  });
  const { stderr, stdout, status } = await chouqian(["-C", round.folder, "records", "import", inbox]);
  expect(status).toBe(2);
  const lines = stderr.split("\n");
  expect(lines.filter((line) => line.includes("别轮.xlsx"))).toHaveLength(1);
  for (const code of ["E-RECORDS-OTHER-ROUND", "E-RECORDS-DATE", "E-RECORDS-RESULT"]) expect(stderr).toContain(code);
  const count = (pattern: RegExp) => Number(pattern.exec(stderr)?.[1]);
  const [errors, looks] = [count(/有 (\d+) 处错误（/), count(/（另有 (\d+) 处请核实）/)];
  const more = count(/……另有 (\d+) 处，见 records\/退回_错\.xlsx 的/);
  const shown = lines.filter((line) => line.startsWith("    → "));
  expect([errors, looks]).toEqual([1 + 3 * 9, 3 + 3 * 8]);
  // all that is wrong of a kind in a sheet is one line, and of a sheet that is refused no warning is shown
  expect(shown.map((line) => /\[([A-Z-]+)\]$/.exec(line)?.[1])).toEqual([
    "E-RECORDS-OTHER-ROUND",
    ...[1, 2, 3].flatMap(() => ["E-RECORDS-DATE", "E-RECORDS-RESULT"]),
  ]);
  const stoodFor = lines.flatMap((line) => /同类共 (\d+) 处：\w+、\w+、\w+ 等/.exec(line)?.[1] ?? []);
  expect(stoodFor).toEqual(["8", "8", "8"]);
  expect(more).toBe(looks);
  expect(stderr).toContain("把 records/退回_错.xlsx 发回改正后再导入");
  expect(stdout).toContain("退回：records/退回_错.xlsx");
  expect(returnedFiles(round)).toEqual(["退回_错.xlsx"]);
}, 60_000);
