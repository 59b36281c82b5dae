/** What is no form of this draw, or is filled in wrongly, is refused by name, all at once, and nothing of it is taken. */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { drawAgain } from "../../src/draw/start-again.ts";
import { computeEvaluation } from "../../src/evaluate/evaluate-round.ts";
import { HEAD_ITEMS } from "../../src/forms/record-marks.ts";
import { writeForms } from "../../src/forms/write-forms.ts";
import { readExpected } from "../../src/records/expected.ts";
import { restoreRecords } from "../../src/records/restore.ts";
import { recordsStatus } from "../../src/records/status.ts";
import { replaceUnit } from "../../src/replace/replace-round.ts";
import { journalOf, type Round } from "../../src/round/round.ts";
import { silent } from "../../src/text/progress.ts";
import { verifyRound } from "../../src/verify/verify-round.ts";
import { scratchFolder } from "../support/chouqian.ts";
import { ACTOR } from "../support/round.ts";
import { loaded } from "../xlsx/workbooks.ts";
import {
  CITY,
  codesOf,
  copied,
  expectWritten,
  type Filled,
  type Form,
  filledRound,
  filledWorkbook,
  formOf,
  imported,
  recordsOf,
  returnedFiles,
  roundWithForms,
  WORKBOOK,
} from "./fixture.ts";

const scratch = scratchFolder("refusals");
let good: Round;
let filled: Filled;
beforeAll(async () => {
  ({ good, filled } = await filledRound(join(scratch, "good")));
}, 180_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let number = 0;
function begin() {
  const folder = join(scratch, `case-${++number}`);
  const inbox = join(folder, "in");
  mkdirSync(inbox, { recursive: true });
  return { round: copied(good, join(folder, "R1")), inbox, path: join(inbox, WORKBOOK) };
}

/** The filled workbook with something changed by hand. */
async function changed(path: string, change: (forms: readonly Form[]) => void) {
  const book = await loaded(readFileSync(filled.path));
  change(book.worksheets.flatMap(formOf));
  writeFileSync(path, Buffer.from(await book.xlsx.writeBuffer()));
}

test("all that is wrong is told at once and marked in a workbook; corrected there, it is taken", async () => {
  const { round, inbox, path } = begin();
  const places: Record<string, string> = {};
  await changed(path, ([first, second]) => {
    if (first === undefined || second === undefined) throw new Error("two forms are needed");
    const [one = "", two = "", three = ""] = second.codes;
    first.cell(HEAD_ITEMS.date).value = "九月底";
    second.cell(HEAD_ITEMS.outcome).value = "去过了";
    second.cell(one, "ruling").value = "差不多";
    second.cell(two).value = { error: "#N/A" };
    second.cell(three, "way").value = "听说";
    places.date = first.cell(HEAD_ITEMS.date).address;
    places.error = second.cell(two).address;
  });
  const result = await imported(round, [inbox]);
  expect(codesOf(result).sort()).toEqual([
    "E-RECORDS-CELL-ERROR",
    "E-RECORDS-DATE",
    "E-RECORDS-OUTCOME",
    "E-RECORDS-RESULT",
  ]);
  expect(result.refusal?.problems.map(({ at }) => at.cell)).toEqual(expect.arrayContaining(Object.values(places)));
  expect(result.warnings.map(({ code }) => code)).toContain("W-RECORDS-WAY");
  expect(result.added).toEqual([]);
  expect(existsSync(round.paths.records)).toBe(false);
  expect(result.returned).toEqual([`records/退回_${WORKBOOK}`]);

  const back = await loaded(readFileSync(join(round.folder, "records", `退回_${WORKBOOK}`)));
  const [list, ...sheets] = back.worksheets.filter(({ state }) => state === "visible");
  expect(list?.name).toBe("问题清单");
  expect(sheets).toHaveLength(2);
  expect(sheets[0]?.getCell(places.date ?? "").note).toContain("核查日期不是日期");

  const forms = sheets.flatMap(formOf);
  const [one = "", two = ""] = [...(filled.forms.get(forms[1]?.unit ?? "")?.answers.entries() ?? [])].flatMap(
    ([code, { found }]) => (found === undefined ? [] : [code]),
  );
  const answer = filled.forms.get(forms[1]?.unit ?? "")?.answers.get(two);
  const [first, second] = forms;
  if (first === undefined || second === undefined) throw new Error("two forms went back");
  first.cell(HEAD_ITEMS.date).value = filled.forms.get(first.unit)?.date ?? "";
  second.cell(HEAD_ITEMS.outcome).value = "已核查";
  second.cell(one, "ruling").value = "";
  second.cell(two).value = answer?.found ?? "";
  const corrected = join(inbox, "改好.xlsx");
  writeFileSync(corrected, Buffer.from(await back.xlsx.writeBuffer()));
  const again = await imported(round, [corrected]);
  expect(again.refusal).toBe(undefined);
  expect([...again.added].sort()).toEqual([first.unit, second.unit].sort());
});

test("with --accept-good the sources without fault are taken, the others go back", async () => {
  const { round, inbox, path } = begin();
  let faulty = "";
  await changed(path, ([first]) => {
    if (first === undefined) throw new Error("a form is needed");
    first.cell(HEAD_ITEMS.date).value = "2019-13-40";
    faulty = first.unit;
  });
  const result = await imported(round, [inbox], { acceptGood: true });
  expect(codesOf(result)).toEqual(["E-RECORDS-DATE"]);
  expect(result.added).toHaveLength(8);
  expectWritten(recordsOf(round), new Map([...filled.forms].filter(([unit]) => unit !== faulty)));
  cpSync(filled.path, path);
  const rest = await imported(round, [inbox]);
  expect([rest.added, rest.unchanged, rest.refusal]).toEqual([[faulty], 8, undefined]);
  expect(returnedFiles(round)).toEqual([]);
});

test("rows whose visible part was sorted apart from the marks are refused", async () => {
  const { round, inbox, path } = begin();
  await changed(path, ([first]) => {
    const [one = "", two = ""] = first?.codes ?? [];
    const [a, b] = [first?.cell(one, "code"), first?.cell(two, "code")];
    if (a === undefined || b === undefined) throw new Error("two rows are needed");
    [a.value, b.value] = [b.value, a.value];
  });
  expect(codesOf(await imported(round, [inbox]))).toEqual(["E-RECORDS-MIXED"]);
});

test("one unit in two sheets with different contents is refused in both", async () => {
  const { round, inbox, path } = begin();
  await changed(path, ([first]) => {
    if (first !== undefined) first.cell(HEAD_ITEMS.date).value = "2019-11-01";
  });
  cpSync(filled.path, join(inbox, "另一份.xlsx"));
  const result = await imported(round, [inbox]);
  expect(codesOf(result)).toEqual(["E-RECORDS-TWICE"]);
  expect(result.refusal?.problems.filter(({ code }) => code === "E-RECORDS-TWICE").map(({ at }) => at.file)).toEqual(
    expect.arrayContaining([WORKBOOK, "另一份.xlsx"]),
  );
});

test("a workbook of another round is refused once, with the number of its sources, and does not go back", async () => {
  const { round, inbox, path } = begin();
  const other = await roundWithForms(join(scratch, "other", "R1"), "source", "another seed");
  cpSync((await filledWorkbook(other, join(scratch, "other", "in"))).path, path);
  const result = await imported(round, [inbox]);
  expect(codesOf(result)).toEqual(["E-RECORDS-OTHER-ROUND"]);
  const [problem, ...others] = result.refusal?.problems ?? [];
  expect([problem?.message.zh, others]).toEqual([expect.stringMatching(/^整个文件.*本轮次.*，共 9 家$/), []]);
  expect(result.returned).toEqual([]);
});

test("forms of two rounds put into one sheet are refused, whichever stands first", async () => {
  const { round, inbox, path } = begin();
  const other = await roundWithForms(join(scratch, "torn", "R1"), "source", "yet another seed");
  const foreign = await loaded(readFileSync((await filledWorkbook(other, join(scratch, "torn", "in"))).path));
  const [below] = foreign.worksheets.flatMap(formOf);
  await changed(path, ([first]) => {
    if (first === undefined || below === undefined) throw new Error("two forms are needed");
    const offset = first.sheet.rowCount + 1;
    below.sheet.eachRow((row, i) => {
      row.eachCell((cell, column) => {
        if (cell.master === cell && cell.formula === undefined) {
          first.sheet.getCell(offset + i, column).value = cell.value;
        }
      });
    });
  });
  const result = await imported(round, [inbox]);
  expect(codesOf(result)).toContain("E-RECORDS-TORN");
  expect(result.refusal?.problems.filter(({ code }) => code === "E-RECORDS-TORN")).toHaveLength(1);
});

test("after a redraw the earlier draw's workbook is refused as such, and its records lie in the history", async () => {
  const { round, inbox, path } = begin();
  cpSync(filled.path, path);
  await imported(round, [inbox]);
  await drawAgain(round, ACTOR, "名录更正", { seedText: "20191008" }, silent);
  await writeForms(round, ACTOR, undefined, silent);
  expect(existsSync(round.paths.records)).toBe(false);
  const result = await imported(round, [inbox]);
  expect(codesOf(result)).toEqual(["E-RECORDS-OLD-DRAW"]);
  const now = await filledWorkbook(round, join(inbox, "now"), "2");
  const taken = await imported(round, [join(inbox, "now")]);
  expect(taken.refusal).toBe(undefined);
  expectWritten(recordsOf(round), now.forms);
});

test("a unit that was replaced, an unused reserve and one not drawn are each refused for what they are", async () => {
  const { round, inbox } = begin();
  const drawn = (await readExpected(round)).sources.find(({ sourceClass }) => sourceClass === "industrial")?.id ?? "";
  const about = { unit: drawn, reason: "不存在", evidence: ["注销证明"] };
  const { manifest } = await readExpected(round);
  const reserves = manifest.strata.flatMap(({ units }) => units.filter(({ role }) => role === "reserve"));
  await replaceUnit(round, ACTOR, about, silent);
  const standIn = (await readExpected(round)).sources.map(({ id }) => id);
  const unused = reserves.find(({ id }) => !standIn.includes(id))?.id ?? "";
  const csv = (unit: string) => `${unit},G101-1.01,,差错,2019-10-08\n`;
  const text = `单位代码,指标代码,核查值,结果,核查日期\n${csv(drawn)}${csv(unused)}${csv("910000000000009999")}`;
  writeFileSync(join(inbox, "记录.csv"), `\uFEFF${text}`);
  const result = await imported(round, [inbox]);
  expect(codesOf(result).sort()).toEqual(["E-RECORDS-NOT-DRAWN", "E-RECORDS-REPLACED", "E-RECORDS-RESERVE"]);
  expect(result.returned).toEqual(["records/退回_记录.csv.xlsx"]);
});

test("files that are no forms: damaged, of another kind, or without any record", async () => {
  const { round, inbox } = begin();
  writeFileSync(join(inbox, "a.xlsx"), "PK\u0003\u0004 broken");
  writeFileSync(join(inbox, "b.xml"), "<html><body/></html>");
  writeFileSync(join(inbox, "c.csv"), "一,二\n三,四\n");
  writeFileSync(join(inbox, "d.xml"), '<!DOCTYPE x [<!ENTITY a "b">]><data>&a;</data>');
  writeFileSync(join(inbox, "照片.jpg"), "x");
  const result = await imported(round, [inbox]);
  expect(result.refusal?.problems.map(({ at, code }) => `${at.file} ${code.replace(/XLSX-.*/, "XLSX")}`)).toEqual([
    "a.xlsx E-XLSX",
    "b.xml E-RECORDS-PHONE",
    "c.csv E-RECORDS-NOTHING",
    "d.xml E-RECORDS-PHONE",
  ]);
  expect(result.passedOver).toEqual(["照片.jpg"]);
  await expect(imported(round, [join(inbox, "没有")])).rejects.toMatchObject({ code: "E-RECORDS-NO-FILE" });
});

test("a form that nobody filled in is warned of and stays missing", async () => {
  const { round } = begin();
  const result = await imported(round, [join(round.paths.forms, CITY, "核查记录表.xlsx")]);
  expect(result.refusal).toBe(undefined);
  expect(result.added).toEqual([]);
  expect(result.warnings.map(({ code }) => code)).toEqual(Array.from({ length: 9 }, () => "W-RECORDS-BLANK"));
  expect(journalOf(round).entries.some(({ event }) => event === "records.imported")).toBe(false);
});

test("records changed by hand are neither added to nor proven, and an original that is gone is missed", async () => {
  const { round, inbox, path } = begin();
  cpSync(filled.path, path);
  await imported(round, [inbox]);
  const failed = async () => {
    const findings = await verifyRound(round, { ledgers: undefined, withoutLedger: true }, silent);
    return findings.flatMap(({ check, outcome }) => (outcome === "failed" ? [check] : []));
  };
  expect(await failed()).toEqual([]);
  const text = readFileSync(round.paths.records, "utf8");
  writeFileSync(round.paths.records, text.replace('"result":"wrong"', '"result":"right"'));
  expect(await failed()).toEqual(["records"]);
  await expect(imported(round, [inbox])).rejects.toMatchObject({ code: "E-RECORDS-CHANGED", exitCode: 3 });
  const told = readFileSync(round.paths.journal);
  expect(await restoreRecords(round, silent)).toMatchObject({ records: 9, files: ["records/records.jsonl"] });
  expect([readFileSync(round.paths.records, "utf8"), await failed()]).toEqual([text, []]);
  rmSync(round.paths.records);
  const gone = { code: "E-RECORDS-CHANGED", exitCode: 3, words: { zh: expect.stringContaining("不见了") } };
  const asking = [imported(round, [inbox]), recordsStatus(round), computeEvaluation(round, silent)];
  for (const each of await Promise.allSettled(asking)) expect(each).toMatchObject({ status: "rejected", reason: gone });
  await restoreRecords(round, silent);
  expect((await restoreRecords(round, silent)).files).toEqual([]);
  expect([readFileSync(round.paths.records, "utf8"), readFileSync(round.paths.journal)]).toEqual([text, told]);
  expect((await imported(round, [inbox])).unchanged).toBe(9);
  rmSync(join(round.folder, "records", "originals"), { recursive: true });
  expect(await failed()).toEqual(["records"]);
  rmSync(round.paths.records);
  await expect(restoreRecords(round, silent)).rejects.toMatchObject({ code: "E-RECORDS-NOT-RESTORED", exitCode: 3 });
  expect(existsSync(round.paths.records)).toBe(false);
});
