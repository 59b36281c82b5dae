/** A round may have templates of its own; what is printed from them, and what the journal keeps of them. */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { loadForm, parseFormTemplate } from "../../src/forms/load-template.ts";
import { previewTemplate, printTemplate } from "../../src/forms/print-template.ts";
import { templateStore } from "../../src/forms/template-store.ts";
import { checkTemplate, copyTemplate, listTemplates, readTemplateFile } from "../../src/forms/templates.ts";
import { CLASS_NAMES, SOURCE_CLASSES } from "../../src/reference/classes.ts";
import { openRound, type Round } from "../../src/round/round.ts";
import { assetPath, assetText } from "../../src/text/assets.ts";
import { digest } from "../../src/text/canonical.ts";
import { ChouqianError } from "../../src/text/errors.ts";
import { readPdf } from "../pdf/read-pdf.ts";
import { chouqian, scratchFolder } from "../support/chouqian.ts";

let scratch = "";
let round: Round;
beforeAll(() => {
  scratch = scratchFolder("own-templates");
  cpSync(assetPath("samples", "round"), join(scratch, "R"), { recursive: true });
  round = openRound(join(scratch, "R"));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const textOf = async (bytes: Uint8Array) =>
  (await readPdf(bytes)).pages.map((items) => items.map(({ text }) => text).join("")).join("\n");

test("a template is copied once, then it is the round's own", () => {
  expect(copyTemplate(round, "mobile")).toBe("templates/forms/mobile.yaml");
  expect(copyTemplate(round, "parts/status.yaml")).toBe("templates/parts/status.yaml");
  expect(() => copyTemplate(round, "mobile")).toThrow(/E-TEMPLATE-EXISTS/);
  expect(() => copyTemplate(round, "none")).toThrow(/E-TEMPLATE-NONE/);
  const own = listTemplates(round.paths.templates).filter(({ isOwn }) => isOwn);
  expect(own.map(({ name }) => name)).toEqual(["mobile"]);
});

test("hidden files are no templates", () => {
  const hidden = join(round.paths.templates, "forms", "._mobile.yaml");
  writeFileSync(hidden, "\u0000");
  expect(listTemplates(round.paths.templates).map(({ name }) => name)).not.toContain("._mobile");
  rmSync(hidden);
});

test("a file is checked with the parts that lie beside it", () => {
  const file = join(round.paths.templates, "forms", "mobile.yaml");
  const { counts } = checkTemplate(file, undefined);
  const parts = join(round.paths.templates, "parts", "status.yaml");
  writeFileSync(parts, `${readFileSync(parts, "utf8")}      - { check: 甲, compare: 乙, evidence: 丙, pitfall: 丁 }\n`);
  const more = checkTemplate(file, undefined).counts;
  expect("items" in counts && "items" in more && more.items - counts.items).toBe(1);
});

test("a text far longer than its cell is warned of, where it stands", async () => {
  const file = join(scratch, "long.yaml");
  const text = assetText("templates", "forms", "mobile.yaml");
  const long = "很".repeat(41);
  writeFileSync(file, text.replace(/check: [^,]+,/, `check: ${long},`));
  const line = text.split("\n").findIndex((each) => each.includes("{ check: ")) + 1;
  const { warnings } = checkTemplate(file, undefined);
  expect(warnings.map(({ code, at }) => [code, at.file, at.row, at.key])).toEqual([
    ["W-TEMPLATE-LONG", "long.yaml", line, "checklist.sections[0].items[0].check"],
  ]);
  expect(warnings[0]?.message.zh).toContain("41 字");
  const { status, stderr } = await chouqian(["templates", "check", file]);
  expect([status, /第 \d+ 行.*41 字/.test(stderr)]).toEqual([0, true]);
  for (const { name, sourceClass } of listTemplates(undefined)) {
    const kind = sourceClass === undefined ? "papers" : "forms";
    expect(checkTemplate(assetPath("templates", kind, `${name}.yaml`), undefined).warnings).toEqual([]);
  }
});

describe("a file of parts", () => {
  const faults = (work: () => unknown) => {
    try {
      work();
    } catch (error) {
      if (!(error instanceof ChouqianError)) throw error;
      return { file: error.at.file, lines: error.problems.map(({ at, message }) => [at.file, at.row, message.zh]) };
    }
    return undefined;
  };
  const folder = scratchFolder("parts-of-templates");
  /** The shipped common parts, changed, as an office's own. */
  const changed = (from: string | RegExp, to: string) => {
    rmSync(folder, { recursive: true, force: true });
    const file = join(folder, "templates", "parts", "common.yaml");
    mkdirSync(join(folder, "templates", "parts"), { recursive: true });
    const text = assetText("templates", "parts", "common.yaml");
    expect(text).toMatch(from);
    writeFileSync(file, text.replace(from, to));
    return file;
  };
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("is known by its place or its content, and checked with every form that includes it", () => {
    const file = changed("# 档案", "own: []\n# 档案");
    const { counts } = checkTemplate(file, undefined);
    expect(counts).toMatchObject({ parts: ["signatures", "departments", "own", "archive", "unconfirmed", "notes"] });
    expect("usedBy" in counts && [counts.unused, counts.usedBy.includes("forms/industrial.yaml")]).toEqual([
      ["own"],
      true,
    ]);
    const elsewhere = join(folder, "公用.yaml");
    cpSync(file, elsewhere);
    expect(checkTemplate(elsewhere, undefined)).toMatchObject({ title: "parts/公用.yaml", counts: { usedBy: [] } });
    expect(() => readTemplateFile(file, undefined)).toThrow(/E-TEMPLATE-PART/);
  });

  test.each([
    [
      "kind: text",
      "kind: texts",
      7,
      "kind 应为 name（签名）、date（日期）、text（文字）或 refusal（拒签说明，独占一行）",
    ],
    [/^signatures:/m, "signature:", 2, "缺少“signatures”这一部分，随程序的表引用它"],
    [/^archive:/m, "archive: []\nold:", 19, "应至少有 1 项（forms/industrial.yaml 第 63 行引用它）"],
    ["label: 拒签说明, kind: refusal }", "label: 拒签说明, kind: refusal, size: 3 }", 9, "不认识的键“size”"],
  ])("with a fault (%s) is blamed itself, not the shipped form", (from, to, line, message) => {
    const file = changed(from, to);
    const found = faults(() => checkTemplate(file, undefined));
    expect(found?.file).toBe(file);
    expect(found?.lines).toContainEqual([file, line, message]);
    expect(found?.lines.every(([at]) => at === file)).toBe(true);
    const listed = faults(() => loadForm(templateStore(join(folder, "templates")), "industrial"));
    expect(listed?.file).toBe("templates/parts/common.yaml");
    expect(listed?.lines).toContainEqual(["templates/parts/common.yaml", line, message]);
  });

  test("that is no YAML, or no map, is refused", () => {
    for (const text of ["signatures: [", "- a\n"]) {
      const file = changed(/[\s\S]*/, text);
      expect(faults(() => checkTemplate(file, undefined))?.lines).toEqual([[file, 1, expect.any(String)]]);
    }
  });
});

test("copy names the file as it is reached from here, and the check that it names works", async () => {
  mkdirSync(join(scratch, "work"));
  cpSync(assetPath("samples", "round"), join(scratch, "work", "一 轮"), { recursive: true });
  const { stdout } = await chouqian(["-C", "一 轮", "templates", "copy", "parts/common.yaml"], {
    cwd: join(scratch, "work"),
  });
  const path = join("一 轮", "templates", "parts", "common.yaml");
  expect(stdout).toBe(`✓ 已写 ${path}，本轮次制表时使用它；修改后检查：chouqian templates check "${path}"\n`);
  const checked = await chouqian(["templates", "check", path], { cwd: join(scratch, "work") });
  expect([checked.status, checked.stdout]).toEqual([
    0,
    "✓ parts/common.yaml：公用部分 5 个，引用它的 10 张表都没有错误\n",
  ]);
}, 60_000);

describe("printed", () => {
  test("a preview shows every part with its condition, and is marked on every page", async () => {
    const file = join(round.paths.templates, "forms", "mobile.yaml");
    const { bytes, missing } = await previewTemplate(readTemplateFile(file, undefined));
    const text = await textOf(bytes);
    expect(missing).toEqual([]);
    for (const words of ["模板预览（数据为虚构）", "油品运输企业填写", "适用条件"]) expect(text).toContain(words);
  });

  test("after the draw, before an evaluation, papers have the numbers drawn of each class and of all", async () => {
    const { strata } = JSON.parse(readFileSync(round.paths.manifest, "utf8")) as {
      strata: { key: string; n: number }[];
    };
    const drawn = SOURCE_CLASSES.map((each) =>
      strata.filter(({ key }) => key.split("/")[1] === each).reduce((sum, { n }) => sum + n, 0),
    );
    const all = drawn.reduce((sum, n) => sum + n, 0);
    const names = [...SOURCE_CLASSES.map((each) => CLASS_NAMES[each].zh), "合计"];
    for (const paper of ["city-summary", "closing-meeting"]) {
      const text = (await textOf((await printTemplate(paper, round, "445300")).bytes)).replace(/\s/g, "");
      for (const [i, name] of names.entries()) expect(text).toContain(`${name}${[...drawn, all][i]}`);
      const blank = (await textOf((await printTemplate(paper)).bytes)).replace(/\s/g, "");
      expect(blank).toContain(names.join(""));
    }
  });

  test("further pages of a paper on one unit have a line for its name", async () => {
    for (const paper of ["doubtful-data", "evidence-list"]) {
      const { pages } = await readPdf((await printTemplate(paper, round, "445300")).bytes);
      expect(pages.length).toBeGreaterThan(1);
      const lines = pages.map((page) => page.filter(({ text }) => /单位名称/.test(text)).length);
      expect(lines, paper).toEqual(pages.map(() => 1));
    }
    const { pages } = await readPdf((await printTemplate("city-summary", round, "445300")).bytes);
    expect(pages.flat().some(({ text }) => text.includes("单位名称："))).toBe(false);
  });

  test("a paper of a round has its name, city, digest and the drawn sources", async () => {
    const { bytes } = await printTemplate("city-summary", round, "445300");
    const text = (await textOf(bytes)).replace(/\s/g, "");
    for (const words of ["云浮市", round.config.name, "未能核查"]) expect(text).toContain(words);
    const { strata } = JSON.parse(readFileSync(round.paths.manifest, "utf8")) as {
      strata: { units: { id: string }[] }[];
    };
    expect(text).toContain(strata[0]?.units[0]?.id);
    const { pages } = await readPdf(bytes);
    const box = ["估计差错率", "漏报率", "重报率", "主要差错原因"];
    const holding = pages.filter((page) => box.some((label) => page.some(({ text }) => text === label)));
    expect(holding, "the box of the verdict is on one page").toHaveLength(1);
    await expect(printTemplate("city-summary", round, "440500")).rejects.toThrow(/E-FORMS-CITY/);
  });

  test("a paper or a county's table without a round is blank, and says nothing of a draw", async () => {
    expect((await printTemplate("team-log")).pages).toBeGreaterThan(0);
    const text = (await textOf((await printTemplate("agricultural-county")).bytes)).replace(/\s/g, "");
    expect(text).toContain("不计入抽样推断");
    expect(text).not.toContain("排第0位");
  });

  test("a paper without a round has the city that is asked for", async () => {
    const { bytes } = await printTemplate("omission-check", undefined, "440500");
    expect(await textOf(bytes)).toContain("汕头市");
  });

  test("the same paper has the same bytes", async () => {
    expect(await printTemplate("evidence-list")).toEqual(await printTemplate("evidence-list"));
  });
});

test("the templates that the journal names are kept, to the byte", () => {
  const lines = readFileSync(round.paths.journal, "utf8").trim().split("\n");
  const written = lines.map((line) => JSON.parse(line)).filter(({ event }) => event === "forms.written");
  const { templates } = written.at(-1).about as { templates: Record<string, string> };
  expect(Object.keys(templates).length).toBeGreaterThan(3);
  for (const [name, sha256] of Object.entries(templates)) {
    const file = join(round.paths.forms, "模板", `${name}-${sha256.slice(0, 12)}.json`);
    expect(existsSync(file) && digest(readFileSync(file))).toBe(sha256);
  }
});

test("the example of docs/templates.md is a template", () => {
  const [, example = ""] = /```yaml\n([\s\S]*?)```/.exec(assetText("docs", "templates.md")) ?? [];
  expect(parse(example)).toHaveProperty("class", "mobile");
  const folder = join(scratch, "example");
  mkdirSync(folder);
  writeFileSync(join(folder, "example.yaml"), example);
  expect(parseFormTemplate(example, "example.yaml").record.groups[0]?.indicators.length).toBe(4);
  expect(checkTemplate(join(folder, "example.yaml"), undefined).title).toBe("加油站质量核查记录表");
});
