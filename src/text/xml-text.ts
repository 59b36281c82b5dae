/** Text that XML can carry. */

/** What XML 1.0 cannot carry, and lone surrogates. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const ILLEGAL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/gu;

/** The text with what XML cannot carry written out as 〔U+XXXX〕, so that a person sees it. */
export function xmlText(text: string): string {
  return text.replace(ILLEGAL, (each) => `〔U+${each.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}〕`);
}
