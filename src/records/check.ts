/** From a filled form to a record: what the visit came to, and all that is wrong, at once. Pure. */
import { indicatorsOf, type TailoredForm } from "../forms/tailor.ts";
import type { FormTemplate } from "../forms/template.ts";
import { canonicalText } from "../text/canonical.ts";
import { type Problem, shorten } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { checkedIndicators } from "./check-indicators.ts";
import { fault, unitFault } from "./faults.ts";
import type { FilledSource, FilledValue, HeadPart, ItemPart } from "./filled.ts";
import { isClosedAgainstLedger, warnOfAnswers } from "./outcomes.ts";
import { warnOfTypedAlone } from "./overwritten.ts";
import { HEAD_NAMES } from "./places.ts";
import { type Outcome, RECORD_SPEC, type SourceRecord } from "./record.ts";
import { teamIn, teamInWords } from "./team.ts";
import { withoutUnseenIn } from "./unseen.ts";
import { cellError, isCellError, outcomeInConclusion, readDate, readOutcome } from "./values.ts";

/** What the round knows of a source that is to be inspected. */
export interface Expected {
  readonly id: string;
  readonly name: string;
  readonly template: FormTemplate;
  /** The template as it stands for the source. */
  readonly form: TailoredForm;
  /** Ledger values by field. */
  readonly values: ReadonlyMap<string, string>;
  /** Team that it was given to; empty where inspectors are not assigned. */
  readonly team: string;
  /** Teams of the assignment. */
  readonly teamKeys: ReadonlySet<string>;
  /** Whether the source is inspected once more, by another team. */
  readonly isOnceMore?: true;
}

/** The same source inspected once more: not by the team that it was given to, but by the one that the form names. */
export function onceMore(expected: Expected): Expected {
  return { ...expected, team: "", isOnceMore: true };
}

export interface RecordHead {
  readonly roundId: string;
  readonly manifestDigest: string;
  readonly file: string;
  readonly sha256: string;
  /** Day of the import by the clock of who imports: no visit is later. */
  readonly today: string;
  /** Day of the draw: a visit before it is doubtful. */
  readonly drawnOn: string;
}

export interface Checked {
  /** Undefined where the form was not filled in. */
  readonly record: SourceRecord | undefined;
  /** Errors and warnings; a record with errors must not be taken. */
  readonly problems: readonly Problem[];
}

/** Whether nothing was written into a form: 已核查 alone says nothing. */
export function isBlank({ head, items }: FilledSource): boolean {
  const outcome = readOutcome(head.outcome?.text ?? "");
  if (head.outcome !== undefined && outcome !== "checked") return false;
  if (head.conclusion !== undefined || head.note !== undefined) return false;
  return items.every(({ values: { found, ruling, cause, note } }) => [found, ruling, cause, note].every((v) => !v));
}

/** Checks a filled form. */
export function checkSource(written: FilledSource, expected: Expected, about: RecordHead): Checked {
  const { source, problems: unseen } = withoutUnseenIn(written);
  const problems: Problem[] = [...source.faults, ...overlong(source)];
  if (isBlank(source)) {
    if (problems.length > 0) return { record: undefined, problems };
    const said = (unit: string) => words(`${unit} 没有填写`, `${unit} is not filled in`);
    const blank = unitFault("W-RECORDS-BLANK", expected, said, source.at);
    const names = new Map(indicatorsOf(expected.template).map(({ code, name }) => [code, name]));
    warnOfTypedAlone(source.items, (code) => names.get(code) ?? code, problems);
    return { record: undefined, problems: [blank, ...problems] };
  }
  problems.push(...unseen);
  const outcome = outcomeOf(source, problems);
  const date = dateOf(source, expected, about, problems);
  warnOfGaps(source, expected, problems);
  checkTeam(source, expected, problems);
  warnOfAnswers(source, expected, outcome, problems);
  const { indicators, waived } = checkedIndicators(source, expected, outcome, problems);
  const isDoubtful = isClosedAgainstLedger(source, expected, outcome, indicators, problems);
  const { roundId, manifestDigest, file, sha256 } = about;
  const sheet = source.at.sheet;
  const inspectors = canonicalText(source.head.inspectors?.text ?? "");
  const record: SourceRecord = {
    spec: RECORD_SPEC,
    roundId,
    manifestDigest,
    unit: expected.id,
    team: teamOf(source.head.team, expected),
    ...(date === undefined ? {} : { date }),
    ...(inspectors === "" ? {} : { inspectors }),
    outcome,
    indicators: [...indicators],
    source: { file, ...(sheet === undefined ? {} : { sheet }), sha256 },
    ...(waived === 0 ? {} : { waived }),
    ...(isDoubtful ? { closedAgainstLedger: true } : {}),
  };
  return { record, problems };
}

/** Characters that a part may have: what the form has room for, and what can be read. */
const MOST: Readonly<Record<ItemPart | HeadPart, number>> = {
  ...{ reported: 200, found: 200, way: 50, ruling: 50, cause: 200, note: 1000 },
  ...{ outcome: 50, date: 50, inspectors: 200, team: 50, conclusion: 2000 },
};

function overlong({ head, items }: FilledSource): Problem[] {
  const values = [head, ...items.map((item) => item.values)].flatMap(
    (parts) => Object.entries(parts) as [ItemPart | HeadPart, FilledValue][],
  );
  return values.flatMap(([part, { text, at }]) => {
    const most = MOST[part];
    if (text.length <= most) return [];
    const [zh, en] = [`内容太长：${text.length} 字，至多 ${most} 字`, `${text.length} characters, at most ${most}`];
    return [fault("E-RECORDS-LONG", zh, en, { ...at, value: shorten(text) })];
  });
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

function dateOf(
  { head: { date } }: FilledSource,
  expected: Expected,
  { today, drawnOn }: RecordHead,
  problems: Problem[],
): string | undefined {
  if (date === undefined) return undefined;
  const read = readDate(date.text);
  if (read === undefined) {
    const at = { ...date.at, value: date.text };
    problems.push(
      isCellError(date.text) ? cellError(date) : fault("E-RECORDS-DATE", "核查日期不是日期", "this is no date", at),
    );
    return undefined;
  }
  const at = { ...date.at, value: read };
  if (read > today) {
    problems.push(fault("E-RECORDS-DATE-AHEAD", "核查日期晚于今天", "the visit is later than today", at));
  } else if (read < drawnOn) {
    const said = (unit: string) =>
      words(`${unit} 的核查日期早于抽签（${drawnOn}）`, `${unit}: the visit is earlier than the draw (${drawnOn})`);
    problems.push(unitFault("W-RECORDS-DATE-EARLY", expected, said, at));
  }
  return read;
}

/** What a visit must say of itself, be the form a sheet, a table or a phone's. */
const NEEDED = ["outcome", "date", "inspectors"] as const;

function warnOfGaps({ head, headCells, at }: FilledSource, expected: Expected, problems: Problem[]): void {
  const isSaid = (part: HeadPart) =>
    head[part] !== undefined ||
    (part === "outcome" && head.conclusion !== undefined && outcomeInConclusion(head.conclusion.text) !== undefined);
  // Where inspectors are assigned a form of no team is counted with none.
  const isOfNobody = teamOf(head.team, expected) === "" && expected.teamKeys.size > 0 && !expected.isOnceMore;
  const gaps: HeadPart[] = [...NEEDED.filter((part) => !isSaid(part)), ...(isOfNobody ? (["team"] as const) : [])];
  const [first] = gaps;
  if (first === undefined) return;
  const names = gaps.map((part) => HEAD_NAMES[part]).join("、");
  const said = (unit: string) => words(`${unit} 没有填：${names}`, `${unit}: not filled in: ${names}`);
  problems.push(unitFault("W-RECORDS-HEAD", expected, said, { ...at, cell: headCells[first] }));
}

/** Where inspectors are assigned: a look of its own is by a team that is told, and a team that was given nothing is doubtful. */
function checkTeam({ head, headCells, at }: FilledSource, expected: Expected, problems: Problem[]): void {
  const { teamKeys, isOnceMore } = expected;
  if (teamKeys.size === 0) return;
  const team = teamOf(head.team, expected);
  if (team === "" && isOnceMore) {
    const said = (unit: string) => words(`${unit} 没有填核查组`, `${unit}: its team is not filled in`);
    problems.push(unitFault("E-RECORDS-NO-TEAM", expected, said, { ...at, cell: headCells.team ?? at.cell }));
  }
  if (team === "" || teamKeys.has(team)) return;
  const place = { ...(head.team?.at ?? at), value: head.team?.text };
  const no = words("分派里没有这一组", "there is no such team in the assignment");
  problems.push(fault("W-RECORDS-TEAM", `${no.zh}：${teamInWords(team)}`, `${no.en}: ${teamInWords(team)}`, place, no));
}

/** The team that the form names; else the one it was given to. */
function teamOf(written: FilledValue | undefined, { team, teamKeys }: Expected): string {
  return teamIn(written?.text ?? "", teamKeys) || team;
}
