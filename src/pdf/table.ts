/** Tables: rows of cells as blocks. Texts wrap, cells span columns and rows, a row higher than a page is split. */
import { type Block, lasting, paintLine, type TableFrame } from "./block.ts";
import type { Canvas } from "./canvas.ts";
import { FRAME_RULE } from "./flow.ts";
import { cellAttributes, type Role, type TableRow, type Tag } from "./tag.ts";
import { type Content, heightOf, type Line, type Style, setText } from "./text.ts";

export interface Cell {
  readonly text: Content;
  readonly style?: Style;
  readonly align?: "left" | "center" | "right";
  /** Where the text stands in a row higher than it; in the middle unless told. */
  readonly valign?: "top" | "middle";
  /** Columns covered. */
  readonly columns?: number;
  /** Rows covered, within the rows of one group. */
  readonly rows?: number;
  /** Whether the cell is the heading of its row. */
  readonly isLabel?: boolean;
  /** Distance of fine lines to write on; none unless told. */
  readonly lines?: number;
}

export interface Row {
  readonly cells: readonly Cell[];
  readonly minHeight?: number;
  readonly keepWithNext?: boolean;
  /** Takes the room that would be left on its page, such as a row to write in. */
  readonly grows?: boolean;
  /** The row with which one that grows goes on, where what must stay with it comes on the next page. */
  readonly continued?: Row;
  /** What the row is read as, such as a heading; plain text unless told. */
  readonly role?: Role;
}

export interface Columns {
  /** Widths of the columns. */
  readonly columns: readonly number[];
  /** Style of a cell that names none. */
  readonly style: Style;
  /** Rows printed at the top of the table and again on every page. */
  readonly header?: readonly Row[];
  readonly ruled?: boolean;
  readonly padding?: { readonly x: number; readonly y: number };
  /**
   * So many of the first cells, such as number and name, come again where a row goes on over the page. With this, a row
   * higher for its text than it need be is split rather than leave much of a page empty.
   */
  readonly repeats?: number;
}

export interface Table extends Columns {
  readonly rows: readonly RowGroup[];
}

/** One row, or several that are kept on one page and within which cells may cover rows. */
export type RowGroup = Row | readonly Row[];

const CELL_RULE = 0.5;
const PADDING = { x: 3.5, y: 3 };

/** A cell at its place within its group of rows. */
interface PlacedCell {
  readonly cell: Cell;
  readonly column: number;
  readonly row: number;
  readonly rows: number;
  readonly x: number;
  readonly width: number;
  readonly lines: readonly Line[];
}

interface Group {
  readonly cells: readonly PlacedCell[];
  readonly heights: readonly number[];
  readonly role: Role;
  /** Heading rows of the table. */
  readonly isHeader: boolean;
}

interface Setting {
  readonly padding: { readonly x: number; readonly y: number };
  readonly frame: TableFrame;
  readonly repeats: number;
}

/** The blocks of a table, one for each group of rows. */
export function table({ rows, ...columns }: Table): Block[] {
  return rows.map(rowsOf(columns));
}

/** What makes the blocks of a table's groups of rows, for a table that many papers have in part. */
export function rowsOf({
  columns,
  style,
  header,
  ruled = true,
  padding = PADDING,
  repeats = 0,
}: Columns): (rows: RowGroup) => Block {
  const width = columns.reduce((sum, column) => sum + column, 0);
  const lay = (entry: RowGroup, frame: TableFrame, isHeader: boolean): Block => {
    const rows = isGroup(entry) ? entry : [entry];
    const keepWithNext = rows.at(-1)?.keepWithNext === true;
    const group = layGroup(rows, columns, style, padding, isHeader);
    const setting = { padding, frame, repeats };
    const block = groupBlock(group, setting, keepWithNext);
    const { grows, continued, minHeight = 0 } = rows.at(-1) ?? {};
    if (grows !== true)
      return repeats > 0 && !isHeader && block.height > minHeight ? { ...block, runsOver: true } : block;
    const taller = (by: number): Group => ({
      ...group,
      heights: group.heights.with(-1, (group.heights.at(-1) ?? 0) + by),
    });
    return {
      ...block,
      grow: (by) => groupBlock(taller(by), setting, keepWithNext),
      ...(continued === undefined ? {} : { continued: lay(continued, frame, false) }),
    };
  };
  const own = {};
  const head = header === undefined ? undefined : lasting(lay(header, { width, ruled, own }, true));
  const frame: TableFrame = { width, ruled, header: head, own };
  return (entry) => lay(entry, frame, false);
}

function isGroup(entry: RowGroup): entry is readonly Row[] {
  return Array.isArray(entry);
}

function layGroup(
  rows: readonly Row[],
  columns: readonly number[],
  style: Style,
  padding: Setting["padding"],
  isHeader: boolean,
): Group {
  const cells = placeCells(rows, columns, style, padding);
  const heights = rows.map((row) => row.minHeight ?? 0);
  const grow = (row: number, by: number): void => {
    heights[row] = (heights[row] ?? 0) + Math.max(0, by);
  };
  for (const cell of cells.filter((each) => each.rows === 1)) {
    grow(cell.row, neededHeight(cell, padding) - (heights[cell.row] ?? 0));
  }
  for (const cell of cells.filter((each) => each.rows > 1)) {
    const given = heights.slice(cell.row, cell.row + cell.rows).reduce((sum, height) => sum + height, 0);
    grow(cell.row + cell.rows - 1, neededHeight(cell, padding) - given);
  }
  return { cells, heights, role: rows[0]?.role ?? "P", isHeader };
}

function neededHeight(cell: PlacedCell, padding: Setting["padding"]): number {
  return heightOf(cell.lines) + 2 * padding.y;
}

function placeCells(
  rows: readonly Row[],
  columns: readonly number[],
  style: Style,
  padding: Setting["padding"],
): PlacedCell[] {
  const placed: PlacedCell[] = [];
  const isTaken = (row: number, column: number): boolean =>
    placed.some(
      (each) =>
        row >= each.row &&
        row < each.row + each.rows &&
        column >= each.column &&
        column < each.column + (each.cell.columns ?? 1),
    );
  rows.forEach((row, rowIndex) => {
    let column = 0;
    for (const cell of row.cells) {
      while (rowIndex > 0 && column < columns.length && isTaken(rowIndex, column)) column++;
      const covered = columns.slice(column, column + (cell.columns ?? 1));
      if (covered.length === 0) throw new RangeError("a table row holds more cells than the table has columns");
      const x = columns.slice(0, column).reduce((sum, each) => sum + each, 0);
      const width = covered.reduce((sum, each) => sum + each, 0);
      const lines = setText(cell.text, cell.style ?? style, width - 2 * padding.x);
      placed.push({ cell, column, row: rowIndex, rows: cell.rows ?? 1, x, width, lines });
      column += covered.length;
    }
  });
  return placed;
}

function groupBlock(group: Group, setting: Setting, keepWithNext: boolean): Block {
  const tops = [0];
  let total = 0;
  for (const height of group.heights) {
    total += height;
    tops.push(total);
  }
  const { frame } = setting;
  // where a table has no rules, each of its cells is read as a text of its own
  const tags = frame.ruled ? tagsOf(group, frame.own) : group.cells.map((): Tag => ({ role: group.role }));
  return {
    height: total,
    keepWithNext,
    table: frame,
    paint: (canvas, x, y) => {
      for (const [i, cell] of group.cells.entries()) {
        canvas.tag(tags[i]);
        const top = tops[cell.row] ?? 0;
        const bottom = tops[cell.row + cell.rows] ?? total;
        paintCell(canvas, cell, setting, { x: x + cell.x, top: y + top, bottom: y + bottom, tableLeft: x });
      }
    },
    split: (room) => splitGroup(group, setting, keepWithNext, room),
  };
}

/** What each cell of a ruled table is read as. */
function tagsOf({ cells, heights, role, isHeader }: Group, own: object): Tag[] {
  const rows = heights.map((): TableRow => ({ table: own }));
  return cells.map(({ cell, row, rows: covered }): Tag => {
    const heads = isHeader ? "Column" : cell.isLabel === true ? "Row" : undefined;
    const element = heads === undefined ? "TD" : "TH";
    const attributes = cellAttributes(heads, cell.columns ?? 1, covered);
    return { role, cell: { row: rows[row] as TableRow, element, attributes } };
  });
}

function paintCell(
  canvas: Canvas,
  { cell, lines, width }: PlacedCell,
  { padding, frame }: Setting,
  at: { readonly x: number; readonly top: number; readonly bottom: number; readonly tableLeft: number },
): void {
  if (frame.ruled) {
    const right = at.x + width;
    canvas.rule(at.x, at.bottom, right, at.bottom, CELL_RULE);
    const isOuter = (x: number): boolean => Math.abs(x - at.tableLeft) < 0.01 || x > at.tableLeft + frame.width - 0.01;
    canvas.rule(right, at.top, right, at.bottom, isOuter(right) ? FRAME_RULE : CELL_RULE);
    if (isOuter(at.x)) canvas.rule(at.x, at.top, at.x, at.bottom, FRAME_RULE);
  }
  if (cell.lines !== undefined) {
    for (let y = at.top + cell.lines; y < at.bottom - cell.lines / 2; y += cell.lines)
      canvas.writingLine(at.x + padding.x, at.x + width - padding.x, y);
  }
  const free = at.bottom - at.top - heightOf(lines);
  let y = at.top + (cell.valign === "top" ? padding.y : free / 2);
  for (const line of lines) {
    paintLine(canvas, line, at.x + padding.x, y, width - 2 * padding.x, cell.align ?? "left");
    y += line.style.leading;
  }
}

/** Divides a group: between two of its rows that no cell spans, otherwise within its first row, line by line. */
function splitGroup(group: Group, setting: Setting, keep: boolean, room: number): readonly [Block, Block] | undefined {
  if (group.heights.length > 1) {
    const rows = separateRows(group, setting.padding);
    const [first, ...others] = rows;
    if (first === undefined) return undefined;
    const firstHeight = first.heights[0] ?? 0;
    if (firstHeight > room) return splitRow(first, others, setting, keep, room);
    return [groupBlock(first, setting, false), stack(others, setting, keep)];
  }
  return splitRow(group, [], setting, keep, room);
}

function splitRow(row: Group, others: readonly Group[], setting: Setting, keep: boolean, room: number) {
  const parts = row.cells.map((cell) => splitLines(cell.lines, room - 2 * setting.padding.y));
  // what comes again is no headway
  if (!parts.some(([head, tail]) => head.length > 0 && (setting.repeats === 0 || tail.length > 0))) return undefined;
  const upper = row.cells.map((cell, i) => ({ ...cell, lines: parts[i]?.[0] ?? [] }));
  const lower = row.cells.map((cell, i) => {
    const tail = parts[i]?.[1] ?? [];
    return { ...cell, lines: tail.length === 0 && cell.column < setting.repeats ? cell.lines : tail };
  });
  const lowerHeight = Math.max(...lower.map((cell) => neededHeight(cell, setting.padding)));
  return [
    groupBlock({ ...row, cells: upper, heights: [room] }, setting, false),
    stack([{ ...row, cells: lower, heights: [lowerHeight] }, ...others], setting, keep),
  ] as const;
}

/** The lines that fit into a height, and the others. */
function splitLines(lines: readonly Line[], room: number): readonly [readonly Line[], readonly Line[]] {
  let height = 0;
  let count = 0;
  for (const line of lines) {
    height += line.style.leading;
    if (height > room) break;
    count++;
  }
  return [lines.slice(0, count), lines.slice(count)];
}

/** The rows of a group one by one; a cell that spans rows stands in its first, with nothing below it. */
function separateRows({ cells, heights, ...group }: Group, padding: Setting["padding"]): Group[] {
  return heights.map((height, row) => {
    const own = cells
      .filter((cell) => row >= cell.row && row < cell.row + cell.rows)
      .map((cell) => ({ ...cell, lines: row === cell.row ? cell.lines : [], row: 0, rows: 1 }));
    const needed = Math.max(height, ...own.map((cell) => neededHeight(cell, padding)));
    return { ...group, cells: own, heights: [needed] };
  });
}

/** Rows as one block, which is split again where it is still too high. */
function stack(rows: readonly Group[], setting: Setting, keepWithNext: boolean): Block {
  const cells = rows.flatMap((group, row) => group.cells.map((cell) => ({ ...cell, row })));
  const heights = rows.map((group) => group.heights[0] ?? 0);
  const [{ role, isHeader } = { role: "P", isHeader: false } as const] = rows;
  return groupBlock({ cells, heights, role, isHeader }, setting, keepWithNext);
}
