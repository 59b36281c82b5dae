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
