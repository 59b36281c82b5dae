/** Reads a file line by line without holding it: the edge under the readers of `records/`. */
import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";

const CHUNK = 1 << 22;
const LF = 0x0a;

/**
 * Hands each line to `take`, without its end; bytes are valid only during the call.
 * @returns SHA-256 of the file, and whether its last line is ended by LF
 */
export function readLines(
  path: string,
  take: (bytes: Buffer, start: number, end: number, number: number) => void,
): { readonly digest: string; readonly isEnded: boolean } {
  const file = openSync(path, "r");
  const hash = createHash("sha256");
  let held = Buffer.allocUnsafe(CHUNK);
  let length = 0;
  let number = 0;
  try {
    for (;;) {
      if (length === held.length) held = Buffer.concat([held], held.length * 2);
      const got = readSync(file, held, length, held.length - length, null);
      if (got === 0) break;
      hash.update(held.subarray(length, length + got));
      length += got;
      let start = 0;
      for (let end = held.indexOf(LF, length - got); end >= 0 && end < length; end = held.indexOf(LF, start)) {
        take(held, start, end, ++number);
        start = end + 1;
      }
      held.copyWithin(0, start, length);
      length -= start;
    }
  } finally {
    closeSync(file);
  }
  if (length > 0) take(held, 0, length, ++number);
  return { digest: hash.digest("hex"), isEnded: length === 0 };
}
