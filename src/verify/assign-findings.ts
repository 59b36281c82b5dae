/** Draws the teams again from roster, sample and seed, and compares with the assignment to the byte. */
import { existsSync } from "node:fs";
import { waiversOf } from "../assign/assign-round.ts";
import { assignmentText } from "../assign/assignment.ts";
import { computeAssignment } from "../assign/compute.ts";
import type { Manifest } from "../draw/manifest.ts";
import { openFrame } from "../frame/locked.ts";
import { readPlan } from "../plan/seal.ts";
import type { JournalEntry } from "../round/journal.ts";
import { type Round, readTextFile } from "../round/round.ts";
import { readSeed } from "../seed/record.ts";
import { openedWith } from "../seed/sealed.ts";
import { digest, type JsonValue } from "../text/canonical.ts";
import { words } from "../text/words.ts";
import { firstDifference } from "./difference.ts";
import { different, type Finding, failed, passed } from "./finding.ts";
import { secretOf } from "./plan-and-seed-findings.ts";

const TITLE = words("分派 → 检查组", "assignment → teams");

/** Nothing where the round neither has an assignment nor speaks of one. */
export async function assignFindings(round: Round, entries: readonly JournalEntry[]): Promise<Finding[]> {
  const assigned = entries.findLast(({ event }) => event === "assigned");
  const isThere = existsSync(round.paths.assignment);
  if (assigned === undefined && !isThere) return [];
  const fail = (zh: string, en: string) => [failed("assign", TITLE, words(zh, en))];
  if (!isThere) return fail("日志有分派记录，但没有 assign/assignment.json", "assigned, but assignment.json is gone");
  if (assigned === undefined)
    return fail("有 assignment.json，但日志没有分派记录", "the journal knows of no assignment");
  const text = readTextFile(round.paths.assignment);
  const manifest = JSON.parse(readTextFile(round.paths.manifest)) as Manifest;
  const record = readSeed(round);
  const secret = secretOf(round, undefined);
  const opened = record !== undefined && secret !== undefined ? openedWith(record, secret) : record;
  const contributions = opened?.contributions ?? [];
  const frame = await openFrame(round);
  let expected: string;
  try {
    const waived = waiversOf(assigned.about.waived);
    const computed = await computeAssignment(manifest, frame, await readPlan(round), contributions, waived);
    expected = assignmentText(computed);
  } finally {
    frame.close();
  }
  const difference =
    text === expected
      ? different(digest(text), assigned.about.assignmentDigest, words("日志中的分派摘要", "the journal's digest"))
      : differenceOf(text, expected);
  if (difference !== undefined) {
    return fail(`assignment.json 与重新计算的结果不符：${difference.zh}`, `assignment.json differs: ${difference.en}`);
  }
  return [
    passed("assign", TITLE, words(`重新分派，逐字节一致，摘要 ${digest(text)}`, `equal to the byte, ${digest(text)}`)),
  ];
}

function differenceOf(text: string, expected: string) {
  let found: JsonValue;
  try {
    found = JSON.parse(text) as JsonValue;
  } catch {
    return words("不是 JSON", "is no JSON");
  }
  return (
    firstDifference(found, JSON.parse(expected) as JsonValue) ?? words("书写形式不是规范 JSON", "not canonical JSON")
  );
}
