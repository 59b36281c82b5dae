/** The forms of every source drawn in the sample province, and of sources such as no ledger should hold. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderChecklists } from "../../src/forms/checklist-pdf.ts";
import { tailoredForms, templatesOf } from "../../src/forms/city-forms.ts";
import { renderRecordForms } from "../../src/forms/record-pdf.ts";
import type { FormRound, FormSource } from "../../src/forms/source.ts";
import { tailor } from "../../src/forms/tailor.ts";
import { type PlannedTask, readTasks } from "../../src/forms/tasks.ts";
import { AREA } from "../../src/pdf/page.ts";
import { assetPath } from "../../src/text/assets.ts";
import { round, source, template } from "../pdf/form-fixture.ts";
import { faultsOf, type PageGeometry, readGeometry, textOf } from "../pdf/geometry.ts";
import { scratchFolder } from "../support/chouqian.ts";
import { provincialRound } from "../support/round.ts";

const RENDERERS = [renderChecklists, renderRecordForms];

/** Pages of one file by source: a source's first page is the one with page 1. */
function bySource(pages: readonly PageGeometry[]): PageGeometry[][] {
  const groups: PageGeometry[][] = [];
  for (const page of pages) {
    if (page.texts.some(({ text }) => text.startsWith("第 1 页"))) groups.push([]);
    groups.at(-1)?.push(page);
  }
  return groups;
}

function withoutSpace(text: string): string {
  return text.replace(/\s/g, "");
}

describe("the sample province", () => {
  let folder: string;
  let tasks: readonly PlannedTask[];

  beforeAll(async () => {
    folder = scratchFolder("province-forms");
    tasks = (
      await readTasks(await provincialRound(join(folder, "R1"), assetPath("samples", "province-ledger.csv")), undefined)
    ).tasks;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("1,407 sources: no text leaves its cell or the type area, crosses a rule, another text or the code; none is lost", async () => {
    let sources = 0;
    let pages = 0;
    for (const task of tasks) {
      const form = tailoredForms(task.sources, templatesOf(task));
      for (const render of RENDERERS) {
        const { bytes, missing } = await render(task.head, task.sources, form);
        expect(missing).toEqual([]);
        const papers = bySource(readGeometry(bytes).pages);
        expect(papers).toHaveLength(task.sources.length);
        for (const [i, paper] of papers.entries()) expectWhole(paper, task.sources[i], task.head);
        pages += papers.flat().length;
      }
      sources += task.sources.length;
    }
    expect(sources).toBe(1407);
    expect(pages).toBeGreaterThanOrEqual(4 * sources);
  });
});

/** What the head of every form shows of the ledger. */
const SHOWN = ["address", "contact", "phone", "status"];

function expectWhole(paper: readonly PageGeometry[], source: FormSource | undefined, head: FormRound): void {
  expect(paper.flatMap((page) => faultsOf(page, AREA))).toEqual([]);
  const text = textOf(paper);
  const values = SHOWN.map((field) => source?.values.get(field) ?? "");
  for (const value of [source?.id ?? "", source?.name ?? "", head.manifestDigest, ...values]) {
    expect(text).toContain(withoutSpace(value));
  }
  expect(text).toContain(`第${paper.length}页共${paper.length}页`);
  expect(paper[0]?.filled).toBeDefined();
  // title, holder and number of the form are read one by one
  expect(paper[0]?.roles.slice(0, 3)).toEqual(["H1", "P", "P"]);
}

/** Ideographs, Latin letters, brackets, and characters that only the third font has. */
const names = fc.string({
  unit: fc.constantFrom(..."广东省汕头市金平区恒丰印刷包装有限公司第二分厂（集团）ABC-01·𠮷㐂〇犇㙟"),
  minLength: 1,
  maxLength: 60,
});
const addresses = fc.array(names, { minLength: 0, maxLength: 4 }).map((lines) => lines.join("\n"));
const figures = fc.oneof(
  fc.constantFrom("", "0", "-1", "123456789012345678901234567890", "0.000000000000000001", "1e+300"),
  fc.double({ noNaN: true }).map(String),
);

test("names of 1 to 60 characters, addresses of four lines, empty values, 0 and very large numbers keep their places", async () => {
  const fields = [
    "output",
    "materialUse",
    "coal",
    "electricity",
    "water",
    "wastewater",
    "cod",
    "so2",
    "vocs",
    "solidWaste",
  ];
  const drawn = fc.record({
    name: names,
    address: addresses,
    contact: fc.oneof(fc.constant(""), names),
    values: fc.tuple(...fields.map(() => figures)),
  });
  await fc.assert(
    fc.asyncProperty(drawn, async ({ name, address, contact, values }) => {
      const given = [["address", address], ["contact", contact], ...values.map((value, i) => [fields[i], value])];
      const odd = source({ name, values: new Map(given as [string, string][]) });
      for (const render of RENDERERS) {
        const { bytes, missing } = await render(round, [odd], ({ values }) => tailor(template, values));
        expect(missing).toEqual([]);
        expectWhole(readGeometry(bytes).pages, odd, round);
      }
    }),
    { numRuns: 40 },
  );
});

test("a character that no font has is spelt out in its place and reported", async () => {
  const odd = source({ name: "东莞市😀𰀀印刷厂" });
  for (const render of RENDERERS) {
    const { bytes, missing } = await render(round, [odd], ({ values }) => tailor(template, values));
    expect(missing).toEqual([0x1f600, 0x30000]);
    const { pages } = readGeometry(bytes);
    expect(pages.flatMap((page) => faultsOf(page, AREA))).toEqual([]);
    expect(textOf(pages)).toContain("东莞市〔U+1F600〕〔U+30000〕印刷厂");
  }
});
