/** What each line of the journal about records makes of those before it, done again from the kept originals. */
import { existsSync } from "node:fs";
import { z } from "zod";
import type { JournalEntry } from "../round/journal.ts";
import type { Round } from "../round/round.ts";
import { canonicalJson, digest } from "../text/canonical.ts";
import { shorten } from "../text/errors.ts";
import { type Words, words } from "../text/words.ts";
import { pairsIn } from "./agreement.ts";
import { mergeAreas } from "./area.ts";
import { withoutArea, withoutSource } from "./drop.ts";
import type { RoundExpected } from "./expected.ts";
import { fault, isError } from "./faults.ts";
import { mergeRecords } from "./merge.ts";
import { readFilled } from "./read-file.ts";
import { type AreaCheck, areasText, type RecordSource, recordsText, type SourceRecord } from "./record.ts";
import { settledBy, thirdIn } from "./settle.ts";
import { originalPath } from "./store.ts";
import { takeFile } from "./take-file.ts";
import { type Taken, withoutAreaTwins, withoutTwins } from "./taken.ts";
import { toldOf } from "./told.ts";

/** The records of a round at one time. */
export interface RecordsState {
  readonly records: readonly SourceRecord[];
  readonly areas: readonly AreaCheck[];
}

/** That a line says what originals and earlier lines do not give. */
export class Contradiction extends Error {
  readonly words: Words;

  constructor({ seq }: Pick<JournalEntry, "seq">, zh: string, en: string) {
    super(en);
    this.words = words(`日志第 ${seq} 行${zh}`, `line ${seq} of the journal: ${en}`);
  }
}

const Source = z.object({ file: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/) });
const DAY = z.iso.date();
const IMPORTED = z.object({
  manifestDigest: z.string(),
  asked: z.strictObject({ acceptGood: z.boolean(), replace: z.boolean(), second: z.boolean(), today: DAY }),
  files: z.array(Source),
  units: z.array(z.string()),
});
const SETTLED = z.object({
  unit: z.string(),
  use: z.enum(["first", "second", "third"]),
  today: DAY,
  source: Source,
});
const DROPPED = z.object({
  unit: z.string().optional(),
  /** A census area, where it lies. */
  area: z.string().optional(),
  city: z.string().optional(),
  county: z.string().optional(),
  units: z.array(z.string()),
  visits: z.array(z.string().nullable()).optional(),
  droppedDigest: z.string(),
});

/** The kept files that a line names; none where it is not about records. */
export function originalsOf({
  event,
  about,
}: Pick<JournalEntry, "event" | "about">): Pick<RecordSource, "file" | "sha256">[] {
  if (event === "records.imported") return IMPORTED.pick({ files: true }).safeParse(about).data?.files ?? [];
  const source = event === "records.settled" ? SETTLED.pick({ source: true }).safeParse(about).data?.source : undefined;
  return source === undefined ? [] : [source];
}

/** What the lines of one journal are replayed with. */
export interface Replaying {
  readonly round: Round;
  /** What the round expected by the lines before one. */
  expectedBefore(entry: JournalEntry): Promise<RoundExpected>;
  readonly kept: KeptForms;
}

/** @returns the records after the line; undefined where it is not about records */
export async function replayLine(
  replaying: Replaying,
  state: RecordsState,
  entry: JournalEntry,
): Promise<RecordsState | undefined> {
  switch (entry.event) {
    case "records.imported":
      return replayImport(replaying, state, entry);
    case "records.settled":
      return replaySettlement(replaying, state, entry);
    case "records.dropped":
      return replayDrop(state, entry);
    default:
      return undefined;
  }
}

async function replayImport(
  { expectedBefore, kept }: Replaying,
  state: RecordsState,
  entry: JournalEntry,
): Promise<RecordsState> {
  const { manifestDigest, asked, files, units } = wellFormed(IMPORTED, entry);
  const expected = await expectedBefore(entry);
  if (manifestDigest !== expected.manifestDigest) {
    throw new Contradiction(entry, "的样本清单摘要不是本轮次的", "its manifest is not this round's");
  }
  const taken: Taken[] = [];
  for (const file of files) taken.push(await kept.take(entry, file, expected, asked));
  const merged = mergeRecords(state.records, withoutTwins(taken, expected.nameOf), asked);
  const areas = mergeAreas(state.areas, withoutAreaTwins(taken), asked.replace);
  if (!asked.acceptGood)
    refuseFaults(entry, taken, [
      ...merged.conflicts.map(({ after }) => after),
      ...merged.withoutFirst,
      ...merged.dependent.map(({ record }) => record),
      ...areas.conflicts.map(({ area, source }) => ({ unit: area, source })),
    ]);
  const found = merged.added.map(({ unit }) => unit).sort();
  const originalOf = (unit: string) =>
    taken.find(({ records }) => records.some((each) => each.unit === unit))?.name ?? "";
  const untold = found.find((unit) => !units.includes(unit));
  if (untold !== undefined) {
    const file = originalOf(untold);
    throw new Contradiction(
      entry,
      `没有写收了 ${untold}，原表 ${file} 里有它的记录`,
      `${untold} is not told, yet ${file} holds its record`,
    );
  }
  const unfounded = units.find((unit) => !found.includes(unit));
  if (unfounded !== undefined) {
    throw new Contradiction(
      entry,
      `写收了 ${unfounded}，原表里没有它可收的记录`,
      `${unfounded} is told, and no original holds a record of it that could be taken`,
    );
  }
  if (units.length !== found.length) throw new Contradiction(entry, "把一家写了两次", "a unit stands twice");
  const reason = typeof entry.about.reason === "string" && entry.about.reason !== "" ? entry.about.reason : undefined;
  if (reason === undefined && merged.replaced.length + areas.replaced.length > 0) {
    throw new Contradiction(entry, "替换了记录而没有理由", "records were replaced without a reason");
  }
  const due = toldOf(merged, areas, reason);
  for (const key of TOLD) {
    const [told, should] = [entry.about[key] ?? null, due[key] ?? null];
    if (canonicalJson(told) === canonicalJson(should)) continue;
    const [is, ought] = [told, should].map((each) => shorten(JSON.stringify(each), 120));
    throw new Contradiction(
      entry,
      `的 ${key} 写的是 ${is}，按原表应为 ${ought}`,
      `${key} is told to be ${is}; the originals give ${ought}`,
    );
  }
  return { records: merged.records, areas: areas.areas };
}

/** What a line tells of an import beside its files and units. */
const TOLD = ["areas", "replaced", "reason", "replacedDigest", "replacedAreas", "replacedAreasDigest"] as const;

/** Nothing is taken where anything is wrong, unless it was asked for. */
function refuseFaults(
  entry: JournalEntry,
  taken: readonly Taken[],
  leftOut: readonly Pick<SourceRecord, "unit" | "source">[],
): void {
  const [out] = leftOut;
  if (out !== undefined) {
    const { unit, source } = out;
    throw new Contradiction(
      entry,
      `没有收原表 ${source.file} 里 ${unit} 的记录，却也没有用 --accept-good`,
      `the record of ${unit} in ${source.file} was not taken, and --accept-good was not asked for`,
    );
  }
  for (const { name, problems } of taken) {
    const wrong = problems.find(isError);
    if (wrong !== undefined)
      throw new Contradiction(
        entry,
        `收了原表 ${name}，而它有错误：${wrong.message.zh}`,
        `${name} was taken and has faults: ${wrong.message.en}`,
      );
  }
}

async function replaySettlement(
  { round, expectedBefore }: Replaying,
  state: RecordsState,
  entry: JournalEntry,
): Promise<RecordsState> {
  const { unit, use, today, source } = wellFormed(SETTLED, entry);
  const pair = pairsIn(state.records).find((each) => each.unit === unit);
  if (pair === undefined)
    throw new Contradiction(entry, `裁定 ${unit}，而它没有两次记录`, `${unit} is settled and was not entered twice`);
  let chosen: SourceRecord | undefined = use === "second" ? pair.second : pair.first;
  if (use === "third") {
    const expected = await expectedBefore(entry);
    const filled = await readFilled({ path: keptFile(round, entry, source), name: source.file }, expected.codesOf);
    refuseOther(entry, source, filled.sha256);
    const third = thirdIn(filled, pair, expected, today);
    chosen = third?.problems.some(isError) === true ? undefined : third?.record;
  }
  if (chosen === undefined)
    throw new Contradiction(
      entry,
      `裁定 ${unit} 所用的原表 ${source.file} 里没有它可收的记录`,
      `${source.file} holds no record of ${unit} that could settle it`,
    );
  const { records, settled } = settledBy(state.records, chosen);
  if (settled.source.file !== source.file || settled.source.sha256 !== source.sha256) {
    throw new Contradiction(
      entry,
      `裁定 ${unit} 写的原表是 ${source.file}，所用的记录出自 ${settled.source.file}`,
      `${unit} is told to be settled by ${source.file}; the record comes from ${settled.source.file}`,
    );
  }
  return { ...state, records };
}

function replayDrop(state: RecordsState, entry: JournalEntry): RecordsState {
  const { unit, area = "", city = "", county = "", units, visits, droppedDigest } = wellFormed(DROPPED, entry);
  const refuse = (found: string) => {
    if (found === droppedDigest) return;
    throw new Contradiction(
      entry,
      `撤回 ${unit ?? area} 的记录与当时的不符`,
      `what was dropped of ${unit ?? area} is not what stood there`,
    );
  };
  if (unit === undefined) {
    const { dropped, left } = withoutArea(state.areas, { city, county, area });
    refuse(digest(areasText(dropped)));
    return { ...state, areas: left };
  }
  const { dropped, left, stays } = withoutSource(state.records, unit, units.length === 0);
  refuse(digest(recordsText(dropped)));
  const told = { units: stays > 0 ? [] : [unit], visits: dropped.map(({ visit }) => visit ?? null) };
  if (canonicalJson(told) !== canonicalJson({ units, visits: visits ?? null })) {
    throw new Contradiction(
      entry,
      `撤回 ${unit} 写得与当时的记录不符`,
      `what it tells of ${unit} is not what stood there`,
    );
  }
  return { ...state, records: left };
}

function wellFormed<T>(schema: z.ZodType<T>, entry: JournalEntry): T {
  const { success, data } = schema.safeParse(entry.about);
  if (success) return data;
  throw new Contradiction(entry, `（${entry.event}）没有写全`, `${entry.event} is not complete`);
}

/** The path of a kept original. */
function keptFile(round: Round, entry: JournalEntry, source: Pick<RecordSource, "file" | "sha256">): string {
  const path = originalPath(round, source);
  if (existsSync(path)) return path;
  throw new Contradiction(entry, `的原表 ${source.file} 不见了`, `the original ${source.file} is gone`);
}

function refuseOther(
  entry: JournalEntry,
  { file, sha256 }: Pick<RecordSource, "file" | "sha256">,
  found: string | undefined,
): void {
  if (found === sha256) return;
  throw new Contradiction(entry, `的原表 ${file} 被改动`, `the original ${file} was changed`);
}

/** A file that was read, and what it was read for. */
interface Read {
  readonly taken: Taken;
  /** Units that its forms are about, and how each stood. */
  readonly stood: string;
}

/** Later than any visit. */
const NEVER = "9999-12-31";

/** What the kept files hold. One that several lines name is read again only where its units or their forms stood otherwise. */
export class KeptForms {
  readonly #read = new Map<string, Read>();
  readonly #round: Round;
  readonly #told: (files: number) => void;

  /** @param told takes how many files were read */
  constructor(round: Round, told: (files: number) => void) {
    this.#round = round;
    this.#told = told;
  }

  /** A file as an import took it. */
  async take(
    entry: JournalEntry,
    source: Pick<RecordSource, "file" | "sha256">,
    expected: RoundExpected,
    asked: { readonly second: boolean; readonly today: string },
  ): Promise<Taken> {
    const path = keptFile(this.#round, entry, source);
    const key = `${source.sha256}\n${source.file}\n${asked.second}`;
    let read = this.#read.get(key);
    if (read === undefined || read.stood !== expected.standingOf(read.taken.units)) {
      const taken = await takeFile({ path, name: source.file }, expected, { second: asked.second, today: NEVER });
      refuseOther(entry, source, taken.sha256);
      read = { taken, stood: expected.standingOf(taken.units) };
      this.#read.set(key, read);
      this.#told(this.#read.size);
    }
    return asOf(asked.today, read.taken);
  }
}

/** What was taken from a file on a day: a visit that is later is a fault. The lists are its own, for more is added to them. */
function asOf(today: string, taken: Taken): Taken {
  const isAhead = ({ date }: SourceRecord) => date !== undefined && date > today;
  const ahead = taken.records.filter(isAhead);
  const problems = ahead.map(({ source: { file, sheet }, date }) =>
    fault("E-RECORDS-DATE-AHEAD", "核查日期晚于导入的日子", "the visit is later than the import", {
      file,
      sheet,
      value: date,
    }),
  );
  return {
    ...taken,
    records: taken.records.filter((record) => !isAhead(record)),
    problems: [...taken.problems, ...problems],
    faulty: [...taken.faulty, ...ahead.map(({ unit }) => unit)],
  };
}
