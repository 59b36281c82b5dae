/** The templates that are shipped, and what is said of broken ones. */

import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { describe, expect, test } from "vitest";
import { inWords, testsOf } from "../../src/forms/condition.ts";
import { loadForm, loadForms, loadFormTemplate, loadPaper, parseFormTemplate } from "../../src/forms/load-template.ts";
import { LONGEST_TEXTS } from "../../src/forms/long-texts.ts";
import { previewTemplate } from "../../src/forms/print-template.ts";
import { conditionsOf, indicatorsOf, namesIn, tailor } from "../../src/forms/tailor.ts";
import { NUMERIC_TYPES } from "../../src/forms/template.ts";
import { templateStore } from "../../src/forms/template-store.ts";
import { SOURCE_CLASSES, type SourceClass } from "../../src/reference/classes.ts";
import { loadLedgerFields } from "../../src/reference/ledger-fields.ts";
import { assetText } from "../../src/text/assets.ts";
import { ChouqianError } from "../../src/text/errors.ts";
import { hasSharedData, sharedData, sharedDataNote } from "../support/shared-data.ts";

/** Least and most on the form of a running source of each kind: what two inspectors get through in a day. */
const EXTENT: readonly (readonly [
  SourceClass,
  kind: string,
  items: readonly [number, number],
  indicators: readonly [number, number],
])[] = [
  ["industrial", "工业企业", [20, 30], [55, 90]],
  ["agricultural", "规模畜禽养殖场", [12, 16], [22, 30]],
  ["agricultural", "水产养殖业", [4, 8], [4, 8]],
  ["domestic", "行政村", [8, 12], [10, 16]],
  ["domestic", "非工业企业单位锅炉", [7, 12], [10, 16]],
  ["domestic", "入河（海）排污口", [6, 12], [10, 16]],
  ["domestic", "城市", [4, 8], [5, 8]],
  ["centralized", "集中式污水处理厂", [10, 14], [18, 24]],
  ["centralized", "生活垃圾集中处置场（厂）", [10, 14], [16, 24]],
  ["centralized", "危险废物集中处置厂", [10, 14], [16, 24]],
  ["mobile", "加油站", [11, 16], [16, 22]],
  ["mobile", "储油库", [11, 16], [16, 22]],
  ["mobile", "油品运输企业", [6, 12], [12, 16]],
  ["mobile", "机动车", [5, 8], [5, 8]],
];
/** First letter of a class's census forms. */
const LETTER: Readonly<Record<SourceClass, string>> = {
  industrial: "G",
  agricultural: "N",
  domestic: "S",
  centralized: "J",
  mobile: "Y",
};

/** What the office has yet to confirm; `templates/parts/common.yaml` is the one place that says it. */
const UNCONFIRMED = "关键指标的选取，差错率、漏报率、重报率的算法和允许误差为建议口径，待确认。";

const store = templateStore();
const forms = store.list("forms").map((path) => loadForm(store, path));
/** Class and file of each form. */
const named = forms.map(({ name, template }) => [name, template.class, template] as const);

describe.each(named)("%s", (name, sourceClass, template) => {
  const isMain = template.kinds === undefined;
  const indicators = template.record.groups.flatMap((group) => group.indicators);
  const items = template.checklist.sections.flatMap((section) => section.items);

  test("belongs to its class, with enough to check and enough key indicators", () => {
    expect(name.startsWith(sourceClass)).toBe(true);
    expect(items.length).toBeGreaterThanOrEqual(9);
    expect(indicators.length).toBeGreaterThanOrEqual(14);
    expect(indicators.filter(({ key }) => key).length).toBeGreaterThanOrEqual(8);
    expect(template.record.evidence.length).toBeGreaterThanOrEqual(8);
  });

  test.runIf(isMain)("id, name and status come from the ledger", () => {
    const fields = indicators.map(({ field }) => field);
    expect(fields).toEqual(expect.arrayContaining(["id", "name", "status"]));
  });

  test("texts are short enough for their cells", () => {
    for (const item of items) {
      for (const key of ["check", "compare", "evidence", "pitfall"] as const) {
        expect(item[key].length).toBeLessThanOrEqual(LONGEST_TEXTS[key]);
        expect(assetText("templates", "forms", `${name}.yaml`)).toMatch(
          new RegExp(`${key} +[^，]+，${LONGEST_TEXTS[key]} 字以内`),
        );
      }
    }
  });

  test("codes are unique, count up within their form and belong to the class", () => {
    const codes = indicators.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    const counts = new Map<string, number>();
    for (const code of codes) {
      const [form = "", number] = code.split(".");
      const count = (counts.get(form) ?? 0) + 1;
      counts.set(form, count);
      expect(form).toMatch(new RegExp(`^(${LETTER[sourceClass]}|S103)`));
      expect(Number(number)).toBe(count);
    }
  });

  test("each ledger field is filled in once, numbers from numbers, and only numbers have units", () => {
    const kinds = new Map(loadLedgerFields().map(({ key, kind }) => [key, kind]));
    const fields = indicators.flatMap(({ field }) => field ?? []);
    expect(new Set(fields).size).toBe(fields.length);
    for (const { code, type, field, unit, unitField } of indicators) {
      if (field !== undefined)
        expect([code, kinds.get(field) === "number"]).toEqual([code, NUMERIC_TYPES.includes(type)]);
      if (unitField !== undefined) expect([code, kinds.get(unitField)]).toEqual([code, "text"]);
      expect([code, unit !== undefined || unitField !== undefined]).toEqual([code, NUMERIC_TYPES.includes(type)]);
    }
  });

  test("units are those of the ledger's fields", () => {
    const units = new Map(loadLedgerFields().map(({ key, unit }) => [key, unit]));
    for (const { code, field = "", unit } of indicators) {
      if (units.get(field) !== undefined) expect([code, unit]).toEqual([code, units.get(field)]);
    }
  });

  test("nothing is checked, asked or ticked twice", () => {
    for (const texts of [
      items.map(({ check }) => check),
      indicators.map(({ name }) => name),
      template.record.evidence.map(({ name }) => name),
      template.checklist.sections.map(({ heading }) => heading),
      template.record.groups.map(({ heading }) => heading),
    ]) {
      expect(new Set(texts).size).toBe(texts.length);
    }
  });

  test.runIf(isMain)("stopped, closed and other units are asked for evidence, and the year is said", () => {
    expect(items.some(({ check, evidence }) => /其他.*有据/.test(check) && /核实记录/.test(evidence))).toBe(true);
    expect(template.checklist.note).toContain("普查时点为2017年12月31日，数据年度为2017年");
  });

  test("what is not confirmed is called a suggestion, in the file and in one note below the record form", () => {
    const [comment = ""] = assetText("templates", "forms", `${name}.yaml`).split("\nclass:");
    expect(comment).toMatch(/建议口径，待确认/);
    const { notes = [], ...others } = template.record;
    expect(notes.filter((note) => note.includes("建议口径，待确认"))).toEqual([UNCONFIRMED]);
    expect(JSON.stringify([template.checklist, others])).not.toContain("待确认");
    for (const word of ["key ", "field ", "unitField", "code "]) expect(comment).toContain(word);
  });

  test("its conditions name what can be known, and each stopped, closed or other unit has a check of its own", () => {
    for (const { condition } of conditionsOf(template)) expect(testsOf(condition).length).toBeGreaterThan(0);
    if (!isMain) return;
    for (const status of ["停产", "关闭", "其他"]) {
      const shown = tailor(template, new Map([["status", status]]));
      const own = shown.checklist.sections.find(({ heading }) => heading.startsWith("状态核实"));
      expect(own?.items.length).toBe(3);
      expect(own?.items.every(({ condition }) => condition === undefined)).toBe(true);
    }
    const running = tailor(template, new Map([["status", "正常运行"]]));
    expect(running.checklist.sections.some(({ heading }) => heading.startsWith("状态核实"))).toBe(false);
  });

  test("its conditions read as words, without lists of codes", () => {
    const said = conditionsOf(template).map(({ condition }) => inWords(condition, namesIn(template)));
    for (const text of said) {
      expect(text.length).toBeLessThanOrEqual(40);
      expect(text).not.toMatch(/开头|”或“.*”或“/);
    }
  });

  test("its texts have Chinese punctuation, and units and terms in full", () => {
    const said = conditionsOf(template).flatMap(({ condition }) => condition.words ?? []);
    const { title, note, notes = [] } = template.record;
    const texts = [
      ...items.flatMap(({ check, compare, evidence, pitfall }) => [check, compare, evidence, pitfall]),
      ...indicators.flatMap(({ name, hint = "", unit = "" }) => [name, hint, unit]),
      ...template.record.evidence.map(({ name }) => name),
      ...[template.checklist.title, template.checklist.note, title, note, ...notes, ...said],
    ];
    for (const text of texts)
      expect(text).not.toMatch(/[,;:!?()'"~]|危废|固废|环统|四经普|COD|VOC|VOCs|年鉴(?<!统计年鉴)/);
    for (const text of said) expect(text).not.toMatch(/[（）]/);
  });

  test("there is no telephone number in it", () => {
    expect(assetText("templates", "forms", `${name}.yaml`)).not.toMatch(/\d{7,}|\d{3,4}-\d{4,}/);
  });
});

test.each(EXTENT)(
  "a running %s source of the kind %s is asked what a day allows",
  (sourceClass, kind, items, indicators) => {
    const { template } = loadForms(store)(sourceClass, kind);
    const known = { status: "运行", subclass: kind, industryCode: "2319" };
    const form = tailor(template, new Map(Object.entries(known)));
    const count = {
      items: form.checklist.sections.reduce((sum, section) => sum + section.items.length, 0),
      indicators: form.record.groups.reduce((sum, group) => sum + group.indicators.length, 0),
    };
    for (const [what, [least, most]] of Object.entries({ items, indicators })) {
      const found = count[what as keyof typeof count];
      expect([what, found, found >= least && found <= most]).toEqual([what, found, true]);
    }
  },
);

test("codes are unique within a class, whatever the file", () => {
  for (const sourceClass of SOURCE_CLASSES) {
    const codes = forms.filter((f) => f.template.class === sourceClass).flatMap((f) => indicatorsOf(f.template));
    expect(new Set(codes.map(({ code }) => code)).size).toBe(codes.length);
  }
});

/** Key indicators that the design names for each class, by words that an indicator's name holds. */
const KEY: Readonly<Record<SourceClass, readonly string[]>> = {
  industrial:
    "信用代码 单位详细名称 区划代码 经度 纬度 行业代码 运行状态 产品名称 产品产量 生产工艺 原辅材料名称 原辅材料用量 煤炭 天然气 用电量 其他能源 取水量 废水排放去向 受纳水体 废水治理设施数 废水处理工艺 废气排放口数 废气治理设施数 废气治理工艺 核算环节 系数组合 化学需氧量产生量 化学需氧量排放量 氨氮排放量 二氧化硫排放量 氮氧化物排放量 颗粒物排放量 挥发性有机物排放量 一般工业固体废物产生量 危险废物产生量".split(
      " ",
    ),
  agricultural:
    "信用代码 区划代码 运行状态 畜禽种类 存栏量 出栏量 清粪方式 粪便处理 尿液废水处理 粪便各去向 尿液废水各去向 粪便各去向比例合计 尿液废水各去向比例合计 农田".split(
      " ",
    ),
  domestic:
    "锅炉编号 额定出力 燃料种类 燃料消耗量 除尘 常住户数 常住人口 污水处理方式 垃圾处理方式 排污口编码 受纳水体".split(
      " ",
    ),
  centralized:
    "设计处理能力 实际处理量 运行天数 化学需氧量进口 化学需氧量出口 氨氮进口 氨氮出口 污泥产生量 污泥处置量 飞灰产生量 飞灰处置量 渗滤液产生量".split(
      " ",
    ),
  mobile: "储罐数 储罐总容积 销售（周转、运输）量 油气回收阶段 油气处理装置 汽油年运输量 油罐车数".split(" "),
};

test.each(SOURCE_CLASSES)("every key indicator suggested for %s sources has a code", (sourceClass) => {
  const key = indicatorsOf(loadFormTemplate(sourceClass)).filter((indicator) => indicator.key);
  const missing = KEY[sourceClass].filter((word) => !key.some(({ name }) => name.includes(word)));
  expect(missing).toEqual([]);
});

test("the same words stand for the same condition wherever they are printed", () => {
  const meaning = new Map<string, string>();
  for (const { condition } of forms.flatMap(({ template }) => conditionsOf(template))) {
    if (condition.words === undefined) continue;
    const said = JSON.stringify(condition);
    expect(meaning.get(condition.words) ?? said).toBe(said);
    meaning.set(condition.words, said);
  }
  expect(meaning.size).toBeGreaterThan(20);
});

test("papers with rates say what is not confirmed in the words of the record forms", () => {
  for (const path of ["papers/city-summary", "papers/omission-check"]) {
    expect(loadPaper(store, path).template.notes, path).toContain(UNCONFIRMED);
  }
});

/** Forms of the census that no template asks of: objects of their own, or samples of households. */
const NOT_ASKED = ["G107", "G108", "S106"];

test.skipIf(!hasSharedData)(`every form of the census is asked of, and no other is named${sharedDataNote}`, () => {
  const rows = parse(readFileSync(sharedData("census-forms.csv")), { columns: true, bom: true }) as { code: string }[];
  const census = new Set(rows.map(({ code }) => code));
  const indicators = forms.flatMap(({ template }) => indicatorsOf(template));
  const named = new Set(indicators.flatMap(({ form }) => form.match(/[GNSJY]\d{3}(-\d+)?/g) ?? []));
  for (const { form } of indicators) expect(form).toMatch(/^[GNSJY]\d{3}|^核查补充$|^核算结果$/);
  expect([...named].filter((form) => !census.has(form) && !isRange(form))).toEqual([]);
  const asked = new Set(indicators.map(({ code }) => code.split(".")[0]));
  expect([...census].filter((form) => !asked.has(form)).sort()).toEqual(NOT_ASKED);
});

/** `J101–J103` names the forms J101-1 to J103-2 together. */
function isRange(form: string): boolean {
  return ["J101", "J103"].includes(form);
}

test("papers are read, printed and say what they are", async () => {
  for (const path of store.list("papers")) {
    const { template } = loadPaper(store, path);
    const { pages, missing } = await previewTemplate({ kind: "paper", warnings: [], template });
    expect([path, pages > 0 && pages < 5, missing]).toEqual([path, true, []]);
    expect(template.number, path).toMatch(/^核查用表—/);
  }
});

describe("a broken template names line and key", () => {
  const good = assetText("templates", "forms", "mobile.yaml");
  const lineOf = (text: string) => good.slice(0, good.indexOf(text)).split("\n").length;
  test.each([
    ["a code that stands twice", "Y100.02", "Y100.01", "Y100.02", "code"],
    ["a field that no ledger has", "field: tanks", "field: taanks", "field: tanks", "field"],
    [
      "a type that does not exist",
      "key: true, type: code, field: id",
      "key: true, type: cod, field: id",
      "type: code, field: id",
      "type",
    ],
    [
      "options of something that is no choice",
      "type: yesno }",
      "type: yesno, options: [是, 否] }",
      "type: yesno }",
      "",
    ],
    ["a misspelt key", "  evidence:\n", "  evidnce:\n", "  evidence:\n", "evidnce"],
    [
      "a condition on nothing",
      "{ field: status, isNot: 运行 }\n      indicators",
      "{ field: status, isnt: 运行 }\n      indicators",
      "{ field: status, isNot: 运行 }\n      indicators",
      "when",
    ],
  ])("%s", (_, from, to, at, key) => {
    try {
      parseFormTemplate(good.replace(from, to), "mobile.yaml");
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof ChouqianError)) throw error;
      expect(error.code).toBe("E-TEMPLATE-INVALID");
      expect(
        error.problems.some((problem) => problem.at.row === lineOf(at) && (problem.at.key ?? "").endsWith(key)),
      ).toBe(true);
    }
  });
});
