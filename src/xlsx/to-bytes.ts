/** Writes a workbook as a file, as exceljs does, but for the rows of plain sheets (`rows-xml.ts`) and the packing (`pack.ts`). */
import type { Workbook, Worksheet } from "exceljs";
import { inner, modelFor, type SheetModel, stepsOf, type Writing } from "./exceljs.ts";
import { archive, type Packed, pack } from "./pack.ts";
import { isPlain, rowsInXml } from "./rows-xml.ts";
import { VALIDATIONS_AS_XML } from "./validations-xml.ts";

/** The usual 6 compresses half as long again, for files that are 4% smaller. */
const LEVEL = 4;
/** Where the rows of a sheet come: the element of a sheet that has none. */
const ROWS = "<sheetData/>";

/** Parts of a file, in the order in which they were taken. */
class Parts {
  readonly taken = new Map<string, Packed>();

  append(part: string | Uint8Array, { name }: { readonly name: string }) {
    this.taken.set(
      name,
      pack(part, (bytes) => inner().deflateRaw(bytes, { level: LEVEL })),
    );
  }
}

/** The bytes of the workbook as an .xlsx file. */
export async function toBytes(workbook: Workbook): Promise<Uint8Array> {
  const plain = new Set(workbook.worksheets.filter(isPlain));
  const { model, writing } = modelFor(workbook, plain);
  const steps = stepsOf(workbook);
  const sheets = new Parts();
  // what sheets share is numbered as they come; only then the other parts can be written
  for (const [i, sheet] of workbook.worksheets.entries()) {
    const sheetModel = model.worksheets[i];
    if (sheetModel === undefined) continue;
    if (plain.has(sheet)) appendPlain(sheets, sheet, sheetModel, writing);
    else {
      new (inner().WorksheetElement)().prepare(sheetModel, writing);
      await steps.addWorksheets(sheets, { worksheets: [sheetModel] });
    }
  }
  const before = new Parts();
  await steps.addContentTypes(before, model);
  await steps.addOfficeRels(before, model);
  await steps.addWorkbookRels(before, model);
  const after = new Parts();
  await steps.addSharedStrings(after, model);
  await steps.addDrawings(after, model);
  await steps.addTables(after, model);
  await steps.addThemes(after, model);
  await steps.addStyles(after, model);
  await steps.addMedia(after, model);
  await steps.addApp(after, model);
  await steps.addCore(after, model);
  await steps.addWorkbook(after, model);
  return archive([...before.taken, ...sheets.taken, ...after.taken]);
}

function appendPlain(parts: Parts, sheet: Worksheet, model: SheetModel, writing: Writing) {
  const { WorksheetElement, XmlStream } = inner();
  const element = new WorksheetElement();
  let rows: readonly Uint8Array[] = [];
  element.map.sheetData = {
    prepare: () => {
      rows = rowsInXml(sheet, model, writing);
    },
    render: (stream) => stream.writeXml(ROWS),
  };
  element.map.dataValidations = VALIDATIONS_AS_XML;
  element.prepare(model, writing);
  const stream = new XmlStream();
  element.render(stream, model);
  const [before = "", after = ""] = stream.xml.split(ROWS);
  const xml = Buffer.concat([Buffer.from(`${before}<sheetData>`), ...rows, Buffer.from(`</sheetData>${after}`)]);
  parts.append(rows.length === 0 ? stream.xml : xml, { name: `xl/worksheets/sheet${model.id}.xml` });
}
