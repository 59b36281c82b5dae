/** Teams as forms name them, as records keep them, and as people read them. Pure. */
import { teamName } from "../assign/assignment.ts";
import { canonicalText, compareBytes, foldWidth } from "../text/canonical.ts";

const KEY = /^T\d+$/;
const NUMBERED =
  /^(?:第|T)?\s*(?:0*(\d{1,6})|([一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]))\s*组?$/i;
const NUMERALS = "〇一二三四五六七八九";

/** The number that a team is known by, in Arabic or, to 99, in Chinese numerals; undefined where it has a name. */
function numberOf(team: string): number | undefined {
  const [, digits, numerals] = NUMBERED.exec(foldWidth(canonicalText(team))) ?? [];
  if (digits !== undefined) return Number(digits);
  if (numerals === undefined) return undefined;
  const [tens = "", ones] = numerals.includes("十") ? numerals.split("十") : ["〇", numerals];
  return 10 * (tens === "" ? 1 : NUMERALS.indexOf(tens)) + (ones ? NUMERALS.indexOf(ones) : 0);
}

/**
 * The team that a form names: the key of the assignment where it has that number (`第 7 组`, `7`, `七组` and `T7` are `T07` of
 * sixty teams), else `第 7 组` for whatever is written of a number; a name is the text itself.
 * @param keys teams of the assignment; empty where inspectors are not assigned
 */
export function teamIn(text: string, keys: ReadonlySet<string>): string {
  const written = canonicalText(text);
  const number = numberOf(written);
  if (number === undefined) return written;
  return [...keys].find((key) => KEY.test(key) && Number(key.slice(1)) === number) ?? `第 ${number} 组`;
}

/** Equal for what is one team however it is written: its number; of a name, width, case, blanks and 组 do not count. */
export function teamFold(team: string): string {
  const number = numberOf(team);
  if (number !== undefined) return String(number);
  return foldWidth(canonicalText(team))
    .replace(/\s/g, "")
    .toUpperCase()
    .replace(/^第(?=.*组$)/, "")
    .replace(/(.)组$/, "$1");
}

/** A team as forms and lists name it: `第 7 组`; a name that is no key stays as it is. */
export function teamInWords(team: string): string {
  return KEY.test(team) ? teamName(team) : team;
}

/** The order of lists: by number, then names, then those without a team. */
export function compareTeams(a: string, b: string): number {
  const rank = (team: string) => (team === "" ? 2 : numberOf(team) !== undefined ? 0 : 1);
  return rank(a) - rank(b) || (numberOf(a) ?? 0) - (numberOf(b) ?? 0) || compareBytes(a, b);
}
