import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { appendEntry, type JournalEvent, readJournal } from "../../src/round/journal.ts";

const EVENTS: readonly JournalEvent[] = ["round.created", "frame.locked", "plan.sealed", "seed.added", "drawn"];
const journal = EVENTS.reduce(
  (text, event, index) =>
    appendEntry(text, {
      time: `2019-09-0${index + 1}T00:00:00.000Z`,
      actor: "甲",
      event,
      about: { digest: `d${index}` },
    }),
  "",
);

describe("the journal", () => {
  test("reads back what was written, chained from 64 zeros", () => {
    const { entries, fault } = readJournal(journal);
    expect(fault).toBeUndefined();
    expect(entries.map(({ event }) => event)).toEqual(EVENTS);
    expect(entries[0]?.prev).toBe("0".repeat(64));
  });

  test("any changed character is found, in the last line too", () => {
    fc.assert(
      fc.property(fc.nat(journal.length - 1), fc.constantFrom("0", "1", "甲", " ", "}"), (at, replacement) => {
        fc.pre(journal[at] !== replacement);
        const changed = journal.slice(0, at) + replacement + journal.slice(at + 1);
        expect(readJournal(changed).fault).toBeDefined();
      }),
    );
  });

  test.each([0, 1, 2, 3])("a removed line %i is found", (line) => {
    const lines = journal.split("\n");
    lines.splice(line, 1);
    expect(readJournal(lines.join("\n")).fault?.line).toBe(line + 1);
  });

  test("two lines that changed places are found", () => {
    const lines = journal.split("\n");
    [lines[1], lines[2]] = [lines[2] ?? "", lines[1] ?? ""];
    expect(readJournal(lines.join("\n")).fault).toEqual({ line: 2, kind: "sequence" });
  });
});
