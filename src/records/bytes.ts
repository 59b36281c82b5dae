/** Bytes that the scanner of records expects, and those that it met before. Pure. */

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
