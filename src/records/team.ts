/** Teams as forms name them, as records keep them, and as people read them. Pure. */
import { teamName } from "../assign/assignment.ts";
import { canonicalText, compareBytes, foldWidth } from "../text/canonical.ts";

const KEY = /^T\d+$/;
const NUMBERED = /^(?:第|T)?\s*0*(\d+)\s*组?$/i;

/**
 * The team that a form names: the key of the assignment where it has that number (`第 7 组`, `7` and `T7` are `T07` of sixty
 * teams), else the text itself.
 * @param keys teams of the assignment; empty where inspectors are not assigned
 */
export function teamIn(text: string, keys: ReadonlySet<string>): string {
  const written = canonicalText(text);
  const number = NUMBERED.exec(foldWidth(written))?.[1];
  if (number === undefined) return written;
  return [...keys].find((key) => KEY.test(key) && Number(key.slice(1)) === Number(number)) ?? written;
}

/** A team as forms and lists name it: `第 7 组`; a name that is no key stays as it is. */
export function teamInWords(team: string): string {
  return KEY.test(team) ? teamName(team) : team;
}

/** The order of lists: by number, then names, then those without a team. */
export function compareTeams(a: string, b: string): number {
  const rank = (team: string) => (team === "" ? 2 : NUMBERED.test(team) ? 0 : 1);
  const number = (team: string) => Number(NUMBERED.exec(team)?.[1] ?? 0);
  return rank(a) - rank(b) || number(a) - number(b) || compareBytes(a, b);
}
