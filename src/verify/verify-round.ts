/**
 * Verifies a round: recomputes everything from ledger to manifest, trusting nothing that can be computed, and names
 * the first difference of each step (draw-spec, "Verification"). Reads files; writes nothing but what a crash has left half
 * done when steps were voided.
 */
import { standing } from "../round/epochs.ts";
import { isHistoryUnsettled } from "../round/history.ts";
import { type Round, withRoundLock } from "../round/round.ts";
import { ChouqianError } from "../text/errors.ts";
import type { Progress } from "../text/progress.ts";
import { words } from "../text/words.ts";
import { assignFindings } from "./assign-findings.ts";
import type { attestFindings as AttestFindings, Trusted } from "./attest-findings.ts";
import { drawFindings } from "./draw-findings.ts";
import { type Finding, failed } from "./finding.ts";
import { frameFindings, ledgerFindings, type VerifyOptions } from "./frame-findings.ts";
import { historyFindings } from "./history-findings.ts";
import { journalFinding, readWholeJournal } from "./journal-findings.ts";
import { planFindings, seedFindings } from "./plan-and-seed-findings.ts";
import { replacementFindings } from "./replacement-findings.ts";
import { workbookFindings } from "./workbooks.ts";

/** All findings, in the order ledger → frame → plan → seed → draw → teams → papers → history → stamps and signatures. */
export async function verifyRound(
  round: Round,
  options: VerifyOptions & Trusted,
  progress: Progress,
): Promise<Finding[]> {
  if (isHistoryUnsettled(round.folder)) await withRoundLock(round.folder, async () => {});
  const whole = readWholeJournal(round);
  const journal = { entries: standing(whole.entries), all: whole.entries };
  const steps: ((round: Round) => Promise<Finding[]> | Finding[])[] = [
    () => [journalFinding(whole)],
    () => ledgerFindings(round, journal.entries, options, progress),
    () => frameFindings(round, journal.entries),
    () => planFindings(round, journal.entries),
    () => seedFindings(round, journal, options.secret),
    () => drawFindings(round, journal, options.secret, progress),
    () => assignFindings(round, journal.entries),
    () => replacementFindings(round, journal.entries),
    () => workbookFindings(round, journal.entries, progress),
    () => historyFindings(round, journal.all),
    () => checkAttestations(round, journal, options),
  ];
  const findings: Finding[] = [];
  for (const step of steps) findings.push(...(await guarded(step, round)));
  return findings;
}

/** Loaded only here: it brings a package for certificates that no other command needs. */
async function checkAttestations(...about: Parameters<typeof AttestFindings>): Promise<Finding[]> {
  const { attestFindings } = await import("./attest-findings.ts");
  return attestFindings(...about);
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
