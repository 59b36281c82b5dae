/** Checks that look across rows and files: one id in several rows, one place under several ids. */
import { compareBytes } from "../text/canonical.ts";
import type { Place } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { problemOf } from "./checks.ts";
import { columnLetters } from "./columns.ts";
import { type Engine, sqlName } from "./engine.ts";
import type { ExcludedRow, LockedColumn } from "./lock-record.ts";
import type { ProblemLog } from "./problem-log.ts";
import type { LedgerTable } from "./tables.ts";
import { MOST_EXCLUDED } from "./take-table.ts";
import type { SortedUnits, UnitStore } from "./unit-store.ts";

/** All units, as these checks see them: in the engine's view `placed`, and where each came from. */
export interface Across {
  readonly engine: Engine;
  readonly tables: readonly LedgerTable[];
  readonly store: UnitStore;
  readonly sorted: SortedUnits;
  readonly log: ProblemLog;
}

/** Reports the surplus rows of ids, which the store has taken out. */
export function reportDuplicates({ tables, store, sorted, log }: Across, excluded: ExcludedRow[]): void {
  for (const { unit, kept, isSame, isRenamed, names } of sorted.repeated.surplus()) {
    const table = tables[store.tableOf(unit)];
    const file = table?.file.name ?? "";
    const city = store.cityOf(unit);
    const at = () => placeOf(tables, store, unit);
    if (log.wants("E-FRAME-DUPLICATE-ID")) {
      const other = placeInText(placeOf(tables, store, kept));
      const detail = words(
        `与${other.zh}相同，内容${isSame ? "完全一致" : "不一致"}；若排除问题行，保留后者`,
        `the same as ${other.en}, content ${isSame ? "equal" : "different"}; that row would stay`,
      );
      log.add(problemOf("E-FRAME-DUPLICATE-ID", at(), detail), city);
    } else log.count("E-FRAME-DUPLICATE-ID", file, city);
    if (isRenamed && log.wants("W-FRAME-ID-TWO-NAMES")) {
      const detail =
        names === undefined
          ? undefined
          : words(
              `此行“${names[0]}”，保留的行“${names[1]}”`,
              `here "${names[0]}", in the row that stays "${names[1]}"`,
            );
      log.add(problemOf("W-FRAME-ID-TWO-NAMES", at(), detail), city);
    } else if (isRenamed) log.count("W-FRAME-ID-TWO-NAMES", file, city);
    if (excluded.length >= MOST_EXCLUDED) continue;
    const codes = ["E-FRAME-DUPLICATE-ID"];
    excluded.push({ file, sheet: table?.sheet ?? null, row: store.rowOf(unit), id: store.idOf(unit), codes });
  }
}

/** Digests of name and address first, as few units share them; then those units, each with the first of the others. */
const digestPlaces = (address: string) => `
  CREATE OR REPLACE TEMP TABLE sited AS
  SELECT place, hash("city", "class", "name", ${address}) AS site FROM placed WHERE "name" <> '' AND ${address} <> ''`;
const samePlaceRows = (address: string) => `
  CREATE OR REPLACE TEMP TABLE same_places AS
  WITH suspects AS (
    SELECT placed.place, "city", "class", "name", ${address} AS address
    FROM placed JOIN sited ON placed.place = sited.place
    SEMI JOIN (SELECT site FROM sited GROUP BY site HAVING count(*) > 1) AS shared ON sited.site = shared.site),
  shared AS (
    SELECT "city", "class", "name", address, min(place) AS first, min(place, 2)[2] AS second
    FROM suspects GROUP BY ALL HAVING count(*) > 1)
  SELECT place, if(place = first, second, first) AS other, "city"
  FROM suspects JOIN shared USING ("city", "class", "name", address)`;

/** Finds units of the same name at the same address under different ids: the engine's table `same_places`. */
export async function findSamePlaces(engine: Engine, columns: readonly LockedColumn[]): Promise<void> {
  const addresses = columns.filter(({ field }) => field === "address").map(({ name }) => sqlName(name));
  const address = addresses.length === 0 ? "''" : `concat(${addresses.join(", ")})`;
  await engine.run(digestPlaces(address));
  await engine.run(samePlaceRows(address));
  await engine.run("DROP TABLE sited");
}

/** Reports what `findSamePlaces` has found. */
export async function reportSamePlaces({ engine, tables, store, sorted, log }: Across): Promise<void> {
  const found = engine.stream<{ place: number; other: number; city: string }>("FROM same_places ORDER BY place");
  for await (const rows of found) {
    for (const { place, other, city } of rows) {
      const at = placeOf(tables, store, sorted.order.at(place));
      if (!log.wants("W-FRAME-SAME-PLACE")) {
        log.count("W-FRAME-SAME-PLACE", at.file ?? "", city);
        continue;
      }
      const seen = placeInText(placeOf(tables, store, sorted.order.at(other)));
      log.add(problemOf("W-FRAME-SAME-PLACE", at, words(`见${seen.zh}`, `see ${seen.en}`)), city);
    }
  }
}

/** Where a unit stands in its ledger, by its id. */
export function placeOf(tables: readonly LedgerTable[], store: UnitStore, unit: number): Place {
  const table = tables[store.tableOf(unit)];
  const positions = table?.header.fields.get("id") ?? [];
  const column = positions.map((position) => table?.header.headings[position] ?? "").join("+");
  const sheet = table?.sheet ?? undefined;
  const row = store.rowOf(unit);
  const [first] = positions;
  const cell = first === undefined ? undefined : `${columnLetters(first)}${row}`;
  return { file: table?.file.name, sheet, row, column, value: store.idOf(unit), cell };
}

function placeInText({ file = "", sheet, row }: Place) {
  const where = sheet === undefined ? file : `${file}/${sheet}`;
  return words(` ${where} 第 ${row} 行`, `row ${row} of ${where}`);
}

/** Orders problems and rows by file, sheet and row. */
export function comparePlaces(
  a: {
    readonly file?: string | undefined;
    readonly sheet?: string | null | undefined;
    readonly row?: number | undefined;
  },
  b: typeof a,
): number {
  const byFile = compareBytes(a.file ?? "", b.file ?? "");
  return byFile || compareBytes(a.sheet ?? "", b.sheet ?? "") || (a.row ?? 0) - (b.row ?? 0);
}
