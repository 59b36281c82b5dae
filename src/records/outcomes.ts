/** What the outcome of a visit says against the rest of its form. Pure. */
import { findStatus } from "../reference/ledger-values.ts";
import type { Place, Problem } from "../text/errors.ts";
import { words } from "../text/words.ts";
import type { Expected } from "./check.ts";
import { unitFault } from "./faults.ts";
import type { FilledSource } from "./filled.ts";
import { type CheckedIndicator, isNonResponse, OUTCOME_NAMES, type Outcome } from "./record.ts";
import { readResult } from "./values.ts";

/** Warns of a source that was not found or refused, and of which the form answers for its indicators all the same. */
export function warnOfAnswers(source: FilledSource, expected: Expected, outcome: Outcome, problems: Problem[]): void {
  if (!isNonResponse(outcome)) return;
  const answered = source.items.filter(({ values: { found, ruling } }) =>
    [found, ruling].some((value) => value !== undefined && saysSomething(value.text)),
  ).length;
  if (answered === 0) return;
  const { zh, en } = OUTCOME_NAMES[outcome];
  const said = (unit: string) =>
    words(
      `${unit} 的核查去向是${zh}，却填了 ${answered} 个指标的结果`,
      `${unit} was ${en}, and yet ${answered} of its indicators are filled in`,
    );
  problems.push(unitFault("W-RECORDS-ANSWERED", expected, said, outcomePlace(source)));
}

const RUNNING = "运行";

/**
 * Whether a source is said to be closed and nothing of it was checked, while the ledger says that it runs: it would leave the
 * error rate by a word. Warns of it.
 */
export function isClosedAgainstLedger(
  source: FilledSource,
  expected: Expected,
  outcome: Outcome,
  indicators: readonly CheckedIndicator[],
  problems: Problem[],
): boolean {
  const isSilent = indicators.every(({ result }) => result !== "right" && result !== "wrong");
  const status = findStatus(expected.values.get("status") ?? "");
  if (outcome !== "closed" || status !== RUNNING || !isSilent) return false;
  const said = (unit: string) =>
    words(
      `${unit} 的核查去向是已关停，名录为${RUNNING}，一个指标也没有核查`,
      `${unit} is said to be closed with no indicator checked; the ledger says that it runs`,
    );
  problems.push(unitFault("W-RECORDS-CLOSED", expected, said, outcomePlace(source)));
  return true;
}

/** Whether what is written for an indicator is a value or a judgement, and not that there is none. */
function saysSomething(text: string): boolean {
  const result = readResult(text);
  return result !== "notApplicable" && result !== "unchecked";
}

function outcomePlace({ head: { outcome, conclusion }, at }: FilledSource): Place {
  const written = outcome ?? conclusion;
  return written === undefined ? at : { ...written.at, value: written.text };
}
