/** The three files of one city. A task is plain values, so that it can be sent to a worker. */
import { join } from "node:path";
import { type OfficeFonts, useOfficeFonts } from "../pdf/office-fonts.ts";
import { writeFileAtomically } from "../round/files.ts";
import { digest } from "../text/canonical.ts";
import { renderChecklists } from "./checklist-pdf.ts";
import { renderRecordForms } from "./record-pdf.ts";
import { recordWorkbook } from "./record-workbook.ts";
import type { FormRound, FormSource, ReplacedSource } from "./source.ts";
import { type TailoredForm, tailor } from "./tailor.ts";
import type { FormTemplate } from "./template.ts";

export const FORM_FILES = {
  checklists: "核查清单.pdf",
  records: "核查记录表.pdf",
  workbook: "核查记录表.xlsx",
} as const;

export interface CityTask {
  readonly head: FormRound;
  /** Name of the city. */
  readonly city: string;
  readonly sources: readonly FormSource[];
  /** Place in `templates` of each source's form. */
  readonly formOf: readonly number[];
  readonly templates: readonly FormTemplate[];
  readonly replaced: readonly ReplacedSource[];
  readonly fonts: OfficeFonts;
  /** Folder that the paths of fonts are seen from. */
  readonly fontsFrom: string;
  /** Folder to write into. */
  readonly folder: string;
}

export interface CityResult {
  readonly pages: number;
  /** Characters that no font could print, as code points. */
  readonly missing: readonly number[];
  /** Digest of the workbook. */
  readonly workbook: string;
}

/** Writes checklists, record forms and the workbook of one city. */
export async function makeCityForms(task: CityTask): Promise<CityResult> {
  const { head, city, sources, replaced, folder } = task;
  useOfficeFonts(task.fonts, task.fontsFrom);
  const form = tailoredForms(task);
  const checklists = await renderChecklists(head, sources, form);
  writeFileAtomically(join(folder, FORM_FILES.checklists), checklists.bytes);
  const records = await renderRecordForms(head, sources, form);
  writeFileAtomically(join(folder, FORM_FILES.records), records.bytes);
  const workbook = await recordWorkbook(head, city, sources, form, replaced);
  writeFileAtomically(join(folder, FORM_FILES.workbook), workbook);
  return {
    pages: checklists.pages + records.pages,
    missing: [...checklists.missing, ...records.missing],
    workbook: digest(workbook),
  };
}

/** The form of each source, tailored to what the ledger says of it. */
function tailoredForms({ sources, formOf, templates }: CityTask): (source: FormSource) => TailoredForm {
  const forms = new Map<FormSource, TailoredForm>();
  sources.forEach((source, i) => {
    const template = templates[formOf[i] ?? 0];
    if (template !== undefined) forms.set(source, tailor(template, source.values));
  });
  return (source) => {
    const form = forms.get(source);
    if (form === undefined) throw new RangeError(`no form for ${source.id}`);
    return form;
  };
}
