/** Where a sheet that goes on several printed pages is broken so that its last rows stay together. Heights in points. */

/**
 * What rows a page holds: some 620 points where the columns fit its width at 81%, as in Excel, some 850 at 59%, where a
 * program lacks the font by which columns are measured; and a little more or less.
 */
const USUAL_PAGES = [620, 850] as const;
const ALL_PAGES = [600, 612, 624, 636, 830, 845, 860, 875] as const;

export interface Rows {
  /** Of each row, 0 where it is hidden. */
  readonly heights: readonly number[];
  /** Height of what each page but the first repeats. */
  readonly repeated: number;
  /** Place of the first row of those that stay together, to the last. */
  readonly kept: number;
  /** Place of the first row before which a page may end. */
  readonly from: number;
  /** Rows that belong to the next one. */
  readonly isHeading: (row: number) => boolean;
}

/**
 * The row that begins the last page; none where the rows stay together without. Of the rows that leave the last page
 * whole on any paper, the one that takes the fewest pages and leaves the page before it the fullest.
 */
export function lastPageStart(rows: Rows): number | undefined {
  const { heights, repeated, kept, from, isHeading } = rows;
  const isDivided = (page: number) => startsOf(rows, page).some((start) => start > kept);
  if (!ALL_PAGES.some(isDivided)) return undefined;
  const room = Math.min(...ALL_PAGES) - repeated;
  let best: { readonly start: number; readonly pages: number; readonly fill: number } | undefined;
  for (let start = kept; start > from; start--) {
    if (start < kept && sum(heights.slice(start)) > room) break;
    if (start < kept && isHeading(start - 1)) continue;
    const before = { ...rows, heights: heights.slice(0, start) };
    const starts = USUAL_PAGES.map((page) => startsOf(before, page));
    const pages = sum(starts.map(({ length }) => length));
    const fill = Math.min(...starts.map((each, i) => sum(before.heights.slice(each.at(-1))) / (USUAL_PAGES[i] ?? 1)));
    if (best === undefined || pages < best.pages || (pages === best.pages && fill > best.fill)) {
      best = { start, pages, fill };
    }
  }
  return best?.start ?? kept;
}

/** The first row of each page. */
function startsOf({ heights, repeated }: Rows, page: number): number[] {
  const starts = [0];
  let used = 0;
  for (const [row, height] of heights.entries()) {
    if (used + height > page) {
      starts.push(row);
      used = repeated;
    }
    used += height;
  }
  return starts;
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
