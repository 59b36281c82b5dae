/** 核查记录表.xlsx of a city, a county or a team: an index, sheets to fill in, and a hidden sheet that says what is what. */
import { SPEC_VERSION } from "../draw/manifest.ts";
import { compareBytes } from "../text/canonical.ts";
import { addHiddenSheet } from "../xlsx/layout.ts";
import { lock, newWorkbook, safeSheetName, toBytes, type Workbook } from "../xlsx/write.ts";
import type { Loaded } from "./load-template.ts";
import { IDENTITY_SHEET, MARK_SPEC } from "./record-marks.ts";
import type { FormSource } from "./source.ts";
import type { FormTemplate } from "./template.ts";
import { INDEX_SHEET, writeIndex } from "./workbook/index-sheet.ts";
import { fillRowsSheet } from "./workbook/rows-sheet.ts";
import { fillSourceSheet } from "./workbook/source-sheet.ts";
import type { FilledSource, WorkbookTask } from "./workbook/task.ts";

export { INDEX_SHEET };

/** The workbook's bytes, the same for the same task. */
export async function recordWorkbook(task: WorkbookTask): Promise<Uint8Array> {
  const workbook = newWorkbook(`${task.title}核查记录表`);
  const index = workbook.addWorksheet(INDEX_SHEET);
  const filled = task.layout === "rows" ? fillByForm(workbook, task) : fillBySource(workbook, task);
  writeIndex(index, task, filled);
  const sheets = workbook.worksheets.slice();
  addHiddenSheet(workbook, IDENTITY_SHEET, identity(task, filled));
  for (const sheet of sheets) await lock(sheet);
  return toBytes(workbook);
}

function fillBySource(workbook: Workbook, task: WorkbookTask): FilledSource[] {
  return task.sources.map((source, i) =>
    fillSourceSheet(workbook.addWorksheet(sheetNameOf(source, i + 1)), task, source),
  );
}

/** `001 金平区某某印刷厂`: the number keeps names apart, whatever is cut; the city's own name is left out. */
function sheetNameOf({ name, cityName }: FormSource, number: number): string {
  const short = name.startsWith(cityName) ? name.slice(cityName.length) : name;
  return `${String(number).padStart(3, "0")} ${safeSheetName(short, 12)}`;
}

/** A sheet for each form; sources keep their order in it. */
function fillByForm(workbook: Workbook, task: WorkbookTask): FilledSource[] {
  const byForm = new Map<Loaded<FormTemplate>, FormSource[]>();
  for (const source of task.sources) {
    const form = task.templateOf(source);
    byForm.set(form, [...(byForm.get(form) ?? []), source]);
  }
  return [...byForm].flatMap(([form, sources], i) => {
    const title = form.template.record.title.replace(/质量|核查|记录表/g, "");
    const sheet = workbook.addWorksheet(`${i + 1} ${safeSheetName(title, 20)}`);
    return fillRowsSheet(sheet, task, form, sources);
  });
}

/** What all sources share; empty where they differ. */
function commonTo(sources: readonly FormSource[], of: (source: FormSource) => string): string {
  const values = new Set(sources.map(of));
  return values.size === 1 ? ([...values][0] ?? "") : "";
}

function identity(task: WorkbookTask, filled: readonly FilledSource[]): readonly (readonly string[])[] {
  const forms = new Map(task.sources.map(task.templateOf).map(({ name, digest }) => [name, digest]));
  return [
    ["spec", MARK_SPEC],
    ["roundId", task.round.roundId],
    ["manifestDigest", task.round.manifestDigest],
    ["draw", SPEC_VERSION],
    ["city", commonTo(task.sources, ({ cityName }) => cityName)],
    ["title", task.title],
    ["team", commonTo(task.sources, ({ team }) => team)],
    ...[...forms].sort(([a], [b]) => compareBytes(a, b)).map(([name, digest]) => ["form", name, digest]),
    ["sheet", "unit", "class", "role", "layout"],
    ...filled.map(({ sheetName, source: { id, sourceClass, role, replaces } }) => {
      return [sheetName, id, sourceClass, replaces === undefined ? role : "replacement", task.layout];
    }),
  ];
}
