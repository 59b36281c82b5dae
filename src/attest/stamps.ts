/** The edge of time stamping: writes requests, takes answers, keeps both with the round and in its journal. */
import { existsSync } from "node:fs";
import { basename } from "node:path";
import type { Certificate } from "pkijs";
import { ensureSealed } from "../plan/seal.ts";
import { writeFileAtomically } from "../round/files.ts";
import { lineDigests } from "../round/journal.ts";
import { type Actor, journalOf, type Round, readTextFile, recordEvent, withRoundLock } from "../round/round.ts";
import { digest } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Words, words } from "../text/words.ts";
import { statedDigests, timeOfDraw } from "./facts.ts";
import { readBytes, requestsOf, type StampFiles, stampFiles } from "./stamp-folder.ts";
import { type Stamped, stampStatement } from "./statement.ts";
import { checkToken, makeRequest, otherDigest, otherNonce, readRequest, readResponse, type Stamp } from "./token.ts";

export interface RequestedStamp {
  readonly of: Stamped;
  readonly digest: string;
  readonly files: StampFiles;
}

/**
 * Writes a request for a stamp. A request for the plan seals it, for only a sealed plan has a digest that stays.
 * @param nonce eight random bytes
 * @throws ChouqianError E-STAMP-NOTHING, E-STAMP-LATE, and what sealing the plan refuses
 */
export function requestStamp(round: Round, actor: Actor, of: Stamped, nonce: Uint8Array): Promise<RequestedStamp> {
  return withRoundLock(round.folder, async () => {
    const { entries } = journalOf(round);
    const drawn = entries.find(({ event }) => event === "drawn");
    if (drawn !== undefined && (of === "frame" || of === "plan")) throw tooLate(drawn.time);
    if (of === "plan" && statedDigests("frame", entries).length > 0) await ensureSealed(round, actor);
    const stamped = digestInForce(round, of);
    if (stamped === undefined) throw nothingToStamp(of);
    const numbers = requestsOf(round).filter((each) => each.of === of);
    const files = stampFiles(round, of, (numbers.at(-1)?.number ?? 0) + 1);
    const statement = stampStatement({ round: round.config.id, of, digest: stamped });
    writeFileAtomically(files.statement, statement);
    writeFileAtomically(files.request, makeRequest(statement, nonce));
    return { of, digest: stamped, files };
  });
}

/** What a round has to be stamped and has no request for: frame and plan before the draw, the manifest after it. */
export function unstamped(round: Round): Stamped[] {
  const drawn = journalOf(round).entries.some(({ event }) => event === "drawn");
  const kinds: readonly Stamped[] = drawn ? ["manifest"] : ["frame", "plan"];
  return kinds.filter((of) => {
    const stamped = digestInForce(round, of);
    const asked = requestsOf(round).filter((each) => each.of === of);
    return stamped !== undefined && !asked.some(({ statement }) => readTextFile(statement).includes(stamped));
  });
}

export interface AddedStamp extends Stamp {
  readonly of: Stamped;
  readonly digest: string;
  /** Name in `stamps/`. */
  readonly name: string;
  /** Whether the authority's certificate was followed up to one that was given. */
  readonly isAuthorityChecked: boolean;
}

/**
 * Takes an authority's answer: finds the request it answers, checks it, keeps it and records it.
 * @param authorities trusted certificates; none leaves it open who the authority is
 * @throws ChouqianError E-STAMP-NO-REQUEST, E-STAMP-DONE, E-STAMP-STALE, E-STAMP-LATE, E-STAMP-CLOCK, and what
 *   `readResponse` and `checkToken` refuse
 */
export function addStamp(
  round: Round,
  actor: Actor,
  file: string,
  authorities: readonly Certificate[],
): Promise<AddedStamp> {
  return withRoundLock(round.folder, async () => {
    const bytes = readBytes(file);
    const response = readResponse(bytes);
    const files = requestAnswered(round, response);
    refuseKnown(round, files.name);
    const statement = readTextFile(files.statement);
    const stamp = await checkToken(response, statement, readRequest(readBytes(files.request)).nonce, authorities);
    const stamped = digestStamped(round, files, statement);
    refuseTime(round, actor, files.of, stamped, stamp.genTime);
    writeFileAtomically(files.response, bytes);
    recordEvent(round, actor, "stamp.added", {
      name: files.name,
      of: files.of,
      digest: stamped,
      genTime: stamp.genTime,
      authority: stamp.authority,
      authorityDigest: stamp.authorityDigest,
      tokenDigest: digest(bytes),
    });
    return { ...stamp, of: files.of, digest: stamped, name: files.name, isAuthorityChecked: authorities.length > 0 };
  });
}

/** The digest in force of what can be stamped; undefined where the round has none yet. */
function digestInForce(round: Round, of: Stamped): string | undefined {
  const { entries, text } = journalOf(round);
  return of === "journal" ? lineDigests(text).at(-1) : statedDigests(of, entries).at(-1);
}

/** The request with the answer's digest and nonce. */
function requestAnswered(round: Round, answer: { readonly imprint: string; readonly nonce?: string }): StampFiles {
  const all = requestsOf(round);
  if (all.length === 0) {
    throw refusal(
      "E-STAMP-NO-REQUEST",
      words("这个轮次还没有时间戳申请", "this round has made no request for a stamp"),
      words("先运行 stamp request，把 .tsq 交给时间戳机构", "run stamp request and hand the .tsq in first"),
    );
  }
  const read = all.map((files) => ({ files, ...readRequest(readBytes(files.request)) }));
  const sameDigest = read.filter(({ imprint }) => imprint === answer.imprint);
  if (sameDigest.length === 0) throw otherDigest();
  const found = sameDigest.find(({ nonce }) => nonce === answer.nonce);
  if (found === undefined) throw otherNonce();
  return found.files;
}

function refuseKnown(round: Round, name: string): void {
  const isKnown = journalOf(round).entries.some(({ event, about }) => event === "stamp.added" && about.name === name);
  if (!isKnown) return;
  throw refusal(
    "E-STAMP-DONE",
    words(`申请 ${name} 已有时间戳`, `the request ${name} has its stamp already`),
    words("要再取一个，先运行 stamp request", "for another one run stamp request first"),
  );
}

/** The digest that a request's text names, where it is still the round's own. */
function digestStamped(round: Round, { of, name }: StampFiles, statement: string): string {
  const { entries, text } = journalOf(round);
  const known = of === "journal" ? lineDigests(text) : statedDigests(of, entries).slice(-1);
  const found = known.find((each) => stampStatement({ round: round.config.id, of, digest: each }) === statement);
  if (found !== undefined) return found;
  throw refusal(
    "E-STAMP-STALE",
    words(`申请 ${name} 之后内容已变`, `what ${name} asked for has changed since`),
    words("请重新 stamp request", "run stamp request again"),
  );
}

/** Keeps stamps out that would contradict the journal's times for ever. */
function refuseTime(round: Round, actor: Actor, of: Stamped, stamped: string, genTime: string): void {
  const drawn = of === "frame" || of === "plan" ? timeOfDraw(of, stamped, journalOf(round).entries) : undefined;
  if (drawn !== undefined && genTime > drawn) throw tooLate(drawn);
  if (genTime <= actor.now().toISOString()) return;
  throw refusal(
    "E-STAMP-CLOCK",
    words(
      `时间戳的时间 ${genTime} 晚于本机时间 ${actor.now().toISOString()}`,
      `the stamp's time ${genTime} is later than this machine's ${actor.now().toISOString()}`,
    ),
    words("请校准本机时钟后再试", "set this machine's clock and try again"),
  );
}

function tooLate(drawn: string): ChouqianError {
  return refusal(
    "E-STAMP-LATE",
    words(
      `已于 ${drawn} 抽签，此后的时间戳不能证明抽样框和方案先于抽签`,
      `the draw was at ${drawn}: a later stamp cannot prove that frame and plan came first`,
    ),
    words("可给样本清单加时间戳：stamp request --of manifest", "stamp the manifest: stamp request --of manifest"),
  );
}

const NOTHING: Readonly<Record<Stamped, Words>> = {
  frame: words("抽样框还没有锁定", "the frame is not locked yet"),
  plan: words("抽样框还没有锁定，方案不能封存", "the frame is not locked yet, so the plan cannot be sealed"),
  manifest: words("还没有抽签", "nothing has been drawn yet"),
  journal: words("还没有日志", "there is no journal yet"),
};

function nothingToStamp(of: Stamped): ChouqianError {
  return refusal(
    "E-STAMP-NOTHING",
    NOTHING[of],
    words("先做这一步：chouqian status 会说下一步", "do that first; chouqian status says what comes next"),
  );
}

function refusal(code: string, message: Words, advice: Words): ChouqianError {
  return new ChouqianError(code, { message, advice });
}

export interface ShownStamp {
  readonly name: string;
  readonly of: Stamped;
  readonly genTime: string | undefined;
  readonly authority: string | undefined;
}

/** All stamps of a round, the requests without an answer among them. */
export function stampsOf(round: Round): ShownStamp[] {
  const added = journalOf(round).entries.filter(({ event }) => event === "stamp.added");
  return requestsOf(round).map(({ name, of, response }) => {
    const about = added.find((entry) => entry.about.name === name)?.about;
    const isThere = about !== undefined && existsSync(response);
    return {
      name: basename(name),
      of,
      genTime: isThere ? String(about.genTime) : undefined,
      authority: isThere ? String(about.authority) : undefined,
    };
  });
}
