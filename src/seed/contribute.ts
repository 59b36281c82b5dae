/** The edge of the seed step: contributions, commitments and their disclosure, in the order the journal proves. */

import { readLock } from "../frame/locked.ts";
import { ensureSealed } from "../plan/seal.ts";
import { drawIdOf } from "../round/epochs.ts";
import type { JournalEvent } from "../round/journal.ts";
import { type Actor, journalOf, type Round, recordEvent, withRoundLock, writeJson } from "../round/round.ts";
import { canonicalText, type JsonValue } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Words, words } from "../text/words.ts";
import { commitmentTo, type SeedPart } from "./derive.ts";
import { earlierValues } from "./fresh.ts";
import { hasUnseen, skeleton } from "./look-alike.ts";
import { canonicalOrigin } from "./origin.ts";
import type { Origin, SeedCommitment, SeedContribution, SeedRecord } from "./record.ts";
import { settleSeed } from "./record.ts";
import { openedWith, type Secret } from "./sealed.ts";

/** A contribution as it is handed in: who, what value, and where the value comes from. */
export interface NewContribution extends SeedPart {
  readonly origin?: Origin;
}

/**
 * Records a contribution. Seals the plan if it is not sealed yet.
 * @throws ChouqianError E-SEED-EMPTY, E-SEED-PARTY, E-SEED-AFTER-DRAW, E-SEED-COMMITTED, E-SEED-STALE, what the kind of a
 *   value refuses (E-SEED-DICE, E-SEED-ORIGIN), and what sealing refuses
 */
export function addContribution(round: Round, actor: Actor, part: NewContribution): Promise<SeedRecord> {
  return withRoundLock(round.folder, () => addContributionLocked(round, actor, part));
}

/** As `addContribution`, for a caller that holds the round's lock. */
export async function addContributionLocked(round: Round, actor: Actor, part: NewContribution): Promise<SeedRecord> {
  const plain = canonicalPart(part);
  const contribution = { ...plain, ...canonicalOrigin(plain.value, part.origin ?? {}) };
  refuseStale(round, plain.value);
  const record = await startedRecord(round, actor);
  refuseParty(record, contribution.by);
  if (record.commitments.some(({ by }) => by === contribution.by)) {
    throw seedRefusal(
      "E-SEED-COMMITTED",
      words(
        `“${contribution.by}”已提交承诺，应公开原值而不是另给新值`,
        `"${contribution.by}" has committed to a value`,
      ),
      words("用 seed reveal 公开承诺的值", "disclose it with seed reveal"),
    );
  }
  return save(round, actor, "seed.added", contribution, {
    ...record,
    contributions: [...record.contributions, contribution],
  });
}

/** The journal first: it is the source of the record. */
function save(
  round: Round,
  actor: Actor,
  event: JournalEvent,
  about: SeedContribution | SeedCommitment,
  next: SeedRecord,
): SeedRecord {
  recordEvent(round, actor, event, about as { readonly [key: string]: JsonValue });
  writeJson(round.paths.seed, next as unknown as JsonValue);
  return next;
}

/**
 * Records a commitment: its digest only. All commitments come before the first open contribution, so that nobody
 * commits after having seen another's value.
 * @param isSealed the value stays with the team until the visits are over; one of a round at most
 * @throws ChouqianError E-SEED-ORDER, E-SEED-SEALED-TWICE, and as `addContribution`
 */
export function addCommitment(
  round: Round,
  actor: Actor,
  by: string,
  commitment: string,
  isSealed = false,
): Promise<SeedRecord> {
  return withRoundLock(round.folder, async () => {
    const party = canonicalPart({ by, value: "-" }).by;
    if (!/^[0-9a-f]{64}$/.test(commitment)) {
      throw seedRefusal(
        "E-SEED-COMMITMENT",
        words("承诺应为 64 位十六进制摘要", "a commitment is a digest of 64 hex digits"),
        words("由提交方运行 seed commit 生成", "it is made by seed commit"),
      );
    }
    const record = await startedRecord(round, actor);
    refuseParty(record, party);
    if (record.contributions.length > 0) {
      throw seedRefusal(
        "E-SEED-ORDER",
        words("已有公开的种子内容，不能再提交承诺", "a contribution is public already"),
        words(
          "承诺必须在任何一方公开之前提交；此时请直接用 seed add",
          "commit before anybody discloses; now use seed add",
        ),
      );
    }
    if (record.commitments.some((other) => skeleton(other.by) === skeleton(party))) {
      throw seedRefusal(
        "E-SEED-PARTY",
        words(`“${party}”已提交过承诺`, `"${party}" has committed already`),
        words("每一方只提交一次", "each party commits once"),
      );
    }
    if (isSealed && record.commitments.some(({ sealed }) => sealed === true)) {
      throw seedRefusal(
        "E-SEED-SEALED-TWICE",
        words("已有一项封存的种子内容", "there is a sealed contribution already"),
        words(
          "一次抽签只封存一项；其他各方用 seed commit 或 seed add",
          "one is enough; others use seed commit or seed add",
        ),
      );
    }
    const committed: SeedCommitment = { by: party, commitment, ...(isSealed ? { sealed: true } : {}) };
    return save(round, actor, "seed.committed", committed, {
      ...record,
      commitments: [...record.commitments, committed],
    });
  });
}

/**
 * Discloses a committed value, which becomes a contribution.
 * @throws ChouqianError E-SEED-NO-COMMITMENT, E-SEED-MISMATCH
 */
export function revealContribution(round: Round, actor: Actor, part: SeedPart, nonce: string): Promise<SeedRecord> {
  return withRoundLock(round.folder, async () => {
    const contribution = canonicalPart(part);
    const record = await startedRecord(round, actor);
    const committed = record.commitments.find(({ by }) => by === contribution.by);
    if (committed === undefined) {
      throw seedRefusal(
        "E-SEED-NO-COMMITMENT",
        words(`“${contribution.by}”没有待公开的承诺`, `"${contribution.by}" has no commitment to disclose`),
        words("用 seed show 查看各方；没有承诺的直接用 seed add", "see seed show; without a commitment use seed add"),
      );
    }
    if (committed.sealed === true) {
      throw seedRefusal(
        "E-SEED-SEALED",
        words("这一项是封存的，抽签之前不公开", "this contribution is sealed and is not disclosed before the draw"),
        words(
          "抽签：draw --secret 文件；核查结束后公开：seed open --secret 文件",
          "draw with draw --secret FILE; after the visits: seed open --secret FILE",
        ),
      );
    }
    if (commitmentTo(contribution, nonce) !== committed.commitment) {
      throw seedRefusal(
        "E-SEED-MISMATCH",
        words("公开的值与当初的承诺不符", "the value does not match the commitment"),
        words("核对内容和随机串 nonce，须与提交承诺时一字不差", "value and nonce must be those committed to"),
        3,
      );
    }
    const revealed = { ...contribution, commitment: committed.commitment, nonce: canonicalText(nonce) };
    return save(round, actor, "seed.added", revealed, {
      ...record,
      commitments: record.commitments.filter((other) => other !== committed),
      contributions: [...record.contributions, revealed],
    });
  });
}

/**
 * Publishes the sealed contribution after the draw, for a caller that holds the round's lock.
 * @throws ChouqianError E-SEED-NOT-SEALED, E-SEED-MISMATCH
 */
export function openSealedLocked(round: Round, actor: Actor, secret: Secret): SeedRecord {
  const record = settleSeed(round);
  const committed = record?.commitments.find(({ sealed }) => sealed === true);
  const isDrawn = journalOf(round).entries.some(({ event }) => event === "drawn");
  if (record === undefined || committed === undefined || !isDrawn) {
    throw seedRefusal(
      "E-SEED-NOT-SEALED",
      words("没有等待公开的封存内容", "there is no sealed contribution to open"),
      words(
        "只有用 seed commit --sealed 封存、并已用 draw --secret 抽签的，才需要 seed open",
        "seed open is for what was sealed by seed commit --sealed and drawn by draw --secret",
      ),
    );
  }
  const { contributions } = openedWith(record, secret);
  const opened = contributions.at(-1) as SeedContribution;
  return save(round, actor, "seed.opened", opened, {
    ...record,
    commitments: record.commitments.filter((other) => other !== committed),
    contributions,
  });
}

function canonicalPart({ by, value }: SeedPart): SeedPart {
  const part = { by: canonicalText(by), value: canonicalText(value) };
  if (part.by === "" || part.value === "") {
    throw seedRefusal(
      "E-SEED-EMPTY",
      words("种子内容和提供者都不能为空", "party and value of a contribution must not be empty"),
      words('例如：seed add --by 省普查办 "3 6 1 4 2 5"', 'such as: seed add --by OFFICE "3 6 1 4 2 5"'),
    );
  }
  if (hasUnseen(part.by) || skeleton(part.by) === "") {
    throw seedRefusal(
      "E-SEED-PARTY",
      words("提供者名称含有看不见的字符", "a party's name holds characters that are not seen"),
      words("重新输入名称，不要从别处复制", "type the name anew instead of copying it"),
    );
  }
  if (part.by.includes("=")) {
    throw seedRefusal(
      "E-SEED-PARTY",
      words("提供者名称不能含等号", "a party's name must not hold ="),
      words("换一个名称", "choose another name"),
    );
  }
  return part;
}

/** After a redraw or an unlock a value of before must not come again: what it leads to could be worked out beforehand. */
function refuseStale(round: Round, value: string): void {
  if (!earlierValues(journalOf(round)).has(value)) return;
  throw seedRefusal(
    "E-SEED-STALE",
    words("这项内容在作废的抽签中用过，不能再用", "this value was used before, in what was voided"),
    words("重新掷骰子，或取尚未公布的彩票、指数结果", "roll the dice again, or take a result that is not out yet"),
  );
}

function refuseParty(record: SeedRecord, party: string): void {
  if (!record.contributions.some(({ by }) => skeleton(by) === skeleton(party))) return;
  throw seedRefusal(
    "E-SEED-PARTY",
    words(`“${party}”已经提供过种子内容`, `"${party}" has contributed already`),
    words("每一方只提供一次；已记录的内容不能更改", "each party contributes once, and for good"),
  );
}

/** The round's seed record, begun if there is none; refuses once the draw is done. */
async function startedRecord(round: Round, actor: Actor): Promise<SeedRecord> {
  if (journalOf(round).entries.some(({ event }) => event === "drawn")) {
    throw seedRefusal(
      "E-SEED-AFTER-DRAW",
      words("已经抽签，种子不能再改", "the draw is done; its seed does not change"),
      words(
        "另抽请新建轮次；非重抽不可时用 draw --again --reason 理由，理由永远记录在案并印在见证单上",
        "make a new round; or draw --again --reason TEXT, which stays on record and is printed on the certificate",
      ),
    );
  }
  const { digest } = await ensureSealed(round, actor);
  const frameDigest = readLock(round)?.frameDigest ?? "";
  const record = settleSeed(round);
  if (record === undefined) {
    return {
      spec: "draw-spec/1",
      drawId: drawIdOf(round.config.id, journalOf(round).all),
      frameDigest,
      planDigest: digest,
      commitments: [],
      contributions: [],
    };
  }
  refuseForeignRecord(record, round, frameDigest, digest);
  return record;
}

/**
 * Refuses a seed record that belongs to another frame, plan or round id than those in the folder.
 * @throws ChouqianError E-SEED-FOREIGN
 */
export function refuseForeignRecord(record: SeedRecord, round: Round, frameDigest: string, planDigest: string): void {
  const drawId = drawIdOf(round.config.id, journalOf(round).all);
  if (record.drawId === drawId && record.frameDigest === frameDigest && record.planDigest === planDigest) return;
  throw seedRefusal(
    "E-SEED-FOREIGN",
    words(
      "种子记录所依据的轮次编号、抽样框或方案与现在的不一致",
      "the seed record was made for another round id, frame or plan",
    ),
    words(
      "恢复记录种子时的 round.yaml、plan.yaml 和 frame，或新建轮次",
      "restore round.yaml, plan.yaml and frame/, or make a new round",
    ),
    3,
  );
}

function seedRefusal(code: string, message: Words, advice: Words, exitCode: 2 | 3 = 2): ChouqianError {
  return new ChouqianError(code, { message, advice, at: { file: "seed.json" }, exitCode });
}
