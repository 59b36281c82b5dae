/**
 * Records as the evaluation needs them: columns of numbers, so that every source of a province can be held and handed from
 * one thread to another. Pure.
 */
import { Ints } from "../text/ints.ts";
import { OUTCOMES, type RecordKey, type RecordSource, type SourceRecord, VISITS } from "./record.ts";

/** An indicator as the records name it. */
export interface KnownIndicator {
  readonly code: string;
  readonly name: string;
  readonly form: string;
  readonly key: boolean;
}

/** Plain data: numbers, and the words that they stand for. */
export interface LeanRecords {
  readonly indicators: readonly KnownIndicator[];
  readonly causes: readonly string[];
  readonly teams: readonly string[];
  /** The files that the records were read from. */
  readonly files: readonly Pick<RecordSource, "file" | "sha256">[];
  /** Of each record, in the order of the file. */
  readonly units: readonly string[];
  /** Of the visit, as `dayOf` has it. */
  readonly day: Int32Array;
  readonly team: Int32Array;
  /** Place in `VISITS`; −1 where the source was entered once. */
  readonly visit: Int32Array;
  /** Place in `OUTCOMES`. */
  readonly outcome: Int32Array;
  /** 1 or 0. */
  readonly isHandPicked: Int32Array;
  /** Key indicators that may apply: not said to be not applicable. */
  readonly applicableKeys: Int32Array;
  /** Indicators said not to apply though the form template does not say so. */
  readonly waived: Int32Array;
  /** 1 of a source said to be closed with nothing checked, though the ledger says that it runs, or 0. */
  readonly isClosedAgainstLedger: Int32Array;
  /** Where a record's marks end, and those of the next begin. */
  readonly end: Int32Array;
  /**
   * Indicators that were found right or wrong: twice the number of one found right; twice the number and one more of one
   * found wrong, and behind it the number of its cause.
   */
  readonly marks: Int32Array;
}

/** A date as records keep it, `2019-09-30`, as the number 20190930: later days are larger. 0 where there is none. */
export function dayOf(date: string | undefined): number {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date ?? "") ?? [];
  return Number(`${year ?? ""}${month ?? ""}${day ?? ""}`);
}

/** Where the marks of a record begin. */
export function startOf({ end }: LeanRecords, record: number): number {
  return record === 0 ? 0 : (end[record - 1] as number);
}

/** Things numbered as they come, each once. */
class Numbered<Thing> {
  readonly things: Thing[] = [];
  readonly #numbers = new Map<string, number>();

  /** @param name tells one thing from another */
  of(name: string, thing: Thing): number {
    let number = this.#numbers.get(name);
    if (number === undefined) {
      number = this.things.length;
      this.#numbers.set(name, number);
      this.things.push(thing);
    }
    return number;
  }
}

/** What is said of a whole record. */
export interface RecordHead {
  readonly unit: string;
  readonly day: number;
  readonly team: number;
  readonly visit: number;
  readonly outcome: number;
  readonly isHandPicked: boolean;
  readonly applicableKeys: number;
  readonly waived: number;
  readonly isClosedAgainstLedger: boolean;
}

/** Takes records one by one: the marks of each, then the record. */
export class LeanList {
  readonly #indicators = new Numbered<KnownIndicator>();
  readonly #causes = new Numbered<string>();
  readonly #teams = new Numbered<string>();
  readonly #files = new Numbered<Pick<RecordSource, "file" | "sha256">>();
  readonly #units: string[] = [];
  readonly #columns = {
    day: new Ints(),
    team: new Ints(),
    visit: new Ints(),
    outcome: new Ints(),
    isHandPicked: new Ints(),
    applicableKeys: new Ints(),
    waived: new Ints(),
    isClosedAgainstLedger: new Ints(),
    end: new Ints(),
  };
  readonly #marks = new Ints();
  /** By indicator: the number of its code; by that number: the record in which the code stood last. */
  readonly #codes = new Numbered<string>();
  readonly #codeOf: number[] = [];
  readonly #stoodIn: number[] = [];

  indicator({ code, name, form, key }: KnownIndicator): number {
    const number = this.#indicators.of(`${code}\n${key}`, { code, name, form, key });
    this.#codeOf[number] ??= this.#codes.of(code, code);
    return number;
  }

  cause(text: string): number {
    return this.#causes.of(text, text);
  }

  team(text: string): number {
    return this.#teams.of(text, text);
  }

  file({ file, sha256 }: Pick<RecordSource, "file" | "sha256">): number {
    return this.#files.of(`${sha256}${file}`, { file, sha256 });
  }

  markRight(indicator: number): void {
    this.#marks.push(2 * indicator);
  }

  markWrong(indicator: number, cause: number): void {
    this.#marks.push(2 * indicator + 1);
    this.#marks.push(cause);
  }

  /** Ends a record: the marks made since the last one are its own. */
  push(record: RecordHead): void {
    const { day, team, visit, outcome, isHandPicked, applicableKeys, waived, isClosedAgainstLedger, end } =
      this.#columns;
    this.#units.push(record.unit);
    day.push(record.day);
    team.push(record.team);
    visit.push(record.visit);
    outcome.push(record.outcome);
    isHandPicked.push(record.isHandPicked ? 1 : 0);
    applicableKeys.push(record.applicableKeys);
    waived.push(record.waived);
    isClosedAgainstLedger.push(record.isClosedAgainstLedger ? 1 : 0);
    end.push(this.#marks.length);
  }

  /** Takes back the marks made since the last record. */
  drop(): void {
    this.#marks.length = this.#lastEnd(0);
  }

  /** The same of a record as the schema has it. */
  pushRecord(record: SourceRecord): void {
    let applicableKeys = 0;
    for (const each of record.indicators) {
      if (each.key && each.result !== "notApplicable") applicableKeys++;
      if (each.result === "right") this.markRight(this.indicator(each));
      if (each.result === "wrong") this.markWrong(this.indicator(each), this.cause(each.cause ?? ""));
    }
    this.file(record.source);
    this.push({
      unit: record.unit,
      day: dayOf(record.date),
      team: this.team(record.team),
      visit: record.visit === undefined ? -1 : VISITS.indexOf(record.visit),
      outcome: OUTCOMES.indexOf(record.outcome),
      isHandPicked: record.handPicked === true,
      applicableKeys,
      waived: record.waived ?? 0,
      isClosedAgainstLedger: record.closedAgainstLedger === true,
    });
  }

  /** What the last record is known by. */
  last(): RecordKey {
    const { team, visit } = this.#columns;
    const at = this.#units.length - 1;
    return {
      unit: this.#units[at] ?? "",
      team: this.#teams.things[team.at(at)] ?? "",
      visit: VISITS[visit.at(at)],
    };
  }

  /** The code of an indicator that the last record has twice, whether as a key indicator or not. */
  repeatedInLast(): string | undefined {
    const record = this.#units.length;
    for (let at = this.#lastEnd(1); at < this.#marks.length; at++) {
      const mark = this.#marks.at(at);
      const code = this.#codeOf[mark >> 1] as number;
      if (this.#stoodIn[code] === record) return this.#codes.things[code];
      this.#stoodIn[code] = record;
      if ((mark & 1) === 1) at++;
    }
    return undefined;
  }

  /** All that was taken; the list takes no more. */
  finish(): LeanRecords {
    const { day, team, visit, outcome, isHandPicked, applicableKeys, waived, isClosedAgainstLedger, end } =
      this.#columns;
    return {
      indicators: this.#indicators.things,
      causes: this.#causes.things,
      teams: this.#teams.things,
      files: this.#files.things,
      units: this.#units,
      day: day.view(),
      team: team.view(),
      visit: visit.view(),
      outcome: outcome.view(),
      isHandPicked: isHandPicked.view(),
      applicableKeys: applicableKeys.view(),
      waived: waived.view(),
      isClosedAgainstLedger: isClosedAgainstLedger.view(),
      end: end.view(),
      marks: this.#marks.view(),
    };
  }

  /** Where the marks end of the record so many before the last. */
  #lastEnd(before: number): number {
    const { end } = this.#columns;
    return end.length > before ? end.at(end.length - 1 - before) : 0;
  }
}
