/** An office's own fonts: used for text and titles, completed by the shipped ones, refused by name. */
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { paragraph } from "../../src/pdf/block.ts";
import { PdfDocument } from "../../src/pdf/document.ts";
import { glyphsOf } from "../../src/pdf/faces.ts";
import { fillPages } from "../../src/pdf/flow.ts";
import { useOfficeFonts } from "../../src/pdf/office-fonts.ts";
import { AREA } from "../../src/pdf/page.ts";
import type { Style } from "../../src/pdf/text.ts";
import { assetPath } from "../../src/text/assets.ts";
import { ChouqianError } from "../../src/text/errors.ts";
import { scratchFolder } from "../support/chouqian.ts";
import { readGeometry, textOf } from "./geometry.ts";
import { plainText, readPdf } from "./read-pdf.ts";

const KAI = assetPath("fonts", "LXGWWenKai.ttf");
const BODY: Style = { face: "serif", size: 12, leading: 16 };
const TITLE: Style = { face: "title", size: 20, leading: 28, heavy: true };
/** Where Debian's fonts-noto-cjk lie: a collection with PostScript outlines. */
const COLLECTION = "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc";

let folder: string;
beforeAll(() => {
  folder = scratchFolder("office-fonts");
});
afterEach(() => useOfficeFonts({}, "."));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function print(): Promise<Uint8Array> {
  const document = new PdfDocument({ title: "试" });
  const blocks = [...paragraph("标题", TITLE, AREA.width), ...paragraph("正文ABC，东莞。", BODY, AREA.width)];
  for (const page of fillPages(blocks, AREA, () => document.canvas())) document.add(page);
  return (await document.finish()).bytes;
}

function fontNames(bytes: Uint8Array): string[] {
  const all = [...readGeometry(bytes).objects.values()].join("\n");
  return [...new Set([...all.matchAll(/\/BaseFont\/\w+\+([\w-]+)/g)].map(([, name = ""]) => name))].sort();
}

test("the shipped 宋 stands for text and titles where the office names none", async () => {
  expect(fontNames(await print())).toEqual(["NotoSerifSC-Regular"]);
});

test("a font that the office names is used, embedded, and its text can be read back", async () => {
  useOfficeFonts({ body: KAI }, ".");
  const bytes = await print();
  expect(fontNames(bytes)).toEqual(["LXGWWenKai-Regular", "NotoSerifSC-Regular"]);
  expect(textOf(readGeometry(bytes).pages)).toBe("标题正文ABC，东莞。");
  expect(plainText((await readPdf(bytes)).pages)).toBe("标题正文ABC，东莞。");
});

test("paths are seen from the round's folder", async () => {
  useOfficeFonts({ title: "LXGWWenKai.ttf" }, assetPath("fonts"));
  expect(fontNames(await print())).toEqual(["LXGWWenKai-Regular", "NotoSerifSC-Regular"]);
});

test("what the office's font lacks is drawn by the shipped fonts", () => {
  useOfficeFonts({ body: assetPath("fonts", "NotoSansSC-Medium.ttf") }, ".");
  expect(glyphsOf("serif", 0x5b8b)[0]?.face).toBe("body");
  expect(glyphsOf("serif", 0x20bb7)[0]?.face).toBe("kai");
});

test.skipIf(!existsSync(COLLECTION))(
  "a collection with PostScript outlines (skipped where fonts-noto-cjk is absent)",
  async () => {
    useOfficeFonts({ body: COLLECTION }, ".");
    const bytes = await print();
    expect(fontNames(bytes).some((name) => name.startsWith("NotoSerifCJK"))).toBe(true);
    expect(plainText((await readPdf(bytes)).pages)).toBe("标题正文ABC，东莞。");
  },
);

test("files that are missing or no font are refused by name, all at once, and nothing is printed", async () => {
  writeFileSync(join(folder, "simfang.ttf"), "not a font");
  writeFileSync(join(folder, "cut.ttf"), Buffer.from("00010000000c0080", "hex"));
  for (const body of ["simfang.ttf", "cut.ttf"]) {
    useOfficeFonts({ body, title: "小标宋.ttf" }, folder);
    const refusal = await print().then(
      () => undefined,
      (error: unknown) => error,
    );
    if (!(refusal instanceof ChouqianError)) throw refusal;
    expect(refusal.code).toBe("E-PDF-OFFICE-FONT");
    expect(refusal.problems.map(({ at }) => at.value)).toEqual([body, "小标宋.ttf"]);
  }
});
