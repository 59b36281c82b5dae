/**
 * Exports of the census system: one workbook an enterprise, with a sheet `T_BAS_<form>` for each form that it filled in
 * (domain.md, "Official exports"). Such a workbook is one row of a ledger. Pure.
 */
import { CLASS_NAMES, type SourceClass } from "../reference/classes.ts";
import { divisionOfCode } from "../reference/divisions.ts";
import { canonicalCode, canonicalText } from "../text/canonical.ts";
import type { LedgerRow } from "./ledger-row.ts";

/** A sheet of a workbook: its name and its first rows. */
export interface ExportSheet {
  readonly name: string;
  readonly rows: readonly LedgerRow[];
}

/** Headings of the ledger that such workbooks make together. */
export const EXPORT_HEADINGS = [
  "统一社会信用代码",
  "组织机构代码",
  "单位详细名称",
  "污染源类别",
  "地市",
  "县区",
  "区划代码",
  "普查表",
  "主要产品",
  "产品行数",
  "原辅材料行数",
  "能源行数",
] as const;

const SHEET = /^T_BAS_([GNSJY]\d{3}(?:[-_]?\d+)?)$/i;
const HEAD = { column: 3, division: 2, creditCode: 3, organisation: 4, name: 5 } as const;
/** Headings of a form stand in row 7; what lies below them is filled in. */
const HEADING_ROW = 7;
const ENERGY = /^二、.*能源消耗/;
const END = /^单位负责人/;

/** Whether a workbook is such an export, by the names of its sheets. */
export function isOfficialExport(names: readonly string[]): boolean {
  return names.some((name) => SHEET.test(name.trim()));
}

/** Form numbers of an export, such as `G101-1`. */
export function formOf(sheetName: string): string | undefined {
  const [, form] = SHEET.exec(sheetName.trim()) ?? [];
  return form?.toUpperCase().replace(/^([A-Z]\d{3})[-_]?(\d+)$/, "$1-$2");
}

/** Whether a form's rows are read beyond its head: products, materials and energy. */
export function isBodyRead(sheetName: string): boolean {
  return ["G101-2", "G101-3"].includes(formOf(sheetName) ?? "");
}

/** The row that an export is, under `EXPORT_HEADINGS`: as its first form says; where forms disagree, what each says. */
export function rowOfExport(sheets: readonly ExportSheet[]): string[] {
  const forms = sheets.flatMap((sheet) => {
    const form = formOf(sheet.name);
    return form === undefined ? [] : [{ form, rows: sheet.rows }];
  });
  const said = (row: number, canonical: (text: string) => string) =>
    [...new Set(forms.map(({ rows }) => canonical(cellAt(rows, row, HEAD.column))).filter((text) => text !== ""))].join(
      "；",
    );
  const division = said(HEAD.division, canonicalCode);
  const place = divisionOfCode(division);
  const creditCode = said(HEAD.creditCode, canonicalCode);
  const organisation = said(HEAD.organisation, canonicalCode);
  const sourceClass = classOfForms(forms.map(({ form }) => form));
  const body = (form: string) => bodyOf(forms.filter((sheet) => sheet.form === form).flatMap(({ rows }) => rows));
  const products = body("G101-2");
  const materials = body("G101-3");
  const energyAt = materials.findIndex(({ cells }) => ENERGY.test(firstText(cells)));
  const energy = energyAt < 0 ? [] : materials.slice(energyAt + 1);
  const values: Record<(typeof EXPORT_HEADINGS)[number], string> = {
    // Units without a credit code give their organisation code.
    统一社会信用代码: creditCode === "" ? organisation : creditCode,
    组织机构代码: organisation,
    单位详细名称: said(HEAD.name, canonicalText),
    污染源类别: sourceClass === undefined ? "" : CLASS_NAMES[sourceClass].zh,
    地市: place?.city ?? division.slice(0, 6),
    县区: place?.county ?? "",
    区划代码: division,
    普查表: forms.map(({ form }) => form).join("、"),
    主要产品: firstText(products[0]?.cells ?? []),
    产品行数: countOf(products),
    原辅材料行数: countOf(energyAt < 0 ? materials : materials.slice(0, energyAt)),
    能源行数: countOf(energy),
  };
  return EXPORT_HEADINGS.map((heading) => values[heading]);
}

const CLASS_BY_LETTER: Readonly<Record<string, SourceClass>> = {
  G: "industrial",
  N: "agricultural",
  J: "centralized",
  S: "domestic",
  Y: "mobile",
};
/** Filled in by units of several classes, so that they say nothing of the class where there are other forms. */
const SHARED_FORMS = new Set(["S103"]);

function classOfForms(forms: readonly string[]): SourceClass | undefined {
  const own = forms.filter((form) => !SHARED_FORMS.has(form));
  const letters = new Set((own.length > 0 ? own : forms).map((form) => form.charAt(0)));
  const [letter] = letters;
  return letters.size === 1 && letter !== undefined ? CLASS_BY_LETTER[letter] : undefined;
}

/** Rows below the headings down to the signatures, blank ones left out. */
function bodyOf(rows: readonly LedgerRow[]): readonly LedgerRow[] {
  const below = rows.filter(({ row, cells }) => row > HEADING_ROW && firstText(cells) !== "");
  const end = below.findIndex(({ cells }) => END.test(firstText(cells)));
  return end < 0 ? below : below.slice(0, end);
}

/** The first words of a row, past running numbers and codes of one letter. */
function firstText(cells: readonly string[]): string {
  return cells.map(canonicalText).find((cell) => cell !== "" && !/^([\d.]+|[甲乙丙丁])$/.test(cell)) ?? "";
}

function countOf(rows: readonly LedgerRow[]): string {
  return rows.length === 0 ? "" : String(rows.length);
}

function cellAt(rows: readonly LedgerRow[], row: number, column: number): string {
  return rows.find((candidate) => candidate.row === row)?.cells[column] ?? "";
}
