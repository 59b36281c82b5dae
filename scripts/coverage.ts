// Writes the tables of docs/statistics.md: how often the bounds of an evaluation hold, and how often a verdict is wrong where
// cities are followed up, over 2,000 simulated rounds a row. Takes the number of rounds, and the name of one table.
import { readFileSync, writeFileSync } from "node:fs";
import { CORRELATIONS, coverage, coverageTable, RATES } from "../test/support/coverage.ts";
import { LOOK_ROWS, looks, looksTable } from "../test/support/looks.ts";

const PAGE = "docs/statistics.md";
const [times = "2000", only] = process.argv.slice(2);
const rounds = Number(times);

const TABLES: Readonly<Record<string, () => string>> = {
  coverage: () => {
    const rows = RATES.flatMap((rate, r) =>
      CORRELATIONS.map((correlation, c) =>
        shown(coverage(rate, correlation, rounds, 1000 + 10 * r + c), coverageTable),
      ),
    );
    return coverageTable(rows);
  },
  looks: () => {
    const rows = LOOK_ROWS.map(({ rate, correlation, scheme }, i) =>
      shown(looks(rate, correlation, scheme, rounds, 2000 + i), looksTable),
    );
    return looksTable(rows);
  },
};

for (const [name, table] of Object.entries(TABLES)) if (only === undefined || only === name) write(name, table());

/** A row as it comes, since a table takes minutes. */
function shown<Row>(row: Row, tableOf: (rows: readonly Row[]) => string): Row {
  console.error(tableOf([row]).split("\n").at(-1));
  return row;
}

function write(name: string, table: string): void {
  const [from, to] = [`<!-- ${name}: from here on written by scripts/coverage.ts -->`, `<!-- ${name}: to here -->`];
  const page = readFileSync(PAGE, "utf8");
  const [before, after] = [page.indexOf(from), page.indexOf(to)];
  if (before < 0 || after < 0) throw new Error(`${PAGE} has no place for the table ${name}`);
  writeFileSync(PAGE, `${page.slice(0, before + from.length)}\n\n${table}\n\n${page.slice(after)}`);
}
