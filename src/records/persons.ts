/** The people that a form names as its inspectors, however their names are written. Pure. */
import { skeleton } from "../seed/look-alike.ts";

/** Names folded by `skeleton`; what stands in brackets, such as 组长, does not count. */
function namesIn(inspectors: string): string[] {
  const parts = inspectors
    .normalize("NFKC")
    .replace(/\([^)]*\)/g, "")
    .split(/[、,;/|&+\r\n]/);
  const names = parts.flatMap((part) => {
    const written = part.split(/\s+/).filter((each) => each !== "");
    // 张 三: a name of two characters is often spread out.
    return written.some((each) => [...each].length === 1) ? [written.join("")] : written;
  });
  return [...new Set(names.map(skeleton))].filter((name) => name !== "");
}

/**
 * Whether two forms name the same people, in whatever order and with whatever between them, or nothing at all: 张三、李四 are
 * 李四张三. Where either names nobody they are not known to be the same.
 */
export function samePersons(a: string, b: string): boolean {
  const [one, other] = [namesIn(a), namesIn(b)];
  return one.length > 0 && other.length > 0 && (isMadeOf(other, one) || isMadeOf(one, other));
}

/** Whether these names are all that is written. */
function isMadeOf(written: readonly string[], names: readonly string[]): boolean {
  let text = written.join(" ");
  for (const name of [...names].sort((a, b) => b.length - a.length)) {
    if (!text.includes(name)) return false;
    text = text.replaceAll(name, " ");
  }
  return text.trim() === "";
}
