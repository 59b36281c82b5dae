/** Checks that `results/evaluation.json` is what the records give. */
import { existsSync } from "node:fs";
import { computeEvaluation, evaluationDigest } from "../evaluate/evaluate-round.ts";
import type { JournalEntry } from "../round/journal.ts";
import { type Round, readTextFile } from "../round/round.ts";
import { digest } from "../text/canonical.ts";
import type { Progress } from "../text/progress.ts";
import { words } from "../text/words.ts";
import { different, type Finding, failed, passed } from "./finding.ts";

const TITLE = words("核查记录 → 评定结果", "records → evaluation");

/** Nothing where nothing was evaluated. */
export async function evaluationFindings(
  round: Round,
  entries: readonly JournalEntry[],
  progress: Progress,
): Promise<Finding[]> {
  const recorded = entries.findLast(({ event }) => event === "evaluated");
  if (recorded === undefined) return [];
  if (!existsSync(round.paths.evaluation)) {
    return [failed("evaluation", TITLE, words("没有 results/evaluation.json", "results/evaluation.json is gone"))];
  }
  const found = digest(readTextFile(round.paths.evaluation));
  const byJournal = words(`日志第 ${recorded.seq} 行`, `line ${recorded.seq} of the journal`);
  const changed = different(found, recorded.about.evaluationDigest, byJournal);
  if (changed !== undefined) return [failed("evaluation", TITLE, changed)];
  const evaluation = await computeEvaluation(round, progress);
  const records = words("评定时的核查记录（其后有回收，请重新评定）", "the records evaluated (evaluate again)");
  const difference =
    different(evaluation.recordsDigest, recorded.about.recordsDigest, records) ??
    different(evaluation.areasDigest, recorded.about.areasDigest, records) ??
    different(evaluationDigest(evaluation), found, words("评定结果（重新计算）", "the evaluation computed anew"));
  return [
    difference === undefined
      ? passed("evaluation", TITLE, words(`重算一致，${evaluation.verdicts.length} 个市`, "computed anew: the same"))
      : failed("evaluation", TITLE, difference),
  ];
}
