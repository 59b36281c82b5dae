/** Checks plan and seed against the journal, and the commitments against what was disclosed. */
import { readLock } from "../frame/locked.ts";
import { planDigest, type SealedPlan } from "../plan/plan.ts";
import { readPlan } from "../plan/seal.ts";
import type { JournalEntry } from "../round/journal.ts";
import type { Round } from "../round/round.ts";
import { commitmentTo, deriveSeed } from "../seed/derive.ts";
import { readSeed } from "../seed/record.ts";
import type { JsonValue } from "../text/canonical.ts";
import { words } from "../text/words.ts";
import { firstDifference } from "./difference.ts";
import { different, type Finding, failed, passed, skipped } from "./finding.ts";

export async function planFindings(round: Round, entries: readonly JournalEntry[]): Promise<Finding[]> {
  const title = words("方案 → 摘要", "plan → digest");
  const sealed = entries.find(({ event }) => event === "plan.sealed");
  if (sealed === undefined) return [skipped("plan", title, words("方案还没有封存", "the plan is not sealed"))];
  const found = planDigest(await readPlan(round));
  const difference = different(found, sealed.about.planDigest, words("封存的方案摘要", "the sealed plan's digest"));
  return [
    difference === undefined
      ? passed("plan", title, words(`与封存时一致，摘要 ${found}`, `as sealed, ${found}`))
      : failed("plan", title, words(`plan.yaml（或 round.yaml 的 cities）被改动：${difference.zh}`, difference.en)),
  ];
}

/** @param plan the sealed plan; read from the round's `plan.yaml` where absent */
export async function seedFindings(
  round: Round,
  entries: readonly JournalEntry[],
  plan?: SealedPlan,
): Promise<Finding[]> {
  const title = words("种子内容 → 种子", "contributions → seed");
  const record = readSeed(round);
  const added = entries.filter(({ event }) => event === "seed.added").map(({ about }) => about);
  if (record === undefined) {
    return added.length === 0
      ? [skipped("seed", title, words("还没有种子", "there is no seed"))]
      : [
          failed(
            "seed",
            title,
            words("日志有种子记录，但没有 seed.json", "the journal has contributions, but seed.json is gone"),
          ),
        ];
  }
  const drawn = entries.find(({ event }) => event === "drawn");
  const fromJournal = firstDifference(record.contributions as unknown as JsonValue, added as unknown as JsonValue);
  const broken = record.contributions.find(
    ({ commitment, nonce, ...part }) => commitment !== undefined && commitmentTo(part, nonce ?? "") !== commitment,
  );
  const seed = deriveSeed(round.config.id, record.contributions);
  const difference =
    (fromJournal === undefined
      ? undefined
      : words(
          `seed.json 与日志不符：contributions${fromJournal.zh}`,
          `seed.json differs from the journal: ${fromJournal.en}`,
        )) ??
    different(record.drawId, round.config.id, words("round.yaml 中的轮次编号", "the round id of round.yaml")) ??
    different(record.frameDigest, readLock(round)?.frameDigest, words("抽样框摘要", "the frame digest")) ??
    different(record.planDigest, planDigest(plan ?? (await readPlan(round))), words("方案摘要", "the plan digest")) ??
    (broken === undefined
      ? undefined
      : words(`“${broken.by}”公开的值与承诺不符`, `what "${broken.by}" disclosed is not what it committed to`)) ??
    (drawn === undefined ? undefined : different(seed, drawn.about.seed, words("日志中的种子", "the journal's seed")));
  return [
    difference === undefined
      ? passed(
          "seed",
          title,
          words(
            `${record.contributions.length} 方提供，种子 ${seed}`,
            `${record.contributions.length} contributions, ${seed}`,
          ),
        )
      : failed("seed", title, difference),
  ];
}
