/** The schema that is published is the one in use, and templates come from the round before those shipped. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { templateJsonSchema } from "../../src/forms/json-schema.ts";
import { loadForm, loadForms, parseFormTemplate } from "../../src/forms/load-template.ts";
import { wholeForm } from "../../src/forms/tailor.ts";
import { Indicator } from "../../src/forms/template.ts";
import { templateStore } from "../../src/forms/template-store.ts";
import { assetText } from "../../src/text/assets.ts";
import { ChouqianError } from "../../src/text/errors.ts";
import { scratchFolder } from "../support/chouqian.ts";

test.each([
  ["forms", "form.schema.json"],
  ["papers", "paper.schema.json"],
] as const)("the schema of templates/%s is docs/%s", (folder, file) => {
  expect(templateJsonSchema(folder)).toBe(assetText("docs", file));
});

/** A folder of an office's own templates for one test. */
function own(files: Readonly<Record<string, string>>): { folder: string; remove: () => void } {
  const folder = scratchFolder("templates");
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function refusal(work: () => unknown): ChouqianError {
  try {
    work();
  } catch (error) {
    if (error instanceof ChouqianError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

const form = (name: string, more = "") => `class: mobile
${more}checklist:
  title: 清单
  note: 先看总貌
  sections:
    - heading: 一
      items:
        - { check: 甲, compare: 乙, evidence: 丙, pitfall: 丁 }
    - include: parts/office.yaml#more
record:
  title: ${name}
  note: 逐项核查
  groups:
    - heading: 基本情况
      indicators:
        - include: parts/office.yaml#codes
        - { code: Y100.03, name: 储罐数, form: Y102, key: true, type: integer, unit: 个 }
  evidence: { include: parts/office.yaml#evidence }
`;
const PARTS = `codes:
  - { code: Y100.01, name: 代码, form: Y102, key: true, type: code, field: id }
  - { code: Y100.02, name: 名称, form: Y102, key: true, type: text, field: name }
more:
  heading: 二
  items:
    - { check: 戊, compare: 己, evidence: 庚, pitfall: 辛 }
evidence: [执照, { name: 照片, photo: true }]
`;

describe("templates of the office", () => {
  test("go before those shipped, take in parts, and have a digest that follows every word", () => {
    const office = own({ "forms/mobile.yaml": form("本市记录表"), "parts/office.yaml": PARTS });
    const loaded = loadForm(templateStore(office.folder), "mobile");
    expect([loaded.template.record.title, loaded.isOwn]).toEqual(["本市记录表", true]);
    expect(loaded.template.record.groups[0]?.indicators.map(({ code }) => code)).toEqual([
      "Y100.01",
      "Y100.02",
      "Y100.03",
    ]);
    expect(loaded.template.checklist.sections.map(({ heading }) => heading)).toEqual(["一", "二"]);
    expect(loaded.template.record.evidence).toEqual([{ name: "执照" }, { name: "照片", photo: true }]);
    writeFileSync(join(office.folder, "parts/office.yaml"), PARTS.replace("代码,", "统一代码,"));
    expect(loadForm(templateStore(office.folder), "mobile").digest).not.toBe(loaded.digest);
    office.remove();
  });

  test("a form that names a kind goes before the form for the rest of the class", () => {
    const office = own({
      "forms/加油站.yaml": form("加油站记录表", "kinds: [加油站, 加油点]\n"),
      "parts/office.yaml": PARTS,
    });
    const choose = loadForms(templateStore(office.folder));
    expect(choose("mobile", "加油点").name).toBe("加油站");
    expect(choose("mobile", "储油库").name).toBe("mobile");
    expect(choose("mobile", "").name).toBe("mobile");
    office.remove();
  });

  test("two forms for the same sources are refused", () => {
    const office = own({ "forms/another.yaml": form("又一份"), "parts/office.yaml": PARTS });
    expect(refusal(() => loadForms(templateStore(office.folder))).code).toBe("E-TEMPLATE-AMBIGUOUS");
    office.remove();
  });

  test("a fault in a part is told with the part's own line, and all faults at once", () => {
    const office = own({
      "parts/office.yaml": PARTS.replace("Y100.02", "Y100.01").replace("type: code", "type: codes"),
    });
    const text = `${form("表")}  notes: { include: parts/office.yaml#none }\n`.replace("储罐数,", '"",');
    const { problems } = refusal(() => parseFormTemplate(text, "mobile.yaml", templateStore(office.folder)));
    expect(problems.map(({ at }) => [at.file, at.row, at.key])).toEqual([
      ["mobile.yaml", 17, "record.groups[0].indicators[1].name"],
      ["mobile.yaml", 19, "record.notes.include"],
      ["templates/parts/office.yaml", 2, "codes[0].type"],
      ["templates/parts/office.yaml", 3, "codes[1].code"],
    ]);
    office.remove();
  });

  test("a condition comes from a part, and its words are printed; words that no form can print are named", () => {
    const conditional = form("表").replace("unit: 个 }", "unit: 个, when: { include: parts/office.yaml#shops } }");
    const shops = "shops: { field: subclass, is: [加油站, 加油点], words: 零售站点 }\n";
    const office = own({ "parts/office.yaml": PARTS + shops });
    const store = templateStore(office.folder);
    const { groups } = wholeForm(parseFormTemplate(conditional, "mobile.yaml", store)).record;
    expect(groups[0]?.indicators[2]?.condition).toBe("零售站点");
    writeFileSync(join(office.folder, "parts/office.yaml"), PARTS + shops.replace("零售站点", `"${"长".repeat(41)}"`));
    const { problems } = refusal(() => parseFormTemplate(conditional, "mobile.yaml", store));
    expect(problems.map(({ at, message }) => [at.file, at.key, message.zh])).toEqual([
      ["templates/parts/office.yaml", "shops.words", "words 应为一行不超过 40 个字的文字，如 words: 钢铁行业"],
    ]);
    office.remove();
  });

  test.each([
    ["parts/none.yaml#a", /没有被引用的文件/],
    ["../../etc/passwd.yaml#a", /写法不对/],
    ["parts/office.yaml", /写法不对/],
    ["parts/office.yaml#toString", /没有“toString”/],
    ["parts/office.yaml#nested", /不能再引用/],
  ])("include: %s is refused", (include, message) => {
    const office = own({ "parts/office.yaml": `${PARTS}nested: [{ include: parts/office.yaml#codes }]\n` });
    const text = form("表").replace("parts/office.yaml#codes", include);
    const { problems } = refusal(() => parseFormTemplate(text, "mobile.yaml", templateStore(office.folder)));
    expect(problems.some((problem) => message.test(problem.message.zh))).toBe(true);
    office.remove();
  });
});

describe("a tolerance", () => {
  const indicator = (more: object) =>
    Indicator.safeParse({ code: "G102.01", name: "取水量", form: "G102", key: true, type: "number", ...more });
  test.each([
    [{}, { kind: "share", by: 0.1 }],
    [{ type: "integer" }, { kind: "exact" }],
    [{ type: "text" }, { kind: "exact" }],
    [{ tolerance: "精确" }, { kind: "exact" }],
    [{ tolerance: "±5%" }, { kind: "share", by: 0.05 }],
    [{ tolerance: "0.5" }, { kind: "amount", by: 0.5 }],
  ])("%j means %j", (more, tolerance) => {
    expect(indicator(more).data?.tolerance).toEqual(tolerance);
  });

  test.each([{ tolerance: "大概" }, { type: "text", tolerance: "5%" }, { type: "text", min: 0 }, { min: 2, max: 1 }])(
    "%j is refused",
    (more) => {
      expect(indicator(more).success).toBe(false);
    },
  );
});

test("templates are read from files that Windows editors write", () => {
  const office = own({
    "forms/mobile.yaml": `\uFEFF${form("表").replaceAll("\n", "\r\n")}`,
    "parts/office.yaml": PARTS.replaceAll("\n", "\r\n"),
  });
  expect(loadForm(templateStore(office.folder), "mobile").template.record.title).toBe("表");
  expect(readFileSync(join(office.folder, "forms/mobile.yaml"), "utf8")).toContain("\r\n");
  office.remove();
});
