/**
 * A survey for the phone as XLSForm describes it (https://xlsform.org, ODK): the one source of the XForm and of the workbook.
 * Expressions are XPath in which `${name}` stands for the question of that name; so may texts.
 */

export const QUESTION_TYPES = [
  "start",
  "end",
  "hidden",
  "calculate",
  "note",
  "text",
  "integer",
  "decimal",
  "date",
  "geopoint",
  "image",
  "select_one",
  "select_multiple",
  "select_one_from_file",
] as const;
export type QuestionType = (typeof QUESTION_TYPES)[number];

export interface Question {
  readonly type: QuestionType;
  /** Name of the node; unique in the survey. */
  readonly name: string;
  readonly label?: string | undefined;
  readonly hint?: string | undefined;
  /** `true()` or a condition. */
  readonly required?: string | undefined;
  readonly requiredMessage?: string | undefined;
  readonly relevant?: string | undefined;
  readonly constraint?: string | undefined;
  readonly constraintMessage?: string | undefined;
  readonly calculation?: string | undefined;
  readonly appearance?: string | undefined;
  /** A text, or `today()`. */
  readonly preset?: string | undefined;
  /** Name of the list of choices; of the file without its ending for `select_one_from_file`. */
  readonly list?: string | undefined;
  /** Which choices are offered: a condition on a choice's columns. */
  readonly filter?: string | undefined;
}

/** Questions shown together, or one after another where no appearance is named. */
export interface Group {
  readonly type: "group";
  readonly name: string;
  readonly label: string;
  readonly relevant?: string | undefined;
  readonly appearance?: "field-list" | undefined;
  readonly rows: readonly Row[];
}
export type Row = Question | Group;

export interface Choice {
  readonly value: string;
  readonly label: string;
}

export interface Survey {
  /** Id of the form, of ASCII letters, digits, `_` and `-`. */
  readonly id: string;
  readonly title: string;
  readonly version: string;
  /** Expression that names a filled form. */
  readonly instanceName: string;
  readonly rows: readonly Row[];
  readonly lists: ReadonlyMap<string, readonly Choice[]>;
}

/** Language of all texts, as ODK and Kobo name it. */
export const LANGUAGE = "中文 (zh-CN)";
/** Longest side of a photograph in pixels: a page of a ledger is legible, and a day's photographs can be sent. */
export const PHOTO_PIXELS = "1600";

/** All rows in the order of the form, groups before what they hold, each with the names of the groups around it. */
export function allRows(rows: readonly Row[], within: readonly string[] = []): readonly Placed[] {
  return rows.flatMap((row) => [
    { row, path: [...within, row.name] },
    ...(row.type === "group" ? allRows(row.rows, [...within, row.name]) : []),
  ]);
}
interface Placed {
  readonly row: Row;
  readonly path: readonly string[];
}

/** A text of a template, which must not be taken for a reference. */
export function plain(text: string): string {
  return text.replaceAll("${", "$ {");
}

/** A text in an expression. XPath 1.0 has no escapes: a text with both kinds of quotes is put together. */
export function literal(text: string): string {
  const safe = plain(text);
  if (!safe.includes("'")) return `'${safe}'`;
  if (!safe.includes('"')) return `"${safe}"`;
  return `concat(${safe
    .split("'")
    .map((part) => `'${part}'`)
    .join(`, "'", `)})`;
}

/** A number in an expression: XPath 1.0 knows no exponents. */
export function decimal(value: number): string {
  if (Math.abs(value) >= 1e21) return BigInt(value).toString();
  return value.toFixed(12).replace(/\.?0+$/, "");
}

/** Reference to a question. */
export function ref(name: string): string {
  return `\${${name}}`;
}

/** Name of the node of an indicator's code: `G101-1.01` → `G101_1_01`. */
export function nodeName(code: string): string {
  return code.replace(/[.-]/g, "_");
}
