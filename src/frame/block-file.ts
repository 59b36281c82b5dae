/** The files in which units lie as canonical lines until they are put into order, and the one they are written to then. */
import { createHash } from "node:crypto";
import { closeSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { Ints } from "../text/ints.ts";

/** Room to write one line into, of a block's buffer. */
export interface Room {
  bytes: Buffer;
  at: number;
}

/** The lines of one block: those in its buffer and, before them, those in its file. */
export interface BlockFile extends Room {
  readonly key: string;
  readonly path: string;
  file: number;
  readonly units: Ints;
  written: number;
}

const BUFFER = 1 << 18;
/** Lines gathered before they go out; more than any one line has. */
const OUTPUT = 1 << 23;

/** A block without lines. */
export function openBlock(key: string, path: string): BlockFile {
  const file = openSync(path, "w+", 0o600);
  return { key, path, file, bytes: Buffer.allocUnsafe(BUFFER), at: 0, units: new Ints(), written: 0 };
}

/** Writes the buffer to the file. */
export function flush(room: BlockFile): void {
  for (let from = 0; from < room.at; ) {
    from += writeSync(room.file, room.bytes, from, room.at - from, room.written + from);
  }
  room.written += room.at;
  room.at = 0;
}

/** Closes a block's file and removes it, once. */
export function remove(room: BlockFile): void {
  if (room.file < 0) return;
  closeSync(room.file);
  rmSync(room.path, { force: true });
  room.file = -1;
  room.bytes = Buffer.alloc(0);
}

/**
 * Takes the lines of one block after the other in the order in which they are to stand: digests each block, and writes the
 * lines of all to one file where there is to be one.
 */
export class LineWriter {
  readonly path: string | undefined;
  readonly #file: number;
  /** The block's lines, and behind them those that are on their way out: within one buffer they are moved quickest. */
  #bytes: Buffer = Buffer.alloc(0);
  #end = 0;
  #at = 0;
  #hash = createHash("sha256");

  constructor(path: string | undefined) {
    this.path = path;
    this.#file = path === undefined ? -1 : openSync(path, "w", 0o600);
  }

  /** Turns to a block. */
  open(room: BlockFile): void {
    flush(room);
    this.#end = room.written;
    this.#at = room.written;
    if (this.#bytes.length < room.written + OUTPUT) this.#bytes = Buffer.allocUnsafe(room.written + OUTPUT);
    for (let read = 0; read < this.#end; ) {
      const got = readSync(room.file, this.#bytes, read, this.#end - read, read);
      if (got === 0) throw new Error(`${room.path} has been cut while it was in use`);
      read += got;
    }
  }

  /** A line of the block, valid until the next block. */
  line(start: number, length: number): Buffer {
    return this.#bytes.subarray(start, start + length);
  }

  /** Lets a line of the block out. */
  write(start: number, length: number): void {
    if (this.#bytes.length - this.#at < length) this.#flush();
    if (this.#bytes.length - this.#at < length) throw new RangeError("a line is longer than any row may be");
    this.#bytes.copyWithin(this.#at, start, start + length);
    this.#at += length;
  }

  /** Digest of the lines let out since the block was opened. */
  endBlock(): string {
    this.#flush();
    const digest = this.#hash.digest("hex");
    this.#hash = createHash("sha256");
    return digest;
  }

  close(): void {
    if (this.#file >= 0) closeSync(this.#file);
  }

  #flush(): void {
    const filled = this.#bytes.subarray(this.#end, this.#at);
    this.#hash.update(filled);
    if (this.#file >= 0) for (let from = 0; from < filled.length; ) from += writeSync(this.#file, filled, from);
    this.#at = this.#end;
  }
}
