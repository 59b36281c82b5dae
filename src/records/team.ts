/** Teams as forms name them, as records keep them, and as people read them. Pure. */
import { teamName } from "../assign/assignment.ts";
import { canonicalText, compareBytes } from "../text/canonical.ts";
import { withoutUnseen } from "../text/visible.ts";
import { withoutBrackets } from "./persons.ts";

const KEY = /^T\d+$/;
/** What a team is called beside its number or name, before it and behind it; 复核 is none: that may be another team of the same number. */
const BEFORE = /^(?:质量|核查|检查|抽查|小?组|第|TEAM|GROUP|NO(?![A-Z])|T(?![A-Z])|[#.:·_-])+/;
const BEHIND = /(?:核查|检查|抽查|小?组|号|[#.:·_-])+$/;
const ROMAN = /^(X{0,3})(IX|IV|V?I{0,3})$/;
const CHINESE = /^([一二三四五六七八九]?十[一二三四五六七八九]?|[〇一二三四五六七八九]+)$/;
const NUMERALS = "〇一二三四五六七八九";
/** Numerals of other hands, formal ones among them, and the plain ones. */
const OTHER_NUMERALS = "零壹壱贰貳叁參肆伍陆陸柒捌玖拾";
const PLAIN_NUMERALS = "〇一一二二三三四五六六七八九十";
/** Circled digits that NFKC leaves as they are: the first of each run, and its number. */
const CIRCLED = [
  [0x2776, 1],
  [0x2780, 1],
  [0x278a, 1],
  [0x24f5, 1],
  [0x24eb, 11],
] as const;

/** A team's text as it is compared: NFKC, capitals, nothing that is not seen, no blanks. */
function plainTeam(team: string): string {
  return withoutUnseen(team.replace(/[\u2776-\u2793\u24eb-\u24fe]/g, digitsOf).normalize("NFKC"))
    .replace(/[\s\p{Me}]/gu, "")
    .toUpperCase();
}

function digitsOf(circled: string): string {
  const code = circled.charCodeAt(0);
  const [first, number] = CIRCLED.find(([from]) => code >= from && code < from + 10) ?? [code, 0];
  return String(number + code - first);
}

/** What is left of a team without the words that each has; all of it where nothing is. */
function coreOf(plain: string): string {
  return plain.replace(BEFORE, "").replace(BEHIND, "") || plain;
}

/** The number that a team is known by, in Arabic, Roman (to 39) or Chinese numerals (to 99); undefined where it has a name. */
function numberOf(team: string): number | undefined {
  const plain = plainTeam(team);
  // 第3组(张三), but (三)组 too
  return numberIn(coreOf(withoutBrackets(plain))) ?? numberIn(coreOf(plain.replace(/[()[\]【】〔〕{}]/g, "")));
}

function numberIn(core: string): number | undefined {
  if (/^\d{1,6}$/.test(core)) return Number(core);
  const [, tens, ones] = ROMAN.exec(core) ?? [];
  if (core !== "" && tens !== undefined && ones !== undefined) {
    return 10 * tens.length + ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"].indexOf(ones);
  }
  const numerals = [...core].map((each) => PLAIN_NUMERALS[OTHER_NUMERALS.indexOf(each)] ?? each).join("");
  if (!CHINESE.test(numerals) || numerals.length > 6) return undefined;
  if (!numerals.includes("十")) return Number([...numerals].map((each) => NUMERALS.indexOf(each)).join(""));
  const [ten = "", one = ""] = numerals.split("十");
  return 10 * (ten === "" ? 1 : NUMERALS.indexOf(ten)) + (one === "" ? 0 : NUMERALS.indexOf(one));
}

/**
 * The team that a form names: the key of the assignment where it has that number (`第 7 组`, `7`, `七组`, `核查7组` and `T7` are
 * `T07` of sixty teams), else `第 7 组` for whatever is written of a number; a name is the text itself.
 * @param keys teams of the assignment; empty where inspectors are not assigned
 */
export function teamIn(text: string, keys: ReadonlySet<string>): string {
  const written = canonicalText(withoutUnseen(text));
  const number = numberOf(written);
  if (number === undefined) return written;
  return [...keys].find((key) => KEY.test(key) && Number(key.slice(1)) === number) ?? `第 ${number} 组`;
}

/**
 * Equal for what is one team however it is written: its number; of a name, width, case, blanks, brackets' content and 小组, 核查组
 * and the like do not count.
 */
export function teamFold(team: string): string {
  const number = numberOf(team);
  if (number !== undefined) return String(number);
  const plain = plainTeam(team);
  return coreOf(withoutBrackets(plain) || plain);
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
