/** Help in lines of the terminal's width, of which a Chinese character takes two columns. Pure. */
import stringWidth from "string-width";
import { breakLines, breakRule } from "../pdf/kinsoku.ts";

/** Breaks a text into lines of at most so many columns, by the rules for Chinese: no mark begins a line, no word is cut. */
export function helpLines(text: string, columns: number): string {
  return text
    .split("\n")
    .map((paragraph) => {
      const characters = [...paragraph];
      const breakable = characters.map((character) => ({
        width: stringWidth(character),
        rule: breakRule(character.codePointAt(0) ?? 0),
        glued: false,
      }));
      const lines = breakLines(breakable, columns);
      return lines.map(({ start, end }) => characters.slice(start, end).join("").trimEnd()).join("\n");
    })
    .join("\n");
}
