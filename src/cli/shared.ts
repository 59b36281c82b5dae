/** Pieces that several commands print. */
import { SHORT_CLASS_NAMES, SOURCE_CLASSES } from "../reference/classes.ts";
import { findCity } from "../reference/divisions.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Words, words } from "../text/words.ts";
import type { Terminal } from "./terminal.ts";

/** Headings of the classes, short enough for a table of 80 columns. */
export const CLASS_HEADINGS: readonly Words[] = SOURCE_CLASSES.map((name) => SHORT_CLASS_NAMES[name]);

/**
 * Code of a city given on the command line.
 * @throws ChouqianError E-USAGE-CITY
 */
export function cityOption(text: string): string {
  const code = findCity(text);
  if (code !== undefined) return code;
  throw new ChouqianError("E-USAGE-CITY", {
    message: words(`不认识的城市“${text}”`, `unknown city "${text}"`),
    advice: words("写广东省地级以上市的名称或六位代码", "give the name or the code of a city of Guangdong"),
  });
}

/** Says which characters the fonts lack; they are printed as 〔U+XXXX〕. */
export function sayMissing(terminal: Terminal, characters: readonly number[]): void {
  if (characters.length === 0) return;
  const codes = characters.map(
    (code) => `${String.fromCodePoint(code)} U+${code.toString(16).toUpperCase().padStart(4, "0")}`,
  );
  terminal.line(
    words(
      `! 字库里没有这些字，PDF 中以编号代替：${codes.join("，")}`,
      `! no font has these characters; the PDF shows their codes: ${codes.join(", ")}`,
    ),
  );
}
