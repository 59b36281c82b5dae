/** Checks that `results/evaluation.json` is what the records give. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Manifest } from "../draw/manifest.ts";
import { currentSample } from "../draw/replacement.ts";
import { computeEvaluation, evaluationDigest, reportsOf } from "../evaluate/evaluate-round.ts";
import { REPORT_FILES } from "../evaluate/evaluation.ts";
import { Issued, type IssuedEvaluation } from "../evaluate/issued.ts";
import type { ReadRecords } from "../records/read-lean.ts";
import type { Replayed } from "../records/replay.ts";
import type { JournalEntry } from "../round/journal.ts";
import { changedSince, outdatedInWords } from "../round/outdated.ts";
import { type Round, readTextFile } from "../round/round.ts";
import { digest, type JsonValue } from "../text/canonical.ts";
import type { Progress } from "../text/progress.ts";
import { type Words, words } from "../text/words.ts";
import { different, type Finding, failed, passed, skipped } from "./finding.ts";

const TITLE = words("核查记录 → 评定结果", "records → evaluation");

/**
 * Nothing where nothing was evaluated.
 * @param read reads the records as they are
 * @param replayed what came of making the records anew
 */
export async function evaluationFindings(
  round: Round,
  entries: readonly JournalEntry[],
  progress: Progress,
  read: ReadRecords,
  replayed: () => Promise<Replayed>,
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
  const text = readTextFile(round.paths.evaluation);
  const found = digest(text);
  const byJournal = words(`日志第 ${recorded.seq} 行`, `line ${recorded.seq} of the journal`);
  const changed = different(found, recorded.about.evaluationDigest, byJournal);
  if (changed !== undefined) return [failed("evaluation", TITLE, changed)];
  const since = changedSince(entries, recorded);
  const outdated = outdatedInWords(since);
  const records = since.records ? (await replayed()).at.get(recorded.seq) : undefined;
  // The records that it was made from cannot be had: what can be checked are the files, by the journal's digests.
  if (outdated !== undefined && since.records && records === undefined) {
    const unchecked = words(
      `${outdated.zh}；未核对：当时的核查记录不能由原表重做`,
      `${outdated.en}; not checked: the records of that time cannot be made anew from the originals`,
    );
    return [skipped("evaluation", TITLE, unchecked), ...untouchedReports(round, recorded.about.reports)];
  }
  const { success: isIssued, data: issued } = Issued.safeParse((JSON.parse(text) as { issued?: unknown }).issued);
  if (!isIssued) {
    const unsaid = words(
      "evaluation.json 没有写明以什么名称、日期发布",
      "evaluation.json does not say how it was issued",
    );
    return [failed("evaluation", TITLE, unsaid)];
  }
  // What joined or left the sample since is not in it.
  const before = entries.filter(({ seq }) => seq < recorded.seq);
  const sample = currentSample(JSON.parse(readTextFile(round.paths.manifest)) as Manifest, before);
  const figures = await computeEvaluation(round, progress, { sample, entries: before, records }, read);
  const evaluation: IssuedEvaluation = { ...figures, issued };
  const evaluated = words("评定时的核查记录", "the records evaluated");
  const anew = words("评定结果（重新计算）", "the evaluation computed anew");
  const difference =
    different(figures.recordsDigest, recorded.about.recordsDigest, evaluated) ??
    different(figures.areasDigest, recorded.about.areasDigest, evaluated) ??
    different(evaluationDigest(evaluation), found, anew) ??
    different(recorded.about.figuresDigest, evaluationDigest(figures), anew) ??
    different(
      `${issued.journal.line}:${issued.journal.digest}`,
      `${recorded.seq - 1}:${recorded.prev}`,
      words("评定时日志的末行", "the journal's last line at the evaluation"),
    );
  if (difference !== undefined) return [failed("evaluation", TITLE, difference)];
  const count = evaluation.verdicts.length;
  const same = words(`重算一致，${count} 个市`, "computed anew: the same");
  return [
    outdated === undefined
      ? passed("evaluation", TITLE, same)
      : skipped(
          "evaluation",
          TITLE,
          words(`${outdated.zh}（按当时的样本和记录${same.zh}）`, `${outdated.en} (${same.en})`),
        ),
    ...(await reportFindings(round, evaluation, recorded.about.reports, progress)),
    ...issuedFindings(round, issued),
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
  evaluation: IssuedEvaluation,
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
      "与评定结果不符：被改动，或轮次里的汇总表模板（templates/papers）在评定后改过",
      "is not what the evaluation gives: it was changed, or the round's template of the paper was since",
    ),
    words(`${made.length} 个文件逐字节一致`, `${made.length} files, to the byte`),
  );
}

/** What `round.yaml` says otherwise than the evaluation that was issued; nothing where they agree. */
function issuedFindings({ config }: Round, { title, holder, date }: Issued): Finding[] {
  const pairs = [
    ["名称", "name", title, config.name],
    ["单位", "holder", holder, config.holder],
    ["日期", "date", date, config.date],
  ] as const;
  const others = pairs.filter(([, , then, now]) => then !== now);
  if (others.length === 0) return [];
  const zh = others.map(([name, , then, now]) => `${name}评定时为“${then}”，现在为“${now}”`).join("；");
  const en = others.map(([, name, then, now]) => `${name} was "${then}", is "${now}"`).join("; ");
  return [
    skipped(
      "issued",
      words("round.yaml ↔ 评定报告", "round.yaml ↔ reports"),
      words(
        `round.yaml 在评定后改过：${zh}。报告以评定时的为准，不受影响；要印新的请重新 evaluate`,
        `round.yaml was changed after the evaluation: ${en}. The reports keep what they were issued with; evaluate again to print the new`,
      ),
    ),
  ];
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
