/** The first difference between two JSON values, named by its place. Pure. */
import { compareBytes, type JsonValue } from "../text/canonical.ts";
import { shorten } from "../text/errors.ts";
import { type Words, words } from "../text/words.ts";

/**
 * Names the first place where two values differ, in the order of the expected value. Members of lists that carry a
 * `key` or `id` are named by it, as a stratum by its key.
 * @returns undefined where they are equal
 */
export function firstDifference(
  found: JsonValue | undefined,
  expected: JsonValue | undefined,
  path = "",
): Words | undefined {
  if (Array.isArray(found) && Array.isArray(expected)) {
    for (let i = 0; i < Math.max(found.length, expected.length); i++) {
      const name = label(expected[i] ?? found[i], i);
      const difference = firstDifference(found[i], expected[i], `${path}[${name}]`);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }
  if (isObject(found) && isObject(expected)) {
    const keys = [...new Set([...Object.keys(expected), ...Object.keys(found)])].sort(compareBytes);
    for (const key of keys) {
      const difference = firstDifference(found[key], expected[key], path === "" ? key : `${path}.${key}`);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }
  if (Object.is(found, expected)) return undefined;
  return words(
    `${path} 应为 ${show(expected)}，实为 ${show(found)}`,
    `${path}: expected ${show(expected)}, found ${show(found)}`,
  );
}

function isObject(value: JsonValue | undefined): value is { readonly [key: string]: JsonValue | undefined } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function label(member: JsonValue | undefined, index: number): string {
  if (isObject(member)) {
    if (typeof member.key === "string") return member.key;
    if (typeof member.rank === "number") return `rank ${member.rank}`;
  }
  return String(index);
}

function show(value: JsonValue | undefined): string {
  return value === undefined ? "（无）" : shorten(JSON.stringify(value), 90);
}
