/** Charts of an evaluation as vectors, readable in black and white: rates with bounds, causes, cities as tiles. */
import { paintLine } from "../../pdf/block.ts";
import type { Canvas } from "../../pdf/canvas.ts";
import { dashed, type Figure, type Pattern, paintLines, paintPattern } from "../../pdf/chart.ts";
import { heightOf, type Style, setText } from "../../pdf/text.ts";
import type { Cause, Verdict } from "../evaluation.ts";
import { verdictShown } from "../in-words.ts";
import type { VerdictCode } from "../terms.ts";
import { VERDICT_NAMES } from "../terms.ts";
import { percent, plainPercent } from "./percent.ts";

const LABEL: Style = { face: "serif", size: 9, leading: 11 };
const STRONG: Style = { face: "sans", size: 9, leading: 12 };
const UNBOUNDED = 10_000;
const GAP = 5;
/** Room for the figures on the axis. */
const AXIS = 15;

/** One row of a chart of rates. */
export interface RateRow {
  readonly label: string;
  readonly rate: number | null;
  readonly limits: {
    readonly lower: number;
    readonly upper: number;
    readonly lowerOneSided: number;
    readonly upperOneSided: number;
  } | null;
  /** Printed at the right of the row. */
  readonly text: string;
}

/** Steps of an axis of rates. */
const STEPS = [0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2];
const MOST_STEPS = 9;

/**
 * Rates with their bounds from one axis: a square at the estimate, a line over the two-sided 95% interval, short strokes at
 * the one-sided bounds by which verdicts go, and a dashed line at the limit. What lies beyond the axis ends in an arrow.
 */
export function rateChart(rows: readonly RateRow[], limit: number): Figure {
  const most = axisEnd(rows, limit);
  const step = STEPS.find((each) => most / each <= MOST_STEPS) ?? 0.25;
  const labels = rows.map(({ label }) => setText(label, LABEL, UNBOUNDED)[0]);
  const texts = rows.map(({ text }) => setText(text, LABEL, UNBOUNDED)[0]);
  const widest = (lines: typeof labels) => Math.max(0, ...lines.map((line) => line?.width ?? 0));
  const [labelWidth, textWidth] = [widest(labels), widest(texts)];
  return {
    height: (_, pitch) => rows.length * pitch + AXIS,
    paint: (canvas, x, y, width, pitch) => {
      const base = x + labelWidth + GAP;
      const scale = (width - labelWidth - textWidth - 2 * GAP) / most;
      const bottom = y + rows.length * pitch;
      for (let value = 0; value <= most + step / 1000; value += step) {
        const at = base + value * scale;
        canvas.rule(at, bottom, at, bottom + 3, 0.5);
        const [figure] = setText(plainPercent(value), LABEL, UNBOUNDED);
        if (figure) canvas.line(figure, at - figure.width / 2, bottom + 3.5);
      }
      canvas.rule(base, bottom, base + most * scale, bottom, 0.5);
      canvas.rule(base, y, base, bottom, 0.5);
      dashed(canvas, base + limit * scale, y - 3, bottom);
      rows.forEach((row, i) => {
        const middle = y + (i + 0.5) * pitch;
        const [label, text] = [labels[i], texts[i]];
        if (label) canvas.line(label, base - GAP - label.width, middle - LABEL.leading / 2);
        if (text) canvas.line(text, x + width - text.width, middle - LABEL.leading / 2);
        paintRate(canvas, row, { base, scale, most, middle });
      });
    },
  };
}

function axisEnd(rows: readonly RateRow[], limit: number): number {
  const rates = Math.max(limit, ...rows.map(({ rate }) => rate ?? 0));
  const uppers = Math.max(0, ...rows.map(({ limits, rate }) => limits?.upper ?? rate ?? 0));
  const inOrder = rows.flatMap(({ limits }) => limits?.upper ?? []).sort((a, b) => a - b);
  const usual = inOrder[Math.floor(inOrder.length / 2)] ?? 0;
  // a few unsure rows must not press all others against the axis
  const end = Math.min(1, Math.max(2 * limit, 1.3 * rates, Math.min(uppers, Math.max(usual, 2 * rates))));
  const step = STEPS.find((each) => end / each <= MOST_STEPS) ?? 0.25;
  return Math.min(1, Math.ceil(end / step - 1e-9) * step);
}

function paintRate(
  canvas: Canvas,
  { rate, limits }: RateRow,
  { base, scale, most, middle }: { base: number; scale: number; most: number; middle: number },
) {
  const at = (value: number) => base + Math.min(value, most) * scale;
  if (limits !== null) {
    canvas.rule(at(limits.lower), middle, at(limits.upper), middle, 0.8);
    // After a follow-up the one-sided bounds are surer than the interval and may lie beyond it.
    if (limits.lowerOneSided < limits.lower)
      canvas.rule(at(limits.lowerOneSided), middle, at(limits.lower), middle, 0.3);
    if (limits.upperOneSided > limits.upper)
      canvas.rule(at(limits.upper), middle, at(limits.upperOneSided), middle, 0.3);
    for (const bound of [limits.lowerOneSided, limits.upperOneSided]) {
      if (bound <= most) canvas.rule(at(bound), middle - 3, at(bound), middle + 3, 0.8);
    }
    if (limits.upper > most) {
      canvas.rule(at(most) - 4, middle - 2.5, at(most), middle, 0.8);
      canvas.rule(at(most) - 4, middle + 2.5, at(most), middle, 0.8);
    }
  }
  if (rate !== null && rate <= most) canvas.fill(at(rate) - 2, middle - 2, 4, 4);
}

const CAUSE_ROW = 16;

/** So many errors, and shares of them mean something. */
const MANY_ERRORS = 50;

/** Causes by frequency: bars of the number of errors, with share and cumulated share behind where there are many (Pareto). */
export function causeChart(causes: readonly Cause[]): Figure {
  const most = Math.max(1, ...causes.map(({ errors }) => errors));
  const name = ({ cause }: Cause) => (cause === "" ? "未写明" : cause);
  const isMany = causes.reduce((sum, { errors }) => sum + errors, 0) >= MANY_ERRORS;
  const text = ({ errors, share, cumulative }: Cause) =>
    isMany ? `${errors} 项　${percent(share)}　累计 ${percent(cumulative)}` : `${errors} 项`;
  return {
    height: (width) => causes.reduce((sum, cause) => sum + causeHeight(name(cause), width), 0) + 2,
    paint: (canvas, x, y, width) => {
      const room = width * 0.3;
      const texts = causes.map((cause) => setText(text(cause), LABEL, UNBOUNDED)[0]);
      const textWidth = Math.max(0, ...texts.map((line) => line?.width ?? 0));
      const base = x + room + GAP;
      const scale = (width - room - 2 * GAP - textWidth) / most;
      let top = y;
      causes.forEach((cause, i) => {
        const height = causeHeight(name(cause), width);
        const lines = setText(name(cause), LABEL, room);
        paintLines(canvas, lines, x, top + (height - heightOf(lines)) / 2, room, "right");
        paintPattern(canvas, i === 0 ? "solid" : "slanted", base, top + (height - 9) / 2, cause.errors * scale, 9);
        const line = texts[i];
        if (line) canvas.line(line, base + cause.errors * scale + GAP, top + (height - LABEL.leading) / 2);
        top += height;
      });
      canvas.rule(base, y, base, top, 0.5);
    },
  };
}

function causeHeight(name: string, width: number): number {
  return Math.max(CAUSE_ROW, heightOf(setText(name, LABEL, width * 0.3)) + 4);
}

/** Where a city's tile stands: column and row, much as the cities lie on a map of Guangdong. */
const TILES: Readonly<Record<string, readonly [column: number, row: number]>> = {
  "440200": [3, 0],
  "441800": [2, 1],
  "441600": [4, 1],
  "441400": [5, 1],
  "441200": [1, 2],
  "440100": [2, 2],
  "441900": [3, 2],
  "441300": [4, 2],
  "445200": [5, 2],
  "445100": [6, 2],
  "445300": [1, 3],
  "440600": [2, 3],
  "440300": [3, 3],
  "441500": [4, 3],
  "440500": [6, 3],
  "440900": [0, 4],
  "441700": [1, 4],
  "440700": [2, 4],
  "442000": [3, 4],
  "440800": [0, 5],
  "440400": [3, 5],
};
const TILE_COLUMNS = 7;
const TILE_ROWS = 6;
const TILE_HEIGHT = 33;
const BAND = 6;

/** How a verdict looks: the band at the foot of a tile, and the tile's outline. */
const LOOKS: Readonly<Record<VerdictCode, { readonly pattern: Pattern; readonly outline: number }>> = {
  met: { pattern: "blank", outline: 0.5 },
  notMet: { pattern: "solid", outline: 1.8 },
  undecided: { pattern: "slanted", outline: 0.9 },
  cannotBeJudged: { pattern: "crossed", outline: 0.5 },
};

/** A tile for each city of Guangdong, in its place on the map; cities that were not drawn keep an empty one. */
export function tileGrid(
  verdicts: readonly (Verdict & { readonly rate: number | null })[],
  nameOf: (city: string) => string,
): Figure {
  const byCity = new Map(verdicts.map((verdict) => [verdict.city, verdict]));
  return {
    height: () => TILE_ROWS * TILE_HEIGHT,
    paint: (canvas, x, y, width) => {
      const tile = width / TILE_COLUMNS;
      for (const [city, [column, row]] of Object.entries(TILES)) {
        const [left, top] = [x + column * tile + 1.5, y + row * TILE_HEIGHT + 1.5];
        const [wide, high] = [tile - 3, TILE_HEIGHT - 3];
        const found = byCity.get(city);
        const centred = (text: string, style: Style, at: number) => {
          const [line] = setText(text, style, UNBOUNDED);
          if (line) paintLine(canvas, line, left, at, wide, "center");
        };
        if (found === undefined) {
          outline(canvas, left, top, wide, high, 0.25);
          centred(nameOf(city), LABEL, top + (high - LABEL.leading) / 2);
          continue;
        }
        const { pattern, outline: stroke } = LOOKS[found.verdict];
        if (pattern !== "blank") paintPattern(canvas, pattern, left, top + high - BAND, wide, BAND);
        outline(canvas, left, top, wide, high, stroke);
        centred(`${found.name} ${percent(found.rate)}`, STRONG, top + 2);
        centred(verdictShown(found).zh, LABEL, top + 13.5);
      }
    },
  };
}

function outline(canvas: Canvas, x: number, y: number, width: number, height: number, stroke: number) {
  const [right, bottom] = [x + width, y + height];
  canvas.rule(x, y, right, y, stroke);
  canvas.rule(x, bottom, right, bottom, stroke);
  canvas.rule(x, y, x, bottom, stroke);
  canvas.rule(right, y, right, bottom, stroke);
}

/** What the tiles' bands mean. */
export const TILE_LEGEND: readonly { readonly name: string; readonly pattern: Pattern }[] = (
  ["met", "notMet", "undecided", "cannotBeJudged"] as const
).map((code) => ({ name: VERDICT_NAMES[code].zh, pattern: LOOKS[code].pattern }));
