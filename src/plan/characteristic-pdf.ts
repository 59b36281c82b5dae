/** 抽检特性曲线: the operating characteristic of a sample on one page, readable in black and white. */
import { paintLine } from "../pdf/block.ts";
import type { Canvas } from "../pdf/canvas.ts";
import { PdfDocument } from "../pdf/document.ts";
import { furnish } from "../pdf/furniture.ts";
import { WIDE_AREA } from "../pdf/page.ts";
import { heightOf, type Style, setText } from "../pdf/text.ts";
import type { Acceptance } from "./sample-size.ts";

/** One curve: at most so many units in error are accepted. */
export interface Curve {
  readonly allowed: number;
  readonly points: readonly Acceptance[];
}

export interface CharacteristicPicture {
  readonly title: string;
  readonly N: number;
  readonly n: number;
  /** The limit, as a number. */
  readonly limit: number;
  readonly confidence: number;
  readonly curves: readonly Curve[];
  /** What the picture says, a paragraph a line. */
  readonly notes: readonly string[];
}

const NAME = "抽检特性曲线";
const TITLE: Style = { face: "title", size: 20, leading: 30, heavy: true };
const SUBTITLE: Style = { face: "title", size: 12, leading: 20 };
const BODY: Style = { face: "serif", size: 11, leading: 19 };
const LABEL: Style = { face: "serif", size: 9.5, leading: 12 };
const HEIGHT = 300;
/** Room for the labels of the axes. */
const MARGIN = { left: 46, right: 84, bottom: 40 };
/** Strokes of the curves, the first for the smallest number allowed: line width, and length of dash and gap. */
const STROKES = [
  { width: 1.6, dash: 0, gap: 0 },
  { width: 1.2, dash: 7, gap: 4 },
  { width: 1.2, dash: 2, gap: 3 },
];

/** A page for each picture, with a bookmark; the same bytes for the same pictures. */
export async function characteristicPdf(pictures: readonly CharacteristicPicture[]): Promise<Uint8Array> {
  const [first] = pictures;
  const title = pictures.length === 1 ? `${first?.title}　${NAME}` : NAME;
  const document = new PdfDocument({ title });
  const pages = pictures.map((picture) => page(document, picture));
  furnish(
    pages,
    { head: [pictures.length === 1 ? (first?.title ?? "") : "", NAME], foot: "超几何分布，精确计算" },
    WIDE_AREA,
  );
  pages.forEach((canvas, index) => {
    document.add(canvas, pictures.length === 1 ? [] : [pictures[index]?.title ?? ""]);
  });
  return (await document.finish()).bytes;
}

function page(document: PdfDocument, picture: CharacteristicPicture): Canvas {
  const canvas = document.canvas();
  let y = WIDE_AREA.top + 6;
  y = text(canvas, NAME, TITLE, y, "center");
  y = text(canvas, picture.title, SUBTITLE, y, "center") + 16;
  paintChart(canvas, picture, WIDE_AREA.left, y);
  y += HEIGHT + MARGIN.bottom + 22;
  for (const note of picture.notes) y = text(canvas, `　　${note}`, BODY, y, "justify");
  return canvas;
}

function text(canvas: Canvas, words: string, style: Style, y: number, align: "center" | "justify"): number {
  const lines = setText(words, style, WIDE_AREA.width);
  let at = y;
  lines.forEach((line, i) => {
    paintLine(
      canvas,
      line,
      WIDE_AREA.left,
      at,
      WIDE_AREA.width,
      align === "justify" && i === lines.length - 1 ? "left" : align,
    );
    at += style.leading;
  });
  return y + heightOf(lines);
}

function paintChart(canvas: Canvas, { curves, limit, confidence }: CharacteristicPicture, left: number, top: number) {
  const frame = {
    left: left + MARGIN.left,
    right: left + WIDE_AREA.width - MARGIN.right,
    top,
    bottom: top + HEIGHT,
  };
  const most = Math.max(...curves.flatMap(({ points }) => points.map(({ rate }) => rate)), limit);
  const x = (rate: number) => frame.left + (rate / most) * (frame.right - frame.left);
  const y = (chance: number) => frame.bottom - chance * (frame.bottom - frame.top);
  const label = (words: string, at: number, height: number, align: "left" | "center" | "right") => {
    const [line] = setText(words, LABEL, 400);
    if (line === undefined) return;
    const shift = align === "left" ? 0 : align === "center" ? line.width / 2 : line.width;
    canvas.line(line, at - shift, height);
  };
  for (const chance of [0, 0.2, 0.4, 0.6, 0.8, 1]) {
    canvas.rule(frame.left, y(chance), frame.right, y(chance), chance === 0 ? 1 : 0.25);
    label(`${Math.round(chance * 100)}%`, frame.left - 6, y(chance) - 6, "right");
  }
  canvas.rule(frame.left, frame.top, frame.left, frame.bottom, 1);
  const step = niceStep(most);
  for (let rate = 0; rate <= most * 1.0001; rate += step) {
    canvas.rule(x(rate), frame.bottom, x(rate), frame.bottom + 4, 1);
    label(percentLabel(rate), x(rate), frame.bottom + 6, "center");
  }
  label("差错单位的真实比例", (frame.left + frame.right) / 2, frame.bottom + 22, "center");
  label("被判为合格的概率", left, frame.top - 18, "left");
  dashed(canvas, x(limit), frame.top, x(limit), frame.bottom, { width: 0.6, dash: 4, gap: 2 });
  label(`限值 ${percentLabel(limit)}`, x(limit) + 3, frame.top - 14, "left");
  dashed(canvas, frame.left, y(1 - confidence), frame.right, y(1 - confidence), { width: 0.6, dash: 4, gap: 2 });
  label(`${percentLabel(1 - confidence)} 误判`, frame.right + 4, y(1 - confidence) - 6, "left");
  curves.forEach(({ allowed, points }, index) => {
    const stroke = STROKES[index % STROKES.length] as Stroke;
    let carried = 0;
    points.slice(1).forEach((point, i) => {
      const from = points[i] as Acceptance;
      carried = dashed(canvas, x(from.rate), y(from.chance), x(point.rate), y(point.chance), stroke, carried);
    });
    const row = frame.top + 14 + index * 20;
    dashed(canvas, frame.right - 96, row, frame.right - 66, row, stroke);
    label(allowed === 0 ? "不许有差错" : `容许 ${allowed} 家`, frame.right - 60, row - 6, "left");
  });
}

interface Stroke {
  readonly width: number;
  readonly dash: number;
  readonly gap: number;
}

/** Draws a dashed line. Returns how far into the pattern it ends, for the next piece of a curve. */
function dashed(canvas: Canvas, x1: number, y1: number, x2: number, y2: number, stroke: Stroke, carried = 0): number {
  const { width, dash, gap } = stroke;
  const length = Math.hypot(x2 - x1, y2 - y1);
  if (dash === 0) {
    canvas.rule(x1, y1, x2, y2, width);
    return 0;
  }
  const at = (along: number) => [x1 + ((x2 - x1) * along) / length, y1 + ((y2 - y1) * along) / length] as const;
  const period = dash + gap;
  for (let start = -carried; start < length; start += period) {
    const [from, to] = [Math.max(0, start), Math.min(length, start + dash)];
    if (to > from) canvas.rule(...at(from), ...at(to), width);
  }
  return (carried + length) % period;
}

/** A step that gives an axis of at most ten marks at round numbers. */
function niceStep(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  return [0.1, 0.2, 0.5, 1].map((step) => step * power).find((step) => most / step <= 10.5) ?? power;
}

function percentLabel(rate: number): string {
  return `${Number((rate * 100).toPrecision(3))}%`;
}
