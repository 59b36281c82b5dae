/** Two records of one source against each other: cell by cell, and as agreement between two judges. Pure. */
import { type CheckedIndicator, OUTCOME_NAMES, RESULT_NAMES, RESULTS, type SourceRecord } from "./record.ts";
import { teamInWords } from "./team.ts";

/** One cell in which two records differ. */
export interface Change {
  readonly unit: string;
  /** Code of the indicator; empty for what belongs to the visit. */
  readonly code: string;
  /** Indicator and column as people know them. */
  readonly name: string;
  readonly column: string;
  readonly before: string;
  readonly after: string;
}

/** How something was checked, which weighs less than what was found. */
const WAY = "核查方式";

const COLUMNS: readonly (readonly [column: string, of: (each: CheckedIndicator) => string])[] = [
  ["填报值", ({ reported }) => reported],
  ["核查值", ({ found }) => found],
  ["结果", ({ result }) => RESULT_NAMES[result].zh],
  [WAY, ({ way }) => way ?? ""],
  ["差错原因", ({ cause }) => cause ?? ""],
  ["说明", ({ note }) => note ?? ""],
];

/** Where two records of one source differ, in the order of the form. The files that they came from do not matter. */
export function changesBetween(before: SourceRecord, after: SourceRecord): Change[] {
  const { unit } = before;
  const head = (column: string, a: string, b: string): Change[] =>
    a === b ? [] : [{ unit, code: "", name: "", column, before: a, after: b }];
  const old = new Map(before.indicators.map((each) => [each.code, each]));
  const now = new Map(after.indicators.map((each) => [each.code, each]));
  const codes = [...new Set([...now.keys(), ...old.keys()])];
  return [
    ...head("核查去向", OUTCOME_NAMES[before.outcome].zh, OUTCOME_NAMES[after.outcome].zh),
    ...head("核查日期", before.date ?? "", after.date ?? ""),
    ...head("核查人员", before.inspectors ?? "", after.inspectors ?? ""),
    ...head("核查组", teamInWords(before.team), teamInWords(after.team)),
    ...codes.flatMap((code) => {
      const [a, b] = [old.get(code), now.get(code)];
      return COLUMNS.flatMap(([column, of]): Change[] => {
        const [was, is] = [a === undefined ? "" : of(a), b === undefined ? "" : of(b)];
        if (was === is) return [];
        return [{ unit, code, name: (b ?? a)?.name ?? "", column, before: was, after: is }];
      });
    }),
  ];
}

/** Indicators that were checked in one way by one record and in one other way by the other. */
export interface OtherWay {
  readonly before: string;
  readonly after: string;
  readonly codes: readonly string[];
}

/** Changes of values, results and the visit, each by itself, and those of the way of checking by what became what, the most first. */
export function byWay(changes: readonly Change[]): { readonly cells: readonly Change[]; readonly ways: OtherWay[] } {
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    if (change.column !== WAY) continue;
    const key = `${change.before}\n${change.after}`;
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  const ways = [...groups.values()].map((own): OtherWay => {
    const { before = "", after = "" } = own[0] ?? {};
    return { before, after, codes: own.map(({ code }) => code) };
  });
  return {
    cells: changes.filter(({ column }) => column !== WAY),
    ways: ways.sort((a, b) => b.codes.length - a.codes.length),
  };
}

/** What names a visit and is no part of what was found: two teams come on days of their own. */
const OF_THE_VISIT = ["核查日期", "核查人员", "核查组"];

/** What weighs most is told first. */
const BY_WEIGHT = ["核查去向", "结果", "核查值"];

/** Where two teams' records of one source differ in what they found: outcome, results and values before all else. */
function differencesOf(first: SourceRecord, second: SourceRecord): Change[] {
  const weight = ({ column }: Change) => (BY_WEIGHT.includes(column) ? BY_WEIGHT.indexOf(column) : BY_WEIGHT.length);
  return changesBetween(first, second)
    .filter(({ column }) => !OF_THE_VISIT.includes(column))
    .sort((a, b) => weight(a) - weight(b));
}

/** Whether a change is one of outcome or of a judgement; what neither team judged (不适用, 未核查) is none, as in `evaluate`. */
function isToSettle({ column, before, after }: Change): boolean {
  const judged: readonly string[] = [RESULT_NAMES.right.zh, RESULT_NAMES.wrong.zh];
  return column === "核查去向" || (column === "结果" && (judged.includes(before) || judged.includes(after)));
}

/** How far two judges agree. */
export interface Agreement {
  /** Judgements that both made. */
  readonly judged: number;
  readonly same: number;
  /** `same` of `judged`; undefined where nothing was judged twice. */
  readonly rate: number | undefined;
  /** Cohen's κ; undefined where chance alone would make them agree on everything. */
  readonly kappa: number | undefined;
}

/**
 * Agreement corrected for chance: κ = (p₀ − pₑ)/(1 − pₑ), where p₀ is the share of judgements that agree and pₑ the share
 * that would by chance, Σ pᵢ₊·p₊ᵢ (Cohen 1960, A coefficient of agreement for nominal scales).
 * @param counts square table: what the first judge said (rows) against what the second said (columns)
 */
export function agreementOf(counts: readonly (readonly number[])[]): Agreement {
  const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
  const judged = sum(counts.map(sum));
  const same = sum(counts.map((row, i) => row[i] ?? 0));
  if (judged === 0) return { judged, same, rate: undefined, kappa: undefined };
  const byChance = sum(counts.map((row, i) => sum(row) * sum(counts.map((each) => each[i] ?? 0))));
  const chance = byChance / judged ** 2;
  const rate = same / judged;
  return { judged, same, rate, kappa: byChance === judged ** 2 ? undefined : (rate - chance) / (1 - chance) };
}

/** Results of two records of one source, as `agreementOf` takes them; what either did not check is left out. */
export function resultTable(pairs: readonly (readonly [SourceRecord, SourceRecord])[]): number[][] {
  const judged = RESULTS.filter((result) => result !== "unchecked");
  const counts = judged.map(() => judged.map(() => 0));
  for (const [first, second] of pairs) {
    const other = new Map(second.indicators.map(({ code, result }) => [code, result]));
    for (const { code, result } of first.indicators) {
      const found = other.get(code);
      const row = counts[judged.indexOf(result as (typeof judged)[number])];
      const column = judged.indexOf(found as (typeof judged)[number]);
      if (row !== undefined && column >= 0) row[column] = (row[column] ?? 0) + 1;
    }
  }
  return counts;
}

/** A source that was entered twice. */
export interface Pair {
  readonly unit: string;
  readonly first: SourceRecord;
  readonly second: SourceRecord;
  readonly settled: SourceRecord | undefined;
  /** Cells that differ, team, inspectors and date apart. */
  readonly changes: readonly Change[];
  /** Whether judgements or outcome differ, so that it has to be settled. */
  readonly differs: boolean;
}

/** Those to be settled first, then those that are, those that differ in other cells, and those alike. */
export function inOrderOfWeight(pairs: readonly Pair[]): Pair[] {
  const weight = ({ differs, settled, changes }: Pair) =>
    differs ? (settled === undefined ? 0 : 1) : changes.length > 0 ? 2 : 3;
  return [...pairs].sort((a, b) => weight(a) - weight(b));
}

/** All sources entered twice, in the order of the records. */
export function pairsIn(records: readonly SourceRecord[]): Pair[] {
  const byUnit = new Map<string, SourceRecord[]>();
  for (const record of records) {
    const own = byUnit.get(record.unit);
    if (own === undefined) byUnit.set(record.unit, [record]);
    else own.push(record);
  }
  return [...byUnit].flatMap(([unit, own]) => {
    const second = own.find(({ visit }) => visit === "second");
    const first = own.find(({ visit }) => visit === "first");
    if (first === undefined || second === undefined) return [];
    const changes = differencesOf(first, second);
    const differs = changes.some(isToSettle);
    return [{ unit, first, second, settled: own.find(({ visit }) => visit === "settled"), changes, differs }];
  });
}
