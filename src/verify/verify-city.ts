/**
 * Verifies one city's part of a round with that city's ledger alone (draw-spec, "Frame digest"): its blocks against the
 * lock, the lock's list of blocks against the frame digest, and its strata drawn again against the manifest. Reads the
 * files that `exportPart` writes, or those of a whole round; of other cities' units it needs none.
 */
import { existsSync } from "node:fs";
import { computeManifest } from "../draw/compute.ts";
import { blockOfStratum, type Manifest, manifestText } from "../draw/manifest.ts";
import { frameDigestOf } from "../frame/digests.ts";
import type { FrameLock, LockedBlock } from "../frame/lock-record.ts";
import { type LockedFrame, readLock } from "../frame/locked.ts";
import { withPartOfFrame } from "../frame/recompute.ts";
import { parseSealedPlan, planDigest, type SealedPlan } from "../plan/plan.ts";
import { readPlan } from "../plan/seal.ts";
import { divisionName } from "../reference/divisions.ts";
import { standing } from "../round/epochs.ts";
import type { JournalEntry } from "../round/journal.ts";
import { type Round, readTextFile } from "../round/round.ts";
import { readSeed } from "../seed/record.ts";
import { isSealed } from "../seed/sealed.ts";
import type { JsonValue } from "../text/canonical.ts";
import type { Progress } from "../text/progress.ts";
import { type Words, words } from "../text/words.ts";
import { notCanonical } from "./canonical-form.ts";
import { firstDifference } from "./difference.ts";
import { different, type Finding, failed, passed, skipped } from "./finding.ts";
import { lockAgainstJournal, unlocked } from "./frame-findings.ts";
import { guarded } from "./guarded.ts";
import { journalFinding, readWholeJournal } from "./journal-findings.ts";
import { type PartOfManifest, partOf } from "./part.ts";
import { NOT_PROVABLE, seedFindings } from "./plan-and-seed-findings.ts";

const FRAME = words("各块清单 → 抽样框摘要", "list of blocks → frame digest");
const PLAN = words("方案 → 摘要", "plan → digest");

/** All findings on one city. */
export async function verifyCity(
  round: Round,
  city: string,
  ledgers: readonly string[],
  progress: Progress,
): Promise<Finding[]> {
  const { entries: all, fault } = readWholeJournal(round);
  const entries = standing(all);
  const findings = [journalFinding({ entries: all, fault })];
  let lock: FrameLock | undefined;
  findings.push(
    ...(await guarded(() => {
      lock = readLock(round);
      return lock === undefined ? [unlocked(entries)] : [blocksFinding(round, lock, entries)];
    })),
  );
  const locked = lock;
  if (locked === undefined) return findings;
  const form = notCanonical(round, ["lock", "seed", "sealedPlan", "manifest"]);
  if (form !== undefined) findings.push(failed("form", words("文件的书写形式", "form of the files"), form));
  let sealed: SealedPlan | undefined;
  findings.push(
    ...(await guarded(async () => {
      sealed = existsSync(round.paths.sealedPlan)
        ? parseSealedPlan(readTextFile(round.paths.sealedPlan))
        : await readPlan(round);
      return [planFinding(sealed, entries)];
    })),
  );
  const plan = sealed;
  if (plan === undefined) return findings;
  findings.push(...(await guarded(() => seedFindings(round, { entries, all }, undefined, plan))));
  findings.push(
    ...(await guarded(() =>
      withPartOfFrame(ledgers, locked, progress, async (frame, own) => [
        ledgerFinding(city, own, locked),
        await drawFinding(round, city, frame, plan, progress),
      ]),
    )),
  );
  return findings;
}

function blocksFinding(round: Round, lock: FrameLock, entries: readonly JournalEntry[]): Finding {
  const locked = entries.find(({ event }) => event === "frame.locked")?.about;
  const isPart = "part" in lock;
  const difference =
    different(frameDigestOf(lock.blocks), lock.frameDigest, words("lock.json 中的 frameDigest", "frameDigest")) ??
    (isPart
      ? different(lock.frameDigest, locked?.frameDigest, words("日志中的抽样框摘要", "the journal's frame digest"))
      : lockAgainstJournal(round, lock, entries));
  return difference === undefined
    ? passed(
        "frame",
        FRAME,
        words(
          `${lock.blocks.length} 个块合成摘要 ${lock.frameDigest}，与日志一致`,
          `${lock.blocks.length} blocks give ${lock.frameDigest}, as in the journal`,
        ),
      )
    : failed("frame", FRAME, difference);
}

function planFinding(sealed: SealedPlan, entries: readonly JournalEntry[]): Finding {
  const found = planDigest(sealed);
  const about = entries.find(({ event }) => event === "plan.sealed")?.about;
  const difference = different(found, about?.planDigest, words("封存的方案摘要", "the sealed plan's digest"));
  return difference === undefined
    ? passed("plan", PLAN, words(`与封存时一致，摘要 ${found}`, `as sealed, ${found}`))
    : failed("plan", PLAN, difference);
}

/** The city's blocks from its own ledger against those of the lock. */
function ledgerFinding(city: string, own: FrameLock, lock: FrameLock): Finding {
  const name = divisionName(city);
  const title = words(`${name}名录 → 该市各块`, `ledger of ${city} → its blocks`);
  const ofCity = (blocks: readonly LockedBlock[]) => blocks.filter(({ key }) => key.startsWith(`${city}/`));
  const [found, expected] = [ofCity(own.blocks), ofCity(lock.blocks)];
  const keys = [...new Set([...expected, ...found].map(({ key }) => key))].sort();
  for (const key of keys) {
    const [mine, locked] = [found, expected].map((blocks) => blocks.find((block) => block.key === key));
    const difference = blockDifference(mine, locked);
    if (difference !== undefined)
      return failed("ledger", title, words(`${key} ${difference.zh}`, `${key} ${difference.en}`));
  }
  if (keys.length === 0) {
    return failed(
      "ledger",
      title,
      words("抽样框和这份名录里都没有该市的对象", "neither frame nor ledger has a unit of it"),
    );
  }
  const units = expected.reduce((sum, { count }) => sum + count, 0);
  return passed(
    "ledger",
    title,
    words(
      `${keys.length} 个块、${units} 个对象的摘要与锁定的一致`,
      `${keys.length} blocks with ${units} units are those that were locked`,
    ),
  );
}

function blockDifference(mine: LockedBlock | undefined, locked: LockedBlock | undefined): Words | undefined {
  const [own, theirs] = [mine?.count ?? 0, locked?.count ?? 0];
  if (own !== theirs) {
    return words(
      `锁定的是 ${theirs} 个对象，这份名录是 ${own} 个`,
      `was locked with ${theirs} units, this ledger has ${own}`,
    );
  }
  if (mine?.digest === locked?.digest) return undefined;
  return words(
    `内容有别：锁定的摘要 ${locked?.digest}，这份名录的 ${mine?.digest}`,
    `differs: locked ${locked?.digest}, this ledger ${mine?.digest}`,
  );
}

async function drawFinding(
  round: Round,
  city: string,
  frame: LockedFrame,
  sealed: SealedPlan,
  progress: Progress,
): Promise<Finding> {
  const title = words(`抽签 → ${divisionName(city)}样本`, `draw → sample of ${city}`);
  if (!existsSync(round.paths.manifest)) {
    return drawnDigest(round) === undefined
      ? skipped("draw", title, words("还没有抽签", "nothing has been drawn"))
      : failed(
          "draw",
          title,
          words("日志有抽签记录，但没有 draw/manifest.json", "drawn by the journal, but manifest.json is gone"),
        );
  }
  const record = readSeed(round);
  const contributions = record?.contributions ?? [];
  if (record !== undefined && isSealed(record)) return skipped("draw", title, NOT_PROVABLE);
  const text = readTextFile(round.paths.manifest);
  const given = JSON.parse(text) as Manifest & Partial<PartOfManifest>;
  const own = given.part === undefined ? partOf(given, city, text) : given;
  const { part, manifestDigest: promised, ...found } = own;
  const expected = await computeManifest(round.config.id, frame, sealed, contributions, progress, city, record?.drawId);
  const difference =
    different(part, city, words("要核对的市", "the city asked for")) ??
    firstDifference(found as unknown as JsonValue, JSON.parse(manifestText(expected))) ??
    different(promised, drawnDigest(round), words("日志中的样本清单摘要", "the journal's manifest digest"));
  if (difference !== undefined) {
    return failed("draw", title, words(`与重新计算的结果不符：${difference.zh}`, `differs: ${difference.en}`));
  }
  const strata = expected.strata.filter(({ key }) => blockOfStratum(key).city === city);
  const n = strata.reduce((sum, stratum) => sum + stratum.n, 0);
  return passed(
    "draw",
    title,
    words(
      `只用该市名录重抽 ${n} 家，逐家一致；样本清单摘要 ${promised}`,
      `${n} units drawn again from its own ledger, all the same; manifest ${promised}`,
    ),
  );
}

function drawnDigest(round: Round): JsonValue | undefined {
  const { entries } = readWholeJournal(round);
  return entries.findLast(({ event }) => event === "drawn")?.about.manifestDigest;
}
