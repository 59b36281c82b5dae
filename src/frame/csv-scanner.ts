/** Finds rows and cells in the bytes of a CSV file (RFC 4180), without making texts of them. Pure. */

/** What kinds of characters a cell holds, as bits that are or-ed over its bytes. */
export const KIND = {
  digit: 1,
  dot: 2,
  upper: 4,
  lower: 8,
  /** Other printable ASCII; + and - among it. */
  mark: 16,
  /** Ideographs whose first byte alone tells that they are common ones (U+5000–U+8FFF). */
  ideograph: 32,
  /** Anything else: blanks, control characters, other scripts. Such a cell needs a closer look. */
  other: 64,
  /** The cell holds a doubled quotation mark. */
  doubled: 128,
} as const;

const STOP = 256;
const [LF, CR, QUOTE] = [0x0a, 0x0d, 0x22];

/** Why a file cannot be divided into rows. */
export class CsvFault extends Error {
  readonly reason: "quote" | "long" | "wide";
  /** Row at fault, counting from 1. */
  readonly row: number;

  constructor(reason: CsvFault["reason"], row: number) {
    super(`${reason} in row ${row}`);
    this.reason = reason;
    this.row = row;
  }
}

/** Longest row taken, in bytes: more is a broken quotation or no ledger. */
export const LONGEST_ROW = 1_000_000;
/** As many columns as a spreadsheet has. */
export const MOST_COLUMNS = 16_384;

/**
 * Walks over the rows of a CSV file that comes in chunks of UTF-8. A quotation mark counts at the start of a cell only;
 * inside quotes a doubled one is one, and line breaks belong to the cell. Elsewhere LF or CR LF ends a row; CR alone
 * does so in a file without LF, and is part of the cell in any other.
 */
export class CsvScanner {
  /** The chunk at hand; valid until the next call of `feed`. */
  bytes: Buffer = Buffer.alloc(0);
  /** Number of cells of the row at hand. */
  count = 0;
  /** First byte of each cell, the byte after its last, and the kinds of its characters. */
  starts = new Int32Array(128);
  ends = new Int32Array(128);
  kinds = new Uint8Array(128);
  /** Number of the row at hand as a spreadsheet shows it. */
  row = 0;
  /** Whether every cell of the row at hand is empty. */
  isBlank = true;

  readonly #delimiter: number;
  readonly #endsByReturn: boolean;
  readonly #kindOf: Uint16Array;
  #position = 0;
  #limit = 0;
  #isLast = false;

  constructor(delimiter: string, endsByReturn: boolean) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#endsByReturn = endsByReturn;
    this.#kindOf = Uint16Array.from({ length: 256 }, (_, byte) => kindOfByte(byte));
    for (const byte of [this.#delimiter, LF, CR, QUOTE]) this.#kindOf[byte] = STOP;
  }

  /** Takes the next chunk; `isLast` tells that the file ends with it. */
  feed(chunk: Uint8Array, isLast: boolean): void {
    const rest = this.#limit - this.#position;
    if (rest > LONGEST_ROW) throw new CsvFault("long", this.row + 1);
    const length = rest + chunk.length;
    const old = this.bytes;
    if (old.length < length + 2) this.bytes = Buffer.allocUnsafe(length + 2 + (isLast ? 0 : LONGEST_ROW));
    old.copy(this.bytes, 0, this.#position, this.#limit);
    this.bytes.set(chunk, rest);
    // Line ends beyond the data stop every walk without a comparison at each byte.
    this.bytes[length] = LF;
    this.bytes[length + 1] = LF;
    this.#limit = length;
    this.#position = 0;
    this.#isLast = isLast;
  }

  /** Goes to the next row. False where the chunk holds no more whole row. */
  next(): boolean {
    if (this.#position >= this.#limit) return false;
    const start = this.#position;
    let at = start;
    this.count = 0;
    this.isBlank = true;
    for (;;) {
      if (this.count === this.starts.length) this.#widen();
      if (this.bytes[at] === this.#delimiter) {
        this.#put(at, at, 0);
        at += 1;
        continue;
      }
      const end = this.bytes[at] === QUOTE ? this.#quotedCell(at) : this.#plainCell(at);
      if (end < 0) {
        this.#refuseLong(start);
        return false;
      }
      at = end + 1;
      if (this.bytes[end] === this.#delimiter) continue;
      if (this.bytes[end] === CR && this.bytes[at] === LF && !this.#endsByReturn) at += 1;
      break;
    }
    if (at - start > LONGEST_ROW) throw new CsvFault("long", this.row + 1);
    this.#position = Math.min(at, this.#limit);
    this.row += 1;
    return true;
  }

  /** Text of a cell of the row at hand; empty where the row has no such cell. */
  text(cell: number): string {
    if (cell >= this.count || this.starts[cell] === this.ends[cell]) return "";
    const text = this.bytes.toString("utf8", this.starts[cell], this.ends[cell]);
    return ((this.kinds[cell] ?? 0) & KIND.doubled) !== 0 ? text.replaceAll('""', '"') : text;
  }

  /** Texts of all cells of the row at hand. */
  texts(): string[] {
    return Array.from({ length: this.count }, (_, cell) => this.text(cell));
  }

  /** Takes a cell without quotes; returns where it stops, or -1 where more bytes are needed. */
  #plainCell(start: number): number {
    const { bytes } = this;
    const kindOf = this.#kindOf;
    let at = start;
    let kinds = 0;
    for (;;) {
      let kind = kindOf[bytes[at] as number] as number;
      while (kind < STOP) {
        kinds |= kind;
        at += 1;
        kind = kindOf[bytes[at] as number] as number;
      }
      if (at >= this.#limit) {
        if (!this.#isLast) return -1;
        break;
      }
      const byte = bytes[at];
      if (byte === this.#delimiter) break;
      if (byte === LF && !this.#endsByReturn) break;
      if (byte === CR) {
        if (this.#endsByReturn) break;
        if (at + 1 >= this.#limit && !this.#isLast) return -1;
        if (bytes[at + 1] === LF) break;
      }
      kinds |= KIND.other;
      at += 1;
    }
    this.#put(start, at, kinds);
    return at;
  }

  /** Takes a cell in quotes, as `#plainCell`. */
  #quotedCell(start: number): number {
    const { bytes } = this;
    const kindOf = this.#kindOf;
    let at = start + 1;
    let kinds = 0;
    for (;;) {
      let kind = kindOf[bytes[at] as number] as number;
      while (kind < STOP) {
        kinds |= kind;
        at += 1;
        kind = kindOf[bytes[at] as number] as number;
      }
      if (at >= this.#limit) {
        if (this.#isLast) throw new CsvFault("quote", this.row + 1);
        return -1;
      }
      const byte = bytes[at];
      if (byte === QUOTE) {
        if (at + 1 >= this.#limit && !this.#isLast) return -1;
        if (at + 1 >= this.#limit || bytes[at + 1] !== QUOTE) break;
        kinds |= KIND.doubled | KIND.other;
        at += 2;
        continue;
      }
      kinds |= byte === this.#delimiter ? KIND.mark : KIND.other;
      at += 1;
    }
    const after = at + 1;
    const next = bytes[after];
    if (next === CR && after + 1 >= this.#limit && !this.#isLast && !this.#endsByReturn) return -1;
    const ends =
      after >= this.#limit ||
      next === this.#delimiter ||
      (this.#endsByReturn ? next === CR : next === LF || (next === CR && (bytes[after + 1] ?? LF) === LF));
    if (!ends) throw new CsvFault("quote", this.row + 1);
    this.#put(start + 1, at, kinds);
    return after;
  }

  #put(start: number, end: number, kinds: number): void {
    this.starts[this.count] = start;
    this.ends[this.count] = end;
    this.kinds[this.count] = kinds;
    this.count += 1;
    if (end > start) this.isBlank = false;
  }

  #widen(): void {
    if (this.count >= MOST_COLUMNS) throw new CsvFault("wide", this.row + 1);
    const grow = <A extends Int32Array | Uint8Array>(old: A, wide: A): A => {
      wide.set(old);
      return wide;
    };
    const width = this.count * 2;
    this.starts = grow(this.starts, new Int32Array(width));
    this.ends = grow(this.ends, new Int32Array(width));
    this.kinds = grow(this.kinds, new Uint8Array(width));
  }

  #refuseLong(start: number): void {
    if (this.#limit - start > LONGEST_ROW) throw new CsvFault("long", this.row + 1);
  }
}

function kindOfByte(byte: number): number {
  const character = String.fromCharCode(byte);
  if (/[0-9]/.test(character)) return KIND.digit;
  if (character === ".") return KIND.dot;
  if (/[A-Z]/.test(character)) return KIND.upper;
  if (/[a-z]/.test(character)) return KIND.lower;
  if (character === "#") return KIND.other;
  if (/[!-~]/.test(character)) return KIND.mark;
  // The later bytes of a character say nothing of it; its first one has spoken.
  if (byte >= 0x80 && byte <= 0xbf) return 0;
  return byte >= 0xe5 && byte <= 0xe8 ? KIND.ideograph : KIND.other;
}
