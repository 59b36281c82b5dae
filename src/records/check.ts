/** From a filled form to a record: what the visit came to, and all that is wrong, at once. Pure. */
import type { TailoredForm } from "../forms/tailor.ts";
import type { FormTemplate } from "../forms/template.ts";
import { canonicalText } from "../text/canonical.ts";
import type { Problem } from "../text/errors.ts";
import { checkedIndicators } from "./check-indicators.ts";
import { fault } from "./faults.ts";
import type { FilledSource, FilledValue } from "./filled.ts";
import { type Outcome, RECORD_SPEC, type SourceRecord } from "./record.ts";
import { cellError, isCellError, outcomeInConclusion, readDate, readOutcome } from "./values.ts";

/** What the round knows of a source that is to be inspected. */
export interface Expected {
  readonly id: string;
  readonly template: FormTemplate;
  /** The template as it stands for the source. */
  readonly form: TailoredForm;
  /** Ledger values by field. */
  readonly values: ReadonlyMap<string, string>;
  /** Team that it was given to; empty where inspectors are not assigned. */
  readonly team: string;
}

export interface RecordHead {
  readonly roundId: string;
  readonly manifestDigest: string;
  readonly file: string;
  readonly sha256: string;
}

export interface Checked {
  /** Undefined where the form was not filled in. */
  readonly record: SourceRecord | undefined;
  /** Errors and warnings; a record with errors must not be taken. */
  readonly problems: readonly Problem[];
}

/** Whether anything was written into a form. */
export function isBlank({ head, items }: FilledSource): boolean {
  const outcome = readOutcome(head.outcome?.text ?? "");
  if (outcome !== undefined && outcome !== "checked") return false;
  if (head.conclusion !== undefined || head.note !== undefined) return false;
  return items.every(({ values: { found, ruling, cause, note } }) => [found, ruling, cause, note].every((v) => !v));
}

/** Checks a filled form. */
export function checkSource(source: FilledSource, expected: Expected, about: RecordHead): Checked {
  const problems: Problem[] = [...source.faults];
  if (isBlank(source)) {
    if (problems.length > 0) return { record: undefined, problems };
    const blank = fault("W-RECORDS-BLANK", `${expected.id} 没有填写`, `${expected.id} is not filled in`, source.at);
    return { record: undefined, problems: [blank] };
  }
  const outcome = outcomeOf(source, problems);
  const date = dateOf(source, problems);
  const indicators = checkedIndicators(source, expected, outcome, problems);
  const { roundId, manifestDigest, file, sha256 } = about;
  const sheet = source.at.sheet;
  const record: SourceRecord = {
    spec: RECORD_SPEC,
    roundId,
    manifestDigest,
    unit: expected.id,
    team: teamOf(source.head.team, expected.team),
    ...(date === undefined ? {} : { date }),
    outcome,
    indicators,
    source: { file, ...(sheet === undefined ? {} : { sheet }), sha256 },
  };
  return { record, problems };
}

function outcomeOf({ head: { outcome, conclusion } }: FilledSource, problems: Problem[]): Outcome {
  if (outcome === undefined) return (conclusion && outcomeInConclusion(conclusion.text)) ?? "checked";
  const read = readOutcome(outcome.text);
  if (read !== undefined) return read;
  const at = { ...outcome.at, value: outcome.text };
  problems.push(
    isCellError(outcome.text)
      ? cellError(outcome)
      : fault("E-RECORDS-OUTCOME", "核查去向不在可选之列", "this is no outcome of a visit", at),
  );
  return "checked";
}

function dateOf({ head: { date } }: FilledSource, problems: Problem[]): string | undefined {
  if (date === undefined) return undefined;
  const read = readDate(date.text);
  if (read !== undefined) return read;
  const at = { ...date.at, value: date.text };
  problems.push(
    isCellError(date.text) ? cellError(date) : fault("E-RECORDS-DATE", "核查日期不是日期", "this is no date", at),
  );
  return undefined;
}

/** The team as the form has it, `第 7 组` being the key `T07` where teams have keys; else the one it was given to. */
function teamOf(written: FilledValue | undefined, given: string): string {
  const text = canonicalText(written?.text ?? "");
  if (text === "") return given;
  const number = /^(?:第|T)?\s*0*(\d+)\s*组?$/i.exec(text)?.[1];
  return number !== undefined && /^T\d+$/.test(given) ? `T${number.padStart(given.length - 1, "0")}` : text;
}
