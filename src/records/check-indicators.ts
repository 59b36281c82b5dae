/** The indicators of a filled form: each value against its template, results by the 差错 rule. Pure. */
import { type Condition, decideFor, type Lookup } from "../forms/condition.ts";
import { dateKey, judge, LEFT_EMPTY } from "../forms/judge.ts";
import { CHECK_CAUSES, CHECK_WAYS, causeNamed } from "../forms/record-marks.ts";
import { unitOf } from "../forms/reported.ts";
import type { TailoredForm } from "../forms/tailor.ts";
import type { FormTemplate, Indicator } from "../forms/template.ts";
import { plainValue } from "../reference/ledger-values.ts";
import { canonicalText } from "../text/canonical.ts";
import type { Problem } from "../text/errors.ts";
import { withoutUnseen } from "../text/visible.ts";
import { words } from "../text/words.ts";
import type { Expected } from "./check.ts";
import { fault } from "./faults.ts";
import type { FilledItem, FilledSource, FilledValue } from "./filled.ts";
import { NOTHING_READ, type ReadItem, rulingOf, warnOfNotJudged } from "./not-judged.ts";
import { oddness } from "./odd-values.ts";
import { warnIfOverwritten } from "./overwritten.ts";
import { PART_NAMES } from "./places.ts";
import { type CheckedIndicator, type Outcome, RESULT_NAMES, type Result } from "./record.ts";
import { type Reported, reportedOf, UNREPORTED } from "./reported-values.ts";
import { unseen } from "./unseen.ts";
import { cellError, isCellError, readResult, readValue } from "./values.ts";
import { isWaived, refuseIfNoneApplies, waiver } from "./waivers.ts";

const PLAIN_WAYS: ReadonlySet<string> = new Set(CHECK_WAYS.map(plainValue));

/** An indicator with the conditions under which it applies. */
interface Conditional {
  readonly indicator: Indicator;
  readonly conditions: readonly Condition[];
}

/** The indicators of a form, each with the source's own unit. */
function conditionals(
  record: TailoredForm["record"] | FormTemplate["record"],
  values: Expected["values"],
): Conditional[] {
  return record.groups.flatMap((group) =>
    group.indicators.map((indicator) => ({
      indicator: { ...indicator, unit: unitOf(indicator, values) || undefined },
      conditions: [group.when, indicator.when].filter((each) => each !== undefined),
    })),
  );
}

/** What a form says of its indicators. */
export interface CheckedForm {
  readonly indicators: readonly CheckedIndicator[];
  /** Indicators said not to apply (`isWaived`). */
  readonly waived: number;
}

export function checkedIndicators(
  source: FilledSource,
  expected: Expected,
  outcome: Outcome,
  problems: Problem[],
): CheckedForm {
  const { template, form, values } = expected;
  const all = conditionals(template.record, values);
  const byCode = new Map(all.map((each) => [each.indicator.code, each.indicator]));
  const items = itemsByCode(source.items, byCode, problems);
  const onForm = new Set(conditionals(form.record, values).map(({ indicator }) => indicator.code));
  const shown = all.filter(({ indicator: { code } }) => onForm.has(code) || isFilled(items.get(code)));
  const reported = new Map(
    all.map(({ indicator }) => [indicator.code, reportedOf(indicator, items.get(indicator.code), values, problems)]),
  );
  const read = new Map(
    shown.map(({ indicator }) => [indicator.code, readItem(indicator, items.get(indicator.code), problems)]),
  );
  const codeOfField = new Map(all.map(({ indicator: { field, code } }) => [field, code]));
  const lookup: Lookup = ({ field, indicator }) => {
    const code = indicator ?? codeOfField.get(field);
    const told = code === undefined ? "" : read.get(code)?.found || (reported.get(code)?.text ?? "");
    if (told === LEFT_EMPTY) return "";
    return told || (values.get(field ?? "") ?? "");
  };
  let waived = 0;
  const checked = shown.map(({ indicator, conditions }) => {
    const item = items.get(indicator.code);
    const own = read.get(indicator.code) ?? NOTHING_READ;
    const due = reported.get(indicator.code) ?? UNREPORTED;
    const told = due.text === LEFT_EMPTY ? "" : due.text;
    const verdicts = conditions.map((condition) => decideFor(indicator, condition, lookup, told));
    const applies = !verdicts.includes("not");
    if (isWaived(own.ruling, verdicts)) {
      waived++;
      problems.push(waiver(indicator, conditions, item, template));
    }
    const result = resultOf(indicator, own, due.text, applies, item, problems);
    if (!own.isRefused) warnIfOverwritten(indicator.name, item, result, problems);
    return checkedIndicator(indicator, item, own.found, due, result, problems);
  });
  const told = checked.map((each) => withSourceNote(each, source.head.note));
  refuseIfNoneApplies(source, expected, told, problems);
  const rows = new Map(told.map(({ code }) => [code, { read: read.get(code), item: items.get(code) }]));
  warnOfNotJudged(source, expected, outcome, told, rows, problems);
  return { indicators: told, waived };
}

/**
 * A note on the whole source is one on each of its wrong indicators that has none; where it names one cause, it is theirs.
 */
function withSourceNote(indicator: CheckedIndicator, written: FilledValue | undefined): CheckedIndicator {
  const note = canonicalText(written?.text ?? "");
  if (note === "" || indicator.result !== "wrong") return indicator;
  const [cause, ...others] = CHECK_CAUSES.filter((each) => note.includes(each));
  return {
    ...indicator,
    ...(indicator.cause !== undefined || cause === undefined || others.length > 0 ? {} : { cause }),
    ...(indicator.note !== undefined ? {} : { note }),
  };
}

function itemsByCode(
  items: readonly FilledItem[],
  known: ReadonlyMap<string, Indicator>,
  problems: Problem[],
): Map<string, FilledItem> {
  const byCode = new Map<string, FilledItem>();
  for (const item of items) {
    const { code, at } = item;
    if (!known.has(code)) {
      problems.push(
        fault("E-RECORDS-INDICATOR", `这一类污染源没有指标 ${code}`, `there is no indicator ${code}`, {
          ...at,
          value: code,
        }),
      );
      continue;
    }
    const other = byCode.get(code);
    if (other === undefined || !isFilled(other)) byCode.set(code, item);
    else if (isFilled(item) && !sameItem(item, other)) {
      const rows = [other.at.row, at.row].filter((row) => row !== undefined);
      problems.push(
        fault(
          "E-RECORDS-ITEM-TWICE",
          `指标 ${code} 填了两次，内容不同${rows.length === 2 ? `（第 ${rows.join("、")} 行）` : ""}`,
          `${code} is filled in twice and differently`,
          { ...at, value: code },
        ),
      );
    }
  }
  return byCode;
}

function isFilled(item: FilledItem | undefined): boolean {
  return item !== undefined && [item.values.found, item.values.ruling].some((value) => value !== undefined);
}

function sameItem(a: FilledItem, b: FilledItem): boolean {
  return (["reported", "found", "ruling"] as const).every((part) => a.values[part]?.text === b.values[part]?.text);
}

function readItem(indicator: Indicator, item: FilledItem | undefined, problems: Problem[]): ReadItem {
  const { found, ruling } = item?.values ?? {};
  const result = ruling === undefined ? undefined : readResult(ruling.text);
  const isUnclear = ruling !== undefined && result === undefined;
  if (isUnclear) {
    const at = { ...ruling.at, value: ruling.text };
    problems.push(
      isCellError(ruling.text)
        ? cellError(ruling)
        : fault("E-RECORDS-RESULT", `“${indicator.name}”的结果无法辨认`, `${indicator.name}: no result`, at),
    );
  }
  const of = (value: string, isRefused = isUnclear): ReadItem => ({ found: value, ruling: result, isRefused });
  if (found === undefined) return of("");
  // 不适用 is often written where the value should stand
  if (readResult(found.text) === "notApplicable" && (result ?? "notApplicable") === "notApplicable") {
    return { ...of(""), ruling: "notApplicable" };
  }
  // a person may know no more than the year
  const date = indicator.type === "date" ? dateKey(found.text) : undefined;
  if (date !== undefined && date.length < "2019-09-30".length) return of(date);
  const read = readValue(indicator, found);
  if ("value" in read) {
    warnIfOdd(indicator, read.value, found, problems);
    return of(read.value);
  }
  problems.push(read.problem);
  return of("", true);
}

function warnIfOdd(indicator: Indicator, value: string, written: FilledValue, problems: Problem[]): void {
  const why = oddness(indicator, value);
  if (why === undefined) return;
  const at = { ...written.at, value: written.text };
  const [zh, en] = [`“${indicator.name}”的核查值${why.zh}`, `${indicator.name}: the value found ${why.en}`];
  problems.push(fault("W-RECORDS-ODD", zh, en, at));
}

/** The 差错 rule (docs/records.md, "How a result is found"). */
function resultOf(
  indicator: Indicator,
  read: ReadItem,
  reported: string,
  applies: boolean,
  item: FilledItem | undefined,
  problems: Problem[],
): Result {
  const { found } = read;
  const ruling = rulingOf(read, reported);
  const compared = judge(indicator, withoutUnseen(reported), found);
  if (item !== undefined && compared !== judge(indicator, reported, found)) {
    problems.push(unseen(PART_NAMES.reported, { text: reported, at: item.values.reported?.at ?? item.at }));
  }
  const computed: Result = !applies ? "notApplicable" : (compared ?? "unchecked");
  if (ruling === undefined) return computed;
  // 空 equals nothing, be a value found written beside it or not
  const due = compared ?? (ruling === "right" && reported === LEFT_EMPTY ? "wrong" : undefined);
  const isContrary = due !== undefined && applies && ruling !== due;
  const at = item?.values.ruling?.at ?? item?.at;
  if (!applies && (ruling === "right" || ruling === "wrong") && at !== undefined) {
    const [told, name] = [RESULT_NAMES[ruling], RESULT_NAMES.notApplicable];
    problems.push(
      fault(
        "W-RECORDS-CONTRADICTION",
        `“${indicator.name}”判为${told.zh}，而它的适用条件不成立，应为${name.zh}`,
        `${indicator.name} is said to be ${told.en}; its condition does not hold, so it is ${name.en}`,
        { ...at, value: item?.values.ruling?.text },
      ),
    );
  }
  if (isContrary && at !== undefined) {
    const [told, name] = [RESULT_NAMES[ruling], RESULT_NAMES[due]];
    const values = found === "" ? `填报值写了“${reported}”，应` : `填报值“${reported}”与核查值“${found}”按允许误差`;
    problems.push(
      fault(
        "W-RECORDS-CONTRADICTION",
        `“${indicator.name}”判为${told.zh}，而${values}为${name.zh}`,
        `${indicator.name} is said to be ${told.en}; by its values it is ${name.en}`,
        { ...at, value: item?.values.ruling?.text },
        words(`“${indicator.name}”的判定与比较的结果不同`, `${indicator.name}: the ruling is not what values say`),
      ),
    );
  }
  return ruling;
}

function checkedIndicator(
  { code, name, form, key }: Indicator,
  item: FilledItem | undefined,
  found: string,
  { text: reported, isByHand }: Reported,
  result: Result,
  problems: Problem[],
): CheckedIndicator {
  const { way, cause, note } = item?.values ?? {};
  const text = (value: FilledValue | undefined) => canonicalText(value?.text ?? "");
  for (const value of [way, cause, note]) {
    if (value !== undefined && isCellError(value.text)) problems.push(cellError(value));
  }
  if (way !== undefined && !PLAIN_WAYS.has(plainValue(way.text))) {
    const at = { ...way.at, value: way.text };
    problems.push(fault("W-RECORDS-WAY", `“${name}”的核查方式不在可选之列`, `${name}: an unknown way of checking`, at));
  }
  return {
    code,
    name,
    form,
    key,
    reported,
    found,
    result,
    ...(isByHand ? { reportedByHand: true } : {}),
    ...(text(way) === "" ? {} : { way: text(way) }),
    ...(text(cause) === "" ? {} : { cause: causeNamed(text(cause)) }),
    ...(text(note) === "" ? {} : { note: text(note) }),
  };
}
