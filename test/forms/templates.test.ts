/** The templates that are shipped, and what is said of broken ones. */
import { describe, expect, test } from "vitest";
import { loadFormTemplate, parseFormTemplate } from "../../src/forms/load-template.ts";
import { SOURCE_CLASSES } from "../../src/reference/classes.ts";
import { assetText } from "../../src/text/assets.ts";
import { ChouqianError } from "../../src/text/errors.ts";

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
