/** A small ledger with the dirt that real ones hold, so that a newcomer can see a problem report. */
import { creditCodeCheckCharacter } from "../../src/reference/credit-code.ts";
import { at } from "./chance.ts";
import { COLUMNS, type Column, HEADINGS, rowOf, type Unit } from "./columns.ts";
import { csvText } from "./csv.ts";
import { sampleUnits } from "./province.ts";

const CLEAN_ROWS = 12_000;
const UNITS = 56;

/** What goes wrong with one row: its row of cells comes in, the rows that take its place go out. */
type Damage = (row: string[], rows: readonly string[][]) => string[][];

const position = (column: Column) => COLUMNS.indexOf(column);
const cellOf = (row: readonly string[], column: Column) => at(row, position(column));

/** Puts another text into one cell. */
function put(column: Column, change: string | ((text: string) => string)): Damage {
  return (row) => {
    const text = cellOf(row, column);
    return [row.with(position(column), typeof change === "string" ? change : change(text))];
  };
}

const toFullWidth = (text: string) =>
  text.replace(/[!-~]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0));
/** Another valid code: that of a unit far from the sampled ones. */
const otherCode = (id: string) => withCheck(`${id.slice(0, 8)}DX${id.slice(10, 17)}`);
const withCheck = (first: string) => first + (creditCodeCheckCharacter(first) ?? "");
const otherLast = (id: string) => id.slice(0, -1) + (id.endsWith("A") ? "C" : "A");

/** Damages by the unit, counting from 1, that they fall on. */
const DAMAGES: Readonly<Record<number, Damage>> = {
  2: put("id", ""),
  3: (row) => [row, row],
  4: put("status", ""),
  5: (row, rows) => [row.with(position("id"), cellOf(at(rows, 5), "id"))],
  7: put("id", otherLast),
  8: put("id", (id) => id.toLowerCase()),
  9: put("id", toFullWidth),
  10: put("id", (id) => ` ${id.slice(0, 8)}${id.slice(8)}\t`),
  11: put("id", "9.10000E+17"),
  12: put("id", (id) => id.slice(2, 17)),
  13: put("id", (id) => id.replace("000000", "OOOOOO")),
  14: put("city", "广州县"),
  15: put("city", ""),
  16: put("city", "香港"),
  17: put("city", (city) => `广东省${city}`),
  18: put("class", "噪声源"),
  19: put("class", ""),
  20: put("class", "1"),
  21: put("status", "营业中"),
  22: put("status", "半停产"),
  23: (row) => [row.with(position("status"), "其他").with(position("statusReason"), "")],
  24: put("county", "天河新区"),
  25: put("county", ""),
  26: put("industryCode", "610"),
  27: put("name", ""),
  28: put("name", (name) => `${name}\n（老厂）`),
  29: put("name", (name) => `“${name}”,"东厂"`),
  30: put("name", (name) => `${name}\u200B`),
  31: put("name", (name) => `${name.slice(0, 4)}\uFFFD\uFFFD${name.slice(6)}`),
  32: put("name", (name) => `ＡＢＣ${name}`),
  33: (row) => [row.slice(0, 30)],
  34: (row) => [[...row, "", "备注：待核"]],
  35: (row) => [[...row.slice(0, 8), ...at(row, 8).split(/(?<=区|县|市|镇)/), ...row.slice(9)]],
  36: (row) => [row.map(() => ""), row],
  37: (row) => [[...HEADINGS], row],
  38: put("phone", "/"),
  39: put("address", "同上"),
  40: put("industryCode", "9999"),
  41: (row) => [row.with(position("class"), "工业源").with(position("industryCode"), "4620")],
  42: put("stock", "约300"),
  43: put("water", "-5"),
  44: (row) => [
    row.with(position("longitude"), cellOf(row, "latitude")).with(position("latitude"), cellOf(row, "longitude")),
  ],
  45: put("longitude", "113°15′20″"),
  46: put("output", "1,234.5"),
  47: put("division", "110101"),
  48: put("longitude", ""),
  49: put("longitude", "13.263"),
  50: put("electricity", "#N/A"),
  51: (row) => [row, row.with(position("id"), otherCode(cellOf(row, "id")))],
  52: put("id", (id) => withCheck(`94${id.slice(2, 17)}`)),
  53: put("id", (id) => withCheck(`${id.slice(0, 2)}449900${id.slice(8, 17)}`)),
  54: (row) => [row.with(position("longitude"), "113.264").with(position("latitude"), "23.129")],
  55: (row) => [
    row,
    row
      .with(position("id"), otherCode(cellOf(row, "id")))
      .with(position("name"), `${cellOf(row, "city")}（${cellOf(row, "name")}）`)
      .with(position("address"), "另一地址"),
  ],
};

/** The dirty ledger as UTF-8 CSV with a byte order mark, ended by the line of totals that offices add. */
export function dirtyLedger(seed: string): string {
  const rows = everyNth(sampleUnits({ rows: CLEAN_ROWS, seed }), Math.floor(CLEAN_ROWS / UNITS))
    .slice(0, UNITS)
    .map(rowOf);
  const damaged = rows.flatMap((row, i) => DAMAGES[i + 1]?.(row, rows) ?? [row]);
  const totals = ["合计", String(rows.length), ...COLUMNS.slice(2).map(() => "")];
  return `\uFEFF${csvText([HEADINGS, ...damaged, totals])}`;
}

function everyNth(units: Iterable<Unit>, step: number): Unit[] {
  const kept: Unit[] = [];
  let i = 0;
  for (const unit of units) if (i++ % step === 0) kept.push(unit);
  return kept;
}
