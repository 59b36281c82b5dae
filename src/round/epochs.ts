/** What of a journal stands after unlocks, unsealings and redraws, and what they voided. Pure. */
import { type JournalEntry, type JournalEvent, STAGES, VOIDS, type VoidEvent } from "./journal.ts";

/** An entry that voids, as a reader of it needs it. */
export interface Voiding {
  /** 1 for the first of the round; the folder `history/<number>` holds what stood before. */
  readonly number: number;
  readonly event: VoidEvent;
  readonly reason: string;
  /** Digest of the list of the files in that folder. */
  readonly filesDigest: string;
  readonly seq: number;
  /** The entries it voided, in their order. */
  readonly voided: readonly JournalEntry[];
}

/** Stage of an event that stands; undefined for one that voids and for one that this program does not know. */
export function stageOf(event: JournalEvent): number | undefined {
  return event in STAGES ? STAGES[event as keyof typeof STAGES] : undefined;
}

/** The first stage that an event voids; undefined for one that voids nothing. */
export function voidedFrom(event: JournalEvent): number | undefined {
  return event in VOIDS ? VOIDS[event as VoidEvent] : undefined;
}

/** The entries that stand: what was voided is left out, and the entries that voided it too. */
export function standing(entries: readonly JournalEntry[]): JournalEntry[] {
  let stands: JournalEntry[] = [];
  for (const entry of entries) {
    const from = voidedFrom(entry.event);
    if (from === undefined) stands.push(entry);
    else stands = stands.filter(({ event }) => (stageOf(event) ?? 0) < from);
  }
  return stands;
}

/** Every unlock, unsealing and redraw, in order. */
export function voidings(entries: readonly JournalEntry[]): Voiding[] {
  const found: Voiding[] = [];
  entries.forEach((entry, index) => {
    if (voidedFrom(entry.event) === undefined) return;
    const before = standing(entries.slice(0, index));
    const after = new Set(standing(entries.slice(0, index + 1)));
    found.push({
      number: found.length + 1,
      event: entry.event as VoidEvent,
      reason: String(entry.about.reason ?? ""),
      filesDigest: String(entry.about.filesDigest ?? ""),
      seq: entry.seq,
      voided: before.filter((each) => !after.has(each)),
    });
  });
  return found;
}

/**
 * Id of the draw that comes next or stands: the round's id, or `<round id>/redraw-<k>` after k draws that were voided
 * (docs/draw.md), so that the same words never give the same seed again.
 */
export function drawIdOf(roundId: string, entries: readonly JournalEntry[]): string {
  const voided = voidings(entries).filter(({ voided: gone }) => gone.some(({ event }) => event === "drawn")).length;
  return voided === 0 ? roundId : `${roundId}/redraw-${voided}`;
}
