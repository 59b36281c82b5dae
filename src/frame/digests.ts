/** Digests of the canonical tables of a frame (draw-spec, "Frame digest"). */
import { createHash } from "node:crypto";
import { createReadStream, rmSync } from "node:fs";
import { join } from "node:path";
import { compareBytes, digest } from "../text/canonical.ts";
import { type Engine, sqlName, sqlText } from "./engine.ts";
import type { LockedBlock, LockedColumn } from "./lock-record.ts";

/**
 * One unit's line of the canonical table without its end: the columns of the lock joined by tab. No frame holds a cell
 * without a value; a forged one shows as NUL, which no canonical value contains, instead of vanishing with its tab.
 */
export function canonicalLine(columns: readonly LockedColumn[]): string {
  return `concat_ws(chr(9), ${columns.map(({ name }) => `coalesce(${sqlName(name)}, chr(0))`).join(", ")})`;
}

/** Count and digest of each block of the table `units`, sorted by key in byte order; memory holds one block at a time. */
export async function digestBlocks(engine: Engine, columns: readonly LockedColumn[]): Promise<LockedBlock[]> {
  const keys = await engine.query<{ city: string; class: string }>(`SELECT DISTINCT "city", "class" FROM units`);
  const blocks: LockedBlock[] = [];
  for (const key of keys) {
    const [block] = await engine.query<Omit<LockedBlock, "key">>(
      `SELECT count(*)::INTEGER AS "count",
        sha256(string_agg(${canonicalLine(columns)} || chr(10), '' ORDER BY "id")) AS "digest"
      FROM units WHERE "city" = $city AND "class" = $class`,
      { city: key.city, class: key.class },
    );
    if (block !== undefined) blocks.push({ key: `${key.city}/${key.class}`, ...block });
  }
  return blocks.sort((a, b) => compareBytes(a.key, b.key));
}

/**
 * Whether the table `units` holds the units of these blocks in canonical order, as it does when it was written by a lock.
 * Quick, for nothing is sorted: the engine writes the lines to a file, and the digests are taken of its bytes.
 * @param folder for that file, which is gone at the end
 */
export async function standAsDigested(
  engine: Engine,
  columns: readonly LockedColumn[],
  blocks: readonly LockedBlock[],
  folder: string,
): Promise<boolean> {
  const path = join(folder, "standing.lines");
  try {
    // Each unit gives one line, without quotes: what would need them is in no canonical value.
    const rows = await engine.copy(
      `COPY (SELECT ${canonicalLine(columns)} FROM units) TO ${sqlText(path)}
        (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x01')`,
    );
    const lines = blocks.reduce((sum, { count }) => sum + count, 0);
    return rows === lines && (await digestLines(path, blocks)) === lines;
  } finally {
    rmSync(path, { force: true });
  }
}

const LF = 0x0a;

/** Number of lines of a file that is made of these blocks in byte order of their keys; -1 where it is not. */
async function digestLines(path: string, blocks: readonly LockedBlock[]): Promise<number> {
  const expected = [...blocks].sort((a, b) => compareBytes(a.key, b.key)).filter(({ count }) => count > 0);
  let [at, left, lines] = [0, expected[0]?.count ?? 0, 0];
  let hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, end + 1)) {
      lines += 1;
      left -= 1;
      if (left > 0) continue;
      hash.update(chunk.subarray(from, end + 1));
      if (hash.digest("hex") !== expected[at]?.digest) return -1;
      hash = createHash("sha256");
      from = end + 1;
      at += 1;
      left = expected[at]?.count ?? 0;
    }
    hash.update(chunk.subarray(from));
  }
  return at === expected.length ? lines : -1;
}

/** Frame digest: digest of the lines `<block key> TAB <number of units> TAB <block digest> LF`, sorted by key. */
export function frameDigestOf(blocks: readonly LockedBlock[]): string {
  const sorted = [...blocks].sort((a, b) => compareBytes(a.key, b.key));
  return digest(sorted.map(({ key, count, digest: block }) => `${key}\t${count}\t${block}\n`).join(""));
}

export function areSameBlocks(some: readonly LockedBlock[], others: readonly LockedBlock[]): boolean {
  const isSame = ({ key, count, digest: own }: LockedBlock, other: LockedBlock | undefined) =>
    key === other?.key && count === other.count && own === other.digest;
  return some.length === others.length && some.every((block, index) => isSame(block, others[index]));
}
