/** Reads the text layer of a PDF back, for tests. */
import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";

/** One run of text: its lower left corner from the upper left of the page, and its width, in points. */
interface TextItem {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly size: number;
}

export interface ReadPdf {
  readonly pages: readonly (readonly TextItem[])[];
  readonly title: string;
  /** Bookmarks in their order, each indented by two spaces for every one it stands under. */
  readonly outline: readonly string[];
}

export async function readPdf(bytes: Uint8Array): Promise<ReadPdf> {
  const task = getDocument({ data: Uint8Array.from(bytes), verbosity: 0 });
  const document = await task.promise;
  const pages: TextItem[][] = [];
  for (let number = 1; number <= document.numPages; number++) {
    const page = await document.getPage(number);
    const height = page.getViewport({ scale: 1 }).height;
    const { items } = await page.getTextContent({ disableNormalization: true });
    pages.push(
      items.flatMap((item) => {
        if (!("str" in item) || item.str.trim() === "") return [];
        const [a = 0, b = 0, , , x = 0, y = 0] = item.transform as number[];
        return [{ text: item.str, x, y: height - y, width: item.width, size: Math.hypot(a, b) }];
      }),
    );
  }
  const info = (await document.getMetadata()).info as { Title?: string };
  const outline = (await document.getOutline()) ?? [];
  await task.destroy();
  return {
    pages,
    title: info.Title ?? "",
    outline: outline.flatMap((item) => indented(item)),
  };
}

interface Bookmark {
  readonly title: string;
  readonly items: readonly Bookmark[];
}

function indented({ title, items }: Bookmark): string[] {
  return [title, ...items.flatMap((item) => indented(item)).map((each) => `  ${each}`)];
}

/** All text in the order in which it was drawn, white space taken out. */
export function plainText(pages: ReadPdf["pages"]): string {
  return withoutSpace(
    pages
      .flat()
      .map(({ text }) => text)
      .join(""),
  );
}

export function withoutSpace(text: string): string {
  return text.replace(/\s/g, "");
}

/** Pages as a reader sees them: one line for each height, texts from left to right. */
export function asSeen(pages: ReadPdf["pages"]): string {
  return pages
    .map((items, i) => {
      const lines = new Map<number, TextItem[]>();
      for (const item of items) {
        const key = [...lines.keys()].find((y) => Math.abs(y - item.y) < 2) ?? item.y;
        lines.set(key, [...(lines.get(key) ?? []), item]);
      }
      const sorted = [...lines].sort(([a], [b]) => a - b).map(([, line]) => line.sort((a, b) => a.x - b.x));
      return `──── ${i + 1} ────\n${sorted.map((line) => joined(line)).join("\n")}\n`;
    })
    .join("\n");
}

/** Texts that touch are one; others are set apart by a bar. */
function joined(line: readonly TextItem[]): string {
  let end = Number.NEGATIVE_INFINITY;
  let text = "";
  for (const item of line) {
    if (text !== "") text += item.x - end > 1.5 ? "  |  " : "";
    text += item.text;
    end = item.x + item.width;
  }
  return text.trimEnd();
}
