/** What a record workbook is made of. Plain values. */
import type { Loaded } from "../load-template.ts";
import type { FormRound, FormSource, ReplacedSource } from "../source.ts";
import type { FormTemplate } from "../template.ts";

/** A sheet a source, or a row a source on a sheet for each form. */
export type Layout = "source" | "rows";

export interface WorkbookTask {
  readonly round: FormRound;
  /** Whose workbook it is, as its title says: a city, a county or a team. */
  readonly title: string;
  readonly sources: readonly FormSource[];
  readonly templateOf: (source: FormSource) => Loaded<FormTemplate>;
  readonly replaced: readonly ReplacedSource[];
  readonly layout: Layout;
}

/** What the index and the hidden sheet know of a source: its sheet, and the formulas of its counts. */
export interface FilledSource {
  readonly source: FormSource;
  readonly sheetName: string;
  /** Cell to which the index leads. */
  readonly address: string;
  /** Indicators that apply before anything is written. */
  readonly total: number;
  /** Formulas over the source's own sheet, ready for any other sheet. */
  readonly due: string;
  readonly filled: string;
  readonly checked: string;
  readonly wrong: string;
  readonly rate: string;
  readonly outcome: string;
}
