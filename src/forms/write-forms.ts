/** The edge of the forms step: for each city, checklists and record forms as PDF and the workbook to fill in. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readCurrentSample } from "../draw/fates.ts";
import { blockOfStratum, type Manifest, manifestDigest } from "../draw/manifest.ts";
import type { CurrentSample, CurrentUnit } from "../draw/replacement.ts";
import { fieldReader } from "../frame/fields.ts";
import type { FrameLock } from "../frame/lock-record.ts";
import { type FrameUnit, openFrame } from "../frame/locked.ts";
import { CLASS_NAMES, SOURCE_CLASSES } from "../reference/classes.ts";
import { divisionName } from "../reference/divisions.ts";
import { loadLedgerFields } from "../reference/ledger-fields.ts";
import { REASONS } from "../reference/replacement-reasons.ts";
import { replaceFolder, writeFileAtomically } from "../round/files.ts";
import { type Actor, type Round, recordEvent, withRoundLock } from "../round/round.ts";
import { readSeed } from "../seed/record.ts";
import { isSealed, SEALED_SEED } from "../seed/sealed.ts";
import { digest } from "../text/canonical.ts";
import { dateInWords } from "../text/dates.ts";
import { ChouqianError } from "../text/errors.ts";
import type { Progress } from "../text/progress.ts";
import { words } from "../text/words.ts";
import { renderChecklists } from "./checklist-pdf.ts";
import { type ChooseForm, type Loaded, loadForms, templateJson } from "./load-template.ts";
import { renderRecordForms } from "./record-pdf.ts";
import { recordWorkbook } from "./record-workbook.ts";
import type { FormRound, FormSource, ReplacedSource } from "./source.ts";
import { type TailoredForm, tailor } from "./tailor.ts";
import type { FormTemplate } from "./template.ts";
import { templateStore } from "./template-store.ts";
import { PHONE_FOLDER, phoneForms } from "./xform/phone-forms.ts";

export const FORM_FILES = {
  checklists: "核查清单.pdf",
  records: "核查记录表.pdf",
  workbook: "核查记录表.xlsx",
} as const;

export interface CityForms {
  readonly city: string;
  readonly sources: number;
  readonly pages: number;
}

export interface FormsResult {
  readonly cities: readonly CityForms[];
  /** Characters that no font could print, as code points. */
  readonly missingCharacters: readonly number[];
}

/**
 * Writes `forms/<city>/` for every city drawn, or for one. The same round gives the same bytes, so writing again is safe.
 * @param only code of a city, or undefined for all
 * @param forPhones whether forms for the phone are made too; where a city has them already they are made anew in any case
 * @throws ChouqianError E-DRAW-MISSING, E-MANIFEST-CHANGED, E-FORMS-CITY, E-FORMS-CYCLE
 */
export function writeForms(
  round: Round,
  actor: Actor,
  only: string | undefined,
  progress: Progress,
  forPhones = false,
): Promise<FormsResult> {
  return withRoundLock(round.folder, () => writeFormsLocked(round, actor, only, progress, forPhones));
}

/** As `writeForms`, for a caller that holds the round's lock. */
export async function writeFormsLocked(
  round: Round,
  actor: Actor,
  only: string | undefined,
  progress: Progress,
  forPhones = false,
): Promise<FormsResult> {
  const { manifest, sample } = readCurrentSample(round);
  const cities = citiesDrawn(manifest, only);
  const choose = loadForms(templateStore(round.paths.templates));
  const used = new Map<string, Loaded<FormTemplate>>();
  const frame = await openFrame(round);
  const done: CityForms[] = [];
  const missing = new Set<number>();
  const workbooks: Record<string, string> = {};
  const prints: Record<string, { readonly [file: string]: string }> = {};
  try {
    for (const [index, city] of cities.entries()) {
      const units = await frame.unitsById(idsInSample(sample, city));
      const sources = formSources(sample, city, frame.lock, units);
      const replaced = replacedSources(sample, city);
      const forms = tailoredForms(sources, choose, used);
      const head = formRound(round, manifest);
      const formOf = (source: FormSource) => choose(source.sourceClass, source.values.get("subclass") ?? "");
      const hasPhones = forPhones || existsSync(join(round.paths.forms, divisionName(city), PHONE_FOLDER));
      const phones = hasPhones ? await phoneForms(head, sources, formOf) : undefined;
      const written = await writeCity(round, head, city, sources, replaced, forms, phones);
      for (const character of written.missing) missing.add(character);
      workbooks[city] = written.workbook;
      prints[city] = written.prints;
      done.push({ city: divisionName(city), sources: sources.length, pages: written.pages });
      progress(words("制作核查表", "making forms"), index + 1, cities.length);
    }
  } finally {
    frame.close();
  }
  const templates = keepTemplates(round, used);
  recordEvent(round, actor, "forms.written", {
    cities,
    workbooks,
    prints,
    templates,
    manifestDigest: manifestDigest(manifest),
  });
  return { cities: done, missingCharacters: [...missing].sort((a, b) => a - b) };
}

async function writeCity(
  round: Round,
  head: FormRound,
  city: string,
  sources: readonly FormSource[],
  replaced: readonly ReplacedSource[],
  template: (source: FormSource) => TailoredForm,
  phones: ReadonlyMap<string, string | Uint8Array> = new Map(),
): Promise<{
  pages: number;
  missing: readonly number[];
  workbook: string;
  prints: { readonly [file: string]: string };
}> {
  const name = divisionName(city);
  return replaceFolder(join(round.paths.forms, name), async (staging) => {
    const checklists = await renderChecklists(head, sources, template);
    writeFileAtomically(join(staging, FORM_FILES.checklists), checklists.bytes);
    const records = await renderRecordForms(head, sources, template);
    writeFileAtomically(join(staging, FORM_FILES.records), records.bytes);
    const workbook = await recordWorkbook(head, name, sources, template, replaced);
    writeFileAtomically(join(staging, FORM_FILES.workbook), workbook);
    for (const [file, bytes] of phones) writeFileAtomically(join(staging, PHONE_FOLDER, file), bytes);
    return {
      pages: checklists.pages + records.pages,
      missing: [...checklists.missing, ...records.missing],
      workbook: digest(workbook),
      prints: {
        [FORM_FILES.checklists]: digest(checklists.bytes),
        [FORM_FILES.records]: digest(records.bytes),
      },
    };
  });
}

/**
 * Codes of the cities drawn, or the one asked for.
 * @throws ChouqianError E-FORMS-CITY
 */
export function citiesDrawn(manifest: Manifest, only: string | undefined): string[] {
  const drawn = new Set(manifest.strata.filter(({ n }) => n > 0).map(({ key }) => blockOfStratum(key).city));
  if (only === undefined) return [...drawn].sort();
  if (drawn.has(only)) return [only];
  throw new ChouqianError("E-FORMS-CITY", {
    message: words(`没有抽到${divisionName(only)}的污染源`, `nothing was drawn in ${divisionName(only)}`),
    advice: words(
      `可选：${[...drawn].sort().map(divisionName).join("、")}`,
      `drawn: ${[...drawn].sort().map(divisionName).join(", ")}`,
    ),
  });
}

/** What stands in the head of a round's forms. */
export function formRound(round: Round, manifest: Manifest): FormRound {
  return {
    roundId: manifest.roundId,
    name: round.config.name,
    holder: round.config.holder,
    date: dateInWords(round.config.date),
    // what a team carries may be seen by those it visits, and a seed leads to all the others
    seed: isSealedRound(round) ? SEALED_SEED : manifest.seed,
    manifestDigest: manifestDigest(manifest),
  };
}

function isSealedRound(round: Round): boolean {
  const record = readSeed(round);
  return record !== undefined && isSealed(record);
}

/** Ids of a city's units that are to be inspected now: replacements among them, units replaced and unused reserves not. */
export function idsInSample(sample: CurrentSample, city: string): string[] {
  return unitsOf(sample, city).flatMap(({ id, isInSample }) => (isInSample ? [id] : []));
}

/** All ranked units of a city, those replaced and unused reserves among them. */
function unitsOf({ strata }: CurrentSample, city: string): CurrentUnit[] {
  return strata.filter(({ key }) => blockOfStratum(key).city === city).flatMap(({ units }) => units);
}

/** A city's units that left the sample, in the order in which they did. */
function replacedSources(sample: CurrentSample, city: string): ReplacedSource[] {
  return unitsOf(sample, city)
    .filter(({ replaced }) => replaced !== undefined)
    .sort((a, b) => (a.replaced?.seq ?? 0) - (b.replaced?.seq ?? 0))
    .map(replacedSource);
}

function replacedSource({ id, name, stratum, replaced }: CurrentUnit): ReplacedSource {
  const reason = replaced === undefined ? "" : REASONS[replaced.reason].name.zh;
  return { id, name, sourceClass: blockOfStratum(stratum).sourceClass, reason, by: replaced?.by?.id };
}

/** A city's sources in the order in which teams work: class, county, rank. */
export function formSources(
  sample: CurrentSample,
  city: string,
  lock: FrameLock,
  units: readonly FrameUnit[],
): FormSource[] {
  const byId = new Map(units.map((unit) => [unit.id, unit]));
  const field = fieldReader(lock.columns);
  const keys = loadLedgerFields().map(({ key }) => key);
  const drawnById = new Map(unitsOf(sample, city).map((unit) => [unit.id, unit]));
  const sources = sample.strata
    .filter(({ key }) => blockOfStratum(key).city === city)
    .flatMap((stratum) =>
      stratum.units
        .filter(({ isInSample }) => isInSample)
        .map((drawn): FormSource => {
          const unit = byId.get(drawn.id);
          const original = drawnById.get(drawn.replaces ?? "");
          const { sourceClass } = blockOfStratum(stratum.key);
          const shown: Readonly<Record<string, string>> = {
            class: CLASS_NAMES[sourceClass].zh,
            city: divisionName(city),
            county: divisionName(unit?.county ?? ""),
          };
          const values = new Map(keys.map((key) => [key, shown[key] ?? field(unit, key)]));
          return {
            id: drawn.id,
            name: drawn.name,
            sourceClass,
            cityCode: city,
            cityName: divisionName(city),
            countyName: shown.county ?? "",
            stratum: stratum.key,
            N: stratum.N,
            n: stratum.n,
            rank: drawn.rank,
            role: drawn.role,
            replaces: original === undefined ? undefined : replacedSource(original),
            values: new Map([...values].filter(([, value]) => value !== "")),
          };
        }),
    );
  const place = ({ sourceClass, stratum, rank }: FormSource) =>
    `${SOURCE_CLASSES.indexOf(sourceClass)}/${stratum}/${String(rank).padStart(7, "0")}`;
  return sources.sort((a, b) => (place(a) < place(b) ? -1 : 1));
}

/** The form of each source, tailored to what the ledger says of it; `used` takes in the templates. */
function tailoredForms(
  sources: readonly FormSource[],
  choose: ChooseForm,
  used: Map<string, Loaded<FormTemplate>>,
): (source: FormSource) => TailoredForm {
  const forms = new Map(
    sources.map((source) => {
      const form = choose(source.sourceClass, source.values.get("subclass") ?? "");
      used.set(form.name, form);
      return [source, tailor(form.template, source.values)] as const;
    }),
  );
  return (source) => forms.get(source) as TailoredForm;
}

/**
 * Keeps the templates in use, so that the filled forms are evaluated by what they were made from even after an office
 * has changed its templates.
 * @returns digest by template name
 */
function keepTemplates(round: Round, used: ReadonlyMap<string, Loaded<FormTemplate>>): Record<string, string> {
  const digests: Record<string, string> = {};
  for (const [name, { template, digest: sha256 }] of used) {
    digests[name] = sha256;
    writeFileAtomically(keptTemplatePath(round, name, sha256), templateJson(template));
  }
  return digests;
}

/** Where the template of a form is kept: its name and the beginning of its digest. */
export function keptTemplatePath(round: Round, name: string, sha256: string): string {
  return join(round.paths.forms, KEPT_TEMPLATES, `${name}-${sha256.slice(0, 12)}.json`);
}
const KEPT_TEMPLATES = "模板";
