/** The edge of the assignment: draws which team inspects which source, and writes the manifest and the sheets. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readManifest } from "../draw/read-manifest.ts";
import { fieldReader } from "../frame/fields.ts";
import { openFrame } from "../frame/locked.ts";
import { planDigest } from "../plan/plan.ts";
import { planChanged, readPlan, sealedDigest } from "../plan/seal.ts";
import { replaceFolder, writeFileAtomically } from "../round/files.ts";
import { type Actor, journalOf, type Round, recordEvent, withRoundLock } from "../round/round.ts";
import { assetText } from "../text/assets.ts";
import { canonicalText, digest } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import type { Progress } from "../text/progress.ts";
import { words } from "../text/words.ts";
import { type AssignmentManifest, assignmentText, type Waiver } from "./assignment.ts";
import { computeAssignment } from "./compute.ts";
import { ROSTER_TEMPLATE } from "./names.ts";
import { WAIVABLE } from "./refusal.ts";
import { sheetsInput } from "./sheets.ts";
import { renderSheets } from "./sheets-pdf.ts";
import { sheetsWorkbook } from "./sheets-workbook.ts";

export interface AssignOptions {
  /** Sources a team inspects in a day; orders the sheets, decides nothing. */
  readonly perDay: number;
  /** A rule to give up, and why; only where nothing meets all rules. */
  readonly waive: { readonly rule: string; readonly reason: string } | undefined;
}

export interface AssignResult {
  readonly assignment: AssignmentManifest;
  readonly assignmentDigest: string;
  readonly days: number;
  readonly missingCharacters: readonly number[];
}

/**
 * Assigns the inspectors of a drawn round, and writes `assign/`. Once assigned, the same assignment is written again:
 * only the sheets may change, by another number of sources a day.
 * @throws ChouqianError E-DRAW-MISSING, E-PLAN-CHANGED, E-ASSIGN-DONE, E-ASSIGN-WAIVE, and as `computeAssignment`
 */
export function assignRound(
  round: Round,
  actor: Actor,
  { perDay, waive }: AssignOptions,
  progress: Progress,
): Promise<AssignResult> {
  return withRoundLock(round.folder, async () => {
    const manifest = readManifest(round);
    const sealed = await readPlan(round);
    if (planDigest(sealed) !== sealedDigest(round)) throw planChanged();
    const done = journalOf(round).entries.findLast(({ event }) => event === "assigned");
    if (done !== undefined && waive !== undefined) throw alreadyDone();
    const frame = await openFrame(round);
    try {
      progress(words("随机组队、分派", "drawing teams"), 0);
      const waived = done === undefined ? [] : waiversOf(done.about.waived);
      const compute = (given: readonly Waiver[]) =>
        computeAssignment(manifest, frame, sealed, manifest.contributions, given);
      const assignment = waive === undefined ? await compute(waived) : await waiving(waive, compute);
      const text = assignmentText(assignment);
      if (done !== undefined && digest(text) !== done.about.assignmentDigest) throw alreadyDone();
      progress(words("写派工单", "writing sheets"), 0);
      const units = await frame.unitsById(assignment.sources.map(({ id }) => id));
      const input = sheetsInput(round.config, assignment, digest(text), units, fieldReader(frame.lock.columns), perDay);
      const missingCharacters = await replaceFolder(round.paths.assign, async (staging) => {
        const paper = await renderSheets(input);
        writeFileAtomically(join(staging, "assignment.json"), text);
        writeFileAtomically(join(staging, "分组派工单.xlsx"), await sheetsWorkbook(input));
        writeFileAtomically(join(staging, "分组派工单.pdf"), paper.bytes);
        return paper.missing;
      });
      if (done === undefined) {
        const { seed, manifestDigest, rosterDigest } = assignment;
        const about = { seed, manifestDigest, rosterDigest, assignmentDigest: digest(text) };
        recordEvent(round, actor, "assigned", { ...about, waived: assignment.waived.map((waiver) => ({ ...waiver })) });
      }
      const days = Math.max(0, ...input.teams.map((team) => team.days.length));
      return { assignment, assignmentDigest: digest(text), days, missingCharacters };
    } finally {
      frame.close();
    }
  });
}

/** Gives up a rule, if it is one that may be, and if nothing meets all of them. */
async function waiving(
  { rule, reason }: NonNullable<AssignOptions["waive"]>,
  compute: (waived: readonly Waiver[]) => Promise<AssignmentManifest>,
): Promise<AssignmentManifest> {
  const known = WAIVABLE.find((each) => each === rule);
  const why = canonicalText(reason);
  if (known === undefined || why === "") {
    throw waiveRefusal(
      words(
        known === undefined ? `规则“${rule}”不能放弃` : "放弃规则要写明理由",
        known === undefined ? `the rule "${rule}" cannot be given up` : "a reason is needed",
      ),
      words(`可放弃的规则：${WAIVABLE.join("、")}，并用 --reason 写明理由`, `${WAIVABLE.join(", ")}, with --reason`),
    );
  }
  const isNeeded = await compute([]).then(
    () => false,
    (error: unknown) => {
      if (error instanceof ChouqianError) return true;
      throw error;
    },
  );
  if (isNeeded) return compute([{ rule: known, reason: why }]);
  throw waiveRefusal(
    words("全部规则都能满足，不必放弃任何一条", "all rules can be met, none is to be given up"),
    words("去掉 --waive 再运行", "run it without --waive"),
  );
}

/** The waivers that the journal's entry holds. */
export function waiversOf(recorded: unknown): Waiver[] {
  return Array.isArray(recorded) ? (recorded as Waiver[]) : [];
}

/**
 * Writes the commented roster into a folder.
 * @throws ChouqianError E-ASSIGN-TEMPLATE where the file is there already
 */
export function writeRosterTemplate(folder: string): string {
  const path = join(folder, ROSTER_TEMPLATE);
  if (existsSync(path)) {
    throw new ChouqianError("E-ASSIGN-TEMPLATE", {
      message: words(`${ROSTER_TEMPLATE} 已经存在，不会覆盖`, `${ROSTER_TEMPLATE} exists and is not overwritten`),
      advice: words("直接编辑它，或先改名", "edit it, or rename it first"),
      at: { file: ROSTER_TEMPLATE },
    });
  }
  // Excel takes a CSV file for UTF-8 by its mark.
  writeFileAtomically(path, `\uFEFF${assetText("templates", ROSTER_TEMPLATE).replace(/^\uFEFF/, "")}`);
  return path;
}

function waiveRefusal(message: ReturnType<typeof words>, advice: ReturnType<typeof words>): ChouqianError {
  return new ChouqianError("E-ASSIGN-WAIVE", { message, advice });
}

function alreadyDone(): ChouqianError {
  return new ChouqianError("E-ASSIGN-DONE", {
    message: words("这个轮次已经分派过，不能另行分派", "inspectors have been assigned already"),
    advice: words("结果在 assign 文件夹里；chouqian verify 可核对", "the result is in assign/; see chouqian verify"),
    at: { file: "assign/assignment.json" },
  });
}
