/** One indicator on the phone: value reported, value found, result, way and note, all on one screen. */

import { CODE_PATTERNS } from "../code-patterns.ts";
import { LEFT_EMPTY, sameForm } from "../judge.ts";
import { CHECK_CAUSES, CHECK_WAYS } from "../record-marks.ts";
import { type Indicator, NUMERIC_TYPES, type ValueType } from "../template.ts";
import { amountInWords } from "../workbook/cells.ts";
import { comparable, disagreement, plainForm } from "./judge-xpath.ts";
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

/** The value reported: from the ledger, or copied from the census form where the ledger has none; then as it is compared. */
function reportedRows(indicator: Indicator, name: string): Question[] {
  const { field, type } = indicator;
  const label = `填报值（从普查表照抄；应填未填的写“${LEFT_EMPTY}”）`;
  const reported = ref(`${name}_reported`);
  const plainly: Question = { type: "calculate", name: `${name}_plain`, calculation: plainForm(reported) };
  const calculation = comparable(type, ref(`${name}_plain`), unitIn(indicator));
  const told: Question = { type: "calculate", name: `${name}_told`, calculation };
  if (field === undefined) return [{ type: "text", name: `${name}_reported`, label }, plainly, told];
  const ledger = ref(ledgerNode(field));
  return [
    { type: "text", name: `${name}_copied`, label, hint: "名录里没有", relevant: `${ledger} = ''` },
    {
      type: "calculate",
      name: `${name}_reported`,
      calculation: `if(${ledger} != '', ${ledger}, ${ref(`${name}_copied`)})`,
    },
    plainly,
    told,
  ];
}

/** Expression of the plain form of the indicator's own unit; undefined where it has none. */
function unitIn({ unit, unitField }: Indicator): string | undefined {
  const own = unit === undefined ? undefined : literal(sameForm(unit));
  if (unitField === undefined) return own;
  const named = plainForm(ref(ledgerNode(unitField)));
  return own === undefined ? named : `coalesce(${named}, ${own})`;
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
    constraint: `not(. = 'right' and ${contradiction(indicator, name)})`,
    constraintMessage: `核查值与填报值不符（允许误差：${toleranceWords(indicator)}），或没有填报值，或填报值写了“${LEFT_EMPTY}”：请补抄填报值，或判为差错；写法不同而意思相同的，核查值留空`,
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

/** Whether nothing was reported that could be right, or a value found speaks against it, as the import has it. */
function contradiction(indicator: Indicator, name: string): string {
  const [found, told] = [ref(name), ref(`${name}_told`)];
  return `(${told} = '' or ${ref(`${name}_plain`)} = ${literal(LEFT_EMPTY)} or (${found} != '' and (${disagreement(indicator, told, found)})))`;
}

function toleranceWords({ tolerance, unit = "" }: Indicator): string {
  return amountInWords(tolerance, plain(unit)).trim() || "须一致";
}
