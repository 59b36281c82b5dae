/** One indicator on the phone: value reported, value found, result, way and note, all on one screen. */

import { CODE_PATTERNS } from "../code-patterns.ts";
import { SLACK } from "../judge.ts";
import { CHECK_CAUSES, CHECK_WAYS } from "../record-marks.ts";
import { type Indicator, NUMERIC_TYPES, type ValueType } from "../template.ts";
import { relevanceOf } from "./relevance.ts";
import { type Choice, decimal, type Group, literal, nodeName, plain, type Question, ref } from "./survey.ts";

/** Results as records have them, and as inspectors read them. */
export const PHONE_RESULTS: readonly Choice[] = [
  { value: "right", label: "无误" },
  { value: "wrong", label: "差错" },
  { value: "notApplicable", label: "不适用" },
  { value: "unchecked", label: "未核查" },
];
export const PHONE_WAYS: readonly Choice[] = CHECK_WAYS.map(same);
export const PHONE_CAUSES: readonly Choice[] = CHECK_CAUSES.map(same);
export const YES_NO: readonly Choice[] = ["是", "否"].map(same);

/** Node of a ledger value as the ledger has it. */
export function ledgerNode(field: string): string {
  return `f_${field}`;
}

/** Name of an indicator's own list of choices. */
export function listOf(code: string): string {
  return `o_${nodeName(code)}`;
}

/** The choices of an indicator, with the value that is written. */
export function optionsOf({ options = [] }: Pick<Indicator, "options">): Choice[] {
  return options.map(same);
}

function same(text: string): Choice {
  return { value: text, label: text };
}

/** @param condition when the indicator applies, in words */
export function indicatorGroup(indicator: Indicator, condition: string | undefined): Group {
  const { code, key } = indicator;
  const name = nodeName(code);
  return {
    type: "group",
    name: `q_${name}`,
    label: `${key ? "★ " : ""}${plain(indicator.name)}（${code}）`,
    relevant: relevanceOf(indicator),
    appearance: "field-list",
    rows: [...reportedRows(indicator, name), found(indicator, name, condition), ...judgement(indicator, name)],
  };
}

/** The value reported: from the ledger, or copied from the census form where the ledger has none. */
function reportedRows({ field }: Indicator, name: string): Question[] {
  const label = "填报值（从普查表抄录）";
  if (field === undefined) return [{ type: "text", name: `${name}_reported`, label }];
  const ledger = ref(ledgerNode(field));
  return [
    { type: "text", name: `${name}_copied`, label, hint: "名录里没有", relevant: `${ledger} = ''` },
    {
      type: "calculate",
      name: `${name}_reported`,
      calculation: `if(${ledger} != '', ${ledger}, ${ref(`${name}_copied`)})`,
    },
  ];
}

const ASKED: Readonly<Record<ValueType, Question["type"]>> = {
  text: "text",
  code: "text",
  number: "decimal",
  coordinate: "decimal",
  integer: "integer",
  date: "date",
  choice: "select_one",
  yesno: "select_one",
};

function found(indicator: Indicator, name: string, condition: string | undefined): Question {
  const { type, unit, unitField, hint, code } = indicator;
  const measure = unitField === undefined ? plain(unit ?? "") : ref(ledgerNode(unitField));
  const hints = [
    `填报值：${ref(`${name}_reported`)}`,
    ...(measure === "" ? [] : [`单位：${measure}`]),
    ...(hint === undefined ? [] : [plain(hint)]),
    ...(condition === undefined ? [] : [`适用条件：${plain(condition)}`]),
  ];
  const list = type === "choice" ? listOf(code) : type === "yesno" ? "yesno" : undefined;
  return {
    type: ASKED[type],
    name,
    label: "核查值",
    hint: hints.join("\n"),
    ...(list === undefined ? {} : { list, appearance: "minimal" }),
    ...possible(indicator),
  };
}

/** What a value must look like at all. */
function possible({ type, min, max, field = "" }: Indicator): Pick<Question, "constraint" | "constraintMessage"> {
  if (NUMERIC_TYPES.includes(type)) {
    const bounds = [
      ...(min === undefined ? [] : [{ test: `. >= ${decimal(min)}`, words: `不小于 ${decimal(min)}` }]),
      ...(max === undefined ? [] : [{ test: `. <= ${decimal(max)}`, words: `不大于 ${decimal(max)}` }]),
    ];
    if (bounds.length === 0) return type === "coordinate" ? DEGREES : {};
    return {
      constraint: bounds.map(({ test }) => test).join(" and "),
      constraintMessage: `应${bounds.map((each) => each.words).join("、")}`,
    };
  }
  if (type === "date") return { constraint: ". <= today()", constraintMessage: "日期不能晚于今天" };
  if (type !== "code") return {};
  const { pattern, words } = CODE_PATTERNS[field] ?? ANY_CODE;
  return { constraint: `regex(., '^${pattern}$')`, constraintMessage: words };
}

const DEGREES = { constraint: ". >= -180 and . <= 180", constraintMessage: "应为 -180 至 180 的度数" };

const ANY_CODE = { pattern: "[0-9A-Za-z._/-]+", words: "应为字母和数字，无空格" };

function judgement(indicator: Indicator, name: string): Question[] {
  const result: Question = {
    type: "select_one",
    name: `${name}_result`,
    label: "结果",
    list: "results",
    appearance: "columns-pack",
    required: `${ref("outcome")} = 'checked'`,
    requiredMessage: "请选择结果",
    constraint: `not(. = 'right' and ${ref(name)} != '' and (${contradiction(indicator, name)}))`,
    constraintMessage: `核查值与填报值不符（允许误差：${toleranceWords(indicator)}）或填报值为空：请补抄填报值，或判为差错`,
  };
  return [
    result,
    { type: "select_one", name: `${name}_way`, label: "核查方式", list: "ways", appearance: "columns-pack" },
    {
      type: "select_one",
      name: `${name}_cause`,
      label: "差错原因",
      list: "causes",
      appearance: "minimal",
      relevant: `${ref(`${name}_result`)} = 'wrong'`,
    },
    {
      type: "text",
      name: `${name}_note`,
      label: "说明",
      hint: "判为差错的，填核查值或说明",
      required: `${ref(`${name}_result`)} = 'wrong' and ${ref(name)} = ''`,
      requiredMessage: "判为差错的，应填核查值或在此说明",
    },
  ];
}

/**
 * Whether a value found speaks against the value reported, as `judge` has it. Words may be put otherwise and are not compared;
 * nor is a text where a number is expected, since no comparison with it holds.
 */
function contradiction({ type, tolerance, options = [] }: Indicator, name: string): string {
  const [value, reported] = [ref(name), ref(`${name}_reported`)];
  const isMissing = `${reported} = ''`;
  if (NUMERIC_TYPES.includes(type)) {
    const share = decimal((tolerance.kind === "share" ? tolerance.by : 0) + SLACK);
    const amount = decimal(tolerance.kind === "amount" ? tolerance.by : 0);
    return `${isMissing} or abs(${value} - ${reported}) > ${amount} + ${share} * abs(${value})`;
  }
  if (type === "code") return `${isMissing} or ${value} != ${reported}`;
  if (type !== "choice" && type !== "yesno") return isMissing;
  // a ledger's own spelling of a choice is left to the inspector
  const choices = type === "yesno" ? YES_NO : optionsOf({ options });
  const isChoice = choices.map((choice) => `${reported} = ${literal(choice.value)}`).join(" or ");
  return `${isMissing} or ((${isChoice}) and ${value} != ${reported})`;
}

function toleranceWords({ tolerance, unit = "" }: Indicator): string {
  if (tolerance.kind === "exact") return "须一致";
  return tolerance.kind === "share" ? `±${decimal(tolerance.by * 100)}%` : `±${decimal(tolerance.by)}${plain(unit)}`;
}
