/** The bytes of a line of canonical JSON: those that must stand there, its texts, and texts met before. Pure. */

const [QUOTE, BACKSLASH, SPACE, ZERO] = [0x22, 0x5c, 0x20, 0x30];

/** Thrown where a line is not as the program writes it. */
export const OTHER = new Error("not a line of the known form");

/** How canonical JSON writes what may not stand in a text as it is. */
const ESCAPES = ['"', "\\", ...Array.from({ length: SPACE }, (_, code) => String.fromCharCode(code))].map((character) =>
  Buffer.from(JSON.stringify(character).slice(1, -1)),
);

/** Bytes that must stand somewhere, as words of 32 bits and what is left: so they are compared four at a time. */
export class Piece {
  readonly length: number;
  readonly words: Int32Array;
  readonly rest: Uint8Array;

  constructor(bytes: Buffer) {
    const whole = bytes.length - (bytes.length % 4);
    this.length = bytes.length;
    this.words = Int32Array.from({ length: whole / 4 }, (_, i) => bytes.readInt32LE(4 * i));
    this.rest = Uint8Array.from(bytes.subarray(whole));
  }
}

/** Beyond so many different texts nothing more is remembered of them. */
const MOST_KNOWN = 65_536;

/** Texts met before, by their bytes. */
export class Known<Value> {
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
    if (known === undefined && this.#byHash.size < MOST_KNOWN) {
      this.#byHash.set(hash, { bytes: Buffer.from(bytes.subarray(start, end)), value });
    }
    return value;
  }
}

/** A line of bytes, taken piece by piece. */
export class Cursor {
  protected bytes: Buffer = Buffer.alloc(0);
  private view = new DataView(this.bytes.buffer);
  protected at = 0;
  protected lineEnd = 0;
  /** The text that was read last. */
  protected start = 0;
  protected end = 0;
  protected hash = 0;
  /** Whether it has no escape. */
  private isPlain = true;

  protected turnTo(bytes: Buffer, start: number, end: number): void {
    if (bytes !== this.bytes) this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.bytes = bytes;
    this.at = start;
    this.lineEnd = end;
  }

  protected takes({ length, words, rest }: Piece): boolean {
    const at = this.at;
    if (at + length > this.lineEnd) return false;
    const view = this.view;
    let next = at;
    for (let i = 0; i < words.length; i++) {
      if (view.getInt32(next, true) !== words[i]) return false;
      next += 4;
    }
    const bytes = this.bytes;
    for (let i = 0; i < rest.length; i++) if (bytes[next++] !== rest[i]) return false;
    this.at = next;
    return true;
  }

  protected expect(expected: Piece): void {
    if (!this.takes(expected)) throw OTHER;
  }

  protected oneOf(choices: readonly Piece[]): number {
    for (let i = 0; i < choices.length; i++) if (this.takes(choices[i] as Piece)) return i;
    throw OTHER;
  }

  /** Any text, as canonical JSON has it. */
  protected text(): void {
    const bytes = this.bytes;
    let at = this.at;
    if (bytes[at] !== QUOTE) throw OTHER;
    const start = ++at;
    this.isPlain = true;
    for (let byte = bytes[at] as number; byte !== QUOTE; byte = bytes[++at] as number) {
      if (byte === BACKSLASH) at = this.escape(at);
      else if (!(byte >= SPACE)) throw OTHER;
    }
    this.start = start;
    this.end = at;
    this.at = at + 1;
  }

  /** The last byte of the escape that begins here. */
  private escape(at: number): number {
    this.isPlain = false;
    for (const known of ESCAPES) {
      const end = at + known.length;
      if (known.equals(this.bytes.subarray(at, end))) return end - 1;
    }
    throw OTHER;
  }

  /** A whole number above 0, as canonical JSON has it. */
  protected count(): number {
    const bytes = this.bytes;
    const start = this.at;
    let value = 0;
    for (let digit = (bytes[this.at] as number) - ZERO; digit >= 0 && digit <= 9; ) {
      value = 10 * value + digit;
      digit = (bytes[++this.at] as number) - ZERO;
    }
    if (bytes[start] === ZERO || value === 0 || this.at - start > 9) throw OTHER;
    return value;
  }

  /** A text that is told as it stands here. */
  protected plain(): void {
    this.text();
    if (!this.isPlain) throw OTHER;
  }

  protected filled(): void {
    this.plain();
    if (this.start === this.end) throw OTHER;
  }

  /** A text that may be known already. */
  protected hashed(): void {
    this.plain();
    this.hashOf(this.start, this.end);
  }

  protected hashOf(start: number, end: number): void {
    const bytes = this.bytes;
    let hash = 0;
    for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (bytes[at] as number)) | 0;
    this.hash = hash;
  }
}
