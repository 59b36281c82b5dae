/** Remembers what was made of a cell's bytes, for columns whose few values stand in millions of rows. Pure. */

/** Beyond that many different values a column is no list of choices, and nothing more is remembered. */
const MOST_ENTRIES = 65_536;

/** A map from byte strings to values, that looks bytes up without making a text of them. */
export class ByteDictionary<Value> {
  #slots = new Int32Array(256).fill(-1);
  readonly #keys: Buffer[] = [];
  readonly #hashes: number[] = [];
  readonly #values: Value[] = [];
  readonly #make: (text: string) => Value;

  /** @param make works out the value of a text seen for the first time */
  constructor(make: (text: string) => Value) {
    this.#make = make;
  }

  get(bytes: Buffer, start: number, end: number): Value {
    let hash = end - start;
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
    hash ^= hash >>> 15;
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (let entry = this.#slots[slot] as number; entry >= 0; entry = this.#slots[slot] as number) {
      if (this.#hashes[entry] === hash && this.#equals(entry, bytes, start, end)) return this.#values[entry] as Value;
      slot = (slot + 1) & mask;
    }
    const value = this.#make(bytes.toString("utf8", start, end));
    if (this.#keys.length < MOST_ENTRIES) this.#add(slot, hash, Buffer.from(bytes.subarray(start, end)), value);
    return value;
  }

  #equals(entry: number, bytes: Buffer, start: number, end: number): boolean {
    const key = this.#keys[entry] as Buffer;
    if (key.length !== end - start) return false;
    for (let at = 0; at < key.length; at++) if (key[at] !== bytes[start + at]) return false;
    return true;
  }

  #add(slot: number, hash: number, key: Buffer, value: Value): void {
    this.#slots[slot] = this.#keys.length;
    this.#keys.push(key);
    this.#hashes.push(hash);
    this.#values.push(value);
    if (this.#keys.length * 2 < this.#slots.length) return;
    const slots = new Int32Array(this.#slots.length * 4).fill(-1);
    for (const [entry, known] of this.#hashes.entries()) {
      let free = known & (slots.length - 1);
      while ((slots[free] as number) >= 0) free = (free + 1) & (slots.length - 1);
      slots[free] = entry;
    }
    this.#slots = slots;
  }
}
