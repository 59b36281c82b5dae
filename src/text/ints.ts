/** A list of whole numbers for millions of entries, at four bytes each. Pure. */

export const FIRST_SIZE = 1024;

/** The same numbers with room for twice as many. */
export function grown(data: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(data.length * 2);
  larger.set(data);
  return larger;
}

/** A list of whole numbers of 32 bits. */
export class Ints {
  #data = new Int32Array(FIRST_SIZE);
  length = 0;

  push(value: number): void {
    if (this.length === this.#data.length) this.#data = grown(this.#data);
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
