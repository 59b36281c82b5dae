/** Evaluations of made-up rounds: figures that are figures, estimates that speak of the whole, verdicts that keep to their bounds. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DrawnStratum, Manifest } from "../../src/draw/manifest.ts";
import { manifestDigest } from "../../src/draw/manifest.ts";
import { currentSample } from "../../src/draw/replacement.ts";
import { Attributes } from "../../src/evaluate/domains.ts";
import { evaluate } from "../../src/evaluate/evaluate.ts";
import type { Evaluation, Verdict } from "../../src/evaluate/evaluation.ts";
import { officialShown, verdictShown } from "../../src/evaluate/in-words.ts";
import { percent } from "../../src/evaluate/report/percent.ts";
import { cityFindings, interval, provinceFindings, tableNotes } from "../../src/evaluate/report/words.ts";
import { reportFiles } from "../../src/evaluate/report/write-reports.ts";
import { unitsToInspect } from "../../src/evaluate/survey.ts";
import { tallyOf } from "../../src/evaluate/tally.ts";
import { compareTeams } from "../../src/evaluate/teams.ts";
import { loadPaper } from "../../src/forms/load-template.ts";
import { templateStore } from "../../src/forms/template-store.ts";
import { LeanList } from "../../src/records/lean.ts";
import { compareRecords, type SourceRecord } from "../../src/records/record.ts";
import type { JournalEntry } from "../../src/round/journal.ts";
import { digest } from "../../src/text/canonical.ts";
import { plainText, readPdf } from "../pdf/read-pdf.ts";
import { drawBlock } from "../support/draw.ts";
import { filledBy, randomFrom } from "../support/filled-round.ts";
import { loaded } from "../xlsx/workbooks.ts";

const SEED = digest("s");

function manifestOf(strata: readonly DrawnStratum[], more: Partial<Manifest> = {}): Manifest {
  return {
    spec: "draw-spec/1",
    roundId: "R1",
    frameDigest: "",
    planDigest: "",
    contributions: [],
    seed: SEED,
    method: "ticket",
    strata: [...strata].sort((a, b) => (a.key < b.key ? -1 : 1)),
    ...more,
  };
}

const units = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, i) => ({ id: `${prefix}-${i}`, name: "某厂", size: String(1 + ((i * 37) % 50)) }));

function block(city: string, name: string, N: number, quota: object): DrawnStratum[] {
  return drawBlock(`${city}/${name}`, units(`${city}${name}`, N), quota as never, "ticket", SEED);
}

/** Replaces units of the sample by the next reserves, as the journal has it. */
function replaced(manifest: Manifest, picks: readonly number[]): JournalEntry[] {
  const entries: JournalEntry[] = [];
  for (const [i, pick] of picks.entries()) {
    const sample = currentSample(manifest, entries);
    const open = unitsToInspect(sample).filter(({ role }) => role !== "certainty");
    const unit = open[pick % Math.max(1, open.length)];
    const stratum = manifest.strata.find(({ key }) => key === unit?.stratum);
    if (unit === undefined || stratum === undefined) break;
    const before = sample.replacements.filter(({ stratum: key }) => key === stratum.key).length;
    const by = stratum.units[stratum.n + before];
    if (by === undefined && stratum.n + before < stratum.N) continue;
    const about = {
      manifestDigest: manifestDigest(manifest),
      stratum: stratum.key,
      unit: unit.id,
      reason: pick % 2 === 0 ? "duplicate" : "disaster",
      evidence: [],
      replacement: by?.id ?? null,
      rank: by?.rank ?? null,
    };
    entries.push({ event: "replaced", about, seq: i + 1, time: "", actor: "", prev: "" });
  }
  return entries;
}

/** A follow-up of so many units in each stratum that has them in its ranking, as the journal has it. */
function followed(manifest: Manifest, counts: readonly number[], seq: number): JournalEntry {
  const strata = manifest.strata.map(({ key, n, units: own }, i) => {
    const next = own.slice(n, n + (counts[i % counts.length] as number));
    return { stratum: key, units: next.map(({ id }) => id), extended: [] };
  });
  const about = { manifestDigest: manifestDigest(manifest), reason: "", figuresDigest: "", strata };
  return { event: "followup.drawn", about, seq, time: "", actor: "", prev: "" };
}

function evaluated(
  manifest: Manifest,
  entries: readonly JournalEntry[],
  records: readonly SourceRecord[],
  ofFrame: (id: string, i: number) => { county: string; section: string } = () => ({ county: "", section: "" }),
  isFollowUpForeseen = false,
): Evaluation {
  const sample = currentSample(manifest, entries);
  const inSample = unitsToInspect(sample);
  const list = new LeanList();
  for (const record of [...records].sort(compareRecords)) list.pushRecord(record);
  const attributes = new Attributes(inSample.length);
  for (const [place, { id }] of inSample.entries()) {
    const { county, section } = ofFrame(id, place);
    attributes.set([place], county, section);
  }
  return evaluate({
    manifest,
    manifestDigest: manifestDigest(manifest),
    sample,
    tally: tallyOf(list.finish(), new Map(inSample.map(({ id }, place) => [id, place]))),
    attributes,
    areas: [],
    history: { revisions: [], takenBack: [], droppedAreas: 0, settled: new Map() },
    isFollowUpForeseen,
    recordsDigest: undefined,
    areasDigest: undefined,
  });
}

/** Everything that is no figure or lies outside its range, with its path. */
function faultsIn(value: unknown, path = ""): string[] {
  if (typeof value === "number") return Number.isFinite(value) ? [] : [`${path} ${value}`];
  if (value === undefined) return [`${path} undefined`];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => faultsIn(member, `${path}.${key}`));
}

const stratum = fc.record({
  N: fc.integer({ min: 0, max: 40 }),
  count: fc.integer({ min: 1, max: 9 }),
  reserve: fc.integer({ min: 0, max: 3 }),
  isBySize: fc.boolean(),
  certain: fc.nat(3),
});
const rounds = fc.record({
  strata: fc.array(stratum, { minLength: 1, maxLength: 4 }),
  picks: fc.array(fc.nat(30), { maxLength: 12 }),
  rate: fc.constantFrom(0, 0.02, 0.3, 1),
  careless: fc.constantFrom(0.2, 1),
  missing: fc.constantFrom(0, 0.3, 1),
  silent: fc.constantFrom(0, 0.2, 1),
  indicators: fc.constantFrom(0, 1, 6),
  hasCityDraw: fc.boolean(),
  hasAreas: fc.boolean(),
  seed: fc.nat(),
});
const CITIES = ["440100", "440500"];
/** Some of the made-up rounds, for the papers that are made of them. */
const seen: Evaluation[] = [];
const NO_FIGURE = /NaN|Infinity|undefined|null|\[object/;

test("no made-up round gives a figure that is none, and every city gets a verdict with its reason", () => {
  fc.assert(
    fc.property(rounds, (round) => {
      const blocks = round.strata.flatMap(({ N, count, reserve, isBySize, certain }, i) => {
        const quota = {
          count,
          reserve,
          ...(isBySize ? { size: { column: "size" } } : {}),
          ...(certain > 0 && N > certain
            ? {
                takeAll: {
                  ids: units("x", certain).map((_, k) => `${CITIES[i % 2]}${i < 2 ? "industrial" : "mobile"}-${k}`),
                },
              }
            : {}),
        };
        return block(CITIES[i % 2] ?? "", i < 2 ? "industrial" : "mobile", N, quota);
      });
      const chance = (round.hasCityDraw ? 2 / 5 : 1) * (round.hasAreas ? 1 / 3 : 1);
      const strata = blocks.map((each) => {
        if (!round.hasAreas || each.key.endsWith("+take-all")) return each;
        const own = each.units.map((unit) => ({ ...unit, inclusionProbability: unit.inclusionProbability * chance }));
        return { ...each, key: `${each.key}/A`, units: own };
      });
      const manifest = manifestOf(strata, {
        ...(round.hasCityDraw ? { cityDraw: { N: 5, n: 2, seed: SEED, cities: [] } } : {}),
        ...(round.hasAreas
          ? { areaDraw: { seed: SEED, cities: CITIES.map((city) => ({ city, N: 3, n: 1, shortfall: 0, areas: [] })) } }
          : {}),
      });
      const entries = replaced(manifest, round.picks);
      const records = filledBy(
        {
          seed: round.seed,
          errorRate: () => round.rate,
          careless: round.careless,
          indicators: round.indicators,
          missing: round.missing,
          teams: ["甲", "乙", ""],
          outcome: (random) =>
            random < round.silent ? (random < round.silent / 2 ? "notFound" : "closed") : "checked",
        },
        manifestDigest(manifest),
        "R1",
        currentSample(manifest, entries),
      );
      const county = (_: string, i: number) => ({ county: `县${i % 3}`, section: i % 2 === 0 ? "C 制造业" : "" });
      const evaluation = evaluated(manifest, entries, records, county);
      expect(faultsIn(evaluation)).toEqual([]);
      if (seen.length < 12) seen.push(evaluation);
      const sentences = [
        ...provinceFindings(evaluation),
        ...evaluation.verdicts.flatMap((verdict) => cityFindings(evaluation, verdict)),
        tableNotes(evaluation.estimates),
      ];
      expect(sentences.filter((sentence) => NO_FIGURE.test(sentence) || sentence.trim() === "")).toEqual([]);
      for (const { limits, rate, sampleRate, reason, n, sources } of evaluation.estimates) {
        if (limits === null || rate === null) expect(reason).not.toBeNull();
        else {
          expect(limits.lower).toBeLessThanOrEqual(rate + 1e-9);
          expect(limits.upper).toBeGreaterThanOrEqual(rate - 1e-9);
          expect(limits.lower).toBeGreaterThanOrEqual(0);
          expect(limits.upper).toBeLessThanOrEqual(1);
          expect(limits.upperOneSided).toBeLessThanOrEqual(limits.upper + 1e-9);
          expect(sampleRate).not.toBeNull();
          expect(n).toBeGreaterThan(0);
        }
        if (sources !== null) expect(sources.lower).toBeLessThanOrEqual(sources.upper);
      }
      const cities = new Set(manifest.strata.filter(({ n }) => n > 0).map(({ key }) => key.slice(0, 6)));
      expect(evaluation.verdicts.map(({ city }) => city)).toEqual([...cities].sort());
      const inSample = unitsToInspect(currentSample(manifest, entries));
      const byUnit = new Map(records.map((record) => [record.unit, record]));
      for (const each of evaluation.verdicts) {
        expect(each.reason === null).toBe(each.verdict !== "cannotBeJudged");
        keepsToItsSample(each, inSample, byUnit);
      }
    }),
    { numRuns: 2000, seed: 11 },
  );
}, 180_000);

const PAPER = {
  paper: loadPaper(templateStore(), "city-summary").template,
  head: {
    roundId: "R1",
    name: "2019年9月核查",
    holder: "省普查办",
    date: "",
    seed: "",
    manifestDigest: "a".repeat(64),
  },
};

/** The counts of a city's paper are those of the evaluation, and each source is in one of them. */
function saysWhatIsFound(text: string, evaluation: Evaluation, verdict: Verdict): void {
  const blocks = evaluation.blocks.filter(({ city }) => city === verdict.city);
  let [sample, checked, replaced, notDone] = [0, 0, 0, 0];
  for (const block of blocks) {
    const left = block.notFound + block.refused + block.closed + block.outstanding;
    expect(block.checked + left).toBe(block.sample);
    sample += block.sample;
    checked += block.checked;
    replaced += block.replaced;
    notDone += left;
  }
  expect(sample).toBe(verdict.sample);
  const found = evaluation.estimates.find(({ kind, key }) => kind === "city" && key === verdict.city);
  const rate = found?.sampleRate == null ? "—" : `${(found.sampleRate * 100).toFixed(2)}%`;
  const { k = 0 } = found?.sources ?? {};
  expect(text).toContain(`合计${sample}${checked}${replaced}${notDone}${k}${found?.m ?? 0}${found?.e ?? 0}${rate}`);
  expect(text).toContain(`评定${verdictShown(verdict).zh}`);
}

/** No word of a verdict where the sample of a city was not carried through; one for the time being is marked. */
function keepsToItsSample(
  verdict: Verdict,
  inSample: readonly { readonly id: string; readonly stratum: string }[],
  byUnit: ReadonlyMap<string, SourceRecord>,
): void {
  const own = inSample.filter(({ stratum: key }) => key.startsWith(verdict.city));
  const found = own.flatMap(({ id }) => byUnit.get(id) ?? []);
  const words = [verdictShown(verdict).zh, officialShown(verdict).zh];
  const saysSomething = words.some((word) => !word.startsWith("—"));
  expect(verdict.isPreliminary).toBe(saysSomething && found.length < own.length);
  for (const word of words) expect(/^(暂评)?(达标|不达标|尚不能定)$|^—/.test(word), word).toBe(true);
  if (!saysSomething) return;
  expect(words.every((word) => word.startsWith("—") || word.startsWith("暂评") === verdict.isPreliminary)).toBe(true);
  expect(found.some(({ outcome }) => outcome !== "closed")).toBe(true);
  for (const key of new Set(own.map(({ stratum }) => stratum))) {
    const inStratum = own.filter(({ stratum }) => stratum === key).map(({ id }) => byUnit.get(id));
    const counts = inStratum.some(
      (record) =>
        record !== undefined &&
        (["notFound", "refused"].includes(record.outcome) ||
          record.indicators.some(({ key: isKey, result }) => isKey && (result === "right" || result === "wrong"))),
    );
    expect(counts || inStratum.every((record) => record !== undefined)).toBe(true);
  }
}

test("reports and workbook of any round hold figures and no empty page, and are the same each time", async () => {
  expect(seen.length).toBe(12);
  for (const evaluation of seen) {
    const about = {
      title: "2019年9月核查",
      holder: "省普查办",
      date: "",
      journal: { line: 57, digest: "a".repeat(64) },
    };
    const files = await reportFiles(evaluation, about, PAPER);
    expect([...files.keys()]).toHaveLength(2 * evaluation.verdicts.length + 2);
    for (const [path, bytes] of files) {
      if (path.endsWith(".xlsx")) {
        const book = await loaded(bytes);
        const texts = book.worksheets.flatMap((sheet) => {
          const cells: string[] = [];
          sheet.eachRow((row) => void row.eachCell((cell) => void cells.push(String(cell.text))));
          return cells;
        });
        expect(texts.filter((text) => NO_FIGURE.test(text))).toEqual([]);
        const sheet = book.getWorksheet("各市评定");
        const headings = (sheet?.getRow(4).values ?? []) as string[];
        const shown = evaluation.verdicts.map((_, i) =>
          ["按样本", "评定"].map((heading) => sheet?.getRow(5 + i).getCell(headings.indexOf(heading)).result),
        );
        expect(shown).toEqual(evaluation.verdicts.map((each) => [officialShown(each).zh, verdictShown(each).zh]));
        continue;
      }
      const { pages } = await readPdf(bytes);
      expect(pages.every((page) => page.length > 4)).toBe(true);
      expect(plainText(pages)).not.toMatch(NO_FIGURE);
      if (path.endsWith("质量核查情况汇总表.pdf")) {
        const verdict = evaluation.verdicts.find(({ name }) => path.startsWith(`${name}/`)) as Verdict;
        saysWhatIsFound(plainText(pages), evaluation, verdict);
      }
      if (path.includes("/")) continue;
      for (const each of evaluation.estimates.filter(({ kind }) => ["city", "class", "form"].includes(kind))) {
        const { kind, key, name, N, isEstimatedN, n, m, e, sampleRate, rate } = each;
        const label = kind === "form" && key !== name ? `${key}${name}` : name;
        const figures = [`${Math.round(N)}${isEstimatedN ? "*" : ""}`, n, m, e, percent(sampleRate), percent(rate)];
        expect(plainText(pages)).toContain(`${label}${figures.join("")}${interval(each)}`.replace(/\s/g, ""));
      }
      for (const each of evaluation.verdicts) {
        const progress =
          each.isPreliminary && each.verdict !== "cannotBeJudged" ? `（${each.recorded}/${each.sample}` : "";
        const further = each.furtherSources === null ? "" : `+${each.furtherSources}`;
        expect(plainText(pages)).toContain(`${officialShown(each).zh}${verdictShown(each).zh}${further}${progress}`);
      }
    }
  }
  const [first] = seen;
  if (first !== undefined) {
    const about = {
      title: "2019年9月核查",
      holder: "省普查办",
      date: "",
      journal: { line: 57, digest: "a".repeat(64) },
    };
    expect(await reportFiles(first, about, PAPER)).toEqual(await reportFiles(first, about, PAPER));
  }
}, 180_000);

const WORK_PLAN = [
  ["industrial", 3000, 50],
  ["agricultural", 200, 10],
  ["domestic", 300, 5],
  ["centralized", 30, 1],
  ["mobile", 60, 1],
] as const;
const city = (code: string) => WORK_PLAN.flatMap(([name, N, count]) => block(code, name, N, { count, reserve: 5 }));

function byRobot(manifest: Manifest, robot: Partial<Parameters<typeof filledBy>[0]>, entries: JournalEntry[] = []) {
  const full = { seed: 3, errorRate: () => 0.02, ...robot };
  return filledBy(full, manifestDigest(manifest), "R1", currentSample(manifest, entries));
}

describe("a city by the work plan", () => {
  const manifest = manifestOf(city("440500"));

  test("67 sources without an error do not prove 2%, and it is said how many more would", () => {
    const evaluation = evaluated(manifest, [], byRobot(manifest, { errorRate: () => 0 }));
    const found = evaluation.estimates.find(({ kind }) => kind === "city");
    expect(found).toMatchObject({ n: 67, e: 0, sampleRate: 0, method: "sourcesExact", N: 3590 });
    expect(found?.limits?.upperOneSided).toBeGreaterThan(0.02);
    expect(evaluation.verdicts[0]).toMatchObject({ verdict: "undecided", official: "met" });
    expect(evaluation.verdicts[0]?.furtherSources).toBeGreaterThan(60);
  });

  test("errors everywhere are not met, whatever the weights", () => {
    const evaluation = evaluated(manifest, [], byRobot(manifest, { errorRate: () => 0.4, careless: 1 }));
    expect(evaluation.verdicts[0]).toMatchObject({ verdict: "notMet", official: "notMet", furtherSources: null });
  });

  test("sources not found count as wrong, and the rate without them stands beside", () => {
    const outcome = (random: number) => (random < 0.1 ? ("notFound" as const) : ("checked" as const));
    const evaluation = evaluated(manifest, [], byRobot(manifest, { errorRate: () => 0.001, outcome }));
    const found = evaluation.estimates.find(({ kind }) => kind === "city");
    expect(found?.n).toBe(67);
    expect(found?.withoutNonResponse?.n).toBe(67 - evaluation.counts.notFound);
    expect(found?.rate).toBeGreaterThan(found?.withoutNonResponse?.rate ?? 1);
    expect(evaluation.counts.notFound).toBeGreaterThan(0);
  });

  test("a stratum without any record leaves the city without a verdict, and names the stratum", () => {
    const records = byRobot(manifest, {}).filter(({ unit }) => !unit.includes("domestic"));
    const evaluation = evaluated(manifest, [], records);
    expect(evaluation.missingStrata).toEqual([{ key: "440500/domestic", N: 300, n: 5 }]);
    expect(evaluation.verdicts[0]).toMatchObject({
      verdict: "cannotBeJudged",
      reason: "stratumMissing",
      official: null,
      isPreliminary: false,
    });
  });

  test("one record of 67 gives no verdict, by the sample neither; some of each stratum give one for the time being", () => {
    const records = byRobot(manifest, { errorRate: () => 0 });
    const [one] = evaluated(manifest, [], records.slice(0, 1)).verdicts;
    expect(one).toMatchObject({ verdict: "cannotBeJudged", official: null, recorded: 1, outstanding: 66 });
    const some = evaluated(manifest, [], records.slice(9)).verdicts[0] as Verdict;
    expect(some).toMatchObject({ official: "met", isPreliminary: true, recorded: 58 });
    expect([officialShown(some).zh, verdictShown(some).zh]).toEqual(["暂评达标", "暂评尚不能定"]);
  });

  test("sources that are all closed give no verdict; a stratum of closed ones does not stand in the way of one", () => {
    const closed = byRobot(manifest, { errorRate: () => 0, outcome: () => "closed" });
    const checked = byRobot(manifest, { errorRate: () => 0 });
    const looked = checked.map((record) => ({ ...record, outcome: "closed" as const }));
    expect(evaluated(manifest, [], closed).verdicts[0]).toMatchObject({ reason: "allClosed", official: null });
    expect(evaluated(manifest, [], looked).verdicts[0]).toMatchObject({ reason: "allClosed", official: null });
    const isFarm = ({ unit }: SourceRecord) => unit.includes("agricultural");
    const farms = closed.filter(isFarm);
    const others = checked.filter((record) => !isFarm(record));
    expect(evaluated(manifest, [], [...others, ...farms]).verdicts[0]).toMatchObject({ official: "met", reason: null });
    // One closed farm of ten tells nothing of farms.
    expect(evaluated(manifest, [], [...others, ...farms.slice(0, 1)]).verdicts[0]).toMatchObject({
      reason: "stratumUnchecked",
      official: null,
    });
  });

  test("the days of a city's visits are those of the records that count: settled before first, sample alone", () => {
    const [one, two, three, ...others] = byRobot(manifest, {}) as [SourceRecord, SourceRecord, SourceRecord];
    const visitedOf = (records: readonly SourceRecord[]) => evaluated(manifest, [], records).verdicts[0]?.visited;
    expect(visitedOf([one, two, three, ...others])).toBeNull();
    expect(visitedOf([{ ...one, date: "2019-09-30" }, two])).toEqual({
      first: "2019-09-30",
      last: "2019-09-30",
      dated: 1,
    });
    const records = [
      { ...one, date: "2019-09-01", visit: "first" as const },
      { ...one, date: "2019-12-31", visit: "second" as const, team: "复核组" },
      { ...one, date: "2019-09-16", visit: "settled" as const },
      { ...two, date: "2019-10-08", outcome: "notFound" as const },
      { ...three, date: "2018-01-01", unit: "outside" },
      ...others,
    ];
    expect(visitedOf(records)).toEqual({ first: "2019-09-16", last: "2019-10-08", dated: 2 });
    expect(visitedOf(records.slice(0, 2))).toEqual({ first: "2019-09-01", last: "2019-09-01", dated: 1 });
  });

  test("nothing checked is said so", () => {
    const evaluation = evaluated(manifest, [], []);
    expect(evaluation.verdicts[0]).toMatchObject({
      verdict: "cannotBeJudged",
      reason: "nothingChecked",
      official: null,
    });
  });

  test("units chosen by hand and units outside the sample enter no estimate", () => {
    const records = byRobot(manifest, {});
    const [first] = records;
    if (first === undefined) throw new Error("no record");
    const before = evaluated(manifest, [], records);
    const more = [
      { ...first, unit: "手选", handPicked: true as const },
      { ...first, unit: "替换掉的" },
    ];
    const after = evaluated(manifest, [], [...records, ...more]);
    expect(after.estimates).toEqual(before.estimates);
    expect(after.handPicked.sources).toBe(1);
    expect(after.counts.outsideSample).toBe(1);
  });

  test("of two entries the settled one counts; unsettled ones are counted as such", () => {
    const records = byRobot(manifest, { errorRate: () => 0 });
    const [first] = records;
    if (first === undefined) throw new Error("no record");
    const wrong = first.indicators.map((each) => ({ ...each, result: "wrong" as const }));
    const twice = [
      { ...first, visit: "first" as const },
      { ...first, visit: "second" as const, indicators: wrong },
    ];
    const open = evaluated(manifest, [], [...records.slice(1), ...twice]);
    expect([open.counts.unsettled, open.estimates[0]?.e]).toEqual([1, 0]);
    const settled = [...twice, { ...first, visit: "settled" as const, indicators: wrong }];
    const closed = evaluated(manifest, [], [...records.slice(1), ...settled]);
    expect(closed.counts.unsettled).toBe(0);
    expect(closed.estimates[0]?.e).toBeGreaterThan(0);
  });
});

test("units taken for certain add no variance: a city of them alone is known exactly", () => {
  const certain = { count: 0, takeAll: { where: { column: "name", values: ["某厂"] } } };
  const manifest = manifestOf(block("440500", "industrial", 30, certain));
  const evaluation = evaluated(manifest, [], byRobot(manifest, { errorRate: () => 0.2 }));
  const found = evaluation.estimates.find(({ kind }) => kind === "city");
  expect(found).toMatchObject({ n: 30, method: "census", variance: 0 });
  expect(found?.limits?.upper).toBe(found?.rate);
  expect(found?.rate).toBe(found?.sampleRate);
});

test("a lenient team stands out within its city, and equal teams do not", () => {
  const manifest = manifestOf(block("440500", "industrial", 3000, { count: 200 }));
  const records = byRobot(manifest, { errorRate: () => 0.15, careless: 0.8, teams: ["甲", "乙", "丙"] });
  expect(evaluated(manifest, [], records).teams.map(({ standsOut }) => standsOut)).toEqual([null, null, null]);
  const blind = records.map((record) =>
    record.team === "甲"
      ? { ...record, indicators: record.indicators.map((each) => ({ ...each, result: "right" as const })) }
      : record,
  );
  const { teams } = evaluated(manifest, [], blind);
  expect(teams.find(({ team }) => team === "甲")?.standsOut).toBe("lenient");
});

test("in a city of thousands the chances are those of dealing the names anew", () => {
  const random = randomFrom(11);
  const made = (count: number) =>
    Array.from({ length: count }, (_, i) => ({
      city: "440500",
      block: `440500/${i % 2}`,
      team: i % 3 === 0 ? "甲" : "乙",
      e: random() < (i % 3 === 0 ? 0.09 : 0.1) ? 1 : 0,
      m: 5,
    }));
  const few = made(4998);
  const many = [...few, ...few.slice(0, 12)];
  const [dealt, normal] = [compareTeams(few, 1), compareTeams(many, 1)];
  for (const [i, { fewP }] of dealt.entries()) {
    expect(Math.abs((fewP ?? 0) - (normal[i]?.fewP ?? 1))).toBeLessThan(0.12);
  }
  const lenient = many.map((each) => ({
    ...each,
    e: each.team === "甲" && each.e === 1 && random() < 0.5 ? 0 : each.e,
  }));
  expect(compareTeams(lenient, 1)[0]).toMatchObject({ team: expect.any(String), standsOut: expect.any(String) });
});

test("one lenient team of sixty stands out, for the deals go on as long as it takes", () => {
  const random = randomFrom(12);
  const sources = Array.from({ length: 20 }, (_, city) =>
    Array.from({ length: 66 }, (_, i) => ({
      city: String(440100 + city),
      block: String(city),
      team: `${i % 3}`,
      e: city === 7 && i % 3 === 0 ? 0 : Math.floor(random() * 4),
      m: 20,
    })),
  ).flat();
  const out = compareTeams(sources, 1).filter(({ standsOut }) => standsOut !== null);
  expect(out.map(({ city, team, standsOut }) => [city, team, standsOut])).toEqual([["440107", "0", "lenient"]]);
});

test("a small county with one unlucky source does not lead a ranking", () => {
  const manifest = manifestOf(block("440500", "industrial", 3000, { count: 200 }));
  const random = randomFrom(5);
  const county = new Map(
    unitsToInspect(currentSample(manifest, [])).map(({ id }, i) => [
      id,
      i === 0 ? "小县" : random() < 0.5 ? "甲县" : "乙县",
    ]),
  );
  const records = byRobot(manifest, { errorRate: () => 0 }).map((record) => {
    const place = county.get(record.unit);
    const share = place === "小县" ? 2 : place === "甲县" ? 1 : 0;
    const indicators = record.indicators.map((each, i) => ({
      ...each,
      result: i < share ? ("wrong" as const) : ("right" as const),
    }));
    return { ...record, indicators };
  });
  const { counties } = evaluated(manifest, [], records, (id) => ({ county: county.get(id) ?? "", section: "" }));
  const raw = [...counties].sort((a, b) => b.rate - a.rate).map(({ name }) => name);
  expect(raw[0]).toContain("小县");
  const small = counties.find(({ name }) => name.endsWith("小县"));
  expect(small?.shrunk).toBeLessThan(small?.rate ?? 0);
  expect(small?.ownWeight).toBeLessThan(counties.find(({ name }) => name.endsWith("甲县"))?.ownWeight ?? 0);
});

/** Where two values differ, numbers by more than rounding; sums of weights are added up in another order. */
function farApart(a: unknown, b: unknown, path = ""): string[] {
  if (typeof a === "number" && typeof b === "number") {
    return Math.abs(a - b) <= 1e-7 * (1 + Math.abs(a)) ? [] : [`${path}: ${a}, ${b}`];
  }
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) {
    return a === b ? [] : [`${path}: ${a}, ${b}`];
  }
  const [one, other] = [a, b] as [Record<string, unknown>, Record<string, unknown>];
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return keys.flatMap((key) => farApart(one[key], other[key], `${path}/${key}`));
}

describe("a follow-up", () => {
  const strata = fc.array(fc.record({ N: fc.integer({ min: 4, max: 60 }), n: fc.integer({ min: 2, max: 8 }) }), {
    minLength: 1,
    maxLength: 4,
  });
  const manifests = (sizes: readonly { N: number; n: number }[], further: readonly number[]) => {
    const made = sizes.map(({ N, n }, i) => {
      const more = Math.min(further[i] ?? 0, Math.max(0, N - n));
      const of = (count: number, reserve: number) => block("440500", CLASSES[i] ?? "", N, { count, reserve });
      return { first: of(n, more), longer: of(n + more, 0) };
    });
    return {
      first: manifestOf(made.flatMap(({ first }) => first)),
      longer: manifestOf(made.flatMap(({ longer }) => longer)),
    };
  };
  const CLASSES = ["agricultural", "centralized", "domestic", "industrial"];

  test("evaluated with the first stage is the longer draw", () => {
    fc.assert(
      fc.property(strata, fc.array(fc.nat(6), { minLength: 4, maxLength: 4 }), fc.nat(99), (sizes, further, seed) => {
        const { first, longer } = manifests(sizes, further);
        const entries = [followed(first, [99], 1)];
        const robot = { seed, errorRate: () => 0.1, teams: [] };
        const records = filledBy(robot, "", "R1", currentSample(longer, []));
        expect(filledBy(robot, "", "R1", currentSample(first, entries)).map(({ unit }) => unit)).toEqual(
          records.map(({ unit }) => unit),
        );
        const both = evaluated(first, entries, records);
        const one = evaluated(longer, [], records);
        expect(farApart(both.estimates, one.estimates)).toEqual([]);
        const [judged] = both.verdicts;
        const hasMore =
          unitsToInspect(currentSample(first, entries)).length > unitsToInspect(currentSample(first, [])).length;
        const early = new Set(unitsToInspect(currentSample(first, [])).map(({ id }) => id));
        const [alone] = evaluated(
          first,
          [],
          records.filter(({ unit }) => early.has(unit)),
        ).verdicts;
        // A verdict that the first stage reached needs no more to stand; another one does.
        const stands = alone?.verdict === judged?.verdict && (alone?.verdict === "met" || alone?.verdict === "notMet");
        expect([judged?.followUps, judged?.alpha]).toEqual([hasMore ? 1 : 0, hasMore && !stands ? 0.0025 : 0.05]);
        if (!hasMore) expect(farApart(both.verdicts, one.verdicts)).toEqual([]);
        const limits = both.estimates.find(({ kind }) => kind === "city")?.limits ?? null;
        // Whoever looks again has to be surer.
        if (limits !== null && judged?.bounds) {
          expect(judged.bounds.upper).toBeGreaterThanOrEqual(limits.upperOneSided - 1e-12);
          expect(judged.bounds.lower).toBeLessThanOrEqual(limits.lowerOneSided + 1e-12);
        }
        expect(farApart(both.causes, one.causes)).toEqual([]);
      }),
      { numRuns: 60, seed: 11 },
    );
  });

  test("that leaves out the next of the ranking is no follow-up", () => {
    const { first } = manifests([{ N: 20, n: 3 }], [4]);
    const entry = followed(first, [3], 1);
    const [stratum] = entry.about.strata as unknown as { stratum: string; units: string[] }[];
    const skipped = { ...entry.about, strata: [{ ...stratum, units: stratum?.units.slice(1) ?? [], extended: [] }] };
    expect(() => currentSample(first, [{ ...entry, about: skipped }])).toThrow(/the follow-up has/);
    expect(currentSample(first, [entry]).followUps).toHaveLength(1);
  });

  test("is another look: the verdict goes by the confidence that is left, and a city has two at most", () => {
    const { first } = manifests([{ N: 60, n: 4 }], [30]);
    const entry = followed(first, [5], 1);
    const next = (from: number, seq: number): JournalEntry => {
      const [stratum] = first.strata;
      const units = stratum?.units.slice(from, from + 5).map(({ id }) => id) ?? [];
      const strata = [{ stratum: stratum?.key ?? "", units, extended: [] }];
      return { ...entry, about: { ...entry.about, strata }, seq };
    };
    const looked = [[], [entry], [entry, next(9, 2)]];
    const robot = { seed: 2, errorRate: () => 0.03, teams: [] };
    const verdicts = (isForeseen: boolean) =>
      looked.map((entries) => {
        const records = filledBy(robot, "", "R1", currentSample(first, entries));
        return evaluated(first, entries, records, undefined, isForeseen).verdicts[0];
      });
    expect(verdicts(false).map((each) => [each?.followUps, each?.alpha])).toEqual([
      [0, 0.05],
      [1, 0.0025],
      [2, 0.0008],
    ]);
    const foreseen = verdicts(true);
    expect(foreseen.map((each) => each?.alpha)).toEqual([0.025, 0.0125, 0.004]);
    // At the end of its follow-ups no further source is spoken of.
    expect(foreseen[0]?.furtherSources).toBeGreaterThan(0);
    expect(foreseen[2]).toMatchObject({ verdict: "undecided", furtherSources: null });
    expect(() => currentSample(first, [entry, next(9, 2), next(14, 3)])).toThrow(/has had 2 follow-ups/);
  });

  test("confirms a verdict with the confidence by which it was reached", () => {
    // 100 sources without an error of 120 prove 2% with 95% and not with 99.75%.
    const { first } = manifests([{ N: 120, n: 100 }], [20]);
    const robot = { seed: 2, errorRate: () => 0, teams: [] };
    const entries = [followed(first, [2], 1)];
    const verdictOn = (all: readonly JournalEntry[]) =>
      evaluated(first, all, filledBy(robot, "", "R1", currentSample(first, all))).verdicts[0];
    expect(verdictOn([])).toMatchObject({ verdict: "met", alpha: 0.05, followUps: 0 });
    expect(verdictOn(entries)).toMatchObject({ verdict: "met", alpha: 0.05, followUps: 1 });
    // Reached for the first time after a follow-up it would have needed more.
    const { first: smaller } = manifests([{ N: 120, n: 30 }], [90]);
    const later = [followed(smaller, [72], 1)];
    const records = filledBy(robot, "", "R1", currentSample(smaller, later));
    expect(evaluated(smaller, later, records).verdicts[0]).toMatchObject({ verdict: "undecided", alpha: 0.0025 });
  });

  test("is not put before a replacement by undoing it", () => {
    const { first } = manifests([{ N: 20, n: 3 }], [6]);
    const [entry] = replaced(first, [0]);
    if (entry === undefined) throw new Error("nothing replaced");
    const sample = currentSample(first, [entry]);
    const [stratum] = first.strata;
    const next = stratum?.units.slice(4, 6).map(({ id }) => id) ?? [];
    const strata = [{ stratum: stratum?.key ?? "", units: next, extended: [] }];
    const more: JournalEntry = { ...followed(first, [0], 2), about: { manifestDigest: manifestDigest(first), strata } };
    expect(unitsToInspect(currentSample(first, [entry, more]))).toHaveLength(5);
    const about = { ...entry.about, replacement: sample.replacements[0]?.by?.id ?? null };
    const undo: JournalEntry = { ...entry, event: "replacement.undone", about, seq: 3 };
    expect(() => currentSample(first, [entry, more, undo])).toThrow(/a follow-up was drawn after/);
  });
});
