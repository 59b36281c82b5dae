/** Reads filled forms from a file of any kind: workbook, table, phone submission. The edge to the outer world's files. */
import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { IDENTITY_SHEET } from "../forms/record-marks.ts";
import { readSmallTable } from "../frame/small-table.ts";
import { fileDigest } from "../round/files.ts";
import { compareBytes } from "../text/canonical.ts";
import { ChouqianError, type Problem } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { type OpenWorkbook, openXlsx } from "../xlsx/read.ts";
import { openOds, openXls } from "../xlsx/read-xls.ts";
import { LISTS_SHEET } from "../xlsx/write.ts";
import { adviceOf, fault } from "./faults.ts";
import type { FilledFile, FilledRow, FilledSheet } from "./filled.ts";
import { readPhone } from "./phone.ts";
import { readIdentity, recogniseSheet } from "./recognise.ts";
import { readXmlText, xmlEncoding } from "./xml-text.ts";

/** What may hold records; kinds that cannot be read are among them, so that they are refused by name and not passed over. */
const ENDINGS = [".xlsx", ".xlsm", ".xls", ".et", ".ods", ".xml", ".csv", ".txt"];
/** A submission holds texts and names of pictures. */
const LARGEST_XML = 16 << 20;
/** How an OpenDocument spreadsheet begins, behind the head of its first entry. */
const ODS = "mimetypeapplication/vnd.oasis.opendocument.spreadsheet";

/** How a flat OpenDocument file begins, behind the head of XML. */
const FLAT_ODS = /<office:document[\s>]/;

/** A file to be read, and its name below what was named: two files of one name in different folders stay apart. */
export interface NamedFile {
  readonly path: string;
  readonly name: string;
}

/**
 * The files meant by names of files and folders: of a folder those that may hold records, in byte order of their names.
 * @returns those, and the names of the others
 * @throws ChouqianError E-RECORDS-NO-FILE, E-RECORDS-NOTHING
 */
export function filesOf(paths: readonly string[]): {
  readonly files: readonly NamedFile[];
  readonly passedOver: readonly string[];
} {
  const passedOver: string[] = [];
  const files = paths.flatMap((path): NamedFile[] => {
    if (!existsSync(path)) {
      throw new ChouqianError("E-RECORDS-NO-FILE", {
        message: words(`没有文件或文件夹“${path}”`, `there is no file or folder "${path}"`),
        advice: words("核对名称；名字里有空格时请加引号", "check the name; quote one that holds spaces"),
      });
    }
    const kind = statSync(path);
    if (!kind.isDirectory()) {
      if (!kind.isFile()) throw noOrdinaryFile(path);
      return [{ path, name: basename(path) }];
    }
    const isFile = (name: string) => statSync(join(path, name), { throwIfNoEntry: false })?.isFile() === true;
    const isFolder = (name: string) => statSync(join(path, name), { throwIfNoEntry: false })?.isDirectory() === true;
    const found = readdirSync(path, { recursive: true, encoding: "utf8" })
      .map((name) => name.replaceAll("\\", "/"))
      .filter((name) => !/(^|\/)[.~]/.test(name) && !isFolder(name))
      .sort(compareBytes);
    // A link that leads nowhere and a pipe are passed over by name.
    const mayHoldRecords = (name: string) => ENDINGS.includes(extname(name).toLowerCase()) && isFile(name);
    passedOver.push(...found.filter((name) => !mayHoldRecords(name)));
    return found.filter(mayHoldRecords).map((name) => ({ path: join(path, name), name }));
  });
  if (files.length > 0) return { files, passedOver };
  throw new ChouqianError("E-RECORDS-NOTHING", {
    message: words("没有可导入的文件", "there is no file to import"),
    advice: adviceOf("E-RECORDS-NOTHING"),
  });
}

/** A pipe or a device would be waited for without end. */
function noOrdinaryFile(path: string): ChouqianError {
  return new ChouqianError("E-RECORDS-NO-FILE", {
    message: words(`“${path}”不是普通文件`, `"${path}" is no ordinary file`),
    advice: words("请写工作簿、XML 或 CSV 的文件名", "name a workbook, an XML or a CSV file"),
  });
}

/**
 * Reads one file.
 * @param codesOf codes of the indicators of a form template, by its name and digest
 * @throws ChouqianError E-XLSX-… where a workbook is damaged, unsafe or no workbook, E-RECORDS-PHONE, E-FRAME-… for tables
 */
export async function readFilled(
  { path, name: file }: NamedFile,
  codesOf: (form: string, digest: string) => readonly string[],
): Promise<FilledFile> {
  const start = firstBytes(path);
  if (start.startsWith("PK") && start.includes(ODS)) return readWorkbook(path, file, await openOds(path));
  if (start.startsWith("PK")) return readWorkbook(path, file, await openXlsx(path));
  if (start.startsWith("\xd0\xcf\x11\xe0")) return readWorkbook(path, file, await openXls(path, true));
  const sha256 = await fileDigest(path);
  const encoding = xmlEncoding(start);
  if (encoding !== undefined) {
    if (statSync(path).size > LARGEST_XML) {
      throw new ChouqianError("E-RECORDS-PHONE", {
        message: words("文件太大，不是手机表单", "the file is too large for a phone form"),
        advice: words("核对是否选错了文件", "is it the right file?"),
        at: { file },
      });
    }
    const text = readXmlText(path, encoding);
    if (FLAT_ODS.test(text.slice(0, 4096))) {
      throw new ChouqianError("E-RECORDS-PHONE", {
        message: words(
          "是平面的 OpenDocument 表格（.fods），读不了",
          "is a flat OpenDocument spreadsheet (.fods), which is not read",
        ),
        advice: words("另存为 .xlsx 或 .ods 再导入", "save it as .xlsx or .ods and import that"),
        at: { file },
      });
    }
    const source = readPhone(text, file, codesOf);
    return { file, sha256, sources: [source], areas: [], problems: [], sheets: [] };
  }
  const { rows } = await readSmallTable(path);
  const sheet = { name: undefined, rows };
  return { file, sha256, ...recogniseSheet(file, sheet), sheets: [sheet] };
}

async function readWorkbook(path: string, file: string, workbook: OpenWorkbook): Promise<FilledFile> {
  try {
    const sha256 = await fileDigest(path);
    const hidden = workbook.sheets.find(({ name }) => name === IDENTITY_SHEET);
    const identity = hidden && readIdentity(await allRows(workbook, hidden.name));
    const sheets: FilledSheet[] = [];
    for (const { name } of workbook.sheets) {
      if (name !== IDENTITY_SHEET && name !== LISTS_SHEET) sheets.push({ name, rows: await allRows(workbook, name) });
    }
    const found = sheets.map((sheet) => recogniseSheet(file, sheet, identity));
    return {
      file,
      sha256,
      sources: found.flatMap(({ sources }) => sources),
      areas: found.flatMap(({ areas }) => areas),
      problems: sheets.flatMap(({ name = "" }, i) => {
        const units = identity?.units.get(name) ?? [];
        const own = found[i]?.problems ?? [];
        if (own.length > 0) return own;
        return units.length === 0 || found[i]?.sources.length !== 0 ? [] : [lost(file, name, units)];
      }),
      sheets,
    };
  } finally {
    workbook.close();
  }
}

/** A sheet that was given out as a form and is none any more. */
function lost(file: string, sheet: string, units: readonly string[]): Problem {
  const some = `${units[0]}${units.length > 1 ? ` 等 ${units.length} 家` : ""}`;
  const en = `${units.length} sources were on this sheet; no form is to be found on it`;
  return fault("E-RECORDS-SHEET", `这张表原是 ${some} 的记录表，现在认不出`, en, { file, sheet });
}

async function allRows(workbook: OpenWorkbook, sheet: string): Promise<FilledRow[]> {
  const rows: FilledRow[] = [];
  for await (const batch of workbook.rows(sheet)) rows.push(...batch);
  return rows;
}

function firstBytes(path: string): string {
  const head = Buffer.alloc(128);
  const file = openSync(path, "r");
  try {
    return head.toString("latin1", 0, readSync(file, head, 0, head.length, 0));
  } finally {
    closeSync(file);
  }
}
