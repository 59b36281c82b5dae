/**
 * Verifies a round: recomputes everything from ledger to manifest, trusting nothing that can be computed, and names
 * the first difference of each step (draw-spec, "Verification"). Reads files, writes nothing.
 */
import type { Round } from "../round/round.ts";
import { ChouqianError } from "../text/errors.ts";
import type { Progress } from "../text/progress.ts";
import { words } from "../text/words.ts";
import { drawFindings } from "./draw-findings.ts";
import { type Finding, failed } from "./finding.ts";
import { folderFindings } from "./folder-findings.ts";
import { frameFindings, ledgerFindings, type VerifyOptions } from "./frame-findings.ts";
import { journalFinding, readWholeJournal } from "./journal-findings.ts";
import { papersFindings } from "./papers-findings.ts";
import { planFindings, seedFindings } from "./plan-and-seed-findings.ts";
import { replacementFindings } from "./replacement-findings.ts";
import { testimonyFindings } from "./testimony-findings.ts";
import { workbookFindings } from "./workbooks.ts";

/** All findings, in the order ledger → frame → plan → seed → draw → papers → journal. */
export async function verifyRound(round: Round, options: VerifyOptions, progress: Progress): Promise<Finding[]> {
  const journal = readWholeJournal(round);
  const findings: Finding[] = [];
  // What was drawn by another manifest than this round's says nothing of the papers, and may have any form.
  const isDrawProven = () => findings.some(({ check, outcome }) => check === "draw" && outcome !== "failed");
  const steps: ((round: Round) => Promise<Finding[]> | Finding[])[] = [
    folderFindings,
    () => [journalFinding(journal)],
    () => testimonyFindings(round, journal.entries),
    () => ledgerFindings(round, journal.entries, options, progress),
    () => frameFindings(round, journal.entries),
    () => planFindings(round, journal.entries),
    () => seedFindings(round, journal.entries),
    () => drawFindings(round, journal.entries, progress),
    () => (isDrawProven() ? papersFindings(round) : []),
    () => (isDrawProven() ? replacementFindings(round, journal.entries) : []),
    () => (isDrawProven() ? workbookFindings(round, journal.entries, progress) : []),
  ];
  for (const step of steps) findings.push(...(await guarded(step, round)));
  return findings;
}

/** Turns a refusal inside a step, such as a damaged file, into a failed finding. */
async function guarded(step: (round: Round) => Promise<Finding[]> | Finding[], round: Round): Promise<Finding[]> {
  try {
    return await step(round);
  } catch (error) {
    if (!(error instanceof ChouqianError)) throw error;
    const [first] = error.problems;
    const detail =
      first === undefined ? error.words : words(`${error.words.zh}：${first.message.zh}`, first.message.en);
    return [failed(error.code, words(error.at.file ?? "文件", error.at.file ?? "file"), detail)];
  }
}
