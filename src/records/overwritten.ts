/** What people type over the formulas of results: it does not count, and is told where it says otherwise. Pure. */
import { UNCOPIED } from "../forms/record-marks.ts";
import type { Problem } from "../text/errors.ts";
import { fault } from "./faults.ts";
import type { FilledItem } from "./filled.ts";
import { RESULT_NAMES, type Result } from "./record.ts";
import { isCellError, readResult } from "./values.ts";

/**
 * Warns where a typed result is not what values and 人工判定 give. A copy that keeps values alone has results without formulas,
 * and these agree.
 * @param due what is recorded
 */
export function warnIfOverwritten(name: string, item: FilledItem | undefined, due: Result, problems: Problem[]): void {
  const typed = item?.typedResult;
  if (typed === undefined || isCellError(typed.text)) return;
  const text = typed.text.trim();
  if ((text === UNCOPIED ? "unchecked" : readResult(text)) === due) return;
  const is = RESULT_NAMES[due];
  problems.push(
    fault(
      "W-RECORDS-OVERWRITTEN",
      `“${name}”的结果手工写成“${text}”，按填报值、核查值和人工判定是${is.zh}`,
      `${name}: ${text} was typed over the result, which by values and ruling is ${is.en}`,
      { ...typed.at, value: typed.text },
    ),
  );
}

/** Warns of 无误 and 差错 typed into a form in which nothing else was written; 不适用 is there of itself. */
export function warnOfTypedAlone(
  items: readonly FilledItem[],
  nameOf: (code: string) => string,
  problems: Problem[],
): void {
  for (const item of items) {
    const told = readResult(item.typedResult?.text ?? "");
    if (told === "right" || told === "wrong") warnIfOverwritten(nameOf(item.code), item, "unchecked", problems);
  }
}
