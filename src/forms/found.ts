/** What an evaluation fills into a paper: ready texts by the names that templates use. */

/** Of the city as a whole, for `blanks`. */
export const FOUND_FILLS = [
  "sample",
  "recorded",
  "days",
  "sampleRate",
  "estimatedRate",
  "verdict",
  "official",
  "omission",
  "duplication",
  "causes",
] as const;

/** Of a row of a table over classes, the last of them for all together. */
export const CLASS_FILLS = [
  "class",
  "sample",
  "checked",
  "replaced",
  "notDone",
  "inError",
  "m",
  "e",
  "sampleRate",
] as const;

export interface Found {
  readonly city: Readonly<Record<(typeof FOUND_FILLS)[number], string>>;
  readonly classes: readonly Readonly<Record<(typeof CLASS_FILLS)[number], string>>[];
}
