/** The certificate of a round's draw: at the draw without signatures, and again with each that is added. */
import type { FrameLock } from "../frame/lock-record.ts";
import type { PdfResult } from "../pdf/document.ts";
import { planInWords } from "../plan/in-words.ts";
import type { SealedPlan } from "../plan/plan.ts";
import { journalOf, type Round } from "../round/round.ts";
import { readSeed } from "../seed/record.ts";
import { isSealed } from "../seed/sealed.ts";
import { renderCertificate } from "./certificate.ts";
import type { CertificateSignature } from "./certificate-signatures.ts";
import { historyLines } from "./history-lines.ts";
import type { Manifest } from "./manifest.ts";
import { certificateInput } from "./papers.ts";

/** Prints the certificate, without the seed while that is sealed. Same round and signatures, same bytes. */
export function certificateOf(
  round: Round,
  lock: FrameLock,
  sealed: SealedPlan,
  manifest: Manifest,
  signatures: readonly CertificateSignature[],
): Promise<PdfResult> {
  const record = readSeed(round);
  const about = {
    plan: planInWords(sealed).map(({ zh }) => zh),
    history: historyLines(journalOf(round).all),
    isSealed: record !== undefined && isSealed(record),
  };
  return renderCertificate({ ...certificateInput(round.config, lock, manifest, about), signatures });
}
