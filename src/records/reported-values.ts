/** The values reported of a filled form: the ledger's, else as they were copied from the census form. Pure. */
import { judge, LEFT_EMPTY, sameForm } from "../forms/judge.ts";
import { reportedText } from "../forms/reported.ts";
import type { Indicator } from "../forms/template.ts";
import { canonicalText } from "../text/canonical.ts";
import type { Problem } from "../text/errors.ts";
import { visible, withoutUnseen } from "../text/visible.ts";
import { words } from "../text/words.ts";
import { fault } from "./faults.ts";
import type { FilledItem } from "./filled.ts";
import { PART_NAMES } from "./places.ts";
import { unseen } from "./unseen.ts";
import { cellError, isCellError } from "./values.ts";

/** The value reported, and whether it was copied from the census form, the ledger having none. */
export interface Reported {
  readonly text: string;
  readonly isByHand: boolean;
}
export const UNREPORTED: Reported = { text: "", isByHand: false };

/** The value reported: the ledger's, else as it was copied from the census form; 空 where that was left empty. */
export function reportedOf(
  indicator: Indicator,
  item: FilledItem | undefined,
  values: ReadonlyMap<string, string>,
  problems: Problem[],
): Reported {
  const { field, name } = indicator;
  const ledger = reportedText(indicator, values);
  const own = { text: ledger, isByHand: false };
  const written = item?.values.reported;
  if (written === undefined) return own;
  if (isCellError(written.text)) {
    if (ledger === "") problems.push(cellError(written));
    return own;
  }
  if (ledger === "") {
    const seen = withoutUnseen(written.text);
    if (seen !== written.text) problems.push(unseen(PART_NAMES.reported, written));
    const text = sameForm(seen) === LEFT_EMPTY ? LEFT_EMPTY : canonicalText(seen);
    return { text, isByHand: text !== "" };
  }
  const exact = { ...indicator, tolerance: { kind: "exact" } } as const;
  const isShown = [ledger, values.get(field ?? "") ?? ""].some((text) => visible(text) === written.text);
  if (!isShown && judge(exact, withoutUnseen(ledger), withoutUnseen(written.text)) === "wrong") {
    const at = { ...written.at, value: written.text };
    problems.push(
      fault(
        "W-RECORDS-REPORTED",
        `“${name}”的填报值与名录（${ledger}）不同`,
        `${name}: the ledger reports ${ledger}`,
        at,
        words(`“${name}”的填报值与名录不同`, `${name}: the ledger reports otherwise`),
      ),
    );
  }
  return own;
}
