/** A record as the evaluation needs it: numbers in place of words, so that every source of a province can be held. Pure. */
import type { Outcome, SourceRecord, Visit } from "./record.ts";

/** An indicator as the records name it. */
export interface KnownIndicator {
  readonly code: string;
  readonly name: string;
  readonly form: string;
  readonly key: boolean;
}

export const WRONG = 1;
export const RIGHT = 0;

export interface LeanRecord {
  readonly unit: string;
  readonly team: string;
  readonly visit: Visit | undefined;
  readonly outcome: Outcome;
  readonly isHandPicked: boolean;
  /** Indicators that were found right or wrong, by their numbers in the vocabulary. */
  readonly indicators: readonly number[];
  /** `RIGHT` or `WRONG` of each. */
  readonly results: readonly number[];
  /** Number of the cause of each, in the vocabulary; −1 where right. */
  readonly causes: readonly number[];
  /** Key indicators that may apply: not said to be not applicable. */
  readonly applicableKeys: number;
}

/** The words of the records, numbered as they come. */
export class Vocabulary {
  readonly indicators: KnownIndicator[] = [];
  readonly causes: string[] = [];
  readonly #indicators = new Map<string, number>();
  readonly #causes = new Map<string, number>();

  indicator(indicator: KnownIndicator): number {
    const { code, name, form, key } = indicator;
    const id = `${code}\n${key}`;
    let number = this.#indicators.get(id);
    if (number === undefined) {
      number = this.indicators.length;
      this.#indicators.set(id, number);
      this.indicators.push({ code, name, form, key });
    }
    return number;
  }

  cause(text: string): number {
    let number = this.#causes.get(text);
    if (number === undefined) {
      number = this.causes.length;
      this.#causes.set(text, number);
      this.causes.push(text);
    }
    return number;
  }
}

export function leanRecord(record: SourceRecord, vocabulary: Vocabulary): LeanRecord {
  const indicators: number[] = [];
  const results: number[] = [];
  const causes: number[] = [];
  let applicableKeys = 0;
  for (const each of record.indicators) {
    if (each.key && each.result !== "notApplicable") applicableKeys++;
    if (each.result !== "right" && each.result !== "wrong") continue;
    indicators.push(vocabulary.indicator(each));
    results.push(each.result === "wrong" ? WRONG : RIGHT);
    causes.push(each.result === "wrong" ? vocabulary.cause(each.cause ?? "") : -1);
  }
  const { unit, team, visit, outcome } = record;
  const isHandPicked = record.handPicked === true;
  return { unit, team, visit, outcome, isHandPicked, indicators, results, causes, applicableKeys };
}
