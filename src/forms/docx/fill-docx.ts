/** Fills an office's Word template by docxtemplater: `{tag}`, `{#list}…{/list}`, `{^list}…{/list}`. */
import { basename } from "node:path";
import type Docxtemplater from "docxtemplater";
import { ChouqianError, type Problem } from "../../text/errors.ts";
import { lazily } from "../../text/lazily.ts";
import { type Words, words } from "../../text/words.ts";
import type { TagValues } from "./letter-data.ts";
import { type DocxParts, packed, zipOf } from "./open-docx.ts";
import { tagsIn, templateText } from "./template-text.ts";

const loadDocxtemplater = lazily<typeof Docxtemplater>("docxtemplater");
const CODE = "E-DOCX-TAG";

/**
 * The filled document's bytes, the same for the same template and values.
 * @param path of the template, for messages
 * @throws ChouqianError E-DOCX-TAG with every tag that is unknown, not closed or not opened
 */
export function fillDocx(template: DocxParts, values: TagValues, path: string): Uint8Array {
  const text = templateText(template);
  const problems = [...wideTags(text), ...foreignTags(text)];
  const unknown = new Set<string>();
  try {
    const document = compiled(template, (tag) => unknown.add(tag));
    document.render(values);
    problems.push(...[...unknown].map(unknownTag));
    if (problems.length === 0) return packed(document.getZip());
  } catch (error) {
    const found = engineProblems(error);
    if (found === undefined) throw error;
    problems.unshift(...found);
    problems.push(...unknownIn(text, values).map(unknownTag));
  }
  throw refusalOf(path, problems);
}

/** Names of tags that stand for nothing in any scope; where the engine cannot read a template, it does not look at them. */
function unknownIn(text: string, values: TagValues): string[] {
  const scopes = scopesOf(values);
  const named = tagsIn(text).filter(({ sign }) => !(sign in FOREIGN));
  return [...new Set(named.map(({ name }) => name))].filter(
    (name) => name !== "" && scopes.every((scope) => valueAt(scope, name) === undefined),
  );
}

/** Values at all levels; of a list the first speaks for all. */
function scopesOf(values: TagValues): TagValues[] {
  const below = Object.values(values).flatMap((value): TagValues[] => {
    if (typeof value === "string") return [];
    if (!Array.isArray(value)) return scopesOf(value as TagValues);
    return value.length === 0 ? [] : scopesOf(value[0] as TagValues);
  });
  return [values, ...below];
}

/**
 * Whether a template loops over one of these lists.
 */
export function hasLoop(template: DocxParts, names: readonly string[]): boolean {
  return tagsIn(templateText(template)).some(({ sign, name }) => sign === "#" && names.includes(name));
}

function compiled(template: DocxParts, onUnknown: (tag: string) => void): Docxtemplater {
  return new (loadDocxtemplater())(zipOf(template), {
    paragraphLoop: true,
    linebreaks: true,
    errorLogging: false,
    parser: (tag) => ({ get: (scope: unknown) => valueAt(scope, tag.trim()) }),
    nullGetter: ({ value = "" }: { value?: string }) => {
      onUnknown(value);
      return "";
    },
  });
}

/** The value at `a.b`, by own names alone; undefined where there is none, so that the scopes around are asked. */
function valueAt(scope: unknown, tag: string): unknown {
  if (tag === ".") return scope;
  return tag.split(".").reduce<unknown>((value, name) => {
    return typeof value === "object" && value !== null && Object.hasOwn(value, name)
      ? Reflect.get(value, name)
      : undefined;
  }, scope);
}

/** Tags in full-width braces, as a Chinese keyboard writes them, would stay as they are. */
function wideTags(text: string): Problem[] {
  return [...new Set(text.match(/｛[^｛｝\n]{1,40}｝/g))].map((tag) =>
    problem(
      tag,
      words(`标签 ${tag} 用了全角花括号`, `the tag ${tag} has full-width braces`),
      words("改用半角花括号 { }", "write { } in half-width"),
    ),
  );
}

/** What the engine would take and a letter has no use for: raw XML, other delimiters. */
const FOREIGN: Readonly<Record<string, Words>> = {
  "@": words("不支持插入原始内容（@）", "raw content (@) is not taken"),
  "=": words("不支持改换标签的括号（=）", "other delimiters (=) are not taken"),
};

function foreignTags(text: string): Problem[] {
  const found = tagsIn(text).filter(({ sign }) => sign in FOREIGN);
  return [...new Set(found.map(({ sign, name }) => `${sign}${name}`))].map((tag) => {
    const { zh, en } = FOREIGN[tag.slice(0, 1)] as Words;
    return problem(
      tag,
      words(`标签 {${tag}}：${zh}`, `the tag {${tag}}: ${en}`),
      words(`改为文字标签，如 {${tag.slice(1) || "name"}}`, "write a tag for a text instead"),
    );
  });
}

function unknownTag(tag: string): Problem {
  return problem(
    tag,
    words(`不认识标签 {${tag}}`, `unknown tag {${tag}}`),
    words("可用的标签见 docs/forms-docx.md；循环里的标签写在循环之内", "the tags are listed in docs/forms-docx.md"),
  );
}

function refusalOf(path: string, problems: readonly Problem[]): ChouqianError {
  return new ChouqianError(CODE, {
    message: words(
      `Word 模板有 ${problems.length} 处标签错误`,
      `${problems.length} faults in the tags of the template`,
    ),
    advice: words("在 Word 中改正后重试", "correct them in Word and try again"),
    at: { file: basename(path) },
    problems,
  });
}

function problem(tag: string, message: Words, advice: Words): Problem {
  return { code: CODE, message, at: { value: tag }, advice };
}

/** What the engine throws: one error, or several in one. */
interface EngineError {
  readonly message: string;
  readonly properties: {
    readonly id?: string;
    readonly xtag?: string;
    readonly context?: string;
    readonly closingtag?: string;
    readonly openingtag?: string;
    readonly explanation?: string;
    readonly errors?: readonly EngineError[];
  };
}

/** The engine's complaints; undefined where an error is not the engine's. Raw tags are told already. */
function engineProblems(error: unknown): Problem[] | undefined {
  if (!(error instanceof Error) || !("properties" in error)) return undefined;
  const whole = error as Error & EngineError;
  const errors = whole.properties.errors ?? [whole];
  return errors.filter(({ properties: { id = "" } }) => !TOLD.includes(id)).map(problemOf);
}
const TOLD = ["raw_xml_tag_should_be_only_text_in_paragraph", "invalid_raw_xml_value", "change_delimiters_invalid"];

/** Meaning of the engine's errors; `tag` is the tag or what stands near it. */
const MEANINGS: Readonly<Record<string, (tag: string) => Words>> = {
  unopened_tag: (tag) => words(`“${tag}”附近有 } 而没有 {`, `there is a } without { near "${tag}"`),
  unclosed_tag: (tag) => words(`标签 {${tag} 没有写完，缺 }`, `the tag {${tag} is not closed by }`),
  duplicate_open_tag: (tag) => words(`“${tag}”附近多了 {`, `there is a { too many near "${tag}"`),
  duplicate_close_tag: (tag) => words(`“${tag}”附近多了 }`, `there is a } too many near "${tag}"`),
  unclosed_loop: (tag) => words(`循环 {#${tag}} 没有结束，缺 {/${tag}}`, `the loop {#${tag}} has no {/${tag}}`),
  unopened_loop: (tag) => words(`{/${tag}} 之前没有 {#${tag}}`, `{/${tag}} has no {#${tag}} before it`),
  closing_tag_does_not_match_opening_tag: (tag) => words(`循环交错：${tag}`, `loops cross: ${tag}`),
  unbalanced_loop_tags: (tag) => words(`循环 ${tag} 跨出了表格`, `the loop ${tag} begins and ends in different tables`),
  no_xml_tag_found_at_left: (tag) =>
    words(`循环 {${tag}} 不在它所指的表格或段落里`, `the loop {${tag}} stands outside its element`),
  no_xml_tag_found_at_right: (tag) =>
    words(`循环 {${tag}} 不在它所指的表格或段落里`, `the loop {${tag}} stands outside its element`),
  file_has_invalid_xml: () => words("文档内部已损坏", "the document is damaged inside"),
  malformed_xml: () => words("文档内部已损坏", "the document is damaged inside"),
  loop_position_invalid: (tag) => words(`循环 {#${tag}} 的位置不对`, `the loop {#${tag}} stands in a wrong place`),
};

function problemOf({ message, properties }: EngineError): Problem {
  const { id = "", xtag, context = "", openingtag, closingtag, explanation = message } = properties;
  const tag = openingtag === undefined ? (xtag ?? context) : `{#${openingtag}} … {/${closingtag ?? ""}}`;
  const meaning = MEANINGS[id]?.(tag) ?? words(`标签“${tag}”有误`, `tag "${tag}": ${explanation}`);
  return problem(tag, meaning, words("在 Word 里改正这个标签", "correct this tag in Word"));
}
