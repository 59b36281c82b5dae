/** The people that a form names as its inspectors, however their names are written. Pure. */
import { skeleton } from "../seed/look-alike.ts";
import { withoutUnseen } from "../text/visible.ts";

const BRACKETED = /\([^()]*\)|\[[^[\]]*\]|【[^【】]*】|〔[^〔〕]*〕|\{[^{}]*\}|<[^<>]*>|《[^《》]*》|「[^「」]*」/g;
/** Numbers in a circle, in brackets or with a point, as one sign: they number a list. */
const NUMBER_SIGNS = /[\u2460-\u249b\u24ea-\u24ff\u2776-\u2793\u3220-\u3229\u3280-\u3289]/g;
const BETWEEN = /[、,，;；/|&+\r\n\t·•・‧。.:：\-–—_~\\=*#]/;
const JOINING = /[和与及跟]/;
const TITLES = /^(?:副?组长|组员|成员|队长|核查人?员|检查人?员|核查人|检查人|记录人)/;

/** A text in NFKC without what stands in brackets, such as 组长 behind a name. */
export function withoutBrackets(text: string): string {
  return text.normalize("NFKC").replace(BRACKETED, "");
}

/** The names as they are written, folded by `skeleton`; titles, and numbers before names, are none. */
function namesIn(inspectors: string): string[] {
  const listed = withoutUnseen(inspectors).replace(NUMBER_SIGNS, "、");
  const parts = withoutBrackets(listed.replace(BRACKETED, " "))
    .replace(/[等共]?\s*\d+\s*人/g, "、")
    .replace(/(?<=\p{Script=Han}{2})\d+(?=\p{Script=Han}{2})/gu, "、")
    .split(BETWEEN);
  const names = parts.flatMap((part) => {
    const written = part
      .split(/\s+/)
      .map((each) => untitled(each.replace(/^\d+(?=\D|$)/, "")))
      .filter((each) => each !== "");
    // 张 三: a name of two characters is often spread out; 张三 和 李四 is no such name.
    const single = written.filter((each) => [...each].length === 1);
    if (single.length === 0) return written;
    const isJoined = written.length > 2 && single.every((each) => JOINING.test(each));
    return isJoined ? written.filter((each) => !single.includes(each)) : [written.join("")];
  });
  return [...new Set(names.map(skeleton))].filter((name) => name !== "");
}

function untitled(name: string): string {
  const rest = name.replace(TITLES, "");
  return rest === "" || /^\p{Script=Han}{2}/u.test(rest) ? rest : name;
}

/** Names parted at 和, 与, 及 and 跟 where at least two characters stand on either side: 和珅 and 张和平 are names. */
function parted(names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const letters = [...name];
    const found: string[] = [];
    let start = 0;
    for (let i = 2; i < letters.length - 2; i++) {
      if (i - start < 2 || !JOINING.test(letters[i] ?? "")) continue;
      found.push(letters.slice(start, i).join(""));
      start = i + 1;
    }
    return [...found, letters.slice(start).join("")];
  });
}

/**
 * Whether all that one of two forms names are named by the other, in whatever order and with whatever between them, or nothing
 * at all: 张三、李四 are 李四和张三, and 张三 alone is one of them. Where either names nobody they are not known to be the same.
 */
export function samePersons(a: string, b: string): boolean {
  const [one, other] = [namesIn(a), namesIn(b)];
  if (one.length === 0 || other.length === 0) return false;
  // 和 may part names or be of one: the same by either reading is the same.
  return [one, parted(one)].some((these) => [other, parted(other)].some((those) => areAmong(these, those)));
}

function areAmong(these: readonly string[], those: readonly string[]): boolean {
  return isMadeOf(these, those) || isMadeOf(those, these) || allIn(these, those) || allIn(those, these);
}

/** Whether what is written is these names, or some of them, and nothing else. */
function isMadeOf(written: readonly string[], names: readonly string[]): boolean {
  let text = written.join(" ");
  for (const name of [...names].sort((a, b) => b.length - a.length)) text = text.replaceAll(name, " ");
  return text.replace(/[和与及跟\s]/g, "") === "";
}

/** Whether each of these names is one of those, or stands among names run together: 张三 in 李四张三, but not in 张三丰. */
function allIn(these: readonly string[], those: readonly string[]): boolean {
  const isIn = (name: string, run: string) =>
    run === name || ([...name].length >= 2 && run.includes(name) && [...run.replace(name, "")].length >= 2);
  return these.every((name) => those.some((run) => isIn(name, run)));
}
