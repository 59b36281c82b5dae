/** A line taken apart byte by byte says the same as the schema, and what the schema refuses it does not take. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { LeanList, type LeanRecords, startOf } from "../../src/records/lean.ts";
import { OUTCOMES, RESULTS, recordsText, SourceRecord, VISITS } from "../../src/records/record.ts";
import { RecordScanner } from "../../src/records/scan.ts";
import { isCanonicalJson } from "../../src/text/canonical.ts";

const DIGEST = "a".repeat(64);
const rare = fc.oneof(fc.constantFrom('a"b', "换\n行", "\\", "\u0001\u001f\u007f"), fc.string({ maxLength: 6 }));
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
    reportedByHand: fc.constant(true as const),
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
    date: fc.oneof(fc.constantFrom("2019-09-30", "0099-01-02", "2019-9-30"), text),
    inspectors: text,
    handPicked: fc.constant(true as const),
    waived: fc.integer({ min: 1, max: 999 }),
    closedAgainstLedger: fc.constant(true as const),
  },
  { requiredKeys: ["spec", "roundId", "manifestDigest", "unit", "team", "outcome", "indicators", "source"] },
);

/** Records in words, whatever numbers they were given. */
function inWords(lean: LeanRecords) {
  return lean.units.map((unit, i) => {
    const marks: unknown[] = [];
    for (let at = startOf(lean, i); at < (lean.end[i] as number); at++) {
      const mark = lean.marks[at] as number;
      const { code, key } = lean.indicators[mark >> 1] as LeanRecords["indicators"][number];
      marks.push((mark & 1) === 1 ? [code, key, lean.causes[lean.marks[++at] as number]] : [code, key]);
    }
    const { team, visit, outcome, isHandPicked, applicableKeys, waived } = lean;
    const own = [team[i] as number, visit[i], outcome[i], isHandPicked[i], applicableKeys[i], waived[i]] as const;
    return {
      closed: lean.isClosedAgainstLedger[i],
      day: lean.day[i],
      unit,
      team: lean.teams[own[0]],
      visit: own[1],
      outcome: own[2],
      byHand: own[3],
      keys: own[4],
      waived: own[5],
      marks,
    };
  });
}

/** The words of a record that the evaluation may tell. */
function namesIn({ unit, team, source, indicators }: SourceRecord): string[] {
  return [
    unit,
    team,
    source.file,
    ...indicators.flatMap(({ code, form, name, cause = "" }) => [code, form, name, cause]),
  ];
}

/** The same by the schema. */
function bySchema(records: readonly SourceRecord[]): LeanRecords {
  const list = new LeanList();
  for (const each of records) list.pushRecord(each);
  return list.finish();
}

test("lines say the same both ways, whatever stood before; only an escape in a name sends one the longer way", () => {
  let [scanned, escaped] = [0, 0];
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 6 }), (values) => {
      const list = new LeanList();
      const scanner = new RecordScanner(list, "R1", DIGEST);
      const taken = values.filter((value) => {
        const line = Buffer.from(recordsText([value as SourceRecord]).trimEnd());
        const padded = Buffer.concat([Buffer.from("xx"), line, Buffer.from("\nyy")]);
        const isTaken = scanner.scan(padded, 2, 2 + line.length);
        expect(isTaken).toBe(namesIn(value as SourceRecord).every((name) => !JSON.stringify(name).includes("\\")));
        escaped += isTaken && line.includes("\\") ? 1 : 0;
        return isTaken;
      }) as SourceRecord[];
      scanned += taken.length;
      const found = list.finish();
      expect(inWords(found)).toEqual(inWords(bySchema(taken)));
      const files = (records: readonly SourceRecord[]) => new Set(records.map(({ source: { file } }) => file));
      for (const file of files(taken)) expect(found.files.map((each) => each.file)).toContain(file);
    }),
    { numRuns: 2000 },
  );
  expect(scanned).toBeGreaterThan(1000);
  expect(escaped).toBeGreaterThan(50);
});

test("whatever byte of a line is changed: what is taken is what the schema takes", () => {
  const changes = fc.record({
    value: record,
    at: fc.nat(),
    byte: fc.integer({ min: 0x20, max: 0x7e }),
    how: fc.constantFrom("other", "without", "end"),
  });
  fc.assert(
    fc.property(changes, ({ value, at, byte, how }) => {
      const line = Buffer.from(recordsText([value as SourceRecord]).trimEnd());
      const place = at % line.length;
      const rest = {
        other: [Buffer.from([byte]), line.subarray(place + 1)],
        without: [line.subarray(place + 1)],
        end: [],
      };
      const changed = Buffer.concat([line.subarray(0, place), ...rest[how]]);
      const list = new LeanList();
      const scanner = new RecordScanner(list, "R1", DIGEST);
      // The line as it was comes first: what is remembered of it lets nothing through.
      const isKnown = scanner.scan(line, 0, line.length);
      if (!scanner.scan(changed, 0, changed.length)) {
        expect(list.finish().units).toHaveLength(isKnown ? 1 : 0);
        return;
      }
      const parsed = JSON.parse(changed.toString());
      expect(isCanonicalJson(parsed, changed.toString())).toBe(true);
      const again = SourceRecord.parse(parsed);
      expect(again.manifestDigest).toBe(DIGEST);
      expect(inWords(list.finish()).at(-1)).toEqual(inWords(bySchema([again]))[0]);
    }),
    { numRuns: 3000 },
  );
});

test("a code that stands twice in one record is found, whether as a key indicator or not", () => {
  const each = { code: "G101-1.01", name: "", form: "", reported: "", found: "" };
  const made = (keys: readonly boolean[]) => {
    const indicators = keys.map((key) => ({ ...each, key, result: key ? ("wrong" as const) : ("right" as const) }));
    const list = new LeanList();
    list.pushRecord({ ...(fc.sample(record, { numRuns: 1, seed: 1 })[0] as SourceRecord), indicators });
    return list.repeatedInLast();
  };
  expect(made([true])).toBeUndefined();
  expect(made([true, false])).toBe("G101-1.01");
  expect(made([false, false])).toBe("G101-1.01");
});
