/** A city's 质量核查情况汇总表 in print after an evaluation: what it fills in, or why it fills in nothing. */
import type { Evaluation } from "../evaluate/evaluation.ts";
import { foundIn } from "../evaluate/report/city-paper.ts";
import type { Found } from "../forms/found.ts";
import { type Round, readTextFile } from "../round/round.ts";
import { roundStatus } from "../round/status.ts";
import { type Words, words } from "../text/words.ts";

/** The paper that an evaluation fills in. */
export const CITY_SUMMARY = "city-summary";

export interface FoundNow {
  /** Undefined where there is no evaluation, or none that is up to date, or it does not speak of the city. */
  readonly found?: Found;
  /** What the reader of the paper is told. */
  readonly told: Words;
}

/** @param city its code */
export function foundNow(round: Round, city: string): FoundNow {
  const step = roundStatus(round).steps.find((each) => each.step === "evaluation");
  if (step?.isDone !== true) {
    if (step?.detail === undefined) {
      return { told: words("还没有评定，评定的数字留空", "not evaluated yet: its figures stay blank") };
    }
    const { zh, en } = step.detail;
    return { told: words(`评定的数字留空：${zh}`, `figures of the evaluation stay blank: ${en}`) };
  }
  const evaluation = JSON.parse(readTextFile(round.paths.evaluation)) as Evaluation;
  const verdict = evaluation.verdicts.find((each) => each.city === city);
  if (verdict === undefined) return { told: words("评定中没有这个市", "the evaluation does not speak of this city") };
  return {
    found: foundIn(evaluation, verdict),
    told: words("已按现在的评定填写", "filled in from the evaluation as it stands"),
  };
}
