import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type DrawnStratum, type Manifest, type Method, manifestDigest } from "../../src/draw/manifest.ts";
import { currentSample, readReplacements, successorIn } from "../../src/draw/replacement.ts";
import { findReason, REPLACEMENT_REASONS, saysNotFoundOrRefuses } from "../../src/reference/replacement-reasons.ts";
import type { JournalEntry } from "../../src/round/journal.ts";
import { digest, type JsonValue } from "../../src/text/canonical.ts";
import { drawBlock } from "../support/draw.ts";

const BLOCK = "440500/industrial";
const members = (count: number) => Array.from({ length: count }, (_, i) => ({ id: `U${i}`, name: `第${i}厂` }));

function manifestOf(strata: readonly DrawnStratum[]): Manifest {
  return {
    spec: "draw-spec/1",
    roundId: "R1",
    frameDigest: "",
    planDigest: "",
    contributions: [],
    seed: digest("s"),
    method: "ticket",
    strata,
  };
}

function draw(N: number, count: number, reserve: number, method: Method = "ticket"): Manifest {
  return manifestOf(drawBlock(BLOCK, members(N), { count, reserve } as never, method, digest("s")));
}

type About = { readonly [key: string]: JsonValue };
const entry = (event: JournalEntry["event"], about: About, seq: number): JournalEntry => {
  return { event, about, seq, time: "", actor: "", prev: "" };
};

/** Replaces units as the program does: by whoever is next, the longer draw asked where the reserves are used up. */
function replaceAll(manifest: Manifest, longer: Manifest, picks: readonly number[], reasons: readonly string[]) {
  const entries: JournalEntry[] = [];
  for (const [index, pick] of picks.entries()) {
    const sample = currentSample(manifest, entries);
    const [drawn] = manifest.strata;
    const inSample = sample.strata.flatMap(({ units }) => units).filter(({ isInSample }) => isInSample);
    const unit = inSample[pick % Math.max(1, inSample.length)];
    if (unit === undefined || drawn === undefined) break;
    const successor = successorIn(drawn, sample.replacements.length);
    const by = successor.kind === "none" ? undefined : longer.strata[0]?.units[successor.rank - 1];
    const about = {
      manifestDigest: manifestDigest(manifest),
      stratum: BLOCK,
      unit: unit.id,
      reason: reasons[index % reasons.length] ?? "duplicate",
      evidence: [],
      replacement: by?.id ?? null,
      rank: by?.rank ?? null,
      ...(successor.kind === "extension" ? { extended: by as unknown as JsonValue } : {}),
    };
    entries.push(entry("replaced", about, index + 1));
  }
  return entries;
}

const cases = fc.record({
  N: fc.integer({ min: 1, max: 14 }),
  n: fc.integer({ min: 1, max: 6 }),
  reserve: fc.integer({ min: 0, max: 3 }),
  method: fc.constantFrom<Method>("ticket", "seedrandom"),
  picks: fc.array(fc.nat(20), { maxLength: 16 }),
  reasons: fc.array(fc.constantFrom(...REPLACEMENT_REASONS), { minLength: 1, maxLength: 5 }),
});

function made({ N, n, reserve, method, picks, reasons }: typeof cases extends fc.Arbitrary<infer T> ? T : never) {
  const manifest = draw(N, n, reserve, method);
  const longer = draw(N, n, N, method);
  return { manifest, longer, entries: replaceAll(manifest, longer, picks, reasons) };
}

describe("the sample after replacements", () => {
  test("is the first of the ranking without those replaced, whatever the order and the chains", () => {
    fc.assert(
      fc.property(cases, (given) => {
        const { manifest, longer, entries } = made(given);
        const { strata, replacements } = currentSample(manifest, entries);
        const [stratum] = strata;
        const gone = new Set(replacements.map(({ unit }) => unit));
        const ranking = longer.strata[0]?.units.map(({ id }) => id) ?? [];
        const n = manifest.strata[0]?.n ?? 0;
        const due = ranking.slice(0, n + gone.size).filter((id) => !gone.has(id));
        const found = stratum?.units.filter(({ isInSample }) => isInSample).map(({ id }) => id) ?? [];
        expect([...found].sort()).toEqual([...due].sort());
        expect(found.length + (stratum?.missing ?? 0)).toBe(n);
        expect(new Set(stratum?.units.map(({ id }) => id)).size).toBe(stratum?.units.length);
      }),
    );
  });

  test("names a fate for each unit, and each replacement for exactly one unit", () => {
    fc.assert(
      fc.property(cases, (given) => {
        const { manifest, entries } = made(given);
        const units = currentSample(manifest, entries).strata.flatMap((stratum) => stratum.units);
        for (const { replaces, id, isInSample, fate } of units) {
          if (replaces !== undefined) expect(units.find((unit) => unit.id === replaces)?.replaced?.by?.id).toBe(id);
          expect(isInSample).toBe(["primary", "certainty", "replacement"].includes(fate));
        }
      }),
    );
  });

  test("is as before once the last replacement is undone, and the same unit is next again", () => {
    fc.assert(
      fc.property(cases, (given) => {
        const { manifest, entries } = made(given);
        const last = entries.at(-1);
        if (last === undefined) return;
        const { unit, stratum, replacement, manifestDigest: own } = last.about;
        const undo = entry(
          "replacement.undone",
          {
            manifestDigest: own ?? null,
            stratum: stratum ?? null,
            unit: unit ?? null,
            replacement: replacement ?? null,
          },
          entries.length + 1,
        );
        expect(currentSample(manifest, [...entries, undo])).toEqual(currentSample(manifest, entries.slice(0, -1)));
        const again = { ...last, seq: last.seq };
        expect(currentSample(manifest, [...entries, undo, again])).toEqual(currentSample(manifest, entries));
      }),
    );
  });

  test("weights add up to the units of the population that the reached ones tell of", () => {
    fc.assert(
      fc.property(cases, (given) => {
        const { manifest, entries } = made(given);
        const [stratum] = currentSample(manifest, entries).strata;
        if (stratum === undefined) return;
        const { N, reached, outOfScope, units } = stratum;
        const inspected = units.filter(({ isInSample }) => isInSample);
        if (inspected.length === 0) return;
        const sum = inspected.reduce((total, { weight }) => total + weight, 0);
        expect(sum).toBeCloseTo((N * (reached - outOfScope)) / reached, 9);
      }),
    );
  });
});

test("weights by reason: N/n untouched, N/a after disasters, N/r after units out of scope", () => {
  const manifest = draw(100, 4, 3);
  const longer = draw(100, 4, 100);
  const weights = (reasons: readonly string[]) => {
    const entries = replaceAll(
      manifest,
      longer,
      reasons.map(() => 0),
      reasons,
    );
    const units = currentSample(manifest, entries).strata.flatMap((stratum) => stratum.units);
    return [...new Set(units.filter(({ isInSample }) => isInSample).map(({ weight }) => weight.toFixed(6)))];
  };
  expect(weights([])).toEqual(["25.000000"]);
  expect(weights(["disaster"])).toEqual(["25.000000"]);
  expect(weights(["does-not-exist"])).toEqual(["20.000000"]);
  expect(weights(["duplicate", "disaster"])).toEqual([((100 / 6) * (5 / 4)).toFixed(6)]);
});

describe("a journal that chooses is found out", () => {
  const manifest = draw(20, 4, 3);
  const units = manifest.strata[0]?.units ?? [];
  const id = (rank: number) => units[rank - 1]?.id ?? "";
  const line = (about: About, event: JournalEntry["event"] = "replaced", seq = 1) =>
    entry(
      event,
      { manifestDigest: manifestDigest(manifest), stratum: BLOCK, evidence: [], reason: "duplicate", ...about },
      seq,
    );
  const faultOf = (...entries: JournalEntry[]) => readReplacements(manifest, entries).fault?.what.zh;
  const good = line({ unit: id(2), replacement: id(5), rank: 5 });

  test("the next reserve passes", () => expect(faultOf(good)).toBeUndefined());
  test.each<[string, JournalEntry[], string]>([
    ["the second reserve", [line({ unit: id(2), replacement: id(6), rank: 6 })], "应由"],
    ["no replacement while there are reserves", [line({ unit: id(2), replacement: null })], "应由"],
    [
      "a unit out of nowhere",
      [line({ unit: id(2), replacement: "X", rank: 5, extended: { id: "X", rank: 5 } })],
      "应由",
    ],
    ["a unit twice", [good, line({ unit: id(2), replacement: id(6), rank: 6 }, "replaced", 2)], "不是可替换"],
    ["a reserve that is not in use", [line({ unit: id(6), replacement: id(5), rank: 5 })], "不是可替换"],
    ["a reason that is none", [line({ unit: id(2), replacement: id(5), rank: 5, reason: "refuses" })], "理由"],
    ["another stratum", [line({ unit: id(2), replacement: id(5), stratum: "440500/mobile" })], "没有层"],
    [
      "undoing the first of two",
      [
        good,
        line({ unit: id(3), replacement: id(6), rank: 6 }, "replaced", 2),
        line({ unit: id(2), replacement: id(5) }, "replacement.undone", 3),
      ],
      "最后一次",
    ],
  ])("%s", (_, entries, named) => expect(faultOf(...entries)).toContain(named));

  test("replacements of another draw are passed over", () => {
    const other = entry("replaced", { ...good.about, manifestDigest: "f".repeat(64) }, 1);
    expect(currentSample(manifest, [other]).replacements).toEqual([]);
  });
});

test("units taken for certain cannot be replaced", () => {
  const drawn = drawBlock(
    BLOCK,
    members(5),
    { count: 1, reserve: 1, takeAll: { ids: ["U1"] } } as never,
    "ticket",
    digest("s"),
  );
  const manifest = manifestOf(drawn);
  const certain = drawn.find(({ units }) => units.some(({ role }) => role === "certainty"));
  const about = {
    manifestDigest: manifestDigest(manifest),
    stratum: certain?.key ?? "",
    unit: "U1",
    reason: "duplicate",
  };
  const { fault } = readReplacements(manifest, [entry("replaced", { ...about, replacement: null, evidence: [] }, 1)]);
  expect(fault?.what.zh).toContain("不是可替换的样本单位");
});

test("reasons are known by code and by name; not found and refusal are none", () => {
  expect(["不存在", "duplicate", "不属普查范围", "灾害"].map(findReason)).toEqual([...REPLACEMENT_REASONS]);
  for (const word of ["找不到", "未找到", "拒绝核查", "refuses", "not found"]) {
    expect([word, findReason(word), saysNotFoundOrRefuses(word)]).toEqual([word, undefined, true]);
  }
});
