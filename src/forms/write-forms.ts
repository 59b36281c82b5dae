/** The edge of the forms step: for each city, checklists and record forms as PDF and the workbook to fill in. */
import { join } from "node:path";
import { blockOfStratum, isOfSample, type Manifest, manifestDigest } from "../draw/manifest.ts";
import { readManifest } from "../draw/read-manifest.ts";
import { fieldReader } from "../frame/fields.ts";
import type { FrameLock } from "../frame/lock-record.ts";
import { type FrameUnit, openFrame } from "../frame/locked.ts";
import { CLASS_NAMES, SOURCE_CLASSES, type SourceClass } from "../reference/classes.ts";
import { divisionName } from "../reference/divisions.ts";
import { loadLedgerFields } from "../reference/ledger-fields.ts";
import { replaceFolder, writeFileAtomically } from "../round/files.ts";
import { type Actor, type Round, recordEvent, withRoundLock } from "../round/round.ts";
import { readSeed } from "../seed/record.ts";
import { isSealed, SEALED_SEED } from "../seed/sealed.ts";
import { dateInWords } from "../text/dates.ts";
import { ChouqianError } from "../text/errors.ts";
import type { Progress } from "../text/progress.ts";
import { words } from "../text/words.ts";
import { renderChecklists } from "./checklist-pdf.ts";
import { loadFormTemplate } from "./load-template.ts";
import { renderRecordForms } from "./record-pdf.ts";
import { recordWorkbook } from "./record-workbook.ts";
import type { FormRound, FormSource } from "./source.ts";
import type { FormTemplate } from "./template.ts";

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
 * @throws ChouqianError E-DRAW-MISSING, E-MANIFEST-CHANGED, E-FORMS-CITY
 */
export function writeForms(
  round: Round,
  actor: Actor,
  only: string | undefined,
  progress: Progress,
): Promise<FormsResult> {
  return withRoundLock(round.folder, async () => {
    const manifest = readManifest(round);
    const cities = citiesOf(manifest, only);
    const template = cachedTemplates();
    const frame = await openFrame(round);
    const done: CityForms[] = [];
    const missing = new Set<number>();
    try {
      for (const [index, city] of cities.entries()) {
        const ids = primaryIds(manifest, city);
        const units = await frame.unitsById(ids);
        const sources = formSources(manifest, city, frame.lock, units);
        const written = await writeCity(round, formRound(round, manifest), city, sources, template);
        for (const character of written.missing) missing.add(character);
        done.push({ city: divisionName(city), sources: sources.length, pages: written.pages });
        progress(words("制作核查表", "making forms"), index + 1, cities.length);
      }
    } finally {
      frame.close();
    }
    recordEvent(round, actor, "forms.written", { cities, manifestDigest: manifestDigest(manifest) });
    return { cities: done, missingCharacters: [...missing].sort((a, b) => a - b) };
  });
}

async function writeCity(
  round: Round,
  head: FormRound,
  city: string,
  sources: readonly FormSource[],
  template: (sourceClass: SourceClass) => FormTemplate,
): Promise<{ pages: number; missing: readonly number[] }> {
  const name = divisionName(city);
  return replaceFolder(join(round.paths.forms, name), async (staging) => {
    const checklists = await renderChecklists(head, sources, template);
    writeFileAtomically(join(staging, FORM_FILES.checklists), checklists.bytes);
    const records = await renderRecordForms(head, sources, template);
    writeFileAtomically(join(staging, FORM_FILES.records), records.bytes);
    writeFileAtomically(join(staging, FORM_FILES.workbook), await recordWorkbook(head, name, sources, template));
    return { pages: checklists.pages + records.pages, missing: [...checklists.missing, ...records.missing] };
  });
}

function citiesOf(manifest: Manifest, only: string | undefined): string[] {
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

function formRound(round: Round, manifest: Manifest): FormRound {
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

/** Ids of a city's sample, reserves left out: they get forms when they replace a unit. */
export function primaryIds(manifest: Manifest, city: string): string[] {
  return manifest.strata
    .filter(({ key }) => blockOfStratum(key).city === city)
    .flatMap(({ units }) => units.filter(isOfSample).map(({ id }) => id));
}

/** A city's sources in the order in which teams work: class, county, rank. */
function formSources(manifest: Manifest, city: string, lock: FrameLock, units: readonly FrameUnit[]): FormSource[] {
  const byId = new Map(units.map((unit) => [unit.id, unit]));
  const field = fieldReader(lock.columns);
  const keys = loadLedgerFields().map(({ key }) => key);
  const sources = manifest.strata
    .filter(({ key }) => blockOfStratum(key).city === city)
    .flatMap((stratum) =>
      stratum.units.filter(isOfSample).map((drawn): FormSource => {
        const unit = byId.get(drawn.id);
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
          values: new Map([...values].filter(([, value]) => value !== "")),
        };
      }),
    );
  const place = ({ sourceClass, stratum, rank }: FormSource) =>
    `${SOURCE_CLASSES.indexOf(sourceClass)}/${stratum}/${String(rank).padStart(7, "0")}`;
  return sources.sort((a, b) => (place(a) < place(b) ? -1 : 1));
}

/** Loads each class's template once. */
function cachedTemplates(): (sourceClass: SourceClass) => FormTemplate {
  const loaded = new Map<SourceClass, FormTemplate>();
  return (sourceClass) => {
    const template = loaded.get(sourceClass) ?? loadFormTemplate(sourceClass);
    loaded.set(sourceClass, template);
    return template;
  };
}
