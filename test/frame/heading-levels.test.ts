/** Headings in two rows, units under headings, rows of column numbers, and what must not be taken for them. */
import { expect, test } from "vitest";
import { findHeader } from "../../src/frame/columns.ts";
import { loadLedgerFields } from "../../src/reference/ledger-fields.ts";

const fields = loadLedgerFields();
const header = (rows: readonly (readonly string[])[]) =>
  findHeader(
    rows.map((cells, index) => ({ row: index + 1, cells })),
    fields,
    new Map(),
  );
const CORE = ["统一社会信用代码", "单位名称", "污染源类别", "地市", "县区"];
const UNIT = ["91440511MA513YLA1A", "甲厂", "工业源", "汕头", "龙湖区", "12", "3"];

test("groups over the headings name the columns that mean nothing alone", () => {
  const found = header([
    ["某市名录"],
    ["填报单位：某局", "", "日期：2019-09-05"],
    ["单位信息", "", "", "所在地", "", "主要产品", ""],
    ["统一社会信用代码", "名称", "污染源类别", "地市", "县区", "名称", "产量"],
    UNIT,
  ]);
  expect(found?.row).toBe(4);
  expect(found?.headings.slice(5)).toEqual(["主要产品/名称", "主要产品/产量"]);
  expect(found?.fields.get("name")).toEqual([1]);
  expect(found?.fields.get("city")).toEqual([3]);
  expect(found?.fields.get("output")).toEqual([6]);
});

test("a column that is merged over both rows keeps its name, in whichever row the others stand", () => {
  const found = header([
    ["统一社会信用代码", "单位信息", "", "", "", "主要产品", ""],
    ["", "名称", "类别", "地市", "县区", "第一种", "产量"],
    UNIT,
  ]);
  expect(found?.row).toBe(2);
  for (const [at, key] of ["id", "name", "class", "city", "county"].entries()) {
    expect(found?.fields.get(key), key).toEqual([at]);
  }
});

const UNDER_THREE = [...UNIT.slice(0, 5), "布", "12"];

test("three levels over one another are joined", () => {
  const found = header([
    ["某市名录"],
    ["单位信息", "", "", "所在地", "", "生产", ""],
    ["基本情况", "", "", "行政", "", "主要产品", ""],
    ["统一社会信用代码", "名称", "污染源类别", "地市", "县区", "名称", "产量"],
    UNDER_THREE,
  ]);
  expect(found?.row).toBe(4);
  expect(found?.fields.get("name")).toEqual([1]);
  expect(found?.fields.get("city")).toEqual([3]);
  expect(found?.headings.slice(5)).toEqual(["生产/主要产品/名称", "生产/主要产品/产量"]);
});

test("two levels under merged cells are joined, and groups above go with units below", () => {
  const merged = header([
    [...CORE, "生产", ""],
    ["", "", "", "", "", "主要产品", ""],
    ["", "", "", "", "", "名称", "产量"],
    UNDER_THREE,
  ]);
  expect(merged?.row).toBe(3);
  expect(merged?.headings.slice(5)).toEqual(["生产/主要产品/名称", "生产/主要产品/产量"]);
  const both = header([
    ["单位", "", "", "所在地", "", "能源", ""],
    [...CORE, "用电量", "产量"],
    ["", "", "", "", "", "万千瓦时", "吨"],
    UNIT,
  ]);
  expect(both?.row).toBe(3);
  expect(both?.headings.slice(5)).toEqual(["能源/用电量（万千瓦时）", "能源/产量（吨）"]);
  expect(both?.fields.get("name")).toEqual([1]);
});

test("a row without a place under two lines of headings is no third one", () => {
  const lines = [
    [...CORE, "用电量", "主要产品", ""],
    ["", "", "", "", "", "", "第一种", "第二种"],
  ];
  const found = header([...lines, ["", "", "", "", "", "不详", "布", "纱"], [...UNIT, "5"]]);
  expect(found?.row).toBe(2);
});

test("a row of units and a row of column numbers belong to the headings, and fields keep their names", () => {
  const found = header([
    [...CORE, "用电量", "产量"],
    ["—", "—", "—", "—", "—", "万千瓦时", "吨"],
    ["甲", "乙", "丙", "丁", "1", "2", "3"],
    UNIT,
  ]);
  expect(found?.row).toBe(3);
  expect(found?.fields.get("electricity")).toEqual([5]);
  expect(found?.fields.get("output")).toEqual([6]);
});

test.each([
  ["a title of one cell", [["某市名录"]], []],
  ["notes over the headings", [["填报单位：某局", "", "2019年9月"]], []],
  ["a first unit of short ids", [], [["1", "2", "工业源", "汕头", "龙湖区", "3", "4"]]],
  ["a first unit without place", [], [["", "", "", "", "", "12", "3"]]],
])("%s is no part of the headings", (_, above, below) => {
  const found = header([...above, [...CORE, "用电量", "产量"], ...below, UNIT]);
  expect(found?.row).toBe(above.length + 1);
  expect(found?.headings.slice(5)).toEqual(["用电量", "产量"]);
});
