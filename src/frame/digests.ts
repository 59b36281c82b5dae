/** Digests of the canonical tables of a frame (draw-spec, "Frame digest"). */
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

/** Frame digest: digest of the lines `<block key> TAB <number of units> TAB <block digest> LF`, sorted by key. */
export function frameDigestOf(blocks: readonly LockedBlock[]): string {
  const sorted = [...blocks].sort((a, b) => compareBytes(a.key, b.key));
  return digest(sorted.map(({ key, count, digest: block }) => `${key}\t${count}\t${block}\n`).join(""));
}
