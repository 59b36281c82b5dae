/** Conditions of a template as relevance on the phone, where they are decided as the answers come in. */
import { plainValue } from "../../reference/ledger-values.ts";
import { ChouqianError } from "../../text/errors.ts";
import { words } from "../../text/words.ts";
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

/**
 * Refuses conditions that lead back to themselves: a phone would not open the form.
 * @throws ChouqianError E-FORMS-CYCLE
 */
export function refuseCycles(template: FormTemplate, name: string): void {
  const leadsTo = new Map(
    template.record.groups.flatMap((group) =>
      group.indicators.map((indicator) => {
        const tests = [group.when, indicator.when].flatMap((when) => (when === undefined ? [] : testsOf(when)));
        return [indicator.code, tests.flatMap((test) => test.indicator ?? [])] as const;
      }),
    ),
  );
  const done = new Set<string>();
  const visit = (code: string, trail: readonly string[]) => {
    if (trail.includes(code)) throw cycle(name, [...trail.slice(trail.indexOf(code)), code]);
    if (done.has(code)) return;
    for (const next of leadsTo.get(code) ?? []) visit(next, [...trail, code]);
    done.add(code);
  };
  for (const code of leadsTo.keys()) visit(code, []);
}

function cycle(name: string, codes: readonly string[]): ChouqianError {
  return new ChouqianError("E-FORMS-CYCLE", {
    message: words(
      `模板 ${name} 的适用条件互为前提：${codes.join(" → ")}`,
      `conditions of the template ${name} depend on each other: ${codes.join(" → ")}`,
    ),
    advice: words(
      "改其中一个 when，使它不取决于自己（所在分组的条件也算）",
      "change one `when` so that it does not depend on itself, its group's condition included",
    ),
  });
}
