/** Two versions of a source, two teams' records of it, and how far the whole has come. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { computeEvaluation } from "../../src/evaluate/evaluate-round.ts";
import { HEAD_ITEMS } from "../../src/forms/record-marks.ts";
import { agreementOf } from "../../src/records/agreement.ts";
import { dropArea, dropSource } from "../../src/records/drop.ts";
import { missingWorkbook } from "../../src/records/missing-workbook.ts";
import { type AreaCheck, recordsText } from "../../src/records/record.ts";
import { settleSource } from "../../src/records/settle.ts";
import { recordsStatus } from "../../src/records/status.ts";
import { statusPdf } from "../../src/records/status-pdf.ts";
import { journalOf, type Round } from "../../src/round/round.ts";
import { roundStatus } from "../../src/round/status.ts";
import { digest } from "../../src/text/canonical.ts";
import type { ChouqianError } from "../../src/text/errors.ts";
import { silent } from "../../src/text/progress.ts";
import { verifyRound } from "../../src/verify/verify-round.ts";
import { plainText, readPdf } from "../pdf/read-pdf.ts";
import { chouqian, scratchFolder } from "../support/chouqian.ts";
import { ACTOR } from "../support/round.ts";
import { loaded } from "../xlsx/workbooks.ts";
import {
  codesOf,
  copied,
  type Filled,
  type Form,
  filledRound,
  formOf,
  imported,
  linesOf,
  recordsOf,
  sign,
  TODAY,
} from "./fixture.ts";

const scratch = scratchFolder("versions");
let good: Round;
let filled: Filled;
beforeAll(async () => {
  ({ good, filled } = await filledRound(join(scratch, "good")));
}, 180_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let number = 0;
/** A copy of the round into which the filled workbook was imported. */
async function begin(): Promise<{ round: Round; folder: string }> {
  const folder = join(scratch, `case-${++number}`);
  mkdirSync(folder);
  const round = copied(good, join(folder, "R1"));
  await imported(round, [filled.path]);
  return { round, folder };
}

/** The filled workbook with its first form changed, the others left out. */
async function otherVersion(path: string, change: (form: Form) => void): Promise<string> {
  const book = await loaded(readFileSync(filled.path));
  const forms = book.worksheets.flatMap(formOf);
  const [first, ...others] = forms;
  if (first === undefined) throw new Error("there is no form");
  for (const { sheet } of others) book.removeWorksheet(sheet.id);
  change(first);
  writeFileSync(path, Buffer.from(await book.xlsx.writeBuffer()));
  return first.unit;
}

/** Cells of the first form whose value was found, changed from right to wrong; returns the indicator. */
function makeWrong({ cell, codes, unit }: Form): string {
  const answers = filled.forms.get(unit)?.answers;
  const code = codes.find((each) => answers?.get(each)?.isWrong === false) ?? "";
  cell(code, "ruling").value = "差错";
  cell(code, "cause").value = "数据录入错误";
  return code;
}

test("a later version is refused with every cell that differs, and taken with --replace alone", async () => {
  const { round, folder } = await begin();
  let code = "";
  const path = join(folder, "补报.xlsx");
  const unit = await otherVersion(path, (form) => {
    code = makeWrong(form);
    form.cell(HEAD_ITEMS.date).value = "2019-11-05";
  });
  const before = readFileSync(round.paths.records);
  const refused = await imported(round, [path]);
  expect(codesOf(refused)).toEqual(["E-RECORDS-EXISTS"]);
  const columns = refused.conflicts.flatMap(({ changes }) =>
    changes.map((each) => [each.unit, each.code, each.column]),
  );
  expect(columns).toEqual([
    [unit, "", "核查日期"],
    [unit, code, "结果"],
    [unit, code, "差错原因"],
  ]);
  expect(readFileSync(round.paths.records)).toEqual(before);
  const taken = await imported(round, [path], { replace: true });
  expect([taken.refusal, taken.added, taken.replaced.map(({ after }) => after.unit)]).toEqual([undefined, [], [unit]]);
  const [record] = recordsOf(round).filter((each) => each.unit === unit);
  expect([record?.date, record?.source.file]).toEqual(["2019-11-05", "补报.xlsx"]);
  expect(recordsOf(round)).toHaveLength(9);
});

test("a replacement says why, keeps what it replaced, and is told of by city, team and unit", async () => {
  const { round, folder } = await begin();
  const path = join(folder, "补报.xlsx");
  const unit = await otherVersion(path, makeWrong);
  const own = recordsOf(round).filter((each) => each.unit === unit);
  const journal = readFileSync(round.paths.journal);
  for (const reason of [undefined, " 　"]) {
    await expect(imported(round, [path], { replace: true, reason })).rejects.toMatchObject({
      code: "E-REASON-MISSING",
      exitCode: 2,
    });
  }
  expect(readFileSync(round.paths.journal)).toEqual(journal);
  const { replaced } = await imported(round, [path], { replace: true, reason: " 核对凭证后改正 " });
  const last = journalOf(round).entries.at(-1)?.about ?? {};
  const before = digest(recordsText(own));
  expect(last).toMatchObject({
    reason: "核对凭证后改正",
    asked: { replace: true, second: false, acceptGood: false, today: TODAY },
    replaced: [{ unit, visit: null, cells: replaced[0]?.changes.length, before }],
    replacedDigest: before,
  });
  const kept = join(round.folder, "records", "replaced", `${before}.jsonl`);
  expect(linesOf(kept)).toEqual(own);
  const status = await recordsStatus(round);
  expect([status.whole.revised, status.cities.map(({ revised }) => revised)]).toEqual([1, [1]]);
  expect(status.teams.reduce((sum, { revised }) => sum + revised, 0)).toBe(status.teams.length > 0 ? 1 : 0);
  expect(status.revisions).toMatchObject([{ id: unit, how: "replaced", reason: "核对凭证后改正" }]);
  const { stdout } = await chouqian(["-C", round.folder, "records", "status"]);
  expect(stdout).toContain("改录 1 次：");
  expect(stdout).toMatch(new RegExp(`${unit}.*替换.*核对凭证后改正`));
  const options = { ledgers: undefined, withoutLedger: true };
  const ofRecords = async () => (await verifyRound(round, options, silent)).find(({ check }) => check === "records");
  expect((await ofRecords())?.detail.zh).toContain("改录的 1 次留存完好");
  writeFileSync(kept, readFileSync(kept, "utf8").replace("差错", "无误").replace("right", "wrong"));
  expect(await ofRecords()).toMatchObject({ outcome: "failed" });
});

test("taken back and entered anew is a revision too, of census areas as of sources", async () => {
  const { round, folder } = await begin();
  const path = join(folder, "补报.xlsx");
  const unit = await otherVersion(path, makeWrong);
  await dropSource(round, ACTOR, unit, { reason: "误收", second: false });
  expect((await recordsStatus(round)).whole.revised).toBe(0);
  await imported(round, [path]);
  expect((await recordsStatus(round)).whole.revised).toBe(1);

  const csv = join(folder, "小区.csv");
  const areas = (omitted: number) =>
    writeFileSync(
      csv,
      `普查小区代码,县区,名录登记数,走访发现合计,其中未入名录,名录重复的记录\n440507001001,440507,40,41,${omitted},1\n`,
    );
  areas(3);
  await imported(round, [csv]);
  areas(2);
  const { replacedAreas } = await imported(round, [csv], { replace: true, reason: "数错" });
  expect(replacedAreas).toEqual(["440507001001"]);
  await dropArea(round, ACTOR, "440507001001", "重数");
  await imported(round, [csv]);
  const { revisions } = await recordsStatus(round);
  expect(revisions.map(({ id, kind, how, reason }) => [id, kind, how, reason])).toEqual([
    [unit, "source", "dropped", "误收"],
    ["440507001001", "area", "replaced", "数错"],
    ["440507001001", "area", "dropped", "重数"],
  ]);
});

test("another team's record stands beside the first, is compared, and the settled one counts", async () => {
  const { round, folder } = await begin();
  const path = join(folder, "复核.xlsx");
  let code = "";
  const unit = await otherVersion(path, (form) => {
    code = makeWrong(form);
    sign(form, "复核组", "丙、丁");
  });
  const second = await imported(round, [path], { second: true });
  expect([second.refusal, second.added]).toEqual([undefined, [unit]]);
  const { pairs, agreement, whole } = await recordsStatus(round);
  expect(pairs.map(({ unit: id, differs, settled }) => [id, differs, settled])).toEqual([[unit, true, undefined]]);
  expect(agreement.judged - agreement.same).toBe(1);
  expect(agreement.kappa).toBeLessThan(1);
  expect([whole.total, whole.done]).toEqual([9, 9]);
  const errors = async () => {
    const { estimates } = await computeEvaluation(round, silent);
    return estimates.filter(({ kind }) => kind === "city").map(({ e }) => e)[0] ?? -1;
  };
  const byFirst = await errors();

  expect((await settleSource(round, ACTOR, unit, "second", TODAY)).team).toBe("复核组");
  const isKey = recordsOf(round)[0]?.indicators.find((each) => each.code === code)?.key;
  expect(await errors()).toBe(byFirst + (isKey ? 1 : 0));
  await settleSource(round, ACTOR, unit, "first", TODAY);
  expect(await errors()).toBe(byFirst);
  const third = join(folder, "第三份.xlsx");
  const otherThird = (team: string, inspectors: string) =>
    otherVersion(third, (form) => {
      form.cell(HEAD_ITEMS.date).value = "2019-12-01";
      sign(form, team, inspectors);
    });
  for (const [team, inspectors, refusedAs] of [
    ["复核", "戊", "E-RECORDS-SAME-TEAM"],
    ["第三组", "乙，甲", "E-RECORDS-SAME-PERSONS"],
    ["第三组", "丁 丙", "E-RECORDS-SAME-PERSONS"],
  ] as const) {
    await otherThird(team, inspectors);
    const problems = expect.arrayContaining([expect.objectContaining({ code: refusedAs })]);
    await expect(settleSource(round, ACTOR, unit, third, TODAY)).rejects.toMatchObject({ problems });
  }
  await otherThird("第三组", "甲、丙");
  await settleSource(round, ACTOR, unit, third, TODAY);
  const settled = recordsOf(round).filter((each) => each.visit === "settled");
  expect(settled.map(({ date, source }) => [date, source.file])).toEqual([["2019-12-01", "第三份.xlsx"]]);
  expect(recordsOf(round)).toHaveLength(11);
  const findings = await verifyRound(round, { ledgers: undefined, withoutLedger: true }, silent);
  expect(findings.filter(({ outcome }) => outcome === "failed")).toEqual([]);

  await expect(settleSource(round, ACTOR, "910000000000009999", "first", TODAY)).rejects.toMatchObject({
    code: "E-RECORDS-NOT-TWICE",
  });
  const replaced = await imported(round, [third], { replace: true });
  expect(replaced.unsettled).toEqual([unit]);
  expect(recordsOf(round).filter((each) => each.visit === "settled")).toEqual([]);
});

test("a third record that stands twice and differently settles nothing, in one workbook or in a folder", async () => {
  const { round, folder } = await begin();
  const path = join(folder, "复核.xlsx");
  const unit = await otherVersion(path, (form) => {
    makeWrong(form);
    sign(form, "复核组", "丙、丁");
  });
  await imported(round, [path], { second: true });
  const { indicators } = recordsOf(round)[0] ?? { indicators: [] };
  const thirds = join(folder, "第三份");
  mkdirSync(thirds);
  const write = (name: string, result: string) => {
    const lines = indicators.map(({ code }) => `${unit},${code},${result},第三组,戊、己,2019-12-01,已核查`);
    const text = `单位代码,指标代码,结果,核查组,核查人员,核查日期,核查去向\n${lines.join("\n")}\n`;
    writeFileSync(join(thirds, name), text);
  };
  const settle = (use: string) => settleSource(round, ACTOR, unit, use, TODAY);
  const twice = { problems: expect.arrayContaining([expect.objectContaining({ code: "E-RECORDS-TWICE" })]) };
  write("甲.csv", "无误");
  write("乙.csv", "差错");
  await expect(settle(thirds)).rejects.toMatchObject(twice);

  const both = join(folder, "两表.xlsx");
  await otherVersion(both, (form) => sign(form, "第三组", "戊、己"));
  const book = await loaded(readFileSync(both));
  const [sheet] = book.worksheets.filter((each) => formOf(each).length > 0);
  if (sheet === undefined) throw new Error("no form");
  const copy = book.addWorksheet("再填一张");
  sheet.eachRow((row, i) =>
    row.eachCell((cell, column) => {
      copy.getCell(i, column).value = cell.value;
    }),
  );
  const again = formOf(copy)[0];
  if (again === undefined) throw new Error("the copy is no form");
  const save = async () => writeFileSync(both, Buffer.from(await book.xlsx.writeBuffer()));
  again.cell(HEAD_ITEMS.date).value = "2019-12-09";
  await save();
  await expect(settle(both)).rejects.toMatchObject(twice);
  expect(recordsOf(round).filter((each) => each.visit === "settled")).toEqual([]);

  again.cell(HEAD_ITEMS.date).value = formOf(sheet)[0]?.cell(HEAD_ITEMS.date).value;
  await save();
  expect((await settle(both)).source.file).toBe("两表.xlsx");
  write("乙.csv", "无误");
  expect((await settle(thirds)).source.file).toBe("乙.csv");
  const findings = await verifyRound(round, { ledgers: undefined, withoutLedger: true }, silent);
  expect(findings.filter(({ outcome }) => outcome === "failed")).toEqual([]);
}, 60_000);

test("a second record needs a first one, by another team and other people", async () => {
  const { round, folder } = await begin();
  const path = join(folder, "复核.xlsx");
  const write = (team: string, inspectors: string) => otherVersion(path, (form) => sign(form, team, inspectors));
  await write("甲组", "赵一、钱二（组长）");
  await imported(round, [path], { replace: true });
  const second = async () => codesOf(await imported(round, [path], { second: true }));
  await write("甲", "丙");
  expect(await second()).toEqual(["E-RECORDS-SAME-TEAM"]);
  await write("乙组", "钱　二 / 赵 一");
  expect(await second()).toEqual(["E-RECORDS-SAME-PERSONS"]);
  // One of the two with somebody else is another look.
  await write("乙组", "钱二、孙三");
  expect(await second()).toEqual([]);
  // Nor does the second team's record take the place of the first.
  const asFirst = await imported(round, [path], { replace: true });
  expect(codesOf(asFirst)).toEqual(["E-RECORDS-SAME-TEAM"]);
  expect(asFirst.refusal?.problems[0]?.message.zh).toContain("的第二次记录也是乙组的");
  const empty = copied(good, join(folder, "R2"));
  expect(codesOf(await imported(empty, [path], { second: true }))).toEqual(["E-RECORDS-NO-FIRST"]);
});

test("a later second record is told apart from a later first one, in words and in what to do", async () => {
  const { round, folder } = await begin();
  const path = join(folder, "复核.xlsx");
  const write = (date: string) =>
    otherVersion(path, (form) => {
      sign(form, "复核组", "丙、丁");
      form.cell(HEAD_ITEMS.date).value = date;
    });
  const unit = await write("2019-11-20");
  const [first] = (await imported(round, [path])).refusal?.problems.filter(({ code }) => code.startsWith("E-")) ?? [];
  expect([first?.code, first?.advice.zh]).toEqual(["E-RECORDS-EXISTS", expect.stringContaining("加 --second")]);
  await imported(round, [path], { second: true });
  await write("2019-11-21");
  const { refusal, returned } = await imported(round, [path], { second: true });
  const [again] = refusal?.problems.filter(({ code }) => code.startsWith("E-")) ?? [];
  expect(again?.message.zh).toContain("已有复核记录（复核.xlsx，");
  expect(again?.advice.zh).toBe("确认以新的复核为准：--second 之外再加 --replace --reason 理由");

  // The list that goes back says where: what is wrong with a whole form leads to its sheet.
  const list = (await loaded(readFileSync(join(round.folder, returned[0] ?? "")))).getWorksheet("问题清单");
  const place = (list?.getRow(3).values as string[] | undefined)?.indexOf("位置") ?? -1;
  const cell = list?.getRow(4).getCell(place);
  expect([list?.getRow(3).getCell(place).text, cell?.text]).toEqual(["位置", "整张表"]);
  expect(cell?.formula ?? cell?.hyperlink).toContain("A1");
  expect(JSON.stringify(list?.getRow(4).values)).toContain(unit);
});

test("a record that was taken back is kept, counts no longer, and comes in again", async () => {
  const { round, folder } = await begin();
  const path = join(folder, "复核.xlsx");
  const unit = await otherVersion(path, (form) => {
    makeWrong(form);
    sign(form, "复核组", "丙、丁");
  });
  const before = readFileSync(round.paths.records);
  const own = recordsOf(round).filter((each) => each.unit === unit);
  await imported(round, [path], { second: true });
  await settleSource(round, ACTOR, unit, "second", TODAY);
  const drop = (reason: string, second = false, id = unit) => dropSource(round, ACTOR, id, { reason, second });
  await expect(drop(" ")).rejects.toMatchObject({ code: "E-REASON-MISSING" });
  await expect(drop("误收", false, "910000000000009999")).rejects.toMatchObject({ code: "E-RECORDS-NO-RECORD" });

  // The second record alone: what was there before it stands again, to the byte.
  const second = await drop("复核组填错了单位", true);
  expect(second.records.map(({ visit }) => visit)).toEqual(["second", "settled"]);
  expect(readFileSync(round.paths.records)).toEqual(before);
  await expect(drop("再撤", true)).rejects.toMatchObject({ code: "E-RECORDS-NO-RECORD" });

  const dropped = await drop("误收", false, ` ${unit.toLowerCase()} `);
  expect(dropped.records).toEqual(own);
  expect(linesOf(join(round.folder, dropped.kept))).toEqual(own);
  expect(recordsOf(round).map((each) => each.unit)).not.toContain(unit);
  expect((await recordsStatus(round)).whole).toMatchObject({ done: 8, missing: 1 });
  expect((await computeEvaluation(round, silent)).counts.recorded).toBe(8);
  expect(roundStatus(round).steps.find(({ step }) => step === "records")?.detail.zh).toBe("已收 8 家");
  expect(journalOf(round).entries.at(-1)).toMatchObject({ event: "records.dropped", about: { unit, reason: "误收" } });
  const check = async () => {
    const findings = await verifyRound(round, { ledgers: undefined, withoutLedger: true }, silent);
    return findings.filter((each) => each.check === "records").map(({ detail }) => detail.zh);
  };
  expect(await check()).toEqual(["由 2 份原表重读，8 份记录逐字节一致，撤回的 2 次留存完好"]);

  expect((await imported(round, [filled.path])).added).toEqual([unit]);
  expect(readFileSync(round.paths.records)).toEqual(before);
  expect((await recordsStatus(round)).whole).toMatchObject({ done: 9, missing: 0 });
  writeFileSync(join(round.folder, second.kept), "");
  expect(await check()).toEqual([expect.stringMatching(/^日志第 \d+ 行撤回的记录被改动$/)]);
});

test("where the last record is taken back there is no file of records any more", async () => {
  const { round } = await begin();
  for (const unit of recordsOf(round).map((each) => each.unit)) {
    await dropSource(round, ACTOR, unit, { reason: "全部误收", second: false });
  }
  expect(existsSync(round.paths.records)).toBe(false);
  const findings = await verifyRound(round, { ledgers: undefined, withoutLedger: true }, silent);
  expect(findings.filter(({ outcome }) => outcome === "failed")).toEqual([]);
  await expect(computeEvaluation(round, silent)).rejects.toMatchObject({ code: "E-RECORDS-MISSING" });
  expect((await imported(round, [filled.path])).added).toHaveLength(9);
});

test("a census area is meant by code, by name, or by county and name; a name that several have is refused with them", async () => {
  const { round, folder } = await begin();
  const path = join(folder, "小区.csv");
  const heads = "普查小区,地市,县区,名录登记数,走访发现合计,其中未入名录,名录重复的记录";
  const rows = ["甲村,汕头市,龙湖区", "甲村,汕头市,澄海区", "440507001009 乙村,汕头市,龙湖区", "丙村,汕头市,龙湖区"];
  writeFileSync(path, `${heads}\n${rows.map((row) => `${row},50,52,3,1\n`).join("")}`);
  await imported(round, [path]);
  const drop = async (asked: string) => {
    const { records } = await dropArea(round, ACTOR, asked, "误收");
    return records.map(({ county, area }) => `${county}/${area}`);
  };
  const unclear = await dropArea(round, ACTOR, "甲村", "误收").catch((error: ChouqianError) => error);
  expect(unclear).toMatchObject({ code: "E-RECORDS-AREA-UNCLEAR" });
  expect((unclear as ChouqianError).words.zh).toContain("汕头市/龙湖区/甲村");
  const asUnit = await dropSource(round, ACTOR, "丙村", { reason: "误收", second: false }).catch((error) => error);
  expect([asUnit.code, asUnit.words.zh, asUnit.advice.zh]).toEqual([
    "E-RECORDS-NO-RECORD",
    "丙村 不是单位代码，是普查小区 丙村",
    "撤回小区的核查：加 --area",
  ]);
  await expect(drop("佛山市/丙村")).rejects.toMatchObject({ code: "E-RECORDS-NO-RECORD" });
  expect(await drop("澄海区/ 甲村")).toEqual(["澄海区/甲村"]);
  expect(await drop("440507/甲村")).toEqual(["龙湖区/甲村"]);
  expect(await drop("乙村")).toEqual(["龙湖区/440507001009 乙村"]);
  const findings = await verifyRound(round, { ledgers: undefined, withoutLedger: true }, silent);
  expect(findings.filter(({ outcome }) => outcome === "failed")).toEqual([]);
  expect((await imported(round, [path])).areas).toBe(3);
  expect(await drop("440507001009")).toEqual(["龙湖区/440507001009 乙村"]);
});

test("the check of a census area is taken back in the same way", async () => {
  const { round, folder } = await begin();
  const path = join(folder, "小区.csv");
  const heads = "普查小区,地市,名录登记数,走访发现合计,其中未入名录,名录重复的记录";
  writeFileSync(path, `${heads}\n甲村,汕头市,50,52,3,1\n乙村,汕头市,50,48,0,0\n`);
  await imported(round, [path]);
  const before = linesOf<AreaCheck>(round.paths.areas);
  await expect(dropArea(round, ACTOR, "丙村", "误收")).rejects.toMatchObject({ code: "E-RECORDS-NO-RECORD" });
  const { records, kept } = await dropArea(round, ACTOR, " 甲村", "误收");
  expect(records).toEqual(before.filter(({ area }) => area === "甲村"));
  expect(linesOf(join(round.folder, kept))).toEqual(records);
  expect(linesOf<AreaCheck>(round.paths.areas).map(({ area }) => area)).toEqual(["乙村"]);
  await dropArea(round, ACTOR, "乙村", "误收");
  expect(existsSync(round.paths.areas)).toBe(false);
  expect(recordsOf(round)).toHaveLength(9);
  const findings = await verifyRound(round, { ledgers: undefined, withoutLedger: true }, silent);
  expect(findings.filter(({ outcome }) => outcome === "failed")).toEqual([]);
  expect((await imported(round, [path])).areas).toBe(2);
  expect(linesOf<AreaCheck>(round.paths.areas)).toEqual(before);
});

test("status, missing list and progress picture agree on what is out", async () => {
  const folder = join(scratch, `case-${++number}`);
  mkdirSync(folder);
  const round = copied(good, join(folder, "R1"));
  const path = join(folder, "一家.xlsx");
  const unit = await otherVersion(path, () => {});
  await imported(round, [path]);
  const faulty = join(folder, "两家.xlsx");
  const book = await loaded(readFileSync(filled.path));
  const [, second] = book.worksheets.flatMap(formOf);
  if (second === undefined) throw new Error("a second form is needed");
  second.cell(HEAD_ITEMS.date).value = "某日";
  for (const form of book.worksheets.flatMap(formOf)) {
    if (form.unit !== second.unit) book.removeWorksheet(form.sheet.id);
  }
  writeFileSync(faulty, Buffer.from(await book.xlsx.writeBuffer()));
  await imported(round, [faulty]);

  const status = await recordsStatus(round);
  expect(status.whole).toMatchObject({ total: 9, done: 1, returned: 1, missing: 7 });
  const states = new Map(status.sources.map(({ source, state }) => [source.id, state]));
  expect([states.get(unit), states.get(second.unit)]).toEqual(["done", "returned"]);
  const missing = status.sources.filter(({ state }) => state !== "done");
  const list = (await loaded(await missingWorkbook("某轮", missing))).worksheets[0];
  const ids = missing.map((_, i) => list?.getCell(4 + i, 6).text);
  expect(ids).toEqual(missing.map(({ source }) => source.id));
  const text = plainText((await readPdf(await statusPdf("某轮", status))).pages);
  expect(text).toContain("应核查9家，已收1家（11.1%）；退回待改1家，未交7家。");
  expect(text).toContain("已收/应收退回未交不适用关停改录汕头市1/917———");
});

test("the progress picture cuts no label and no count, and its last page is not almost empty", async () => {
  const part = (name: string) => ({
    ...{
      name,
      total: 1067,
      done: 967,
      returned: 50,
      missing: 50,
      partial: 0,
      nonResponse: 0,
      replaced: 0,
      revised: 12,
    },
    waived: { sources: 60, indicators: 1250 },
    closedAgainstLedger: 12,
  });
  const names = (n: number, name: string) => Array.from({ length: n }, (_, i) => `${name}${i + 1}`);
  const pagesOf = async (teams: number) => {
    const status = {
      ...{
        whole: part(""),
        cities: names(21, "城市").map(part),
        sources: [],
        areas: 0,
        revisions: [],
        unread: [],
        areasBack: [],
      },
      ...{ teams: names(teams, "连山壮族瑶族自治县核查第二小组").map(part), pairs: [], agreement: agreementOf([]) },
      journal: { line: 34, digest: "a".repeat(64) },
    };
    return (await readPdf(await statusPdf("某轮", status))).pages.map((page) => plainText([page]));
  };
  const text = (await pagesOf(6)).join("");
  for (const name of names(6, "连山壮族瑶族自治县核查第二小组")) {
    expect(text).toContain(`${name}967/10675050125012`);
  }
  for (let teams = 2; teams < 30; teams += 3) {
    const last = (await pagesOf(teams)).at(-1) ?? "";
    expect(last.split("967/1067").length - 1, `${teams} teams`).toBeGreaterThanOrEqual(4);
  }
});

test("census areas of a table become areas.jsonl and feed both rates; another count needs --replace", async () => {
  const { round, folder } = await begin();
  const path = join(folder, "小区.csv");
  const rows = (omitted: number) =>
    `普查小区,地市,名录登记数,走访发现合计,其中未入名录,名录重复的记录\n甲村,汕头市,50,52,${omitted},1\n乙村,汕头市,50,48,0,0\n`;
  writeFileSync(path, rows(3));
  expect((await imported(round, [path])).areas).toBe(2);
  const { areas } = await computeEvaluation(round, silent);
  expect(areas.map(({ omission, duplication }) => [omission?.rate, duplication?.rate])).toEqual([
    [Number((3 / 103).toPrecision(12)), 0.01],
  ]);
  writeFileSync(path, rows(4));
  expect(codesOf(await imported(round, [path]))).toEqual(["E-RECORDS-AREA-EXISTS"]);
  expect((await imported(round, [path], { replace: true })).refusal).toBe(undefined);
  expect(linesOf<AreaCheck>(round.paths.areas).map(({ area, omitted }) => [area, omitted])).toEqual([
    ["乙村", 0],
    ["甲村", 4],
  ]);
  writeFileSync(path, rows(60).replace("48", "四十八"));
  const refused = await imported(round, [path]);
  expect(refused.refusal?.problems.map(({ message }) => message.zh)).toEqual([
    "未入名录数多于走访发现合计",
    "走访发现合计应为整数",
  ]);
  expect(existsSync(join(round.folder, "records", "退回_小区.csv.xlsx"))).toBe(true);
});

test("the omission check as printed, filled in on a sheet, is read by its labels", async () => {
  const { round, folder } = await begin();
  const book = await loaded(readFileSync(filled.path));
  for (const sheet of book.worksheets.slice()) book.removeWorksheet(sheet.id);
  const sheet = book.addWorksheet("漏报");
  sheet.addRow(["普查小区漏报、重报核查表"]);
  sheet.addRow(["地市", "汕头市", "普查小区代码", "440511001002"]);
  sheet.addRow(["名录登记数（户）", 40]);
  sheet.addRow(["序号", "现场名称（门牌、招牌）"]);
  sheet.addRow(["走访发现合计（户）", 41, "其中未入名录（户）", 2, "名录重复的记录（条）", 1]);
  const path = join(folder, "漏报.xlsx");
  writeFileSync(path, Buffer.from(await book.xlsx.writeBuffer()));
  expect((await imported(round, [path])).refusal).toBe(undefined);
  expect(linesOf<AreaCheck>(round.paths.areas)).toMatchObject([
    { city: "440500", area: "440511001002", listed: 40, found: 41, omitted: 2, duplicates: 1 },
  ]);
});

test("a plain table: one row for each indicator, however its columns are named and ordered", async () => {
  const { round, folder } = await begin();
  const [record] = recordsOf(round);
  if (record === undefined) throw new Error("no record");
  const empty = copied(good, join(folder, "R2"));
  const wrong = record.indicators.filter(({ result }) => result === "right" || result === "wrong");
  const lines = wrong.map(({ code, reported, reportedByHand, found, result, cause = "" }) => {
    const copiedText = reportedByHand === true ? reported : "";
    return `${result},"${copiedText}","${found}",${code},${cause},${record.unit}`;
  });
  const path = join(folder, "记录.csv");
  writeFileSync(path, `result,填报值,found,indicator,差错原因,普查对象代码\n${lines.join("\n")}\n`);
  const result = await imported(empty, [path]);
  expect([result.refusal, result.added]).toEqual([undefined, [record.unit]]);
  const brief = ({ indicators }: typeof record) =>
    indicators
      .filter((each) => each.result === "right" || each.result === "wrong")
      .map(({ code, found, result: of, cause }) => [code, found, of, cause]);
  expect(recordsOf(empty).map(brief)).toEqual([brief(record)]);
});
