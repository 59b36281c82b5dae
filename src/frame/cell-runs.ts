/** Cells of a CSV row that stand side by side, copied in one piece. Pure. */
import type { CsvScanner } from "./csv-scanner.ts";

const TAB = 9;

/** Neighbouring positions taken together; -1 stands alone. */
export function runsOf(positions: readonly number[]): (readonly [number, number])[] {
  const runs: [number, number][] = [];
  for (const position of positions) {
    const last = runs.at(-1);
    if (last !== undefined && position >= 0 && position === last[1] + 1 && last[0] >= 0) last[1] = position;
    else runs.push([position, position]);
  }
  return runs;
}

/** Whether nothing but one separator stands between the cells of a run. */
export function isUnquoted({ starts, ends }: CsvScanner, first: number, last: number): boolean {
  for (let at = first; at < last; at++) if (starts[at + 1] !== (ends[at] as number) + 1) return false;
  return true;
}

/** Copies cells in one piece, each after a tab; returns the place behind them. */
export function copyRun(row: CsvScanner, first: number, last: number, line: Buffer, to: number): number {
  const { bytes, starts, ends } = row;
  const from = starts[first] as number;
  const end = ends[last] as number;
  line[to] = TAB;
  const start = to + 1;
  if (end > from) bytes.copy(line, start, from, end);
  const shift = start - from;
  for (let at = first; at < last; at++) line[(ends[at] as number) + shift] = TAB;
  return end + shift;
}

/** Whether a row has a cell at a position, and something in it. */
export function isFilled({ starts, ends }: CsvScanner, at: number): boolean {
  return at >= 0 && (ends[at] as number) > (starts[at] as number);
}
