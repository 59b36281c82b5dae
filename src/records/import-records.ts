/** The edge of the records step: filled forms are read, checked and taken, or go back with the faults marked. */
import { existsSync, readFileSync } from "node:fs";
import { writeFileAtomically } from "../round/files.ts";
import { type Actor, type Round, withRoundLock } from "../round/round.ts";
import { digest, type JsonValue } from "../text/canonical.ts";
import { ChouqianError, type Problem } from "../text/errors.ts";
import type { Progress } from "../text/progress.ts";
import { words } from "../text/words.ts";
import { aboutFile } from "./about-file.ts";
import { checkArea, mergeAreas } from "./area.ts";
import { checkSource, onceMore } from "./check.ts";
import { type RoundExpected, readExpected } from "./expected.ts";
import { fault, isError } from "./faults.ts";
import type { FilledFile } from "./filled.ts";
import { type Merged, type MergeOptions, mergeRecords, type Versions } from "./merge.ts";
import { filesOf, type NamedFile, readFilled } from "./read-file.ts";
import { type AreaCheck, areasText, recordsText, type SourceRecord } from "./record.ts";
import { changedWhileRead, sendBack, takeAway } from "./sent-back.ts";
import { keepLines, originalPath, readStanding, reasonOf, replacedPath, writeRecords } from "./store.ts";
import { refusalOf, refuseAreas, refuseMerged, type Taken, withoutTwins } from "./taken.ts";

export interface ImportOptions extends MergeOptions {
  /** Why later versions take the place of what is there: needed with `replace`. */
  readonly reason: string | undefined;
  /** Whether sources without fault are taken where others have some. */
  readonly acceptGood: boolean;
  /** The day by the clock of who imports, as `2019-10-08`: no visit is later. */
  readonly today: string;
}

export interface Imported {
  readonly files: number;
  /** Files of the folders that are no tables and were not read, such as photographs. */
  readonly passedOver: readonly string[];
  readonly added: readonly string[];
  readonly unchanged: number;
  readonly replaced: readonly Versions[];
  /** Sources that have to be settled again. */
  readonly unsettled: readonly string[];
  readonly areas: number;
  /** Census areas whose counts are others now. */
  readonly replacedAreas: readonly string[];
  readonly warnings: readonly Problem[];
  /** What was refused; nothing of it was taken. Undefined where all was taken. */
  readonly refusal: ChouqianError | undefined;
  /** Versions that differ from what is there. */
  readonly conflicts: readonly Versions[];
  /** Workbooks that go back, from the round's folder. */
  readonly returned: readonly string[];
  /** Name of a source, as `RoundExpected` has it. */
  readonly nameOf: (unit: string) => string;
}

/** Files read at once: while one is unpacked another is checked. */
const AT_ONCE = 2;

/**
 * Imports filled forms. Where anything is wrong nothing is taken, unless `acceptGood`: then nothing of a faulty source is.
 * @throws ChouqianError E-RECORDS-NO-FILE, E-RECORDS-NOTHING, E-RECORDS-CHANGED, E-RECORDS-INVALID, and what reading the
 *   round refuses; what is wrong with the forms is in the result
 */
export function importRecords(
  round: Round,
  actor: Actor,
  paths: readonly string[],
  options: ImportOptions,
  progress: Progress,
): Promise<Imported> {
  return withRoundLock(round.folder, async () => {
    const reason = options.replace ? reasonOf(options.reason, NO_REASON) : undefined;
    const { files, passedOver } = filesOf(paths);
    const expected = await readExpected(round);
    const standing = readStanding(round, expected.manifest);
    const taken: Taken[] = [];
    for (let i = 0; i < files.length; i += AT_ONCE) {
      const some = files.slice(i, i + AT_ONCE);
      taken.push(...(await Promise.all(some.map((file) => takeFile(file, expected, options)))));
      progress(words("读取核查记录", "reading records"), taken.length, files.length);
    }
    const records = withoutTwins(taken, expected.nameOf);
    const merged = mergeRecords(standing.records, records, options);
    const areas = mergeAreas(
      standing.areas,
      taken.flatMap((file) => file.areas),
      options.replace,
    );
    refuseMerged(taken, merged, expected.nameOf);
    refuseAreas(taken, areas.conflicts);
    const problems = taken.flatMap((file) => file.problems);
    const returned = await sendBack(round, actor, taken, expected);
    const refusal = refusalOf(problems, options.acceptGood, merged.added.length + merged.replaced.length, returned);
    const isTaken = refusal === undefined || options.acceptGood;
    const changed = [merged.added, merged.replaced, areas.added, areas.replaced].some(({ length }) => length > 0);
    const { manifestDigest } = expected;
    if (isTaken && changed) write(round, actor, taken, merged, areas, { ...options, reason, manifestDigest });
    if (isTaken) {
      takeAway(round, taken, new Set(merged.unchanged.map(({ unit }) => unit)), expected);
    }
    return {
      files: files.length,
      passedOver,
      added: isTaken ? merged.added.map(({ unit }) => unit) : [],
      unchanged: merged.unchanged.length,
      replaced: isTaken ? merged.replaced : [],
      unsettled: isTaken ? merged.unsettled.map(({ unit }) => unit) : [],
      areas: isTaken ? areas.added.length : 0,
      replacedAreas: isTaken ? areas.replaced.map(({ after }) => after.area) : [],
      warnings: problems.filter((problem) => !isError(problem)),
      refusal,
      conflicts: merged.conflicts,
      returned,
      nameOf: expected.nameOf,
    };
  });
}

const NO_REASON = words("没有写替换的理由", "no reason was given for replacing");

/** Why a file belongs elsewhere with all that it holds, told once and not for each source. */
function whollyForeign({ file, sources, areas }: FilledFile, expected: RoundExpected): Problem | undefined {
  const problems = sources.map((source) => expected.foreign(source));
  const [first] = problems;
  const isWhole = areas.length === 0 && problems.every((each) => each?.message.zh === first?.message.zh);
  if (first === undefined || !isWhole) return undefined;
  const { zh, en } = first.message;
  const message = words(`整个文件${zh}，共 ${sources.length} 家`, `the whole file is ${en}: ${sources.length} sources`);
  return { ...first, message, at: { file } };
}

/** Reads and checks one file; what is wrong with it is in the result. */
async function takeFile(
  file: NamedFile,
  expected: RoundExpected,
  { today, second: isSecond }: ImportOptions,
): Promise<Taken> {
  const taken: Taken = {
    ...file,
    sha256: undefined,
    records: [],
    areas: [],
    problems: [],
    faulty: [],
    isForeign: false,
  };
  let filled: FilledFile;
  try {
    filled = await readFilled(file, expected.codesOf);
  } catch (error) {
    if (!(error instanceof ChouqianError)) throw error;
    const { code, words: message, advice, at, problems } = error;
    taken.problems.push(
      ...(problems.length > 0 ? problems : [{ code, message, advice, at: { ...at, file: file.name } }]),
    );
    return taken;
  }
  const foreign = whollyForeign(filled, expected);
  if (foreign !== undefined) {
    taken.problems.push(foreign);
    return { ...taken, sha256: filled.sha256, isForeign: true };
  }
  taken.problems.push(...filled.problems);
  if (filled.sources.length + filled.areas.length + filled.problems.length === 0) {
    const at = { file: file.name };
    taken.problems.push(fault("E-RECORDS-NOTHING", "没有找到核查记录", "no record was found in it", at));
  }
  const about = aboutFile(filled, expected, today);
  for (const source of filled.sources) {
    const found = expected.find(source);
    if ("problem" in found) {
      taken.problems.push(found.problem);
      continue;
    }
    const given = isSecond ? onceMore(found.expected) : found.expected;
    const { record, problems } = checkSource(source, given, about);
    // what is wrong with a whole sheet is told once
    taken.problems.push(...problems.filter((problem) => !taken.problems.includes(problem)));
    if (problems.some(isError)) taken.faulty.push(given.id);
    else if (record !== undefined) taken.records.push(record);
  }
  for (const each of filled.areas) {
    const { area, problems } = checkArea(each, about, expected.teamKeys);
    taken.problems.push(...problems);
    if (area !== undefined) taken.areas.push(area);
  }
  return { ...taken, sha256: filled.sha256 };
}

/**
 * Originals, records and areas, and what later versions took the place of; the journal's line has all that reading the
 * originals once more has to know.
 */
function write(
  round: Round,
  actor: Actor,
  taken: readonly Taken[],
  { records, added, replaced, unsettled }: Merged,
  areas: ReturnType<typeof mergeAreas>,
  about: Pick<ImportOptions, "reason" | "second" | "today"> & { readonly manifestDigest: string },
): void {
  const inUse = new Set([...records, ...areas.areas].map(({ source }) => source.sha256));
  const files = taken.flatMap(({ path, name, sha256 }) =>
    sha256 !== undefined && inUse.has(sha256) ? [{ path, file: name, sha256 }] : [],
  );
  for (const { path, file, sha256 } of files) {
    const kept = originalPath(round, { file, sha256 });
    if (existsSync(kept)) continue;
    const bytes = readFileSync(path);
    if (digest(bytes) !== sha256) throw changedWhileRead(file);
    writeFileAtomically(kept, bytes);
  }
  writeRecords(round, actor, "records.imported", records, areas.areas, {
    manifestDigest: about.manifestDigest,
    today: about.today,
    second: about.second,
    files: files.map(({ file, sha256 }) => ({ file, sha256 })),
    units: added.map(({ unit }) => unit).sort(),
    areas: [...new Set(areas.added.map(({ area }) => area))].sort(),
    replaced: replaced.map(({ before, after: { unit, visit }, changes }) => ({
      unit,
      visit: visit ?? null,
      cells: changes.length,
      before: digest(recordsText([before])),
    })),
    ...keptBefore(round, about.reason, [...replaced.map(({ before }) => before), ...unsettled], areas.replaced),
  });
}

/** Keeps the lines that were replaced, each whose judgement fell with them, and says why. */
function keptBefore(
  round: Round,
  reason: string | undefined,
  records: readonly SourceRecord[],
  areas: readonly { readonly before: AreaCheck }[],
): { readonly [key: string]: JsonValue } {
  if (reason === undefined || records.length + areas.length === 0) return {};
  const before = areas.map((each) => each.before);
  return {
    reason,
    ...(records.length === 0 ? {} : { replacedDigest: keepLines(round, recordsText(records), replacedPath).digest }),
    ...(areas.length === 0
      ? {}
      : {
          replacedAreas: before.map((each) => ({ area: each.area, before: digest(areasText([each])) })),
          replacedAreasDigest: keepLines(round, areasText(before), replacedPath).digest,
        }),
  };
}
