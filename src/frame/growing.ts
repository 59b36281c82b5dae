/** Lists of byte strings for millions of entries, at a few bytes each. Pure. */
import { Ints } from "../text/ints.ts";

const FIRST_SIZE = 1024;

/** A list of byte strings, one behind the other. */
export class ByteStrings {
  #bytes = Buffer.alloc(FIRST_SIZE * 16);
  readonly #ends = new Ints();

  get length(): number {
    return this.#ends.length;
  }

  push(source: Uint8Array, start: number, end: number): void {
    const at = this.start(this.length);
    const next = at + end - start;
    if (next > this.#bytes.length) {
      const grown = Buffer.alloc(Math.max(next, this.#bytes.length * 2));
      this.#bytes.copy(grown, 0, 0, at);
      this.#bytes = grown;
    }
    for (let from = start, to = at; from < end; from++, to++) this.#bytes[to] = source[from] as number;
    this.#ends.push(next);
  }

  start(index: number): number {
    return index === 0 ? 0 : this.#ends.at(index - 1);
  }

  end(index: number): number {
    return this.#ends.at(index);
  }

  text(index: number): string {
    return this.#bytes.toString("utf8", this.start(index), this.end(index));
  }

  /** One byte of a string, or -1 behind its end. */
  byte(index: number, depth: number): number {
    const at = this.start(index) + depth;
    return at < this.end(index) ? (this.#bytes[at] as number) : -1;
  }

  /** Whether a string equals bytes elsewhere. */
  equals(index: number, source: Uint8Array, start: number, end: number): boolean {
    const at = this.start(index);
    if (this.end(index) - at !== end - start) return false;
    for (let i = 0; i < end - start; i++) if (this.#bytes[at + i] !== source[start + i]) return false;
    return true;
  }

  /** Order of two strings by their bytes. */
  compare(a: number, b: number): number {
    const [from, to] = [this.start(a), this.start(b)];
    const [length, other] = [this.end(a) - from, this.end(b) - to];
    const common = Math.min(length, other);
    for (let i = 0; i < common; i++) {
      const difference = (this.#bytes[from + i] as number) - (this.#bytes[to + i] as number);
      if (difference !== 0) return difference;
    }
    return length - other;
  }
}

/** Below that many entries comparing is quicker than counting. */
const FEW = 32;

/**
 * Puts the indexes of byte strings into byte order, those of equal strings in the order in which they came
 * (radix sort from the first byte on; McIlroy, Bostic and McIlroy 1993).
 */
export function sortByBytes(strings: ByteStrings, indexes: Int32Array): Int32Array {
  const order = Int32Array.from(indexes);
  const spare = new Int32Array(order.length);
  const pending: { from: number; to: number; depth: number }[] = [{ from: 0, to: order.length, depth: 0 }];
  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    const { from, to, depth } = part;
    if (to - from <= FEW) {
      insertionSort(strings, order, from, to);
      continue;
    }
    const counts = new Int32Array(258);
    for (let i = from; i < to; i++) {
      const place = strings.byte(order[i] as number, depth) + 2;
      counts[place] = (counts[place] as number) + 1;
    }
    if (counts[1] === to - from) continue;
    for (let place = 1; place < 258; place++) {
      counts[place] = (counts[place] as number) + (counts[place - 1] as number);
    }
    const ends = counts.slice();
    for (let i = from; i < to; i++) {
      const place = strings.byte(order[i] as number, depth) + 1;
      const free = counts[place] as number;
      spare[from + free] = order[i] as number;
      counts[place] = free + 1;
    }
    order.set(spare.subarray(from, to), from);
    for (let place = 1; place < 257; place++) {
      const [first, last] = [from + (ends[place] as number), from + (ends[place + 1] as number)];
      if (last - first > 1) pending.push({ from: first, to: last, depth: depth + 1 });
    }
  }
  return order;
}

function insertionSort(strings: ByteStrings, order: Int32Array, from: number, to: number): void {
  for (let i = from + 1; i < to; i++) {
    const moved = order[i] as number;
    let at = i;
    while (at > from && strings.compare(order[at - 1] as number, moved) > 0) {
      order[at] = order[at - 1] as number;
      at -= 1;
    }
    order[at] = moved;
  }
}
