/** What a schema says of a wrong value in the words of an office; the schema library's own Chinese is half English. */
import { z } from "zod";

type RawIssue = Parameters<ReturnType<typeof z.locales.zhCN>["localeError"]>[0];

/** Kinds of values as people know them from the file. */
const KINDS: Readonly<Record<string, string>> = {
  string: "文字",
  number: "数字",
  int: "整数",
  boolean: "true 或 false",
  array: "列表",
  object: "若干行“键: 值”",
  record: "若干行“键: 值”",
  null: "空着",
};

/** The message of an issue in Chinese. */
export function schemaWords(issue: RawIssue): string {
  switch (issue.code) {
    case "invalid_type": {
      const wanted = KINDS[issue.expected];
      if (wanted === undefined) break;
      const written = kindOf(issue.input);
      const isQuoted = typeof issue.input === "string" && issue.expected !== "string" && issue.expected !== "array";
      const hint =
        issue.expected === "string" && (written === KINDS.number || written === KINDS.boolean) ? "；请加引号" : "";
      const found =
        written === KINDS.null ? "这里空着" : isQuoted ? `写成了“${short(String(issue.input))}”` : `写成了${written}`;
      return `应为${spaced(wanted)}，${found}${hint}`;
    }
    case "too_small":
    case "too_big": {
      const isSmall = issue.code === "too_small";
      const limit = isSmall ? issue.minimum : issue.maximum;
      const word = isSmall ? "至少" : "至多";
      if (issue.origin === "array" || issue.origin === "set") return `应${word}有 ${limit} 项`;
      if (issue.origin === "string") return isSmall && Number(limit) === 1 ? "不能空着" : `应${word}有 ${limit} 个字`;
      if (isSmall) return `应${issue.inclusive ? "不小于" : "大于"} ${limit}`;
      return `应${issue.inclusive ? "不大于" : "小于"} ${limit}`;
    }
    case "invalid_value":
      return issue.values.length === 1
        ? `应为 ${String(issue.values[0])}`
        : `应为 ${issue.values.map(String).join("、")} 之一`;
    case "invalid_format":
    case "invalid_union":
      return "写法不对";
    case "invalid_key":
      return "这个键的写法不对";
  }
  const said = z.locales.zhCN().localeError(issue);
  return typeof said === "string" ? said : (said?.message ?? "写法不对");
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return KINDS.null ?? "";
  if (Array.isArray(value)) return KINDS.array ?? "";
  return KINDS[typeof value] ?? typeof value;
}

function short(text: string): string {
  const letters = [...text];
  return letters.length > LONGEST ? `${letters.slice(0, LONGEST).join("")}…` : text;
}
const LONGEST = 20;

/** A blank between Chinese and Latin letters. */
function spaced(words: string): string {
  return /^[A-Za-z]/.test(words) ? ` ${words}` : words;
}
