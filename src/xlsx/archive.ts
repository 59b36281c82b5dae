/** The zip archive of a workbook, opened so that neither a bomb nor a wrong file does harm. */
import { open } from "node:fs/promises";
import { pipeline } from "node:stream";
import { TextDecoder } from "node:util";
import { crc32, createInflateRaw } from "node:zlib";
import { type Entry, openPromise, type ZipFile } from "yauzl";
import { type Words, words } from "../text/words.ts";
import { asRefusal, refusal } from "./refusals.ts";

/** Bounds that a workbook must keep. Sizes in bytes. */
export interface Limits {
  /** All parts together, uncompressed. */
  readonly totalBytes: number;
  /** One part that is kept in memory whole, such as the shared strings. */
  readonly heldBytes: number;
  /** Uncompressed to compressed size, beyond `ratioFreeBytes`. */
  readonly ratio: number;
  readonly ratioFreeBytes: number;
  readonly entries: number;
}

const MIB = 1024 * 1024;

export const LIMITS: Limits = {
  totalBytes: 2048 * MIB,
  heldBytes: 512 * MIB,
  ratio: 200,
  ratioFreeBytes: 50 * MIB,
  entries: 10_000,
};

/** An opened workbook archive. Part names are compared without regard to case, as Office does. */
export interface Archive {
  readonly path: string;
  has(part: string): boolean;
  /** Names of the parts as they stand in the archive, folders left out. */
  parts(): string[];
  /** A part as it is, whole in memory: it must keep `heldBytes`. */
  bytes(part: string): Promise<Uint8Array>;
  /** The text of one part, in pieces. A part to be `held` in memory must keep `heldBytes`. */
  chunks(part: string, held: boolean): AsyncGenerator<string, void, undefined>;
  close(): void;
}

/** @throws ChouqianError when the file is no workbook archive, is damaged, or breaks a limit */
export async function openArchive(path: string, limits: Limits = LIMITS): Promise<Archive> {
  const size = await checkSignature(path).catch((error) => Promise.reject(asRefusal(error, path)));
  let zip: ZipFile | undefined;
  try {
    zip = await openPromise(path, { autoClose: false });
    zip.on("error", () => {}); // an error nobody awaits (on closing) must not end the process
    const entries = await listEntries(zip, path, size, limits);
    return archiveOf(zip, entries, path, limits);
  } catch (error) {
    zip?.close();
    throw asRefusal(error, path);
  }
}

/** First bytes of files that people rename to .xlsx. */
const SIGNATURES: readonly (readonly [RegExp, Words])[] = [
  [/^%PDF/, words("这是 PDF 文件", "it is a PDF")],
  [/^Rar!/, words("这是 RAR 压缩包，请先解压", "it is a RAR archive; unpack it first")],
  [/^7z\xbc\xaf/, words("这是 7z 压缩包，请先解压", "it is a 7z archive; unpack it first")],
  [/^\s*(\xef\xbb\xbf)?\s*<(!doctype|html|\?xml|table|meta)/i, words("这是网页或 XML 文件", "it is a web page or XML")],
  [/^(\x89PNG|\xff\xd8\xff|GIF8|BM)/, words("这是图片", "it is a picture")],
  [/^[^\0]*$/, words("这是文本文件（如 CSV）", "it is a text file such as CSV")],
];

/** Refuses what does not begin like a zip archive; returns the file's size. */
async function checkSignature(path: string): Promise<number> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const head = Buffer.alloc(512);
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    if (bytesRead === 0) throw refusal("E-XLSX-NOT-A-WORKBOOK", path, words("文件是空的", "the file is empty"));
    const start = head.subarray(0, bytesRead);
    if (start.subarray(0, 4).toString("hex") === "d0cf11e0") {
      throw refusal((await isEncryptedPackage(file, head)) ? "E-XLSX-ENCRYPTED" : "E-XLSX-OLD-FORMAT", path);
    }
    if (start.subarray(0, 2).toString("latin1") !== "PK") {
      const known = SIGNATURES.find(([pattern]) => pattern.test(start.toString("latin1")));
      throw refusal("E-XLSX-NOT-A-WORKBOOK", path, known?.[1]);
    }
    return size;
  } finally {
    await file.close();
  }
}

/** An encrypted .xlsx is an OLE file whose directory names a stream "EncryptedPackage" ([MS-OFFCRYPTO]). */
async function isEncryptedPackage(file: Awaited<ReturnType<typeof open>>, head: Buffer): Promise<boolean> {
  const sectorSize = head.readUInt16LE(30) === 12 ? 4096 : 512;
  const directory = Buffer.alloc(8192);
  const { bytesRead } = await file.read(directory, 0, directory.length, (head.readUInt32LE(48) + 1) * sectorSize);
  return directory.subarray(0, bytesRead).includes(Buffer.from("EncryptedPackage", "utf16le"));
}

async function listEntries(zip: ZipFile, path: string, fileSize: number, limits: Limits): Promise<Map<string, Entry>> {
  const tooMany = words(`文件内条目超过 ${limits.entries} 个`, `more than ${limits.entries} entries`);
  if (zip.entryCount > limits.entries) throw refusal("E-XLSX-TOO-LARGE", path, tooMany);
  const entries = new Map<string, Entry>();
  let total = 0;
  for await (const entry of zip.eachEntry()) {
    if (entry.isEncrypted()) throw refusal("E-XLSX-ENCRYPTED", path);
    total += entry.uncompressedSize;
    if (total > limits.totalBytes) throw refusal("E-XLSX-TOO-LARGE", path, sizeInWords(total));
    if (isBomb(entry.uncompressedSize, entry.compressedSize, limits) || isBomb(total, fileSize, limits))
      throw refusal(
        "E-XLSX-UNSAFE",
        path,
        words("压缩比异常，疑似压缩炸弹", "its compression ratio is that of a zip bomb"),
      );
    const name = entry.fileName.toLowerCase();
    if (entries.has(name))
      throw refusal("E-XLSX-UNSAFE", path, words(`条目 ${name} 重复`, `entry ${name} stands in it twice`));
    entries.set(name, entry);
  }
  return entries;
}

function isBomb(uncompressed: number, compressed: number, limits: Limits): boolean {
  return uncompressed > limits.ratioFreeBytes && uncompressed > compressed * limits.ratio;
}

function sizeInWords(bytes: number): Words {
  const mib = Math.ceil(bytes / MIB);
  return words(`解压后超过 ${mib} MiB`, `it unpacks to more than ${mib} MiB`);
}

function archiveOf(zip: ZipFile, entries: ReadonlyMap<string, Entry>, path: string, limits: Limits): Archive {
  const find = (part: string, held: boolean) => {
    const entry = entries.get(part.toLowerCase());
    if (!entry) throw refusal("E-XLSX-DAMAGED", path, words(`缺少 ${part}`, `${part} is missing`));
    if (held && entry.uncompressedSize > limits.heldBytes)
      throw refusal("E-XLSX-TOO-LARGE", path, sizeInWords(entry.uncompressedSize));
    return entry;
  };
  return {
    path,
    has: (part) => entries.has(part.toLowerCase()),
    parts: () => [...entries.values()].map(({ fileName }) => fileName).filter((name) => !name.endsWith("/")),
    async bytes(part) {
      const entry = find(part, true);
      const pieces: Buffer[] = [];
      try {
        for await (const piece of bytesOf(zip, entry)) pieces.push(piece);
      } catch (error) {
        throw asRefusal(error, path, part);
      }
      return new Uint8Array(Buffer.concat(pieces));
    },
    async *chunks(part, held) {
      const entry = find(part, held);
      try {
        yield* textOf(zip, entry);
      } catch (error) {
        throw asRefusal(error, path, part);
      }
    },
    close: () => zip.close(),
  };
}

/** Decodes one entry, UTF-8 or UTF-16 by its byte-order mark. */
async function* textOf(zip: ZipFile, entry: Entry): AsyncGenerator<string, void, undefined> {
  let decoder: TextDecoder | undefined;
  for await (const chunk of bytesOf(zip, entry)) {
    decoder ??= new TextDecoder(encodingOf(chunk), { fatal: true });
    yield decoder.decode(chunk, { stream: true });
  }
  const rest = decoder?.decode();
  if (rest) yield rest;
}

/** Unpacks one entry, never more than its size, and checks size and checksum at the end. */
async function* bytesOf(zip: ZipFile, entry: Entry): AsyncGenerator<Buffer, void, undefined> {
  let bytes = 0;
  let checksum = 0;
  for await (const chunk of await openEntry(zip, entry)) {
    bytes += chunk.length;
    if (bytes > entry.uncompressedSize) throw new Error("too many bytes in the stream");
    checksum = crc32(chunk, checksum);
    yield chunk;
  }
  if (bytes < entry.uncompressedSize) throw new Error("unexpected EOF");
  if (checksum !== entry.crc32) throw new Error("checksum does not match");
}

/** Unpacks here rather than in yauzl, whose pieces of 16 KiB cost a third of the reading time. */
async function openEntry(zip: ZipFile, entry: Entry): Promise<AsyncIterable<Buffer>> {
  const raw = await zip.openReadStreamPromise(entry, { decodeFileData: false });
  if (entry.compressionMethod === 0) return raw;
  if (entry.compressionMethod !== 8) throw new Error(`unsupported compression method: ${entry.compressionMethod}`);
  return pipeline(raw, createInflateRaw({ chunkSize: 256 * 1024 }), () => {}); // errors reach the reader of the stream
}

function encodingOf(start: Buffer): string {
  if (start[0] === 0xff && start[1] === 0xfe) return "utf-16le";
  if (start[0] === 0xfe && start[1] === 0xff) return "utf-16be";
  return "utf-8";
}
