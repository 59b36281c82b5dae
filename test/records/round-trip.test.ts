/** The law of the round trip, over robots, rates and arrangements of rows and columns: what is filled in is what is read. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type FilledForm, fillForm } from "../../samples/generator/fill.ts";
import type { Layout } from "../../src/forms/workbook/task.ts";
import { checkSource } from "../../src/records/check.ts";
import { type RoundExpected, readExpected } from "../../src/records/expected.ts";
import { isError } from "../../src/records/faults.ts";
import type { FilledRow, FilledSheet } from "../../src/records/filled.ts";
import { readFilled } from "../../src/records/read-file.ts";
import { recogniseSheet } from "../../src/records/recognise.ts";
import type { SourceRecord } from "../../src/records/record.ts";
import { scratchFolder } from "../support/chouqian.ts";
import { CITY, expectWritten, roundWithForms } from "./fixture.ts";

const scratch = scratchFolder("round-trip");
const sheets = new Map<Layout, readonly FilledSheet[]>();
let expected: RoundExpected;
beforeAll(async () => {
  for (const layout of ["source", "rows"] as const) {
    const round = await roundWithForms(join(scratch, layout, "R1"), layout);
    expected = await readExpected(round);
    const file = { path: join(round.paths.forms, CITY, "核查记录表.xlsx"), name: "a.xlsx" };
    sheets.set(layout, (await readFilled(file, expected.codesOf)).sheets);
  }
}, 180_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Addresses as they are numbered: `AB12` is row 12, column 27. */
function cellOf(address: string): { readonly row: number; readonly column: number } {
  const [, letters = "", row = ""] = /^([A-Z]+)(\d+)$/.exec(address) ?? [];
  const column = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
  return { row: Number(row), column };
}

/** A sheet filled in by the robot. */
function filledSheet(sheet: FilledSheet, rate: number, seed: string) {
  const forms = new Map<string, FilledForm>();
  const rows = new Map(sheet.rows.map(({ row, cells }) => [row, [...cells]]));
  for (const source of recogniseSheet("a.xlsx", sheet).sources) {
    const found = expected.find(source);
    if ("problem" in found) throw new Error(found.problem.message.zh);
    const form = fillForm(source, found.expected, rate, seed);
    forms.set(source.unit, form);
    for (const [address, text] of form.cells) {
      const { row, column } = cellOf(address);
      const cells = rows.get(row) ?? [];
      while (cells.length <= column) cells.push("");
      cells[column] = String(text);
      rows.set(row, cells);
    }
  }
  return { rows: [...rows].sort(([a], [b]) => a - b).map(([row, cells]): FilledRow => ({ row, cells })), forms };
}

/** The rows in another order, the columns too, and empty ones between them. */
function rearranged(rows: readonly FilledRow[], order: readonly number[], gap: number): FilledRow[] {
  const widest = Math.max(...rows.map(({ cells }) => cells.length));
  const columns = Array.from({ length: widest }, (_, i) => i);
  const keys = (length: number, i: number) => order[(i * 7 + length) % order.length] ?? 0;
  const shuffled = <T>(items: readonly T[]) =>
    items
      .map((item, i) => ({ item, key: keys(items.length, i) }))
      .sort((a, b) => a.key - b.key)
      .map(({ item }) => item);
  const places = shuffled(columns);
  return shuffled(rows).map(({ cells }, i) => ({
    row: (i + 1) * gap,
    cells: places.flatMap((column) => [cells[column] ?? "", ...(gap > 1 && column % 5 === 0 ? [""] : [])]),
  }));
}

const about = {
  roundId: "R1",
  manifestDigest: "a".repeat(64),
  file: "a.xlsx",
  sha256: "b".repeat(64),
  today: "2020-01-15",
  drawnOn: "2019-10-08",
};

test.each(["source", "rows"] as const)("layout %s: rows sorted, columns moved, empty ones inserted", (layout) => {
  const forms = (sheets.get(layout) ?? []).filter((sheet) => recogniseSheet("a.xlsx", sheet).sources.length > 0);
  expect(forms.length).toBe(layout === "source" ? 9 : 5);
  fc.assert(
    fc.property(
      fc.constantFrom(...forms),
      fc.constantFrom(0, 0.05, 0.5, 1),
      fc.string({ maxLength: 4 }),
      fc.array(fc.nat(1000), { minLength: 50, maxLength: 50 }),
      fc.integer({ min: 1, max: 3 }),
      (sheet, rate, seed, order, gap) => {
        const filled = filledSheet(sheet, rate, seed);
        const moved = { name: "Sheet1", rows: rearranged(filled.rows, order, gap) };
        const records: SourceRecord[] = [];
        for (const source of recogniseSheet("a.xlsx", moved).sources) {
          const found = expected.find(source);
          if ("problem" in found) throw new Error(found.problem.message.zh);
          const { record, problems } = checkSource(source, found.expected, about);
          expect(problems.filter(isError)).toEqual([]);
          if (record !== undefined) records.push(record);
        }
        records.sort((a, b) => (a.unit < b.unit ? -1 : 1));
        expectWritten(records, filled.forms);
      },
    ),
    { numRuns: 60 },
  );
});
