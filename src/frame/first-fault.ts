/** Where a file stops being text of an encoding. Looked for only once a file is refused. */
import { createReadStream } from "node:fs";
import type { Encoding } from "./source-file.ts";

const BLOCK = 1 << 16;
const LINE_FEED = 0x0a;

/**
 * The first byte at which a file is no text of an encoding, counting from 1; one past the end where its last character is
 * cut off.
 * @returns undefined where the whole file decodes
 */
export async function firstFault(path: string, encoding: Encoding): Promise<number | undefined> {
  const decodes = strict(encoding);
  let before: Buffer = Buffer.alloc(0);
  let position = 0;
  for await (const block of createReadStream(path, { highWaterMark: BLOCK }) as AsyncIterable<Buffer>) {
    if (!decodes(block, true)) {
      const start = position - before.length;
      return start + (faultIn(Buffer.concat([before, block]), encoding) ?? before.length + block.length) + 1;
    }
    position += block.length;
    before = unfinished(Buffer.concat([before, block]), encoding);
  }
  return decodes(Buffer.alloc(0), false) ? undefined : position + 1;
}

/** Place of the first byte in a text that does not decode, fed byte by byte. */
function faultIn(bytes: Buffer, encoding: Encoding): number | undefined {
  const decodes = strict(encoding);
  for (let at = 0; at < bytes.length; at++) {
    if (!decodes(bytes.subarray(at, at + 1), true)) return at;
  }
  return undefined;
}

/**
 * What of the bytes has to be decoded again together with those that follow: a last line, since a line feed is no part of
 * a longer character in UTF-8 and GB18030; of UTF-16 the last unit where it may begin a pair.
 */
function unfinished(bytes: Buffer, encoding: Encoding): Buffer {
  if (!encoding.startsWith("utf-16")) return bytes.subarray(bytes.lastIndexOf(LINE_FEED) + 1);
  const high = bytes[bytes.length - (encoding === "utf-16le" ? 1 : 2)] ?? 0;
  return high >= 0xd8 && high <= 0xdb ? bytes.subarray(-2) : Buffer.alloc(0);
}

/** Takes bytes piece by piece; false once they are no text of the encoding. */
function strict(encoding: Encoding): (bytes: Buffer, stream: boolean) => boolean {
  const decoder = new TextDecoder(encoding, { fatal: true });
  return (bytes, stream) => {
    try {
      decoder.decode(bytes, { stream });
      return true;
    } catch {
      return false;
    }
  };
}
