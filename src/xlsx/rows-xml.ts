/**
 * The rows of a sheet as XML (ECMA-376 part 1, 18.3.1.80), written from the cells themselves: the library copies each cell
 * twice on the way.
 */
import type { Worksheet } from "exceljs";
import { type InnerCell, type InnerRow, inner, rowsOf, rulesOf, type SheetModel, type Writing } from "./exceljs.ts";
import { columnLetters } from "./layout.ts";

/** Types of values, by the library's numbers. */
const TYPE = { empty: 0, merged: 1, number: 2, text: 3, formula: 6 } as const;
const PLAIN_TYPES: readonly number[] = Object.values(TYPE);
const NO_STYLE = {};

/**
 * Whether a sheet holds nothing but what is written here: numbers, texts, formulas of numbers and texts, and no rule asks
 * for a date as such.
 */
export function isPlain(sheet: Worksheet): boolean {
  if (sheet.getImages().length > 0 || sheet.getTables().length > 0) return false;
  if (Object.values(rulesOf(sheet)).some((rule) => rule?.type === "date")) return false;
  return rowsOf(sheet).every((row) => row === undefined || row._cells.every((cell) => !cell || isPlainCell(cell)));
}

function isPlainCell({ _value: { model }, _comment }: InnerCell): boolean {
  if (_comment !== undefined || !PLAIN_TYPES.includes(model.type)) return false;
  if (model.type !== TYPE.formula) return true;
  return model.shareType === undefined && (typeof model.result === "string" || typeof model.result === "number");
}

/** A range that grows. */
class Area {
  #top: number;
  #left: number;
  #bottom: number;
  #right: number;
  constructor({ _row, _column }: InnerCell) {
    this.#top = this.#bottom = _row.number;
    this.#left = this.#right = _column.number;
  }

  add({ _row: { number: row }, _column: { number: column } }: InnerCell) {
    if (row < this.#top) this.#top = row;
    if (row > this.#bottom) this.#bottom = row;
    if (column < this.#left) this.#left = column;
    if (column > this.#right) this.#right = column;
  }

  get range(): string {
    return `${columnLetters(this.#left)}${this.#top}:${columnLetters(this.#right)}${this.#bottom}`;
  }
}

/**
 * The rows of a plain sheet, in UTF-8.
 * @param writing takes the texts, styles and merged ranges
 */
export function rowsInXml(sheet: Worksheet, { dimensions }: SheetModel, writing: Writing): readonly Uint8Array[] {
  const rows = rowsOf(sheet).filter((row): row is InnerRow => row !== undefined && isWritten(row));
  const shared = gather(rows, writing);
  return rows.map((row) => Buffer.from(rowXml(row, shared, writing, dimensions)));
}

function isWritten({ height, _cells }: InnerRow): boolean {
  return Boolean(height) || _cells.some(Boolean);
}

/** The attributes of the element of a formula that several cells hold, and of the first of them, which writes it. */
interface Shared {
  readonly number: number;
  readonly area: Area;
}

/** Gathers what spans cells: merged ranges for `writing`, and formulas that cells share, by the address of the first. */
function gather(rows: readonly InnerRow[], writing: Writing): ReadonlyMap<string, Shared> {
  const merged = new Map<InnerCell, Area>();
  const firsts = new Map<string, InnerCell>();
  const shared = new Map<string, Shared>();
  for (const { _cells } of rows) {
    for (const cell of _cells) {
      const value = cell?._value;
      if (cell === undefined || value === undefined) continue;
      const { type, formula, sharedFormula } = value.model;
      if (type === TYPE.merged && value._master !== undefined) grow(merged, value._master, cell);
      else if (type === TYPE.formula && formula) firsts.set(cell._address, cell);
      else if (type === TYPE.formula && sharedFormula) {
        const first = firsts.get(sharedFormula);
        if (first === undefined) throw new Error(`no formula above or before ${cell._address}`);
        const { area } = shared.get(sharedFormula) ?? { area: new Area(first) };
        if (!shared.has(sharedFormula)) shared.set(sharedFormula, { number: shared.size, area });
        area.add(cell);
      }
    }
  }
  writing.merges = { mergeCells: [...merged.values()].map(({ range }) => range) };
  return shared;
}

function grow(areas: Map<InnerCell, Area>, first: InnerCell, cell: InnerCell) {
  const area = areas.get(first) ?? new Area(first);
  areas.set(first, area);
  area.add(cell);
}

function rowXml(
  row: InnerRow,
  shared: ReadonlyMap<string, Shared>,
  writing: Writing,
  dimensions: SheetModel["dimensions"],
): string {
  const { number, height, hidden, outlineLevel, collapsed } = row;
  const style = writing.styles.addStyleModel(isEmpty(row.style) ? NO_STYLE : row.style);
  let [min, max] = [0, 0];
  let cells = "";
  for (const cell of row._cells) {
    if (!cell) continue;
    max = cell._column.number;
    if (min === 0) min = max;
    cells += cellXml(cell, shared, writing);
  }
  dimensions.expand(number, min, number, max);
  const attributes = [
    height ? ` ht="${height}" customHeight="1"` : "",
    hidden ? ' hidden="1"' : "",
    min > 0 ? ` spans="${min}:${max}"` : "",
    style ? ` s="${style}" customFormat="1"` : "",
    ' x14ac:dyDescent="0.25"',
    outlineLevel ? ` outlineLevel="${outlineLevel}"` : "",
    collapsed ? ' collapsed="1"' : "",
  ].join("");
  return cells === "" ? `<row r="${number}"${attributes}/>` : `<row r="${number}"${attributes}>${cells}</row>`;
}

function isEmpty(style: object): boolean {
  for (const _ in style) return false;
  return true;
}

function cellXml(cell: InnerCell, shared: ReadonlyMap<string, Shared>, { styles, sharedStrings }: Writing): string {
  const { model } = cell._value;
  const { type, value } = model;
  const shown = type === TYPE.formula ? (typeof model.result === "string" ? TYPE.text : TYPE.number) : type;
  const number = styles.addStyleModel(cell.style, shown);
  const style = number ? ` s="${number}"` : "";
  const place = `<c r="${cell._address}"${style}`;
  switch (type) {
    case TYPE.text:
      return `${place} t="s"><v>${sharedStrings.add(value as string)}</v></c>`;
    case TYPE.number:
      return `${place}><v>${value}</v></c>`;
    case TYPE.formula:
      return `${place}${formulaXml(cell, shared)}</c>`;
    case TYPE.empty:
      return number ? `${place}/>` : "";
    default:
      return `${place}/>`;
  }
}

/** The rest of a cell's element with a formula and the result that viewers show which do not calculate. */
function formulaXml({ _address, _value: { model } }: InnerCell, shared: ReadonlyMap<string, Shared>): string {
  const { formula, sharedFormula, result } = model;
  const { number, area } = shared.get(sharedFormula || _address) ?? {};
  let element: string;
  if (!formula) element = `<f t="shared" si="${number}"/>`;
  else if (area === undefined) element = `<f>${inner().xmlEncode(formula)}</f>`;
  else element = `<f t="shared" ref="${area.range}" si="${number}">${inner().xmlEncode(formula)}</f>`;
  return typeof result === "string"
    ? ` t="str">${element}<v>${inner().xmlEncode(result)}</v>`
    : `>${element}<v>${result}</v>`;
}
