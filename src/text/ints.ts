/** A list of whole numbers for millions of entries, at four bytes each. Pure. */

const FIRST_SIZE = 1024;

/** A list of whole numbers of 32 bits. */
export class Ints {
  #data = new Int32Array(FIRST_SIZE);
  length = 0;

  push(value: number): void {
    if (this.length === this.#data.length) {
      const grown = new Int32Array(this.length * 2);
      grown.set(this.#data);
      this.#data = grown;
    }
    this.#data[this.length] = value;
    this.length += 1;
  }

  at(index: number): number {
    return this.#data[index] as number;
  }

  set(index: number, value: number): void {
    this.#data[index] = value;
  }

  /** The entries as they stand; not to be changed. */
  view(): Int32Array {
    return this.#data.subarray(0, this.length);
  }
}
