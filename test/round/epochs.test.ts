import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drawIdOf, stageOf, standing, voidings } from "../../src/round/epochs.ts";
import { type JournalEntry, type JournalEvent, STAGES, VOIDS } from "../../src/round/journal.ts";

const EVENTS = [...Object.keys(STAGES), ...Object.keys(VOIDS)] as JournalEvent[];
const journals = fc
  .array(fc.constantFrom(...EVENTS), { maxLength: 40 })
  .map((events) => events.map((event, i): JournalEntry => entry(event, i + 1)));

function entry(event: JournalEvent, seq: number): JournalEntry {
  return { event, seq, time: "", actor: "", about: { reason: `r${seq}` }, prev: "" };
}

function journal(...events: JournalEvent[]): JournalEntry[] {
  return events.map((event, i) => entry(event, i + 1));
}

describe("epochs of a journal", () => {
  test("every entry stands, voids, or was voided once and no more", () => {
    fc.assert(
      fc.property(journals, (entries) => {
        const parts = [
          ...standing(entries),
          ...entries.filter(({ event }) => event in VOIDS),
          ...voidings(entries).flatMap(({ voided }) => voided),
        ];
        expect(parts.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual(entries.map(({ seq }) => seq));
      }),
    );
  });

  test("nothing of a voided stage stands right after it was voided, and all before it does", () => {
    fc.assert(
      fc.property(journals, fc.constantFrom(...(Object.keys(VOIDS) as (keyof typeof VOIDS)[])), (entries, event) => {
        const after = standing([...entries, entry(event, entries.length + 1)]);
        const kept = standing(entries).filter((each) => (stageOf(each.event) ?? 0) < VOIDS[event]);
        expect(after).toEqual(kept);
      }),
    );
  });

  test("the draw id counts the draws that were voided, not the unlocks before any", () => {
    const start: JournalEvent[] = ["round.created", "frame.locked", "plan.sealed", "seed.added"];
    expect(drawIdOf("R1", journal(...start))).toBe("R1");
    expect(drawIdOf("R1", journal(...start, "plan.unsealed"))).toBe("R1");
    const redraw = journal(...start, "drawn", "draw.voided", "seed.added", "drawn", "frame.unlocked");
    expect(drawIdOf("R1", redraw.slice(0, 6))).toBe("R1/redraw-1");
    expect(drawIdOf("R1", redraw)).toBe("R1/redraw-2");
  });
});
