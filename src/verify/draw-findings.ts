/** Draws again from frame, plan and seed, and compares with the manifest to the byte. */
import { existsSync } from "node:fs";
import { computeManifest } from "../draw/compute.ts";
import { type Manifest, manifestDigest, manifestText } from "../draw/manifest.ts";
import { openFrame } from "../frame/locked.ts";
import { readPlan } from "../plan/seal.ts";
import type { JournalEntry } from "../round/journal.ts";
import { type Round, readTextFile } from "../round/round.ts";
import { isBehind, readSeedFile, type SeedRecord, seedOfJournal } from "../seed/record.ts";
import { isSealed, openedWith, type Secret } from "../seed/sealed.ts";
import { digest, type JsonValue } from "../text/canonical.ts";
import type { Progress } from "../text/progress.ts";
import { type Words, words } from "../text/words.ts";
import { firstDifference } from "./difference.ts";
import { different, type Finding, failed, passed, skipped } from "./finding.ts";
import { NOT_PROVABLE, type StandingJournal, secretOf } from "./plan-and-seed-findings.ts";

export async function drawFindings(
  round: Round,
  journal: StandingJournal,
  secret: Secret | undefined,
  progress: Progress,
): Promise<Finding[]> {
  const title = words("抽签 → 样本清单", "draw → manifest");
  const drawn = journal.entries.find(({ event }) => event === "drawn");
  const record = seedOf(round, journal);
  const known = secretOf(round, secret);
  const isKept = record !== undefined && isSealed(record);
  if (isKept && drawn !== undefined && known === undefined) return [skipped("draw", title, NOT_PROVABLE)];
  const opened = isKept && known !== undefined ? openedWith(record, known) : record;
  if (isKept && drawn !== undefined && !existsSync(round.paths.manifest)) {
    const digest = manifestDigest(await recomputed(round, opened, progress));
    const difference = different(digest, drawn.about.manifestDigest, DIGEST_OF_JOURNAL);
    const equal = words(
      `样本清单不在这里；用封存文件重抽，摘要与日志一致：${digest}`,
      `the manifest is not here; drawn again with the secret, its digest is the journal's: ${digest}`,
    );
    return [difference === undefined ? passed("draw", title, equal) : failed("draw", title, difference)];
  }
  if (!existsSync(round.paths.manifest)) {
    return drawn === undefined
      ? [skipped("draw", title, words("还没有抽签", "nothing has been drawn"))]
      : [
          failed(
            "draw",
            title,
            words("日志有抽签记录，但没有 draw/manifest.json", "drawn by the journal, but manifest.json is gone"),
          ),
        ];
  }
  const text = readTextFile(round.paths.manifest, true);
  const expected = await recomputed(round, opened, progress);
  const expectedText = manifestText(expected);
  const found = parseJson(text);
  const difference =
    text === expectedText
      ? againstJournal(digest(text), drawn)
      : found === undefined
        ? words("manifest.json 不是 JSON", "manifest.json is no JSON")
        : (firstDifference(found, JSON.parse(expectedText)) ??
          words("manifest.json 的书写形式不是规范 JSON", "manifest.json is not in canonical form"));
  const units = expected.strata.reduce((sum, { n }) => sum + n, 0);
  return [
    difference === undefined
      ? passed(
          "draw",
          title,
          words(
            `重抽 ${units} 家，逐字节一致，摘要 ${digest(text)}`,
            `${units} units drawn again, equal to the byte, ${digest(text)}`,
          ),
        )
      : failed(
          "draw",
          title,
          words(`manifest.json 与重新计算的结果不符：${difference.zh}`, `manifest.json differs: ${difference.en}`),
        ),
  ];
}

const DIGEST_OF_JOURNAL = words("日志中的样本清单摘要", "the journal's manifest digest");

function againstJournal(found: string, drawn: JournalEntry | undefined): Words | undefined {
  if (drawn !== undefined) return different(found, drawn.about.manifestDigest, DIGEST_OF_JOURNAL);
  return words(
    "日志没有抽签记录：抽签中断了（再运行一次 draw 即可），或日志被截去",
    "the journal tells of no draw: it was interrupted (run draw again), or the journal was cut",
  );
}

/** The seed record, or what the journal tells where a crash has left the record a step behind. */
function seedOf(round: Round, journal: StandingJournal): SeedRecord | undefined {
  const found = readSeedFile(round);
  return isBehind(found, round.config.id, journal) ? seedOfJournal(round.config.id, journal) : found;
}

async function recomputed(round: Round, record: SeedRecord | undefined, progress: Progress): Promise<Manifest> {
  const frame = await openFrame(round);
  try {
    const roundId = round.config.id;
    const plan = await readPlan(round);
    return await computeManifest(
      roundId,
      frame,
      plan,
      record?.contributions ?? [],
      progress,
      undefined,
      record?.drawId,
    );
  } finally {
    frame.close();
  }
}

function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
