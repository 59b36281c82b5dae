/** Bytes written piece by piece: long chains of strings take several times as long to be made one. */

const FIRST_ROOM = 1 << 13;
/** A text this short is written before the call that would write it has begun. */
const MOST_BY_HAND = 48;

const ZERO = 0x30;
/** Digits of the greatest whole number that is exact. */
const MOST_DIGITS = 16;

export class Writer {
  #buffer = Buffer.allocUnsafe(FIRST_ROOM);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Adds a text of Latin letters, a byte each. */
  write(text: string): void {
    const { length } = text;
    if (this.#length + length > this.#buffer.length) this.#grow(length);
    if (length > MOST_BY_HAND) this.#buffer.write(text, this.#length, "latin1");
    else for (let i = 0; i < length; i++) this.#buffer[this.#length + i] = text.charCodeAt(i);
    this.#length += length;
  }

  /** Adds a whole number, not below 0, in decimal digits. */
  writeNumber(value: number): void {
    if (this.#length + MOST_DIGITS > this.#buffer.length) this.#grow(MOST_DIGITS);
    let power = 1;
    while (power * 10 <= value) power *= 10;
    for (let rest = value; power >= 1; power /= 10) {
      const digit = (rest / power) | 0;
      this.#buffer[this.#length++] = ZERO + digit;
      rest -= digit * power;
    }
  }

  #grow(by: number): void {
    const larger = Buffer.allocUnsafe(2 * (this.#buffer.length + by));
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
  }

  /** What was written; valid until the next `write`. Begins anew. */
  take(): Uint8Array {
    const bytes = this.#buffer.subarray(0, this.#length);
    this.#length = 0;
    return bytes;
  }
}
