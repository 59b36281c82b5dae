/**
 * Verifies a round: recomputes everything from ledger to manifest, trusting nothing that can be computed, and names
 * the first difference of each step (draw-spec, "Verification"). Reads files; writes nothing but what a crash has left half
 * done when steps were voided.
 */
import { leanReader } from "../records/read-lean.ts";
import { replayRecords } from "../records/replay.ts";
import { standing } from "../round/epochs.ts";
import { isHistoryUnsettled } from "../round/history.ts";
import type { JournalLine } from "../round/journal.ts";
import { type Round, withRoundLock } from "../round/round.ts";
import type { Progress } from "../text/progress.ts";
import { assignFindings } from "./assign-findings.ts";
import type { attestFindings as AttestFindings, Trusted } from "./attest-findings.ts";
import { drawFindings } from "./draw-findings.ts";
import type { evaluationFindings as EvaluationFindings } from "./evaluation-findings.ts";
import type { Finding } from "./finding.ts";
import { folderFindings } from "./folder-findings.ts";
import { askWhetherFrameStands, frameFindings, ledgerFindings, type VerifyOptions } from "./frame-findings.ts";
import { guarded } from "./guarded.ts";
import { historyFindings } from "./history-findings.ts";
import { journalFinding, readWholeJournal } from "./journal-findings.ts";
import { journalLineFindings } from "./journal-line-findings.ts";
import { papersFindings } from "./papers-findings.ts";
import { planFindings, seedFindings } from "./plan-and-seed-findings.ts";
import { recordsFindings } from "./records-findings.ts";
import { replacementFindings } from "./replacement-findings.ts";
import { testimonyFindings } from "./testimony-findings.ts";
import { workbookFindings } from "./workbooks.ts";

/** All findings, in the order ledger → frame → plan → seed → draw → teams → papers → evaluation → history → stamps and signatures. */
export async function verifyRound(
  round: Round,
  options: VerifyOptions & Trusted & { readonly journalLines?: readonly JournalLine[] },
  progress: Progress,
): Promise<Finding[]> {
  if (isHistoryUnsettled(round.folder)) await withRoundLock(round.folder, async () => {});
  const whole = readWholeJournal(round);
  const journal = { entries: standing(whole.entries), all: whole.entries };
  const known = askWhetherFrameStands(round);
  const first = await runAll([
    () => folderFindings(round, journal),
    () => [journalFinding(whole)],
    () => journalLineFindings(round, options.journalLines ?? []),
    () => testimonyFindings(round, journal),
  ]);
  // The longest step by far goes on beside the others, and alone tells how far it is until it ends.
  let isReading = true;
  const readLedger = async () => {
    const found = await guarded(() => ledgerFindings(round, journal.entries, options, known, progress));
    isReading = false;
    return found;
  };
  const tell: Progress = (...about) => isReading || progress(...about);
  // A province's records are a gigabyte: read once for all steps that need them.
  const read = leanReader(round, tell);
  // The originals are read in a thread of their own from the beginning on, which tells how far it is once it is waited for.
  const evaluated = journal.entries.findLast(({ event }) => event === "evaluated");
  const wanted = journal.entries.filter((entry) => entry.event === "followup.drawn" || entry === evaluated);
  let isAwaited = false;
  const replaying = replayRecords(
    { round, entries: journal.entries, wanted: wanted.map(({ seq }) => seq) },
    (...about) => isAwaited && tell(...about),
  );
  replaying.catch(() => {});
  const replayed = () => {
    isAwaited = true;
    return replaying;
  };
  const checkRest = async () => {
    const rest = await runAll([
      () => frameFindings(round, journal.entries, known),
      () => planFindings(round, journal.entries),
      () => seedFindings(round, journal, options.secret),
      () => drawFindings(round, journal, options.secret, tell),
    ]);
    // What was drawn by another manifest than this round's says nothing of the papers, and may have any form.
    const isDrawProven = rest.some(({ check, outcome }) => check === "draw" && outcome !== "failed");
    const ofProven = (...checks: Check[]) => (isDrawProven ? checks : []);
    return [
      ...rest,
      ...(await runAll([
        ...ofProven(
          () => assignFindings(round, journal.entries),
          () => papersFindings(round, journal.entries),
          () => replacementFindings(round, journal.entries),
          () => workbookFindings(round, journal.entries, tell),
        ),
        () => recordsFindings(round, journal.entries, replayed),
        ...ofProven(() => checkEvaluation(round, journal.entries, tell, read, replayed)),
        () => historyFindings(round, journal.all),
        () => checkAttestations(round, journal, options),
      ])),
    ];
  };
  const [ledger, rest] = await Promise.all([readLedger(), checkRest()]);
  return [...first, ...ledger, ...rest];
}

type Check = () => Promise<Finding[]> | Finding[];

async function runAll(checks: readonly Check[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const check of checks) findings.push(...(await guarded(check)));
  return findings;
}

/** Loaded only here, as below: its quantiles are needed by no other command. */
async function checkEvaluation(
  ...[round, entries, progress, read, replayed]: Parameters<typeof EvaluationFindings>
): Promise<Finding[]> {
  const { evaluationFindings } = await import("./evaluation-findings.ts");
  const { followUpFindings } = await import("./follow-up-findings.ts");
  return [
    ...(await followUpFindings(round, entries, progress, replayed)),
    ...(await evaluationFindings(round, entries, progress, read, replayed)),
  ];
}

/** Loaded only here: it brings a package for certificates that no other command needs. */
async function checkAttestations(...about: Parameters<typeof AttestFindings>): Promise<Finding[]> {
  const { attestFindings } = await import("./attest-findings.ts");
  return attestFindings(...about);
}
