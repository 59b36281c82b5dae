/** Characters that nobody sees, or that turn the text around them about, written out as 〔U+XXXX〕. Pure. */

/** What XML 1.0 cannot carry, DEL and lone surrogates; then marks that change the direction of writing (UAX #9). */
const HIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\uFFFE\uFFFF]|\p{Surrogate}|[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/** The text as people may be shown it, on paper, in a cell, in a file's name or on a screen. Tabs and line ends stay. */
export function visible(text: string): string {
  return text.replace(HIDDEN, spelledOut);
}

/** `〔U+202E〕` for the character. */
export function spelledOut(character: string): string {
  return `〔U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}〕`;
}
