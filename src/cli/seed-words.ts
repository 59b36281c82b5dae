/** The seed record and its estimate, as the terminal tells them. */
import { journalOf, type Round } from "../round/round.ts";
import { ENOUGH_BITS, estimateSeed, type Weakness } from "../seed/entropy.ts";
import { originInWords } from "../seed/origin.ts";
import { valuesOfOtherRounds } from "../seed/other-rounds.ts";
import type { Origin, SeedRecord } from "../seed/record.ts";
import { isSealed } from "../seed/sealed.ts";
import { type Words, words } from "../text/words.ts";
import type { Terminal } from "./terminal.ts";

export function sayRecord(terminal: Terminal, round: Round, record: SeedRecord, quietly = false): void {
  const isDrawn = journalOf(round).entries.some(({ event }) => event === "drawn");
  const isOpen = record.commitments.some(({ sealed }) => sealed !== true);
  if (!quietly) terminal.result({ record, entropy: estimateOf(round, record) });
  terminal.line(words(`抽签编号 ${record.drawId}`, `draw id ${record.drawId}`));
  for (const [index, { by, value, commitment, ...origin }] of record.contributions.entries()) {
    const proof = commitment === undefined ? "" : `（承诺 ${commitment.slice(0, 16)}…）`;
    const from = originInWords(origin);
    terminal.line(
      words(
        `  ${index + 1}. ${by}：${value}${from.zh === "" ? "" : `（${from.zh}）`}${proof}`,
        `  ${index + 1}. ${by}: ${value}${from.en === "" ? "" : ` (${from.en})`}`,
      ),
    );
  }
  for (const { by, commitment, sealed } of record.commitments) {
    terminal.line(
      sealed === true
        ? words(`  封存    ${by}：承诺 ${commitment}`, `  sealed  ${by}: ${commitment}`)
        : words(`  待公开  ${by}：承诺 ${commitment}`, `  undisclosed  ${by}: ${commitment}`),
    );
  }
  sayEstimate(terminal, round, record);
  if (isDrawn || isOpen || record.contributions.length === 0) return;
  const how = isSealed(record) ? " --secret 文件" : "";
  terminal.line(
    words(
      `各方都提供后，下一步：chouqian -C 轮次文件夹 draw${how}`,
      `when all have contributed: chouqian -C ROUND draw${isSealed(record) ? " --secret FILE" : ""}`,
    ),
  );
}

function estimateOf(round: Round, { contributions, commitments }: SeedRecord) {
  return estimateSeed(contributions, valuesOfOtherRounds(round), commitments.length);
}

const WEAKNESSES: Readonly<Record<Weakness, Words>> = {
  used: words(
    "与别的轮次或另一方的内容相同，不增加随机性",
    "is the same as in another round or of another party: it adds nothing",
  ),
  repeated: words("是同一段的重复，容易猜到", "is one part repeated, and easy to guess"),
  run: words("是连续的数字或字母，容易猜到", "is a run of digits or letters, and easy to guess"),
  date: words("是一个日期，容易猜到", "is a date, and easy to guess"),
  word: words("只是一个词，容易猜到", "is one word, and easy to guess"),
  short: words("太短，容易猜到", "is short, and easy to guess"),
};

/** Says how hard the seed is to guess beforehand, and warns of what is easy. */
export function sayEstimate(terminal: Terminal, round: Round, record: SeedRecord | undefined): void {
  if (record === undefined) return;
  const { bits, parts, isWeak } = estimateOf(round, record);
  const rounded = Math.floor(bits);
  if (record.contributions.length > 0) {
    terminal.line(
      words(`  随机性估计：公开的内容合计约 ${rounded} 比特`, `  entropy, estimated: about ${rounded} bits in public`),
    );
  }
  for (const [index, { weakness }] of parts.entries()) {
    const by = record.contributions[index]?.by ?? "";
    if (weakness === undefined) continue;
    terminal.line(
      words(`  ! “${by}”的内容${WEAKNESSES[weakness].zh}`, `  ! the value of "${by}" ${WEAKNESSES[weakness].en}`),
    );
  }
  if (!isWeak || record.contributions.length === 0) return;
  terminal.line(
    words(
      `  ! 不足 ${ENOUGH_BITS} 比特，且无人事先承诺：有人可能预先试出对自己有利的种子。请加骰子、彩票或指数结果，或先用 seed commit 承诺`,
      `  ! under ${ENOUGH_BITS} bits and nobody has committed: somebody might have tried seeds beforehand. Add dice, a lottery result or an index, or commit first`,
    ),
  );
}

/** Warns of a published result that was out before the plan was sealed. */
export function sayKnownResult(terminal: Terminal, round: Round, { kind, when }: Partial<Origin>): void {
  const sealed = journalOf(round).entries.find(({ event }) => event === "plan.sealed");
  if (sealed === undefined || when === undefined || (kind !== "lottery" && kind !== "index")) return;
  if (when >= dayInChina(sealed.time)) return;
  terminal.line(
    words(
      `  ! ${when} 的结果在方案封存（${dayInChina(sealed.time)}）之前就已公布。应先 plan seal 封存，再取其后公布的结果`,
      `  ! the result of ${when} was out before the plan was sealed (${dayInChina(sealed.time)}): seal first (plan seal), then take a later one`,
    ),
  );
}

/** The day in China (UTC+8) of a time in UTC. */
function dayInChina(time: string): string {
  return new Date(Date.parse(time) + 8 * 3_600_000).toISOString().slice(0, 10);
}
