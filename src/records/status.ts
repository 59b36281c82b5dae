/** How far the records have come: which sources are done, missing, sent back, by city and team. */
import type { FormSource } from "../forms/source.ts";
import { type JournalLine, lastLineOf } from "../round/journal.ts";
import { journalOf, type Round } from "../round/round.ts";
import { type Words, words } from "../text/words.ts";
import { type Agreement, agreementOf, type Pair, pairsIn, resultTable } from "./agreement.ts";
import { type RoundExpected, readExpected } from "./expected.ts";
import { isNonResponse, type SourceRecord } from "./record.ts";
import { type Revision, revisionsIn } from "./revisions.ts";
import { sentBack } from "./sent-back.ts";
import { readStanding } from "./store.ts";
import { compareTeams, teamFold } from "./team.ts";

export const STATES = ["done", "returned", "missing"] as const;
/** Recorded; sent back with faults and not recorded since; not heard of. */
export type State = (typeof STATES)[number];

export interface Counts {
  readonly total: number;
  readonly done: number;
  readonly returned: number;
  readonly missing: number;
  /** Of those done: checked, but with key indicators that nobody looked at. */
  readonly partial: number;
  /** Of those done: not found, or refusing. */
  readonly nonResponse: number;
}

export interface Part extends Counts {
  readonly name: string;
  /** Units that left the sample. */
  readonly replaced: number;
  /** Of those done: whose record is not the one that came in first. */
  readonly revised: number;
  /** Indicators said not to apply though the form template does not say so, and the sources that they are of. */
  readonly waived: Waived;
  /** Of those done: said to be closed with nothing checked, though the ledger says that they run. */
  readonly closedAgainstLedger: number;
}

export interface Waived {
  readonly sources: number;
  readonly indicators: number;
}

export interface SourceState {
  readonly source: FormSource;
  readonly state: State;
  /** Key indicators that apply and are neither right nor wrong, where the visit says that the source was checked. */
  readonly uncheckedKeys: number;
  readonly team: string;
  /** Whether its record is not the one that came in first. */
  readonly isRevised: boolean;
  /** Indicators said not to apply though the form template does not say so. */
  readonly waived: number;
  readonly isClosedAgainstLedger: boolean;
}

/** Whether a source is still to be seen to: nothing taken yet, or not filled in to the end. */
export function isOutstanding({ state, uncheckedKeys }: SourceState): boolean {
  return state !== "done" || uncheckedKeys > 0;
}

/** What is still out of a source. */
export function stateInWords({ state, uncheckedKeys }: SourceState): Words {
  if (state === "returned") return words("退回待改", "sent back");
  if (state === "missing") return words("未交", "missing");
  return words(`未填全 ${uncheckedKeys} 项`, `${uncheckedKeys} not checked`);
}

export interface RecordsStatus {
  readonly whole: Part;
  readonly cities: readonly Part[];
  /** By team; empty where no source has one. */
  readonly teams: readonly Part[];
  /** In the order of the forms. */
  readonly sources: readonly SourceState[];
  readonly areas: number;
  /** Records that are not those that came in first, and why, in the journal's order. */
  readonly revisions: readonly Revision[];
  /** Files that were sent back without its being known whose records they hold: of their sources none counts as sent back. */
  readonly unread: readonly string[];
  /** Checks of census areas that were sent back, by file. */
  readonly areasBack: readonly string[];
  /** Sources entered twice, and how far the two judges agree. */
  readonly pairs: readonly Pair[];
  readonly agreement: Agreement;
  /** The journal's last line, to be held against it later. */
  readonly journal: JournalLine;
}

/** @throws ChouqianError as `readExpected` and `readStanding` */
export async function recordsStatus(round: Round): Promise<RecordsStatus> {
  const expected = await readExpected(round);
  const { records, areas } = readStanding(round, expected.manifest);
  const returned = returnedUnits(round);
  const byUnit = countedRecords(records);
  const revisions = revisionsIn(journalOf(round).entries);
  const revised = new Set(revisions.map(({ id, kind }) => (kind === "source" ? id : "")));
  const sources = expected.sources.map((source): SourceState => {
    const record = byUnit.get(source.id);
    const state = record !== undefined ? "done" : returned.has(source.id) ? "returned" : "missing";
    const uncheckedKeys = record === undefined ? 0 : uncheckedKeysOf(record);
    const team = record?.team || (expected.teams.get(source.id) ?? "");
    const isRevised = record !== undefined && revised.has(source.id);
    const isClosedAgainstLedger = record?.closedAgainstLedger === true;
    return { source, state, uncheckedKeys, team, isRevised, waived: record?.waived ?? 0, isClosedAgainstLedger };
  });
  const pairs = pairsIn(records);
  const back = sentBack(round);
  return {
    whole: partOf("", sources, byUnit, expected.replaced.length),
    cities: partsBy(sources, byUnit, ({ source }) => source.cityName, replacedByCity(expected)),
    teams: sources.some(({ team }) => team !== "") ? teamParts(sources, byUnit) : [],
    sources,
    areas: areas.length,
    revisions,
    unread: back.filter(({ kind }) => kind === "unknown").map(({ of }) => of),
    areasBack: back.filter(({ kind }) => kind === "areas").map(({ of }) => of),
    journal: lastLineOf(journalOf(round).text),
    pairs,
    agreement: agreementOf(resultTable(pairs.map(({ first, second }) => [first, second]))),
  };
}

/** The record that counts for each unit: the settled one, else the first. */
function countedRecords(records: readonly SourceRecord[]): ReadonlyMap<string, SourceRecord> {
  const counted = new Map<string, SourceRecord>();
  for (const record of records) {
    if (record.visit === "second") continue;
    if (record.visit === "settled" || !counted.has(record.unit)) counted.set(record.unit, record);
  }
  return counted;
}

function uncheckedKeysOf({ outcome, indicators }: SourceRecord): number {
  return outcome === "checked" ? indicators.filter(({ key, result }) => key && result === "unchecked").length : 0;
}

/** Units sent back since they were last imported. */
function returnedUnits(round: Round): ReadonlySet<string> {
  const units = new Set<string>();
  for (const { event, about } of journalOf(round).entries) {
    const named = Array.isArray(about.units) ? about.units.map(String) : [];
    if (event === "records.returned") for (const unit of named) units.add(unit);
    if (event === "records.imported") for (const unit of named) units.delete(unit);
  }
  return units;
}

function replacedByCity({ replaced, sources }: RoundExpected): ReadonlyMap<string, number> {
  const names = new Map(sources.map(({ cityCode, cityName }) => [cityCode, cityName]));
  const counts = new Map<string, number>();
  for (const { stratum } of replaced) {
    const name = names.get(stratum.slice(0, 6)) ?? "";
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

function teamParts(sources: readonly SourceState[], records: ReadonlyMap<string, SourceRecord>): Part[] {
  const names = new Map<string, string>();
  for (const { team } of sources) if (!names.has(teamFold(team))) names.set(teamFold(team), team);
  const nameOf = ({ team }: SourceState) => names.get(teamFold(team)) ?? team;
  return partsBy(sources, records, nameOf, new Map()).sort((a, b) => compareTeams(a.name, b.name));
}

function partsBy(
  sources: readonly SourceState[],
  records: ReadonlyMap<string, SourceRecord>,
  keyOf: (source: SourceState) => string,
  replaced: ReadonlyMap<string, number>,
): Part[] {
  const groups = new Map<string, SourceState[]>();
  for (const source of sources) {
    const key = keyOf(source);
    const own = groups.get(key);
    if (own === undefined) groups.set(key, [source]);
    else own.push(source);
  }
  return [...groups].map(([name, own]) => partOf(name, own, records, replaced.get(name) ?? 0));
}

function partOf(
  name: string,
  sources: readonly SourceState[],
  records: ReadonlyMap<string, SourceRecord>,
  replaced: number,
): Part {
  const count = (state: State) => sources.filter((source) => source.state === state).length;
  const nonResponse = sources.filter(({ source }) => {
    const record = records.get(source.id);
    return record !== undefined && isNonResponse(record.outcome);
  }).length;
  return {
    name,
    total: sources.length,
    done: count("done"),
    returned: count("returned"),
    missing: count("missing"),
    partial: sources.filter(({ uncheckedKeys }) => uncheckedKeys > 0).length,
    nonResponse,
    replaced,
    revised: sources.filter(({ isRevised }) => isRevised).length,
    waived: {
      sources: sources.filter(({ waived }) => waived > 0).length,
      indicators: sources.reduce((sum, { waived }) => sum + waived, 0),
    },
    closedAgainstLedger: sources.filter(({ isClosedAgainstLedger }) => isClosedAgainstLedger).length,
  };
}
