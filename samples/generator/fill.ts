/** How the robot fills in one record form: right values, and wrong ones at a known rate. Pure. */
import { type Condition, decide, testsOf } from "../../src/forms/condition.ts";
import { CHECK_CAUSES, CHECK_OUTCOMES, CHECK_RESULTS, CHECK_WAYS } from "../../src/forms/record-marks.ts";
import { indicatorsOf } from "../../src/forms/tailor.ts";
import { type Indicator, NUMERIC_TYPES } from "../../src/forms/template.ts";
import type { Expected } from "../../src/records/check.ts";
import type { FilledItem, FilledSource } from "../../src/records/filled.ts";
import type { Outcome } from "../../src/records/record.ts";
import { findStatus } from "../../src/reference/ledger-values.ts";
import { at, Chance } from "./chance.ts";

/** What the robot writes into each cell, by its address. */
export type Filling = ReadonlyMap<string, string | number>;

/** What the robot holds to be true of one indicator; a part is absent where the form has no cell for it. */
export interface Answer {
  readonly reported: string;
  /** Whether it was copied from the census form, the ledger having none. */
  readonly isCopied: boolean;
  readonly found?: string;
  /** Whether it was made to differ from what was reported. */
  readonly isWrong: boolean;
  readonly way?: string;
  readonly cause?: string;
}

export interface FilledForm {
  readonly cells: Filling;
  readonly outcome: Outcome;
  readonly date: string;
  /** By the indicator's code. */
  readonly answers: ReadonlyMap<string, Answer>;
}

/** Errors come in clusters: a quarter of the sources has three times the rate, the others a third of it. */
const SLOPPY = { share: 0.25, times: 3 };
/** Sources that are not found. */
const NOT_FOUND = 0.003;
/** Indicators of which the ledger says neither a value nor whether they apply, and for which the census form has a value. */
const COPIED = 0.6;

/**
 * Fills in a form.
 * @param rate share of applicable indicators that are wrong, on average
 */
export function fillForm(
  source: FilledSource,
  { id, template, values }: Pick<Expected, "id" | "template" | "values">,
  rate: number,
  seed: string,
): FilledForm {
  const chance = new Chance(`${seed}/${id}`);
  const cells = new Map<string, string | number>();
  const answers = new Map<string, Answer>();
  const { headCells, claim, items } = source;
  const date = `2019-10-${String(chance.whole(8, 31)).padStart(2, "0")}`;
  const isFound = headCells.outcome === undefined || !chance.share(NOT_FOUND);
  if (headCells.date !== undefined) cells.set(headCells.date, date);
  if (headCells.inspectors !== undefined && source.head.inspectors === undefined) {
    cells.set(headCells.inspectors, "甲、乙");
  }
  if (headCells.outcome !== undefined) cells.set(headCells.outcome, CHECK_OUTCOMES[isFound ? 0 : 1]);
  if (!isFound) return { cells, outcome: "notFound", date, answers };
  const own = rate * (chance.share(SLOPPY.share) ? SLOPPY.times : 1 / SLOPPY.times);
  const byCode = new Map(indicatorsOf(template).map((each) => [each.code, each]));
  const doubtful = doubtfulCodes(template, values);
  for (const item of items) {
    const indicator = byCode.get(item.code);
    if (indicator === undefined) continue;
    const answer = answerOf(indicator, values, own, chance, item.cells, doubtful.has(item.code));
    answers.set(item.code, answer);
    // forms with marks compare by themselves; where there is none the inspector says what came of it
    writeAnswer(indicator, answer, item.cells, claim.form === undefined, cells);
  }
  return { cells, outcome: "checked", date, answers };
}

/**
 * Indicators of which neither the ledger nor the form tells whether they apply: of these alone an inspector says that they
 * do not.
 */
function doubtfulCodes(template: Expected["template"], values: Expected["values"]): ReadonlySet<string> {
  const { record } = template;
  const asked = new Set(indicatorsOf(template).flatMap(({ field }) => field ?? []));
  const isDoubtful = ({ when }: { readonly when?: Condition | undefined }) =>
    when !== undefined &&
    testsOf(when).every(({ field }) => field !== undefined && !asked.has(field)) &&
    decide(when, ({ field }) => values.get(field ?? "") ?? "") === "unknown";
  return new Set(
    record.groups.flatMap((group) =>
      group.indicators.filter((each) => isDoubtful(group) || isDoubtful(each)).map(({ code }) => code),
    ),
  );
}

function answerOf(
  indicator: Indicator,
  values: Expected["values"],
  rate: number,
  chance: Chance,
  has: FilledItem["cells"],
  isDoubtful: boolean,
): Answer {
  const { field } = indicator;
  const raw = field === undefined ? "" : (values.get(field) ?? "");
  const ledger = field === "status" ? (findStatus(raw) ?? raw) : raw;
  const isCopied = ledger === "" && has.reported !== undefined && (chance.share(COPIED) || !isDoubtful);
  const reported = isCopied ? invented(indicator, chance) : ledger;
  if (reported === "" || has.found === undefined) return { reported, isCopied, isWrong: false };
  const found = chance.share(rate) ? otherValue(indicator, reported, chance) : reported;
  const [way, cause] = [chance.pick(CHECK_WAYS), chance.pick(CHECK_CAUSES)];
  const isWrong = found !== reported;
  return {
    reported,
    isCopied,
    found,
    isWrong,
    ...(has.way === undefined ? {} : { way }),
    ...(has.cause === undefined || !isWrong ? {} : { cause }),
  };
}

const [RIGHT, WRONG, NOT_APPLICABLE] = CHECK_RESULTS;

function writeAnswer(
  { type }: Indicator,
  { reported, isCopied, found, isWrong, way, cause }: Answer,
  at: FilledItem["cells"],
  saysResult: boolean,
  cells: Map<string, string | number>,
): void {
  const put = (cell: string | undefined, text: string | undefined) => {
    if (cell !== undefined && text !== undefined && text !== "") cells.set(cell, text);
  };
  const asTyped = (cell: string | undefined, text: string | undefined) => {
    const isNumber = NUMERIC_TYPES.includes(type) && String(Number(text)) === text;
    if (isNumber && cell !== undefined) cells.set(cell, Number(text));
    else put(cell, text);
  };
  if (isCopied) asTyped(at.reported, reported);
  asTyped(at.found, found);
  put(at.way, way);
  put(at.cause, cause);
  if (found === undefined) put(at.ruling, NOT_APPLICABLE);
  else if (saysResult) put(at.ruling, isWrong ? WRONG : RIGHT);
}

/** Values of fields in which not everything may stand: one, and another that differs. */
const INVENTED: Readonly<Record<string, readonly [string, string]>> = {
  longitude: ["113.26", "114.26"],
  latitude: ["23.12", "22.12"],
  division: ["440507", "440511"],
  industryCode: ["2710", "2720"],
};

function invented({ type, field, options = [], min = 1, max = 1000 }: Indicator, chance: Chance): string {
  if (type === "choice") return chance.pick(options);
  if (type === "yesno") return chance.pick(["是", "否"]);
  if (type === "number" || type === "integer")
    return String(chance.whole(Math.ceil(min), Math.floor(Math.max(min, max))));
  if (type === "date") return `2017-0${chance.whole(1, 9)}-15`;
  const [known] = INVENTED[field ?? ""] ?? [];
  if (known !== undefined) return known;
  return type === "text" ? `普查表所填 ${chance.whole(1, 99)}` : `A${chance.whole(1, 99)}`;
}

/** A value that no tolerance takes for the same. */
function otherValue(indicator: Indicator, reported: string, chance: Chance): string {
  const { type, field = "", options = [], min = -Infinity, max = Infinity } = indicator;
  const others = (type === "yesno" ? ["是", "否"] : options).filter((option) => option !== reported);
  if (others.length > 0) return chance.pick(others);
  if (type === "date") return reported.replace(/^\d{4}/, (year) => String(Number(year) - chance.whole(1, 3)));
  const [known, another] = INVENTED[field] ?? [];
  if (reported === known && another !== undefined) return another;
  const number = Number(reported);
  if (reported === "" || Number.isNaN(number)) return `${reported}${chance.whole(2, 9)}`;
  if (type === "code" || type === "text") return `${reported.slice(0, -1)}${(Number(reported.slice(-1)) + 1) % 10}`;
  if (type === "coordinate") return (number > 0 ? number - 1 : number + 1).toFixed(4);
  const factor = chance.pick([0.5, 0.7, 1.4, 2]);
  const candidates = [number * factor, number * 0.5, number * 2, number + 1, number - 1].map((value) =>
    type === "integer" ? Math.round(value) : Number(value.toPrecision(6)),
  );
  const possible = candidates.filter(
    (value) => value >= min && value <= max && Math.abs(value - number) > number * 0.25,
  );
  return String(possible.length > 0 ? at(possible, 0) : reported);
}
