/** A condition means the same to the ledger, to a workbook's formula and to an XForm's relevance. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  asExpression,
  Condition,
  decide,
  decideFor,
  inWords,
  type Lookup,
  type Notation,
  workbookNotation,
  xpathNotation,
} from "../../src/forms/condition.ts";

const lookup =
  (values: Readonly<Record<string, string>>): Lookup =>
  ({ field, indicator }) =>
    values[field ?? indicator ?? ""] ?? "";

describe("a condition", () => {
  const makesWastewater = Condition.parse({ field: "wastewater", above: 0 });
  test.each([
    ["1.5", "applies"],
    ["0", "not"],
    ["", "unknown"],
    ["不详", "unknown"],
  ])("废水排放量 %j: %s", (value, verdict) => {
    expect(decide(makesWastewater, lookup({ wastewater: value }))).toBe(verdict);
  });

  test.each([
    // reported, found, verdict: what decides its own condition is compared where it holds by either
    ["171", "0", "applies"],
    ["0", "5", "applies"],
    ["0", "0", "not"],
    ["", "0", "not"],
    ["171", "", "applies"],
  ])("of 废水排放量 itself, %j reported and %j found: %s", (reported, found, verdict) => {
    const own = { code: "G102.02", field: "wastewater" };
    const values = lookup({ wastewater: found || reported });
    expect(decideFor(own, makesWastewater, values, reported)).toBe(verdict);
    const other = { code: "G106-1.05", field: "cod" };
    expect(decideFor(other, makesWastewater, values, "0.0043")).toBe(decide(makesWastewater, values));
  });

  test.each([
    [{ field: "industryCode", starts: ["22", "2511"] }, { industryCode: "2511" }, "applies"],
    [{ field: "industryCode", starts: ["22", "2511"] }, { industryCode: "2512" }, "not"],
    [{ field: "subclass", is: ["加油站", "储油库"] }, { subclass: "储油库 " }, "applies"],
    [{ field: "subclass", contains: "污水" }, { subclass: "集中式污水处理厂" }, "applies"],
    [{ field: "status", isNot: "运行" }, { status: "正常运行" }, "not"],
    [{ field: "status", isNot: "运行" }, { status: "注销" }, "applies"],
    [{ field: "status", isNot: "运行" }, { status: "说不清" }, "unknown"],
    [{ indicator: "G101-1.08", is: "是" }, { "G101-1.08": "否" }, "not"],
  ])("%j of %j: %s", (condition, values, verdict) => {
    expect(decide(Condition.parse(condition), lookup(values as Record<string, string>))).toBe(verdict);
  });

  test("is said in words", () => {
    const names: Lookup = ({ field, indicator }) => field ?? `“${indicator}”`;
    const said = (condition: object) => inWords(Condition.parse(condition), names);
    expect(said({ field: "废水排放量", above: 0 })).toBe("废水排放量大于 0");
    expect(
      said({
        any: [
          { field: "状态", isNot: ["停产", "关闭"] },
          { indicator: "有锅炉", is: "是" },
        ],
      }),
    ).toBe("状态不是“停产”、“关闭”，或“有锅炉”为“是”");
    expect(
      said({
        all: [
          { field: "行业代码", starts: ["22", "23"] },
          { field: "名称", contains: "纸" },
        ],
      }),
    ).toBe("行业代码以 22、23 开头，且名称含“纸”");
  });

  test("is said in its own words where it has some, a part of it likewise", () => {
    const names: Lookup = ({ field }) => field ?? "";
    const printing = { field: "行业代码", starts: ["231", "232"], words: "印刷业" };
    const solvents = { field: "溶剂用量", above: 0 };
    const said = (condition: object) => inWords(Condition.parse(condition), names);
    expect(said(printing)).toBe("印刷业");
    expect(said({ any: [printing, solvents] })).toBe("印刷业，或溶剂用量大于 0");
    expect(said({ any: [printing, solvents], words: "用溶剂的单位" })).toBe("用溶剂的单位");
    expect(said({ all: [{ any: [printing, solvents], words: "用溶剂的单位" }, solvents] })).toBe(
      "用溶剂的单位，且溶剂用量大于 0",
    );
    expect(decide(Condition.parse(printing), lookup({ 行业代码: "2319" }))).toBe("applies");
  });

  test.each([
    {},
    { words: "印刷业" },
    ...["", " ", "印\n刷", "字".repeat(41)].map((words) => ({ field: "water", above: 0, words })),
    { field: "water" },
    { field: "water", indicator: "G102.01", above: 0 },
    { field: "water", above: 0, is: "1" },
    { is: "是" },
    { any: [{ field: "water", above: 0 }] },
    { field: "water", above: "0" },
    { field: "water", is: [] },
  ])("%j is refused", (condition) => {
    expect(Condition.safeParse(condition).success).toBe(false);
  });
});

test("formula and relevance name the value where it stands, quote texts, and let a missing value hide nothing", () => {
  const condition = Condition.parse({
    any: [
      { field: "wastewater", above: 0 },
      { indicator: "G101-1.08", is: ["是", '"有"'] },
    ],
  });
  const formula = asExpression(
    condition,
    workbookNotation(({ field }) => (field === undefined ? "G9" : "G8")),
  );
  expect(formula).toBe('OR(OR(G8="",IFERROR(VALUE(G8)>0,TRUE)),OR(G9="",OR(G9&""="是",G9&""="""有""")))');
  const relevance = asExpression(
    condition,
    xpathNotation(({ field }) => (field === undefined ? "/f/a" : "/f/b")),
  );
  expect(relevance).toBe(`((/f/b = '') or (/f/b > 0)) or ((/f/a = '') or ((/f/a = '是') or (/f/a = '"有"')))`);
  expect(
    asExpression(
      condition,
      workbookNotation(() => undefined),
    ),
  ).toBe("OR(TRUE,TRUE)");
});

test("an expression is true exactly where the condition does not certainly fail", () => {
  const value = fc.constantFrom("", "0", "3", "22", "2210", "23");
  const leaf = fc.oneof(
    fc.record({ field: fc.constantFrom("a", "b"), above: fc.constantFrom(0, 5) }),
    fc.record({ field: fc.constantFrom("a", "b"), is: fc.constantFrom("0", "22") }),
    fc.record({ field: fc.constantFrom("a", "b"), isNot: fc.constantFrom("0", "22") }),
    fc.record({ field: fc.constantFrom("a", "b"), starts: fc.constantFrom(["22", "3"], ["0", "23"]) }),
    fc.record({ field: fc.constantFrom("a", "b"), contains: fc.constantFrom("2", "1") }),
  );
  const any = fc.record({ any: fc.array(leaf, { minLength: 2, maxLength: 3 }) });
  const condition = fc.oneof(
    leaf,
    any,
    fc.record({ all: fc.array(fc.oneof(leaf, any), { minLength: 2, maxLength: 3 }) }),
  );
  fc.assert(
    fc.property(condition, value, value, (raw, a, b) => {
      const parsed = Condition.parse(raw);
      const values: Record<string, string> = { a, b };
      const javascript: Notation = {
        valueOf: ({ field }) => JSON.stringify(values[field ?? ""] ?? ""),
        text: (text) => JSON.stringify(text),
        isEmpty: (v) => `${v} === ""`,
        equals: (v, text) => `${v} === ${text}`,
        starts: (v, text) => `${v}.startsWith(${text})`,
        contains: (v, text) => `${v}.includes(${text})`,
        above: (v, number) => `Number(${v}) > ${number}`,
        not: (expression) => `!(${expression})`,
        all: (all) => `(${all.join(" && ")})`,
        any: (some) => `(${some.join(" || ")})`,
        yes: "true",
      };
      const mayApply: unknown = new Function(`return ${asExpression(parsed, javascript)}`)();
      expect(mayApply).toBe(decide(parsed, lookup(values)) !== "not");
    }),
  );
});
