/** What the forms of a round are made from: for each city its sources, drawn and as the ledger knows them, and their templates. */
import { teamsOf } from "../assign/newcomer-teams.ts";
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
import type { Round } from "../round/round.ts";
import { readSeed } from "../seed/record.ts";
import { isSealed, SEALED_SEED } from "../seed/sealed.ts";
import { dateInWords } from "../text/dates.ts";
import { ChouqianError } from "../text/errors.ts";
import { words } from "../text/words.ts";
import type { CityTask } from "./city-forms.ts";
import { type ChooseForm, type Loaded, loadForms } from "./load-template.ts";
import type { FormRound, FormSource, ReplacedSource } from "./source.ts";
import type { FormTemplate } from "./template.ts";
import { templateStore } from "./template-store.ts";

/** What is known of a city before anything is written. */
export interface PlannedTask extends Omit<CityTask, "folder" | "forPhones" | "layout"> {
  /** Code of the city, whose name is the title. */
  readonly code: string;
}

export interface Tasks {
  readonly manifest: Manifest;
  /** By code of the city. */
  readonly tasks: readonly PlannedTask[];
  /** Templates by name. */
  readonly used: ReadonlyMap<string, Loaded<FormTemplate>>;
}

/**
 * Reads what is to be printed for every city drawn, or for some.
 * @throws ChouqianError E-DRAW-MISSING, E-MANIFEST-CHANGED, E-FORMS-CITY
 */
export async function readTasks(round: Round, only: readonly string[] | undefined): Promise<Tasks> {
  const { manifest, sample } = readCurrentSample(round);
  const cities = citiesDrawn(manifest, only);
  const choose = loadForms(templateStore(round.paths.templates));
  const used = new Map<string, Loaded<FormTemplate>>();
  const head = formRound(round, manifest);
  const fonts = { fonts: round.config.fonts, fontsFrom: round.folder };
  const teams = await teamsOf(round);
  const frame = await openFrame(round);
  try {
    const tasks: PlannedTask[] = [];
    for (const code of cities) {
      const units = await frame.unitsById(idsInSample(sample, code));
      const sources = formSources(sample, code, frame.lock, units, teams);
      const replaced = replacedSources(sample, code);
      tasks.push({
        code,
        head,
        title: divisionName(code),
        sources,
        replaced,
        ...formsOf(sources, choose, used),
        ...fonts,
      });
    }
    return { manifest, tasks, used };
  } finally {
    frame.close();
  }
}

/**
 * Codes of the cities drawn, or of them those asked for.
 * @throws ChouqianError E-FORMS-CITY where one was not drawn
 */
export function citiesDrawn(manifest: Manifest, only: readonly string[] | undefined): string[] {
  const drawn = new Set(manifest.strata.filter(({ n }) => n > 0).map(({ key }) => blockOfStratum(key).city));
  if (only === undefined) return [...drawn].sort();
  const other = only.find((city) => !drawn.has(city));
  if (other === undefined) return [...new Set(only)].sort();
  throw new ChouqianError("E-FORMS-CITY", {
    message: words(`没有抽到${divisionName(other)}的污染源`, `nothing was drawn in ${divisionName(other)}`),
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

/**
 * A city's sources in the order in which teams work: class, county, rank.
 * @param teams team of each source by its id
 */
export function formSources(
  sample: CurrentSample,
  city: string,
  lock: FrameLock,
  units: readonly FrameUnit[],
  teams: ReadonlyMap<string, string> = new Map(),
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
            team: teams.get(drawn.id) ?? "",
            replaces: original === undefined ? undefined : replacedSource(original),
            values: new Map([...values].filter(([, value]) => value !== "")),
          };
        }),
    );
  const place = ({ sourceClass, stratum, rank }: FormSource) =>
    `${SOURCE_CLASSES.indexOf(sourceClass)}/${stratum}/${String(rank).padStart(7, "0")}`;
  return sources.sort((a, b) => (place(a) < place(b) ? -1 : 1));
}

/** The form of each source; `used` takes in the templates. */
function formsOf(
  sources: readonly FormSource[],
  choose: ChooseForm,
  used: Map<string, Loaded<FormTemplate>>,
): Pick<CityTask, "formOf" | "templates"> {
  const templates: Loaded<FormTemplate>[] = [];
  const formOf = sources.map((source) => {
    const form = choose(source.sourceClass, source.values.get("subclass") ?? "");
    used.set(form.name, form);
    const known = templates.indexOf(form);
    return known >= 0 ? known : templates.push(form) - 1;
  });
  return { formOf, templates };
}
