/**
 * Checks what the journal says of commitments, digests and times against each other and against the round's files. The
 * steps' own checks compare each file with the line that tells of it; a journal that somebody wrote anew with a good
 * chain must agree in all these too.
 */
import { readFileSync } from "node:fs";
import { readLock } from "../frame/locked.ts";
import type { JournalEntry } from "../round/journal.ts";
import type { Round } from "../round/round.ts";
import { readSeedFile } from "../seed/record.ts";
import { canonicalJson, type JsonValue } from "../text/canonical.ts";
import { type Words, words } from "../text/words.ts";
import { different, type Finding, failed, passed } from "./finding.ts";
import type { StandingJournal } from "./plan-and-seed-findings.ts";

/** How far a clock may go back between two lines: it is set right by minutes now and then. */
const CLOCK_TOLERANCE_MS = 10 * 60 * 1000;

export function testimonyFindings(round: Round, { entries, all }: StandingJournal): Finding[] {
  const title = words("日志所记 ↔ 轮次文件", "what the journal says ↔ the round");
  if (entries.length === 0) return [];
  const difference =
    brokenCommitment(round, entries) ??
    foreignDigest(round, entries) ??
    missingStep(entries) ??
    backwardTime(all) ??
    seedForm(round);
  return [
    difference === undefined
      ? passed(
          "testimony",
          title,
          words("承诺均已照原样公开，各步摘要一致，时间依次", "commitments were kept, digests agree, times go forward"),
        )
      : failed("testimony", title, difference),
  ];
}

/** Every commitment of the journal is disclosed as it was made, or stands open in the seed record: sealed, or not drawn. */
function brokenCommitment(round: Round, entries: readonly JournalEntry[]): Words | undefined {
  const record = readSeedFile(round);
  const isDrawn = entries.some(({ event }) => event === "drawn");
  for (const { event, about, seq } of entries) {
    if (event !== "seed.committed") continue;
    const { by, commitment } = about;
    const disclosed = entries.find((entry) => isDisclosure(entry) && entry.about.by === by)?.about;
    const open = record?.commitments.find((each) => each.by === by);
    if (disclosed === undefined && open?.commitment === commitment && (open?.sealed === true || !isDrawn)) continue;
    if (disclosed === undefined) {
      return words(
        `日志第 ${seq} 行“${by}”提交的承诺没有公开就不见了`,
        `the commitment of "${by}", line ${seq}, was never disclosed and is gone`,
      );
    }
    const difference = different(
      disclosed.commitment,
      commitment,
      words(`日志第 ${seq} 行“${by}”的承诺`, `the commitment of "${by}", line ${seq},`),
    );
    if (difference !== undefined) return words(`公开的值${difference.zh}`, `what was disclosed ${difference.en}`);
  }
  const committed = new Set(entries.flatMap(({ event, about }) => (event === "seed.committed" ? [about.by] : [])));
  const unannounced = entries.find(
    ({ event, about }) =>
      about.commitment !== undefined && isDisclosure({ event }) && !committed.has(about.by as string),
  );
  return (
    unannounced &&
    words(
      `日志第 ${unannounced.seq} 行公开的承诺此前没有提交`,
      `the commitment disclosed in line ${unannounced.seq} was never made`,
    )
  );
}

function isDisclosure({ event }: Pick<JournalEntry, "event">): boolean {
  return event === "seed.added" || event === "seed.opened";
}

/** Frame and plan that later lines name are those that earlier lines locked and sealed. */
function foreignDigest(round: Round, entries: readonly JournalEntry[]): Words | undefined {
  const frame = readLock(round)?.frameDigest;
  const plan = entries.find(({ event }) => event === "plan.sealed")?.about.planDigest;
  for (const { event, about, seq } of entries) {
    if (event !== "plan.sealed" && event !== "drawn") continue;
    const difference =
      different(about.frameDigest, frame, words("抽样框的摘要", "the frame's digest")) ??
      (event === "drawn"
        ? different(about.planDigest, plan, words("封存的方案摘要", "the sealed plan's digest"))
        : undefined);
    if (difference !== undefined) {
      return words(`日志第 ${seq} 行（${event}）${difference.zh}`, `line ${seq} (${event}) ${difference.en}`);
    }
  }
  return undefined;
}

/** What must have happened before a draw. */
function missingStep(entries: readonly JournalEntry[]): Words | undefined {
  if (!entries.some(({ event }) => event === "drawn")) return undefined;
  const missing = ["frame.locked", "plan.sealed", "seed.added"].find(
    (event) => !entries.some((entry) => entry.event === event),
  );
  if (missing === undefined) return undefined;
  return words(`日志有抽签记录，却没有 ${missing}`, `the journal tells of a draw, but of no ${missing}`);
}

function backwardTime(entries: readonly JournalEntry[]): Words | undefined {
  let latest = Number.NEGATIVE_INFINITY;
  for (const { time, seq } of entries) {
    const at = Date.parse(time);
    if (Number.isNaN(at)) return words(`日志第 ${seq} 行的时间读不出来`, `the time of line ${seq} cannot be read`);
    if (at < latest - CLOCK_TOLERANCE_MS) {
      return words(
        `日志第 ${seq} 行的时间早于它前面的行：电脑时钟被拨回，或日志被重写`,
        `the time of line ${seq} is before that of an earlier line: the clock was set back, or the journal written anew`,
      );
    }
    latest = Math.max(latest, at);
  }
  return undefined;
}

/** A seed record is canonical JSON, so that it cannot say one thing to a reader and another to a program. */
function seedForm(round: Round): Words | undefined {
  const record = readSeedFile(round);
  if (record === undefined || canonicalJson(record as JsonValue) === readFileSync(round.paths.seed, "utf8"))
    return undefined;
  return words("seed.json 的书写形式不是规范 JSON", "seed.json is not in canonical form");
}
