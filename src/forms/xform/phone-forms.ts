/** What a city's teams load on their phones: for each template in use an XForm and its XLSForm, and the list of the sources. */
import { digest } from "../../text/canonical.ts";
import type { Loaded } from "../load-template.ts";
import type { FormRound, FormSource } from "../source.ts";
import type { FormTemplate } from "../template.ts";
import { recordSurvey, SOURCE_LIST } from "./record-survey.ts";
import { type ListedSource, sourceList } from "./source-list.ts";
import type { Survey } from "./survey.ts";
import { writeXForm } from "./write-xform.ts";
import { writeXlsForm } from "./write-xlsform.ts";

/** Folder of the phone's forms within a city's folder, named so that every server and phone takes it. */
export const PHONE_FOLDER = "phone";

/**
 * Files by name, the same for the same round and sources. Names are ASCII: `440500-industrial.xml`.
 * @param sources of one city, in the order in which they are offered
 */
export async function phoneForms(
  round: FormRound,
  sources: readonly FormSource[],
  formOf: (source: FormSource) => Loaded<FormTemplate>,
): Promise<Map<string, string | Uint8Array>> {
  const loaded = sources.map((source) => ({ source, form: formOf(source) }));
  const listed = loaded.map(({ source, form }): ListedSource => {
    return { source, form: asciiName(form.name), template: form.template };
  });
  const files = new Map<string, string | Uint8Array>([[`${SOURCE_LIST}.csv`, sourceList(listed)]]);
  const templates = new Map(loaded.map(({ form, source }) => [form.name, { form, city: source }] as const));
  for (const { form, city } of templates.values()) {
    const own = listed.filter(({ template }) => template === form.template);
    const survey = surveyOf(round, city, form, own);
    const name = `${city.cityCode}-${asciiName(form.name)}`;
    files.set(`${name}.xml`, writeXForm(survey));
    files.set(`${name}.xlsx`, await writeXlsForm(survey));
  }
  return files;
}

/** The survey of a template for the sources of a city that it is for. */
export function surveyOf(
  round: FormRound,
  city: Pick<FormSource, "cityCode" | "cityName">,
  { name, template, digest: templateDigest }: Loaded<FormTemplate>,
  sources: readonly ListedSource[],
): Survey {
  const form = asciiName(name);
  const { roundId, manifestDigest } = round;
  return recordSurvey(template, {
    // a server keeps forms apart by their ids: another draw, city or template is another form
    id: `cq_${manifestDigest.slice(0, 8)}_${city.cityCode}_${form}`,
    form,
    title: `${city.cityName}　${template.record.title}`,
    // and asks for another version where anything of a form has changed
    version: `${templateDigest.slice(0, 8)}-${digest(sourceList(sources)).slice(0, 8)}`,
    identity: { roundId, manifestDigest, city: city.cityCode, template: name, templateDigest },
  });
}

/** A template's name as it stands in ids and file names; an office may have named its own in Chinese. */
function asciiName(name: string): string {
  return /^[A-Za-z0-9_-]+$/.test(name) ? name : `t${digest(name).slice(0, 8)}`;
}
