/** A line taken apart byte by byte says the same as the schema, and what the schema refuses it does not take. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { leanRecord, Vocabulary } from "../../src/records/lean.ts";
import { OUTCOMES, RESULTS, recordsText, SourceRecord, VISITS } from "../../src/records/record.ts";
import { RecordScanner } from "../../src/records/scan.ts";

const DIGEST = "a".repeat(64);
const rare = fc.oneof(fc.constantFrom('a"b', "换\n行"), fc.string({ maxLength: 6 }));
const text = fc.oneof(
  { arbitrary: fc.constantFrom("", "甲", "第1组", "12.5"), weight: 60 },
  { arbitrary: rare, weight: 1 },
);
const filled = fc.constantFrom("G101-1.01", "G101-1.02", "单位");
const indicator = fc.record(
  {
    code: filled,
    name: text,
    form: text,
    key: fc.boolean(),
    reported: text,
    found: text,
    result: fc.constantFrom(...RESULTS),
    way: text,
    cause: text,
    note: text,
  },
  { requiredKeys: ["code", "name", "form", "key", "reported", "found", "result"] },
);
const record = fc.record(
  {
    spec: fc.constant("records/1" as const),
    roundId: fc.constant("R1"),
    manifestDigest: fc.constant(DIGEST),
    unit: filled,
    team: text,
    outcome: fc.constantFrom(...OUTCOMES),
    indicators: fc.array(indicator, { maxLength: 4 }),
    source: fc.record(
      { file: filled, sha256: fc.constant("b".repeat(64)), sheet: text },
      { requiredKeys: ["file", "sha256"] },
    ),
    visit: fc.constantFrom(...VISITS),
    date: text,
    handPicked: fc.constant(true as const),
  },
  { requiredKeys: ["spec", "roundId", "manifestDigest", "unit", "team", "outcome", "indicators", "source"] },
);

/** A record in words, whatever numbers the vocabulary gave them. */
function inWords(lean: ReturnType<typeof leanRecord> | undefined, vocabulary: Vocabulary) {
  if (lean === undefined) return undefined;
  const { indicators, causes, ...rest } = lean;
  const named = indicators.map((number) => [vocabulary.indicators[number]?.code, vocabulary.indicators[number]?.key]);
  return { ...rest, named, causes: causes.map((cause) => (cause < 0 ? null : vocabulary.causes[cause])) };
}

test("a line says the same both ways; only a backslash sends it the longer way", () => {
  const [one, other] = [new Vocabulary(), new Vocabulary()];
  const scanner = new RecordScanner(one, "R1", DIGEST);
  let scanned = 0;
  fc.assert(
    fc.property(record, (value) => {
      const made = value as SourceRecord;
      const line = Buffer.from(recordsText([made]).trimEnd());
      const lean = scanner.scan(Buffer.concat([Buffer.from("xx"), line, Buffer.from("\nyy")]), 2, 2 + line.length);
      expect(lean === undefined).toBe(line.includes("\\"));
      if (lean === undefined) return;
      scanned++;
      expect(inWords(lean, one)).toEqual(inWords(leanRecord(made, other), other));
    }),
    { numRuns: 3000 },
  );
  expect(scanned).toBeGreaterThan(300);
});

test("whatever byte of a line is changed: what is taken is what the schema takes", () => {
  const changes = fc.record({
    value: record,
    at: fc.nat(),
    byte: fc.integer({ min: 0x20, max: 0x7e }),
    cut: fc.boolean(),
  });
  fc.assert(
    fc.property(changes, ({ value, at, byte, cut }) => {
      const line = Buffer.from(recordsText([value as SourceRecord]).trimEnd());
      const place = at % line.length;
      const changed = cut ? Buffer.concat([line.subarray(0, place), line.subarray(place + 1)]) : Buffer.from(line);
      if (!cut) changed[place] = byte;
      const vocabulary = new Vocabulary();
      const lean = new RecordScanner(vocabulary, "R1", DIGEST).scan(changed, 0, changed.length);
      if (lean === undefined) return;
      const again = SourceRecord.parse(JSON.parse(changed.toString()));
      expect(again.manifestDigest).toBe(DIGEST);
      const other = new Vocabulary();
      expect(inWords(lean, vocabulary)).toEqual(inWords(leanRecord(again, other), other));
    }),
    { numRuns: 3000 },
  );
});
