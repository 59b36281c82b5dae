/** Checks plan and seed against the journal, and the commitments against what was disclosed. */
import { existsSync, readFileSync } from "node:fs";
import type { Manifest } from "../draw/manifest.ts";
import { readLock } from "../frame/locked.ts";
import { planDigest, type SealedPlan } from "../plan/plan.ts";
import { readPlan } from "../plan/seal.ts";
import type { JournalEntry } from "../round/journal.ts";
import { type Round, readTextFile } from "../round/round.ts";
import { commitmentTo, deriveSeed } from "../seed/derive.ts";
import { earlierValues, hasFresh } from "../seed/fresh.ts";
import { isBehind, readSeedFile, type SeedRecord, seedOfJournal } from "../seed/record.ts";
import { isSealed, openedWith, type Secret } from "../seed/sealed.ts";
import { digest, type JsonValue } from "../text/canonical.ts";
import { type Words, words } from "../text/words.ts";
import { firstDifference } from "./difference.ts";
import { different, type Finding, failed, passed, skipped } from "./finding.ts";

export async function planFindings(round: Round, entries: readonly JournalEntry[]): Promise<Finding[]> {
  const title = words("方案 → 摘要", "plan → digest");
  const sealed = entries.find(({ event }) => event === "plan.sealed");
  if (sealed === undefined) return [skipped("plan", title, words("方案还没有封存", "the plan is not sealed"))];
  const found = planDigest(await readPlan(round));
  const copy = existsSync(round.paths.planAsSealed) ? digest(readFileSync(round.paths.planAsSealed)) : undefined;
  if (copy === undefined) {
    return [failed("plan", title, words("plan.sealed.json 不见了", "plan.sealed.json is gone"))];
  }
  if (copy !== sealed.about.planDigest) {
    return [failed("plan", title, words("plan.sealed.json 被改动", "plan.sealed.json was changed"))];
  }
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
  journal: StandingJournal,
  secret: Secret | undefined,
  plan?: SealedPlan,
): Promise<Finding[]> {
  const title = words("种子内容 → 种子", "contributions → seed");
  const told = seedOfJournal(round.config.id, journal);
  const found = readSeedFile(round);
  // a crash right after the journal's last entry leaves the record one step behind; the next step mends it
  const record = isBehind(found, round.config.id, journal) ? told : found;
  if (record === undefined) {
    return told === undefined
      ? [skipped("seed", title, words("还没有种子", "there is no seed"))]
      : [
          failed(
            "seed",
            title,
            words("日志有种子记录，但没有 seed.json", "the journal has contributions, but seed.json is gone"),
          ),
        ];
  }
  const difference =
    againstJournal(record, told) ??
    different(record.drawId, told?.drawId, words("round.yaml 中的轮次编号", "the round id of round.yaml")) ??
    different(record.frameDigest, readLock(round)?.frameDigest, words("抽样框摘要", "the frame digest")) ??
    different(record.planDigest, planDigest(plan ?? (await readPlan(round))), words("方案摘要", "the plan digest")) ??
    brokenPromise(record) ??
    againstDraw(record, journal);
  if (difference !== undefined) return [failed("seed", title, difference)];
  const { contributions } = record;
  if (!isSealed(record)) {
    const seed = deriveSeed(record.drawId, contributions);
    const all = words(`${contributions.length} 方提供，种子 ${seed}`, `${contributions.length} contributions, ${seed}`);
    return [passed("seed", title, all)];
  }
  const known = secretOf(round, secret);
  if (known === undefined) return [skipped("seed", title, NOT_PROVABLE)];
  openedWith(record, known);
  return [
    passed(
      "seed",
      title,
      words(
        `${contributions.length} 方公开，1 项封存，与承诺相符；种子封存中，核查结束后用 seed open 公开`,
        `${contributions.length} in public, 1 sealed and as committed to; the seed is not published yet`,
      ),
    ),
  ];
}

/** Said of what cannot be proved while a seed is sealed. */
export const NOT_PROVABLE = words(
  "种子有一项封存，尚不能证明；承诺和样本清单摘要已固定结果。检查组可加 --secret 封存文件 核对，公开（seed open）之后人人可验",
  "a contribution is sealed and this cannot be proved yet; commitment and manifest digest fix the result. The team may add --secret FILE; after seed open anyone can",
);

/** The entries that stand, and all there are. */
export interface StandingJournal {
  readonly entries: readonly JournalEntry[];
  readonly all: readonly JournalEntry[];
}

/** The secret of a sealed seed: as given, else as the team's manifest holds it. */
export function secretOf(round: Round, secret: Secret | undefined): Secret | undefined {
  if (secret !== undefined || !existsSync(round.paths.manifest)) return secret;
  const kept = contributionsOf(readTextFile(round.paths.manifest)).find(({ sealed }) => sealed === true);
  return kept?.nonce === undefined ? undefined : { by: kept.by, value: kept.value, nonce: kept.nonce };
}

/** What a manifest says of contributions; none where it is damaged, which the check of the draw names. */
function contributionsOf(manifest: string): Manifest["contributions"] {
  try {
    const { contributions } = JSON.parse(manifest) as Partial<Manifest>;
    return Array.isArray(contributions) ? contributions : [];
  } catch {
    return [];
  }
}

function againstJournal(record: SeedRecord, told: SeedRecord | undefined): Words | undefined {
  const parts = (of: SeedRecord | undefined) =>
    ({ contributions: of?.contributions ?? [], commitments: of?.commitments ?? [] }) as unknown as JsonValue;
  const difference = firstDifference(parts(record), parts(told));
  return (
    difference &&
    words(`seed.json 与日志不符：${difference.zh}`, `seed.json differs from the journal: ${difference.en}`)
  );
}

function brokenPromise({ contributions }: SeedRecord): Words | undefined {
  const broken = contributions.find(
    ({ by, value, commitment, nonce }) =>
      commitment !== undefined && commitmentTo({ by, value }, nonce ?? "") !== commitment,
  );
  return (
    broken && words(`“${broken.by}”公开的值与承诺不符`, `what "${broken.by}" disclosed is not what it committed to`)
  );
}

/** What the journal tells of the draw otherwise than the record; a seed of used values alone among it. */
function againstDraw(record: SeedRecord, journal: StandingJournal): Words | undefined {
  const drawn = journal.entries.find(({ event }) => event === "drawn")?.about;
  if (drawn === undefined) return undefined;
  const { contributions, commitments } = record;
  if (!hasFresh(record, earlierValues(journal))) {
    return words("重抽的种子没有一项是新的", "nothing in the seed of the redraw is new");
  }
  const open = commitments.find(({ sealed }) => sealed !== true);
  if (open !== undefined) return words(`“${open.by}”没有公开就抽了签`, `drawn before "${open.by}" had disclosed`);
  const wasSealed = isSealed(record) || contributions.some(({ sealed }) => sealed === true);
  return (
    different(drawn.sealed === true, wasSealed, words("种子记录中的封存", "what the seed record seals")) ??
    (wasSealed
      ? undefined
      : different(deriveSeed(record.drawId, contributions), drawn.seed, words("日志中的种子", "the journal's seed")))
  );
}
