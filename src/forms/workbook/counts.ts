/** The counts of a source, whatever the sheet's layout: as `evaluate` has them. */
import { CHECK_OUTCOMES, UNCOPIED } from "../record-marks.ts";
import { KEY_MARK, NOT_APPLICABLE, RIGHT, WRONG } from "./cells.ts";

const [, NOT_FOUND, REFUSED] = CHECK_OUTCOMES;

/** Ranges of one shape, cell by cell, and a cell. */
export interface Counted {
  /** ★ where the indicator is a key indicator. */
  readonly keys: string;
  /** Not empty where there is an indicator at all. */
  readonly indicators: string;
  readonly results: string;
  readonly outcome: string;
}

/** Whether nobody could be asked: all key indicators that apply count as wrong. */
export function isNonResponse(outcome: string): string {
  return `OR(${outcome}="${NOT_FOUND}",${outcome}="${REFUSED}")`;
}

/**
 * Formulas of a source's counts: key indicators checked, and wrong; indicators that apply (`due`), and those of them that have
 * a result.
 */
export function countFormulas({ keys, indicators, results, outcome }: Counted) {
  const keyed = (result: string) => `COUNTIFS(${keys},"${KEY_MARK}",${results},"${result}")`;
  const orAll = (count: string) => `IF(${isNonResponse(outcome)},${keyed(`<>${NOT_APPLICABLE}`)},${count})`;
  const applying = `(${indicators}<>"")*(${results}<>"${NOT_APPLICABLE}")`;
  return {
    checked: orAll(`${keyed(RIGHT)}+${keyed(WRONG)}`),
    wrong: orAll(keyed(WRONG)),
    due: `SUMPRODUCT(${applying})`,
    filled: `SUMPRODUCT(${applying}*(${results}<>"")*(${results}<>"${UNCOPIED}"))`,
  };
}

/** Wrong of those checked, by the cells of the counts; empty where none was checked. */
export function rateFormula(checked: string, wrong: string): string {
  return `IF(${checked}=0,"",${wrong}/${checked})`;
}
