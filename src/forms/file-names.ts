/** Names of files and folders that Windows takes, made from whatever a ledger says. Pure. */

import { visible } from "../text/visible.ts";

/** What no name on Windows may hold. */
const FORBIDDEN = /[<>:"/\\|?*\p{Cc}]/gu;
/** Names of devices, with any ending. */
const DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;

/**
 * A name of at most `most` characters, without what Windows refuses; `other` where nothing is left. The same text gives
 * the same name; different texts may give the same one.
 */
export function safeFileName(text: string, most: number, other: string): string {
  const clean = visible(text.replace(FORBIDDEN, " ")).replace(/\s+/g, " ").trim();
  const name = [...clean]
    .slice(0, most)
    .join("")
    .replace(/[. ]+$/, "");
  if (name === "") return other;
  return DEVICE.test(name) ? `_${name}` : name;
}

/**
 * The path, numbered where one before it would be the same folder on Windows or macOS, which tell no capitals from small
 * letters nor one way of writing an accent from another. Takes it in among those that are taken.
 */
export function freePath(path: readonly string[], taken: Set<string>): readonly string[] {
  const last = path.at(-1) ?? "";
  for (let number = 1; ; number++) {
    const free = [...path.slice(0, -1), number === 1 ? last : `${last}（${number}）`];
    const key = free.join("/").normalize("NFKC").toUpperCase().toLowerCase();
    if (taken.has(key)) continue;
    taken.add(key);
    return free;
  }
}
