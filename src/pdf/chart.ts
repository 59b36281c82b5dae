/** Horizontal bars as vectors, told apart by patterns so that they read in black and white. Lengths are in points. */
import { paintLine } from "./block.ts";
import type { Canvas } from "./canvas.ts";
import { heightOf, type Line, type Style, setText } from "./text.ts";

export type Pattern = "solid" | "slanted" | "blank" | "crossed" | "upright";

/** One row of a chart. */
export interface Bar {
  readonly label: string;
  readonly parts: readonly { readonly value: number; readonly pattern: Pattern }[];
  /** Printed behind the bar. */
  readonly text: string;
  /** Values marked by a short thick line across the bar. */
  readonly ticks?: readonly number[];
}

/** A chart or words under a heading; its rows are spread by the pitch, the least height of a row. */
export interface Figure {
  height(width: number, pitch: number): number;
  paint(canvas: Canvas, x: number, y: number, width: number, pitch: number): void;
}

export const LABEL: Style = { face: "serif", size: 9, leading: 11 };
const LEGEND: Style = { face: "serif", size: 9, leading: 13 };
const HEADING: Style = { face: "sans", size: 10.5, leading: 15 };
const WORDS: Style = { face: "serif", size: 9.5, leading: 14 };
/** Share of a chart's width that labels may take before they wrap; the greater one in a chart of many rows. */
const LABEL_SHARE = { usual: 0.45, crowded: 0.61 };
const CROWDED = 12;
const GAP = 4;
const BAR_HEIGHT = 7.5;
const OUTLINE = 0.5;
/** Figures with their units are long and never divided, so lines are stretched further than in other papers. */
const MOST_SLACK = 6;
const UNBOUNDED = 10_000;

/** A heading over a rule. */
export function heading(text: string): Figure {
  const set = (width: number) => setText(text, HEADING, width);
  return {
    height: (width) => heightOf(set(width)) + 6,
    paint: (canvas, x, y, width) => {
      const bottom = paintLines(canvas, set(width), x, y, width, "left");
      canvas.rule(x, bottom + 1, x + width, bottom + 1, 0.75);
    },
  };
}

/** A few words in place of a chart or below one. */
export function remark(text: string): Figure {
  const set = (width: number) => setText(text, WORDS, width);
  return {
    height: (width) => heightOf(set(width)) + 2,
    paint: (canvas, x, y, width) => void paintLines(canvas, set(width), x, y, width, "justify"),
  };
}

/** White space. */
export function gap(height: number): Figure {
  return { height: () => height, paint: () => {} };
}

/** What each pattern stands for, as many in a line as have room. */
export function legend(items: readonly { readonly name: string; readonly pattern: Pattern }[]): Figure {
  const swatch = 16;
  const place = (width: number) => {
    let [x, row] = [0, 0];
    return items.map(({ name, pattern }) => {
      const [line] = setText(name, LEGEND, UNBOUNDED);
      const own = swatch + 3 + (line?.width ?? 0);
      if (x > 0 && x + own > width) [x, row] = [0, row + 1];
      const at = { line, pattern, x, row };
      x += own + 9;
      return at;
    });
  };
  return {
    height: (width) => LEGEND.leading * (1 + (place(width).at(-1)?.row ?? 0)) + 3,
    paint: (canvas, x, y, width) => {
      for (const item of place(width)) {
        const top = y + item.row * LEGEND.leading;
        paintPattern(canvas, item.pattern, x + item.x, top + 3, swatch, BAR_HEIGHT);
        if (item.line) canvas.line(item.line, x + item.x + swatch + 3, top);
      }
    },
  };
}

/**
 * Bars from one base line, labels at their left and texts behind them.
 * @param guide a value marked by a thin line through all rows
 */
export function bars(rows: readonly Bar[], guide?: number): Figure {
  const most = Math.max(guide ?? 0, ...rows.flatMap((row) => [lengthOf(row), ...(row.ticks ?? [])]));
  const texts = rows.map(({ text }) => setText(text, LABEL, UNBOUNDED)[0]);
  const textWidth = Math.max(0, ...texts.map((line) => line?.width ?? 0));
  const labelWidth = (width: number) => {
    const natural = rows.map(({ label }) => setText(label, LABEL, UNBOUNDED)[0]?.width ?? 0);
    return Math.min(
      Math.max(0, ...natural) + 0.1,
      width * (rows.length > CROWDED ? LABEL_SHARE.crowded : LABEL_SHARE.usual),
    );
  };
  const heightOfRow = ({ label }: Bar, room: number, pitch: number) =>
    Math.max(pitch, heightOf(setText(label, LABEL, room)) + 1.5);
  return {
    height: (width, pitch) => {
      const room = labelWidth(width);
      return rows.reduce((sum, row) => sum + heightOfRow(row, room, pitch), 0) + 2;
    },
    paint: (canvas, x, y, width, pitch) => {
      const room = labelWidth(width);
      const base = x + room + GAP;
      const scale = most === 0 ? 0 : (width - room - 2 * GAP - textWidth) / most;
      let top = y + 1;
      rows.forEach((row, i) => {
        const height = heightOfRow(row, room, pitch);
        const lines = setText(row.label, LABEL, room);
        paintLines(canvas, lines, x, top + (height - heightOf(lines)) / 2, room, "right");
        paintBar(canvas, row, base, top + (height - BAR_HEIGHT) / 2, scale);
        const reach = base + Math.max(lengthOf(row), ...(row.ticks ?? [])) * scale + GAP;
        const text = texts[i];
        if (text) canvas.line(text, reach, top + (height - LABEL.leading) / 2);
        top += height;
      });
      canvas.rule(base, y, base, top + 1, OUTLINE);
      if (guide !== undefined) dashed(canvas, base + guide * scale, y, top + 1);
    },
  };
}

function lengthOf({ parts }: Bar): number {
  return parts.reduce((sum, { value }) => sum + value, 0);
}

function paintBar(canvas: Canvas, { parts, ticks = [] }: Bar, base: number, y: number, scale: number) {
  let x = base;
  for (const { value, pattern } of parts) {
    if (value > 0) paintPattern(canvas, pattern, x, y, value * scale, BAR_HEIGHT);
    x += value * scale;
  }
  for (const value of ticks) {
    canvas.rule(base + value * scale, y - 2, base + value * scale, y + BAR_HEIGHT + 2, 1.5);
  }
}

/** A dashed upright line. */
export function dashed(canvas: Canvas, x: number, top: number, bottom: number) {
  for (let y = top; y < bottom; y += 4) canvas.rule(x, y, x, Math.min(y + 2.2, bottom), 0.6);
}

const HATCHES: Readonly<
  Record<Pattern, (canvas: Canvas, x: number, y: number, width: number, height: number) => void>
> = {
  solid: (canvas, x, y, width, height) => canvas.fill(x, y, width, height),
  blank: () => {},
  slanted: (canvas, x, y, width, height) => slants(canvas, x, y, width, height, 3, false),
  crossed: (canvas, x, y, width, height) => {
    slants(canvas, x, y, width, height, 3.4, false);
    slants(canvas, x, y, width, height, 3.4, true);
  },
  upright: (canvas, x, y, width, height) => {
    for (let at = 1.6; at < width; at += 1.6) canvas.rule(x + at, y, x + at, y + height, 0.6);
  },
};

export function paintPattern(canvas: Canvas, pattern: Pattern, x: number, y: number, width: number, height: number) {
  HATCHES[pattern](canvas, x, y, width, height);
  const [right, bottom] = [x + width, y + height];
  canvas.rule(x, y, right, y, OUTLINE);
  canvas.rule(x, bottom, right, bottom, OUTLINE);
  canvas.rule(x, y, x, bottom, OUTLINE);
  canvas.rule(right, y, right, bottom, OUTLINE);
}

/** Lines at 45° within a rectangle, `distance` apart along its upper side, falling to the left or to the right. */
function slants(
  canvas: Canvas,
  x: number,
  y: number,
  width: number,
  height: number,
  distance: number,
  toRight: boolean,
) {
  const across = (at: number) => (toRight ? x + width - at : x + at);
  for (let d = distance; d < width + height; d += distance) {
    const [fromX, fromY] = [Math.min(d, width), Math.max(0, d - width)];
    const [toX, toY] = [Math.max(0, d - height), Math.min(d, height)];
    canvas.rule(across(fromX), y + fromY, across(toX), y + toY, 0.5);
  }
}

/** Paints lines below one another; returns where the last one ends. */
export function paintLines(
  canvas: Canvas,
  lines: readonly Line[],
  x: number,
  y: number,
  width: number,
  align: "left" | "center" | "right" | "justify",
): number {
  let top = y;
  for (const line of lines) {
    const slack = width - line.width;
    const isStretched = align === "justify" && !line.isLast && slack > 0 && slack < MOST_SLACK * line.style.size;
    if (isStretched) canvas.line(line, x, top, slack / Math.max(1, line.count - 1));
    else paintLine(canvas, line, x, top, width, align);
    top += line.style.leading;
  }
  return top;
}
