/** Indicators of a filled form that are neither right nor wrong, and why: told by name, and by cell where there is one. Pure. */
import { isUnreported } from "../forms/judge.ts";
import type { Place, Problem } from "../text/errors.ts";
import { words } from "../text/words.ts";
import type { Expected } from "./check.ts";
import { unitFault } from "./faults.ts";
import type { FilledItem, FilledSource } from "./filled.ts";
import { type CheckedIndicator, isNonResponse, type Outcome, type Result } from "./record.ts";

/** What was read of one row. */
export interface ReadItem {
  readonly found: string;
  readonly ruling: Result | undefined;
  /** Refused for what stands in it: that is told, and nothing else. */
  readonly isRefused: boolean;
}

export const NOTHING_READ: ReadItem = { found: "", ruling: undefined, isRefused: false };

/** The ruling as it counts: 无误 of an indicator of which nothing was reported says nothing. */
export function rulingOf({ ruling }: ReadItem, reported: string): Result | undefined {
  return ruling === "right" && isUnreported(reported) ? undefined : ruling;
}

/**
 * Warns of the indicators of a source that are unchecked: those that were looked at, but of which the value reported was not
 * copied, and the key indicators that nobody looked at.
 */
export function warnOfNotJudged(
  source: FilledSource,
  expected: Expected,
  outcome: Outcome,
  told: readonly CheckedIndicator[],
  rows: ReadonlyMap<string, { readonly read: ReadItem | undefined; readonly item: FilledItem | undefined }>,
  problems: Problem[],
): void {
  // whatever the indicators of these say, all key indicators count as wrong
  if (isNonResponse(outcome)) return;
  const unchecked = told.filter(
    ({ code, result }) => result === "unchecked" && rows.get(code)?.read?.isRefused !== true,
  );
  const uncopied = unchecked.filter(({ code, found, reported }) => {
    const ruling = rows.get(code)?.read?.ruling;
    return isUnreported(reported) && (found !== "" || ruling === "right");
  });
  const placeOf = ({ code }: CheckedIndicator): Place => {
    const item = rows.get(code)?.item;
    return item?.values.ruling?.at ?? item?.values.found?.at ?? source.at;
  };
  const keys = uncopied.filter(({ key }) => key).length;
  const [first] = uncopied;
  if (first !== undefined) {
    const named = inWords(uncopied, (each) => `${each.name}（${placeOf(each).cell ?? each.code}）`);
    const said = (unit: string) =>
      words(
        `${unit} 有 ${uncopied.length} 个指标（关键指标 ${keys} 个）填了核查值或判为无误，而没有填报值，无从比较：${named}`,
        `${unit}: ${uncopied.length} indicators (${keys} key) have a value found or are said to be right, and none reported, so that nothing can be compared, such as ${first.name}`,
      );
    problems.push(unitFault("W-RECORDS-UNCOPIED", expected, said, placeOf(first)));
  }
  const missing = unchecked.filter((each) => each.key && !uncopied.includes(each));
  if (outcome !== "checked" || missing.length === 0) return;
  const said = (unit: string) =>
    words(
      `${unit} 有 ${missing.length} 个关键指标未核查：${inWords(missing, ({ name }) => name)}`,
      `${unit}: ${missing.length} key indicators were not checked, such as ${missing[0]?.name}`,
    );
  problems.push(unitFault("W-RECORDS-UNCHECKED", expected, said, source.at));
}

const MOST_NAMED = 3;

function inWords(some: readonly CheckedIndicator[], say: (each: CheckedIndicator) => string): string {
  return `${some.slice(0, MOST_NAMED).map(say).join("、")}${some.length > MOST_NAMED ? "等" : ""}`;
}
