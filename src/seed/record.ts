/**
 * `seed.json`: commitments and contributions of a round's draw, with the digests of frame and plan they came after.
 * The journal is its source: each step is written there first, so that a crash between the two files loses nothing.
 */

import { existsSync } from "node:fs";
import { z } from "zod";
import { drawIdOf } from "../round/epochs.ts";
import type { JournalEntry } from "../round/journal.ts";
import { journalOf, type Round, readTextFile, writeJson } from "../round/round.ts";
import { canonicalJson, type JsonValue } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Words, words } from "../text/words.ts";

const Hex64 = z.string().regex(/^[0-9a-f]{64}$/);

/** Where a value comes from: dice rolled in public, a published lottery result, a closing index, a word of the party. */
export const KINDS = ["dice", "lottery", "index", "word"] as const;
export type Kind = (typeof KINDS)[number];

/** What is said of a contribution. Only `by` and `value` enter the seed; the rest is on record beside them. */
export const Origin = z.strictObject({
  kind: z.enum(KINDS).optional(),
  /** Which dice, which lottery and issue, which index. */
  what: z.string().min(1).optional(),
  /** Day of the roll, the drawing or the closing, `YYYY-MM-DD`. */
  when: z.iso.date().optional(),
});
export type Origin = z.infer<typeof Origin>;

const Contribution = z.strictObject({
  by: z.string().min(1),
  value: z.string().min(1),
  ...Origin.shape,
  /** Present where the party had committed to its value beforehand. */
  commitment: Hex64.optional(),
  nonce: z.string().min(1).optional(),
  /** The value was kept until the visits were over; such a contribution comes last in the seed. */
  sealed: z.literal(true).optional(),
});
export type SeedContribution = z.infer<typeof Contribution>;

const Commitment = z.strictObject({
  by: z.string().min(1),
  commitment: Hex64,
  /** Its value stays with the team until the visits are over. */
  sealed: z.literal(true).optional(),
});
export type SeedCommitment = z.infer<typeof Commitment>;

export const SeedRecord = z.strictObject({
  spec: z.literal("draw-spec/1"),
  drawId: z.string().min(1),
  frameDigest: Hex64,
  planDigest: Hex64,
  /** Commitments that are not revealed yet, in the order in which they were made. */
  commitments: z.array(Commitment),
  contributions: z.array(Contribution),
});
export type SeedRecord = z.infer<typeof SeedRecord>;

/**
 * The seed record that a journal tells of: undefined where nobody has contributed or committed.
 * @param entries the entries that stand, and all of them
 * @throws ChouqianError E-SEED-JOURNAL where the journal tells of a contribution in no known form
 */
export function seedOfJournal(
  roundId: string,
  { entries, all }: { readonly entries: readonly JournalEntry[]; readonly all: readonly JournalEntry[] },
): SeedRecord | undefined {
  const about = (event: string) => entries.filter((entry) => entry.event === event).map((entry) => entry.about);
  const [committed, added, opened] = [about("seed.committed"), about("seed.added"), about("seed.opened")];
  if (committed.length + added.length === 0) return undefined;
  const plan = about("plan.sealed")[0];
  const contributions = [...added, ...opened];
  const parsed = SeedRecord.safeParse({
    spec: "draw-spec/1",
    drawId: drawIdOf(roundId, all),
    frameDigest: plan?.frameDigest,
    planDigest: plan?.planDigest,
    commitments: committed.filter(({ commitment }) => !contributions.some((each) => each.commitment === commitment)),
    contributions,
  });
  if (parsed.success) return parsed.data;
  throw new ChouqianError("E-SEED-JOURNAL", {
    message: words("日志中的种子记录不成形", "the journal's seed entries are in no known form"),
    advice: words(
      "请恢复原来的 journal.jsonl；chouqian verify 会指出哪里不符",
      "restore journal.jsonl; see chouqian verify",
    ),
    at: { file: "journal.jsonl", key: parsed.error.issues[0]?.path.join(".") },
    exitCode: 3,
  });
}

/**
 * The seed record of a round, undefined where nobody has contributed or committed yet. A record that lacks just the last
 * step, as a crash leaves it, is taken from the journal, which is written first.
 * @throws ChouqianError E-SEED-DAMAGED, E-SEED-CHANGED where it is not what the journal tells
 */
export function readSeed(round: Round): SeedRecord | undefined {
  const journal = journalOf(round);
  const told = seedOfJournal(round.config.id, journal);
  const found = readSeedFile(round);
  if (isSame(found, told)) return found;
  if (isBehind(found, round.config.id, journal)) return told;
  throw seedChanged(
    found === undefined
      ? words("日志有种子记录，但没有 seed.json", "the journal has contributions, but seed.json is gone")
      : words("seed.json 与日志不符，被改动过", "seed.json differs from the journal: it was changed"),
  );
}

/**
 * Whether a record lacks just the journal's last entry. That entry must be the last of all: a record that is cut short once
 * more has happened is no crash.
 */
export function isBehind(
  record: SeedRecord | undefined,
  roundId: string,
  { entries, all }: { readonly entries: readonly JournalEntry[]; readonly all: readonly JournalEntry[] },
): boolean {
  const last = entries.at(-1);
  if (last === undefined || last !== all.at(-1) || !last.event.startsWith("seed.")) return false;
  return isSame(record, seedOfJournal(roundId, { entries: entries.slice(0, -1), all: all.slice(0, -1) }));
}

/** `seed.json` as it stands, whatever the journal tells. */
export function readSeedFile(round: Round): SeedRecord | undefined {
  if (!existsSync(round.paths.seed)) return undefined;
  const parsed = SeedRecord.safeParse(parseJson(readTextFile(round.paths.seed)));
  if (parsed.success) return parsed.data;
  throw new ChouqianError("E-SEED-DAMAGED", {
    message: words("seed.json 被改动或已损坏", "seed.json was changed or is damaged"),
    advice: words("请恢复原文件；种子记录不得手工修改", "restore the file; a seed record is not edited by hand"),
    at: { file: "seed.json", key: parsed.error.issues[0]?.path.join(".") },
    exitCode: 3,
  });
}

/** Makes `seed.json` what the journal tells, where a crash has left it a step behind. Call under the round's lock. */
export function settleSeed(round: Round): SeedRecord | undefined {
  const record = readSeed(round);
  if (record !== undefined && !isSame(record, readSeedFile(round))) writeJson(round.paths.seed, record);
  return record;
}

/** Whether two records tell the same; a draw id of another round is told of by `refuseForeignRecord`. */
function isSame(a: SeedRecord | undefined, b: SeedRecord | undefined): boolean {
  const text = (record: SeedRecord | undefined) =>
    canonicalJson((record === undefined ? null : { ...record, drawId: "" }) as unknown as JsonValue);
  return text(a) === text(b);
}

function seedChanged(message: Words): ChouqianError {
  return new ChouqianError("E-SEED-CHANGED", {
    message,
    advice: words(
      "请恢复原文件；chouqian verify 会指出哪里不符",
      "restore the file; chouqian verify names the difference",
    ),
    at: { file: "seed.json" },
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
