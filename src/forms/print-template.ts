/** Prints a template without making the round's forms: a preview with invented data, a paper, a blank form. */
import { existsSync } from "node:fs";
import { readCurrentSample } from "../draw/fates.ts";
import { openFrame } from "../frame/locked.ts";
import type { PdfResult } from "../pdf/document.ts";
import { divisionName } from "../reference/divisions.ts";
import type { Round } from "../round/round.ts";
import { dateInWords } from "../text/dates.ts";
import { checklistKind } from "./checklist-pdf.ts";
import { renderForms } from "./form-pdf.ts";
import type { Found } from "./found.ts";
import { inventedDrawn, inventedSource } from "./invented.ts";
import { loadForm, loadPaper } from "./load-template.ts";
import { type PaperData, renderPaper } from "./paper-pdf.ts";
import { recordKind } from "./record-pdf.ts";
import { blankSource, type FormRound, type FormSource } from "./source.ts";
import { wholeForm } from "./tailor.ts";
import { citiesDrawn, formRound, formSources, idsInSample } from "./tasks.ts";
import type { FormTemplate } from "./template.ts";
import { findTemplate, nameOfTemplate, TEMPLATE_FOLDERS, templateStore } from "./template-store.ts";
import type { ReadTemplate } from "./templates.ts";

/** Stands across each page of a preview: nobody shall take it for a form of a round. */
const PREVIEW_ROUND: FormRound = {
  roundId: "",
  name: "模板预览（数据为虚构）",
  holder: "某某普查领导小组办公室",
  date: "",
  seed: "0123456789abcdef".repeat(4),
  manifestDigest: "fedcba9876543210".repeat(4),
  across: "样张",
};

/**
 * A PDF of a template with invented data: every part is shown, with its condition where it has one.
 * @param isMarked whether 样张 stands across every page
 */
export function previewTemplate(read: ReadTemplate, isMarked = true): Promise<PdfResult> {
  const { across: _, ...unmarked } = PREVIEW_ROUND;
  const round = isMarked ? PREVIEW_ROUND : unmarked;
  if (read.kind === "form") return bothForms(read.template, round, inventedSource(read.template));
  return renderPaper(read.template, { round, city: "某某市", sources: [1, 2, 3].map(inventedDrawn) });
}

function bothForms(template: FormTemplate, round: FormRound, source: FormSource): Promise<PdfResult> {
  const form = wholeForm(template);
  return renderForms([checklistKind(() => form), recordKind(() => form)], round, [source]);
}

/**
 * Prints a paper, or a form without a source (such as a county's table), for one city of a round or blank.
 * @param round the round; blank where absent
 * @param city code of the city; no city where absent
 * @param found what the evaluation says of the city; its paper is then the one that `evaluate` makes
 * @throws ChouqianError E-TEMPLATE-NONE, E-TEMPLATE-INVALID, E-FORMS-CITY
 */
export async function printTemplate(name: string, round?: Round, city?: string, found?: Found): Promise<PdfResult> {
  const store = templateStore(round?.paths.templates);
  const { path } = findTemplate(store, name, TEMPLATE_FOLDERS);
  const cityName = city === undefined ? "" : divisionName(city);
  const data = round === undefined ? { ...BLANK, city: cityName } : await paperData(round, city);
  if (path.startsWith("papers/"))
    return renderPaper(loadPaper(store, nameOfTemplate(path)).template, { ...data, found });
  const { template } = loadForm(store, nameOfTemplate(path));
  return bothForms(template, data.round, { ...blankSource(template.class, ""), cityName });
}

const BLANK: PaperData = {
  round: { roundId: "", name: "", holder: "", date: "", seed: "", manifestDigest: "" },
  city: "",
  sources: [],
};

async function paperData(round: Round, city: string | undefined): Promise<PaperData> {
  const { id, name, holder, date } = round.config;
  const cityName = city === undefined ? "" : divisionName(city);
  if (!existsSync(round.paths.manifest)) {
    const head = { roundId: id, name, holder, date: dateInWords(date), seed: "", manifestDigest: "" };
    return { round: head, city: cityName, sources: [] };
  }
  const { manifest, sample } = readCurrentSample(round);
  const head = formRound(round, manifest);
  if (city === undefined) return { round: head, city: "", sources: [] };
  citiesDrawn(manifest, [city]);
  const frame = await openFrame(round);
  try {
    const units = await frame.unitsById(idsInSample(sample, city));
    return { round: head, city: cityName, sources: formSources(sample, city, frame.lock, units) };
  } finally {
    frame.close();
  }
}
