/** `include: file#part`, the only inheritance of templates: a part of another file takes the place of the entry. */
import type { Problem } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { keyPath, type YamlPlace, type YamlSource, yamlProblem } from "../text/yaml-file.ts";

type Path = readonly PropertyKey[];

/** A file as plain values with its includes put in. */
export interface Resolved extends YamlSource {
  /** Where parts were included. */
  readonly sites: readonly Site[];
}

/** A place that includes a part. */
export interface Site {
  /** Path of the including key in its file, as messages write it. */
  readonly key: string;
  readonly file: string;
  readonly part: string;
}

/** A file of parts. */
export interface PartSource extends YamlSource {
  /** Whether a part that it lacks is its own fault, not that of the file which includes it. */
  readonly isBlamed?: boolean;
}

/** Gives a file by the name that stands before the `#`; undefined where there is none. */
export type OpenPart = (file: string) => PartSource | undefined;

/**
 * Puts included parts in place. An entry of a list that consists of `include` alone becomes the entries of the part;
 * elsewhere the part is the value. Parts do not include others.
 */
export function resolveIncludes(source: YamlSource, open: OpenPart, code: string): Resolved {
  const origins = new Map<string, { readonly source: YamlSource; readonly path: Path }>();
  const opened = new Map<string, PartSource | undefined>();
  const sites: Site[] = [];
  const problems: Problem[] = [];

  const refuse = (at: YamlPlace, zh: string, en: string, advice = AS_WRITTEN): undefined => {
    problems.push(yamlProblem(code, at, words(zh, en), advice));
  };

  /** The part that an entry includes, with the place it comes from; undefined where it is refused. */
  const partOf = (target: unknown, from: YamlSource, path: Path) => {
    const at = from.locate([...path, "include"]);
    if (from !== source) return refuse(at, "被引用的部分不能再引用别处", "a part cannot include another");
    const [, file = "", name = ""] = (typeof target === "string" ? REFERENCE.exec(target) : null) ?? [];
    if (file === "") return refuse(at, "include 的写法不对", "this is no include");
    if (!opened.has(file)) opened.set(file, open(file));
    const other = opened.get(file);
    if (other === undefined) return refuse(at, `没有被引用的文件“${file}”`, `there is no file "${file}" to include`);
    const whole = other.value;
    if (typeof whole !== "object" || whole === null || !Object.hasOwn(whole, name)) {
      if (other.isBlamed) {
        return refuse(
          other.locate([]),
          `缺少“${name}”这一部分，随程序的表引用它`,
          `the part "${name}" is missing, which forms that are shipped include`,
          words("补上这一部分；名称写错的改正", "add it, or mend its name"),
        );
      }
      return refuse(at, `文件“${file}”里没有“${name}”这一部分`, `"${file}" has no part "${name}"`);
    }
    sites.push({ key: keyPath(at.path), file, part: name });
    return { source: other, path: [name] as Path, value: Reflect.get(whole, name) as unknown };
  };

  const walk = (value: unknown, from: YamlSource, path: Path, placed: Path): unknown => {
    if (Array.isArray(value)) {
      const entries: unknown[] = [];
      const put = (entry: unknown, source: YamlSource, at: Path) => {
        const target = [...placed, entries.length];
        origins.set(keyOf(target), { source, path: at });
        entries.push(walk(entry, source, at, target));
      };
      for (const [index, entry] of value.entries()) {
        const at = [...path, index];
        const part = isInclude(entry) ? partOf(entry.include, from, at) : { source: from, path: at, value: entry };
        if (part === undefined) continue;
        const isSpliced = isInclude(entry) && Array.isArray(part.value);
        if (!isSpliced) put(part.value, part.source, part.path);
        else for (const [i, each] of part.value.entries()) put(each, part.source, [...part.path, i]);
      }
      return entries;
    }
    if (isInclude(value)) {
      const part = partOf(value.include, from, path);
      if (part === undefined) return undefined;
      origins.set(keyOf(placed), part);
      return walk(part.value, part.source, part.path, placed);
    }
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, walk(each, from, [...path, key], [...placed, key])]),
    );
  };

  const sourceOf = (path: Path): { readonly source: YamlSource; readonly path: Path } => {
    for (let length = path.length; length > 0; length--) {
      const origin = origins.get(keyOf(path.slice(0, length)));
      if (origin !== undefined) return { source: origin.source, path: [...origin.path, ...path.slice(length)] };
    }
    return { source, path };
  };
  const value = walk(source.value, source, [], []);
  const locate = (path: Path): YamlPlace => {
    const { source: from, path: own } = sourceOf(path);
    return from.locate(own);
  };
  const isRefused = (path: Path) => {
    const { source: from, path: own } = sourceOf(path);
    return from.isRefused(own);
  };
  const others = [...opened.values()].flatMap((each) => each?.problems ?? []);
  return {
    value,
    locate,
    isRefused,
    sites,
    problems: [...source.problems, ...others, ...problems],
  };
}

const AS_WRITTEN = words("写成 include: parts/文件.yaml#部分名", "write include: parts/FILE.yaml#PART");

/** A file below the folder of templates, never above it, and the name of a part. */
const REFERENCE = /^((?:[\p{L}\p{N}_-]+\/)*[\p{L}\p{N}_-]+\.yaml)#([\p{L}\p{N}_-]+)$/u;

function isInclude(value: unknown): value is { readonly include: unknown } {
  return typeof value === "object" && value !== null && Object.keys(value).join() === "include";
}

function keyOf(path: Path): string {
  return JSON.stringify(path);
}
