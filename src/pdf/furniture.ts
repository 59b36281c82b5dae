/** What stands in the margins of a page: running head, foot line, page x of y, and a word across a page not in force. */
import { paintLine } from "./block.ts";
import type { Canvas } from "./canvas.ts";
import { AREA, PAGE, type PageArea } from "./page.ts";
import { heightOf, type Span, type Style, setText } from "./text.ts";

export interface Furniture {
  /** Running head: at the left, such as the name of the inspection, and at the right, such as the kind of paper. */
  readonly head: readonly [left: string, right: string];
  /** Foot line, at the left; the page number stands at the right. */
  readonly foot: string;
  /** The same of all pages but the first, where it is another. */
  readonly laterFoot?: string;
  /** Drawn in grey across every page, below its text, such as 演练. */
  readonly across?: string;
}

const SMALL: Style = { face: "serif", size: 9, leading: 12 };
const ACROSS: Style = { face: "sans", size: 150, leading: 150 };
const GAP = 10;
/** Share of the width that the left text of head and foot may take. */
const LEFT_SHARE = 0.72;

/** Furnishes the pages of one paper: page x of y counts these pages only. */
export function furnish(
  pages: readonly Canvas[],
  { head, foot, laterFoot = foot, across }: Furniture,
  area: PageArea = AREA,
): void {
  pages.forEach(({ margin: canvas }, i) => {
    canvas.tag(undefined);
    paintPair(canvas, head, area, area.top - GAP, "above");
    paintPair(
      canvas,
      [i === 0 ? foot : laterFoot, `第 ${i + 1} 页　共 ${pages.length} 页`],
      area,
      area.bottom + GAP,
      "below",
    );
    if (across !== undefined) paintAcross(canvas, across, area);
  });
}

function paintPair(
  canvas: Canvas,
  [left, right]: readonly [string, string],
  area: PageArea,
  at: number,
  side: "above" | "below",
): void {
  const texts = [
    { text: left, share: LEFT_SHARE, x: area.left, align: "left" },
    { text: right, share: 1 - LEFT_SHARE, x: area.left + area.width * LEFT_SHARE, align: "right" },
  ] as const;
  for (const { text, share, x, align } of texts) {
    const room = area.width * share;
    const lines = setText(partsOf(text), SMALL, room);
    let y = side === "above" ? at - heightOf(lines) : at;
    for (const line of lines) {
      paintLine(canvas, line, x, y, room, align);
      y += line.style.leading;
    }
  }
}

/** What wide spaces set apart, such as 日志 and its number: lines end between such parts where they can. */
function partsOf(text: string): Span[] {
  return text.split(/(?<=　)/).map((part) => ({ text: part, style: SMALL, whole: true }));
}

function paintAcross(canvas: Canvas, word: string, { left, right, top, bottom }: PageArea): void {
  const [line] = setText(word, ACROSS, PAGE.width * 2);
  if (line !== undefined) canvas.watermark(line, (left + right) / 2, (top + bottom) / 2, Math.PI / 6);
}
