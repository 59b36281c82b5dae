/** Papers in print: a landscape paper lies on a turned page and keeps to its type area, as do the upright ones. */
import { basename } from "node:path";
import { expect, test } from "vitest";
import { printTemplate } from "../../src/forms/print-template.ts";
import { listTemplates } from "../../src/forms/templates.ts";
import { AREA, LANDSCAPE_AREA } from "../../src/pdf/page.ts";
import { faultsOf, readGeometry } from "../pdf/geometry.ts";
import { readPdf } from "../pdf/read-pdf.ts";

const LANDSCAPE = new Set(["city-summary", "doubtful-data", "omission-check"]);
const MOST_LEFT = 27;
const papers = listTemplates(undefined).filter(({ sourceClass }) => sourceClass === undefined);

test.each(papers.map(({ name }) => basename(name)))("%s keeps to the type area of its page", async (name) => {
  const { bytes } = await printTemplate(name);
  const isLandscape = LANDSCAPE.has(name);
  const { pages, objects } = readGeometry(bytes);
  const boxes = [...objects.values()].flatMap((object) => /\/MediaBox\[0 0 ([\d.]+) ([\d.]+)\]/.exec(object) ?? []);
  expect(Number(boxes[1]) > Number(boxes[2])).toBe(isLandscape);
  const area = isLandscape ? LANDSCAPE_AREA : AREA;
  expect(pages.flatMap((page) => faultsOf(page, area))).toEqual([]);
  expect((await readPdf(bytes)).pages.length).toBeGreaterThan(0);
  // signatures stand at the foot: less than a row is left below them
  const lowest = Math.max(...(pages.at(-1)?.rules ?? []).map(({ y2 }) => y2));
  expect(area.bottom - lowest).toBeLessThan(MOST_LEFT);
});
