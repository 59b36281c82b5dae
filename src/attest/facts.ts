/** Which digests the journal states, so that stamps and signatures can be held against them. Pure. */
import type { JournalEntry, JournalEvent } from "../round/journal.ts";
import type { Stamped } from "./statement.ts";

/** The lines that state each digest, and the member that holds it. */
const STATED: Readonly<
  Record<Exclude<Stamped, "journal">, readonly [member: string, events: readonly JournalEvent[]]>
> = {
  frame: ["frameDigest", ["frame.locked"]],
  plan: ["planDigest", ["plan.sealed"]],
  manifest: ["manifestDigest", ["drawn"]],
};

/** All digests of one kind that the journal has stated, the one in force last. */
export function statedDigests(of: Exclude<Stamped, "journal">, entries: readonly JournalEntry[]): string[] {
  const [member, events] = STATED[of];
  return entries.filter(({ event }) => events.includes(event)).map(({ about }) => String(about[member]));
}

/** When the first draw from a frame or by a plan was recorded; undefined where there was none. */
export function timeOfDraw(
  of: "frame" | "plan",
  stamped: string,
  entries: readonly JournalEntry[],
): string | undefined {
  const [member] = STATED[of];
  const draws = STATED.manifest[1];
  return entries.find(({ event, about }) => draws.includes(event) && about[member] === stamped)?.time;
}
