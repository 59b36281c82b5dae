/** 演练: the whole draw on the locked frame and the plan, under a fixed draw id that no real draw has. */
import { join } from "node:path";
import { openFrame } from "../frame/locked.ts";
import { planInWords } from "../plan/in-words.ts";
import { refuseMisfit } from "../plan/misfit.ts";
import { planText } from "../plan/plan.ts";
import { readPlan } from "../plan/seal.ts";
import { REHEARSAL } from "../round/config.ts";
import { replaceFolder, writeFileAtomically } from "../round/files.ts";
import { journalOf, type Round, withRoundLock } from "../round/round.ts";
import { canonicalText } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import type { Progress } from "../text/progress.ts";
import { words } from "../text/words.ts";
import { renderCertificate } from "./certificate.ts";
import { computeManifest } from "./compute.ts";
import { type DrawResult, refuseChangedFrame } from "./draw-round.ts";
import { manifestDigest, manifestText, REHEARSAL_PARTY } from "./manifest.ts";
import { certificateInput, sampleListInput } from "./papers.ts";
import { sampleListWorkbook } from "./sample-list.ts";

/** The seed of a rehearsal where none is given: fixed, so that nobody takes its result for a draw. */
const FIXED_VALUE = "演练";

/**
 * Rehearses the draw: writes `rehearsal/` with 演练 on every page and sheet. Seals nothing and leaves the journal alone.
 * @param seedText what to rehearse with; a fixed word where absent
 * @throws ChouqianError E-REHEARSAL-LATE once a seed is on record or something was drawn, E-REHEARSAL-SEED where the
 *   value is one of a real seed, and what plan and frame refuse
 */
export function rehearseDraw(round: Round, seedText: string | undefined, progress: Progress): Promise<DrawResult> {
  return withRoundLock(round.folder, async () => {
    const value = canonicalText(seedText ?? FIXED_VALUE);
    refuseRealSeed(round, value);
    const frame = await openFrame(round);
    try {
      await refuseChangedFrame(round, frame);
      const plan = await readPlan(round);
      await refuseMisfit(plan, frame);
      const manifest = await computeManifest(REHEARSAL, frame, plan, [{ by: REHEARSAL_PARTY, value }], progress);
      const units = await frame.unitsById(manifest.strata.flatMap((stratum) => stratum.units.map(({ id }) => id)));
      const missingCharacters = await replaceFolder(round.paths.rehearsal, async (staging) => {
        const list = await sampleListWorkbook(sampleListInput(round.config, frame.lock, manifest, units));
        const lines = planInWords(plan).map(({ zh }) => zh);
        const about = { plan: lines, history: [], isSealed: false };
        const certificate = await renderCertificate(certificateInput(round.config, frame.lock, manifest, about));
        writeFileAtomically(join(staging, "演练-抽样名单.xlsx"), list);
        writeFileAtomically(join(staging, "演练-抽签见证单.pdf"), certificate.bytes);
        writeFileAtomically(join(staging, "plan.json"), planText(plan));
        writeFileAtomically(join(staging, "manifest.json"), manifestText(manifest));
        return certificate.missing;
      });
      const hasRoster = plan.plan.assign !== undefined;
      return { manifest, isSealed: false, hasRoster, manifestDigest: manifestDigest(manifest), missingCharacters };
    } finally {
      frame.close();
    }
  });
}

function refuseRealSeed(round: Round, value: string): void {
  const { entries, all } = journalOf(round);
  if (all.some(({ event, about }) => event.startsWith("seed.") && about.value === value)) {
    throw new ChouqianError("E-REHEARSAL-SEED", {
      message: words(
        "这是正式种子的内容，演练不能用",
        "this is a value of the real seed: a rehearsal does not take it",
      ),
      advice: words("换一个，或不写 --seed", "take another, or none"),
    });
  }
  if (!entries.some(({ event }) => event.startsWith("seed.") || event === "drawn")) return;
  throw new ChouqianError("E-REHEARSAL-LATE", {
    message: words("已经开始收集正式种子，不能再演练", "the real seed has been begun: it is too late to rehearse"),
    advice: words("演练放在正式种子之前；正式抽签：chouqian draw", "rehearse before the seed; to draw: chouqian draw"),
  });
}
