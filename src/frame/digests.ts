/** Digests of the canonical tables of a frame (draw-spec, "Frame digest"). */
import { createHash } from "node:crypto";
import { compareBytes, digest } from "../text/canonical.ts";
import { type Engine, sqlName } from "./engine.ts";
import type { LockedBlock, LockedColumn } from "./lock-record.ts";

/** One unit's line of the canonical table without its end: the columns of the lock joined by tab. */
export function canonicalLine(columns: readonly LockedColumn[]): string {
  return `concat_ws(chr(9), ${columns.map(({ name }) => sqlName(name)).join(", ")})`;
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
 * Count and digest of each block as its units stand in the table `units`, which is in canonical order when it was written
 * by a lock. Quick, for nothing is sorted and the digest is taken outside the engine; where the units stand in any
 * other order, the digests are not those of the blocks.
 */
export async function digestBlocksAsTheyStand(
  engine: Engine,
  columns: readonly LockedColumn[],
): Promise<LockedBlock[]> {
  const blocks: LockedBlock[] = [];
  let open: { readonly key: string; count: number; readonly hash: ReturnType<typeof createHash> } | undefined;
  const close = () => {
    if (open !== undefined) blocks.push({ key: open.key, count: open.count, digest: open.hash.digest("hex") });
  };
  const take = (key: string, lines: readonly string[]) => {
    if (open?.key !== key) {
      close();
      open = { key, count: 0, hash: createHash("sha256") };
    }
    open.count += lines.length;
    open.hash.update(`${lines.join("\n")}\n`);
  };
  for await (const lines of engine.texts(`SELECT ${canonicalLine(columns)} AS line FROM units`)) {
    const [first, last] = [keyOf(lines[0]), keyOf(lines.at(-1))];
    if (first === last) take(first, lines);
    else for (const line of lines) take(keyOf(line), [line]);
  }
  close();
  return blocks;
}

/** Block of a canonical line, which begins with id, class and city. */
function keyOf(line = ""): string {
  const [, sourceClass, city] = line.split("\t", 3);
  return `${city}/${sourceClass}`;
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
