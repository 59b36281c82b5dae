/** Compressed streams (RFC 1950, 1951) that are put together from parts, so that a part in many files is compressed once. */
import { constants, deflateSync, type ZlibOptions } from "node:zlib";

/** A part of a stream; ends at a whole byte. */
export interface Deflated {
  /** Blocks, of which none is the last. */
  readonly blocks: Uint8Array;
  /** Checksum and length of what was compressed. */
  readonly adler: number;
  readonly length: number;
}

const HEADER_LENGTH = 2;
const STORED_HEADER = 5;
const MOST_STORED = 0xffff;
/** An empty block that is the last. */
const LAST_BLOCK = Uint8Array.of(0x03, 0x00);
const CHECKSUM_LENGTH = 4;
const HEADER = Uint8Array.of(0x78, 0x9c);
/** Greatest prime below 2¹⁶ (RFC 1950, 8.2). */
const BASE = 65521;
/** So many bytes are summed up before the sums are reduced. */
const MOST_UNREDUCED = 3_800;

/** @param adler checksum of the bytes, where it is known */
export function deflatePart(bytes: Uint8Array, options: ZlibOptions = {}, adler = adler32(bytes)): Deflated {
  const whole = deflateSync(bytes, { ...options, finishFlush: constants.Z_SYNC_FLUSH });
  return { blocks: whole.subarray(HEADER_LENGTH), adler, length: bytes.length };
}

/** The checksum of so many bytes after one of them, which was 0, became another (RFC 1950, 8.2). */
export function adlerWith(adler: number, length: number, at: number, byte: number): number {
  const a = ((adler & 0xffff) + byte) % BASE;
  const b = ((adler >>> 16) + byte * (length - at)) % BASE;
  return b * 0x10000 + a;
}

/** A part that is not worth the time of compressing it (RFC 1951, 3.2.4). */
export function storedPart(bytes: Uint8Array): Deflated {
  const chunks: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; start += MOST_STORED) {
    const part = bytes.subarray(start, start + MOST_STORED);
    const head = Buffer.alloc(STORED_HEADER);
    head.writeUInt16LE(part.length, 1);
    head.writeUInt16LE(MOST_STORED - part.length, 3);
    chunks.push(head, part);
  }
  return { blocks: Buffer.concat(chunks), adler: adler32(bytes), length: bytes.length };
}

/** A stream of parts. */
export function joinParts(parts: readonly Deflated[]): Uint8Array {
  const checksum = Buffer.alloc(CHECKSUM_LENGTH);
  checksum.writeUInt32BE(parts.reduce((sum, { adler, length }) => combined(sum, adler, length), 1));
  return Buffer.concat([HEADER, ...parts.map(({ blocks }) => blocks), LAST_BLOCK, checksum]);
}

function adler32(bytes: Uint8Array): number {
  let [a, b] = [1, 0];
  for (let start = 0; start < bytes.length; start += MOST_UNREDUCED) {
    const end = Math.min(bytes.length, start + MOST_UNREDUCED);
    for (let i = start; i < end; i++) {
      a += bytes[i] as number;
      b += a;
    }
    a %= BASE;
    b %= BASE;
  }
  return b * 0x10000 + a;
}

/** The checksum of two pieces one behind the other, from the checksum of each and the length of the second. */
function combined(first: number, second: number, length: number): number {
  const [a1, b1] = [first & 0xffff, first >>> 16];
  const [a2, b2] = [second & 0xffff, second >>> 16];
  const a = (a1 + a2 + BASE - 1) % BASE;
  const b = (b1 + b2 + (length % BASE) * ((a1 + BASE - 1) % BASE)) % BASE;
  return b * 0x10000 + a;
}
