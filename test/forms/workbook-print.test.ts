/** Record workbooks on paper: pages end between indicators, the head stands over the table alone, signatures stay together. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { templatesOf } from "../../src/forms/city-forms.ts";
import { recordWorkbook } from "../../src/forms/record-workbook.ts";
import { readTasks } from "../../src/forms/tasks.ts";
import { columnsOnPages } from "../../src/forms/workbook/page-columns.ts";
import { lastPageStart } from "../../src/forms/workbook/page-rows.ts";
import type { Layout } from "../../src/forms/workbook/task.ts";
import { openRound } from "../../src/round/round.ts";
import { assetPath } from "../../src/text/assets.ts";
import { readPdf } from "../pdf/read-pdf.ts";
import { scratchFolder } from "../support/chouqian.ts";
import { hasLibreOffice, saveByLibreOffice } from "../support/office.ts";

const scratch = scratchFolder("workbook-print");
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe("columns on pages", () => {
  const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
  const widthsOf = ({ sections, starts }: ReturnType<typeof columnsOnPages>) =>
    starts.map((start, i) => sum(sections.slice(start, starts[i + 1]).flat()));

  test("pages are equally wide, whatever lies on them, so that the scale that fits them breaks between them", () => {
    const indicators = [45, 45, 45, 55, 45, 52.5, 45].map((width) => [width - 31, 14, 9, 8]);
    const pages = columnsOnPages([[12, 11, 13, 59], ...indicators, [30]], 136);
    expect(pages.starts).toEqual([0, 1, 4, 6]);
    const widths = widthsOf(pages);
    for (const width of widths) expect(width).toBeCloseTo(135, 1);
    // the last page is filled by the notes, which take what is written in any case
    expect(pages.sections.slice(-2)).toEqual([[14, 14, 9, 8], [37.5]]);
  });

  test("the last section has company, and what fits one page is left as it is", () => {
    expect(columnsOnPages([[60], [60], [60], [60], [30]], 120).starts).toEqual([0, 2, 3]);
    expect(columnsOnPages([[60], [30]], 120)).toEqual({ starts: [0], sections: [[60], [30]] });
  });
});

describe("the last page", () => {
  const rows = (count: number, kept: number) => ({
    heights: Array.from({ length: count }, () => 20),
    repeated: 40,
    kept,
    from: 10,
    isHeading: (row: number) => row % 10 === 0,
  });

  test("is left alone where nothing is divided", () => {
    expect(lastPageStart(rows(30, 20))).toBe(undefined);
    expect(lastPageStart(rows(24, 0))).toBe(undefined);
  });

  test("takes as much of the table as it has room for, and no heading stays behind", () => {
    const start = lastPageStart(rows(45, 35)) ?? 0;
    expect(start).toBeLessThan(35);
    expect((45 - start) * 20 + 40).toBeLessThanOrEqual(600);
    expect((start - 1) % 10).not.toBe(0);
    // what is longer than a page begins one
    expect(lastPageStart(rows(60, 20))).toBe(20);
  });
});

/** Pages of the sheets of the sample round's workbook, one source of each class, as LibreOffice prints them. */
async function printed(layout: Layout) {
  const { tasks } = await readTasks(openRound(assetPath("samples", "round")), undefined);
  const [city] = tasks;
  if (city === undefined) throw new Error("the sample round drew nothing");
  const classes = [...new Set(city.sources.map(({ sourceClass }) => sourceClass))];
  const sources = classes.flatMap((each) => city.sources.find(({ sourceClass }) => sourceClass === each) ?? []);
  const task = { ...city, sources, round: city.head, templateOf: templatesOf(city), layout };
  const path = join(scratch, `${layout}.xlsx`);
  writeFileSync(path, await recordWorkbook(task));
  saveByLibreOffice(path, scratch, "pdf", join(scratch, "profile"));
  const { pages } = await readPdf(readFileSync(path.replace(/xlsx$/, "pdf")));
  // the index comes first
  return { task, pages: pages.filter((page) => !page.some(({ text }) => text.includes("点击打开"))) };
}

test("a source's pages: the head below what is known of it, conclusion and signatures on one", async (context) => {
  if (!hasLibreOffice()) context.skip("soffice is not installed");
  const { task, pages } = await printed("source");
  const heightOf = (page: (typeof pages)[number], label: string) => page.find(({ text }) => text === label)?.y;
  const firsts = pages.filter((page) => heightOf(page, "单位代码") !== undefined);
  expect(firsts.length).toBe(task.sources.length);
  for (const page of firsts) expect(heightOf(page, "核查值")).toBeGreaterThan(heightOf(page, "抽样序位") ?? 0);
  for (const page of pages) expect(page.filter(({ text }) => text === "人工判定").length).toBe(1);
  const wordsOf = (page: (typeof pages)[number]) => page.map(({ text }) => text).join("");
  const last = pages.map(wordsOf).filter((words) => words.includes("核查结论"));
  expect(last.length).toBe(task.sources.length);
  for (const [i, words] of last.entries()) {
    const source = task.sources[i];
    if (source === undefined) continue;
    const { signatures = [] } = task.templateOf(source).template.record;
    for (const label of ["整改要求", ...signatures.map((each) => each.label)]) expect(words).toContain(label);
    expect(words).toContain(source.name);
  }
}, 120_000);

test("in rows pages break between indicators, each under its group", async (context) => {
  if (!hasLibreOffice()) context.skip("soffice is not installed");
  const { pages } = await printed("rows");
  const count = (page: (typeof pages)[number], label: string) => page.filter(({ text }) => text === label).length;
  const parts = pages.map((page) => ["填报值", "核查值", "人工判定", "结果"].map((label) => count(page, label)));
  for (const [reported = 0, ...others] of parts) expect(others).toEqual([reported, reported, reported]);
  expect(Math.max(...parts.flat())).toBe(3);
}, 120_000);
