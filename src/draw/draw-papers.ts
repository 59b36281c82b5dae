/** What a draw leaves in `draw/` besides the manifest: computed, not written. `verify` uses it too. */
import type { LockedFrame } from "../frame/locked.ts";
import { planInWords } from "../plan/in-words.ts";
import { planText, type SealedPlan } from "../plan/plan.ts";
import type { RoundConfig } from "../round/config.ts";
import { renderCertificate } from "./certificate.ts";
import type { Manifest } from "./manifest.ts";
import { certificateInput, sampleListInput } from "./papers.ts";
import { sampleListWorkbook } from "./sample-list.ts";

export interface DrawPapers {
  /** `抽样名单.xlsx` */
  readonly sampleList: Uint8Array;
  /** `抽签见证单.pdf` */
  readonly certificate: Uint8Array;
  /** `plan.json`, whose digest is the plan's; the second verifier reads it. */
  readonly planText: string;
  /** Characters that no font could print, as code points. */
  readonly missingCharacters: readonly number[];
}

/** The papers of a draw: the same values give the same bytes anywhere. */
export async function drawPapers(
  config: RoundConfig,
  frame: LockedFrame,
  sealed: SealedPlan,
  manifest: Manifest,
): Promise<DrawPapers> {
  const units = await frame.unitsById(manifest.strata.flatMap((stratum) => stratum.units.map(({ id }) => id)));
  const planLines = planInWords(sealed).map(({ zh }) => zh);
  const certificate = await renderCertificate(certificateInput(config, frame.lock, manifest, planLines));
  return {
    sampleList: await sampleListWorkbook(sampleListInput(config, frame.lock, manifest, units)),
    certificate: certificate.bytes,
    planText: planText(sealed),
    missingCharacters: certificate.missing,
  };
}
