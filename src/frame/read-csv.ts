/** Reads the rows of a CSV ledger in any of its encodings, as text, with the row numbers a spreadsheet would show. */
import { createReadStream } from "node:fs";
import { CsvError, parse } from "csv-parse";
import { words } from "../text/words.ts";
import type { LedgerRow } from "./ledger-row.ts";
import { refusal, type SourceFile } from "./source-file.ts";

const DELIMITERS = [",", "\t", ";"] as const;
const BATCH = 1000;
/** Longest row taken, in bytes: more is a broken quotation or no ledger. */
const LONGEST_ROW = 1_000_000;

/**
 * All rows of the file in batches, blank ones included, so that row numbers count as in a spreadsheet.
 * @throws ChouqianError E-FRAME-CSV where quotation marks do not close or a row is too long
 */
export async function* readCsv(file: SourceFile): AsyncIterable<readonly LedgerRow[]> {
  const delimiter = await findDelimiter(file);
  const parser = parse({
    delimiter,
    bom: true,
    relax_column_count: true,
    skip_empty_lines: false,
    max_record_size: LONGEST_ROW,
  });
  const feeding = feed(file, parser);
  let batch: LedgerRow[] = [];
  let row = 0;
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      row += 1;
      batch.push({ row, cells });
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
    await feeding;
  } catch (error) {
    throw error instanceof CsvError ? csvRefusal(file, error, row) : error;
  }
  yield batch;
}

async function feed(file: SourceFile, parser: ReturnType<typeof parse>): Promise<void> {
  try {
    for await (const text of decoded(file)) {
      if (!parser.write(text) && !(await drained(parser))) return;
    }
    parser.end();
  } catch (error) {
    parser.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

/** Waits until the parser takes more; false where it has ended by an error. */
function drained(parser: ReturnType<typeof parse>): Promise<boolean> {
  if (parser.destroyed) return Promise.resolve(false);
  return new Promise((resolve) => {
    const settle = (goesOn: boolean) => {
      parser.off("drain", goOn);
      parser.off("close", stop);
      resolve(goesOn);
    };
    const goOn = () => settle(true);
    const stop = () => settle(false);
    parser.once("drain", goOn);
    parser.once("close", stop);
  });
}

async function* decoded(file: SourceFile, limit = Number.POSITIVE_INFINITY): AsyncIterable<string> {
  const decoder = new TextDecoder(file.encoding ?? "utf-8", { fatal: true });
  const stream = createReadStream(file.path, { highWaterMark: 1 << 18, end: limit });
  for await (const chunk of stream as AsyncIterable<Buffer>) yield decoder.decode(chunk, { stream: true });
  if (limit === Number.POSITIVE_INFINITY) yield decoder.decode();
}

/** The separator that stands most often in the first 64 KB; a comma where none does. */
async function findDelimiter(file: SourceFile): Promise<string> {
  let head = "";
  for await (const text of decoded(file, 65_535)) head += text;
  const counts = DELIMITERS.map((delimiter) => head.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ",";
}

function csvRefusal(file: SourceFile, error: CsvError, lastRow: number) {
  const row = lastRow + 1;
  if (error.code === "CSV_MAX_RECORD_SIZE") {
    return refusal(
      "E-FRAME-CSV",
      file.name,
      words(`第 ${row} 行超过 ${LONGEST_ROW} 字节`, `row ${row} is longer than ${LONGEST_ROW} bytes`),
      [
        `多半是引号没有成对，或单元格里误贴了大段内容；请检查第 ${row} 行`,
        `a quotation mark is missing or a cell holds far too much; look at row ${row}`,
      ],
    );
  }
  return refusal(
    "E-FRAME-CSV",
    file.name,
    words(`第 ${row} 行的英文引号 " 没有成对`, `the quotation marks of row ${row} do not match`),
    [
      "请在 Excel 或 WPS 中打开核对该行，重新另存为 CSV 或 XLSX",
      "look at the row in a spreadsheet program and save the file again",
    ],
  );
}
