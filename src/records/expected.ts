/** What a round expects to come back: the sources to be inspected now, each with the form that it was given. The edge to the draw. */
import { existsSync } from "node:fs";
import { teamsOf } from "../assign/newcomer-teams.ts";
import { blockOfStratum, type Manifest, manifestDigest } from "../draw/manifest.ts";
import { readManifest } from "../draw/read-manifest.ts";
import { type CurrentUnit, currentSample } from "../draw/replacement.ts";
import { type Loaded, loadForms } from "../forms/load-template.ts";
import type { FormSource } from "../forms/source.ts";
import { indicatorsOf, tailor } from "../forms/tailor.ts";
import { formSources, idsInSample } from "../forms/tasks.ts";
import type { FormTemplate } from "../forms/template.ts";
import { templateStore } from "../forms/template-store.ts";
import { keptTemplatePath } from "../forms/write-forms.ts";
import { openFrame } from "../frame/locked.ts";
import type { JournalEntry } from "../round/journal.ts";
import { journalOf, type Round, readTextFile } from "../round/round.ts";
import { canonicalJson, digest } from "../text/canonical.ts";
import type { Problem } from "../text/errors.ts";
import type { Expected } from "./check.ts";
import { fault } from "./faults.ts";
import type { Claim, FilledSource } from "./filled.ts";

export interface RoundExpected {
  readonly manifest: Manifest;
  readonly manifestDigest: string;
  /** Day of the draw, as `2019-10-08`. */
  readonly drawnOn: string;
  /** Sources to be inspected now, by city, class, stratum and rank. */
  readonly sources: readonly FormSource[];
  /** Codes of the cities that the draw was made in. */
  readonly cities: ReadonlySet<string>;
  readonly teams: ReadonlyMap<string, string>;
  /** Teams of the assignment. */
  readonly teamKeys: ReadonlySet<string>;
  /** Units that were drawn and left the sample. */
  readonly replaced: readonly CurrentUnit[];
  /** The source that a filled form is about, or why it is refused. */
  find(source: FilledSource): { readonly expected: Expected } | { readonly problem: Problem };
  /** Why a filled form belongs to another round or a voided draw; undefined where it is this draw's. */
  foreign(source: FilledSource): Problem | undefined;
  /** How units stand here: where two rounds or two times say the same, forms of these units are read alike. */
  standingOf(units: readonly string[]): string;
  /** Name of a source that is to be inspected; empty where there is none of that id. */
  nameOf(unit: string): string;
  /** Indicators of a template that was in use; none of any other. */
  codesOf(form: string, digest: string): readonly string[];
}

/**
 * Reads sample, teams, ledger values and the templates that the forms were made from.
 * @param entries the journal as it stands, or as it stood before one of its lines
 * @throws ChouqianError E-DRAW-MISSING, and what reading frame, manifest and templates refuses
 */
export async function readExpected(
  round: Round,
  entries: readonly JournalEntry[] = journalOf(round).entries,
): Promise<RoundExpected> {
  const manifest = readManifest(round);
  const sample = currentSample(manifest, entries);
  const cities = [...new Set(manifest.strata.map(({ key }) => blockOfStratum(key).city))].sort();
  const frame = await openFrame(round);
  const sources: FormSource[] = [];
  try {
    const units = await frame.unitsById(cities.flatMap((city) => idsInSample(sample, city)));
    for (const city of cities) sources.push(...formSources(sample, city, frame.lock, units));
  } finally {
    frame.close();
  }
  const isAssigned = entries.some(({ event }) => event === "assigned");
  const teams = isAssigned ? await teamsOf(round, sample) : new Map<string, string>();
  const teamKeys = new Set(teams.values());
  const allTeams = [...teamKeys].sort();
  const kept = keptTemplates(round, entries);
  const choose = loadForms(templateStore(round.paths.templates));
  const byId = new Map(sources.map((source) => [source.id, source]));
  const drawn = new Map(sample.strata.flatMap(({ units }) => units.map((unit) => [unit.id, unit] as const)));
  const own = manifestDigest(manifest);
  const earlier = journalOf(round).all.flatMap(({ event, about }) =>
    event === "drawn" ? [String(about.manifestDigest)] : [],
  );

  const templateOf = (source: FormSource, { form, formDigest }: Claim): FormTemplate => {
    const claimed = kept.byDigest(form ?? "", formDigest ?? "");
    if (claimed?.class === source.sourceClass) return claimed;
    const chosen = choose(source.sourceClass, source.values.get("subclass") ?? "");
    return kept.latest(chosen.name) ?? chosen.template;
  };
  return {
    manifest,
    manifestDigest: own,
    drawnOn: entries.findLast(({ event }) => event === "drawn")?.time.slice(0, 10) ?? "",
    sources,
    cities: new Set(cities),
    teams,
    teamKeys,
    foreign: (filled) => foreign(filled, manifest.roundId, own, earlier),
    standingOf: (units) =>
      canonicalJson([kept.digests, allTeams, units.map((unit) => (byId.has(unit) ? (teams.get(unit) ?? "") : null))]),
    nameOf: (unit) => byId.get(unit)?.name ?? "",
    replaced: [...drawn.values()].filter(({ replaced }) => replaced !== undefined),
    codesOf: (form, sha256) => {
      const template = kept.byDigest(form, sha256);
      return template === undefined ? [] : indicatorsOf(template).map(({ code }) => code);
    },
    find: (filled) => {
      const problem = foreign(filled, manifest.roundId, own, earlier) ?? notInspected(filled, byId, drawn);
      const source = byId.get(filled.unit);
      if (problem !== undefined || source === undefined) return { problem: problem ?? notDrawn(filled) };
      const template = templateOf(source, filled.claim);
      const { id, name, values } = source;
      const team = teams.get(id) ?? "";
      return { expected: { id, name, template, form: tailor(template, values), values, team, teamKeys } };
    },
  };
}

/** Templates that the round's forms were made from, as they were kept then. */
function keptTemplates(round: Round, entries: readonly JournalEntry[]) {
  const byKey = new Map<string, FormTemplate>();
  const latest = new Map<string, FormTemplate>();
  for (const { event, about } of entries) {
    if (event !== "forms.written" || typeof about.templates !== "object" || about.templates === null) continue;
    for (const [name, sha256] of Object.entries(about.templates)) {
      const key = `${name}\n${sha256}`;
      const template = byKey.get(key) ?? keptTemplate(round, name, String(sha256));
      if (template === undefined) continue;
      byKey.set(key, template);
      latest.set(name, template);
    }
  }
  return {
    digests: [...byKey.keys()],
    byDigest: (name: string, sha256: string) => byKey.get(`${name}\n${sha256}`),
    latest: (name: Loaded<FormTemplate>["name"]) => latest.get(name),
  };
}

function keptTemplate(round: Round, name: string, sha256: string): FormTemplate | undefined {
  const path = keptTemplatePath(round, name, sha256);
  if (!existsSync(path)) return undefined;
  const text = readTextFile(path);
  return digest(text) === sha256 ? (JSON.parse(text) as FormTemplate) : undefined;
}

/** Why a form belongs to another round or an earlier draw. */
function foreign(
  { claim: { roundId, manifest }, at }: FilledSource,
  ownRound: string,
  own: string,
  earlier: readonly string[],
): Problem | undefined {
  const isOwn = manifest === undefined || manifest === "" || own.startsWith(manifest);
  if (!isOwn && earlier.some((each) => each !== own && each.startsWith(manifest))) {
    const short = manifest.slice(0, 16);
    return fault("E-RECORDS-OLD-DRAW", `属于已作废的一次抽签（${short}）`, `of a draw that was voided (${short})`, at);
  }
  if (roundId !== undefined && roundId !== "" && roundId !== ownRound) {
    return fault("E-RECORDS-OTHER-ROUND", `属于另一轮次“${roundId}”`, `of another round, ${roundId}`, at);
  }
  if (isOwn) return undefined;
  const short = manifest.slice(0, 16);
  return fault(
    "E-RECORDS-OTHER-ROUND",
    `样本清单摘要 ${short} 不是本轮次的（${own.slice(0, 16)}）`,
    `its manifest ${short} is not this round's (${own.slice(0, 16)})`,
    at,
  );
}

function notInspected(
  filled: FilledSource,
  byId: ReadonlyMap<string, FormSource>,
  drawn: ReadonlyMap<string, CurrentUnit>,
): Problem | undefined {
  const { unit, at } = filled;
  if (unit === "") return fault("E-RECORDS-NO-UNIT", "没有单位代码", "there is no unit's id", at);
  if (byId.has(unit)) return undefined;
  const known = drawn.get(unit);
  const place = { ...at, value: unit };
  if (known === undefined) return notDrawn(filled);
  if (known.replaced === undefined) {
    return fault("E-RECORDS-RESERVE", `${unit} 是备选，没有递补`, `${unit} is a reserve not in use`, place);
  }
  const by = known.replaced.by?.id;
  return fault(
    "E-RECORDS-REPLACED",
    `${unit} 已被替换${by === undefined ? "" : `，由 ${by} 递补`}`,
    `${unit} was replaced${by === undefined ? "" : ` by ${by}`}`,
    place,
  );
}

function notDrawn({ unit, at }: FilledSource): Problem {
  return fault("E-RECORDS-NOT-DRAWN", `${unit} 没有抽中`, `${unit} was not drawn`, { ...at, value: unit });
}
