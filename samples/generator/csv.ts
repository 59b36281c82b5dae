/** Writes a ledger as CSV, in pieces, so that memory stays flat. */
import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import iconv from "iconv-lite";
import { HEADINGS, rowOf, type Unit } from "./columns.ts";

export type LedgerEncoding = "utf8" | "gb18030";

const PIECE = 1 << 18;

/** Called after each piece with the number of rows written. */
export type OnRows = (rows: number) => void;

/** Writes the headings and one line a unit, each ended by LF. No cell of the generator's own needs quotes. */
export function writeCsv(path: string, units: Iterable<Unit>, encoding: LedgerEncoding, onRows: OnRows): void {
  const file = openSync(path, "w", 0o644);
  try {
    let text = `${HEADINGS.join(",")}\n`;
    let rows = 0;
    for (const unit of units) {
      text += `${rowOf(unit).join(",")}\n`;
      rows++;
      if (text.length < PIECE) continue;
      writeText(file, text, encoding);
      onRows(rows);
      text = "";
    }
    writeText(file, text, encoding);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function writeText(file: number, text: string, encoding: LedgerEncoding): void {
  const bytes = encoding === "utf8" ? Buffer.from(text, "utf8") : iconv.encode(text, "gb18030");
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written, bytes.length - written);
}

/** Lines of rows that may hold anything, quoted where RFC 4180 asks for it. */
export function csvText(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(quoted).join(",")}\n`).join("");
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
