/** Publishing the sealed contribution after the visits, and printing the certificate once more, with the seed. */
import { existsSync } from "node:fs";
import { openFrame } from "../frame/locked.ts";
import { readPlan } from "../plan/seal.ts";
import { writeFileAtomically } from "../round/files.ts";
import { type Actor, type Round, withRoundLock } from "../round/round.ts";
import { openSealedLocked } from "../seed/contribute.ts";
import { type SeedRecord, settleSeed } from "../seed/record.ts";
import { isSealed, type Secret } from "../seed/sealed.ts";
import { certificateOf } from "./certify.ts";
import { readManifest } from "./read-manifest.ts";

/**
 * Opens the sealed contribution: it goes into `seed.json` and the journal, and `draw/抽签见证单-种子公开.pdf` is printed. The
 * manifest stays as it is, for it was made with the value.
 * @throws ChouqianError E-SEED-NOT-SEALED, E-SEED-MISMATCH, E-DRAW-MISSING, E-MANIFEST-CHANGED
 */
export function openSeed(round: Round, actor: Actor, secret: Secret): Promise<SeedRecord> {
  return withRoundLock(round.folder, async () => {
    const manifest = readManifest(round);
    const record = hasToBePrinted(round) ? settleSeed(round) : undefined;
    const opened = record ?? openSealedLocked(round, actor, secret);
    const frame = await openFrame(round);
    try {
      const { bytes } = await certificateOf(round, frame.lock, await readPlan(round), manifest, []);
      writeFileAtomically(round.paths.openedCertificate, bytes);
    } finally {
      frame.close();
    }
    return opened;
  });
}

/** Whether the seed was opened, but a crash came before the certificate. */
function hasToBePrinted(round: Round): boolean {
  const record = settleSeed(round);
  const isOpened = record?.contributions.some(({ sealed }) => sealed === true) === true && !isSealed(record);
  return isOpened && !existsSync(round.paths.openedCertificate);
}
