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
const CHECKSUM_LENGTH = 4;
const HEADER = Uint8Array.of(0x78, 0x9c);
/** Greatest prime below 2¹⁶ (RFC 1950, 8.2). */
const BASE = 65521;
/** So many bytes are summed up before the sums are reduced. */
const MOST_UNREDUCED = 3_800;

export function deflatePart(bytes: Uint8Array, options: ZlibOptions = {}): Deflated {
  const whole = deflateSync(bytes, { ...options, finishFlush: constants.Z_SYNC_FLUSH });
  return { blocks: whole.subarray(HEADER_LENGTH), adler: adler32(bytes), length: bytes.length };
}

/** A part that is too short to be worth compressing (RFC 1951, 3.2.4); at most 65,535 bytes. */
export function storedPart(bytes: Uint8Array): Deflated {
  const blocks = Buffer.alloc(STORED_HEADER + bytes.length);
  blocks.writeUInt16LE(bytes.length, 1);
  blocks.writeUInt16LE(0xffff - bytes.length, 3);
  blocks.set(bytes, STORED_HEADER);
  return { blocks, adler: adler32(bytes), length: bytes.length };
}

/** A stream of parts, ended by bytes that are compressed now. */
export function deflateBehind(parts: readonly Deflated[], last: Uint8Array, options: ZlibOptions = {}): Uint8Array {
  const whole = deflateSync(last, options);
  const end = whole.length - CHECKSUM_LENGTH;
  let adler = 1;
  for (const part of parts) adler = combined(adler, part.adler, part.length);
  adler = combined(adler, whole.readUInt32BE(end), last.length);
  const checksum = Buffer.alloc(CHECKSUM_LENGTH);
  checksum.writeUInt32BE(adler);
  return Buffer.concat([HEADER, ...parts.map(({ blocks }) => blocks), whole.subarray(HEADER_LENGTH, end), checksum]);
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
