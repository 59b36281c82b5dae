/** What inspectors say does not apply (不适用): it leaves the error rate, so it is told where the form template does not say so. Pure. */
import { type Condition, inWords, type Verdict } from "../forms/condition.ts";
import { namesIn } from "../forms/tailor.ts";
import type { FormTemplate, Indicator } from "../forms/template.ts";
import type { Problem } from "../text/errors.ts";
import { words } from "../text/words.ts";
import type { Expected } from "./check.ts";
import { fault, unitFault } from "./faults.ts";
import type { FilledItem, FilledSource } from "./filled.ts";
import type { CheckedIndicator, Result } from "./record.ts";
import { readResult } from "./values.ts";

/**
 * Whether an inspector said 不适用 of an indicator of which the template does not say so: it has no condition, or its
 * conditions are known to hold, by what was found, else by what was reported. Where one is not known, the form asks for it.
 */
export function isWaived(ruling: Result | undefined, verdicts: readonly Verdict[]): boolean {
  return ruling === "notApplicable" && verdicts.every((verdict) => verdict === "applies");
}

/** The warning of it, with the place where it was written. */
export function waiver(
  { name }: Indicator,
  conditions: readonly Condition[],
  item: FilledItem | undefined,
  template: FormTemplate,
): Problem {
  const { ruling, found } = item?.values ?? {};
  const written = ruling ?? found;
  const why = conditions.map((condition) => inWords(condition, namesIn(template))).join("，");
  const [zh, en] =
    conditions.length === 0
      ? ["模板没有给它适用条件", "the template has no condition for it"]
      : [`它的适用条件成立（${why}）`, "its condition holds"];
  const at = { ...(written?.at ?? item?.at), value: written?.text };
  return fault("W-RECORDS-WAIVED", `“${name}”写了不适用，而${zh}`, `${name} is said not to apply, but ${en}`, at);
}

/** A form of which nothing, or none of the key indicators, is said to apply is no checked source. */
export function refuseIfNoneApplies(
  { items, at }: FilledSource,
  expected: Expected,
  told: readonly CheckedIndicator[],
  problems: Problem[],
): void {
  const isRuled = items.some(({ values: { ruling, found } }) =>
    [ruling, found].some((value) => value !== undefined && readResult(value.text) === "notApplicable"),
  );
  const keys = told.filter(({ key }) => key);
  const asked = keys.length > 0 ? keys : told;
  if (!isRuled || asked.length === 0 || asked.some(({ result }) => result !== "notApplicable")) return;
  const what = asked === told || told.every(({ result }) => result === "notApplicable") ? "指标" : "关键指标";
  problems.push(
    unitFault(
      "E-RECORDS-NONE-APPLIES",
      expected,
      (unit) => words(`${unit} 的${what}全部写了不适用，不算核查过`, `${unit}: nothing is said to apply`),
      at,
    ),
  );
}
