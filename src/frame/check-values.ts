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
  if (status === "") {
    if (has("status")) report("W-FRAME-NO-STATUS", "status", "");
    return;
  }
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

function checkIndustry({ sourceClass, textOf }: FieldValues, report: Report): void {
  const written = textOf("industryCode");
  if (written === "") return;
  const code = INDUSTRIES.has(written) ? written : `0${written}`;
  if (!INDUSTRIES.has(code)) {
    report("W-FRAME-INDUSTRY", "industryCode", written);
    return;
  }
  if (code !== written) report("W-FRAME-INDUSTRY-ZERO", "industryCode", written);
  if (!fitsClass(code, sourceClass)) report("W-FRAME-INDUSTRY-CLASS", "industryCode", written);
}

/** Sewage treatment, which the census counts as centralized though it stands among industry (domain.md). */
const SEWAGE_TREATMENT = "4620";
/** First and last division of GB/T 4754-2017 of a class; of the other classes a unit may be of any. */
const DIVISIONS: Partial<Record<SourceClass, readonly [number, number]>> = {
  industrial: [6, 46],
  agricultural: [1, 5],
};

/** Whether a known industry code can be that of a unit of this class. */
export function fitsClass(code: string, sourceClass: SourceClass | ""): boolean {
  const divisions = sourceClass === "" ? undefined : DIVISIONS[sourceClass];
  if (divisions === undefined) return true;
  const [first, last] = divisions;
  const division = Number(code.slice(0, 2));
  return division >= first && division <= last && !(sourceClass === "industrial" && code === SEWAGE_TREATMENT);
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
  if ([longitude, latitude].some(isInMinutes)) {
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

/** Whether a coordinate is written in degrees, minutes and seconds: 113°15′20″, 113度15分, 113 15 20, 113:15:20, 113-15-20. */
function isInMinutes(text: string): boolean {
  return /[°º˚度′’'″”"分秒]/.test(text) || /^\d{1,3}([ :：-])\d{1,2}(\1\d{1,2}(\.\d+)?)?$/.test(text);
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
