import { expect, test } from "vitest";
import { CHECK_RESULTS, CHECK_WAYS, IDENTITY_SHEET, readMarks } from "../../src/forms/record-marks.ts";
import { recordWorkbook } from "../../src/forms/record-workbook.ts";
import type { FormRound, FormSource } from "../../src/forms/source.ts";
import { FormTemplate } from "../../src/forms/template.ts";
import type { Layout } from "../../src/forms/workbook/task.ts";
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
    team: "",
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

const form = { name: "industrial", template, digest: "f".repeat(64), isOwn: false };
const made = (sources: readonly FormSource[], layout: Layout = "source") =>
  recordWorkbook({ round, title: "汕头市", sources, templateOf: () => form, replaced: [], layout });

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
  expect(["G13", "H13", "I13", "K13", "L13", "G5", "G9", "G20", "G23"].every(unlocked)).toBe(true);
  expect(["A13", "B13", "C13", "D13", "E13", "F13", "J13", "G4", "C18", "M13", "N13"].some(unlocked)).toBe(false);
});

test("reported numbers are numbers where they read back the same, text otherwise", async () => {
  const sheet = (await loaded(await made([printer]))).worksheets[1];
  expect([sheet?.getCell("F16").value, sheet?.getCell("E16").value]).toEqual([1200.5, "吨"]);
  expect([sheet?.getCell("F17").value, sheet?.getCell("F17").numFmt]).toEqual(["1,200", "@"]);
  expect(sheet?.getCell("F13").value).toBe("91440511MA513YLA1A");
});

test("the hidden sheet ties each sheet to its unit, and Excel does not offer to show it", async () => {
  const bytes = await made([printer, source("甲-2", "二厂")]);
  expect((await loaded(bytes)).getWorksheet(IDENTITY_SHEET)?.state).toBe("veryHidden");
  expect((await rowsOf(saved(bytes), IDENTITY_SHEET)).map(({ cells }) => cells)).toEqual([
    ["spec", "record-workbook/1"],
    ["roundId", "2019-09-gd"],
    ["manifestDigest", round.manifestDigest],
    ["draw", "draw-spec/1"],
    ["city", "汕头市"],
    ["title", "汕头市"],
    ["team"],
    ["form", "industrial", form.digest],
    ["sheet", "unit", "class", "role", "layout"],
    ["001 金平区=印刷 包装 厂", "91440511MA513YLA1A", "industrial", "primary", "source"],
    ["002 二厂", "甲-2", "industrial", "primary", "source"],
  ]);
});

test("the index leads to every sheet and shows progress before anything is calculated", async () => {
  const rows = await rowsOf(saved(await made([printer, source("2", "二厂")])), "目录");
  expect(rows[2]?.cells).toEqual(["合计", "", "", "", "", "", "", "8", "0", "0/2", "0", "0"]);
  expect(rows.slice(4).map(({ cells }) => [cells[1], cells[9]])).toEqual([
    ["汕头市金平区=印刷/包装'厂[一]", "未核查"],
    ["二厂", "未核查"],
  ]);
});

test("a row a source: the same marks, the source's own unit, and nothing to fill in where an indicator does not apply", async () => {
  const bytes = await made([printer, source("甲-2", "二厂", { output: "3", outputUnit: "台" })], "rows");
  const marked = readMarks(await rowsOf(saved(bytes), "1 工业源"));
  expect(marked?.conflicts).toEqual([]);
  expect([...new Set(marked?.items.map(({ unit }) => unit))]).toEqual(["91440511MA513YLA1A", "甲-2"]);
  const output = marked?.items.filter(({ item }) => item === "G101-2.01").map(({ values }) => values.reported);
  expect(output).toEqual(["1200.5", "3"]);
  const sheet = (await loaded(bytes)).getWorksheet("1 工业源");
  const formats = [8, 9].map((row) => sheet?.getRow(row).getCell(12 + 8 + 1).numFmt);
  expect(formats).toEqual(['General" 吨"', 'General" 台"']);
  expect(await made([printer], "rows")).toEqual(await made([printer], "rows"));
});

test("the head row of the index is as high as its headings need", async () => {
  const index = (await loaded(await made([printer]))).getWorksheet("目录");
  expect(index?.getRow(4).height).toBeGreaterThan(30);
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
  const expected = ["G14", "G16:G17", "G20:G22", "G5", "G6", "H12:H17", "I12:I17", "K12:K17"];
  expect(ranges.sort()).toEqual(expected);
  for (const choices of [CHECK_WAYS, CHECK_RESULTS]) expect(xml).toContain(choices.join(","));
  expect(await partOf(bytes, "xl/workbook.xml")).toContain("!$10:$11</definedName>");
});

test("the same sources give the same bytes", async () => {
  expect(await made([printer])).toEqual(await made([printer]));
});

test("in rows each indicator stands under its group's heading, wherever a page begins", async () => {
  const sheet = (await loaded(await made([printer], "rows"))).getWorksheet("1 工业源");
  const headings = [0, 1, 2, 3].map((index) => sheet?.getRow(5).getCell(13 + 4 * index).value);
  expect(headings).toEqual(["一、基本信息", "一、基本信息", "二、产品", "二、产品"]);
});

test.each(["source", "rows"] as const)(
  "layout %s: a value that the ledger has not is copied into an open cell",
  async (layout) => {
    const bytes = await made([printer, source("甲-2", "二厂", { id: "甲-2", status: "停产" })], layout);
    const xml = await partOf(bytes, `xl/worksheets/sheet${layout === "rows" ? 2 : 3}.xml`);
    const offered = [...xml.matchAll(/sqref="([^"]+)"[^>]*><formula1>([^<]*)</g)].map(([, range, rule]) => [
      range,
      rule,
    ]);
    const [output, electricity] = layout === "rows" ? ["U9", "Y9"] : ["F16", "F17"];
    expect(offered).toContainEqual([output, `OR(${output}=&quot;空&quot;,ISNUMBER(${output}))`]);
    const sheet = (await loaded(bytes)).worksheets[layout === "rows" ? 1 : 2];
    for (const address of [output, electricity]) expect(sheet?.getCell(address ?? "").protection?.locked).toBe(false);
  },
);

test("no text in a formula is longer than Excel takes, and choices with commas drop down", async () => {
  const long = "很".repeat(300);
  const conditional = structuredClone(template);
  const [first, second] = conditional.record.groups[0]?.indicators ?? [];
  Object.assign(first ?? {}, { when: { indicator: "G101-1.02", isNot: long } });
  Object.assign(second ?? {}, { options: ["运行,正常", "停产"] });
  const bytes = await recordWorkbook({
    round,
    title: "汕头市",
    sources: [source("1", "甲", { id: "1" })],
    templateOf: () => ({ ...form, template: conditional }),
    replaced: [],
    layout: "source",
  });
  const xml = await partOf(bytes, "xl/worksheets/sheet2.xml");
  const texts = [...xml.matchAll(/<f>([^<]*)<\/f>/g)].flatMap(
    ([, formula = ""]) => formula.match(/&quot;(?:(?!&quot;).)*&quot;/g) ?? [],
  );
  expect(texts.join("")).toContain("很".repeat(100));
  for (const text of texts) expect(text.length).toBeLessThan(255 + 12);
  expect(xml).toMatch(/sqref="G14"[^>]*><formula1>&apos;_lists&apos;!\$B\$1:\$B\$2</);
});

test.each(["source", "rows"] as const)(
  "layout %s: formulas stay within Excel's limit, and what they compare is written once a column",
  async (layout) => {
    const bytes = await made([printer, source("甲-2", "二厂"), source("丙-3", "三厂")], layout);
    const xml = await partOf(bytes, `xl/worksheets/sheet${layout === "rows" ? 2 : 3}.xml`);
    const formulas = [...xml.matchAll(/<f[^>]*>([^<]*)<\/f>/g)].map(([, formula = ""]) => formula);
    expect(Math.max(...formulas.map(({ length }) => length))).toBeLessThan(8192);
    const texts = formulas.filter((formula) => formula.startsWith("LOWER("));
    expect(texts.length).toBe(layout === "rows" ? 8 : 2);
    const sheet = (await loaded(bytes)).worksheets[layout === "rows" ? 1 : 2];
    const first = sheet?.getCell(layout === "rows" ? "AE8" : "O13");
    expect([first?.formula?.slice(0, 10), sheet?.getColumn(first?.col ?? 0).hidden]).toEqual(["LOWER(ASC(", true]);
  },
);
