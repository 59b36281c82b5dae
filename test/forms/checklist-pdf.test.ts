import { expect, test } from "vitest";
import { renderChecklists } from "../../src/forms/checklist-pdf.ts";
import { round, source, template } from "../pdf/form-fixture.ts";
import { readGeometry } from "../pdf/geometry.ts";
import { asSeen, plainText, readPdf } from "../pdf/read-pdf.ts";

test("the checklist of a printing works reads as agreed", async () => {
  const { bytes } = await renderChecklists(round, [source()], () => template);
  await expect(asSeen((await readPdf(bytes)).pages)).toMatchFileSnapshot("golden/checklist-printing.txt");
});

test("every source begins on a new page, counts its own pages and has a bookmark under its city and county", async () => {
  const sources = [
    source(),
    source({ id: "B", name: "乙厂", countyName: "南沙区", rank: 4 }),
    source({ id: "C", name: "丙厂", rank: 51, role: "reserve" }),
  ];
  const { bytes, pages } = await renderChecklists(round, sources, () => template);
  const read = await readPdf(bytes);
  expect(read.pages).toHaveLength(pages);
  const firsts = read.pages.filter((page) => plainText([page]).includes("第1页"));
  expect(firsts).toHaveLength(3);
  expect(firsts.every((page) => plainText([page]).includes(template.checklist.title))).toBe(true);
  expect(read.outline).toEqual([
    "广州市",
    "  番禺区",
    "    工业源 3 广州市番禺区石楼镇永兴彩色印刷包装有限公司",
    "    工业源 51 丙厂（补充抽查）",
    "  南沙区",
    "    工业源 4 乙厂",
  ]);
});

test("the manifest's digest stands in full on the first page and shortened on every page", async () => {
  const { bytes } = await renderChecklists(round, [source()], () => template);
  const { pages } = await readPdf(bytes);
  expect(plainText(pages.slice(0, 1))).toContain(round.manifestDigest);
  for (const page of pages) expect(plainText([page])).toContain(round.manifestDigest.slice(0, 16));
});

test("conclusion and signatures stand on one page", async () => {
  for (let count = 1; count < 12; count++) {
    const sections = [
      { heading: "一、基本信息", items: template.checklist.sections.flatMap(({ items }) => items).slice(0, count) },
    ];
    const shorter = { ...template, checklist: { ...template.checklist, sections } };
    const { bytes } = await renderChecklists(round, [source()], () => shorter);
    const closing = (await readPdf(bytes)).pages.filter((page) => /核查结论|拒签说明/.test(plainText([page])));
    expect(closing).toHaveLength(1);
  }
});

test("what is no form of a round says so on every page", async () => {
  const { bytes } = await renderChecklists({ ...round, across: "样张" }, [source()], () => template);
  for (const page of (await readPdf(bytes)).pages) expect(plainText([page])).toContain("样张");
});

test("no page for no source is still a document", async () => {
  const { pages, missing } = await renderChecklists(round, [], () => template);
  expect([pages, missing]).toEqual([0, []]);
});

test.each([
  ["移动源（油品储运销）现场核查清单", ["移动源（油品储运销）现场核查清单"]],
  ["农业源（规模畜禽养殖场）质量核查记录表", ["农业源（规模畜禽养殖场）", "质量核查记录表"]],
  ["重点行业企业用地土壤污染状况现场核查清单", ["重点行业企业用地土壤", "污染状况现场核查清单"]],
])("the title %s leaves no character alone on a line", async (title, lines) => {
  const form = { ...template, checklist: { ...template.checklist, title } };
  const { bytes } = await renderChecklists(round, [source()], () => form);
  const [first] = readGeometry(bytes).pages;
  expect(first?.texts.filter(({ size }) => size >= 18).map(({ text }) => text)).toEqual(lines);
});
