// Writes the table of docs/statistics.md: how often the bounds of an evaluation hold, over 2,000 simulated rounds a row.
import { readFileSync, writeFileSync } from "node:fs";
import { CORRELATIONS, coverage, coverageTable, RATES } from "../test/support/coverage.ts";

const PAGE = "docs/statistics.md";
const [FROM, TO] = ["<!-- coverage: from here on written by scripts/coverage.ts -->", "<!-- coverage: to here -->"];
const rows = RATES.flatMap((rate, r) =>
  CORRELATIONS.map((correlation, c) => {
    const row = coverage(rate, correlation, Number(process.argv[2] ?? 2000), 1000 + 10 * r + c);
    console.error(coverageTable([row]).split("\n").at(-1));
    return row;
  }),
);
const page = readFileSync(PAGE, "utf8");
const [before, after] = [page.indexOf(FROM), page.indexOf(TO)];
if (before < 0 || after < 0) throw new Error(`${PAGE} has no place for the table`);
writeFileSync(PAGE, `${page.slice(0, before + FROM.length)}\n\n${coverageTable(rows)}\n\n${page.slice(after)}`);
