/**
 * Which columns of a wide sheet go on which printed page. A program that fits a sheet to so many pages takes no heed of set
 * breaks between columns, and how wide a column is depends on its fonts. So all pages are made equally wide: then the
 * greatest scale at which they fit breaks the sheet where they end, in any program.
 */

export interface PageColumns {
  /** Widths of the sections' columns, as given or wider. */
  readonly sections: readonly (readonly number[])[];
  /** Place of the first section of each page. */
  readonly starts: readonly number[];
}

/**
 * Puts sections of columns on pages and widens what does not fill its page; on the last page the last column alone.
 * @param sections widths of columns that stay together on a page
 * @param room width of a page without the columns that each page repeats
 */
export function columnsOnPages(sections: readonly (readonly number[])[], room: number): PageColumns {
  const widths = sections.map(sum);
  const starts = [0];
  let used = 0;
  for (const [i, width] of widths.entries()) {
    if (used > 0 && used + width > room) {
      starts.push(i);
      used = 0;
    }
    used += width;
  }
  const [before = 0, lastStart = 0] = starts.slice(-2);
  // the last section has company where it can
  if (starts.length > 1 && lastStart === sections.length - 1 && lastStart - before > 1) {
    starts[starts.length - 1] = lastStart - 1;
  }
  if (starts.length === 1) return { sections, starts };
  const pages = starts.map((start, i) => sections.slice(start, starts[i + 1]));
  const most = Math.max(...pages.map((page) => sum(page.map(sum))));
  return {
    starts,
    sections: pages.flatMap((page, i) => {
      const own = sum(page.map(sum));
      if (i < pages.length - 1) return page.map((section) => section.map((width) => rounded((width * most) / own)));
      const [last = [], ...others] = page.toReversed();
      return [...others.toReversed(), [...last.slice(0, -1), rounded((last.at(-1) ?? 0) + most - own)]];
    }),
  };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
const rounded = (width: number) => Math.round(width * 100) / 100;
