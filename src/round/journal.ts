/**
 * The journal of a round: one canonical JSON object a line, each holding the digest of the line before it (draw-spec).
 * Beyond the specification each line carries `check`, the digest of itself without that member, so that a change in
 * the last line, which no later line covers, is found too.
 */
import { canonicalJson, digest, type JsonValue } from "../text/canonical.ts";

/** Stage of what may be done at any time and is never voided. */
export const ANY_TIME = -1;

/**
 * What is written into the journal, each event with its stage: an event comes after those of earlier stages and before
 * those of later ones. Events of the last stage follow the draw in any order.
 */
export const STAGES = {
  "round.created": 0,
  "frame.locked": 1,
  "plan.sealed": 2,
  "seed.committed": 3,
  "seed.added": 4,
  drawn: 5,
  "seed.opened": 6,
  assigned: 6,
  "forms.written": 6,
  signed: 6,
  replaced: 6,
  "replacement.undone": 6,
  "followup.drawn": 6,
  "records.imported": 6,
  "records.returned": 6,
  "records.settled": 6,
  "records.dropped": 6,
  evaluated: 6,
  "stamp.added": ANY_TIME,
} as const satisfies Readonly<Record<string, number>>;

/**
 * Events that void what stands from a stage on: it has to be done again. Each tells its reason and where the files that
 * stood before lie.
 */
export const VOIDS = {
  "frame.unlocked": STAGES["frame.locked"],
  "plan.unsealed": STAGES["plan.sealed"],
  "draw.voided": STAGES["seed.committed"],
} as const satisfies Readonly<Record<string, number>>;

export type VoidEvent = keyof typeof VOIDS;
export type JournalEvent = keyof typeof STAGES | VoidEvent;

export interface JournalEntry {
  readonly seq: number;
  /** ISO 8601 in UTC. */
  readonly time: string;
  readonly actor: string;
  readonly event: JournalEvent;
  /** What the event was about: digests, parties, reasons. */
  readonly about: { readonly [key: string]: JsonValue };
  /** Digest of the line before; 64 zeros in the first. */
  readonly prev: string;
}

const NO_LINE = "0".repeat(64);

/** The journal's text with one entry more. Pure: time and actor are given. */
export function appendEntry(journal: string, entry: Pick<JournalEntry, "time" | "actor" | "event" | "about">): string {
  const lines = linesOf(journal);
  const last = lines.at(-1);
  const body = { ...entry, seq: lines.length + 1, prev: last === undefined ? NO_LINE : digest(last) };
  return `${journal}${canonicalJson({ ...body, check: digest(canonicalJson(body)) })}\n`;
}

/** A fault of a journal: the line, counting from 1, and what is wrong with it. */
export interface JournalFault {
  readonly line: number;
  readonly kind: "not-json" | "not-canonical" | "changed" | "sequence" | "chain" | "end";
}

/** Reads a journal and checks its chain. Entries up to the first fault are returned with it. */
export function readJournal(journal: string): { entries: JournalEntry[]; fault: JournalFault | undefined } {
  const entries: JournalEntry[] = [];
  const lines = linesOf(journal);
  let prev = NO_LINE;
  for (const [index, line] of lines.entries()) {
    const fault = (kind: JournalFault["kind"]) => ({ entries, fault: { line: index + 1, kind } });
    const parsed = parseLine(line);
    if (parsed === undefined) return fault("not-json");
    const { check, ...entry } = parsed;
    if (canonicalJson(parsed as unknown as JsonValue) !== line) return fault("not-canonical");
    if (digest(canonicalJson(entry as unknown as JsonValue)) !== check) return fault("changed");
    if (entry.seq !== index + 1) return fault("sequence");
    if (entry.prev !== prev) return fault("chain");
    entries.push(entry);
    prev = digest(line);
  }
  const complete = journal === "" || journal.endsWith("\n");
  return { entries, fault: complete ? undefined : { line: lines.length, kind: "end" } };
}

/** Digest of each line of a journal. The last is the journal's head. */
export function lineDigests(journal: string): string[] {
  return journal
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => digest(line));
}

/** A line of a journal by its number, counting from 1, and its digest: written down elsewhere it holds all lines up to it. */
export interface JournalLine {
  readonly line: number;
  readonly digest: string;
}

/** As it is printed, and as `verify --journal-line` takes it: the number and the first digits of the digest, `57:3fa9c2d1e0b44a6f`. */
export function lineOnPaper({ line, digest: sha256 }: JournalLine): string {
  return `${line}:${sha256.slice(0, ON_PAPER)}`;
}
const ON_PAPER = 16;

/** The last line of a journal. */
export function lastLineOf(journal: string): JournalLine {
  const digests = lineDigests(journal);
  return { line: digests.length, digest: digests.at(-1) ?? NO_LINE };
}

function linesOf(journal: string): string[] {
  const lines = journal.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

function parseLine(line: string): (JournalEntry & { check: string }) | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && "seq" in value && "check" in value
      ? (value as JournalEntry & { check: string })
      : undefined;
  } catch {
    return undefined;
  }
}
