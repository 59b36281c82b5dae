/** The templates that are shipped, and what is said of broken ones. */
import { describe, expect, test } from "vitest";
import { loadFormTemplate, parseFormTemplate } from "../../src/forms/load-template.ts";
import { SOURCE_CLASSES, type SourceClass } from "../../src/reference/classes.ts";
import { loadLedgerFields } from "../../src/reference/ledger-fields.ts";
import { assetText } from "../../src/text/assets.ts";
import { ChouqianError } from "../../src/text/errors.ts";

/** Least and most of each, for a form that two inspectors get through. */
const OTHERS = { items: [10, 14], indicators: [18, 26] } as const;
const EXTENT = {
  industrial: { items: [14, 20], indicators: [32, 39] },
  agricultural: OTHERS,
  domestic: OTHERS,
  centralized: OTHERS,
  mobile: OTHERS,
} as const;
/** First letter of a class's census forms. */
const LETTER: Readonly<Record<SourceClass, string>> = {
  industrial: "G",
  agricultural: "N",
  domestic: "S",
  centralized: "J",
  mobile: "Y",
};

describe.each(SOURCE_CLASSES)("%s", (sourceClass) => {
  const template = loadFormTemplate(sourceClass);
  const indicators = template.record.groups.flatMap((group) => group.indicators);
  const items = template.checklist.sections.flatMap((section) => section.items);

  test("belongs to its class, with enough to check and enough key indicators", () => {
    expect(template.class).toBe(sourceClass);
    expect(items.length).toBeGreaterThanOrEqual(10);
    expect(indicators.length).toBeGreaterThanOrEqual(20);
    expect(indicators.filter(({ key }) => key).length).toBeGreaterThanOrEqual(8);
    expect(template.record.evidence.length).toBeGreaterThanOrEqual(8);
  });

  test("id, name and status come from the ledger", () => {
    const fields = indicators.map(({ field }) => field);
    expect(fields).toEqual(expect.arrayContaining(["id", "name", "status"]));
  });

  test("texts are short enough for their cells", () => {
    for (const { check, compare, evidence, pitfall } of items) {
      expect(check.length).toBeLessThanOrEqual(40);
      expect(compare.length).toBeLessThanOrEqual(40);
      expect(evidence.length).toBeLessThanOrEqual(30);
      expect(pitfall.length).toBeLessThanOrEqual(36);
    }
  });

  test("as much to check as a day on the spot allows", () => {
    const {
      items: [leastItems, mostItems],
      indicators: [leastIndicators, mostIndicators],
    } = EXTENT[sourceClass];
    expect(items.length).toBeGreaterThanOrEqual(leastItems);
    expect(items.length).toBeLessThanOrEqual(mostItems);
    expect(indicators.length).toBeGreaterThanOrEqual(leastIndicators);
    expect(indicators.length).toBeLessThanOrEqual(mostIndicators);
  });

  test("codes are unique, count up within their form and belong to the class", () => {
    const codes = indicators.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    const counts = new Map<string, number>();
    for (const code of codes) {
      const [form = "", number] = code.split(".");
      const count = (counts.get(form) ?? 0) + 1;
      counts.set(form, count);
      expect(form).toMatch(new RegExp(`^${LETTER[sourceClass]}`));
      expect(Number(number)).toBe(count);
    }
  });

  test("each ledger field is filled in once, numbers from numbers, and only numbers have units", () => {
    const kinds = new Map(loadLedgerFields().map(({ key, kind }) => [key, kind]));
    const fields = indicators.flatMap(({ field }) => field ?? []);
    expect(new Set(fields).size).toBe(fields.length);
    for (const { code, type, field, unit, unitField } of indicators) {
      if (field !== undefined) expect([code, kinds.get(field) === "number"]).toEqual([code, type === "number"]);
      if (unitField !== undefined) expect([code, kinds.get(unitField)]).toEqual([code, "text"]);
      expect([code, unit !== undefined || unitField !== undefined]).toEqual([code, type === "number"]);
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

  test("stopped, closed and other units are asked for evidence, and the year is said", () => {
    expect(items.some(({ check, evidence }) => /其他.*有据/.test(check) && /核实记录/.test(evidence))).toBe(true);
    expect(template.checklist.note).toContain("普查时点为2017年12月31日，数据年度为2017年");
  });

  test("the choice of key indicators is called a suggestion, in the file and on the form", () => {
    const [comment = ""] = assetText("templates", "forms", `${sourceClass}.yaml`).split("\nclass:");
    for (const text of [comment, template.record.note]) expect(text).toMatch(/建议口径，待确认/);
    for (const word of ["key ", "field ", "unitField", "code "]) expect(comment).toContain(word);
  });

  test("there is no telephone number in it", () => {
    expect(assetText("templates", "forms", `${sourceClass}.yaml`)).not.toMatch(/\d{7,}|\d{3,4}-\d{4,}/);
  });
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
    ["a misspelt key", "  evidence: [营业", "  evidnce: [营业", "  evidence: [营业", "evidnce"],
  ])("%s", (_, from, to, at, key) => {
    try {
      parseFormTemplate(good.replace(from, to), "mobile.yaml");
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof ChouqianError)) throw error;
      expect(error.code).toBe("E-TEMPLATE-INVALID");
      expect(
        error.problems.some((problem) => problem.at.row === lineOf(at) && (problem.at.column ?? "").endsWith(key)),
      ).toBe(true);
    }
  });
});
