/** The door to exceljs, which nobody maintains any more, and to those of its inner parts that write; its version is pinned. */
import { createRequire } from "node:module";
import type { DataValidation, Workbook, Worksheet } from "exceljs";
import { lazily } from "../text/lazily.ts";
import type { CellStyle } from "./styles.ts";

export const exceljs = lazily<{ readonly Workbook: new () => Workbook }>("exceljs");

/** What sheets share while a workbook is written. */
export interface Writing {
  /** Gives each text a number, to be written once. */
  readonly sharedStrings: { add(text: string): number };
  /** Gives each style a number, by the type of the first value that is shown in it. */
  readonly styles: { addStyleModel(style: CellStyle, type?: number): number };
  readonly date1904: boolean;
  drawingsCount: number;
  readonly media: readonly unknown[];
  readonly drawings: readonly unknown[];
  readonly commentRefs: readonly unknown[];
  /** Of the sheet in hand. */
  merges: { readonly mergeCells: readonly string[] };
}

/** What is written of a sheet. */
export interface SheetModel {
  readonly id: number;
  readonly tables: readonly object[];
  readonly media: readonly unknown[];
  readonly dimensions: { expand(top: number, left: number, bottom: number, right: number): void };
}

/** What is written of a workbook. */
export interface WorkbookModel {
  readonly worksheets: readonly SheetModel[];
  readonly properties: { readonly date1904: boolean };
  readonly media: readonly unknown[];
}

export interface XmlStream {
  readonly xml: string;
  writeXml(xml: string): void;
}

/** Writes one kind of element: what the sheets share is gathered before anything is written. */
export interface Element<Model> {
  prepare(model: Model, writing: Writing): void;
  render(stream: XmlStream, model: Model): void;
}

interface WorksheetElement extends Element<SheetModel> {
  readonly map: { sheetData: Element<unknown>; dataValidations: Element<never> };
}

/** Takes the parts of a file. */
interface Parts {
  append(part: string | Uint8Array, options: { readonly name: string }): void;
}

type Step<Model = WorkbookModel> = (parts: Parts, model: Model) => Promise<void> | void;

/** The steps in which the library writes a workbook. */
export interface Steps {
  addContentTypes: Step;
  addOfficeRels: Step;
  addWorkbookRels: Step;
  addWorksheets: Step<Pick<WorkbookModel, "worksheets">>;
  addSharedStrings: Step;
  addDrawings: Step;
  addTables: Step;
  addThemes: Step;
  addStyles: Step;
  addMedia: Step;
  addApp: Step;
  addCore: Step;
  addWorkbook: Step;
}

export function stepsOf(workbook: Workbook): Steps {
  return workbook.xlsx as unknown as Steps;
}

/** A cell as the library holds it. */
export interface InnerCell {
  readonly _address: string;
  readonly _row: { readonly number: number };
  readonly _column: { readonly number: number };
  readonly _comment?: unknown;
  readonly style: CellStyle;
  readonly _value: {
    /** Into which it is merged. */
    readonly _master?: InnerCell;
    readonly model: {
      readonly type: number;
      readonly value?: unknown;
      readonly formula?: string;
      readonly sharedFormula?: string;
      readonly shareType?: string;
      readonly result?: unknown;
    };
  };
}

/** A row as the library holds it; cells and rows may be missing. */
export interface InnerRow {
  readonly number: number;
  readonly height?: number;
  readonly hidden: boolean;
  readonly style: CellStyle;
  readonly outlineLevel: number;
  readonly collapsed: boolean;
  readonly _cells: readonly (InnerCell | undefined)[];
}

export function rowsOf(sheet: Worksheet): readonly (InnerRow | undefined)[] {
  return (sheet as unknown as { readonly _rows: readonly (InnerRow | undefined)[] })._rows;
}

/** Rules of what cells take, by the address of a cell or a range. */
export type Rules = Readonly<Record<string, DataValidation | undefined>>;

export function rulesOf(sheet: Worksheet): Rules {
  return (sheet as unknown as { readonly dataValidations: { readonly model: Rules } }).dataValidations.model;
}

/**
 * What is written of a workbook, ready for the steps once each sheet has been prepared.
 * @param plain sheets whose rows are left out
 */
export function modelFor(workbook: Workbook, plain: ReadonlySet<Worksheet>) {
  const worksheets = workbook.worksheets.map((sheet) => {
    return plain.has(sheet) ? Object.create(sheet, { _rows: { value: [] } }) : sheet;
  });
  const model: WorkbookModel = Object.create(workbook, { worksheets: { value: worksheets } }).model;
  const { SharedStrings, Styles, WorkbookElement } = inner();
  const shared = { sharedStrings: new SharedStrings(), styles: new Styles(true), drawings: [], commentRefs: [] };
  const tables = model.worksheets.flatMap((sheet) => sheet.tables);
  for (const [i, table] of tables.entries()) Object.assign(table, { id: i + 1, target: `table${i + 1}.xml` });
  Object.assign(model, shared, { tables });
  new WorkbookElement().prepare(model);
  const { media, properties } = model;
  const writing: Writing = {
    ...shared,
    media,
    date1904: properties.date1904,
    drawingsCount: 0,
    merges: { mergeCells: [] },
  };
  return { model, writing };
}

interface Inner {
  readonly SharedStrings: new () => Writing["sharedStrings"];
  readonly Styles: new (isForWriting: boolean) => Writing["styles"];
  readonly WorkbookElement: new () => { prepare(model: WorkbookModel): void };
  readonly WorksheetElement: new () => WorksheetElement;
  readonly XmlStream: new () => XmlStream;
  /** A text as it stands within an element. */
  readonly xmlEncode: (text: string) => string;
  /** Compresses to the same bytes on any machine, which Node's own does not promise. */
  readonly deflateRaw: (bytes: Uint8Array, options: { readonly level: number }) => Uint8Array;
}

let loaded: Inner | undefined;

/** The inner parts that write. */
export function inner(): Inner {
  if (loaded !== undefined) return loaded;
  const exceljsRequire = createRequire(createRequire(import.meta.url).resolve("exceljs"));
  const xform = (name: string) => exceljsRequire(`./lib/xlsx/xform/${name}-xform`);
  loaded = {
    SharedStrings: xform("strings/shared-strings"),
    Styles: xform("style/styles"),
    WorkbookElement: xform("book/workbook"),
    WorksheetElement: xform("sheet/worksheet"),
    XmlStream: exceljsRequire("./lib/utils/xml-stream"),
    xmlEncode: exceljsRequire("./lib/utils/utils").xmlEncode,
    deflateRaw: createRequire(exceljsRequire.resolve("jszip"))("pako").deflateRaw,
  };
  return loaded;
}
