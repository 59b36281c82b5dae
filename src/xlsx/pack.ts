/** Packs parts as a zip archive: the same bytes for the same parts, on any machine. Pure. */
import { crc32 } from "node:zlib";

/** A part as it stands in the archive. */
export interface Packed {
  readonly bytes: Uint8Array;
  /** Length and checksum of what was packed. */
  readonly length: number;
  readonly checksum: number;
}

/** Signatures, the version needed to read, methods (APPNOTE.TXT 4.3, 4.4). */
const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const CENTRAL_END = 0x06054b50;
const VERSION_NEEDED = 10;
const VERSION_MADE_BY = 20;
const [STORED, DEFLATED] = [0, 8] as const;
const IS_FOLDER = 0x10;
/** Entries carry a date: 1980-01-01, the earliest there is. */
const DATE = 0x21;
const HEADER_LENGTH = 26;
const EMPTY: Packed = { bytes: new Uint8Array(), length: 0, checksum: 0 };

/** Packs a part. Texts are written in UTF-8. */
export function pack(part: string | Uint8Array, deflate: (bytes: Uint8Array) => Uint8Array): Packed {
  const bytes = typeof part === "string" ? Buffer.from(part, "utf8") : part;
  return bytes.length === 0 ? EMPTY : { bytes: deflate(bytes), length: bytes.length, checksum: crc32(bytes) };
}

/** The archive of parts, in the order given; names are ASCII. Each folder stands before what is in it. */
export function archive(parts: Iterable<readonly [name: string, part: Packed]>): Uint8Array {
  const entries = new Map<string, Packed>();
  for (const [name, part] of parts) {
    for (let end = name.indexOf("/"); end >= 0; end = name.indexOf("/", end + 1)) {
      const folder = name.slice(0, end + 1);
      if (!entries.has(folder)) entries.set(folder, EMPTY);
    }
    entries.set(name, part);
  }
  const chunks: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let place = 0;
  for (const [name, part] of entries) {
    const header = headerOf(name, part);
    const local = [signature(LOCAL_HEADER), header, Buffer.from(name, "latin1"), part.bytes];
    directory.push(...centralEntry(name, header, place));
    chunks.push(...local);
    place += lengthOf(local);
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(CENTRAL_END, 0);
  end.writeUInt16LE(entries.size, 8);
  end.writeUInt16LE(entries.size, 10);
  end.writeUInt32LE(lengthOf(directory), 12);
  end.writeUInt32LE(place, 16);
  return new Uint8Array(Buffer.concat([...chunks, ...directory, end]));
}

/** What the header before a part and its entry in the directory have in common. */
function headerOf(name: string, { bytes, length, checksum }: Packed): Buffer {
  const header = Buffer.alloc(HEADER_LENGTH);
  header.writeUInt16LE(VERSION_NEEDED, 0);
  header.writeUInt16LE(length === 0 ? STORED : DEFLATED, 4);
  header.writeUInt16LE(DATE, 8);
  header.writeUInt32LE(checksum, 10);
  header.writeUInt32LE(bytes.length, 14);
  header.writeUInt32LE(length, 18);
  header.writeUInt16LE(name.length, 22);
  return header;
}

function centralEntry(name: string, header: Buffer, place: number): Uint8Array[] {
  const start = Buffer.alloc(6);
  start.writeUInt32LE(CENTRAL_HEADER, 0);
  start.writeUInt16LE(VERSION_MADE_BY, 4);
  const end = Buffer.alloc(14);
  if (name.endsWith("/")) end.writeUInt32LE(IS_FOLDER, 6);
  end.writeUInt32LE(place, 10);
  return [start, header, end, Buffer.from(name, "latin1")];
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value, 0);
  return bytes;
}

function lengthOf(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, { length }) => sum + length, 0);
}
