/** Checks that `results/evaluation.json` is what the records give. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Manifest } from "../draw/manifest.ts";
import { currentSample } from "../draw/replacement.ts";
import { computeEvaluation, evaluationDigest, reportsOf } from "../evaluate/evaluate-round.ts";
import { type Evaluation, REPORT_FILES } from "../evaluate/evaluation.ts";
import type { ReadRecords } from "../records/read-lean.ts";
import type { JournalEntry } from "../round/journal.ts";
import { changedSince, outdatedInWords } from "../round/outdated.ts";
import { type Round, readTextFile } from "../round/round.ts";
import { digest, type JsonValue } from "../text/canonical.ts";
import type { Progress } from "../text/progress.ts";
import { type Words, words } from "../text/words.ts";
import { different, type Finding, failed, passed, skipped } from "./finding.ts";

const TITLE = words("核查记录 → 评定结果", "records → evaluation");

/** Nothing where nothing was evaluated. */
export async function evaluationFindings(
  round: Round,
  entries: readonly JournalEntry[],
  progress: Progress,
  read: ReadRecords,
): Promise<Finding[]> {
  const recorded = entries.findLast(({ event }) => event === "evaluated");
  const strange = strangeReport(round, recorded?.about.reports);
  if (strange !== undefined) return [failed("reports", REPORTS, strange)];
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
  const since = changedSince(entries, recorded);
  const outdated = outdatedInWords(since);
  // The records that it was made from are no longer there: what can be checked are the files, by the journal's digests.
  if (outdated !== undefined && since.records) {
    return [skipped("evaluation", TITLE, outdated), ...untouchedReports(round, recorded.about.reports)];
  }
  // What joined or left the sample since is not in it.
  const before = entries.filter(({ seq }) => seq < recorded.seq);
  const sample = currentSample(JSON.parse(readTextFile(round.paths.manifest)) as Manifest, before);
  const evaluation = await computeEvaluation(round, progress, { sample, isIn: () => true }, read);
  const records = words("评定时的核查记录", "the records evaluated");
  const difference =
    different(evaluation.recordsDigest, recorded.about.recordsDigest, records) ??
    different(evaluation.areasDigest, recorded.about.areasDigest, records) ??
    different(evaluationDigest(evaluation), found, words("评定结果（重新计算）", "the evaluation computed anew"));
  if (difference !== undefined) return [failed("evaluation", TITLE, difference)];
  const count = evaluation.verdicts.length;
  const same = words(`重算一致，${count} 个市`, "computed anew: the same");
  return [
    outdated === undefined
      ? passed("evaluation", TITLE, same)
      : skipped("evaluation", TITLE, words(`${outdated.zh}（按当时的样本${same.zh}）`, `${outdated.en} (${same.en})`)),
    ...(await reportFindings(round, evaluation, recorded.about.reports, progress)),
  ];
}

/** A file in `results/` that bears a report's name and is none of the evaluation's. */
function strangeReport(round: Round, reports: JsonValue | undefined): Words | undefined {
  if (!existsSync(round.paths.results)) return undefined;
  const names: readonly string[] = Object.values(REPORT_FILES);
  const stray = readdirSync(round.paths.results, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .sort()
    .find((path) => names.includes(basename(path)) && !Object.hasOwn((reports ?? {}) as object, path));
  if (stray === undefined) return undefined;
  return words(`results/${stray} 不是这次评定制作的`, `results/${stray} was not made by this evaluation`);
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
  const made = [...(await reportsOf(round, evaluation, progress))];
  return filesFinding(
    round,
    REPORTS,
    made.map(([file, bytes]) => [file, digest(bytes)]),
    words(
      "与评定结果不符：被改动，或 round.yaml 里的名称、单位、日期在评定后改过（重新 evaluate）",
      "is not what the evaluation gives: it was changed, or name, holder or date of round.yaml were since (evaluate again)",
    ),
    words(`${made.length} 个文件逐字节一致`, `${made.length} files, to the byte`),
  );
}

/** Reports of an evaluation that is outdated are still those that were made with it. */
function untouchedReports(round: Round, reports: JsonValue | undefined): Finding[] {
  const made = Object.entries((reports ?? {}) as Record<string, string>).sort(([a], [b]) => (a < b ? -1 : 1));
  if (made.length === 0) return [];
  return filesFinding(
    round,
    words("评定报告 ↔ 日志", "reports ↔ journal"),
    made,
    words("被改动", "was changed"),
    words(`${made.length} 个文件未改动`, `${made.length} files, unchanged`),
  );
}

/** Whether files of `results/` have these digests: the first that has not, or that all have. */
function filesFinding(
  round: Round,
  title: Words,
  files: readonly (readonly [file: string, sha256: string])[],
  changed: Words,
  same: Words,
): Finding[] {
  for (const [file, sha256] of files) {
    const path = join(round.paths.results, file);
    if (!existsSync(path))
      return [failed("reports", title, words(`results/${file} 不见了`, `results/${file} is gone`))];
    if (digest(readFileSync(path)) === sha256) continue;
    return [failed("reports", title, words(`results/${file} ${changed.zh}`, `results/${file} ${changed.en}`))];
  }
  return [passed("reports", title, same)];
}
