/** The three files of a city, or of another part of the sample. A task is plain values, so that it can be sent to a worker. */
import { join } from "node:path";
import { type OfficeFonts, useOfficeFonts } from "../pdf/office-fonts.ts";
import { writeFileAtomically } from "../round/files.ts";
import { digest } from "../text/canonical.ts";
import { renderChecklists } from "./checklist-pdf.ts";
import type { Loaded } from "./load-template.ts";
import { renderRecordForms } from "./record-pdf.ts";
import { recordWorkbook } from "./record-workbook.ts";
import type { FormRound, FormSource, ReplacedSource } from "./source.ts";
import { type TailoredForm, tailor } from "./tailor.ts";
import type { FormTemplate } from "./template.ts";
import type { Layout } from "./workbook/task.ts";
import { PHONE_FOLDER, phoneForms } from "./xform/phone-forms.ts";

export const FORM_FILES = {
  checklists: "核查清单.pdf",
  records: "核查记录表.pdf",
  workbook: "核查记录表.xlsx",
} as const;

export interface CityTask {
  readonly head: FormRound;
  /** Whose forms they are, such as the name of the city. */
  readonly title: string;
  readonly sources: readonly FormSource[];
  /** Place in `templates` of each source's form. */
  readonly formOf: readonly number[];
  readonly templates: readonly Loaded<FormTemplate>[];
  readonly replaced: readonly ReplacedSource[];
  readonly fonts: OfficeFonts;
  /** Folder that the paths of fonts are seen from. */
  readonly fontsFrom: string;
  /** A sheet a source in the workbook, or a row a source. */
  readonly layout: Layout;
  /** Whether forms for the phone are made too. */
  readonly forPhones: boolean;
  /** Folder to write into. */
  readonly folder: string;
}

export interface CityResult {
  readonly pages: number;
  /** Characters that no font could print, as code points. */
  readonly missing: readonly number[];
  /** Digest of the workbook. */
  readonly workbook: string;
  /** Digests of what is printed, by file name. */
  readonly prints: { readonly [file: string]: string };
  /** Digests of the forms for the phone, by file name. */
  readonly phones: { readonly [file: string]: string };
}

/** Writes checklists, record forms and the workbook of a part of the sample. */
export async function makeCityForms(task: CityTask): Promise<CityResult> {
  const { head, title, sources, replaced, folder, layout } = task;
  useOfficeFonts(task.fonts, task.fontsFrom);
  const templateOf = templatesOf(task);
  const form = tailoredForms(sources, templateOf);
  const checklists = await renderChecklists(head, sources, form);
  writeFileAtomically(join(folder, FORM_FILES.checklists), checklists.bytes);
  const records = await renderRecordForms(head, sources, form);
  writeFileAtomically(join(folder, FORM_FILES.records), records.bytes);
  const workbook = await recordWorkbook({ round: head, title, sources, templateOf, replaced, layout });
  writeFileAtomically(join(folder, FORM_FILES.workbook), workbook);
  const phones = task.forPhones ? await phoneForms(head, sources, templateOf) : new Map<string, string>();
  for (const [file, bytes] of phones) writeFileAtomically(join(folder, PHONE_FOLDER, file), bytes);
  return {
    pages: checklists.pages + records.pages,
    missing: [...checklists.missing, ...records.missing],
    workbook: digest(workbook),
    prints: { [FORM_FILES.checklists]: digest(checklists.bytes), [FORM_FILES.records]: digest(records.bytes) },
    phones: Object.fromEntries([...phones].map(([file, bytes]) => [file, digest(bytes)])),
  };
}

/** The template of each source of a task. */
export function templatesOf({
  sources,
  formOf,
  templates,
}: Pick<CityTask, "sources" | "formOf" | "templates">): (source: FormSource) => Loaded<FormTemplate> {
  const places = new Map(sources.map((source, i) => [source, formOf[i] ?? 0]));
  return (source) => {
    const template = templates[places.get(source) ?? -1];
    if (template === undefined) throw new RangeError(`no form for ${source.id}`);
    return template;
  };
}

/** The form of each source, tailored to what the ledger says of it. */
export function tailoredForms(
  sources: readonly FormSource[],
  templateOf: (source: FormSource) => Loaded<FormTemplate>,
): (source: FormSource) => TailoredForm {
  const forms = new Map(sources.map((source) => [source, tailor(templateOf(source).template, source.values)]));
  return (source) => forms.get(source) ?? tailor(templateOf(source).template, source.values);
}
