import fc from "fast-check";
import { expect, test } from "vitest";
import { type Block, paragraph } from "../../src/pdf/block.ts";
import { PdfDocument, type PdfResult } from "../../src/pdf/document.ts";
import { fillPages } from "../../src/pdf/flow.ts";
import { AREA } from "../../src/pdf/page.ts";
import { type Row, table } from "../../src/pdf/table.ts";
import type { Style } from "../../src/pdf/text.ts";
import { readGeometry } from "./geometry.ts";
import { asSeen, plainText, readPdf, withoutSpace } from "./read-pdf.ts";

const STYLE: Style = { face: "serif", size: 9, leading: 12.5 };
const WIDTHS = [80, 120, 60, AREA.width - 260];

async function print(blocks: readonly Block[]): Promise<PdfResult> {
  const document = new PdfDocument({ title: "试" });
  for (const page of fillPages(blocks, AREA, () => document.canvas())) document.add(page);
  return document.finish();
}

function row(...texts: readonly string[]): Row {
  return { cells: texts.map((text) => ({ text })) };
}

/** Chinese and ASCII, rare ideographs included. */
const anyText = fc.oneof(
  fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((point) => String.fromCodePoint(point)), maxLength: 120 }),
  fc.string({
    unit: fc.integer({ min: 0x4e00, max: 0x9fa5 }).map((point) => String.fromCodePoint(point)),
    maxLength: 200,
  }),
  fc.string({
    unit: fc.constantFrom(...("东莞市（犇㙟䶮𠮷𰻝）有限公司，。⼀一No.12-3 ".match(/./gu) ?? [])),
    maxLength: 90,
  }),
);

test("every text of a cell is found whole in the text layer, inside the type area", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(anyText, anyText, anyText, anyText), { maxLength: 12 }), async (texts) => {
      const { bytes, missing } = await print(
        table({ columns: WIDTHS, style: STYLE, rows: texts.map((each) => row(...each)) }),
      );
      const { pages } = await readPdf(bytes);
      expect(plainText(pages)).toBe(withoutSpace(texts.flat().join("")));
      expect(missing).toEqual([]);
      for (const { x, y, width, size } of pages.flat()) {
        expect(x).toBeGreaterThanOrEqual(AREA.left);
        expect(x + width).toBeLessThanOrEqual(AREA.right + 0.01);
        expect(y - size).toBeGreaterThanOrEqual(AREA.top - 0.01);
        expect(y).toBeLessThanOrEqual(AREA.bottom);
      }
    }),
    { numRuns: 40 },
  );
}, 20_000);

test("the same table has the same bytes", async () => {
  const rows = Array.from({ length: 200 }, (_, i) => row(String(i), "广州市", "𠮷", "现场核查"));
  const [once, again] = await Promise.all([1, 2].map(() => print(table({ columns: WIDTHS, style: STYLE, rows }))));
  expect(Buffer.from(once?.bytes ?? []).equals(Buffer.from(again?.bytes ?? []))).toBe(true);
});

test("heading rows come again on every page", async () => {
  const rows = Array.from({ length: 150 }, (_, i) => row(String(i), "", "", ""));
  const { bytes, pages } = await print(
    table({ columns: WIDTHS, style: STYLE, header: [row("表头", "", "", "")], rows }),
  );
  const read = await readPdf(bytes);
  expect(pages).toBeGreaterThan(1);
  expect(read.pages.every((page) => page[0]?.text === "表头")).toBe(true);
  expect(plainText(read.pages).replaceAll("表头", "")).toBe(rows.map((_, i) => String(i)).join(""));
});

test("a row higher than a page goes on over the next pages", async () => {
  const long = "长".repeat(6000);
  const { bytes, pages } = await print(
    table({ columns: WIDTHS, style: STYLE, rows: [row("前", long, "", ""), row("后", "", "", "")] }),
  );
  expect(pages).toBeGreaterThan(2);
  const text = plainText((await readPdf(bytes)).pages);
  expect(text.replace(/[^长]/g, "")).toBe(long);
  expect(text.endsWith("后")).toBe(true);
});

test("a tall row goes on over the page, its number and name again, where much of a page would stay empty", async () => {
  const long = "长".repeat(200);
  const heading: Row = { ...row("标题", "", "", ""), keepWithNext: true };
  const tables = (count: number, repeats: number) =>
    table({
      columns: WIDTHS,
      style: STYLE,
      repeats,
      rows: [
        ...Array.from({ length: count }, () => row("短", "", "", "")),
        heading,
        row("号", "名", long, "注"),
        row("后", "", "", ""),
      ],
    });
  const pagesOf = async (count: number, repeats: number) =>
    (await readPdf((await print(tables(count, repeats))).bytes)).pages.map((page) => plainText([page]));
  const [first = "", second = ""] = await pagesOf(22, 2);
  expect(first).toMatch(/标题号名长{60,}/);
  expect(second).toMatch(/^号名长+后$/);
  expect(`${first}${second}`.replace(/[^长]/g, "")).toBe(long);
  // without leave to do so, and where little would stay empty, it moves whole, its heading with it
  for (const [count, repeats] of [
    [22, 0],
    [30, 2],
  ] as const) {
    const [before = "", after = ""] = await pagesOf(count, repeats);
    expect(before).toMatch(/^短+$/);
    expect(after).toMatch(/^标题号名长{200}注后$/);
  }
});

test("rows kept with the next go to a new page together", async () => {
  const filler = Array.from({ length: 36 }, (_, i) => row(String(i), "", "", ""));
  const kept: Row[] = [1, 2, 3].map((i) => ({ ...row(`签${i}`, "", "", ""), minHeight: 40, keepWithNext: i < 3 }));
  const { bytes } = await print(table({ columns: WIDTHS, style: STYLE, rows: [...filler, ...kept] }));
  const { pages } = await readPdf(bytes);
  expect(pages.map((page) => plainText([page]).includes("签"))).toEqual([false, true]);
});

test("a row to write in takes the room that is left on the last page, and no page more", async () => {
  const closing: Row[] = [
    { ...row("写", "", "", ""), grows: true, keepWithNext: true },
    { ...row("签", "", "", ""), keepWithNext: false },
  ];
  for (const count of [3, 38, 60]) {
    const filler = Array.from({ length: count }, (_, i) => row(String(i), "", "", ""));
    const rows = (of: readonly Row[]) => table({ columns: WIDTHS, style: STYLE, rows: [...filler, ...of] });
    const { bytes, pages } = await print(rows(closing));
    expect(pages).toBe((await print(rows(closing.map((each) => ({ ...each, grows: false }))))).pages);
    const lowest = Math.max(...(readGeometry(bytes).pages.at(-1)?.rules ?? []).map(({ y2 }) => y2));
    expect(lowest).toBeCloseTo(AREA.bottom, 1);
  }
});

test("rows to write in share the room that their page has left", async () => {
  const writing: Row = { ...row("写", "", "", ""), minHeight: 20, grows: true };
  const rows = [writing, row("中", "", "", ""), writing, row("签", "", "", "")];
  const { bytes } = await print(table({ columns: WIDTHS, style: STYLE, rows }));
  const [page] = readGeometry(bytes).pages;
  const levels = [...new Set((page?.rules ?? []).filter(({ y1, y2 }) => y1 === y2).map(({ y1 }) => y1))].sort(
    (a, b) => a - b,
  );
  const heights = levels.slice(1).map((level, i) => level - (levels[i] ?? 0));
  expect(heights[0]).toBeCloseTo(heights[2] ?? 0, 1);
  expect(levels.at(-1)).toBeCloseTo(AREA.bottom, 1);
});

test("a row to write in goes on where what stays with it comes on the next page, and fills both", async () => {
  const writing = (words: string): Row => ({
    ...row(words, "", "", ""),
    minHeight: 40,
    grows: true,
    keepWithNext: true,
  });
  const closing: Row[] = [
    { ...writing("写"), continued: writing("续") },
    { ...row("签", "", "", ""), minHeight: 100 },
  ];
  const print31 = (of: readonly Row[]) =>
    print(
      table({
        columns: WIDTHS,
        style: STYLE,
        rows: [...Array.from({ length: 31 }, () => row("行", "", "", "")), ...of],
      }),
    );
  const { bytes, pages } = await print31(closing);
  expect(pages).toBe((await print31([writing("写"), ...closing.slice(1)])).pages);
  const texts = (await readPdf(bytes)).pages.map((page) => plainText([page]).replaceAll("行", ""));
  expect(texts).toEqual(["写", "续签"]);
  for (const { rules } of readGeometry(bytes).pages)
    expect(Math.max(...rules.map(({ y2 }) => y2))).toBeCloseTo(AREA.bottom, 1);
});

test("a cell that covers rows and columns stands once, and the cells beside it keep their places", async () => {
  const group: Row[] = [
    { cells: [{ text: "跨行", rows: 2 }, { text: "跨列", columns: 2 }, { text: "甲" }] },
    { cells: [{ text: "乙" }, { text: "丙" }, { text: "丁" }] },
  ];
  const { bytes } = await print(table({ columns: WIDTHS, style: STYLE, rows: [group] }));
  expect(asSeen((await readPdf(bytes)).pages)).toBe("──── 1 ────\n跨列  |  甲\n跨行\n乙  |  丙  |  丁\n");
});

test("a character that no font has is spelt out and reported", async () => {
  const { bytes, missing } = await print(paragraph("公司\u0001𰀀厂", STYLE, AREA.width));
  expect(missing).toEqual([1, 0x30000]);
  expect(plainText((await readPdf(bytes)).pages)).toBe("公司〔U+0001〕〔U+30000〕厂");
});
