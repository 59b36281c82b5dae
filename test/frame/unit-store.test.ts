/** Units in blocks: order, digests and duplicates are what a plain sort of all lines gives. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ByteStrings, sortByBytes } from "../../src/frame/growing.ts";
import { UnitStore } from "../../src/frame/unit-store.ts";
import { withTemporaryFolder } from "../../src/round/files.ts";
import { compareBytes, digest } from "../../src/text/canonical.ts";

test("byte strings of any content come into byte order, equal ones in the order they came", () => {
  const text = fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom("", "91", "914", "甲", "𠮷", "\uE000"));
  fc.assert(
    fc.property(fc.array(text, { maxLength: 300 }), (texts) => {
      const strings = new ByteStrings();
      for (const text of texts) {
        const bytes = Buffer.from(text);
        strings.push(bytes, 0, bytes.length);
      }
      const order = sortByBytes(strings, Int32Array.from(texts.keys()));
      const expected = [...texts.keys()].sort((a, b) => compareBytes(texts[a] ?? "", texts[b] ?? "") || a - b);
      expect([...order]).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

interface Unit {
  readonly id: string;
  readonly sourceClass: string;
  readonly city: string;
  readonly name: string;
}
const units = fc.array(
  fc.record<Unit>({
    id: fc.oneof(fc.constantFrom("A", "B", "AB"), fc.stringMatching(/^[0-9A-Z]{1,4}$/)),
    sourceClass: fc.constantFrom("industrial", "mobile"),
    city: fc.constantFrom("440100", "440200"),
    name: fc.constantFrom("甲", "乙", "丙"),
  }),
  { maxLength: 40 },
);
const lineOf = ({ id, sourceClass, city, name }: Unit) => [id, sourceClass, city, "", name].join("\t");

/** What the specification says, without any cleverness: of one id the least line stays. */
function expected(list: readonly Unit[]) {
  const least = new Map<string, string>();
  for (const unit of list) {
    const known = least.get(unit.id);
    if (known === undefined || compareBytes(lineOf(unit), known) < 0) least.set(unit.id, lineOf(unit));
  }
  const blocks = new Map<string, string[]>();
  for (const line of least.values()) {
    const [, sourceClass, city] = line.split("\t");
    const key = `${city}/${sourceClass}`;
    blocks.set(key, [...(blocks.get(key) ?? []), line]);
  }
  return [...blocks]
    .sort(([a], [b]) => compareBytes(a, b))
    .map(([key, lines]) => {
      const text = lines.sort(compareBytes).map((line) => `${line}\n`);
      return { key, count: lines.length, digest: digest(text.join("")), text: text.join("") };
    });
}

test("blocks, digests and surplus rows are what the specification says, whatever the order of the rows", async () => {
  await fc.assert(
    fc.asyncProperty(units, async (list) => {
      await withTemporaryFolder(async (folder) => {
        const store = new UnitStore(folder);
        for (const [row, unit] of list.entries()) {
          const { id, sourceClass, city, name } = unit;
          store.add(city, sourceClass, [id, sourceClass, city, "", name], 0, row + 1);
        }
        const sorted = await store.sort(true, () => undefined);
        const wanted = expected(list);
        expect(sorted.blocks).toEqual(wanted.map(({ key, count, digest }) => ({ key, count, digest })));
        expect(readFileSync(sorted.file ?? "", "utf8")).toBe(wanted.map(({ text }) => text).join(""));
        expect(sorted.order.length + sorted.repeated.count).toBe(list.length);
        for (const { unit, kept, isSame, isRenamed, names } of sorted.repeated.surplus()) {
          const [own, other] = [list[unit] as Unit, list[kept] as Unit];
          expect(own.id).toBe(other.id);
          expect(isSame).toBe(lineOf(own) === lineOf(other));
          expect(isRenamed).toBe(own.name !== other.name);
          expect(names).toEqual(own.name === other.name ? undefined : [own.name, other.name]);
          expect([...sorted.order.view()]).toContain(kept);
        }
        store.close();
      });
    }),
    { numRuns: 300 },
  );
});
