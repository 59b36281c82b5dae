/**
 * Verifies a round: recomputes everything from ledger to manifest, trusting nothing that can be computed, and names
 * the first difference of each step (draw-spec, "Verification"). Reads files, writes nothing.
 */
import type { Round } from "../round/round.ts";
import { ChouqianError } from "../text/errors.ts";
import type { Progress } from "../text/progress.ts";
import { words } from "../text/words.ts";
import type { attestFindings as AttestFindings, Trusted } from "./attest-findings.ts";
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

/** All findings, in the order ledger → frame → plan → seed → draw → papers → stamps and signatures. */
export async function verifyRound(
  round: Round,
  options: VerifyOptions & Trusted,
  progress: Progress,
): Promise<Finding[]> {
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
    () => (isDrawProven() ? papersFindings(round, journal.entries) : []),
    () => (isDrawProven() ? replacementFindings(round, journal.entries) : []),
    () => (isDrawProven() ? workbookFindings(round, journal.entries, progress) : []),
    () => checkAttestations(round, journal.entries, options),
  ];
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
    const malformed = asMalformed(error);
    if (malformed !== undefined) return [malformed];
    if (!(error instanceof ChouqianError)) throw error;
    const [first] = error.problems;
    const detail =
      first === undefined ? error.words : words(`${error.words.zh}：${first.message.zh}`, first.message.en);
    return [failed(error.code, words(error.at.file ?? "文件", error.at.file ?? "file"), detail)];
  }
}

/** A file that is JSON and not what it should be trips the program up somewhere: evidence that fails, not the verifier. */
function asMalformed(error: unknown): Finding | undefined {
  if (!(error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError)) return undefined;
  const place = words("轮次文件", "the round's files");
  return failed(
    "E-VERIFY-MALFORMED",
    place,
    words(
      `某个文件的内容不合规格，无法核对（${error.message}）；请看其他各项`,
      `a file is not of the form it should have and cannot be checked (${error.message}); see the other checks`,
    ),
  );
}
