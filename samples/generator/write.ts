/** Writes one sample ledger to its place: a temporary file beside it first, then a rename. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { divisionName } from "../../src/reference/divisions.ts";
import { refusingDiskErrors } from "../../src/round/files.ts";
import { type OnRows, writeCsv } from "./csv.ts";
import { dirtyLedger } from "./dirty.ts";
import { type Options, usage } from "./options.ts";
import { sampleSize, sampleUnits } from "./province.ts";
import { workbookBytes } from "./workbook.ts";

/** A workbook is built in memory, so it holds a city, not a nation. */
const MOST_WORKBOOK_ROWS = 100_000;

/** Writes the ledger that the options ask for. */
export async function writeSample(options: Options, onRows: OnRows): Promise<void> {
  const temporary = join(dirname(options.out), `.${basename(options.out)}.${process.pid}.tmp`);
  try {
    refusingDiskErrors(options.out, () => mkdirSync(dirname(options.out), { recursive: true }));
    await writeInto(temporary, options, onRows);
    refusingDiskErrors(options.out, () => renameSync(temporary, options.out));
  } finally {
    rmSync(temporary, { force: true });
  }
}

async function writeInto(path: string, options: Options, onRows: OnRows): Promise<void> {
  if (options.isDirty) {
    refusingDiskErrors(options.out, () => writeFileSync(path, dirtyLedger(options.seed)));
  } else if (options.out.toLowerCase().endsWith(".xlsx")) {
    if (sampleSize(options) > MOST_WORKBOOK_ROWS) {
      throw usage(
        `工作簿最多 ${MOST_WORKBOOK_ROWS} 行，请写成 .csv 或用 --city 只要一个市`,
        `a workbook holds at most ${MOST_WORKBOOK_ROWS} rows: write .csv, or one --city`,
      );
    }
    const title = `${divisionName(options.city ?? "440000")}第二次全国污染源普查对象名录`;
    const bytes = await workbookBytes(title, sampleUnits(options));
    refusingDiskErrors(options.out, () => writeFileSync(path, bytes));
  } else {
    refusingDiskErrors(options.out, () => writeCsv(path, sampleUnits(options), options.encoding, onRows));
  }
}
