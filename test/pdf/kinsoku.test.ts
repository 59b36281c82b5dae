import fc from "fast-check";
import { expect, test } from "vitest";
import { type Breakable, breakLines, breakRule } from "../../src/pdf/kinsoku.ts";

/** Ideographs two wide, the rest one. */
function breakable(text: string): Breakable[] {
  return [...text].map((character) => {
    const codePoint = character.codePointAt(0) ?? 0;
    return { width: codePoint > 0x2e80 ? 2 : 1, rule: breakRule(codePoint), glued: false };
  });
}

function lines(text: string, room: number): string[] {
  const characters = [...text];
  return breakLines(breakable(text), room).map(({ start, end }) => characters.slice(start, end).join(""));
}

const text = fc.string({
  unit: fc.constantFrom(..."污染源普查，。；（）《》“”、：ABC 019-—…％%".split("")),
  maxLength: 60,
});

test("lines together hold the whole text", () => {
  fc.assert(fc.property(text, fc.integer({ min: 2, max: 40 }), (t, room) => lines(t, room).join("") === t));
});

test("no line is wider than the room, white space at its end aside", () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 2, max: 40 }), (t, room) => {
      for (const { width } of breakLines(breakable(t), room)) expect(width).toBeLessThanOrEqual(room);
    }),
  );
});

test("no line begins with a closing mark, none ends with an opening one", () => {
  expect(lines("核查内容是否真实，数据是否准确。", 16)).toEqual(["核查内容是否真", "实，数据是否准", "确。"]);
  expect(lines("依据方案（粤污普函）", 10)).toEqual(["依据方案", "（粤污普", "函）"]);
});

test("words, identifiers and numbers stay whole where a line holds them", () => {
  expect(lines("指标G101-1.01第3项", 12)).toEqual(["指标", "G101-1.01第3", "项"]);
  expect(lines("产量 1234567 吨", 10)).toEqual(["产量 ", "1234567 吨"]);
});

test("a word longer than a line is broken anywhere", () => {
  expect(lines("123456789012", 5)).toEqual(["12345", "67890", "12"]);
  expect(lines("，，，，，，", 4)).toEqual(["，，", "，，", "，，"]);
});

test("a line holds at least one character, however narrow the room", () => {
  expect(lines("普查", 1)).toEqual(["普", "查"]);
  expect(lines(" 普", 2)).toEqual([" ", "普"]);
});

test("what is to stay whole keeps to the rules where it is longer than a line", () => {
  const glued = breakable("□报告（油库或加油站）").map((each, i) => ({ ...each, glued: i > 0 }));
  expect(breakLines(glued, 20).map(({ start, end }) => end - start)).toEqual([9, 2]);
  expect(breakLines(glued, 22)).toHaveLength(1);
});
