/**
 * Takes a line of `records.jsonl` apart byte by byte, without making an object of it: every source of a province is a
 * gigabyte. It knows only the lines that the program writes, canonical JSON without a backslash; of any other it says
 * nothing, and the schema, which is the definition, has the word. Pure.
 */
import { type LeanRecord, RIGHT, type Vocabulary, WRONG } from "./lean.ts";
import { OUTCOMES, RECORD_SPEC, RESULTS, VISITS } from "./record.ts";

const [QUOTE, BACKSLASH, COMMA, SPACE] = [0x22, 0x5c, 0x2c, 0x20];

/** Thrown where a line is not as the program writes it. */
const OTHER = new Error("not a line of the known form");

const bytesOf = (text: string) => Buffer.from(text, "utf8");
const named = (names: readonly string[]) => names.map((name) => bytesOf(`"${name}"`));
const key = (name: string) => bytesOf(`"${name}":`);

const KEYS = {
  date: key("date"),
  handPicked: bytesOf('"handPicked":true'),
  indicators: bytesOf('"indicators":['),
  manifestDigest: bytesOf('],"manifestDigest":'),
  outcome: bytesOf(',"outcome":'),
  roundId: bytesOf(',"roundId":'),
  file: bytesOf(',"source":{"file":'),
  sha256: bytesOf(',"sha256":'),
  sheet: bytesOf(',"sheet":'),
  spec: bytesOf(`},"spec":"${RECORD_SPEC}"`),
  team: bytesOf(',"team":'),
  unit: bytesOf(',"unit":'),
  visit: bytesOf(',"visit":'),
  end: bytesOf("}"),
  cause: key("cause"),
  code: key("code"),
  form: bytesOf(',"form":'),
  found: bytesOf(',"found":'),
  isKey: bytesOf(',"key":true'),
  isNoKey: bytesOf(',"key":false'),
  name: bytesOf(',"name":'),
  note: bytesOf(',"note":'),
  reported: bytesOf(',"reported":'),
  result: bytesOf(',"result":'),
  way: bytesOf(',"way":'),
  begin: bytesOf("{"),
  comma: bytesOf(","),
} as const;
const OUTCOME_BYTES = named(OUTCOMES);
const RESULT_BYTES = named(RESULTS);
const VISIT_BYTES = named(VISITS);
const [IS_RIGHT, IS_WRONG, NOT_APPLICABLE] = [0, 1, 2];

/** Texts met before, by their bytes. */
class Known<Value> {
  readonly #byHash = new Map<number, { readonly bytes: Buffer; readonly value: Value }>();

  /** @param make the value of a text that was not met yet, or whose hash another one has */
  find(bytes: Buffer, start: number, end: number, hash: number, make: (text: string) => Value): Value {
    const known = this.#byHash.get(hash);
    if (known !== undefined && known.bytes.length === end - start) {
      let i = 0;
      while (i < known.bytes.length && known.bytes[i] === bytes[start + i]) i++;
      if (i === known.bytes.length) return known.value;
    }
    const value = make(bytes.toString("utf8", start, end));
    if (known === undefined) this.#byHash.set(hash, { bytes: Buffer.from(bytes.subarray(start, end)), value });
    return value;
  }
}

export class RecordScanner {
  readonly #vocabulary: Vocabulary;
  readonly #roundId: Buffer;
  readonly #manifestDigest: Buffer;
  readonly #keyIndicators = new Known<number>();
  readonly #otherIndicators = new Known<number>();
  readonly #causes = new Known<number>();
  readonly #teams = new Known<string>();
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  /** The text that was read last. */
  #start = 0;
  #end = 0;
  #hash = 0;

  /** @param roundId and manifestDigest that the records must name */
  constructor(vocabulary: Vocabulary, roundId: string, manifestDigest: string) {
    this.#vocabulary = vocabulary;
    this.#roundId = bytesOf(JSON.stringify(roundId));
    this.#manifestDigest = bytesOf(`"${manifestDigest}"`);
  }

  /** The record in a line; undefined where the line is not as the program writes it. */
  scan(bytes: Buffer, start: number, end: number): LeanRecord | undefined {
    this.#bytes = bytes;
    this.#at = start;
    try {
      const record = this.#record();
      return this.#at === end ? record : undefined;
    } catch (error) {
      if (error === OTHER) return undefined;
      throw error;
    }
  }

  #record(): LeanRecord {
    this.#expect(KEYS.begin);
    if (this.#takes(KEYS.date)) {
      this.#text();
      this.#expect(KEYS.comma);
    }
    const isHandPicked = this.#takes(KEYS.handPicked);
    if (isHandPicked) this.#expect(KEYS.comma);
    this.#expect(KEYS.indicators);
    const indicators: number[] = [];
    const results: number[] = [];
    const causes: number[] = [];
    let applicableKeys = 0;
    if (this.#takes(KEYS.begin)) {
      do {
        if (this.#indicator(indicators, results, causes)) applicableKeys++;
      } while (this.#nextIndicator());
    }
    this.#expect(KEYS.manifestDigest);
    this.#expect(this.#manifestDigest);
    this.#expect(KEYS.outcome);
    const outcome = OUTCOMES[this.#oneOf(OUTCOME_BYTES)] ?? "checked";
    this.#expect(KEYS.roundId);
    this.#expect(this.#roundId);
    this.#expect(KEYS.file);
    this.#filled();
    this.#expect(KEYS.sha256);
    this.#digest();
    if (this.#takes(KEYS.sheet)) this.#text();
    this.#expect(KEYS.spec);
    this.#expect(KEYS.team);
    this.#text();
    const team = this.#teams.find(this.#bytes, this.#start, this.#end, this.#hash, (text) => text);
    this.#expect(KEYS.unit);
    this.#filled();
    const unit = this.#bytes.toString("utf8", this.#start, this.#end);
    const visit = this.#takes(KEYS.visit) ? VISITS[this.#oneOf(VISIT_BYTES)] : undefined;
    this.#expect(KEYS.end);
    return { unit, team, visit, outcome, isHandPicked, indicators, results, causes, applicableKeys };
  }

  #nextIndicator(): boolean {
    if (this.#bytes[this.#at] !== COMMA) return false;
    this.#at++;
    this.#expect(KEYS.begin);
    return true;
  }

  /** One indicator, its brace taken; returns whether it is a key indicator that may apply. */
  #indicator(indicators: number[], results: number[], causes: number[]): boolean {
    let [causeStart, causeEnd, causeHash] = [0, 0, 0];
    if (this.#takes(KEYS.cause)) {
      this.#text();
      [causeStart, causeEnd, causeHash] = [this.#start, this.#end, this.#hash];
      this.#expect(KEYS.comma);
    }
    this.#expect(KEYS.code);
    this.#filled();
    const [codeStart, codeEnd, codeHash] = [this.#start, this.#end, this.#hash];
    this.#expect(KEYS.form);
    this.#text();
    const [formStart, formEnd] = [this.#start, this.#end];
    this.#expect(KEYS.found);
    this.#text();
    const isKey = this.#takes(KEYS.isKey);
    if (!isKey) this.#expect(KEYS.isNoKey);
    this.#expect(KEYS.name);
    this.#text();
    const [nameStart, nameEnd] = [this.#start, this.#end];
    if (this.#takes(KEYS.note)) this.#text();
    this.#expect(KEYS.reported);
    this.#text();
    this.#expect(KEYS.result);
    const result = this.#oneOf(RESULT_BYTES);
    if (this.#takes(KEYS.way)) this.#text();
    this.#expect(KEYS.end);
    if (result === IS_RIGHT || result === IS_WRONG) {
      const known = isKey ? this.#keyIndicators : this.#otherIndicators;
      const number = known.find(this.#bytes, codeStart, codeEnd, codeHash, (code) =>
        this.#vocabulary.indicator({
          code,
          form: this.#bytes.toString("utf8", formStart, formEnd),
          name: this.#bytes.toString("utf8", nameStart, nameEnd),
          key: isKey,
        }),
      );
      const isWrong = result === IS_WRONG;
      const cause = isWrong
        ? this.#causes.find(this.#bytes, causeStart, causeEnd, causeHash, (text) => this.#vocabulary.cause(text))
        : -1;
      indicators.push(number);
      results.push(isWrong ? WRONG : RIGHT);
      causes.push(cause);
    }
    return isKey && result !== NOT_APPLICABLE;
  }

  #takes(expected: Buffer): boolean {
    const [bytes, at] = [this.#bytes, this.#at];
    for (let i = 0; i < expected.length; i++) if (bytes[at + i] !== expected[i]) return false;
    this.#at = at + expected.length;
    return true;
  }

  #expect(expected: Buffer): void {
    if (!this.#takes(expected)) throw OTHER;
  }

  #oneOf(choices: readonly Buffer[]): number {
    for (let i = 0; i < choices.length; i++) if (this.#takes(choices[i] as Buffer)) return i;
    throw OTHER;
  }

  /** Any text without a backslash. */
  #text(): void {
    const bytes = this.#bytes;
    let at = this.#at;
    if (bytes[at] !== QUOTE) throw OTHER;
    const start = ++at;
    let hash = 0;
    for (;;) {
      const byte = bytes[at] as number;
      if (byte === QUOTE) break;
      if (byte === BACKSLASH || !(byte >= SPACE)) throw OTHER;
      hash = (Math.imul(hash, 31) + byte) | 0;
      at++;
    }
    this.#start = start;
    this.#end = at;
    this.#hash = hash;
    this.#at = at + 1;
  }

  #filled(): void {
    this.#text();
    if (this.#start === this.#end) throw OTHER;
  }

  #digest(): void {
    this.#text();
    if (this.#end - this.#start !== 64) throw OTHER;
    for (let i = this.#start; i < this.#end; i++) {
      const byte = this.#bytes[i] as number;
      const isHex = (byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x66);
      if (!isHex) throw OTHER;
    }
  }
}
