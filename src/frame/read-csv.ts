/** Reads the rows of a CSV ledger in any of its encodings, with the row numbers a spreadsheet would show. */
import { open } from "node:fs/promises";
import { words } from "../text/words.ts";
import { CsvFault, CsvScanner, LONGEST_ROW, MOST_COLUMNS } from "./csv-scanner.ts";
import type { LedgerRow } from "./ledger-row.ts";
import { changedWhileRead, isUnchanged, refusal, type SourceFile } from "./source-file.ts";

const DELIMITERS = [",", "\t", ";"] as const;
const CHUNK = 1 << 22;
const HEAD = 1 << 16;

/**
 * Walks over all rows of the file, blank ones included, so that row numbers count as in a spreadsheet.
 * @param takeRows called for each chunk; goes over its rows by `scanner.next()` until that is false, and tells whether
 *   the walk goes on
 * @throws ChouqianError E-FRAME-CSV where quotation marks do not match, a row is too long or too wide;
 *   E-FRAME-FILE-CHANGED where the file is not the one that was inspected
 */
export async function scanCsv(file: SourceFile, takeRows: (scanner: CsvScanner) => boolean): Promise<void> {
  let scanner: CsvScanner | undefined;
  try {
    for await (const { chunk, isLast } of utf8Chunks(file)) {
      scanner ??= scannerFor(chunk);
      scanner.feed(chunk, isLast);
      if (!takeRows(scanner)) return;
    }
  } catch (error) {
    throw error instanceof CsvFault ? csvRefusal(file, error) : error;
  }
  if (!isUnchanged(file)) throw changedWhileRead(file.name);
}

/** The first rows of the file as texts. */
export async function firstCsvRows(file: SourceFile, most: number): Promise<readonly LedgerRow[]> {
  const rows: LedgerRow[] = [];
  await scanCsv(file, (scanner) => {
    while (rows.length < most && scanner.next()) rows.push({ row: scanner.row, cells: scanner.texts() });
    return rows.length < most;
  });
  return rows;
}

/** The separator and the line end that the first 64 KB show. */
function scannerFor(firstChunk: Buffer): CsvScanner {
  const head = firstChunk.toString("latin1", 0, HEAD);
  return new CsvScanner(delimiterOf(head), head.includes("\r") && !head.includes("\n"));
}

/**
 * The separator of a text: the one that stands the same number of times in most of the rows, so that commas inside cells
 * do not pass for it; of several such the more frequent one, a comma where none is found. What stands in quotes does not
 * count.
 */
function delimiterOf(head: string): (typeof DELIMITERS)[number] {
  const lines = head.replace(/"[^"]*"/g, "").split(/[\r\n]+/);
  const rows = lines.filter((line) => line !== "");
  const found = DELIMITERS.map((delimiter) => {
    const widths = new Map<number, number>();
    for (const row of rows) {
      const width = row.split(delimiter).length;
      if (width > 1) widths.set(width, (widths.get(width) ?? 0) + 1);
    }
    const [width = 1, regular = 0] = [...widths].reduce(
      (a, b) => (b[1] > a[1] || (b[1] === a[1] && b[0] > a[0]) ? b : a),
      [1, 0],
    );
    return { delimiter, regular, width };
  });
  return found.reduce((a, b) => (b.regular > a.regular || (b.regular === a.regular && b.width > a.width) ? b : a))
    .delimiter;
}

/** The file's text as chunks of UTF-8 without byte order mark; a chunk is valid until the next. */
async function* utf8Chunks(file: SourceFile): AsyncIterable<{ chunk: Buffer; isLast: boolean }> {
  const encoding = file.encoding ?? "utf-8";
  const decoder = encoding === "utf-8" ? undefined : new TextDecoder(encoding, { fatal: true });
  const handle = await open(file.path, "r");
  try {
    const bytes = Buffer.allocUnsafe(Math.min(CHUNK, file.bytes + 1));
    for (let position = 0, isLast = false; !isLast; ) {
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, position);
      const skipped = position === 0 && bytes.toString("hex", 0, 3) === "efbbbf" ? 3 : 0;
      position += bytesRead;
      isLast = bytesRead === 0;
      const own = bytes.subarray(skipped, bytesRead);
      const chunk = decoder === undefined ? own : Buffer.from(decoder.decode(own, { stream: !isLast }), "utf8");
      yield { chunk, isLast };
    }
  } finally {
    await handle.close();
  }
}

function csvRefusal(file: SourceFile, { reason, row }: CsvFault) {
  if (reason === "long") {
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
  if (reason === "wide") {
    return refusal(
      "E-FRAME-CSV",
      file.name,
      words(`第 ${row} 行超过 ${MOST_COLUMNS} 列`, `row ${row} has more than ${MOST_COLUMNS} columns`),
      ["多半不是名录；请检查该行，或只导出需要的列", "this is hardly a ledger; export the columns that are needed"],
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
