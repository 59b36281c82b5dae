/** Characters that nobody sees, or that turn the text around them about, written out as 〔U+XXXX〕. Pure. */
import { isPlain } from "./canonical.ts";

/** What XML 1.0 cannot carry, DEL and lone surrogates; then marks that change the direction of writing (UAX #9). */
const HIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\uFFFE\uFFFF]|\p{Surrogate}|[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/** The text as people may be shown it, on paper, in a cell, in a file's name or on a screen. Tabs and line ends stay. */
export function visible(text: string): string {
  return text.replace(HIDDEN, spelledOut);
}

/** Controls, format characters and what is ignored by default; rare ideographs, private ones too, are no such thing. */
const UNSEEN = /(?![\t\r\n])[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029\u2800]/gu;

/** The text without the characters that nobody sees; blanks, tabs and line ends stay. */
export function withoutUnseen(text: string): string {
  return isPlain(text) ? text : text.replace(UNSEEN, "");
}

/** The text with the characters that `withoutUnseen` takes away written out. */
export function unseenSpelledOut(text: string): string {
  return text.replace(UNSEEN, spelledOut);
}

/** `〔U+202E〕` for the character. */
export function spelledOut(character: string): string {
  return `〔U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}〕`;
}
