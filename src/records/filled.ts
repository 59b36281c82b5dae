/** What a filled form says, whatever it was: a sheet of a workbook, rows of a table, a phone's submission. Plain values. */
import type { Place, Problem } from "../text/errors.ts";

/** What may be said of one indicator. `ruling` is the inspector's own judgement. */
export const ITEM_PARTS = ["reported", "found", "way", "ruling", "cause", "note"] as const;
export type ItemPart = (typeof ITEM_PARTS)[number];

/** What may be said of the visit. */
export const HEAD_PARTS = ["outcome", "date", "inspectors", "team", "conclusion", "note"] as const;
export type HeadPart = (typeof HEAD_PARTS)[number];

/** A text and where it stands. */
export interface FilledValue {
  readonly text: string;
  readonly at: Place;
}

export interface FilledItem {
  readonly code: string;
  readonly at: Place;
  /** What is not empty. */
  readonly values: Readonly<Partial<Record<ItemPart, FilledValue>>>;
  /** Cell of each part, empty or not, where the form is a sheet. */
  readonly cells: Readonly<Partial<Record<ItemPart, string>>>;
  /** What stands as 结果 where no formula does, though the form has a column for rulings: it does not count. */
  readonly typedResult?: FilledValue;
}

/** What the form says of where it belongs. */
export interface Claim {
  readonly roundId?: string | undefined;
  /** The manifest's digest, or its beginning. */
  readonly manifest?: string | undefined;
  /** Form template by name and digest. */
  readonly form?: string | undefined;
  readonly formDigest?: string | undefined;
}

export interface FilledSource {
  /** Id of the unit as the form has it; empty where it says none. */
  readonly unit: string;
  readonly at: Place;
  readonly claim: Claim;
  readonly head: Readonly<Partial<Record<HeadPart, FilledValue>>>;
  /** Cell of each part of the head, empty or not, where the sheet bears marks. */
  readonly headCells: Readonly<Partial<Record<HeadPart, string>>>;
  readonly items: readonly FilledItem[];
  /** What kept parts of the form from being understood. */
  readonly faults: readonly Problem[];
}

/** A census area as it was filled in: counts by name. */
export const AREA_PARTS = ["area", "city", "county", "listed", "found", "omitted", "duplicates", "team"] as const;
export type AreaPart = (typeof AREA_PARTS)[number];

export interface FilledArea {
  readonly at: Place;
  readonly values: Readonly<Partial<Record<AreaPart, FilledValue>>>;
}

/** A row of a sheet or a table, as the readers give it. */
export interface FilledRow {
  readonly row: number;
  readonly cells: readonly string[];
  /** Columns, from 0, of cells that hold a formula, or may. */
  readonly formulas?: readonly number[];
  readonly hidden?: true;
}

/** A sheet, or a whole file that has none. */
export interface FilledSheet {
  readonly name: string | undefined;
  readonly rows: readonly FilledRow[];
}

/** All that a file says. */
export interface FilledFile {
  readonly file: string;
  readonly sha256: string;
  readonly sources: readonly FilledSource[];
  readonly areas: readonly FilledArea[];
  /** What is wrong with the file as a whole. */
  readonly problems: readonly Problem[];
  /** The sheets as they were, for the workbook that goes back. */
  readonly sheets: readonly FilledSheet[];
}
