/** Counts what the records say of each source of the sample. Pure. */
import type { LeanRecord, Vocabulary } from "../records/lean.ts";
import { WRONG } from "../records/lean.ts";
import { isNonResponse, type Outcome } from "../records/record.ts";

/** Sources in which something was checked, and how much of it was wrong; in the order in which they came. */
export class Column {
  readonly members: number[] = [];
  readonly e: number[] = [];
  readonly m: number[] = [];

  add(source: number, wrong: number): void {
    const last = this.members.length - 1;
    if (this.members[last] === source) {
      this.e[last] = (this.e[last] as number) + wrong;
      this.m[last] = (this.m[last] as number) + 1;
      return;
    }
    this.members.push(source);
    this.e.push(wrong);
    this.m.push(1);
  }
}

/** A wrong key indicator and its cause. */
export interface FoundCause {
  readonly source: number;
  readonly cause: number;
}

export interface Tally {
  readonly vocabulary: Vocabulary;
  /** By the source's place in the sample: outcome, team, key indicators checked and wrong. Undefined where no record is. */
  readonly outcomes: readonly (Outcome | undefined)[];
  readonly teams: readonly string[];
  readonly e: Float64Array;
  readonly m: Float64Array;
  /** Key indicators by number of the vocabulary, and by form; sources that were found. */
  readonly byIndicator: ReadonlyMap<number, Column>;
  readonly byForm: ReadonlyMap<string, Column>;
  readonly causes: readonly FoundCause[];
  /** Key indicators that a source not found or refusing would have had, where its record says so. */
  readonly applicableKeys: Int32Array;
  readonly unsettled: number;
  readonly outsideSample: number;
  readonly handPicked: { readonly sources: number; readonly m: number; readonly e: number };
}

const PRECEDENCE = { settled: 3, first: 2, second: 1 } as const;

/** Takes records one by one, those of one source after each other. */
export class Tallying {
  readonly #places: ReadonlyMap<string, number>;
  readonly #vocabulary: Vocabulary;
  readonly #outcomes: (Outcome | undefined)[];
  readonly #teams: string[];
  readonly #e: Float64Array;
  readonly #m: Float64Array;
  readonly #applicableKeys: Int32Array;
  readonly #byIndicator = new Map<number, Column>();
  readonly #byForm = new Map<string, Column>();
  /** By number of the indicator. */
  readonly #columns: Columns[] = [];
  readonly #causes: FoundCause[] = [];
  #held: LeanRecord[] = [];
  #unsettled = 0;
  #outsideSample = 0;
  readonly #handPicked = { sources: 0, m: 0, e: 0 };

  /** @param places place in the sample of each unit that is to be inspected */
  constructor(places: ReadonlyMap<string, number>, vocabulary: Vocabulary) {
    this.#places = places;
    this.#vocabulary = vocabulary;
    this.#outcomes = Array.from({ length: places.size });
    this.#teams = Array.from({ length: places.size }, () => "");
    this.#e = new Float64Array(places.size);
    this.#m = new Float64Array(places.size);
    this.#applicableKeys = new Int32Array(places.size);
  }

  add(record: LeanRecord): void {
    if (this.#held.length > 0 && this.#held[0]?.unit !== record.unit) this.#settle();
    this.#held.push(record);
  }

  finish(): Tally {
    this.#settle();
    return {
      vocabulary: this.#vocabulary,
      outcomes: this.#outcomes,
      teams: this.#teams,
      e: this.#e,
      m: this.#m,
      byIndicator: this.#byIndicator,
      byForm: this.#byForm,
      causes: this.#causes,
      applicableKeys: this.#applicableKeys,
      unsettled: this.#unsettled,
      outsideSample: this.#outsideSample,
      handPicked: this.#handPicked,
    };
  }

  /** Of the records of one source the settled one counts, else the first. */
  #settle(): void {
    const [first, ...others] = this.#held;
    this.#held = [];
    if (first === undefined) return;
    const rank = ({ visit }: LeanRecord) => PRECEDENCE[visit ?? "first"];
    const counted = others.reduce((best, each) => (rank(each) > rank(best) ? each : best), first);
    if (others.length > 0 && counted.visit !== "settled" && others.some((each) => differs(each, first)))
      this.#unsettled++;
    const place = this.#places.get(counted.unit);
    if (counted.isHandPicked) this.#countByHand(counted);
    else if (place === undefined) this.#outsideSample++;
    else this.#count(counted, place);
  }

  #countByHand({ indicators, results }: LeanRecord): void {
    this.#handPicked.sources++;
    for (const [i, number] of indicators.entries()) {
      if (this.#vocabulary.indicators[number]?.key !== true) continue;
      this.#handPicked.m++;
      if (results[i] === WRONG) this.#handPicked.e++;
    }
  }

  #count(record: LeanRecord, place: number): void {
    this.#outcomes[place] = record.outcome;
    this.#teams[place] = record.team;
    this.#applicableKeys[place] = record.applicableKeys;
    if (isNonResponse(record.outcome)) return;
    const { indicators, results, causes } = record;
    let [e, m] = [0, 0];
    for (let i = 0; i < indicators.length; i++) {
      const number = indicators[i] as number;
      const columns = this.#columns[number] ?? this.#columnsOf(number);
      if (columns === NO_KEY) continue;
      const wrong = results[i] === WRONG ? 1 : 0;
      m++;
      e += wrong;
      columns.indicator.add(place, wrong);
      columns.form.add(place, wrong);
      if (wrong === 1) this.#causes.push({ source: place, cause: causes[i] as number });
    }
    this.#e[place] = e;
    this.#m[place] = m;
  }

  #columnsOf(number: number): Columns {
    const indicator = this.#vocabulary.indicators[number];
    const columns =
      indicator?.key === true
        ? { indicator: columnOf(this.#byIndicator, number), form: columnOf(this.#byForm, indicator.form) }
        : NO_KEY;
    this.#columns[number] = columns;
    return columns;
  }
}

/** Where an indicator is counted. */
interface Columns {
  readonly indicator: Column;
  readonly form: Column;
}
const NO_KEY: Columns = { indicator: new Column(), form: new Column() };

function columnOf<Key>(columns: Map<Key, Column>, key: Key): Column {
  let column = columns.get(key);
  if (column === undefined) {
    column = new Column();
    columns.set(key, column);
  }
  return column;
}

function differs(a: LeanRecord, b: LeanRecord): boolean {
  const marks = ({ outcome, indicators, results }: LeanRecord) =>
    `${outcome} ${indicators.map((number, i) => `${number}:${results[i]}`).join()}`;
  return marks(a) !== marks(b);
}
