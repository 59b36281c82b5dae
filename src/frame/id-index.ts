/** Which ids have been seen, exactly, for millions of them. Pure. */
import { Ints } from "../text/ints.ts";
import type { ByteStrings } from "./growing.ts";

/** Finds the first unit that has an id. Ids are numbered in the order in which they come. */
export class IdIndex {
  readonly #ids: ByteStrings;
  readonly #hashes = new Ints();
  #slots = new Int32Array(4096).fill(-1);
  #used = 0;

  constructor(ids: ByteStrings) {
    this.#ids = ids;
  }

  /** Adds an id; returns the number of the first unit that has it, which is its own where it is new. */
  add(bytes: Uint8Array, start: number, end: number): number {
    const own = this.#ids.length;
    this.#ids.push(bytes, start, end);
    const hash = hashOf(bytes, start, end);
    this.#hashes.push(hash);
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (let unit = this.#slots[slot] as number; unit >= 0; unit = this.#slots[slot] as number) {
      if (this.#hashes.at(unit) === hash && this.#ids.equals(unit, bytes, start, end)) return unit;
      slot = (slot + 1) & mask;
    }
    this.#slots[slot] = own;
    this.#used += 1;
    if (this.#used * 2 > this.#slots.length) this.#grow();
    return own;
  }

  #grow(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(-1);
    const mask = slots.length - 1;
    for (const unit of this.#slots) {
      if (unit < 0) continue;
      let slot = this.#hashes.at(unit) & mask;
      while ((slots[slot] as number) >= 0) slot = (slot + 1) & mask;
      slots[slot] = unit;
    }
    this.#slots = slots;
  }
}

/** FNV-1a with a final mixing of the high bits, since slots are taken by the low ones. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}
