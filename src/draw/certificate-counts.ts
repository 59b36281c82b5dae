/** Counts of a draw for each city and class, as a table of the certificate. */
import type { Block } from "../pdf/block.ts";
import { AREA } from "../pdf/page.ts";
import { type Cell, type Row, table } from "../pdf/table.ts";
import { type Style, setText } from "../pdf/text.ts";
import { CLASS_NAMES, SOURCE_CLASSES, type SourceClass } from "../reference/classes.ts";
import type { CertificateRow } from "./certificate.ts";

const HEAD: Style = { face: "sans", size: 9, leading: 12 };
const NUMBER: Style = { face: "serif", size: 9, leading: 12 };
/** Rows that go to the next page together with the total. */
const KEPT_WITH_TOTAL = 3;
const PADDING = { x: 2.5, y: 2.5 };
/** Short enough for the heading of two narrow columns. */
const HEADINGS: Readonly<Record<SourceClass, string>> = {
  ...(Object.fromEntries(SOURCE_CLASSES.map((name) => [name, CLASS_NAMES[name].zh])) as Record<SourceClass, string>),
  centralized: "集中式设施",
};

type Counts = Pick<CertificateRow, "N" | "n" | "reserve" | "shortfall">;

/** City × class: units in the frame; units drawn + reserves, with the shortfall where there is one. */
export function countTable(rows: readonly CertificateRow[]): Block[] {
  const classes = SOURCE_CLASSES.filter((sourceClass) => rows.some((row) => row.sourceClass === sourceClass));
  const cities = [...new Set(rows.map(({ city }) => city))];
  const line = (name: string, of: readonly CertificateRow[], keepWithNext = false): Row => ({
    minHeight: 18,
    keepWithNext,
    cells: [
      { text: name, style: HEAD, align: "center" },
      ...classes.flatMap((each) => countCells(sum(of.filter(({ sourceClass }) => sourceClass === each)))),
      ...countCells(sum(of)),
    ],
  });
  const lines = [
    ...cities.map((city, i) => {
      const own = rows.filter((row) => row.city === city);
      return line(city, own, i >= cities.length - KEPT_WITH_TOTAL);
    }),
    ...(cities.length > 1 ? [line("合计", rows)] : []),
  ];
  const head = header(classes);
  return table({
    columns: fitColumns([...lines, ...head.slice(1).map(behindCity)]),
    style: NUMBER,
    padding: PADDING,
    header: head,
    rows: lines,
  });
}

/** Each column as wide as its widest text, the room left over shared out evenly. */
function fitColumns(rows: readonly Row[]): number[] {
  const natural: number[] = [];
  for (const { cells } of rows) {
    cells.forEach(({ text, style = NUMBER }, i) => {
      const widest = Math.max(...setText(text, style, Number.POSITIVE_INFINITY).map(({ width }) => width));
      natural[i] = Math.max(natural[i] ?? 0, widest + 2 * PADDING.x + 0.5);
    });
  }
  const total = natural.reduce((all, width) => all + width, 0);
  const spare = AREA.width - total;
  return natural.map((width) => (spare >= 0 ? width + spare / natural.length : (width * AREA.width) / total));
}

function behindCity(row: Row): Row {
  return { ...row, cells: [{ text: "" }, ...row.cells] };
}

function header(classes: readonly SourceClass[]): Row[] {
  const groups = [...classes.map((each) => HEADINGS[each]), "合计"];
  const cell = (text: string, more: Partial<Cell> = {}): Cell => ({ text, style: HEAD, align: "center", ...more });
  return [
    { minHeight: 18, cells: [cell("地市", { rows: 2 }), ...groups.map((text) => cell(text, { columns: 2 }))] },
    { minHeight: 18, cells: groups.flatMap(() => [cell("总数"), cell("抽取\n+备选")]) },
  ];
}

function countCells(counts: Counts | undefined): Cell[] {
  if (counts === undefined) return [0, 1].map(() => ({ text: "—", align: "center" as const }));
  const { N, n, reserve, shortfall } = counts;
  const drawn = reserve > 0 ? `${n}+${reserve}` : String(n);
  return [
    { text: N.toLocaleString("en-US"), align: "right" },
    { text: shortfall > 0 ? `${drawn}\n缺${shortfall}` : drawn, align: "right" },
  ];
}

/** Counts added up; undefined where there are none. */
function sum(rows: readonly CertificateRow[]): Counts | undefined {
  if (rows.length === 0) return undefined;
  const add = (of: (row: CertificateRow) => number) => rows.reduce((total, row) => total + of(row), 0);
  return {
    N: add(({ N }) => N),
    n: add(({ n }) => n),
    reserve: add((r) => r.reserve),
    shortfall: add((r) => r.shortfall),
  };
}
