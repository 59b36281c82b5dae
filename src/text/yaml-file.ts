/** Reads a YAML file that people edit: one schema, and every fault named with its line. */
import { isCollection, isMap, isPair, isSeq, LineCounter, type Node, parseDocument, Scalar, visit } from "yaml";
import { z } from "zod";
import { ChouqianError, type Problem } from "./errors.ts";
import { schemaWords } from "./schema-words.ts";
import { type Words, words } from "./words.ts";

/**
 * Parses YAML 1.2 text by a schema.
 * @param fileName as people know the file
 * @param code code of the error and of each problem in it
 * @returns the schema's output
 * @throws ChouqianError with one problem for each fault: file, line (`row`), key path (`key`)
 */
export function parseYaml<S extends z.ZodType>(schema: S, text: string, fileName: string, code: string): z.output<S> {
  const source = readYaml(text, fileName, code);
  const checked = checkYaml(schema, source, code);
  if ("data" in checked) return checked.data;
  throw invalidYaml(code, fileName, checked.problems);
}

/** Where a value stands in a file that people edit. */
export interface YamlPlace {
  readonly file: string;
  readonly line: number;
  readonly path: readonly PropertyKey[];
}

/** A YAML file as plain values, which knows in which line each stands. */
export interface YamlSource {
  readonly value: unknown;
  readonly locate: (path: readonly PropertyKey[]) => YamlPlace;
  /** Faults of syntax that leave the structure as it is, such as a key that stands twice. */
  readonly problems: readonly Problem[];
  /** Whether what stands there was already refused as syntax, so that its value means nothing. */
  readonly isRefused: (path: readonly PropertyKey[]) => boolean;
}

/**
 * Reads YAML 1.2 text without a schema.
 * @throws ChouqianError naming the faults of syntax up to the first that leaves the structure open, if there is one
 */
export function readYaml(text: string, fileName: string, code: string): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, version: "1.2", schema: "core", uniqueKeys: true });
  // A warning is a tag that YAML's core does not know: what it would mean is anyone's guess.
  const errors = [...document.errors, ...document.warnings];
  // What follows a slip that leaves the structure open is read wrong, and is no fault of its own.
  const slip = errors.findIndex(({ code: kind }) => !WHOLE.includes(kind));
  const syntax = (slip < 0 ? errors : errors.slice(0, slip + 1)).map((error): Problem => {
    const opened = isLeftOpen(error.message) ? openBracket(text, error.pos[0]) : undefined;
    const { line } = lines.linePos(opened ?? error.pos[0]);
    const said = opened === undefined ? SYNTAX_WORDS[error.code] : leftOpen(text.charAt(opened));
    return yamlProblem(code, { file: fileName, line, path: [] }, said ?? otherSyntax(error.message));
  });
  const refused = new Set<string>();
  visit(document, {
    Alias: (key, { range }, ancestors) => {
      const { line } = lines.linePos(range?.[0] ?? 0);
      syntax.push(yamlProblem(code, { file: fileName, line, path: [] }, ALIAS));
      refused.add(JSON.stringify(pathTo(key, ancestors)));
      return new Scalar(null);
    },
  });
  if (slip >= 0) throw invalidYaml(code, fileName, syntax);
  return {
    value: document.toJS({ maxAliasCount: 0 }),
    locate: (path) => ({ file: fileName, line: lineOf(document.contents, path, lines), path }),
    problems: syntax,
    isRefused: (path) => path.some((_, i) => refused.has(JSON.stringify(path.slice(0, i + 1)))),
  };
}

/** Keys and places in lists that lead to a node of a document. */
function pathTo(key: unknown, ancestors: readonly unknown[]): (string | number)[] {
  const steps = ancestors.flatMap((each, i): (string | number)[] => {
    if (isPair(each)) return [String(each.key)];
    if (!isSeq(each)) return [];
    const next = ancestors[i + 1];
    return [next === undefined ? Number(key) : each.items.indexOf(next)];
  });
  return steps;
}

/** The schema's output, or every fault of a value with its place. */
export function checkYaml<S extends z.ZodType>(
  schema: S,
  { value, locate, problems: syntax, isRefused }: YamlSource,
  code: string,
): { readonly data: z.output<S> } | { readonly problems: readonly Problem[] } {
  const result = schema.safeParse(value, { reportInput: false });
  if (result.success) return syntax.length === 0 ? { data: result.data } : { problems: syntax };
  const faults = inBothLanguages(schema, value, result.error).filter(({ path }) => !isRefused(path));
  const problems = faults.map(({ path, said, seeAlso, advice }) => {
    const place = locate(path);
    const other = seeAlso && locate(seeAlso);
    const message = other === undefined ? said : withPlace(said, other, other.file !== place.file);
    return yamlProblem(code, place, message, advice);
  });
  return { problems: [...syntax, ...problems] };
}

function withPlace(said: Words, { file, line }: YamlPlace, isElsewhere: boolean): Words {
  const [zh, en] = isElsewhere ? [`${file} `, `${file}, `] : ["", ""];
  return words(`${said.zh}（另见${zh === "" ? "" : " "}${zh}第 ${line} 行）`, `${said.en} (see ${en}line ${line})`);
}

const ALIAS = words("不支持 YAML 的锚点和别名（& 和 *）", "YAML anchors and aliases are not taken");

/**
 * What a schema may say in the `params` of a custom issue besides its Chinese message:
 * `{ code: "custom", path, message: "代码重复", params: { en: "the code repeats", seeAlso: ["a", 0] } satisfies FaultParams }`.
 */
export interface FaultParams {
  /** The message in English; the Chinese one serves for both without it. */
  readonly en?: string | undefined;
  /** Path of another place that the fault concerns; its line is added to the message. */
  readonly seeAlso?: readonly (string | number)[] | undefined;
  readonly advice?: Words | undefined;
}

const ReadParams = z
  .object({
    en: z.string(),
    seeAlso: z.array(z.union([z.string(), z.number()])),
    advice: z.object({ zh: z.string(), en: z.string() }),
  })
  .partial();

/** Faults that leave the structure as it is. */
const WHOLE: readonly string[] = ["DUPLICATE_KEY", "TAG_RESOLVE_FAILED", "MULTIPLE_DOCS"];

/** The syntax errors that people make, in words of theirs. */
const SYNTAX_WORDS: Readonly<Record<string, Words>> = {
  DUPLICATE_KEY: words("同一个键写了两次", "a key stands twice"),
  TAB_AS_INDENT: words("用了制表符缩进，请改为空格", "a tab is used as indentation; use spaces"),
  BAD_INDENT: words("缩进不对，同一级应对齐", "the indentation is wrong"),
  MISSING_CHAR: words("缺少引号、括号或冒号", "a quote, bracket or colon is missing"),
  MULTILINE_IMPLICIT_KEY: words("键后面缺少冒号，或冒号后面缺少空格", "a colon, or the space after it, is missing"),
  MULTIPLE_DOCS: words("文件里不能有“---”或“...”分出的第二部分", "the file holds more than one document"),
  TAG_RESOLVE_FAILED: words("不支持 YAML 的标签（!）", "YAML tags (!) are not taken"),
};

/** A list or map in brackets that is not closed: told where it opens, not where the reader noticed. */
function isLeftOpen(message: string): boolean {
  return /^Flow (sequence|map) in block collection must be/.test(message);
}

/** Place of the innermost bracket that is open at a place; undefined where there is none. */
function openBracket(text: string, at: number): number | undefined {
  let depth = 0;
  for (let i = at - 1; i >= 0; i--) {
    if (/[\]}]/.test(text.charAt(i))) depth++;
    else if (/[[{]/.test(text.charAt(i)) && depth-- === 0) return i;
  }
  return undefined;
}

function leftOpen(bracket: string): Words {
  const end = bracket === "[" ? "]" : "}";
  return words(`这里的 ${bracket} 没有收尾，缺 ${end}`, `the ${bracket} here is not closed by ${end}`);
}

function otherSyntax(message: string): Words {
  const first = (message.split("\n", 1)[0] ?? "").replace(/ at line \d+, column \d+:?$/, "");
  return words("不符合 YAML 语法：多为括号、引号没有成对，或缩进不对", `not YAML: ${first}`);
}

interface Fault {
  readonly path: readonly PropertyKey[];
  readonly said: Words;
  readonly seeAlso?: readonly PropertyKey[] | undefined;
  readonly advice?: Words | undefined;
}

interface LocatedMessage {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly params?: FaultParams | undefined;
}

/** Faults in Chinese and English. Messages that a schema gives itself are the same in both, but for `FaultParams`. */
function inBothLanguages(schema: z.ZodType, value: unknown, first: z.ZodError): Fault[] {
  const said = (locale: ReturnType<typeof z.locales.en>) => {
    const again = schema.safeParse(value, { error: locale.localeError });
    return again.success ? first.issues : again.error.issues;
  };
  const english = flatten(said(z.locales.en()));
  return flatten(said({ localeError: schemaWords })).map(({ path, message, params }, index): Fault => {
    const inEnglish = params?.en ?? english[index]?.message ?? message;
    const isOfLocale = params === undefined && inEnglish !== message;
    const key = String(path.at(-1));
    const text =
      isOfLocale && isAbsent(value, path) ? words(`缺少“${key}”`, `"${key}" is missing`) : words(message, inEnglish);
    return { path, said: text, seeAlso: params?.seeAlso, advice: params?.advice };
  });
}

/** Whether the last key of a path is not there at all. */
function isAbsent(value: unknown, path: readonly PropertyKey[]): boolean {
  let inside = value;
  for (const step of path) {
    if (typeof inside !== "object" || inside === null || !Object.hasOwn(inside, step)) return true;
    inside = Reflect.get(inside, step);
  }
  return false;
}

/** One entry for each fault: unknown keys one by one, and the faults inside the one form of a choice that was meant. */
function flatten(issues: readonly z.core.$ZodIssue[]): LocatedMessage[] {
  return issues.flatMap((issue): LocatedMessage[] => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({
        path: [...issue.path, key],
        message: `不认识的键“${key}”`,
        params: { en: `unknown key "${key}"` },
      }));
    }
    if (issue.code === "custom") {
      return [{ path: issue.path, message: issue.message, params: ReadParams.safeParse(issue.params).data }];
    }
    const meant = issue.code === "invalid_union" ? meantForm(issue.errors) : undefined;
    if (meant === undefined) return [{ path: issue.path, message: issue.message }];
    return flatten(meant).map(({ path, message }) => ({ path: [...issue.path, ...path], message }));
  });
}

/** The form of a choice that fits but for faults inside it: the one with the fewest; none where the value is of no form. */
function meantForm(forms: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | undefined {
  const fitting = forms.filter((issues) => issues.every(({ path }) => path.length > 0));
  return [...fitting].sort((a, b) => a.length - b.length)[0];
}

/** Line of the value at a path, or of the nearest part of the path that is there. */
function lineOf(root: Node | null, path: readonly PropertyKey[], lines: LineCounter): number {
  let node: Node | null = root;
  let offset = node?.range?.[0] ?? 0;
  for (const step of path) {
    if (!isCollection(node)) break;
    if (isMap(node)) {
      const pair = node.items.findLast(({ key }) => String(key) === String(step));
      if (pair === undefined) break;
      const key = pair.key as Node | null;
      node = pair.value as Node | null;
      offset = key?.range?.[0] ?? offset;
      continue;
    }
    node = isSeq(node) ? ((node.items[Number(step)] as Node | undefined) ?? null) : null;
    offset = node?.range?.[0] ?? offset;
  }
  return lines.linePos(offset).line;
}

/** A path as messages write it, such as `quotas[0].count`. */
export function keyPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, step) => (typeof step === "number" ? `${text}[${step}]` : `${text}${text === "" ? "" : "."}${String(step)}`),
    "",
  );
}

const MEND = words("修改该行后再试，可对照文件里的注释", "mend the line; see the comments in the file");

/** A problem at its place in a file. */
export function yamlProblem(code: string, { file, line, path }: YamlPlace, message: Words, advice = MEND): Problem {
  const key = keyPath(path);
  return { code, message, at: { file, row: line, key: key === "" ? undefined : key }, advice };
}

/** The refusal of a file, from its top to its end; what is said twice of the same place is said once. */
export function invalidYaml(code: string, file: string, found: readonly Problem[]): ChouqianError {
  const byPlace = new Map(
    found.map((problem) => [
      JSON.stringify([problem.at.file, problem.at.row, problem.at.key, problem.message.zh]),
      problem,
    ]),
  );
  const isElsewhere = ({ at }: Problem) => Number(at.file !== file);
  const problems = [...byPlace.values()].sort(
    (a, b) => isElsewhere(a) - isElsewhere(b) || (a.at.row ?? 0) - (b.at.row ?? 0),
  );
  return new ChouqianError(code, {
    message: words(`有 ${problems.length} 处错误`, `${problems.length} faults`),
    advice: words("按所列各处修改后再试", "mend each of them and try again"),
    at: { file },
    problems,
  });
}
