/** Lists of the digests of forms that are divided otherwise than by city, as `sha256sum --check` reads them. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { JournalEntry } from "../round/journal.ts";
import type { Round } from "../round/round.ts";
import { compareBytes, digest } from "../text/canonical.ts";

/** Folder within `forms/`. */
const LISTS = "摘要";

/** The list's text: a line a file, `<digest>  <path within forms/>`, in byte order of paths. */
export function digestList(files: readonly (readonly [path: string, sha256: string])[]): string {
  const sorted = [...files].sort(([a], [b]) => compareBytes(a, b));
  return sorted.map(([path, sha256]) => `${sha256}  ${path}\n`).join("");
}

/** Path of a list within `forms/`; what the list says is part of its name, so that an older one stays. */
export function digestListPath(split: string, list: string): string {
  return `${LISTS}/${split}-${digest(list).slice(0, 12)}.sha256`;
}

/**
 * Digest of each file by its path within `forms/`, as last written.
 * @param written the journal's lines of forms; a list that is gone or is not the one they tell of says nothing
 */
export function readDigestLists(round: Round, written: readonly JournalEntry[]): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const { about } of written) {
    for (const [path, sha256] of readListed(readDigestList(round, about) ?? "")) files.set(path, sha256);
  }
  return files;
}

/** Path within `forms/` and digest of each file of a list. */
export function readListed(list: string): (readonly [path: string, sha256: string])[] {
  return list
    .split("\n")
    .slice(0, -1)
    .map((line) => {
      const [sha256 = "", path = ""] = line.split(/ {2}(.*)/);
      return [path, sha256] as const;
    });
}

/** The list that a line of the journal tells of; undefined where it tells of none, or it is gone or changed. */
export function readDigestList(round: Round, { list, listDigest }: JournalEntry["about"]): string | undefined {
  if (typeof list !== "string" || list.includes("..")) return undefined;
  const path = join(round.paths.forms, list);
  const text = existsSync(path) ? readFileSync(path, "utf8") : undefined;
  return text !== undefined && digest(text) === listDigest ? text : undefined;
}
