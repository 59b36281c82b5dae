/** How the robot fills in one record form: right values, and wrong ones at a known rate. Pure. */
import { CHECK_CAUSES, CHECK_OUTCOMES, CHECK_RESULTS, CHECK_WAYS } from "../../src/forms/record-marks.ts";
import { indicatorsOf } from "../../src/forms/tailor.ts";
import type { Indicator } from "../../src/forms/template.ts";
import type { Expected } from "../../src/records/check.ts";
import type { FilledItem, FilledSource } from "../../src/records/filled.ts";
import { findStatus } from "../../src/reference/ledger-values.ts";
import { at, Chance } from "./chance.ts";

/** Text of each cell that the robot writes, by its address. */
export type Filling = ReadonlyMap<string, string | number>;

/** Errors come in clusters: a quarter of the sources has three times the rate, the others a third of it. */
const SLOPPY = { share: 0.25, times: 3 };
/** Sources that are not found. */
const NOT_FOUND = 0.005;
/** Indicators without a value in the ledger for which the census form has one. */
const COPIED = 0.6;

/**
 * Fills in a form.
 * @param rate share of applicable indicators that are wrong, on average
 */
export function fillForm(
  source: FilledSource,
  { id, template, values }: Expected,
  rate: number,
  seed: string,
): Filling {
  const chance = new Chance(`${seed}/${id}`);
  const cells = new Map<string, string | number>();
  const put = (cell: string | undefined, text: string | number) => {
    if (cell !== undefined) cells.set(cell, text);
  };
  const { outcome, date } = source.headCells;
  put(date, `2019-10-${String(chance.whole(8, 31)).padStart(2, "0")}`);
  if (outcome !== undefined && chance.share(NOT_FOUND)) {
    put(outcome, CHECK_OUTCOMES[1]);
    return cells;
  }
  put(outcome, CHECK_OUTCOMES[0]);
  const own = rate * (chance.share(SLOPPY.share) ? SLOPPY.times : 1 / SLOPPY.times);
  const byCode = new Map(indicatorsOf(template).map((each) => [each.code, each]));
  const isMarked = source.claim.form !== undefined;
  for (const item of source.items) {
    const indicator = byCode.get(item.code);
    if (indicator !== undefined) fillItem(item, indicator, values, own, isMarked, chance, put);
  }
  return cells;
}

const [RIGHT, WRONG, NOT_APPLICABLE] = CHECK_RESULTS;

function fillItem(
  { cells }: FilledItem,
  indicator: Indicator,
  values: Expected["values"],
  rate: number,
  isMarked: boolean,
  chance: Chance,
  put: (cell: string | undefined, text: string | number) => void,
): void {
  const { field } = indicator;
  const raw = field === undefined ? "" : (values.get(field) ?? "");
  let reported = field === "status" ? (findStatus(raw) ?? raw) : raw;
  if (reported === "" && chance.share(COPIED)) {
    reported = invented(indicator, chance);
    put(cells.reported, reported);
  }
  if (reported === "") {
    put(cells.ruling, NOT_APPLICABLE);
    return;
  }
  const other = chance.share(rate) ? otherValue(indicator, reported, chance) : reported;
  put(cells.found, other);
  put(cells.way, chance.pick(CHECK_WAYS));
  if (other !== reported) put(cells.cause, chance.pick(CHECK_CAUSES));
  // forms with marks compare by themselves; where there is none the inspector says what came of it
  if (!isMarked) put(cells.ruling, other === reported ? RIGHT : WRONG);
}

function invented({ type, options = [], min = 1, max = 1000 }: Indicator, chance: Chance): string {
  if (type === "choice") return chance.pick(options);
  if (type === "yesno") return chance.pick(["是", "否"]);
  if (type === "number" || type === "integer")
    return String(chance.whole(Math.ceil(min), Math.floor(Math.max(min, max))));
  if (type === "date") return `2017-0${chance.whole(1, 9)}-15`;
  return type === "text" ? `普查表所填 ${chance.whole(1, 99)}` : "";
}

/** A value that no tolerance takes for the same. */
function otherValue(indicator: Indicator, reported: string, chance: Chance): string {
  const { type, options = [], min = -Infinity, max = Infinity } = indicator;
  const others = (type === "yesno" ? ["是", "否"] : options).filter((option) => option !== reported);
  if (others.length > 0) return chance.pick(others);
  if (type === "date") return reported.replace(/^\d{4}/, (year) => String(Number(year) - chance.whole(1, 3)));
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
