/** `seed.json`: commitments and contributions of a round's draw, with the digests of frame and plan they came after. */

import { existsSync } from "node:fs";
import { z } from "zod";
import { type Round, readTextFile } from "../round/round.ts";
import { ChouqianError } from "../text/errors.ts";
import { words } from "../text/words.ts";

const Hex64 = z.string().regex(/^[0-9a-f]{64}$/);

const Contribution = z.strictObject({
  by: z.string().min(1),
  value: z.string().min(1),
  /** Present where the party had committed to its value beforehand. */
  commitment: Hex64.optional(),
  nonce: z.string().min(1).optional(),
});

export const SeedRecord = z.strictObject({
  spec: z.literal("draw-spec/1"),
  drawId: z.string().min(1),
  frameDigest: Hex64,
  planDigest: Hex64,
  /** Commitments that are not revealed yet, in the order in which they were made. */
  commitments: z.array(z.strictObject({ by: z.string().min(1), commitment: Hex64 })),
  contributions: z.array(Contribution),
});
export type SeedRecord = z.infer<typeof SeedRecord>;

/**
 * The seed record of a round, undefined where nobody has contributed or committed yet.
 * @throws ChouqianError E-SEED-DAMAGED
 */
export function readSeed(round: Round): SeedRecord | undefined {
  if (!existsSync(round.paths.seed)) return undefined;
  const parsed = SeedRecord.safeParse(parseJson(readTextFile(round.paths.seed)));
  if (parsed.success) return parsed.data;
  throw new ChouqianError("E-SEED-DAMAGED", {
    message: words("seed.json 被改动或已损坏", "seed.json was changed or is damaged"),
    advice: words("请恢复原文件；种子记录不得手工修改", "restore the file; a seed record is not edited by hand"),
    at: { file: "seed.json", column: parsed.error.issues[0]?.path.join(".") },
    exitCode: 3,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
