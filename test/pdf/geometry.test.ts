/** The reader of pages finds what it is there to find: each fault is drawn here on purpose. */
import { expect, test } from "vitest";
import { paragraph } from "../../src/pdf/block.ts";
import type { Canvas } from "../../src/pdf/canvas.ts";
import { PdfDocument } from "../../src/pdf/document.ts";
import { fillPages } from "../../src/pdf/flow.ts";
import { AREA } from "../../src/pdf/page.ts";
import { paintQr } from "../../src/pdf/qr.ts";
import { table } from "../../src/pdf/table.ts";
import { type Style, setText } from "../../src/pdf/text.ts";
import { faultsOf, type PageGeometry, readGeometry, textOf } from "./geometry.ts";

const STYLE: Style = { face: "serif", size: 10, leading: 14 };

async function drawn(draw: (canvas: Canvas) => void): Promise<PageGeometry> {
  const document = new PdfDocument({ title: "试" });
  const canvas = document.canvas();
  draw(canvas);
  document.add(canvas);
  const [page] = readGeometry((await document.finish()).bytes).pages;
  if (page === undefined) throw new Error("no page");
  return page;
}

function write(canvas: Canvas, text: string, x: number, y: number, style = STYLE): void {
  for (const line of setText(text, style, 300)) canvas.line(line, x, y);
}

const [X, Y] = [AREA.left + 50, AREA.top + 50];

test.each<[string, (canvas: Canvas) => void]>([
  ["beside the type area", (canvas) => write(canvas, "普查", AREA.right - 10, Y)],
  ["half in the margin", (canvas) => write(canvas, "普查", X, AREA.bottom - 7)],
  [
    "across a rule",
    (canvas) => {
      write(canvas, "普查", X, Y);
      canvas.rule(X + 10, Y - 20, X + 10, Y + 20, 0.5);
    },
  ],
  [
    "across a rule",
    (canvas) => {
      write(canvas, "普查", X, Y);
      canvas.rule(X - 10, Y + 7, X + 90, Y + 7, 0.5);
    },
  ],
  [
    "over 核查",
    (canvas) => {
      write(canvas, "普查", X, Y);
      write(canvas, "核查", X + 15, Y + 4);
    },
  ],
  [
    "over the code",
    (canvas) => {
      write(canvas, "普查", X, Y);
      paintQr(canvas, "chouqian", X + 5, Y + 2, 60);
    },
  ],
  ["8.5 pt", (canvas) => write(canvas, "普查", X, Y, { ...STYLE, size: 8.5 })],
])("%s", async (fault, draw) => {
  expect((await drawn(draw)).texts[0]?.text).toBe("普查");
  expect(faultsOf(await drawn(draw), AREA).join()).toContain(fault);
});

test("a table without faults has none", async () => {
  const document = new PdfDocument({ title: "试" });
  const rows = [{ cells: [{ text: "普查".repeat(40) }, { text: "□核查" }] }];
  const blocks = table({ columns: [100, 80], style: STYLE, rows });
  for (const page of fillPages(blocks, AREA, () => document.canvas())) document.add(page);
  const { pages } = readGeometry((await document.finish()).bytes);
  expect(pages.flatMap((page) => faultsOf(page, AREA))).toEqual([]);
  expect(textOf(pages)).toBe(`${"普查".repeat(40)}□核查`);
});

test("titles, headings and texts are tagged in reading order, and every page leads to its elements", async () => {
  const document = new PdfDocument({ title: "试" });
  const blocks = [
    ...paragraph("题目", STYLE, AREA.width, { role: "H1" }),
    ...table({
      columns: [60, 60],
      style: STYLE,
      rows: [{ role: "H2", cells: [{ text: "一、基本", columns: 2 }] }, { cells: [{ text: "甲" }, { text: "乙" }] }],
    }),
    ...paragraph("说明".repeat(60), STYLE, AREA.width),
  ];
  for (const page of fillPages(blocks, AREA, () => document.canvas())) document.add(page, ["汕头市", "甲厂"]);
  const { pages, objects } = readGeometry((await document.finish()).bytes);
  expect(pages[0]?.roles).toEqual(["H1", "H2", "TD", "TD", "P"]);
  const all = [...objects.values()];
  const catalogue = all.find((object) => object.includes("/Type/Catalog")) ?? "";
  expect(catalogue).toMatch(/\/Lang\(zh-CN\)/);
  expect(catalogue).toMatch(/\/Marked true/);
  expect(treeOf(objects, catalogue)).toEqual("Document(Sect(H1 Table(TR(TD[ColSpan 2](H2)) TR(TD TD)) P))");
  expect(all.some((object) => /\/StructParents 0/.test(object))).toBe(true);
});

test("codes of which a byte is a bracket, a backslash or a line end keep their characters", async () => {
  const text = "不(乜)丨\\丩，上";
  const { texts } = await drawn((canvas) => write(canvas, text, X, Y));
  expect(texts.map((each) => each.text).join("")).toBe(text);
});

test("the heading rows of a table are read once, labels head their rows, and an empty cell keeps its place", async () => {
  const document = new PdfDocument({ title: "试" });
  const rows = Array.from({ length: 60 }, (_, i) => ({ cells: [{ text: `${i}`, isLabel: true }, { text: "" }] }));
  const header = [{ cells: [{ text: "号" }, { text: "值" }] }];
  const blocks = table({ columns: [60, 60], style: STYLE, header, rows });
  for (const page of fillPages(blocks, AREA, () => document.canvas())) document.add(page);
  const { pages, objects } = readGeometry((await document.finish()).bytes);
  expect(pages.map(({ texts }) => texts[0]?.text)).toEqual(["号", "号"]);
  const catalogue = [...objects.values()].find((object) => object.includes("/Type/Catalog")) ?? "";
  const row = "TR(TH[Scope Row] TD)";
  expect(treeOf(objects, catalogue)).toBe(
    `Document(Sect(Table(TR(TH[Scope Column] TH[Scope Column]) ${Array.from({ length: 60 }, () => row).join(" ")})))`,
  );
});

/** The structure tree in words: kinds of elements, attributes, and what stands below them. */
function treeOf(objects: ReadonlyMap<number, string>, catalogue: string): string {
  const elements = Number(/\/StructTreeRoot (\d+) 0 R/.exec(catalogue)?.[1]);
  const root = objects.get(elements) ?? "";
  expect(root).toMatch(/\/ParentTree \d+ 0 R/);
  const below = (number: number, parent: number): string => {
    const element = objects.get(number) ?? "";
    expect(element).toContain(`/P ${parent} 0 R`);
    const kids = [...(/\/K ?(\[[^\]]*\]|\d+ 0 R)/.exec(element)?.[1] ?? "").matchAll(/(\d+) 0 R/g)];
    const attributes = /\/O\/Table([^>]*)>>/.exec(element)?.[1]?.slice(1).replaceAll("/", " ").trim();
    const own = `${/\/S\/(\w+)/.exec(element)?.[1]}${attributes === undefined ? "" : `[${attributes}]`}`;
    return kids.length === 0 ? own : `${own}(${kids.map(([, kid]) => below(Number(kid), number)).join(" ")})`;
  };
  return below(Number(/\/K (\d+) 0 R/.exec(root)?.[1]), elements);
}
