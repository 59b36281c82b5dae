import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import PizZip from "pizzip";
import { describe, expect, test } from "vitest";
import { fillDocx, hasLoop } from "../../../src/forms/docx/fill-docx.ts";
import { cityLetter, roundLetter } from "../../../src/forms/docx/letter-data.ts";
import { readDocx } from "../../../src/forms/docx/open-docx.ts";
import { assetPath } from "../../../src/text/assets.ts";
import { ChouqianError } from "../../../src/text/errors.ts";
import { round, source } from "../../pdf/form-fixture.ts";
import { saved, zipOf } from "../../xlsx/workbooks.ts";

const SAMPLE = assetPath("samples", "notice-template.docx");
const WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const TYPES = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`;
const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** A document of one paragraph a text. */
async function docx(...paragraphs: readonly string[]) {
  const body = paragraphs
    .map((each) => `<w:p><w:r><w:t xml:space="preserve">${escaped(each)}</w:t></w:r></w:p>`)
    .join("");
  const document = `<w:document xmlns:w="${WORD}"><w:body>${body}</w:body></w:document>`;
  return readDocx(saved(await zipOf({ "[Content_Types].xml": TYPES, "word/document.xml": document }), "letter.docx"));
}

/** The paragraphs of a document as text. */
function textOf(bytes: Uint8Array): string[] {
  const xml = new PizZip(bytes).file("word/document.xml")?.asText() ?? "";
  return [...xml.matchAll(/<w:p[ >].*?<\/w:p>/gs)].map(([paragraph]) =>
    [...paragraph.matchAll(/<w:t[^>]*>([^<]*)<\/w:t>/g)].map((match) => match[1] ?? "").join(""),
  );
}

const works = source();
const depot = source({ id: "MOBILE-1", name: "油库<甲>&", sourceClass: "mobile", values: new Map() });
const city = { name: "广州市", code: "440100", sources: [works, depot] };
const fill = async (...paragraphs: readonly string[]) =>
  textOf(fillDocx(await docx(...paragraphs), cityLetter(round, city), "letter.docx"));
const faultsOf = async (...paragraphs: readonly string[]) => {
  try {
    await fill(...paragraphs);
    return [];
  } catch (error) {
    if (!(error instanceof ChouqianError)) throw error;
    expect(error.code).toBe("E-DOCX-TAG");
    return error.problems.map(({ message }) => message.zh);
  }
};

describe("a template", () => {
  test("is filled by English and by Chinese tags", async () => {
    expect(await fill("{round.name}|{轮次.名称}", "{city.name}|{市.市名}", "{count}|{家数}", "{summary}")).toEqual([
      `${round.name}|${round.name}`,
      "广州市|广州市",
      "2|2",
      "工业源 1 家、移动源 1 家",
    ]);
  });

  test("loops over sources, and over classes with their sources", async () => {
    const sources = ["{#sources}", "{number} {name} {county} {ledger.address}{名录.主要产品} {round.id}", "{/sources}"];
    expect(await fill(...sources)).toEqual([
      `1 ${works.name} 番禺区 ${works.values.get("address")}纸质包装盒 ${round.roundId}`,
      `2 油库&lt;甲&gt;&amp; 番禺区  ${round.roundId}`,
    ]);
    expect(await fill("{#各类}", "{类别}：{#污染源}{单位代码};{/污染源}", "{/各类}")).toEqual([
      `工业源：${works.id};`,
      "移动源：MOBILE-1;",
    ]);
  });

  test("for all cities is one document that loops over them", async () => {
    const template = await docx(
      "{#cities}",
      "{name} {count} 家：{#sources}{name}；{/sources}",
      "{/cities}",
      "共 {count} 家",
    );
    expect(hasLoop(template, ["cities", "各市"])).toBe(true);
    expect(hasLoop(await docx("{#sources}{name}{/sources}"), ["cities", "各市"])).toBe(false);
    const other = { name: "汕头市", code: "440500", sources: [source({ name: "乙厂" })] };
    expect(textOf(fillDocx(template, roundLetter(round, [city, other]), "letter.docx"))).toEqual([
      `广州市 2 家：${works.name}；油库&lt;甲&gt;&amp;；`,
      "汕头市 1 家：乙厂；",
      "共 3 家",
    ]);
  });

  test.each([
    ["{单位}", ["不认识标签 {单位}"]],
    [
      "{city.nam} {constructor} {round.__proto__}",
      ["不认识标签 {city.nam}", "不认识标签 {constructor}", "不认识标签 {round.__proto__}"],
    ],
    ["{#source}{name}{/source}", ["不认识标签 {source}"]],
    ["｛round.name｝", ["标签 ｛round.name｝ 用了全角花括号"]],
    ["{#sources}{name}", ["循环 {#sources} 没有结束，缺 {/sources}"]],
    ["{name}{/sources}", ["{/sources} 之前没有 {#sources}"]],
    ["{round.name", ["标签 {round.name 没有写完，缺 }"]],
    ["round.name}", ["“round.name”附近有 } 而没有 {"]],
    ["{#classes}{#sources}{/classes}{/sources}", ["循环交错：{#sources} … {/classes}"]],
  ])("with %s is refused, the tag named", async (text, messages) => {
    const faults = await faultsOf(text);
    for (const message of messages) expect(faults).toContain(message);
  });

  test.each(["{round.name", "{#classes}{#sources}{/classes}{/sources}", "{@name} 原文"])(
    "with %s is refused with all its faults at once",
    async (broken) => {
      const faults = await faultsOf(
        broken,
        "{单位} {#source}{地址}{/source} {#sources}{name}{/sources}",
        "｛city.name｝",
      );
      const others = ["不认识标签 {单位}", "不认识标签 {source}", "标签 ｛city.name｝ 用了全角花括号"];
      expect(faults).toEqual(expect.arrayContaining(others));
      expect(faults.length).toBeGreaterThan(others.length);
      expect(faults.join()).not.toMatch(/[a-z]{3,} [a-z]{2,} [a-z]{2,}/);
    },
  );

  test("takes no raw content, whatever stands around it", async () => {
    const fault = ["标签 {@round.name}：不支持插入原始内容（@）"];
    expect([
      await faultsOf("{@round.name}"),
      await faultsOf("甲 {@round.name}"),
      await faultsOf("{@ round.name }"),
    ]).toEqual([fault, fault, fault]);
  });

  test("shows a character that no document can carry, and is filled", async () => {
    const strange = source({ name: "甲\u0001厂\uFFFE", values: new Map([["address", "路\u0000\uD800"]]) });
    const letter = cityLetter(round, { ...city, sources: [strange] });
    const template = await docx("{#sources}{name} {address} {ledger.address}{/sources}");
    expect(textOf(fillDocx(template, letter, "letter.docx"))).toEqual([
      "甲〔U+0001〕厂〔U+FFFE〕 路〔U+0000〕〔U+D800〕 路〔U+0000〕〔U+D800〕",
    ]);
  });
});

describe("what is no template is refused", () => {
  const codeOf = (bytes: Uint8Array | string, name: string) =>
    readDocx(saved(bytes, name)).then(
      () => undefined,
      (error: unknown) => (error instanceof ChouqianError ? error.code : error),
    );

  test("a text, an old document, a workbook, half a file, no file", async () => {
    expect(await codeOf("文字", "a.docx")).toBe("E-DOCX-INVALID");
    expect(await codeOf(Buffer.concat([Buffer.from("d0cf11e0a1b11ae1", "hex"), Buffer.alloc(2048)]), "b.docx")).toBe(
      "E-DOCX-OLD-FORMAT",
    );
    expect(await codeOf(await zipOf({ "[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<x/>" }), "c.docx")).toBe(
      "E-DOCX-INVALID",
    );
    expect(await codeOf(await zipOf({ "[Content_Types].xml": TYPES }), "c.docx")).toBe("E-DOCX-INVALID");
    expect(await codeOf(readFileSync(SAMPLE).subarray(0, 1500), "d.docx")).toBe("E-DOCX-INVALID");
    await expect(readDocx(join(tmpdir(), "none", "e.docx"))).rejects.toMatchObject({ code: "E-DOCX-UNREADABLE" });
  });

  test("a bomb, told by its ratio, and one that lies about its size", async () => {
    const parts = { "[Content_Types].xml": TYPES, "word/document.xml": "0".repeat(30 * 1024 * 1024) };
    expect(await codeOf(await zipOf(parts), "bomb.docx")).toBe("E-DOCX-UNSAFE");
    const honest = await zipOf({ "[Content_Types].xml": TYPES, "word/document.xml": "0".repeat(4_000_000) });
    const lying = Buffer.from(honest);
    const real = Buffer.alloc(4);
    real.writeUInt32LE(4_000_000);
    let at = lying.indexOf(real);
    expect(at).toBeGreaterThan(0);
    for (; at >= 0; at = lying.indexOf(real, at + 1)) lying.writeUInt32LE(1000, at);
    expect(["E-DOCX-UNSAFE", "E-DOCX-INVALID"]).toContain(await codeOf(lying, "liar.docx"));
  });
});

test("the same template and values give the same bytes in any time zone, whatever the order of its parts", async () => {
  const template = await readDocx(SAMPLE);
  const shuffled = new Map([...template].reverse());
  const before = process.env.TZ;
  const [first, ...others] = ["UTC", "Asia/Shanghai", "America/Los_Angeles"].map((zone, i) => {
    process.env.TZ = zone;
    return fillDocx(i === 1 ? shuffled : template, cityLetter(round, city), SAMPLE);
  });
  if (before === undefined) delete process.env.TZ;
  else process.env.TZ = before;
  for (const other of others) expect(other).toEqual(first);
});

test("the sample template is what its script makes, and can be filled", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "chouqian-letter-")), "again.docx");
  execFileSync(process.execPath, [assetPath("scripts", "sample-letter.mjs"), file]);
  expect(readFileSync(file)).toEqual(readFileSync(SAMPLE));
  const filled = textOf(fillDocx(await readDocx(SAMPLE), cityLetter(round, city), SAMPLE)).join("\n");
  expect(filled).toContain(`关于开展${round.name}的通知`);
  expect(filled).toContain("移动源（1 家）");
  expect(filled).not.toMatch(/[{}]/);
});

test("every tag is documented", () => {
  const documented = readFileSync(assetPath("docs", "forms-docx.md"), "utf8");
  const tagsOf = (values: object): string[] =>
    Object.entries(values).flatMap(([tag, value]) => {
      if (tag === "ledger" || tag === "名录") return [tag];
      const below = Array.isArray(value) ? value[0] : value;
      return [tag, ...(typeof below === "object" ? tagsOf(below) : [])];
    });
  const all = new Set([...tagsOf(cityLetter(round, city)), ...tagsOf(roundLetter(round, [city]))]);
  expect(all.size).toBeGreaterThan(50);
  for (const tag of all) expect(documented).toMatch(new RegExp(`\`[^\`]*${tag}[\`.}]`));
});
