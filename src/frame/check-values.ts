/** Checks on single values of a row beyond identity and place: figures, coordinates, industry, status. Pure. */

import { cityBox, isInBox, PROVINCE_BOX } from "../reference/city-boxes.ts";
import type { SourceClass } from "../reference/classes.ts";
import { divisionOfCode } from "../reference/divisions.ts";
import { INDUSTRIES } from "../reference/industries.ts";
import type { CheckCode } from "./checks.ts";
import { statusOf, type ValueMaps } from "./value-maps.ts";

/** What these checks look at: the row's values by field, and whether the ledger has a column for a field at all. */
export interface FieldValues {
  readonly sourceClass: SourceClass | "";
  readonly city: string;
  readonly maps: ValueMaps;
  readonly has: (field: string) => boolean;
  readonly textOf: (field: string) => string;
}

/** Takes a finding: the check, the field it is about, the value in question. */
export type Report = (code: CheckCode, field: string, value: string) => void;

/** Runs all checks on single values. */
export function checkValues(row: FieldValues, report: Report): void {
  checkStatus(row, report);
  checkIndustry(row, report);
  checkDivision(row, report);
  checkCoordinates(row, report);
}

function checkStatus({ maps, has, textOf }: FieldValues, report: Report): void {
  const status = textOf("status");
  if (status === "") return;
  const known = statusOf(maps, status);
  if (known === undefined) report("W-FRAME-STATUS", "status", status);
  if (known !== undefined && statusNeedsReason(known) && has("statusReason") && textOf("statusReason") === "") {
    report("W-FRAME-STATUS-REASON", "statusReason", status);
  }
}

/** Whether a unit of this status has to say why. */
export function statusNeedsReason(status: string): boolean {
  return status === "关闭" || status === "其他";
}

/** GB/T 4754-2017 divisions of industry, less sewage treatment, which the census counts as centralized (domain.md). */
const SEWAGE_TREATMENT = "4620";
const INDUSTRIAL_DIVISIONS = { first: 6, last: 46 };

function checkIndustry({ sourceClass, textOf }: FieldValues, report: Report): void {
  const code = textOf("industryCode");
  if (code === "") return;
  if (!INDUSTRIES.has(code)) {
    report("W-FRAME-INDUSTRY", "industryCode", code);
    return;
  }
  if (sourceClass === "industrial" && !isIndustrialCode(code)) report("W-FRAME-INDUSTRY-CLASS", "industryCode", code);
}

/** Whether an industry code is one of industry, as the census draws the line. */
export function isIndustrialCode(code: string): boolean {
  const division = Number(code.slice(0, 2));
  return division >= INDUSTRIAL_DIVISIONS.first && division <= INDUSTRIAL_DIVISIONS.last && code !== SEWAGE_TREATMENT;
}

function checkDivision({ city, textOf }: FieldValues, report: Report): void {
  const code = textOf("division");
  if (code === "" || city === "") return;
  if (divisionOfCode(code)?.city !== city) report("W-FRAME-DIVISION", "division", code);
}

function checkCoordinates({ city, has, textOf }: FieldValues, report: Report): void {
  if (!has("longitude") || !has("latitude")) return;
  const [longitude, latitude] = [textOf("longitude"), textOf("latitude")];
  if (longitude === "" || latitude === "") {
    report("W-FRAME-NO-COORDINATES", longitude === "" ? "longitude" : "latitude", "");
    return;
  }
  if (/[°度′'″"分秒]/.test(longitude + latitude)) {
    report("W-FRAME-COORDINATES-DMS", "longitude", `${longitude}，${latitude}`);
    return;
  }
  const [x, y] = [plainNumber(longitude), plainNumber(latitude)];
  if (x === undefined || y === undefined) {
    report("W-FRAME-NUMBER", x === undefined ? "longitude" : "latitude", x === undefined ? longitude : latitude);
    return;
  }
  const place = `${longitude}，${latitude}`;
  const box = cityBox(city);
  if (isInBox(PROVINCE_BOX, x, y)) {
    if (box !== undefined && !isInBox(box, x, y)) report("W-FRAME-COORDINATES-CITY", "longitude", place);
    return;
  }
  const isSwapped = isInBox(PROVINCE_BOX, y, x);
  report(isSwapped ? "W-FRAME-COORDINATES-SWAPPED" : "W-FRAME-COORDINATES-OUTSIDE", "longitude", place);
}

/** What is wrong with a figure as text; undefined where nothing is, or where the cell is empty. */
export function figureDefect(text: string): "W-FRAME-NUMBER" | "W-FRAME-NEGATIVE" | undefined {
  if (text === "" || isFormulaError(text)) return undefined;
  const value = plainNumber(text);
  if (value === undefined) return "W-FRAME-NUMBER";
  return value < 0 ? "W-FRAME-NEGATIVE" : undefined;
}

function plainNumber(text: string): number | undefined {
  return /^[+-]?(\d+\.?\d*|\.\d+)(E[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

/** Whether a cell holds what a spreadsheet shows for a formula that failed. */
export function isFormulaError(text: string): boolean {
  return text.startsWith("#") && /^#(N\/A|REF!|VALUE!|DIV\/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!)$/.test(text);
}
