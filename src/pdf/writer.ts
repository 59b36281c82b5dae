/** Bytes written piece by piece: long chains of strings take several times as long to be made one. */

const FIRST_ROOM = 1 << 13;
/** A text this short is written before the call that would write it has begun. */
const MOST_BY_HAND = 48;

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
