/**
 * Gathers units as canonical lines, block by block, in files of a working folder, and puts each block into order.
 * Memory holds some 70 bytes a unit, 20 more where ids are repeated, and one block at a time, whatever the size of the
 * ledger.
 */
import { join } from "node:path";
import { compareBytes } from "../text/canonical.ts";
import { Ints } from "../text/ints.ts";
import { type BlockFile, flush, LineWriter, openBlock, type Room, remove } from "./block-file.ts";
import { ByteStrings, sortByBytes } from "./growing.ts";
import { IdIndex } from "./id-index.ts";
import type { LockedBlock } from "./lock-record.ts";
import { RepeatedIds } from "./repeated-ids.ts";

/** The blocks in order, and what became of the units that were added. */
export interface SortedUnits {
  /** In byte order of their keys: city, then class. */
  readonly blocks: readonly LockedBlock[];
  /** File with the blocks' canonical tables, one behind the other; undefined where none was asked for. */
  readonly file: string | undefined;
  readonly repeated: RepeatedIds;
  /** Number of the unit that stands at each line of the file. */
  readonly order: Ints;
}

const LF = 0x0a;

export class UnitStore {
  readonly #folder: string;
  readonly #blocks: BlockFile[] = [];
  readonly #blockByKey = new Map<string, number>();
  readonly #ids = new ByteStrings();
  readonly #index = new IdIndex(this.#ids);
  readonly #blockOf = new Ints();
  readonly #tables = new Ints();
  readonly #rows = new Ints();
  readonly #lengths = new Ints();
  /** Units whose id came before, each followed by the first unit that has it. */
  readonly #repeated = new Ints();

  /** @param folder working folder; the files in it are the caller's to remove */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Number of a block. */
  block(city: string, sourceClass: string): number {
    const key = `${city}/${sourceClass}`;
    const known = this.#blockByKey.get(key);
    if (known !== undefined) return known;
    const path = join(this.#folder, `${city}-${sourceClass}.lines`);
    this.#blockByKey.set(key, this.#blocks.length);
    return this.#blocks.push(openBlock(key, path)) - 1;
  }

  /** Room for one line of at most so many bytes; to be followed by `commit`. */
  reserve(block: number, most: number): Room {
    const room = this.#blocks[block] as BlockFile;
    if (room.bytes.length - room.at <= most) {
      flush(room);
      if (room.bytes.length <= most) room.bytes = Buffer.allocUnsafe(most + 1);
    }
    return room;
  }

  /**
   * Takes the line that was written into a block's room from `room.at` to `end`; it begins with the id.
   * @param table which table of the ledgers it comes from, and which row of it
   */
  commit(block: number, end: number, idLength: number, table: number, row: number): void {
    const room = this.#blocks[block] as BlockFile;
    const unit = this.#rows.length;
    const first = this.#index.add(room.bytes, room.at, room.at + idLength);
    if (first !== unit) {
      this.#repeated.push(unit);
      this.#repeated.push(first);
    }
    room.bytes[end] = LF;
    this.#lengths.push(end + 1 - room.at);
    room.at = end + 1;
    room.units.push(unit);
    this.#blockOf.push(block);
    this.#tables.push(table);
    this.#rows.push(row);
  }

  /** Adds a unit by its canonical values, those of the core columns first. */
  add(city: string, sourceClass: string, values: readonly string[], table: number, row: number): void {
    const line = values.join("\t");
    const block = this.block(city, sourceClass);
    const room = this.reserve(block, Buffer.byteLength(line) + 1);
    const end = room.at + room.bytes.write(line, room.at);
    this.commit(block, end, Buffer.byteLength(values[0] ?? ""), table, row);
  }

  get length(): number {
    return this.#rows.length;
  }

  tableOf(unit: number): number {
    return this.#tables.at(unit);
  }

  rowOf(unit: number): number {
    return this.#rows.at(unit);
  }

  /** Six-digit code of the unit's city. */
  cityOf(unit: number): string {
    return (this.#blocks[this.#blockOf.at(unit)] as BlockFile).key.slice(0, 6);
  }

  idOf(unit: number): string {
    return this.#ids.text(unit);
  }

  /**
   * Puts every block into byte order of ids and takes surplus rows of an id out (see `RepeatedIds`).
   * @param isWritten whether the lines are written to a file too; the units cannot be sorted again then
   * @param progress told the number of units done
   */
  async sort(isWritten: boolean, progress: (done: number) => void): Promise<SortedUnits> {
    const order = new Ints();
    const blocks: LockedBlock[] = [];
    const starts = this.#lineStarts();
    const output = new LineWriter(isWritten ? join(this.#folder, "sorted.lines") : undefined);
    const blockOf = (unit: number) => this.#blockOf.at(unit);
    const repeated = new RepeatedIds(this.#repeated.view(), this.length, blockOf, this.#compareBlocks.bind(this));
    for (const room of [...this.#blocks].sort((a, b) => compareBytes(a.key, b.key))) {
      const { digest, count } = this.#sortBlock(room, starts, output, repeated, order);
      if (count > 0) blocks.push({ key: room.key, count, digest });
      if (isWritten) remove(room);
      progress(order.length);
      // Ctrl-C is heard between blocks.
      await new Promise(setImmediate);
    }
    repeated.settle();
    output.close();
    return { blocks, file: output.path, repeated, order };
  }

  /** Closes and removes the files that are left. */
  close(): void {
    for (const room of this.#blocks) remove(room);
  }

  /** Order of two blocks by what follows the id in a canonical line: class, then city. */
  #compareBlocks(a: number, b: number): number {
    const parts = (block: number) => ((this.#blocks[block] as BlockFile).key.split("/") as [string, string]).reverse();
    return compareBytes(parts(a).join("\t"), parts(b).join("\t"));
  }

  #sortBlock(
    room: BlockFile,
    starts: Float64Array,
    output: LineWriter,
    repeated: RepeatedIds,
    order: Ints,
  ): { digest: string; count: number } {
    output.open(room);
    const lineOf = (unit: number) => output.line(starts[unit] as number, this.#lengths.at(unit));
    const sortedUnits = sortByBytes(this.#ids, room.units.view());
    const before = order.length;
    const keep = (unit: number) => {
      output.write(starts[unit] as number, this.#lengths.at(unit));
      order.push(unit);
    };
    for (let at = 0; at < sortedUnits.length; ) {
      const unit = sortedUnits[at] as number;
      at += 1;
      if (!repeated.isAny) {
        keep(unit);
        continue;
      }
      const same = [unit];
      while (at < sortedUnits.length && this.#ids.compare(unit, sortedUnits[at] as number) === 0) {
        same.push(sortedUnits[at] as number);
        at += 1;
      }
      if (repeated.yields(unit)) repeated.yieldAll(same, lineOf);
      else keep(same.length > 1 || repeated.crosses(unit) ? repeated.keepLeast(same, lineOf) : unit);
    }
    return { digest: output.endBlock(), count: order.length - before };
  }

  /** Where the line of each unit begins among those of its block, which come in the order of the units. */
  #lineStarts(): Float64Array {
    const starts = new Float64Array(this.length);
    const ends = new Float64Array(this.#blocks.length);
    for (let unit = 0; unit < starts.length; unit++) {
      const block = this.#blockOf.at(unit);
      starts[unit] = ends[block] as number;
      ends[block] = (ends[block] as number) + this.#lengths.at(unit);
    }
    return starts;
  }
}
