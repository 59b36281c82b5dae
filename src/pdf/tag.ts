/** What text is read as by a screen reader: headings, paragraphs, cells of tables (ISO 32000-1, 14.8). */

/** What a stretch of text is, to a screen reader: `H1` the title of a paper, `H2` a heading, `P` all other text. */
export type Role = "H1" | "H2" | "P";

/** Text that belongs together: what is drawn under one tag is read as one. */
export interface Tag {
  readonly role: Role;
  /** Where the text is that of a table's cell. */
  readonly cell?: CellTag;
}

/** A cell of a table, as a screen reader tells it. */
export interface CellTag {
  /** The row; the same object for all its cells. */
  readonly row: TableRow;
  /** `TH` for a heading, `TD` for any other. */
  readonly element: "TH" | "TD";
  /** What the cell is the heading of, and how many columns and rows it covers, as the structure tree has it. */
  readonly attributes: string;
}

/** The attributes of a cell (ISO 32000-1, 14.8.5.7). */
export function cellAttributes(heads: "Row" | "Column" | undefined, columns: number, rows: number): string {
  const scope = heads === undefined ? "" : `/Scope/${heads}`;
  const covered = `${columns > 1 ? `/ColSpan ${columns}` : ""}${rows > 1 ? `/RowSpan ${rows}` : ""}`;
  return scope === "" && covered === "" ? "" : `/A<</O/Table${scope}${covered}>>`;
}

/** A row of a table; the same table for all its rows. */
export interface TableRow {
  readonly table: object;
}

/** One tagged stretch of a page. */
export interface Stretch {
  readonly tag: Tag;
  /** Its number within the page; none for a cell without text. */
  readonly number: number | undefined;
}

/** The structure element that a stretch of text belongs to. */
export function nameOf({ role, cell }: Tag): string {
  if (cell === undefined || role !== "P") return role;
  return cell.element;
}
