/** A second entry on the forms that were printed for the first team: what counts as a difference, and who made it. */
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { assignRound } from "../../src/assign/assign-round.ts";
import { drawRound } from "../../src/draw/draw-round.ts";
import { HEAD_ITEMS } from "../../src/forms/record-marks.ts";
import { writeForms } from "../../src/forms/write-forms.ts";
import { inOrderOfWeight } from "../../src/records/agreement.ts";
import { mergeRecords } from "../../src/records/merge.ts";
import { samePersons } from "../../src/records/persons.ts";
import { replayHere } from "../../src/records/replay.ts";
import { recordsStatus } from "../../src/records/status.ts";
import { compareTeams, teamFold, teamIn, teamInWords } from "../../src/records/team.ts";
import { journalOf, type Round } from "../../src/round/round.ts";
import { assetPath } from "../../src/text/assets.ts";
import { silent } from "../../src/text/progress.ts";
import { verifyRound } from "../../src/verify/verify-round.ts";
import { scratchFolder } from "../support/chouqian.ts";
import { SMALL_PLAN, smallLedger } from "../support/ledger.ts";
import { ACTOR, lockedRound } from "../support/round.ts";
import { loaded } from "../xlsx/workbooks.ts";
import {
  codesOf,
  copied,
  type Filled,
  type Form,
  filledWorkbook,
  formOf,
  imported,
  recordsOf,
  sign,
} from "./fixture.ts";

const scratch = scratchFolder("second-entry");
let round: Round;
let filled: Filled;
beforeAll(async () => {
  const section = "assign: { roster: inspectors.csv, skills: { 工业源: [工业], 农业源: [农业] } }\n";
  round = await lockedRound(join(scratch, "R1"), smallLedger(["汕头", "云浮"]), SMALL_PLAN + section);
  copyFileSync(assetPath("samples", "inspectors.csv"), join(round.folder, "inspectors.csv"));
  await drawRound(round, ACTOR, "20190930", silent);
  await assignRound(round, ACTOR, { perDay: 4, waive: undefined }, silent);
  await writeForms(round, ACTOR, undefined, silent);
  filled = await filledWorkbook(round, join(scratch, "回收"));
  await imported(round, [filled.path]);
}, 180_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

async function changed(name: string, change: (forms: readonly Form[]) => void): Promise<string> {
  const book = await loaded(readFileSync(filled.path));
  change(book.worksheets.flatMap(formOf));
  const path = join(scratch, name);
  writeFileSync(path, Buffer.from(await book.xlsx.writeBuffer()));
  return path;
}

test("teams are named alike, whatever way they are written, and listed by their numbers", () => {
  const keys = new Set(["T03", "T12"]);
  for (const written of ["第 3 组", "第3组", "３", "t3", "T03", " 3组 "]) expect(teamIn(written, keys)).toBe("T03");
  expect([teamIn("第 4 组", keys), teamIn("复核组", keys), teamIn("", keys)]).toEqual(["第 4 组", "复核组", ""]);
  const none = new Set<string>();
  for (const written of ["1", "T1", "第 1 组", "１", "01", "第一组", "一组"]) {
    expect([teamIn(written, none), teamFold(written)]).toEqual(["第 1 组", "1"]);
  }
  const numerals = ["十", "十二组", "第二十组", "九十九", "一十一组"].map((written) => teamIn(written, none));
  expect(numerals).toEqual(["第 10 组", "第 12 组", "第 20 组", "第 99 组", "第 11 组"]);
  expect([teamIn("三组", keys), teamIn("第一小组", none), teamIn("百组", none)]).toEqual(["T03", "第 1 组", "百组"]);
  for (const written of [
    ...[
      "第3小组",
      "3号组",
      "核查3组",
      "第3核查组",
      "核查第3组",
      "检查三组",
      "抽查组3",
      "组3",
      "No.3",
      "№3",
      "3号",
      "T-03",
      "#3",
    ],
    ...[
      "③组",
      "❸组",
      "➂",
      "⑶组",
      "㈢组",
      "㊂组",
      "3️⃣组",
      "Ⅲ组",
      "III组",
      "叁组",
      "第〇三组",
      "（三）组",
      "第3组（张三）",
      "第三组【机动】",
    ],
    ...["第\u200b三组", "第三组\ufeff", "\u202a3\u202c", "第\u00ad3组"],
  ]) {
    expect([written, teamIn(written, keys), teamFold(written)]).toEqual([written, "T03", "3"]);
  }
  expect(["Ⅳ组", "XIV组", "⑫组", "⓫", "贰拾壹组", "十組"].map(teamFold)).toEqual(["4", "14", "12", "11", "21", "十組"]);
  for (const other of ["第3、4组", "3-4组", "复核3组", "汕头3组", "第13组", "C组"])
    expect(teamFold(other)).not.toBe("3");
  expect(new Set(["甲组", "甲小组", "第甲核查组", "甲", "甲\u200b组", "甲组（李四）"].map(teamFold)).size).toBe(1);
  expect(new Set(["Ａ组", "a 组", "A"].map(teamFold)).size).toBe(1);
  expect(new Set(["甲组", "乙组", "复核组", "组", ""].map(teamFold)).size).toBe(5);
  expect([teamInWords("T03"), teamInWords("复核组"), teamInWords("")]).toEqual(["第 3 组", "复核组", ""]);
  const teams = ["", "T10", "甲组", "T2", "T1"];
  expect(teams.sort(compareTeams)).toEqual(["T1", "T2", "T10", "甲组", ""]);
});

test("people are the same in whatever order and spelling, and where one form names some of them; others are not", () => {
  for (const same of [
    "李四，张三",
    "张 三、李　四",
    "张三;李四(组长)",
    "李四张三",
    "张三/李四/张三",
    "张三\u200b、李四",
    ...[
      "张三和李四",
      "李四和张三",
      "张三 和 李四",
      "张三与李四",
      "张三及李四",
      "张三·李四",
      "张三:李四",
      "张三：李四",
      "张三。李四",
      "张三-李四",
    ],
    ...["[组长]张三 李四", "【组长】张三 李四", "组长：张三 组员：李四", "组长张三、李四", "张三 李四 等2人"],
    ...["1.张三 2.李四", "1、李四 2、张三", "①张三②李四", "(1)张三(2)李四", "1张三2李四"],
    ...["张三", "李 四", "张三、李四、王五", "王五和李四和张三", "王五李四张三"],
  ]) {
    for (const first of ["张三、李四", "张三和李四", "李四张三"]) {
      if (first === "李四张三" && same === "李 四") continue;
      expect([first, same, samePersons(first, same), samePersons(same, first)]).toEqual([first, same, true, true]);
    }
  }
  for (const [one, other] of [
    ["张和平、李四", "李四和张和平"],
    ["和珅、张三", "张三和和珅"],
    ["张和平", "张 和 平"],
    ["欧阳和平、李四", "李四、欧阳和平"],
  ] as const) {
    expect([one, samePersons(one, other), samePersons(other, one)]).toEqual([one, true, true]);
  }
  for (const [one, other] of [
    ["张和平、李四", "张三、平安"],
    ["张和平", "张三"],
    ["张三丰、李四", "张三"],
    ["和珅、张三", "和平、张三"],
    ["核查员1、核查员2", "核查员3、核查员4"],
    ["买买提·艾山", "买买提·热合曼"],
    ["张三和王五", "李四和王五"],
  ] as const) {
    expect([one, other, samePersons(one, other), samePersons(other, one)]).toEqual([one, other, false, false]);
  }
  for (const other of ["", "、", "张三、王五", "张三、李思", "王五"]) {
    expect([other, samePersons("张三、李四", other), samePersons(other, "张三、李四")]).toEqual([other, false, false]);
  }
  expect([samePersons("Ａnna Li", "li ANNA"), samePersons("欧阳娜、张三", "张三 欧阳 娜")]).toEqual([true, true]);
  expect(samePersons("", "")).toBe(false);
});

test("a form whose team was left as it was printed is the first team's, unless another one went there first", async () => {
  const left = await changed("未改组.xlsx", (forms) => {
    for (const { cell } of forms) cell(HEAD_ITEMS.inspectors).value = "丙、丁";
  });
  const { refusal, added } = await imported(round, [left], { second: true });
  const same = refusal?.problems.filter(({ code }) => code === "E-RECORDS-SAME-TEAM") ?? [];
  expect([added, same.length]).toEqual([[], filled.forms.size]);
  expect(same[0]?.message.zh).toMatch(/的第一次记录也是第 \d+ 组的/);
  expect(same[0]?.advice.zh).toContain("在“核查组”写上实际去的一组");
  expect(same[0]?.plain?.zh).toMatch(/的第一次记录也是这一组的$/);

  const other = copied(round, join(scratch, "R2"));
  const byOthers = await changed("别组先查.xlsx", (forms) => {
    for (const form of forms) sign(form, "机动组");
  });
  await imported(other, [byOthers], { replace: true });
  expect((await imported(other, [left], { second: true })).added).toHaveLength(filled.forms.size);
  const findings = await verifyRound(other, { ledgers: undefined, withoutLedger: true }, silent);
  expect(findings.filter(({ outcome }) => outcome === "failed")).toEqual([]);
  // Without the line of the other team's records the first ones are the printed team's, and verify judges as the import did.
  const { entries } = journalOf(other);
  const [, byOther] = entries.filter(({ event }) => event === "records.imported");
  const without = entries.filter((each) => each !== byOther);
  const { wrong } = await replayHere({ round: other, entries: without, wanted: [] }, () => {});
  expect(wrong?.zh).toMatch(/没有收原表 未改组.xlsx 里 \S+ 的记录/);
});

test("where inspectors are assigned a second look without a team is refused, by verify too", async () => {
  const other = copied(round, join(scratch, "R3"));
  const { unit = "", indicators } = recordsOf(other)[0] ?? {};
  const path = join(scratch, "无组.csv");
  const write = (team: string) => {
    const lines = (indicators ?? []).map(({ code }) => `${unit},${code},无误,${team},戊,2019-11-20,已核查`);
    writeFileSync(path, `单位代码,指标代码,结果,核查组,核查人员,核查日期,核查去向\n${lines.join("\n")}\n`);
    return imported(other, [path], { second: true });
  };
  const { refusal, added } = await write("");
  const [problem, ...rest] = refusal?.problems.filter(({ code }) => code.startsWith("E-")) ?? [];
  expect([added, problem?.code, rest]).toEqual([[], "E-RECORDS-NO-TEAM", []]);
  expect(problem?.message.zh).toContain(`${unit} `);
  expect(problem?.advice.zh).toContain("在“核查组”填上");
  // what nobody sees is no team
  expect(codesOf(await write("\u200b"))).toEqual(["E-RECORDS-NO-TEAM"]);
  expect(codesOf(await write(`核查${teamInWords(recordsOf(other)[0]?.team ?? "")}\u200b`))).toEqual([
    "E-RECORDS-SAME-TEAM",
  ]);
  expect((await write("第99组")).added).toEqual([unit]);

  // A journal that tells of a form without a team as taken is contradicted by its original.
  const third = copied(round, join(scratch, "R4"));
  const [one = "", two = ""] = recordsOf(third).map((each) => each.unit);
  const rows = [`${one},,,第99组,戊,2019-11-20,已关停`, `${two},,,,戊,2019-11-20,已关停`];
  writeFileSync(path, `单位代码,指标代码,结果,核查组,核查人员,核查日期,核查去向\n${rows.join("\n")}\n`);
  expect((await imported(third, [path], { second: true, acceptGood: true })).added).toEqual([one]);
  const { entries } = journalOf(third);
  const forged = entries.map((each) =>
    each === entries.at(-1) ? { ...each, about: { ...each.about, units: [one, two].sort() } } : each,
  );
  const replay = async (lines: typeof entries) =>
    (await replayHere({ round: third, entries: lines, wanted: [] }, () => {})).wrong?.zh;
  expect(await replay(entries)).toBeUndefined();
  expect(await replay(forged)).toContain(`写收了 ${two}，原表里没有它可收的记录`);
});

test("team and date of the second visit are no differences; true ones come first, and no team is added", async () => {
  const before = await recordsStatus(round);
  const printed = recordsOf(round)[0]?.team ?? "";
  expect(printed).toMatch(/^T\d+$/);
  let wrong = "";
  let noted = "";
  const path = await changed("复核.xlsx", (forms) => {
    const units = forms.map(({ unit }) => unit).sort();
    for (const { cell, unit, codes } of forms) {
      cell(HEAD_ITEMS.date).value = "2019-11-20";
      cell(HEAD_ITEMS.team).value = "复核组";
      cell(HEAD_ITEMS.inspectors).value = "丙、丁";
      const answers = filled.forms.get(unit)?.answers;
      const right = codes.find((code) => answers?.get(code)?.isWrong === false) ?? "";
      if (unit === units.at(-1)) {
        cell(right, "ruling").value = "差错";
        wrong = unit;
      }
      const none = recordsOf(round)
        .find((each) => each.unit === unit)
        ?.indicators.find(({ code, result }) => result === "notApplicable" && answers?.has(code))?.code;
      if (noted === "" && none !== undefined && unit !== units.at(-1) && unit !== units[0]) {
        cell(right, "note").value = "再看过";
        // neither team judges it: 不适用 the first time, 未核查 the second
        cell(none, "ruling").value = "未核查";
        noted = unit;
      }
    }
  });
  const second = await imported(round, [path], { second: true });
  expect([second.refusal, second.added.length]).toEqual([undefined, filled.forms.size]);
  const again = recordsOf(round).filter(({ visit }) => visit === "second");
  expect(new Set(again.map(({ team }) => team))).toEqual(new Set(["复核组"]));
  const strange = second.warnings.filter(({ code }) => code === "W-RECORDS-TEAM");
  expect([strange.length, strange[0]?.message.zh]).toEqual([filled.forms.size, "分派里没有这一组：复核组"]);

  const { pairs, teams, whole, sources } = await recordsStatus(round);
  expect(inOrderOfWeight(pairs).slice(0, 3)).toMatchObject([
    { unit: wrong, differs: true },
    { unit: noted, differs: false, changes: [{ column: "结果", after: "未核查" }, { column: "说明" }] },
    { differs: false, changes: [] },
  ]);
  expect(pairs.filter(({ changes }) => changes.length > 0)).toHaveLength(2);
  expect([teams, whole]).toEqual([before.teams, before.whole]);
  expect(sources.map(({ team }) => team)).toEqual(before.sources.map(({ team }) => team));
});

test("without an assignment a team is not another one by writing its name otherwise", () => {
  const [record] = recordsOf(round);
  if (record === undefined) throw new Error("no record");
  const { visit: _, ...first } = { ...record, team: "T1", inspectors: "甲、乙" };
  const merge = (team: string, inspectors = "丙") =>
    mergeRecords([first], [{ ...first, team, inspectors }], { replace: false, second: true });
  for (const team of ["1", "第一组", "第 1 组", "０１"]) {
    expect(merge(team).dependent).toMatchObject([{ code: "E-RECORDS-SAME-TEAM" }]);
  }
  expect(merge("第 2 组").added).toHaveLength(1);
  for (const inspectors of ["甲、乙", "乙 甲", "乙甲"]) {
    expect(merge("第 2 组", inspectors).dependent).toMatchObject([{ code: "E-RECORDS-SAME-PERSONS" }]);
  }
});

test("a table names the team as people do; the record has its key, and messages name the unit", async () => {
  const record = recordsOf(round).find(({ visit }) => visit === "first");
  const name = (await recordsStatus(round)).sources.find(({ source }) => source.id === record?.unit)?.source.name;
  const path = join(scratch, "记录.csv");
  const lines = (record?.indicators ?? []).map(({ code }) => `${record?.unit},${code},无误,${teamInWords("T1")}`);
  writeFileSync(path, `单位代码,指标代码,结果,检查组\n${lines.join("\n")}\n`);
  const refused = await imported(round, [path]);
  expect(refused.conflicts.map(({ after }) => after.team)).toEqual(["T1"]);
  const [problem] = refused.refusal?.problems.filter(({ code }) => code === "E-RECORDS-EXISTS") ?? [];
  expect(problem?.message.zh).toContain(`${record?.unit} ${name} 已有记录`);
  expect(problem?.plain?.zh).not.toContain(name);
});
