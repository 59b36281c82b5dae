/**
 * When a part of a form applies: a small condition on what the ledger says or on other indicators of the record.
 * One condition serves three places: the form when it is made, a formula of the workbook, the relevance of an XForm.
 * A value that is missing says nothing: the condition is then unknown and the part is shown with its condition in words.
 */
import { z } from "zod";
import { findStatus, plainValue } from "../reference/ledger-values.ts";
import { quoteText } from "../xlsx/write.ts";

const Values = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)], {
  error: "应为文字或文字的列表；代码等数字请加引号",
});

/** What a form prints in place of the condition, where codes and values in full would read badly. */
const PlainWords = z
  .string()
  .regex(/^\S[^\r\n]{0,39}$/u, {
    error: "words 应为一行不超过 40 个字的文字，如 words: 钢铁行业",
  })
  .optional();

const TESTS = ["is", "isNot", "starts", "contains", "above"] as const;
const TEST_ERROR = "条件应写 field 或 indicator 之一，再写 is、isNot、starts、contains、above 之一";

/** One question to one value. */
const Test = z
  .strictObject({
    /** Field of the ledger, by its key in `templates/ledger-fields.yaml`. */
    field: z.string().min(1).optional(),
    /** Indicator of the same record, by its code; the value found, else the value reported. */
    indicator: z.string().min(1).optional(),
    /** Equals this text, or one of these. */
    is: Values.optional(),
    /** Equals none of these. */
    isNot: Values.optional(),
    /** Begins with this text, or one of these. */
    starts: Values.optional(),
    /** Contains this text, or one of these. */
    contains: Values.optional(),
    /** Is a number greater than this. */
    above: z.number().optional(),
    words: PlainWords,
  })
  .refine(
    (test) =>
      (test.field === undefined) !== (test.indicator === undefined) &&
      TESTS.filter((key) => test[key] !== undefined).length === 1,
    { error: TEST_ERROR, params: { en: "a condition names a field or an indicator, and one test" } },
  );
type Test = z.infer<typeof Test>;

const TestOrAny = z.union([Test, z.strictObject({ any: z.array(Test).min(2), words: PlainWords })], {
  error: TEST_ERROR,
});

/** A test, several of which any will do, or several that must all hold. */
export const Condition = z.union([TestOrAny, z.strictObject({ all: z.array(TestOrAny).min(2), words: PlainWords })], {
  error: TEST_ERROR,
});
export type Condition = z.infer<typeof Condition>;

/** Whether a part applies; unknown where the values that decide are missing. */
export type Verdict = "applies" | "not" | "unknown";

/** The value behind a field or an indicator; undefined or empty where it is not known. */
export type Lookup = (of: { readonly field?: string | undefined; readonly indicator?: string | undefined }) => string;

/** Decides a condition by Kleene's logic of three values (1938): a missing value is neither true nor false. */
export function decide(condition: Condition, lookup: Lookup): Verdict {
  if ("all" in condition) {
    const verdicts = condition.all.map((each) => decide(each, lookup));
    if (verdicts.includes("not")) return "not";
    return verdicts.includes("unknown") ? "unknown" : "applies";
  }
  if ("any" in condition) {
    const verdicts = condition.any.map((each) => decide(each, lookup));
    if (verdicts.includes("applies")) return "applies";
    return verdicts.includes("unknown") ? "unknown" : "not";
  }
  const value = comparable(condition, lookup(condition));
  if (value === "") return "unknown";
  const { above } = condition;
  if (above !== undefined) {
    const number = Number(value);
    return Number.isNaN(number) ? "unknown" : number > above ? "applies" : "not";
  }
  return holds(condition, value) ? "applies" : "not";
}

/** The indicator of which a record's own value may decide a condition. */
interface Deciding {
  readonly code: string;
  readonly field?: string | undefined;
}

/** Whether a condition asks for the value of this very indicator, as 废水排放量大于 0 asks for 废水排放量. */
export function asksFor(condition: Condition, { code, field }: Deciding): boolean {
  return testsOf(condition).some((test) => isBehind(test, { code, field }));
}

function isBehind({ field, indicator }: Parameters<Lookup>[0], of: Deciding): boolean {
  return indicator === undefined ? field !== undefined && field === of.field : indicator === of.code;
}

/**
 * Decides a condition for one indicator. One that decides its own condition applies where it holds by the value reported or by
 * the value found: otherwise an amount that is reported and found to be none would never be wrong.
 * @param reported the value reported of the indicator itself; empty where it says nothing
 */
export function decideFor(indicator: Deciding, condition: Condition, lookup: Lookup, reported: string): Verdict {
  const verdict = decide(condition, lookup);
  if (verdict !== "not" || reported === "" || !asksFor(condition, indicator)) return verdict;
  const asReported: Lookup = (of) => (isBehind(of, indicator) ? reported : lookup(of));
  return decide(condition, asReported) === "applies" ? "applies" : verdict;
}

/** A value as tests compare it; empty where it says nothing. */
export function comparable({ field }: Pick<Test, "field">, value: string): string {
  return field === "status" ? (findStatus(value) ?? "") : plainValue(value);
}

function holds(test: Test, value: string): boolean {
  if (test.is !== undefined) return listOf(test.is).includes(value);
  if (test.isNot !== undefined) return !listOf(test.isNot).includes(value);
  if (test.starts !== undefined) return listOf(test.starts).some((each) => value.startsWith(each));
  return listOf(test.contains).some((each) => value.includes(each));
}

function listOf(values: string | readonly string[] | undefined): string[] {
  return (typeof values === "string" ? [values] : [...(values ?? [])]).map(plainValue);
}

/** All tests of a condition. */
export function testsOf(condition: Condition): readonly Test[] {
  if ("all" in condition) return condition.all.flatMap(testsOf);
  return "any" in condition ? condition.any : [condition];
}

/**
 * A condition in words, such as 废水排放量大于 0; its own plain words go before those made of its tests.
 * @param nameOf name of a field or an indicator as people know it
 */
export function inWords(condition: Condition, nameOf: Lookup): string {
  if (condition.words !== undefined) return condition.words;
  if ("all" in condition) {
    return condition.all
      .map((each) =>
        "any" in each && each.words === undefined ? `（${inWords(each, nameOf)}）` : inWords(each, nameOf),
      )
      .join("，且");
  }
  if ("any" in condition) return condition.any.map((each) => inWords(each, nameOf)).join("，或");
  const name = nameOf(condition);
  const { is, isNot, starts, contains, above } = condition;
  if (above !== undefined) return `${name}大于 ${above}`;
  if (is !== undefined) return `${name}为${spoken(is, "或")}`;
  if (isNot !== undefined) return `${name}不是${spoken(isNot, "、")}`;
  if (starts !== undefined) return `${name}以 ${[starts].flat().join("、")} 开头`;
  return `${name}含${spoken(contains ?? [], "或")}`;
}

function spoken(values: string | readonly string[], joint: string): string {
  return [values]
    .flat()
    .map((each) => `“${each}”`)
    .join(joint);
}

/** How a language of formulas says the parts of a condition. */
export interface Notation {
  /** The expression that gives the value behind a test, such as a cell or a path; undefined where there is none. */
  readonly valueOf: (of: Test) => string | undefined;
  readonly text: (value: string) => string;
  readonly isEmpty: (value: string) => string;
  readonly equals: (value: string, text: string) => string;
  readonly starts: (value: string, text: string) => string;
  readonly contains: (value: string, text: string) => string;
  readonly above: (value: string, number: number) => string;
  readonly not: (expression: string) => string;
  readonly all: (expressions: readonly string[]) => string;
  readonly any: (expressions: readonly string[]) => string;
  readonly yes: string;
}

/**
 * An expression of a condition: true unless it is known not to hold, for a missing value hides nothing; with `hide` true
 * where it is known to hold.
 */
export function asExpression(condition: Condition, notation: Notation, ifUnknown: "show" | "hide" = "show"): string {
  const each = (part: Condition) => asExpression(part, notation, ifUnknown);
  if ("all" in condition) return notation.all(condition.all.map(each));
  if ("any" in condition) return notation.any(condition.any.map(each));
  const value = notation.valueOf(condition);
  if (value === undefined) return notation.yes;
  const test = testExpression(condition, value, notation);
  const isEmpty = notation.isEmpty(value);
  return ifUnknown === "hide" ? notation.all([notation.not(isEmpty), test]) : notation.any([isEmpty, test]);
}

function testExpression(test: Test, value: string, notation: Notation): string {
  if (test.above !== undefined) return notation.above(value, test.above);
  const some = (values: string | readonly string[], say: (value: string, text: string) => string) => {
    const said = [values].flat().map((each) => say(value, notation.text(each)));
    return said.length === 1 ? (said[0] ?? "") : notation.any(said);
  };
  if (test.is !== undefined) return some(test.is, notation.equals);
  if (test.isNot !== undefined) return notation.not(some(test.isNot, notation.equals));
  if (test.starts !== undefined) return some(test.starts, notation.starts);
  return some(test.contains ?? [], notation.contains);
}

/**
 * Formulas of a workbook (OOXML, English function names).
 * @param cellOf expression of a value's cell, such as `IF(G12<>"",G12,F12)`
 */
export function workbookNotation(cellOf: Notation["valueOf"]): Notation {
  return {
    valueOf: cellOf,
    text: quoteText,
    isEmpty: (value) => `${value}=""`,
    equals: (value, text) => `${value}&""=${text}`,
    starts: (value, text) => `LEFT(${value},LEN(${text}))=${text}`,
    contains: (value, text) => `ISNUMBER(FIND(${text},${value}))`,
    above: (value, number) => `IFERROR(VALUE(${value})>${number},TRUE)`,
    not: (expression) => `NOT(${expression})`,
    all: (expressions) => `AND(${expressions.join(",")})`,
    any: (expressions) => `OR(${expressions.join(",")})`,
    yes: "TRUE",
  };
}

/** Relevance of an XForm (XPath 1.0 as ODK takes it). */
export function xpathNotation(pathOf: Notation["valueOf"]): Notation {
  return {
    valueOf: pathOf,
    // XPath 1.0 has no escapes: a text with an apostrophe stands in double quotes.
    text: (value) => (value.includes("'") ? `"${value.replaceAll('"', "")}"` : `'${value}'`),
    isEmpty: (value) => `${value} = ''`,
    equals: (value, text) => `${value} = ${text}`,
    starts: (value, text) => `starts-with(${value}, ${text})`,
    contains: (value, text) => `contains(${value}, ${text})`,
    above: (value, number) => `${value} > ${number}`,
    not: (expression) => `not(${expression})`,
    all: (expressions) => expressions.map((each) => `(${each})`).join(" and "),
    any: (expressions) => expressions.map((each) => `(${each})`).join(" or "),
    yes: "true()",
  };
}
