import { expect, test } from "vitest";
import { CHECK_RESULTS, CHECK_WAYS, IDENTITY_SHEET } from "../../src/forms/record-marks.ts";
import { recordWorkbook } from "../../src/forms/record-workbook.ts";
import type { FormRound, FormSource } from "../../src/forms/source.ts";
import { FormTemplate } from "../../src/forms/template.ts";
import { listing, loaded, partOf, rowsOf, saved } from "../xlsx/workbooks.ts";

const round: FormRound = {
  roundId: "2019-09-gd",
  name: "2019年9月省级质量核查",
  holder: "省普查办",
  date: "2019年9月30日",
  seed: "f".repeat(64),
  manifestDigest: "0123456789abcdef".repeat(4),
};

function source(id: string, name: string, values: Record<string, string> = {}): FormSource {
  return {
    id,
    name,
    sourceClass: "industrial",
    cityCode: "440500",
    cityName: "汕头市",
    countyName: "金平区",
    stratum: "440500/industrial/22",
    N: 120,
    n: 5,
    rank: 1,
    role: "primary",
    values: new Map(Object.entries(values)),
  };
}

const template = FormTemplate.parse({
  class: "industrial",
  checklist: {
    title: "清单",
    note: "先看总貌",
    sections: [{ heading: "一", items: [{ check: "a", compare: "b", evidence: "c", pitfall: "d" }] }],
  },
  record: {
    title: "工业源核查记录表",
    note: "逐项核查。",
    groups: [
      {
        heading: "一、基本信息",
        indicators: [
          { code: "G101-1.01", name: "统一社会信用代码", form: "G101-1", key: true, type: "code", field: "id" },
          {
            code: "G101-1.02",
            name: "运行状态",
            form: "G101-1",
            key: true,
            type: "choice",
            options: ["运行", "停产"],
            field: "status",
          },
        ],
      },
      {
        heading: "二、产品",
        indicators: [
          {
            code: "G101-2.01",
            name: "产量",
            form: "G101-2",
            key: true,
            type: "number",
            field: "output",
            unitField: "outputUnit",
          },
          {
            code: "G101-2.02",
            name: "用电量",
            form: "G101-2",
            key: false,
            type: "number",
            unit: "万千瓦时",
            field: "electricity",
          },
        ],
      },
    ],
    evidence: ["营业执照", "水电费发票", "现场照片"],
  },
});

const printer = source("91440511MA513YLA1A", "汕头市金平区=印刷/包装'厂[一]", {
  id: "91440511MA513YLA1A",
  output: "1200.5",
  outputUnit: "吨",
  electricity: "1,200",
  status: "运行",
  address: "嵩山北路162号",
  contact: "张某",
  phone: "0754-88888888",
});

const made = (sources: readonly FormSource[]) => recordWorkbook(round, "汕头市", sources, () => template);

test("one source's sheet, cell by cell", async () => {
  const workbook = await loaded(await made([printer]));
  const sheet = workbook.worksheets[1];
  expect(sheet?.name).toBe("001 金平区=印刷 包装 厂");
  await expect(sheet && listing(sheet)).toMatchFileSnapshot("golden/record-sheet.txt");
});

test("only input cells are unlocked, and every sheet that shows is protected", async () => {
  const workbook = await loaded(await made([printer, source("2", "二厂")]));
  for (const sheet of workbook.worksheets.filter(({ state }) => state === "visible")) {
    expect((sheet as unknown as { sheetProtection: { sheet: boolean } }).sheetProtection.sheet).toBe(true);
  }
  const sheet = workbook.worksheets[1];
  const unlocked = (address: string) => sheet?.getCell(address).protection?.locked === false;
  expect(["G12", "H12", "I12", "J12", "C7", "G7"].every(unlocked)).toBe(true);
  expect(["A12", "B12", "C12", "D12", "E12", "F12", "C3", "G3", "A11", "C17", "I17"].some(unlocked)).toBe(false);
});

test("reported numbers are numbers where they read back the same, text otherwise", async () => {
  const sheet = (await loaded(await made([printer]))).worksheets[1];
  expect([sheet?.getCell("F15").value, sheet?.getCell("E15").value]).toEqual([1200.5, "吨"]);
  expect([sheet?.getCell("F16").value, sheet?.getCell("F16").numFmt]).toEqual(["1,200", "@"]);
  expect(sheet?.getCell("F12").value).toBe("91440511MA513YLA1A");
});

test("the hidden sheet ties each sheet to its unit, and Excel does not offer to show it", async () => {
  const bytes = await made([printer, source("甲-2", "二厂")]);
  expect((await loaded(bytes)).getWorksheet(IDENTITY_SHEET)?.state).toBe("veryHidden");
  expect((await rowsOf(saved(bytes), IDENTITY_SHEET)).map(({ cells }) => cells)).toEqual([
    ["roundId", "2019-09-gd"],
    ["manifestDigest", round.manifestDigest],
    ["spec", "draw-spec/1"],
    ["city", "汕头市"],
    ["sheet", "unit", "class", "role", "firstRow", "lastRow"],
    ["001 金平区=印刷 包装 厂", "91440511MA513YLA1A", "industrial", "primary", "11", "16"],
    ["002 二厂", "甲-2", "industrial", "primary", "11", "16"],
  ]);
});

test("the index leads to every sheet and shows progress before anything is calculated", async () => {
  const rows = await rowsOf(saved(await made([printer, source("2", "二厂")])), "目录");
  expect(rows[2]?.cells).toEqual(["合计", "", "", "", "", "", "0/2", "0", "0"]);
  expect(rows.slice(4).map(({ cells }) => [cells[1], cells[6]])).toEqual([
    ["汕头市金平区=印刷/包装'厂[一]", "未核查"],
    ["二厂", "未核查"],
  ]);
});

test("sheet names are unique whatever the units are called, also with no unit at all", async () => {
  const many = await loaded(await made([source("1", "abc"), source("2", "ABC"), source("3", "***"), source("4", "")]));
  const names = many.worksheets.map(({ name }) => name.toLowerCase());
  expect(new Set(names).size).toBe(names.length);
  expect((await loaded(await made([]))).worksheets.map(({ name }) => name)).toEqual(["目录", IDENTITY_SHEET]);
});

test("drop-downs lie on ranges that do not overlap, the head row repeats in print", async () => {
  const bytes = await made([printer]);
  const xml = await partOf(bytes, "xl/worksheets/sheet2.xml");
  const ranges = [...xml.matchAll(/<dataValidation [^>]*sqref="([^"]+)"/g)].map(([, range]) => range);
  expect(ranges.sort()).toEqual(["A19:A20", "F19", "G13", "H11:H16", "I11:I16"]);
  for (const choices of [CHECK_WAYS, CHECK_RESULTS]) expect(xml).toContain(choices.join(","));
  expect(await partOf(bytes, "xl/workbook.xml")).toContain("!$10:$10</definedName>");
});

test("the same sources give the same bytes", async () => {
  expect(await made([printer])).toEqual(await made([printer]));
});
