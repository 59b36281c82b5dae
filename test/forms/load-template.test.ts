/** A template that an office has spoilt is refused whole: every fault with its line, its key and what to do. */
import { describe, expect, test } from "vitest";
import { parseFormTemplate, parsePaper } from "../../src/forms/load-template.ts";
import { ChouqianError } from "../../src/text/errors.ts";

/** Line 1 is `class`; the indicators stand in lines 15, 16 and 19. */
const GOOD = `class: mobile
checklist:
  title: 清单
  note: 先看总貌
  sections:
    - heading: 一、基本信息
      items:
        - { check: 名称一致, compare: 普查表 ↔ 执照, evidence: 执照, pitfall: 用简称 }
record:
  title: 记录表
  note: 逐项核查
  groups:
    - heading: 基本情况
      indicators:
        - { code: Y101.01, name: 名称, form: Y101, key: true, type: text, field: name }
        - { code: Y101.02, name: 油品量, form: Y101, key: true, type: number, unitField: fuelUnit, field: turnover }
    - heading: 设施
      indicators:
        - { code: Y101.03, name: 阶段, form: Y101, key: false, type: choice, options: [一, 二] }
  evidence: [执照]
`;

/** The faults of a text as `line key`, and the problems themselves. */
function faults(text: string) {
  try {
    parseFormTemplate(text, "例.yaml");
  } catch (error) {
    if (!(error instanceof ChouqianError)) throw error;
    expect(error.code).toBe("E-TEMPLATE-INVALID");
    expect(error.exitCode).toBe(2);
    return { places: error.problems.map(({ at }) => `${at.row} ${at.key ?? ""}`), problems: error.problems };
  }
  return { places: [], problems: [] };
}

const FIRST = "record.groups[0].indicators[0]";
const SECOND = "record.groups[0].indicators[1]";
const THIRD = "record.groups[1].indicators[0]";

test("a good template is taken", () => {
  expect(faults(GOOD).places).toEqual([]);
  expect(parseFormTemplate(GOOD, "例.yaml").record.groups[1]?.indicators[0]?.options).toEqual(["一", "二"]);
});

describe("every fault is named with line and key", () => {
  test.each<[string, string, string, string[]]>([
    ["an unknown class", "class: mobile", "class: 移动", ["1 class"]],
    ["no class", "class: mobile\n", "", ["1 class"]],
    ["an empty title", "title: 清单", 'title: ""', ["3 checklist.title"]],
    ["an item without a pitfall", ", pitfall: 用简称", "", ["8 checklist.sections[0].items[0].pitfall"]],
    ["a section without items", /items:\n.*\n/.exec(GOOD)?.[0] ?? "", "items: []\n", ["7 checklist.sections[0].items"]],
    ["a code in another form", "Y101.02", "Y101-2", [`16 ${SECOND}.code`]],
    ["a code that stands twice in a group", "Y101.02", "Y101.01", [`16 ${SECOND}.code`]],
    ["a code that stands twice in the form", "Y101.03", "Y101.01", [`19 ${THIRD}.code`]],
    ["a field that no ledger has", "field: turnover", "field: sales", [`16 ${SECOND}.field`]],
    ["a unit field that no ledger has", "unitField: fuelUnit", "unitField: unit", [`16 ${SECOND}.unitField`]],
    ["an unknown type", "type: text", "type: string", [`15 ${FIRST}.type`]],
    ["a key that is yes in place of true", "key: false", "key: yes", [`19 ${THIRD}.key`]],
    ["a misspelt key", "unitField:", "unitfield:", [`16 ${SECOND}.unitfield`]],
    ["a choice without options", ", options: [一, 二]", "", [`19 ${THIRD}`]],
    ["a choice of one", "[一, 二]", "[一]", [`19 ${THIRD}.options`]],
    ["options of a text", "type: text", "type: text, options: [甲, 乙]", [`15 ${FIRST}`]],
    ["a half-width comma in a text", "先看总貌", "[先看, 总貌]", ["4 checklist.note"]],
    ["an option that stands twice", "[一, 二]", "[一, 二, ' 一']", [`19 ${THIRD}.options[2]`]],
    ["a key that stands twice", "  title: 记录表\n", "  title: 记录表\n  title: 表\n", ["11 "]],
    ["a bracket left open", "evidence: [执照]", "evidence: [执照", ["20 "]],
    ["an alias", "field: name", "field: *name", ["15 "]],
  ])("%s", (_, from, to, places) => {
    expect(GOOD).toContain(from);
    const found = faults(GOOD.replace(from, to));
    expect(found.places).toEqual(places);
    for (const { code, message, advice, at } of found.problems) {
      expect(code).toBe("E-TEMPLATE-INVALID");
      expect(at.file).toBe("例.yaml");
      expect(message.zh).toMatch(/[\u4e00-\u9fff]/);
      expect(message.en).not.toBe("");
      expect(advice.zh).not.toBe("");
      expect(advice.en).not.toBe("");
    }
  });
});

test("a code that stands twice names both lines, in both languages", () => {
  const [problem] = faults(GOOD.replace("Y101.03", "Y101.01")).problems;
  expect(problem?.message).toEqual({
    zh: "指标代码 Y101.01 重复（另见第 15 行）",
    en: "indicator code Y101.01 stands twice (see line 15)",
  });
});

test("a code that stands three times is two faults, each against the first", () => {
  const { places, problems } = faults(GOOD.replace("Y101.02", "Y101.01").replace("Y101.03", "Y101.01"));
  expect(places).toEqual([`16 ${SECOND}.code`, `19 ${THIRD}.code`]);
  for (const { message } of problems) expect(message.zh).toContain("第 15 行");
});

test("faults of different kinds are named together, in the order of the lines", () => {
  const bad = GOOD.replace("class: mobile", "class: 移动")
    .replace("type: text", "type: string")
    .replace("Y101.02", "Y101.01")
    .replace("field: turnover", "field: sales")
    .replace("  evidence: [执照]\n", "");
  expect(faults(bad).places).toEqual([
    "1 class",
    "9 record.evidence",
    `15 ${FIRST}.type`,
    `16 ${SECOND}.code`,
    `16 ${SECOND}.field`,
  ]);
});

test.each([
  ["itself", [["key: false", 'key: false, when: { indicator: Y101.03, is: "一" }']], [`19 ${THIRD}.when.indicator`]],
  [
    "a group's condition on its own indicator",
    [
      [
        "    - heading: 设施\n",
        '    - heading: 设施\n      when: { any: [{ indicator: Y101.03, is: "一" }, { field: id, is: "1" }] }\n',
      ],
    ],
    [`18 record.groups[1].when.any[0].indicator`],
  ],
  [
    "two on each other",
    [
      ["key: false", "key: false, when: { indicator: Y101.02, above: 1 }"],
      ["field: turnover", "field: turnover, when: { indicator: Y101.03, is: 一 }"],
    ],
    [`19 ${THIRD}.when.indicator`],
  ],
] as const)("conditions that lead back to themselves are refused: %s", (_, changes, places) => {
  const text = changes.reduce((all, [from, to]) => all.replace(from, to), GOOD);
  const found = faults(text);
  expect(found.places).toEqual(places);
  expect(found.problems[0]?.message.zh).toMatch(/^适用条件互为前提：Y101/);
});

test("what is wrong in its syntax does not hide what else is wrong", () => {
  const bad = GOOD.replace("  title: 记录表\n", "  title: 记录表\n  title: 表\n")
    .replace("field: turnover", "field: sales")
    .replace("class: mobile", "class: 移动");
  expect(faults(bad).places).toEqual(["1 class", "11 ", `17 ${SECOND}.field`]);
});

test.each(['check: " "', 'check: "\\u3000"', "check: ''"])("words that are blank are none: %s", (text) => {
  const found = faults(GOOD.replace("check: 名称一致", text));
  expect(found.places).toEqual(["8 checklist.sections[0].items[0].check"]);
  expect(found.problems[0]?.message.zh).toBe("不能空着");
});

test.each([
  ["portrait", [1, 50, 50], [0]],
  ["portrait", [2000, 0.01], [1]],
  ["portrait", Array.from({ length: 24 }, () => 1), Array.from({ length: 24 }, (_, i) => i)],
  ["landscape", Array.from({ length: 24 }, () => 1), []],
  ["portrait", [4, 50, 50], [0]],
  ["portrait", [5, 50, 50], []],
] as const)("a column of a %s paper too narrow for a character is refused: %j", (orientation, widths, narrow) => {
  const columns = widths.map((width) => `        - { heading: 列, width: ${width} }\n`).join("");
  const paper = `title: 表\norientation: ${orientation}\nparts:\n  - table:\n      columns:\n${columns}      rows: { blank: 3 }\n`;
  let problems: readonly { readonly at: { readonly key?: string | undefined } }[] = [];
  try {
    parsePaper(paper, "表.yaml");
  } catch (error) {
    if (!(error instanceof ChouqianError)) throw error;
    problems = error.problems;
  }
  expect(problems.map(({ at }) => at.key)).toEqual(narrow.map((i) => `parts[0].table.columns[${i}].width`));
});

test("faults of a paper's schema do not hide fields that no ledger has", () => {
  const paper = `title: 表
parts:
  - table:
      columns:
        - { heading: 名称, fill: nofield }
        - { heding: 备注 }
      rows: { from: sources }
`;
  try {
    parsePaper(paper, "表.yaml");
    expect.unreachable();
  } catch (error) {
    if (!(error instanceof ChouqianError)) throw error;
    expect(error.problems.map(({ at }) => at.key)).toEqual(
      expect.arrayContaining(["parts[0].table.columns[0].fill", "parts[0].table.columns[1].heding"]),
    );
  }
});

test("a file that is no template at all is refused in one line", () => {
  for (const text of ["", "# 只有注释\n", "3\n", "- a\n", "record\n"]) expect(faults(text).places).toEqual(["1 "]);
  for (const record of ["3", "{ groups: 3 }", "{ groups: [3] }", "{ groups: [{ indicators: [3] }] }"]) {
    expect(faults(`record: ${record}\n`).places.length).toBeGreaterThan(1);
  }
});
