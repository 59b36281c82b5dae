/**
 * Takes a line of `records.jsonl` apart byte by byte, without making an object of it: every source of a province is a
 * gigabyte. It knows only the lines that the program writes, canonical JSON, and of these only such as have no escape in
 * the words that the evaluation tells, such as names; of any other it says nothing, and the schema, which is the
 * definition, has the word. Pure.
 */
import { Cursor, Known, OTHER, Piece } from "./bytes.ts";
import { dayOf, type KnownIndicator, type LeanList } from "./lean.ts";
import { OUTCOMES, RECORD_SPEC, RESULTS, VISITS } from "./record.ts";

const NO_PIECES = { untilFound: new Piece(Buffer.alloc(0)), untilName: new Piece(Buffer.alloc(0)) };
const bytesOf = (text: string) => new Piece(Buffer.from(text, "utf8"));
const named = (names: readonly string[]) => names.map((name) => bytesOf(`"${name}"`));
const key = (name: string) => bytesOf(`"${name}":`);

const KEYS = {
  closedAgainstLedger: bytesOf('"closedAgainstLedger":true,'),
  date: key("date"),
  handPicked: bytesOf('"handPicked":true'),
  indicators: bytesOf('"indicators":['),
  indicatorsEnd: bytesOf("]"),
  inspectors: bytesOf(',"inspectors":'),
  manifestDigest: bytesOf(',"manifestDigest":'),
  outcome: bytesOf(',"outcome":'),
  roundId: bytesOf(',"roundId":'),
  file: bytesOf(',"source":{"file":'),
  sha256: bytesOf(',"sha256":'),
  sheet: bytesOf(',"sheet":'),
  spec: bytesOf(`},"spec":"${RECORD_SPEC}"`),
  team: bytesOf(',"team":'),
  unit: bytesOf(',"unit":'),
  visit: bytesOf(',"visit":'),
  waived: bytesOf(',"waived":'),
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
  byHand: bytesOf(',"reportedByHand":true'),
  way: bytesOf(',"way":'),
  begin: bytesOf("{"),
  next: bytesOf("},{"),
  comma: bytesOf(","),
} as const;
const OUTCOME_BYTES = named(OUTCOMES);
const RESULT_BYTES = RESULTS.map((result) => bytesOf(`,"result":"${result}"`));
const VISIT_BYTES = named(VISITS);
const [IS_RIGHT, IS_WRONG, NOT_APPLICABLE] = [0, 1, 2];

/** An indicator that was met in some record, with the bytes that lead up to its values. */
interface Met {
  readonly indicator: KnownIndicator;
  readonly untilFound: Piece;
  readonly untilName: Piece;
  /** Its number, once it was found right or wrong. */
  number?: number;
  /** What came after it last: forms have their indicators in one order. */
  next?: Met;
}

export class RecordScanner extends Cursor {
  readonly #list: LeanList;
  readonly #roundId: Piece;
  readonly #manifestDigest: Piece;
  readonly #keyIndicators = new Known<Met>();
  readonly #otherIndicators = new Known<Met>();
  readonly #causes = new Known<number>();
  readonly #teams = new Known<number>();
  readonly #days = new Known<number>();
  /** By name and digest: the bytes that tell a record's file. */
  readonly #files = new Known<Piece>();
  #lastFile: Piece | undefined;
  /** Stands before the first indicator of every record. */
  readonly #none: Met = { ...NO_PIECES, indicator: { code: "", form: "", name: "", key: false } };
  #before = this.#none;
  /**
   * @param list takes the records
   * @param roundId and manifestDigest that the records must name
   */
  constructor(list: LeanList, roundId: string, manifestDigest: string) {
    super();
    this.#list = list;
    this.#roundId = bytesOf(JSON.stringify(roundId));
    this.#manifestDigest = bytesOf(`"${manifestDigest}"`);
  }

  /** Takes the record in a line into the list; false where the line is not as the program writes it. */
  scan(bytes: Buffer, start: number, end: number): boolean {
    this.turnTo(bytes, start, end);
    try {
      this.#record();
      return true;
    } catch (error) {
      if (error !== OTHER) throw error;
      this.#list.drop();
      return false;
    }
  }

  #record(): void {
    this.expect(KEYS.begin);
    const isClosedAgainstLedger = this.takes(KEYS.closedAgainstLedger);
    let day = 0;
    if (this.takes(KEYS.date)) {
      this.text();
      this.hashOf(this.start, this.end);
      day = this.#days.find(this.bytes, this.start, this.end, this.hash, dayOf);
      this.expect(KEYS.comma);
    }
    const isHandPicked = this.takes(KEYS.handPicked);
    if (isHandPicked) this.expect(KEYS.comma);
    this.expect(KEYS.indicators);
    let applicableKeys = 0;
    this.#before = this.#none;
    if (this.takes(KEYS.begin)) {
      do {
        if (this.#indicator()) applicableKeys++;
      } while (this.takes(KEYS.next));
      this.expect(KEYS.end);
    }
    this.expect(KEYS.indicatorsEnd);
    if (this.takes(KEYS.inspectors)) this.text();
    this.expect(KEYS.manifestDigest);
    this.expect(this.#manifestDigest);
    this.expect(KEYS.outcome);
    const outcome = this.oneOf(OUTCOME_BYTES);
    this.expect(KEYS.roundId);
    this.expect(this.#roundId);
    this.expect(KEYS.file);
    this.#file();
    if (this.takes(KEYS.sheet)) this.text();
    this.expect(KEYS.spec);
    this.expect(KEYS.team);
    this.hashed();
    const team = this.#teams.find(this.bytes, this.start, this.end, this.hash, (text) => this.#list.team(text));
    this.expect(KEYS.unit);
    this.filled();
    const unit = this.bytes.toString("utf8", this.start, this.end);
    const visit = this.takes(KEYS.visit) ? this.oneOf(VISIT_BYTES) : -1;
    const waived = this.takes(KEYS.waived) ? this.count() : 0;
    this.expect(KEYS.end);
    if (this.at !== this.lineEnd) throw OTHER;
    this.#list.push({ unit, day, team, visit, outcome, isHandPicked, applicableKeys, waived, isClosedAgainstLedger });
  }

  /** One indicator between its braces; returns whether it is a key indicator that may apply. */
  #indicator(): boolean {
    let [causeStart, causeEnd, causeHash] = [0, 0, 0];
    if (this.takes(KEYS.cause)) {
      this.hashed();
      [causeStart, causeEnd, causeHash] = [this.start, this.end, this.hash];
      this.expect(KEYS.comma);
    }
    const next = this.#expected() ?? this.#unexpected();
    this.text();
    this.takes(KEYS.byHand);
    const result = this.oneOf(RESULT_BYTES);
    if (this.takes(KEYS.way)) this.text();
    if (result === IS_RIGHT || result === IS_WRONG) {
      next.number ??= this.#list.indicator(next.indicator);
      if (result === IS_RIGHT) this.#list.markRight(next.number);
      else {
        const cause = this.#causes.find(this.bytes, causeStart, causeEnd, causeHash, (text) => this.#list.cause(text));
        this.#list.markWrong(next.number, cause);
      }
    }
    this.#before = next;
    return next.indicator.key && result !== NOT_APPLICABLE;
  }

  /** The indicator that came after the one before in an earlier record, where it does so again: up to its reported value. */
  #expected(): Met | undefined {
    const { next } = this.#before;
    const start = this.at;
    if (next === undefined || !this.takes(next.untilFound)) return undefined;
    this.text();
    if (!this.takes(next.untilName)) {
      this.at = start;
      return undefined;
    }
    this.#toReported();
    return next;
  }

  /** Any indicator, up to its reported value. */
  #unexpected(): Met {
    const start = this.at;
    this.expect(KEYS.code);
    this.hashed();
    const [codeStart, codeEnd, hash] = [this.start, this.end, this.hash];
    if (codeStart === codeEnd) throw OTHER;
    this.expect(KEYS.form);
    this.plain();
    const [formStart, formEnd] = [this.start, this.end];
    this.expect(KEYS.found);
    const untilFound = this.at;
    this.text();
    const afterFound = this.at;
    const isKey = this.takes(KEYS.isKey);
    if (!isKey) this.expect(KEYS.isNoKey);
    this.expect(KEYS.name);
    this.plain();
    const [nameStart, nameEnd, afterName] = [this.start, this.end, this.at];
    this.#toReported();
    const [bytes, known] = [this.bytes, isKey ? this.#keyIndicators : this.#otherIndicators];
    const met = known.find(bytes, codeStart, codeEnd, hash, (code): Met => {
      const form = bytes.toString("utf8", formStart, formEnd);
      const name = bytes.toString("utf8", nameStart, nameEnd);
      return {
        indicator: { code, form, name, key: isKey },
        untilFound: new Piece(bytes.subarray(start, untilFound)),
        untilName: new Piece(bytes.subarray(afterFound, afterName)),
      };
    });
    this.#before.next = met;
    return met;
  }

  #toReported(): void {
    if (this.takes(KEYS.reported)) return;
    this.expect(KEYS.note);
    this.text();
    this.expect(KEYS.reported);
  }

  /** Name and digest of the file that the record was read from: mostly that of the record before. */
  #file(): void {
    if (this.#lastFile !== undefined && this.takes(this.#lastFile)) return;
    const begin = this.at;
    this.filled();
    const [start, end] = [this.start, this.end];
    this.expect(KEYS.sha256);
    this.text();
    const [digestStart, digestEnd] = [this.start, this.end];
    // Digests differ early or not at all.
    this.hashOf(digestStart, Math.min(digestEnd, digestStart + 8));
    this.#lastFile = this.#files.find(this.bytes, start, digestEnd, this.hash, () => {
      const sha256 = this.bytes.toString("utf8", digestStart, digestEnd);
      if (!/^[0-9a-f]{64}$/.test(sha256)) throw OTHER;
      this.#list.file({ file: this.bytes.toString("utf8", start, end), sha256 });
      return new Piece(this.bytes.subarray(begin, this.at));
    });
  }
}
