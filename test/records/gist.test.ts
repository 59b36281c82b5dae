/** What a screen shows of the faults of an import: a line a kind and sheet, the gravest first, and nothing of what is moot. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { fault } from "../../src/records/faults.ts";
import { gistOf } from "../../src/records/gist.ts";

const at = (sheet: string, cell?: string) => ({ file: "回收.xlsx", sheet, ...(cell === undefined ? {} : { cell }) });
const waived = (sheet: string, cell: string) =>
  fault("W-RECORDS-WAIVED", `${cell} 写了不适用`, "waived", at(sheet, cell));
const blank = (file: string, sheet: string) => fault("W-RECORDS-BLANK", `${sheet} 没有填写`, "blank", { file, sheet });

test("one line a kind and sheet, with the number and the first cells; faults before warnings", () => {
  const problems = [
    ...["F12", "F13", "F14", "F15"].map((cell) => waived("甲厂", cell)),
    waived("乙厂", "F12"),
    fault("E-RECORDS-DATE", "核查日期不是日期", "no date", at("乙厂", "C4")),
  ];
  expect(gistOf(problems).map(({ code, message, standsFor }) => [code, message.zh, standsFor])).toEqual([
    ["E-RECORDS-DATE", "核查日期不是日期", undefined],
    ["W-RECORDS-WAIVED", "F12 写了不适用（同类共 4 处：F12、F13、F14 等）", 4],
    ["W-RECORDS-WAIVED", "F12 写了不适用", undefined],
  ]);
});

test("forms not filled in are one line with their number, whatever files they are in", () => {
  const one = gistOf([blank("一.xlsx", "甲厂"), blank("一.xlsx", "乙厂")]);
  expect(one.map(({ message, at: place }) => [message.zh, place])).toEqual([["2 家没有填写", { file: "一.xlsx" }]]);
  const two = gistOf([blank("一.xlsx", "甲厂"), blank("二.xlsx", "乙厂")]);
  expect(two.map(({ message, at: place }) => [message.zh, place])).toEqual([["2 家没有填写（2 个文件）", {}]]);
});

test("what is moot is left out, and the lines stand for all the rest", () => {
  const problem = fc.record({
    sheet: fc.constantFrom("甲", "乙"),
    cell: fc.constantFrom("A1", "A2"),
    isMoot: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(problem, { maxLength: 12 }), (drawn) => {
      const problems = drawn.map(({ sheet, cell }) => waived(sheet, cell));
      const moot = new Set(problems.filter((_, i) => drawn[i]?.isMoot));
      const lines = gistOf(problems, moot);
      const stoodFor = lines.reduce((sum, { standsFor = 1 }) => sum + standsFor, 0);
      expect(stoodFor).toBe(problems.length - moot.size);
      expect(lines.length).toBeLessThanOrEqual(2);
    }),
  );
});
