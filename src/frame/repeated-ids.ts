/**
 * What becomes of rows whose id stands in several: one stays, the others are surplus. Memory depends on the number of
 * units alone, some 20 bytes each, whether two rows share an id or all of them do. Pure.
 */
import { createHash } from "node:crypto";

/** A surplus row of an id, and the row of the same id that stays. */
export interface Duplicate {
  readonly unit: number;
  readonly kept: number;
  /** Whether their canonical lines are equal. */
  readonly isSame: boolean;
  /** Whether the two carry different names. */
  readonly isRenamed: boolean;
  /** The name of the surplus row and that of the row that stays, where they differ; of the first of such rows. */
  readonly names: readonly [string, string] | undefined;
}

/** Rows that are remembered by name: the first ones. */
const MOST_NAMED = 20_000;
/** Bytes of a name's SHA-256 by which names of different blocks are compared: a chance of 2⁻⁶⁴ to miss a difference. */
const DIGEST = 8;

const SAME = 1;
const RENAMED = 2;

export class RepeatedIds {
  /** The first unit that has a unit's id. */
  readonly #firstOf: Int32Array;
  /** By the first unit of an id: the block whose row stays; -1 where all its rows are of one block. */
  readonly #staysIn: Int32Array;
  /** By surplus unit: the unit that stays, or -1. */
  readonly #kept: Int32Array;
  readonly #flags: Uint8Array;
  readonly #blockOf: (unit: number) => number;
  /** Of ids that stand in several blocks: by the first unit the one that stays, and by unit the digest of its name. */
  readonly #keptOf: Int32Array;
  readonly #nameDigests: Buffer;
  /** Ids, by their first unit, whose rows up to `#lastNamed` are remembered by name. */
  readonly #named = new Set<number>();
  readonly #lastNamed: number;
  readonly #names = new Map<number, string>();
  #count = 0;

  /**
   * @param pairs units whose id came before, in rising order, each followed by the first unit that has it
   * @param units how many units there are
   * @param compareBlocks order of two blocks by what follows the id in a canonical line. Canonical lines of one id differ
   *   in class or city first, so the block alone decides between blocks
   */
  constructor(
    pairs: Int32Array,
    units: number,
    blockOf: (unit: number) => number,
    compareBlocks: (a: number, b: number) => number,
  ) {
    const room = pairs.length === 0 ? 0 : units;
    this.#blockOf = blockOf;
    this.#firstOf = new Int32Array(room).map((_, unit) => unit);
    this.#staysIn = new Int32Array(room).fill(-1);
    this.#kept = new Int32Array(room).fill(-1);
    this.#flags = new Uint8Array(room);
    for (let at = 0; at < pairs.length; at += 2) {
      const [unit, first] = [pairs[at] as number, pairs[at + 1] as number];
      this.#firstOf[unit] = first;
      if (this.#named.size < MOST_NAMED) this.#named.add(first);
    }
    this.#lastNamed = pairs[Math.min(pairs.length, MOST_NAMED * 2) - 2] ?? -1;
    let isCrossing = false;
    for (let at = 0; at < pairs.length; at += 2) {
      const [unit, first] = [pairs[at] as number, pairs[at + 1] as number];
      const [own, known] = [blockOf(unit), this.#staysIn[first] as number];
      const best = known < 0 ? blockOf(first) : known;
      if (own === best) continue;
      this.#staysIn[first] = compareBlocks(own, best) < 0 ? own : best;
      isCrossing = true;
    }
    this.#keptOf = new Int32Array(isCrossing ? units : 0).fill(-1);
    this.#nameDigests = Buffer.alloc(isCrossing ? units * DIGEST : 0);
  }

  /** Whether there are any. */
  get isAny(): boolean {
    return this.#firstOf.length > 0;
  }

  /** How many rows are surplus. */
  get count(): number {
    return this.#count;
  }

  /** Whether the row that stays of this unit's id is one of another block. */
  yields(unit: number): boolean {
    const block = this.#staysIn[this.#firstOf[unit] as number] as number;
    return block >= 0 && block !== this.#blockOf(unit);
  }

  /** Whether a unit's id stands in several blocks. */
  crosses(unit: number): boolean {
    return (this.#staysIn[this.#firstOf[unit] as number] as number) >= 0;
  }

  /** Takes the rows of an id in a block where none of them stays. */
  yieldAll(units: readonly number[], lineOf: (unit: number) => Buffer): void {
    for (const unit of units) this.#noteName(unit, nameIn(lineOf(unit)));
  }

  /**
   * Takes the rows of an id in the block where one of them stays: the one first in byte order of its canonical line,
   * and of equal ones the first that came, so that the order of rows decides nothing that a frame holds.
   * @param units in rising order
   * @returns the unit that stays
   */
  keepLeast(units: readonly number[], lineOf: (unit: number) => Buffer): number {
    let [kept = -1] = units;
    let line = lineOf(kept);
    for (const unit of units) {
      const own = lineOf(unit);
      if (Buffer.compare(own, line) < 0) [kept, line] = [unit, own];
    }
    const name = nameIn(line);
    if (this.crosses(kept)) {
      this.#keptOf[this.#firstOf[kept] as number] = kept;
      this.#noteName(kept, name);
    }
    for (const unit of units) {
      if (unit === kept) continue;
      const own = lineOf(unit);
      const isSame = line.equals(own);
      const isRenamed = !isSame && !name.equals(nameIn(own));
      this.#drop(unit, kept, isSame ? SAME : isRenamed ? RENAMED : 0);
      if (!isRenamed || !this.#isNamed(unit)) continue;
      this.#names.set(unit, nameIn(own).toString());
      this.#names.set(kept, name.toString());
    }
    return kept;
  }

  /** Settles the rows that yielded to another block's; to be called when all blocks have been taken. */
  settle(): void {
    if (this.#keptOf.length === 0) return;
    const digestOf = (unit: number) => this.#nameDigests.subarray(unit * DIGEST, (unit + 1) * DIGEST);
    for (let unit = 0; unit < this.#firstOf.length; unit++) {
      if (!this.yields(unit)) continue;
      const kept = this.#keptOf[this.#firstOf[unit] as number] as number;
      this.#drop(unit, kept, digestOf(unit).equals(digestOf(kept)) ? 0 : RENAMED);
    }
  }

  /** The surplus rows in the order in which they came. */
  *surplus(): Generator<Duplicate, void, undefined> {
    for (let unit = 0; unit < this.#kept.length; unit++) {
      const kept = this.#kept[unit] as number;
      if (kept < 0) continue;
      const flags = this.#flags[unit] as number;
      const [own, other] = [this.#names.get(unit), this.#names.get(kept)];
      const isRenamed = (flags & RENAMED) !== 0;
      const names = isRenamed && own !== undefined && other !== undefined ? ([own, other] as const) : undefined;
      yield { unit, kept, isSame: (flags & SAME) !== 0, isRenamed, names };
    }
  }

  #drop(unit: number, kept: number, flags: number): void {
    this.#kept[unit] = kept;
    this.#flags[unit] = flags;
    this.#count += 1;
  }

  #isNamed(unit: number): boolean {
    return unit <= this.#lastNamed && this.#named.has(this.#firstOf[unit] as number);
  }

  /** Remembers the name of a row whose id stands in several blocks. The rows are of one id, one of which may stay. */
  #noteName(unit: number, name: Buffer): void {
    createHash("sha256")
      .update(name)
      .digest()
      .copy(this.#nameDigests, unit * DIGEST, 0, DIGEST);
    const isKept = this.#keptOf[this.#firstOf[unit] as number] === unit;
    if (isKept ? this.#named.has(this.#firstOf[unit] as number) : this.#isNamed(unit)) {
      this.#names.set(unit, name.toString());
    }
  }
}

const NAME = 4;
const LF = 0x0a;
const TAB = 0x09;

/** The name in a canonical line: the fifth of its columns. */
function nameIn(line: Buffer): Buffer {
  let start = 0;
  for (let column = 0; column < NAME; column++) start = line.indexOf(TAB, start) + 1;
  const end = line.indexOf(TAB, start);
  if (end >= 0) return line.subarray(start, end);
  return line.subarray(start, line.at(-1) === LF ? line.length - 1 : line.length);
}
