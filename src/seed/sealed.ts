/**
 * The sealed contribution: a committed random value that the team keeps until the visits are over (draw-spec, "Seed").
 * It comes last in the seed, after all that is public. Pure.
 */
import { ChouqianError } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { commitmentTo } from "./derive.ts";
import type { SeedContribution, SeedRecord } from "./record.ts";

/** Stands for the seed on what is printed before it is opened. */
export const SEALED_SEED = "封存，核查结束后公布";

/** What the file of a commitment holds. */
export interface Secret {
  readonly by: string;
  readonly value: string;
  readonly nonce: string;
}

/** Whether a draw by this record still keeps its seed secret. */
export function isSealed({ commitments }: Pick<SeedRecord, "commitments">): boolean {
  return commitments.some(({ sealed }) => sealed === true);
}

/**
 * The record as it is once its sealed contribution is opened.
 * @throws ChouqianError E-SEED-MISMATCH where the secret is not the one committed to
 */
export function openedWith(record: SeedRecord, { by, value, nonce }: Secret): SeedRecord {
  const committed = record.commitments.find(({ sealed }) => sealed === true);
  if (committed === undefined) return record;
  if (committed.by !== by || commitmentTo({ by, value }, nonce) !== committed.commitment) {
    throw new ChouqianError("E-SEED-MISMATCH", {
      message: words("文件中的值与封存时的承诺不符", "the file's value does not match the sealed commitment"),
      advice: words("指定 seed commit --sealed 时生成的那个文件", "name the file that seed commit --sealed wrote"),
      at: { file: "seed.json" },
      exitCode: 3,
    });
  }
  const opened: SeedContribution = { by, value, commitment: committed.commitment, nonce, sealed: true };
  return {
    ...record,
    commitments: record.commitments.filter((other) => other !== committed),
    contributions: [...record.contributions, opened],
  };
}
