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

/** All lines of a block. */
export function readAll(room: BlockFile): Buffer {
  flush(room);
  const lines = Buffer.allocUnsafe(room.written);
  for (let read = 0; read < lines.length; ) {
    const got = readSync(room.file, lines, read, lines.length - read, read);
    if (got === 0) throw new Error(`${room.path} has been cut while it was in use`);
    read += got;
  }
  return lines;
}

/** Writes the lines of all blocks to one file, and digests each block. */
export class LineWriter {
  readonly path: string;
  readonly #file: number;
  readonly #bytes = Buffer.allocUnsafe(BUFFER * 4);
  #hash = createHash("sha256");
  #at = 0;

  constructor(path: string) {
    this.path = path;
    this.#file = openSync(path, "w", 0o600);
  }

  write(line: Buffer): void {
    if (this.#bytes.length - this.#at < line.length) this.#flush();
    if (this.#bytes.length < line.length) throw new RangeError("a line is longer than any row may be");
    line.copy(this.#bytes, this.#at);
    this.#at += line.length;
  }

  /** Digest of the lines written since the last block. */
  endBlock(): string {
    this.#flush();
    const digest = this.#hash.digest("hex");
    this.#hash = createHash("sha256");
    return digest;
  }

  close(): void {
    closeSync(this.#file);
  }

  #flush(): void {
    const filled = this.#bytes.subarray(0, this.#at);
    this.#hash.update(filled);
    for (let from = 0; from < filled.length; ) from += writeSync(this.#file, filled, from);
    this.#at = 0;
  }
}
