/** Checks that `results/evaluation.json` is what the records give. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Manifest } from "../draw/manifest.ts";
import { currentSample, isAboutSample } from "../draw/replacement.ts";
import { computeEvaluation, evaluationDigest, reportsOf } from "../evaluate/evaluate-round.ts";
import type { Evaluation } from "../evaluate/evaluation.ts";
import type { ReadRecords } from "../records/read-lean.ts";
import type { JournalEntry } from "../round/journal.ts";
import { type Round, readTextFile } from "../round/round.ts";
import { digest, type JsonValue } from "../text/canonical.ts";
import type { Progress } from "../text/progress.ts";
import { words } from "../text/words.ts";
import { different, type Finding, failed, passed } from "./finding.ts";

const TITLE = words("核查记录 → 评定结果", "records → evaluation");

/** Nothing where nothing was evaluated. */
export async function evaluationFindings(
  round: Round,
  entries: readonly JournalEntry[],
  progress: Progress,
  read: ReadRecords,
): Promise<Finding[]> {
  const recorded = entries.findLast(({ event }) => event === "evaluated");
  if (recorded === undefined) {
    const stray = words("有 results/evaluation.json，但日志没有评定记录", "the journal knows of no evaluation");
    return existsSync(round.paths.evaluation) ? [failed("evaluation", TITLE, stray)] : [];
  }
  if (!existsSync(round.paths.evaluation)) {
    return [failed("evaluation", TITLE, words("没有 results/evaluation.json", "results/evaluation.json is gone"))];
  }
  const found = digest(readTextFile(round.paths.evaluation));
  const byJournal = words(`日志第 ${recorded.seq} 行`, `line ${recorded.seq} of the journal`);
  const changed = different(found, recorded.about.evaluationDigest, byJournal);
  if (changed !== undefined) return [failed("evaluation", TITLE, changed)];
  // What joined or left the sample since is not in it.
  const before = entries.filter(({ seq }) => seq < recorded.seq);
  const sample = currentSample(JSON.parse(readTextFile(round.paths.manifest)) as Manifest, before);
  const evaluation = await computeEvaluation(round, progress, { sample, isIn: () => true }, read);
  const records = words("评定时的核查记录（其后有回收，请重新评定）", "the records evaluated (evaluate again)");
  const difference =
    different(evaluation.recordsDigest, recorded.about.recordsDigest, records) ??
    different(evaluation.areasDigest, recorded.about.areasDigest, records) ??
    different(evaluationDigest(evaluation), found, words("评定结果（重新计算）", "the evaluation computed anew"));
  if (difference !== undefined) return [failed("evaluation", TITLE, difference)];
  const isOld = entries.some(({ event, seq }) => seq > recorded.seq && isAboutSample(event));
  const since = isOld
    ? words("；其后样本有替换或补充，回收后请重新评定", "; the sample was changed since, evaluate again")
    : words("", "");
  const count = evaluation.verdicts.length;
  return [
    passed("evaluation", TITLE, words(`重算一致，${count} 个市${since.zh}`, `computed anew: the same${since.en}`)),
    ...(await reportFindings(round, evaluation, recorded.about.reports, progress)),
  ];
}

const REPORTS = words("评定报告 ↔ 重新制作", "reports ↔ made anew");

/** Reports that were made are those that the evaluation gives, to the byte. */
async function reportFindings(
  round: Round,
  evaluation: Evaluation,
  reports: JsonValue | undefined,
  progress: Progress,
): Promise<Finding[]> {
  if (Object.keys(reports ?? {}).length === 0) return [];
  const made = await reportsOf(round, evaluation, progress);
  for (const [file, bytes] of made) {
    const path = join(round.paths.results, file);
    if (!existsSync(path))
      return [failed("reports", REPORTS, words(`results/${file} 不见了`, `results/${file} is gone`))];
    if (digest(readFileSync(path)) === digest(bytes)) continue;
    const changed = words(`results/${file} 与评定结果不符`, `results/${file} is not what the evaluation gives`);
    return [failed("reports", REPORTS, changed)];
  }
  return [passed("reports", REPORTS, words(`${made.size} 个文件逐字节一致`, `${made.size} files, to the byte`))];
}
