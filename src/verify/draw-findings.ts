/** Draws again from frame, plan and seed, and compares with the manifest to the byte. */
import { existsSync } from "node:fs";
import { computeManifest } from "../draw/compute.ts";
import { type Manifest, manifestText } from "../draw/manifest.ts";
import { openFrame } from "../frame/locked.ts";
import { readPlan } from "../plan/seal.ts";
import type { JournalEntry } from "../round/journal.ts";
import { type Round, readTextFile } from "../round/round.ts";
import { readSeed } from "../seed/record.ts";
import { digest, type JsonValue } from "../text/canonical.ts";
import type { Progress } from "../text/progress.ts";
import { words } from "../text/words.ts";
import { firstDifference } from "./difference.ts";
import { different, type Finding, failed, passed, skipped } from "./finding.ts";

export async function drawFindings(
  round: Round,
  entries: readonly JournalEntry[],
  progress: Progress,
): Promise<Finding[]> {
  const title = words("抽签 → 样本清单", "draw → manifest");
  const drawn = entries.find(({ event }) => event === "drawn");
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
  const record = readSeed(round);
  const frame = await openFrame(round);
  let expected: Manifest;
  try {
    expected = await computeManifest(
      round.config.id,
      frame,
      await readPlan(round),
      record?.contributions ?? [],
      progress,
    );
  } finally {
    frame.close();
  }
  const expectedText = manifestText(expected);
  const found = parseJson(text);
  const difference =
    text === expectedText
      ? different(
          digest(text),
          drawn?.about.manifestDigest,
          words("日志中的样本清单摘要", "the journal's manifest digest"),
        )
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

function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
