/** Checks a round's stamps again, from files and journal. Reads, writes nothing. */
import { existsSync, readdirSync } from "node:fs";
import type { Certificate } from "pkijs";
import type { JournalEntry } from "../round/journal.ts";
import { lineDigests } from "../round/journal.ts";
import { type Round, readTextFile } from "../round/round.ts";
import { digest } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Words, words } from "../text/words.ts";
import { statedDigests, timeOfDraw } from "./facts.ts";
import { readBytes, stampFiles } from "./stamp-folder.ts";
import { STAMPED, type Stamped, stampStatement } from "./statement.ts";
import { checkToken, readRequest, readResponse, type Stamp } from "./token.ts";

export interface RecheckedStamp {
  readonly name: string;
  readonly of: Stamped;
  /** What is wrong; undefined where the stamp holds. */
  readonly fault: Words | undefined;
  readonly stamp: Stamp | undefined;
  /** When the draw from what is stamped was recorded, where there was one. */
  readonly drawn: string | undefined;
  /** Whether the round has gone on to another frame, plan or manifest since. */
  readonly isSuperseded: boolean;
}

/** Each stamp that the journal records, checked, then answers in the folder of which the journal knows nothing. */
export async function recheckStamps(
  round: Round,
  entries: readonly JournalEntry[],
  journal: string,
  authorities: readonly Certificate[],
): Promise<RecheckedStamp[]> {
  const recorded = entries.filter(({ event }) => event === "stamp.added");
  const results: RecheckedStamp[] = [];
  for (const entry of recorded) results.push(await recheck(round, entries, lineDigests(journal), entry, authorities));
  const known = recorded.map(({ about }) => `${about.name}.tsr`);
  const stray = existsSync(round.paths.stamps)
    ? readdirSync(round.paths.stamps).filter((file) => file.endsWith(".tsr") && !known.includes(file))
    : [];
  for (const file of stray) {
    const fault = words(`stamps/${file} 在日志中没有记录`, `the journal knows nothing of stamps/${file}`);
    const name = file.slice(0, -".tsr".length);
    results.push({ name, of: "journal", fault, stamp: undefined, drawn: undefined, isSuperseded: false });
  }
  return results;
}

async function recheck(
  round: Round,
  entries: readonly JournalEntry[],
  lines: readonly string[],
  { about, seq, time }: JournalEntry,
  authorities: readonly Certificate[],
): Promise<RecheckedStamp> {
  const name = String(about.name);
  const stamped = String(about.digest);
  const of = STAMPED.find((kind) => kind === about.of) ?? "journal";
  const before = entries.filter((entry) => entry.seq < seq);
  const stated = of === "journal" ? lines.slice(0, seq - 1) : statedDigests(of, before);
  const drawn = of === "frame" || of === "plan" ? timeOfDraw(of, stamped, entries) : undefined;
  const isSuperseded = of !== "journal" && statedDigests(of, entries).at(-1) !== stamped;
  const result = (fault: Words | undefined, stamp?: Stamp) => ({ name, of, fault, stamp, drawn, isSuperseded });
  if (!stated.includes(stamped)) return result(strayDigest(of));
  try {
    const files = stampFiles(round, of, Number(name.slice(of.length + 1)));
    const bytes = readBytes(files.response);
    const statement = readTextFile(files.statement);
    if (files.name !== name || statement !== stampStatement({ round: round.config.id, of, digest: stamped })) {
      return result(words(`stamps/${name}.json 与日志不符`, `stamps/${name}.json differs from the journal`));
    }
    const { nonce } = readRequest(readBytes(files.request));
    const stamp = await checkToken(readResponse(bytes), statement, nonce, authorities);
    const isRecorded =
      digest(bytes) === about.tokenDigest && stamp.genTime === about.genTime && stamp.authority === about.authority;
    if (!isRecorded) {
      return result(words(`stamps/${name}.tsr 与日志不符`, `stamps/${name}.tsr differs from the journal`));
    }
    if (stamp.genTime > time) return result(words(CLOCK.zh(stamp.genTime, time), CLOCK.en(stamp.genTime, time)));
    if (drawn !== undefined && stamp.genTime > drawn) {
      return result(
        words(
          `时间戳 ${stamp.genTime} 晚于抽签 ${drawn}`,
          `the stamp of ${stamp.genTime} is later than the draw of ${drawn}`,
        ),
      );
    }
    return result(undefined, stamp);
  } catch (error) {
    if (!(error instanceof ChouqianError)) throw error;
    return result(words(`${error.words.zh}（${error.code}）`, `${error.words.en} (${error.code})`));
  }
}

const CLOCK = {
  zh: (genTime: string, time: string) => `时间戳 ${genTime} 晚于日志所记的收到时间 ${time}`,
  en: (genTime: string, time: string) => `the stamp of ${genTime} is later than ${time}, when the journal received it`,
};

function strayDigest(of: Stamped): Words {
  const what = {
    frame: words("抽样框", "frame"),
    plan: words("方案", "plan"),
    manifest: words("样本清单", "manifest"),
    journal: words("日志行", "journal line"),
  }[of];
  return words(
    `所盖摘要不是本轮次此前任何${what.zh}的摘要`,
    `the stamped digest is of no earlier ${what.en} of this round`,
  );
}
