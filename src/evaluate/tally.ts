/** Counts what the records say of each source of the sample. Pure. */
import { type LeanRecords, startOf } from "../records/lean.ts";
import { isNonResponse, OUTCOMES, type Outcome, VISITS } from "../records/record.ts";
import { FIRST_SIZE, grown, Ints } from "../text/ints.ts";
import type { ErrorsOf } from "./scrutinised.ts";

/** Sources in which something was checked, and how much of it was wrong; in the order in which they came. */
export class Column {
  #members = new Int32Array(FIRST_SIZE);
  #e = new Int32Array(FIRST_SIZE);
  #m = new Int32Array(FIRST_SIZE);
  #length = 0;

  add(source: number, wrong: number): void {
    const last = this.#length - 1;
    if (last >= 0 && this.#members[last] === source) {
      this.#e[last] = (this.#e[last] as number) + wrong;
      this.#m[last] = (this.#m[last] as number) + 1;
      return;
    }
    if (this.#length === this.#members.length) this.#grow();
    this.#members[this.#length] = source;
    this.#e[this.#length] = wrong;
    this.#m[this.#length] = 1;
    this.#length++;
  }

  /** Numbers of the sources in `Tally.order`. */
  get members(): Int32Array {
    return this.#members.subarray(0, this.#length);
  }

  get e(): Int32Array {
    return this.#e.subarray(0, this.#length);
  }

  get m(): Int32Array {
    return this.#m.subarray(0, this.#length);
  }

  #grow(): void {
    this.#members = grown(this.#members);
    this.#e = grown(this.#e);
    this.#m = grown(this.#m);
  }
}

/** Wrong key indicators: the source of each, and the number of its cause. */
export interface FoundCauses {
  readonly sources: Int32Array;
  readonly causes: Int32Array;
}

export interface Tally {
  /** What the numbers stand for. */
  readonly names: Pick<LeanRecords, "indicators" | "causes" | "teams">;
  /** By the source's place in the sample: outcome, or undefined where no record is; number of the team, or −1. */
  readonly outcomes: readonly (Outcome | undefined)[];
  readonly teams: Int32Array;
  /** Day of the visit as `dayOf` has it; 0 where no record is, or none that names it. */
  readonly days: Int32Array;
  /** Key indicators checked and wrong. */
  readonly e: Float64Array;
  readonly m: Float64Array;
  /**
   * Places of the sources that were found, in the order in which their records came. Columns name a source by its number
   * in this order: so they are gone over in memory from beginning to end.
   */
  readonly order: Int32Array;
  /** Key indicators by number, and by form. */
  readonly byIndicator: ReadonlyMap<number, Column>;
  readonly byForm: ReadonlyMap<string, Column>;
  readonly causes: FoundCauses;
  /** Key indicators that a source not found or refusing would have had, where its record says so. */
  readonly applicableKeys: Int32Array;
  /** Indicators said not to apply though the form template does not say so. */
  readonly waived: Int32Array;
  /** 1 of a source said to be closed with nothing checked, though the ledger says that it runs. */
  readonly isClosedAgainstLedger: Int32Array;
  /** By place, of sources that were entered twice and settled: key indicators wrong and checked. */
  readonly settled: ReadonlyMap<number, { readonly first: ErrorsOf; readonly settled: ErrorsOf }>;
  /** Sources of the sample that were checked, but not in all key indicators that apply, and the number of these indicators. */
  readonly unchecked: { readonly sources: number; readonly keys: number };
  readonly unsettled: number;
  readonly outsideSample: number;
  readonly handPicked: { readonly sources: number; readonly m: number; readonly e: number };
}

/** Of the records of one source the settled one counts, else the first: by place in `VISITS`. */
const PRECEDENCE = VISITS.map((visit) => ({ settled: 3, first: 2, second: 1 })[visit]);
const ENTERED_ONCE = 2;
const FIRST = VISITS.indexOf("first");
const SETTLED = VISITS.indexOf("settled");

/**
 * @param records those of one source after each other
 * @param places place in the sample of each unit that is to be inspected
 */
export function tallyOf(records: LeanRecords, places: ReadonlyMap<string, number>): Tally {
  const tallying = new Tallying(records, places);
  const { units } = records;
  for (let from = 0; from < units.length; ) {
    let to = from + 1;
    while (to < units.length && units[to] === units[from]) to++;
    tallying.source(from, to);
    from = to;
  }
  return tallying.finish();
}

class Tallying {
  readonly #records: LeanRecords;
  /** Of each record: place of its source; −1 where it is not in the sample. */
  readonly #places: Int32Array;
  readonly #outcomes: (Outcome | undefined)[];
  readonly #teams: Int32Array;
  readonly #days: Int32Array;
  readonly #e: Float64Array;
  readonly #m: Float64Array;
  readonly #applicableKeys: Int32Array;
  readonly #waived: Int32Array;
  readonly #isClosedAgainstLedger: Int32Array;
  readonly #order = new Ints();
  readonly #byIndicator = new Map<number, Column>();
  readonly #byForm = new Map<string, Column>();
  /** By number of the indicator; undefined where it is no key indicator. */
  readonly #columns: readonly (Columns | undefined)[];
  readonly #causeSources = new Ints();
  readonly #causes = new Ints();
  readonly #settled = new Map<number, { readonly first: ErrorsOf; readonly settled: ErrorsOf }>();
  readonly #unchecked = { sources: 0, keys: 0 };
  #unsettled = 0;
  #outsideSample = 0;
  readonly #handPicked = { sources: 0, m: 0, e: 0 };

  constructor(records: LeanRecords, places: ReadonlyMap<string, number>) {
    this.#records = records;
    // In a loop of its own: each look goes to another end of memory, and many at once are far quicker.
    this.#places = new Int32Array(records.units.length);
    for (let i = 0; i < this.#places.length; i++) this.#places[i] = places.get(records.units[i] as string) ?? -1;
    this.#outcomes = Array.from({ length: places.size });
    this.#teams = new Int32Array(places.size).fill(-1);
    this.#days = new Int32Array(places.size);
    this.#e = new Float64Array(places.size);
    this.#m = new Float64Array(places.size);
    this.#applicableKeys = new Int32Array(places.size);
    this.#waived = new Int32Array(places.size);
    this.#isClosedAgainstLedger = new Int32Array(places.size);
    const forms = new Map<string, Column>();
    this.#columns = records.indicators.map(({ key, form }) => {
      if (!key) return undefined;
      const own = forms.get(form) ?? new Column();
      forms.set(form, own);
      return { indicator: new Column(), form: own };
    });
  }

  /** Takes the records of one source. */
  source(from: number, to: number): void {
    const { visit, isHandPicked } = this.#records;
    const rank = (record: number) => PRECEDENCE[visit[record] as number] ?? ENTERED_ONCE;
    let counted = from;
    for (let record = from + 1; record < to; record++) if (rank(record) > rank(counted)) counted = record;
    if (visit[counted] !== SETTLED) {
      for (let record = from + 1; record < to; record++) {
        if (!differs(this.#records, record, from)) continue;
        this.#unsettled++;
        break;
      }
    }
    const place = this.#places[counted] as number;
    if (isHandPicked[counted] === 1) this.#countByHand(counted);
    else if (place < 0) this.#outsideSample++;
    else {
      this.#count(counted, place);
      if (visit[counted] === SETTLED) {
        let first = counted;
        for (let record = from; record < to; record++) if (visit[record] === FIRST) first = record;
        this.#settled.set(place, { first: this.#errorsOf(first), settled: this.#errorsOf(counted) });
      }
    }
  }

  finish(): Tally {
    const { indicators, causes, teams } = this.#records;
    for (const [number, columns] of this.#columns.entries()) {
      if (columns === undefined || columns.indicator.members.length === 0) continue;
      this.#byIndicator.set(number, columns.indicator);
      this.#byForm.set(indicators[number]?.form ?? "", columns.form);
    }
    return {
      names: { indicators, causes, teams },
      outcomes: this.#outcomes,
      teams: this.#teams,
      days: this.#days,
      e: this.#e,
      m: this.#m,
      order: this.#order.view(),
      byIndicator: this.#byIndicator,
      byForm: this.#byForm,
      causes: { sources: this.#causeSources.view(), causes: this.#causes.view() },
      applicableKeys: this.#applicableKeys,
      waived: this.#waived,
      isClosedAgainstLedger: this.#isClosedAgainstLedger,
      settled: this.#settled,
      unchecked: this.#unchecked,
      unsettled: this.#unsettled,
      outsideSample: this.#outsideSample,
      handPicked: this.#handPicked,
    };
  }

  #countByHand(record: number): void {
    const { e, m } = this.#errorsOf(record);
    this.#handPicked.sources++;
    this.#handPicked.m += m;
    this.#handPicked.e += e;
  }

  #errorsOf(record: number): ErrorsOf {
    const { marks, end, indicators } = this.#records;
    let [e, m] = [0, 0];
    for (let at = startOf(this.#records, record); at < (end[record] as number); at++) {
      const mark = marks[at] as number;
      const wrong = mark & 1;
      at += wrong;
      if (indicators[mark >> 1]?.key !== true) continue;
      m++;
      e += wrong;
    }
    return { e, m };
  }

  #count(record: number, place: number): void {
    const { outcome: outcomes, day, team, applicableKeys, waived, isClosedAgainstLedger, marks, end } = this.#records;
    const outcome = OUTCOMES[outcomes[record] as number] ?? "checked";
    this.#outcomes[place] = outcome;
    this.#teams[place] = team[record] as number;
    this.#days[place] = day[record] as number;
    this.#applicableKeys[place] = applicableKeys[record] as number;
    this.#waived[place] = waived[record] as number;
    this.#isClosedAgainstLedger[place] = isClosedAgainstLedger[record] as number;
    if (isNonResponse(outcome)) return;
    const number = this.#order.length;
    this.#order.push(place);
    let [e, m] = [0, 0];
    const last = end[record] as number;
    for (let at = startOf(this.#records, record); at < last; at++) {
      const mark = marks[at] as number;
      const wrong = mark & 1;
      at += wrong;
      const columns = this.#columns[mark >> 1];
      if (columns === undefined) continue;
      m++;
      e += wrong;
      columns.indicator.add(number, wrong);
      columns.form.add(number, wrong);
      if (wrong === 0) continue;
      this.#causeSources.push(place);
      this.#causes.push(marks[at] as number);
    }
    this.#e[place] = e;
    this.#m[place] = m;
    const unchecked = (applicableKeys[record] as number) - m;
    if (outcome !== "checked" || unchecked <= 0) return;
    this.#unchecked.sources++;
    this.#unchecked.keys += unchecked;
  }
}

/** Where an indicator is counted. */
interface Columns {
  readonly indicator: Column;
  readonly form: Column;
}

/** Whether two records say otherwise of the source; causes apart. */
function differs(records: LeanRecords, a: number, b: number): boolean {
  const { outcome, marks, end } = records;
  if (outcome[a] !== outcome[b]) return true;
  let [x, y] = [startOf(records, a), startOf(records, b)];
  const [xEnd, yEnd] = [end[a] as number, end[b] as number];
  for (; x < xEnd && y < yEnd; x++, y++) {
    const mark = marks[x] as number;
    if (mark !== marks[y]) return true;
    x += mark & 1;
    y += mark & 1;
  }
  return x < xEnd || y < yEnd;
}
