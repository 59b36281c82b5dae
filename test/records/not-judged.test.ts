/** What a form says of nothing, or against itself, counts for nothing and is told with its cell. */
import { expect, test } from "vitest";
import { tailor } from "../../src/forms/tailor.ts";
import { FormTemplate } from "../../src/forms/template.ts";
import { checkSource } from "../../src/records/check.ts";
import type { FilledItem, FilledSource } from "../../src/records/filled.ts";

const NAMES = { company: "单位名称", output: "产量", note: "工艺", longitude: "经度", water: "取水量", fuel: "燃料" };
type Field = keyof typeof NAMES;
const fields = Object.keys(NAMES) as Field[];
const TYPES: Partial<Record<Field, object>> = {
  output: { type: "number", tolerance: "±10%" },
  longitude: { type: "coordinate", min: 73, max: 136 },
  water: { type: "number" },
  fuel: { type: "text", when: { field: "output", above: 0 } },
};
const codeOf = (field: Field) => `G101.0${fields.indexOf(field) + 1}`;
const template = FormTemplate.parse({
  class: "industrial",
  checklist: {
    title: "清单",
    note: "注",
    sections: [{ heading: "一", items: [{ check: "a", compare: "b", evidence: "c", pitfall: "d" }] }],
  },
  record: {
    title: "记录表",
    note: "注",
    groups: [
      {
        heading: "一",
        indicators: fields.map((field) => ({
          code: codeOf(field),
          name: NAMES[field],
          form: "G101",
          key: field !== "note",
          type: "text",
          field,
          ...TYPES[field],
        })),
      },
    ],
    evidence: ["执照"],
  },
});

/** A form with what was written of each indicator; the ledger knows the name and the output alone. */
function checked(written: Partial<Record<Field, FilledItem["values"]>>, outcome = "已核查", status = "运行") {
  const values = new Map([
    ["company", "甲厂"],
    ["output", "100"],
    ["status", status],
  ]);
  const source: FilledSource = {
    unit: "U1",
    at: { file: "a.xlsx", sheet: "甲厂", row: 1 },
    claim: {},
    head: {
      outcome: { text: outcome, at: { file: "a.xlsx", cell: "G5" } },
      date: { text: "2019-10-09", at: {} },
      inspectors: { text: "甲、乙", at: {} },
    },
    headCells: {},
    items: fields.map((field) => ({ code: codeOf(field), at: {}, values: written[field] ?? {}, cells: {} })),
    faults: [],
  };
  const form = tailor(template, values);
  const expected = { id: "U1", name: "甲厂", template, form, values, team: "", teamKeys: new Set<string>() };
  const about = { roundId: "R1", manifestDigest: "a".repeat(64), file: "a.xlsx", sha256: "b".repeat(64) };
  const { record, problems } = checkSource(source, expected, { ...about, today: "2020-01-15", drawnOn: "2019-10-08" });
  const results = Object.fromEntries(
    (record?.indicators ?? []).map(({ code, result }) => [fields.find((field) => codeOf(field) === code), result]),
  );
  return { record, results, told: problems.map(({ code, at, message }) => [code, at.cell, message.zh]) };
}

const cellOf = (text: string, cell?: string) => ({ text, at: { file: "a.xlsx", cell } });
const RIGHT = { ruling: cellOf("无误", "I1") };

test("无误 without any value reported is unchecked and told with its cell, be a value found written or not", () => {
  const { results, told } = checked({
    company: RIGHT,
    output: RIGHT,
    note: { ruling: cellOf("√", "I14") },
    longitude: { ruling: cellOf("无误", "I15"), reported: cellOf("　"), found: cellOf("113.2", "G15") },
    water: { found: cellOf("5", "G16") },
    fuel: { ruling: cellOf("对", "I17") },
  });
  expect(results).toEqual({
    company: "right",
    output: "right",
    note: "unchecked",
    longitude: "unchecked",
    water: "unchecked",
    fuel: "unchecked",
  });
  expect(told).toEqual([
    [
      "W-RECORDS-UNCOPIED",
      "I14",
      "U1 甲厂 有 4 个指标（关键指标 3 个）填了核查值或判为无误，而没有填报值，无从比较：工艺（I14）、经度（I15）、取水量（G16）等",
    ],
  ]);
});

test("a value copied, or another ruling, is enough: on paper nothing is written beside 无误", () => {
  const { results, told } = checked({
    company: RIGHT,
    output: RIGHT,
    note: { ...RIGHT, reported: cellOf("喷涂") },
    longitude: { ...RIGHT, reported: cellOf("113.2") },
    water: { ruling: cellOf("差错") },
    fuel: { ...RIGHT, reported: cellOf("天然气") },
  });
  expect(results).toEqual({
    company: "right",
    output: "right",
    note: "right",
    longitude: "right",
    water: "wrong",
    fuel: "right",
  });
  expect(told).toEqual([]);
});

test("无误 of nothing does not bring back what does not apply", () => {
  const { results } = checked({ company: RIGHT, output: { found: cellOf("0") }, fuel: RIGHT });
  expect(results).toMatchObject({ output: "wrong", fuel: "notApplicable" });
});

test("无误 or 差错 of what does not apply is told with its cell: it counts", () => {
  const company = RIGHT;
  const ruled = (ruling: string, found = "0") =>
    checked({
      ...{ company, output: { found: cellOf(found) }, longitude: { reported: cellOf("113.2"), ...RIGHT } },
      ...{
        water: { reported: cellOf("5"), ...RIGHT },
        fuel: { reported: cellOf("煤"), ruling: cellOf(ruling, "I17") },
      },
    });
  for (const [ruling, result] of [
    ["无误", "right"],
    ["差错", "wrong"],
  ] as const) {
    const { results, told } = ruled(ruling);
    expect(results.fuel).toBe(result);
    expect(told.filter(([code]) => code === "W-RECORDS-CONTRADICTION")).toEqual([
      ["W-RECORDS-CONTRADICTION", "I17", `“燃料”判为${ruling}，而它的适用条件不成立，应为不适用`],
    ]);
    expect(ruled(ruling, "8").told.filter(([code]) => code === "W-RECORDS-CONTRADICTION")).toEqual([]);
  }
  expect(ruled("不适用").told.filter(([code]) => code === "W-RECORDS-CONTRADICTION")).toEqual([]);
});

test("无误 of what the census form should have had and has not is told: it counts", () => {
  const { results, told } = checked({
    company: RIGHT,
    output: RIGHT,
    longitude: { reported: cellOf("113.2"), ...RIGHT },
    water: { reported: cellOf("空"), ruling: cellOf("无误", "I16") },
    fuel: { reported: cellOf("煤"), ...RIGHT },
  });
  expect(results.water).toBe("right");
  expect(told).toEqual([["W-RECORDS-CONTRADICTION", "I16", "“取水量”判为无误，而填报值写了“空”，应为差错"]]);
});

test("a value that is refused is no indicator left unchecked besides", () => {
  const { told } = checked({
    company: RIGHT,
    output: RIGHT,
    longitude: { reported: cellOf("113.2"), found: cellOf("1116.5", "G15") },
    water: { reported: cellOf("5"), ruling: cellOf("差不多", "I16") },
  });
  expect(told).toEqual([
    ["E-RECORDS-RANGE", "G15", "“经度”不能大于 136"],
    ["E-RECORDS-RESULT", "I16", "“取水量”的结果无法辨认"],
    ["W-RECORDS-UNCHECKED", undefined, "U1 甲厂 有 1 个关键指标未核查：燃料"],
  ]);
});

test.each(["未找到", "拒绝核查"])("%s with answers is told at the outcome, which counts", (outcome) => {
  const { record, told } = checked({ company: RIGHT, output: RIGHT, water: RIGHT }, outcome);
  expect(record?.outcome).toBe(outcome === "未找到" ? "notFound" : "refused");
  expect(told).toEqual([["W-RECORDS-ANSWERED", "G5", `U1 甲厂 的核查去向是${outcome}，却填了 3 个指标的结果`]]);
  expect(checked({ water: { ruling: cellOf("不适用") } }, outcome).told.map(([code]) => code)).not.toContain(
    "W-RECORDS-ANSWERED",
  );
  expect(checked({}, outcome).told).toEqual([]);
});

test("已关停 is doubtful where nothing was checked and the ledger says that the source runs, and nowhere else", () => {
  const { record, told } = checked({ note: RIGHT }, "已关停");
  expect(record?.closedAgainstLedger).toBe(true);
  expect(told).toContainEqual(["W-RECORDS-CLOSED", "G5", "U1 甲厂 的核查去向是已关停，名录为运行，一个指标也没有核查"]);
  expect(checked({}, "已关停", "正常生产").record?.closedAgainstLedger).toBe(undefined);
  expect(checked({}, "已关停", "在产").record?.closedAgainstLedger).toBe(true);
  expect(checked({}, "已关停", "停产").told).toEqual([]);
  expect(checked({ output: { found: cellOf("0") } }, "已关停").record?.closedAgainstLedger).toBe(undefined);
  expect(checked({}, "拒绝核查").record?.closedAgainstLedger).toBe(undefined);
});
