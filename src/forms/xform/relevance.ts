/** Conditions of a template as relevance on the phone, where they are decided as the answers come in. */
import { plainValue } from "../../reference/ledger-values.ts";
import { asExpression, type Condition, comparable, type Notation, testsOf, xpathNotation } from "../condition.ts";
import { LEFT_EMPTY } from "../judge.ts";
import { conditionsOf, KIND, knownKinds } from "../tailor.ts";
import type { FormTemplate } from "../template.ts";
import { decimal, literal, nodeName, ref } from "./survey.ts";

/** What a part says of when it applies. */
export interface Applicable {
  readonly when?: Condition | undefined;
  readonly ifUnknown?: "show" | "hide" | undefined;
}

/** Node of a ledger value as conditions compare it. */
export function decidingNode(field: string): string {
  return `w_${field}`;
}

/** Fields of the ledger that decide parts of the record form, in byte order. */
export function decidingFields(template: FormTemplate): string[] {
  const fields = conditionsOf(template)
    .filter(({ path }) => path[0] === "record")
    .flatMap(({ condition }) => testsOf(condition))
    .flatMap(({ field }) => (field === undefined ? [] : [field]));
  return [...new Set(fields)].sort();
}

/** A ledger value as the template's conditions compare it; empty where it decides nothing. */
export function decidingValue(template: FormTemplate, field: string, value: string): string {
  const plain = comparable({ field }, value);
  return field === KIND && !knownKinds(template)(plain) ? "" : plain;
}

/** Expression that is true where a part is shown; undefined where it always is. */
export function relevanceOf({ when, ifUnknown }: Applicable): string | undefined {
  return when === undefined ? undefined : asExpression(when, ifUnknown === "hide" ? XPATH : LENIENT, ifUnknown);
}

const pathOf: Notation["valueOf"] = ({ field, indicator }) => {
  if (field !== undefined) return ref(decidingNode(field));
  const node = nodeName(indicator ?? "");
  const reported = ref(`${node}_reported`);
  return `coalesce(${ref(node)}, if(${reported} = '${LEFT_EMPTY}', '', ${reported}))`;
};
const XPATH: Notation = {
  ...xpathNotation(pathOf),
  text: (value) => literal(plainValue(value)),
  above: (value, number) => `${value} > ${decimal(number)}`,
};
/** A text where a number is expected decides nothing: no comparison with it holds, so its contrary is asked. */
const LENIENT: Notation = { ...XPATH, above: (value, number) => `not(${value} <= ${decimal(number)})` };
