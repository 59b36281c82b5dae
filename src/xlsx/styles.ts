/** House styles of workbooks: fonts that every Chinese Windows has, grey heads, thin lines, tinted input. */
import type { Alignment, Border, Borders, Fill, Font, Style } from "exceljs";

/** A shared style: reuse one object for many cells, it is written once. */
export type CellStyle = Readonly<Partial<Style>>;

const THIN: Partial<Border> = { style: "thin", color: { argb: "FF808080" } };
const BOX: Partial<Borders> = { top: THIN, left: THIN, bottom: THIN, right: THIN };
const THICK: Partial<Border> = { style: "thick", color: { argb: "FFC00000" } };
const GREY = solid("FFE7E6E6");
const PALE_GREY = solid("FFF2F2F2");
const INPUT_TINT = solid("FFFFF8DC");

const LEFT: Partial<Alignment> = { horizontal: "left", vertical: "middle", wrapText: true };
const CENTRE: Partial<Alignment> = { horizontal: "center", vertical: "middle", wrapText: true };
const RIGHT: Partial<Alignment> = { horizontal: "right", vertical: "middle" };

/** Styles by use. Each is one frozen object: exceljs writes a style once for each object, not for each cell. */
export const STYLES = {
  title: style({ font: black(16), alignment: { horizontal: "center", vertical: "middle" } }),
  titleLeft: style({ font: black(14), alignment: { horizontal: "left", vertical: "middle" } }),
  subtitle: style({ font: song(10), alignment: { horizontal: "center", vertical: "middle", wrapText: true } }),
  note: style({ font: song(10), alignment: LEFT }),
  head: style({ font: black(11), alignment: CENTRE, border: BOX, fill: GREY }),
  label: style({ font: black(10.5), alignment: CENTRE, border: BOX, fill: PALE_GREY }),
  group: style({
    font: black(11),
    alignment: { horizontal: "left", vertical: "middle" },
    border: BOX,
    fill: PALE_GREY,
  }),
  groupCentred: style({ font: black(11), alignment: CENTRE, border: BOX, fill: PALE_GREY }),
  /** Whose form it is, in sight on every page. */
  whose: style({ font: black(11), alignment: { horizontal: "left", vertical: "middle", wrapText: true } }),
  /** A form's own number, at the right above its table. */
  tableNumber: style({ font: song(9), alignment: { horizontal: "right", vertical: "bottom", wrapText: true } }),
  body: style({ font: song(11), alignment: LEFT, border: BOX }),
  centred: style({ font: song(11), alignment: CENTRE, border: BOX }),
  number: style({ font: song(11), alignment: RIGHT, border: BOX }),
  probability: style({ font: song(11), alignment: RIGHT, border: BOX, numFmt: "0.0000" }),
  percent: style({ font: song(11), alignment: CENTRE, border: BOX, numFmt: "0.00%" }),
  /** Ids and codes: text, whatever they look like. */
  code: style({ font: song(11), alignment: LEFT, border: BOX, numFmt: "@" }),
  /** What does not count any more. */
  struck: style({ font: { ...song(11), strike: true }, alignment: LEFT, border: BOX, numFmt: "@" }),
  /** Long hexadecimal digests. */
  digest: style({ font: { name: "Consolas", size: 8 }, alignment: LEFT, border: BOX, numFmt: "@" }),
  link: style({ font: { ...song(11), underline: true, color: { argb: "FF0563C1" } }, alignment: LEFT, border: BOX }),
  /** Something a reader must not miss, in black and white. */
  strong: style({ font: black(11), alignment: RIGHT, border: BOX, fill: GREY }),
  strongCentred: style({ font: black(11), alignment: CENTRE, border: BOX, fill: GREY }),
  strongText: style({ font: black(11), alignment: LEFT, border: BOX, fill: GREY }),
  input: style({ font: song(11), alignment: LEFT, border: BOX, fill: INPUT_TINT, protection: { locked: false } }),
  inputCentred: style({
    font: song(11),
    alignment: CENTRE,
    border: BOX,
    fill: INPUT_TINT,
    protection: { locked: false },
  }),
  inputCode: style({
    font: song(11),
    alignment: LEFT,
    border: BOX,
    fill: INPUT_TINT,
    numFmt: "@",
    protection: { locked: false },
  }),
  inputNumber: style({
    font: song(11),
    alignment: RIGHT,
    border: BOX,
    fill: INPUT_TINT,
    protection: { locked: false },
  }),
  /** Where nothing is to be written. */
  blocked: style({ border: BOX, fill: GREY }),
  /** Over a cell's own style: something is wrong with it. */
  fault: style({ border: { top: THICK, left: THICK, bottom: THICK, right: THICK }, fill: GREY }),
  plain: style({ numFmt: "@" }),
  /** Cells that only formulas read. */
  hidden: style({}),
} as const;

function style(parts: Partial<Style>): CellStyle {
  return Object.freeze(parts);
}

function song(size: number): Partial<Font> {
  return { name: "宋体", charset: 134, size };
}

function black(size: number): Partial<Font> {
  return { name: "黑体", charset: 134, size };
}

function solid(argb: string): Fill {
  return { type: "pattern", pattern: "solid", fgColor: { argb } };
}
