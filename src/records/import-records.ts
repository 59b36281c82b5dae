/** The edge of the records step: filled forms are read, checked and taken, or go back with the faults marked. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeFileAtomically } from "../round/files.ts";
import { type Actor, type Round, recordEvent, withRoundLock } from "../round/round.ts";
import { digest } from "../text/canonical.ts";
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
import type { AreaCheck } from "./record.ts";
import { type ReturnedFile, returnWorkbook } from "./return-workbook.ts";
import { originalPath, readStanding, writeRecords } from "./store.ts";
import { refusalOf, refuseAreas, refuseMerged, type Taken, withoutTwins } from "./taken.ts";

export interface ImportOptions extends MergeOptions {
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
    const refusal = refusalOf(problems, options.acceptGood, merged.added.length + merged.replaced.length);
    const returned = await writeReturned(round, actor, taken, expected, refusal !== undefined);
    const isTaken = refusal === undefined || options.acceptGood;
    const changed =
      merged.added.length + merged.replaced.length + areas.added > 0 || areasChanged(areas, standing.areas);
    if (isTaken && changed) write(round, actor, taken, merged, areas.areas, expected.manifestDigest);
    return {
      files: files.length,
      passedOver,
      added: isTaken ? merged.added.map(({ unit }) => unit) : [],
      unchanged: merged.unchanged.length,
      replaced: isTaken ? merged.replaced : [],
      unsettled: isTaken ? merged.unsettled : [],
      areas: isTaken ? areas.added : 0,
      warnings: problems.filter((problem) => !isError(problem)),
      refusal,
      conflicts: merged.conflicts,
      returned,
      nameOf: expected.nameOf,
    };
  });
}

function areasChanged({ areas }: { areas: readonly AreaCheck[] }, before: readonly AreaCheck[]): boolean {
  return areas.some((area, i) => before[i] !== undefined && area !== before[i]);
}

/** Reads and checks one file; what is wrong with it is in the result. */
async function takeFile(
  file: NamedFile,
  expected: RoundExpected,
  { today, second: isSecond }: ImportOptions,
): Promise<Taken> {
  const taken: Taken = { ...file, sha256: undefined, records: [], areas: [], problems: [], faulty: [] };
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

/** A file once more: its sheets are not held while the others are read. */
async function readAgain(file: Taken, expected: RoundExpected): Promise<ReturnedFile> {
  const { name, path, sha256 } = file;
  if (sha256 === undefined) return { name, bytes: new Uint8Array(), sheets: [] };
  const { sheets } = await readFilled(file, expected.codesOf);
  const bytes = readFileSync(path);
  if (digest(bytes) !== sha256) throw changedWhileRead(name);
  return { name, bytes, sheets };
}

/** Writes a workbook for each file with faults, and takes away what an earlier import wrote for a file that has none now. */
async function writeReturned(
  round: Round,
  actor: Actor,
  taken: readonly Taken[],
  expected: RoundExpected,
  isRefused: boolean,
): Promise<string[]> {
  const folder = dirname(round.paths.records);
  const written: string[] = [];
  const used = new Set<string>();
  for (const each of taken) {
    const { name, problems } = each;
    const file = returnedName(name, used);
    const path = join(folder, file);
    if (!problems.some(isError)) {
      if (existsSync(path)) rmSync(path);
      continue;
    }
    writeFileAtomically(path, await returnWorkbook(await readAgain(each, expected), problems));
    written.push(`records/${file}`);
  }
  if (isRefused) {
    const units = [...new Set(taken.flatMap(({ faulty }) => faulty))].sort();
    recordEvent(round, actor, "records.returned", { units, files: taken.flatMap(digestOf) });
  }
  return written;
}

/** `退回_<file>.xlsx`, whatever folder the file lies in; a number keeps files of one name apart. */
function returnedName(file: string, used: Set<string>): string {
  const plain = file
    .replace(/^.*\//, "")
    .replace(/^(退回_)+/, "")
    .replace(/\.xlsx$/i, "");
  let name = plain;
  for (let i = 2; used.has(name); i++) name = `${plain} ${i}`;
  used.add(name);
  return `退回_${name}.xlsx`;
}

function digestOf({ name, sha256, problems }: Taken): { file: string; sha256: string }[] {
  return sha256 === undefined || !problems.some(isError) ? [] : [{ file: name, sha256 }];
}

function changedWhileRead(file: string): ChouqianError {
  return new ChouqianError("E-RECORDS-CHANGING", {
    message: words("文件在读取时被改动", "the file was changed while it was read"),
    advice: words("关闭正在编辑它的程序，再导入一次", "close the program that holds it and import again"),
    at: { file },
  });
}

function write(
  round: Round,
  actor: Actor,
  taken: readonly Taken[],
  { records, added, replaced }: Merged,
  areas: readonly AreaCheck[],
  manifestDigest: string,
): void {
  const inUse = new Set([...records, ...areas].map(({ source }) => source.sha256));
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
  writeRecords(round, actor, "records.imported", records, areas, {
    manifestDigest,
    files: files.map(({ file, sha256 }) => ({ file, sha256 })),
    units: added.map(({ unit }) => unit).sort(),
    replaced: replaced.map(({ after: { unit, visit }, changes }) => ({
      unit,
      visit: visit ?? null,
      cells: changes.length,
    })),
  });
}
