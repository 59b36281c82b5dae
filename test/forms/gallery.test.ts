/**
 * docs/forms.md shows every form and paper as it is printed now. `GALLERY=write npx vitest run test/forms/gallery.test.ts`
 * draws the pictures anew; it needs poppler, LibreOffice and a Chinese font.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { previewTemplate } from "../../src/forms/print-template.ts";
import { listTemplates, readTemplateFile } from "../../src/forms/templates.ts";
import { assetPath, assetText } from "../../src/text/assets.ts";
import { readPdf } from "../pdf/read-pdf.ts";
import { scratchFolder } from "../support/chouqian.ts";
import {
  canDraw,
  canDrawWorkbooks,
  differenceOf,
  drawPage,
  drawWorkbook,
  type Picture,
  pictureOf,
  pngOf,
} from "../support/pictures.ts";

const isWriting = process.env.GALLERY === "write";
const PICTURES = assetPath("docs", "forms");
const SAMPLE = assetPath("samples", "round");
const LARGEST = 100 * 1024;
/** Share of a picture that another version of poppler or LibreOffice may draw otherwise. */
const MOST_UNLIKE = { page: 0.02, workbook: 0.1 };

interface Shown {
  readonly name: string;
  readonly title: string;
}

const templates = listTemplates(undefined).map(({ name, sourceClass }) => {
  const kind = sourceClass === undefined ? "papers" : "forms";
  return { name, kind, read: readTemplateFile(assetPath("templates", kind, `${name}.yaml`), undefined) } as const;
});

/** Both forms of a class, or the one paper. */
function shownOf({ name, read }: (typeof templates)[number]): Shown[] {
  if (read.kind === "paper") return [{ name, title: read.template.title }];
  return [
    { name: `${name}-checklist`, title: read.template.checklist.title },
    { name: `${name}-record`, title: read.template.record.title },
  ];
}

const OF_ROUND: readonly Shown[] = [
  { name: "certificate", title: "抽签见证单" },
  { name: "sample-list", title: "抽样名单（工作簿）" },
  { name: "checklist", title: "核查清单" },
  { name: "record-form", title: "核查记录表" },
  { name: "record-workbook", title: "核查记录表（工作簿的首页）" },
];

const HEAD = `# 表样 Gallery

每张表的第一页；前两组用虚构数据印成，预览时另有灰色大字“样张”。修改模板见 [templates.md](templates.md)。
The first page of every form; the first two groups are printed with invented data, without the 样张 that previews carry.

重做 Made again by: \`GALLERY=write npx vitest run test/forms/gallery.test.ts\`
`;

function group(heading: string, shown: readonly Shown[]): string {
  const cells = shown.map(({ name, title }) => `${title}<br>![${title}](forms/${name}.png)`);
  const rows = cells.flatMap((cell, i) =>
    i % 2 === 0 ? [`| ${[cell, ...cells.slice(i + 1, i + 2)].join(" | ")} |`] : [],
  );
  return `## ${heading}\n\n| | |\n|---|---|\n${rows.join("\n")}\n`;
}

const forms = templates.filter(({ kind }) => kind === "forms").flatMap(shownOf);
const papers = templates.filter(({ kind }) => kind === "papers").flatMap(shownOf);
const page = [
  HEAD,
  group("核查表 Forms", forms),
  group("其他用表 Papers", papers),
  group("样例轮次 Sample round", OF_ROUND),
];

let scratch = "";
beforeAll(() => {
  scratch = scratchFolder("gallery");
  if (!isWriting) return;
  rmSync(PICTURES, { recursive: true, force: true });
  mkdirSync(PICTURES, { recursive: true });
  writeFileSync(assetPath("docs", "forms.md"), page.join("\n"));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Compares a picture with the one in the gallery, or puts it there. */
function keep(name: string, now: Picture, most: number): void {
  const path = join(PICTURES, `${name}.png`);
  if (isWriting) writeFileSync(path, pngOf(now));
  const png = readFileSync(path);
  expect(png.length, name).toBeLessThanOrEqual(LARGEST);
  expect(differenceOf(pictureOf(png), now), name).toBeLessThanOrEqual(most);
}

test("the gallery shows every form, every paper and the papers of a round, and no other", () => {
  expect(assetText("docs", "forms.md")).toBe(page.join("\n"));
  if (isWriting) return;
  const names = [...forms, ...papers, ...OF_ROUND].map(({ name }) => `${name}.png`);
  expect(readdirSync(PICTURES).sort()).toEqual(names.sort());
});

describe.skipIf(!canDraw)("pictures are of the pages as they are printed now (needs pdftoppm)", () => {
  test.each(templates)("$name", async (template) => {
    const { bytes } = await previewTemplate(template.read, false);
    const pdf = join(scratch, `${template.name}.pdf`);
    writeFileSync(pdf, bytes);
    const { pages } = await readPdf(bytes);
    const first = pages.flatMap((each, i) => (each.some(({ text }) => /第 1 页/.test(text)) ? [i + 1] : []));
    const shown = shownOf(template);
    expect(first.length).toBe(shown.length);
    shown.forEach(({ name }, i) => {
      keep(name, drawPage(pdf, first[i] ?? 0, scratch), MOST_UNLIKE.page);
    });
  });

  test("the sample round's papers", () => {
    const city = readdirSync(join(SAMPLE, "forms")).find((entry) => entry.endsWith("市")) ?? "";
    keep("certificate", drawPage(join(SAMPLE, "draw", "抽签见证单.pdf"), 1, scratch), MOST_UNLIKE.page);
    keep("checklist", drawPage(join(SAMPLE, "forms", city, "核查清单.pdf"), 1, scratch), MOST_UNLIKE.page);
    keep("record-form", drawPage(join(SAMPLE, "forms", city, "核查记录表.pdf"), 1, scratch), MOST_UNLIKE.page);
  });
});

test.skipIf(!canDrawWorkbooks)("the sample round's workbooks (needs soffice and a Chinese font)", () => {
  const city = readdirSync(join(SAMPLE, "forms")).find((entry) => entry.endsWith("市")) ?? "";
  keep("sample-list", drawWorkbook(join(SAMPLE, "draw", "抽样名单.xlsx"), scratch), MOST_UNLIKE.workbook);
  keep("record-workbook", drawWorkbook(join(SAMPLE, "forms", city, "核查记录表.xlsx"), scratch), MOST_UNLIKE.workbook);
});

test("a picture reads back as it was, and another page is told from it", () => {
  const shades = Uint8Array.from({ length: 48 * 33 }, (_, i) => (i * 7) % 16);
  const picture = { width: 48, height: 33, shades };
  expect(pictureOf(pngOf(picture))).toEqual(picture);
  expect(differenceOf(picture, picture)).toBe(0);
  expect(differenceOf(picture, { ...picture, shades: new Uint8Array(shades.length).fill(15) })).toBe(1);
});
