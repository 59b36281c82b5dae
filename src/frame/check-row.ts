/** What one ledger row says: a unit in canonical form, and everything that is wrong with it. Pure. */
import type { SourceClass } from "../reference/classes.ts";
import { type CreditCodeDefect, creditCodeDefect } from "../reference/credit-code.ts";
import { findCity, findCounty } from "../reference/divisions.ts";
import type { LedgerField } from "../reference/ledger-fields.ts";
import { canonicalCode, canonicalText, isPlain } from "../text/canonical.ts";
import type { Problem } from "../text/errors.ts";
import { spelledOut } from "../text/visible.ts";
import { checkValues, figureDefect, isFormulaError, statusNeedsReason } from "./check-values.ts";
import { type CheckCode, problemOf } from "./checks.ts";
import { CORE_COLUMNS, columnLetters, type Header } from "./columns.ts";
import type { LedgerRow } from "./ledger-row.ts";
import { classOf, statusOf } from "./value-maps.ts";

/** A row in canonical form. Fields that could not be found out are empty. */
export interface CheckedRow {
  readonly row: number;
  readonly id: string;
  readonly sourceClass: SourceClass | "";
  /** Six-digit code. */
  readonly city: string;
  /** Code where it is known, else the text of the ledger. */
  readonly county: string;
  readonly name: string;
  /** Canonical values of all columns by position of the heading. */
  readonly values: readonly string[];
  /** Those that `wants` asks for. */
  readonly problems: readonly Problem[];
  /** Codes of the others. */
  readonly others: readonly CheckCode[];
  /** Whether its status asks for a reason; the table may have no column for one. */
  readonly needsReason: boolean;
}

/** Whether a problem of this code is to be put into words; else its code is enough. */
export type Wants = (code: CheckCode) => boolean;

/**
 * Checks one row.
 * @param fields ledger fields by key
 * @param isRagged whether a row of fewer cells than headings is a fault (CSV) or how the format writes empty ends (XLSX)
 * @param wants spares putting millions of problems into words of which only the first are kept
 * @returns undefined for a blank row
 */
export function checkRow(
  { row, cells }: LedgerRow,
  header: Header,
  fields: ReadonlyMap<string, LedgerField>,
  at: { readonly file: string; readonly sheet?: string | undefined },
  isRagged = false,
  wants: Wants = () => true,
): CheckedRow | undefined {
  const values = header.headings.map((_, position) => canonicalText(cells[position] ?? ""));
  const surplus = cells.slice(header.headings.length).filter((cell) => canonicalText(cell) !== "");
  if (values.every((value) => value === "") && surplus.length === 0) return undefined;

  for (const [key, positions] of header.fields) {
    if (fields.get(key)?.kind !== "code") continue;
    for (const position of positions) values[position] = canonicalCode(values[position] ?? "");
  }
  const problems: Problem[] = [];
  const others: CheckCode[] = [];
  const report = (code: CheckCode, key: string | undefined, value: string) => {
    if (!wants(code)) {
      others.push(code);
      return;
    }
    const [position] = key === undefined ? [] : (header.fields.get(key) ?? []);
    const cell = position === undefined ? undefined : cellName(position, row);
    const column = key === undefined ? undefined : columnOf(header, key);
    problems.push(problemOf(code, { file: at.file, sheet: at.sheet, row, column, value, cell }));
  };
  const reportAt = (code: CheckCode, position: number, value: string) => {
    if (!wants(code)) {
      others.push(code);
      return;
    }
    const [column, cell] = [header.headings[position], cellName(position, row)];
    problems.push(problemOf(code, { file: at.file, sheet: at.sheet, row, column, value, cell }));
  };
  const textOf = (key: string) => {
    const positions = header.fields.get(key);
    if (positions === undefined) return header.constants.get(key) ?? "";
    const [first = -1] = positions;
    if (positions.length === 1) return values[first] ?? "";
    return positions.map((position) => values[position] ?? "").join("");
  };

  const stray = strayRow(header, values);
  if (stray !== undefined) {
    report(stray, undefined, values.find((value) => value !== "") ?? "");
    return {
      row,
      id: "",
      sourceClass: "",
      city: "",
      county: "",
      name: "",
      values,
      problems,
      others,
      needsReason: false,
    };
  }
  // In a text file such cells shift the columns; in a workbook every cell has its place.
  if (surplus.length > 0)
    report(isRagged ? "E-FRAME-SURPLUS-CELLS" : "W-FRAME-CELLS-BESIDE", undefined, surplus.join("，"));
  if (isRagged && cells.length < header.headings.length) {
    report("W-FRAME-MISSING-CELLS", undefined, `${cells.length}/${header.headings.length}`);
  }

  const id = canonicalCode(textOf("id"));
  if (id === "") report("E-FRAME-NO-ID", "id", "");
  else checkId(id, rawOf("id"), (code, value) => report(code, "id", value));

  const sourceClass = classOf(header.values, textOf("class")) ?? "";
  if (sourceClass === "") report("E-FRAME-CLASS", "class", textOf("class"));

  const city = findCity(textOf("city")) ?? "";
  if (city === "") report("E-FRAME-CITY", "city", textOf("city"));

  const countyText = textOf("county");
  const county = city === "" ? undefined : findCounty(city, countyText);
  if ((header.fields.has("county") || header.constants.has("county")) && city !== "" && county === undefined) {
    report(countyText === "" ? "W-FRAME-NO-COUNTY" : "W-FRAME-COUNTY", "county", countyText);
  }

  const name = textOf("name");
  if (name === "") report("W-FRAME-NO-NAME", "name", "");
  const has = (key: string) => header.fields.has(key);
  checkValues({ sourceClass, city, maps: header.values, has, textOf }, (code, key, value) => report(code, key, value));
  checkFigures();
  checkCharacters();

  const needsReason = statusNeedsReason(statusOf(header.values, textOf("status")) ?? "");
  return { row, id, sourceClass, city, county: county ?? countyText, name, values, problems, others, needsReason };

  function rawOf(key: string): string {
    return (header.fields.get(key) ?? []).map((position) => canonicalText(cells[position] ?? "")).join("");
  }

  function checkFigures(): void {
    for (const key of header.fields.keys()) {
      const isFigure = fields.get(key)?.kind === "number" && key !== "longitude" && key !== "latitude";
      const defect = isFigure ? figureDefect(textOf(key)) : undefined;
      if (defect !== undefined) report(defect, key, textOf(key));
    }
  }

  function checkCharacters(): void {
    for (const [position, value] of values.entries()) {
      if (value === "") continue;
      if (isFormulaError(value)) reportAt("W-FRAME-FORMULA-ERROR", position, value);
      if (isPlain(value)) continue;
      if (/\uFFFD/.test(value)) reportAt("W-FRAME-GARBLED", position, value);
      if (INVISIBLE.test(value)) reportAt("W-FRAME-INVISIBLE", position, showInvisible(value));
    }
    if (/[\uFF10-\uFF19\uFF21-\uFF3A\uFF41-\uFF5A]/.test(name)) report("N-FRAME-FULL-WIDTH", "name", name);
  }
}

/** A row that is no unit at all: headings once more, or totals. Its cells are not looked at one by one. */
function strayRow(header: Header, values: readonly string[]): CheckCode | undefined {
  const core = CORE_COLUMNS.flatMap((column) => header.fields.get(column) ?? []);
  const isHeading = core.length > 1 && core.every((at) => values[at] === header.headings[at]);
  if (isHeading) return "E-FRAME-HEADING-ROW";
  const first = values.find((value) => value !== "") ?? "";
  const isTotal = /^(合计|总计|小计|共计|合\s*计|总\s*计|小\s*计)[:：]?$/.test(first);
  const placed = ["class", "city"].flatMap((column) => header.fields.get(column) ?? []);
  return isTotal && placed.every((at) => (values[at] ?? "") === "") ? "E-FRAME-TOTAL-ROW" : undefined;
}

function checkId(id: string, raw: string, report: (code: CheckCode, value: string) => void): void {
  if (id !== raw) report("N-FRAME-ID-FOLDED", raw);
  if (/^\d(\.\d+)?E\+?\d+$/.test(id)) {
    report("E-FRAME-ID-DAMAGED", raw);
    return;
  }
  // A two-digit suffix tells the sites of one firm apart.
  const defect = creditCodeDefect(/^.{18}\d\d$/.test(id) ? id.slice(0, 18) : id);
  // A spreadsheet keeps 15 digits of a number and writes zeros for the rest: of 18, or of 20 with a site's suffix.
  if (defect !== undefined && /^\d{15}(000|00000)$/.test(id)) {
    report("E-FRAME-ID-DAMAGED", raw);
    return;
  }
  if (defect !== undefined) report(CHECK_BY_DEFECT[defect], id);
}

const CHECK_BY_DEFECT = {
  length: "W-FRAME-NOT-CREDIT-CODE",
  alphabet: "W-FRAME-NOT-CREDIT-CODE",
  check: "W-FRAME-CREDIT-CODE",
  category: "W-FRAME-CREDIT-CATEGORY",
  division: "W-FRAME-CREDIT-DIVISION",
  county: "N-FRAME-CREDIT-COUNTY",
} as const satisfies Record<CreditCodeDefect, CheckCode>;

function cellName(position: number, row: number): string {
  return `${columnLetters(position)}${row}`;
}

function columnOf(header: Header, key: string): string | undefined {
  const positions = header.fields.get(key);
  return positions?.map((position) => header.headings[position] ?? "").join("+");
}

const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}\u2028\u2029\u2800]/u;
const EVERY_INVISIBLE = new RegExp(INVISIBLE.source, "gu");

/** Writes invisible characters as 〔U+XXXX〕, so that a person sees where they stand. */
function showInvisible(value: string): string {
  return value.replace(EVERY_INVISIBLE, spelledOut);
}
