/** Dates that cannot be, heads left empty, values out of every list: refused, or shown once more to who filled them in. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { HEAD_ITEMS } from "../../src/forms/record-marks.ts";
import { Indicator } from "../../src/forms/template.ts";
import { writeForms } from "../../src/forms/write-forms.ts";
import { oddness } from "../../src/records/odd-values.ts";
import { readDate, readResult, readValue } from "../../src/records/values.ts";
import type { Round } from "../../src/round/round.ts";
import { silent } from "../../src/text/progress.ts";
import { scratchFolder } from "../support/chouqian.ts";
import { SMALL_PLAN, smallLedger } from "../support/ledger.ts";
import { ACTOR, drawnRound } from "../support/round.ts";
import { loaded } from "../xlsx/workbooks.ts";
import { codesOf, copied, type Filled, type Form, filledWorkbook, formOf, imported, recordsOf } from "./fixture.ts";

const scratch = scratchFolder("doubtful");
/** A draw of October 2019: visits before it are doubtful. */
const DRAWN = { ...ACTOR, now: () => new Date(Date.UTC(2019, 9, 8, 2)) };
let good: Round;
let filled: Filled;
beforeAll(async () => {
  good = await drawnRound(join(scratch, "good", "R1"), smallLedger(), SMALL_PLAN, "20190930", DRAWN);
  await writeForms(good, DRAWN, undefined, silent, { layout: "source" });
  filled = await filledWorkbook(good, join(scratch, "good", "回收"));
}, 180_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let number = 0;
async function begin(change: (forms: readonly Form[]) => void): Promise<{ round: Round; path: string }> {
  const folder = join(scratch, `case-${++number}`);
  mkdirSync(folder);
  const book = await loaded(readFileSync(filled.path));
  change(book.worksheets.flatMap(formOf));
  const path = join(folder, "回收.xlsx");
  writeFileSync(path, Buffer.from(await book.xlsx.writeBuffer()));
  return { round: copied(good, join(folder, "R1")), path };
}

test("a visit later than today is refused, one before the draw and a head left empty are warned of", async () => {
  const units: string[] = [];
  const { round, path } = await begin((forms) => {
    for (const [i, { cell, unit }] of forms.slice(0, 3).entries()) {
      units.push(unit);
      if (i === 0) cell(HEAD_ITEMS.date).value = new Date(Date.UTC(2031, 0, 1));
      if (i === 1) cell(HEAD_ITEMS.date).value = "2018-01-01";
      if (i === 2) for (const item of ["date", "outcome", "inspectors"] as const) cell(HEAD_ITEMS[item]).value = null;
    }
  });
  const result = await imported(round, [path], { acceptGood: true });
  expect(codesOf(result)).toEqual(["E-RECORDS-DATE-AHEAD"]);
  const ahead = result.refusal?.problems.find(({ code }) => code === "E-RECORDS-DATE-AHEAD");
  // nothing tells the day of the import: the message goes into the workbook that goes back
  expect([ahead?.message.zh, ahead?.at.value]).toEqual(["核查日期晚于今天", "2031-01-01"]);
  const told = result.warnings.map(({ code, message }) => `${code} ${message.zh.replace(/ \S+单位/, "")}`);
  expect(told).toEqual([
    `W-RECORDS-DATE-EARLY ${units[1]} 的核查日期早于抽签（2019-10-08）`,
    `W-RECORDS-HEAD ${units[2]} 没有填：核查去向、核查日期、核查人员`,
  ]);
  const records = new Map(recordsOf(round).map((each) => [each.unit, each]));
  expect([records.size, records.get(units[1] ?? "")?.date, records.get(units[2] ?? "")?.date]).toEqual([
    8,
    "2018-01-01",
    undefined,
  ]);
});

test("an amount that is reported and found to be none is wrong, though its section does not apply then", async () => {
  const codes: string[] = [];
  const { round, path } = await begin((forms) => {
    for (const form of forms) {
      for (const code of ["G102.02", "G106-1.05"]) {
        if (!form.codes.includes(code) || !(Number(form.cell(code, "reported").value) > 0)) continue;
        form.cell(code, "ruling").value = null;
        form.cell(code).value = 0;
        codes.push(`${form.unit} ${code}`);
      }
    }
  });
  expect(codes.some((each) => each.endsWith("G102.02"))).toBe(true);
  const result = await imported(round, [path]);
  expect(result.refusal).toBeUndefined();
  const results = recordsOf(round).flatMap(({ unit, indicators }) =>
    indicators.flatMap(({ code, result: of }) => (codes.includes(`${unit} ${code}`) ? [[code, of]] : [])),
  );
  expect(results.filter(([code]) => code === "G102.02").every(([, of]) => of === "wrong")).toBe(true);
  expect(results.length).toBe(codes.length);
});

test("values out of every list are shown once more; a ruling that says nothing is named by its own column", async () => {
  let ruled = "";
  const { round, path } = await begin((forms) => {
    const form = forms.find(({ unit }) => filled.forms.get(unit)?.answers.has("G101-1.06"));
    if (form === undefined) throw new Error("an industrial form is needed");
    form.cell("G101-1.06").value = "999999";
    form.cell("G101-1.04").value = 2;
    const [, second = ""] = form.codes;
    ruled = form.cell(second, "ruling").address;
    form.cell(second, "ruling").value = "错了啊";
  });
  const result = await imported(round, [path]);
  expect(codesOf(result)).toEqual(["E-RECORDS-RESULT"]);
  const [no] = result.refusal?.problems.filter(({ code }) => code === "E-RECORDS-RESULT") ?? [];
  expect([no?.at.column, no?.at.cell]).toEqual(["人工判定", ruled]);
  const odd = result.warnings.filter(({ code }) => code === "W-RECORDS-ODD").map(({ message }) => message.zh);
  expect(odd).toEqual([
    "“经度”的核查值不在本省范围（109.6 至 117.4 度）",
    "“行业代码”的核查值写法不对：应为四位数字（行业小类）",
  ]);
});

test("dates as people and spreadsheets write them, and numbers with the indicator's own unit", () => {
  for (const text of ["20190914", "2019年9月14日", "2019/9/14", "２０１９．９．１４", "43722", "2019-09-14 08:00:00"]) {
    expect([text, readDate(text)]).toEqual([text, "2019-09-14"]);
  }
  for (const text of ["20191314", "2019-02-30", "0914", "九月", "12345678", "61234"]) {
    expect([text, readDate(text)]).toEqual([text, undefined]);
  }
  const base = { code: "G101-1.01", name: "产量", form: "G101-1", key: true };
  const output = Indicator.parse({ ...base, type: "number", unit: "吨" });
  const at = {};
  expect(readValue(output, { text: " 5,000吨", at })).toEqual({ value: "5000" });
  expect(readValue(output, { text: "5万吨", at })).toMatchObject({ problem: { code: "E-RECORDS-VALUE" } });
});

test("what cannot be is told from what is rare", () => {
  const base = { code: "G101-1.01", name: "某项", form: "G101-1", key: true };
  const of = (type: string, field: string) => Indicator.parse({ ...base, type, field });
  const odd = (type: string, field: string, value: string) => oddness(of(type, field), value) !== undefined;
  expect([odd("code", "industryCode", "0111"), odd("code", "industryCode", "0199")]).toEqual([false, true]);
  expect([odd("code", "division", "440507"), odd("code", "division", "110101")]).toEqual([false, true]);
  expect([odd("code", "id", "91000000000000003W"), odd("code", "id", "91000000000000003X")]).toEqual([false, true]);
  expect([odd("coordinate", "latitude", "23.1"), odd("coordinate", "latitude", "113.2")]).toEqual([false, true]);
  expect([odd("code", "industryCode", "无"), odd("number", "output", "999999")]).toEqual([false, false]);
});

test("a judgement may be written in the other ways that docs/records.md lists, and in no more", () => {
  const said = ["无误", "正确", "无差错", "√", "对", "right"].map(readResult);
  expect(new Set(said)).toEqual(new Set(["right"]));
  expect(["错误", "有误", "×", "错"].map(readResult)).toEqual(Array.from({ length: 4 }, () => "wrong"));
  expect(["错了啊", "差不多", "好"].map(readResult)).toEqual([undefined, undefined, undefined]);
});

test("characters that nobody sees make no value wrong, in workbook and table, and are warned of", async () => {
  const plain = await begin(() => {});
  await imported(plain.round, [plain.path]);
  const marks = ["\u200b", "\ufeff", "\u00ad", "\u202e", "\u2066"];
  const isGood = ({ result, key, found }: { result: string; key: boolean; found: string }) =>
    result === "right" && key && found !== "";
  const due = recordsOf(plain.round);
  let number = 0;
  const spoilt = (text: string) => `${text.slice(0, 1)}${marks[number++ % marks.length]}${text.slice(1)}`;
  const { round, path } = await begin((forms) => {
    for (const { cell, unit } of forms) {
      for (const { code, found } of due.find((each) => each.unit === unit)?.indicators.filter(isGood) ?? []) {
        cell(code).value = spoilt(found);
      }
    }
  });
  expect(number).toBeGreaterThan(10);
  const { refusal, warnings } = await imported(round, [path]);
  expect(refusal).toBeUndefined();
  const resultsOf = (records: typeof due) =>
    records.map(({ unit, indicators }) => [unit, indicators.map(({ code, found, result }) => [code, found, result])]);
  expect(resultsOf(recordsOf(round))).toEqual(resultsOf(due));
  const told = warnings.filter(({ code }) => code === "W-RECORDS-INVISIBLE");
  expect([told.length, told[0]?.message.zh]).toEqual([number, "“核查值”里有看不见的字符"]);
  expect(told[0]?.at).toMatchObject({ cell: expect.any(String), value: expect.stringContaining("〔U+200B〕") });

  const table = copied(good, join(scratch, "R-table"));
  // a table without values reported is compared with the ledger alone
  const isInLedger = (each: (typeof due)[number]["indicators"][number]) => isGood(each) && !each.reportedByHand;
  const source = due.find(({ indicators }) => indicators.some(isInLedger));
  const rows = (source?.indicators ?? []).filter(isInLedger).map(({ code, found }) => [code, spoilt(`${found}`)]);
  const csv = join(scratch, "看不见.csv");
  const lines = rows.map(([code, found]) => `${source?.unit},${code},"${found}"`);
  writeFileSync(csv, `单位代码,指标代码,核查值\n${lines.join("\n")}\n`);
  expect(rows.length).toBeGreaterThan(2);
  const result = await imported(table, [csv]);
  const codes = new Set(rows.map(([code]) => code));
  const own = recordsOf(table)[0]?.indicators.filter(({ code }) => codes.has(code)) ?? [];
  expect(own.filter((each) => !isGood(each))).toEqual([]);
  expect(result.warnings.filter(({ code }) => code === "W-RECORDS-INVISIBLE")).toHaveLength(rows.length);
});
