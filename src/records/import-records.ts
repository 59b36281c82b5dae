/** The edge of the records step: filled forms are read, checked and taken, or go back with the faults marked. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { writeFileAtomically } from "../round/files.ts";
import { type Actor, type Round, recordEvent, withRoundLock } from "../round/round.ts";
import { canonicalJson, digest, type JsonValue } from "../text/canonical.ts";
import { ChouqianError, type Problem } from "../text/errors.ts";
import type { Progress } from "../text/progress.ts";
import { words } from "../text/words.ts";
import { checkArea, mergeAreas } from "./area.ts";
import { checkSource } from "./check.ts";
import { type RoundExpected, readExpected } from "./expected.ts";
import { adviceOf, fault, isError } from "./faults.ts";
import type { FilledFile } from "./filled.ts";
import { type MergeOptions, mergeRecords, type Versions } from "./merge.ts";
import { filesOf, type NamedFile, readFilled } from "./read-file.ts";
import type { AreaCheck, SourceRecord } from "./record.ts";
import { returnWorkbook } from "./return-workbook.ts";
import { originalPath, readStanding, writeRecords } from "./store.ts";

export interface ImportOptions extends MergeOptions {
  /** Whether sources without fault are taken where others have some. */
  readonly acceptGood: boolean;
}

export interface Imported {
  readonly files: number;
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
}

/** What came of one file. */
interface Taken extends NamedFile {
  readonly filled: FilledFile | undefined;
  readonly records: SourceRecord[];
  readonly areas: AreaCheck[];
  readonly problems: Problem[];
  /** Units of sources that have faults. */
  readonly faulty: string[];
}

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
    const files = filesOf(paths);
    const expected = await readExpected(round);
    const standing = readStanding(round, expected.manifest);
    const taken: Taken[] = [];
    for (const [index, file] of files.entries()) {
      taken.push(await takeFile(file, expected, options.second));
      progress(words("读取核查记录", "reading records"), index + 1, files.length);
    }
    const records = withoutTwins(taken);
    const merged = mergeRecords(standing.records, records, options);
    const areas = mergeAreas(
      standing.areas,
      taken.flatMap((file) => file.areas),
      options.replace,
    );
    refuseMerged(taken, merged);
    refuseAreas(taken, areas.conflicts);
    const problems = taken.flatMap((file) => file.problems);
    const refusal = refusalOf(problems, options.acceptGood, merged.added.length + merged.replaced.length);
    const returned = await writeReturned(round, actor, taken, refusal !== undefined);
    const isTaken = refusal === undefined || options.acceptGood;
    const changed =
      merged.added.length + merged.replaced.length + areas.added > 0 || areasChanged(areas, standing.areas);
    if (isTaken && changed) write(round, actor, taken, merged, areas.areas, expected.manifestDigest);
    return {
      files: files.length,
      added: isTaken ? merged.added.map(({ unit }) => unit) : [],
      unchanged: merged.unchanged.length,
      replaced: isTaken ? merged.replaced : [],
      unsettled: isTaken ? merged.unsettled : [],
      areas: isTaken ? areas.added : 0,
      warnings: problems.filter((problem) => !isError(problem)),
      refusal,
      conflicts: merged.conflicts,
      returned,
    };
  });
}

function areasChanged({ areas }: { areas: readonly AreaCheck[] }, before: readonly AreaCheck[]): boolean {
  return areas.some((area, i) => before[i] !== undefined && area !== before[i]);
}

/** Reads and checks one file; what is wrong with it is in the result. */
async function takeFile(file: NamedFile, expected: RoundExpected, isSecond: boolean): Promise<Taken> {
  const taken: Taken = { ...file, filled: undefined, records: [], areas: [], problems: [], faulty: [] };
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
  if (filled.sources.length === 0 && filled.areas.length === 0) {
    const at = { file: file.name };
    taken.problems.push(fault("E-RECORDS-NOTHING", "没有找到核查记录", "no record was found in it", at));
  }
  const { manifest, manifestDigest } = expected;
  const about = { roundId: manifest.roundId, manifestDigest, file: filled.file, sha256: filled.sha256 };
  for (const source of filled.sources) {
    const found = expected.find(source);
    if ("problem" in found) {
      taken.problems.push(found.problem);
      continue;
    }
    // a second entry is another team's than the one that the source was given to
    const given = isSecond ? { ...found.expected, team: "" } : found.expected;
    const { record, problems } = checkSource(source, given, about);
    taken.problems.push(...problems);
    if (problems.some(isError)) taken.faulty.push(given.id);
    else if (record !== undefined) taken.records.push(record);
  }
  for (const each of filled.areas) {
    const { area, problems } = checkArea(each, about);
    taken.problems.push(...problems);
    if (area !== undefined) taken.areas.push(area);
  }
  return { ...taken, filled };
}

/** One record of each unit; a unit that stands twice with different contents is refused in both places. */
function withoutTwins(taken: readonly Taken[]): SourceRecord[] {
  const first = new Map<string, { readonly record: SourceRecord; readonly file: Taken }>();
  const torn = new Set<string>();
  for (const file of taken) {
    for (const record of file.records) {
      const other = first.get(record.unit);
      if (other === undefined) {
        first.set(record.unit, { record, file });
        continue;
      }
      if (sameContent(other.record, record)) continue;
      torn.add(record.unit);
      refuse(file, record, fault("E-RECORDS-TWICE", ...twice(record, other.record), placeOf(record)));
      refuse(other.file, other.record, fault("E-RECORDS-TWICE", ...twice(other.record, record), placeOf(other.record)));
    }
  }
  return [...first.values()].map(({ record }) => record).filter(({ unit }) => !torn.has(unit));
}

function twice({ unit }: SourceRecord, { source }: SourceRecord): [zh: string, en: string] {
  const place = [source.file, source.sheet].filter((part) => part !== undefined).join("，");
  return [`${unit} 还在另一处：${place}`, `${unit} stands elsewhere too: ${place}`];
}

function sameContent(a: SourceRecord, b: SourceRecord): boolean {
  const content = ({ source: _, ...rest }: SourceRecord) => canonicalJson(rest as unknown as JsonValue);
  return content(a) === content(b);
}

function placeOf({ source: { file, sheet }, unit }: SourceRecord) {
  return { file, sheet, value: unit };
}

function refuse(file: Taken | undefined, { unit }: SourceRecord, problem: Problem): void {
  file?.problems.push(problem);
  file?.faulty.push(unit);
}

/** Tells what could not be set beside the records that are there. */
function refuseMerged(taken: readonly Taken[], merged: ReturnType<typeof mergeRecords>): void {
  const fileOf = (record: SourceRecord) =>
    taken.find(({ records }) => records.some(({ unit, source }) => unit === record.unit && source === record.source));
  for (const { before, after, changes } of merged.conflicts) {
    const { file, sheet } = before.source;
    const where = [file, sheet].filter((part) => part !== undefined).join("，");
    const zh = `${after.unit} 已有记录（${where}），有 ${changes.length} 个单元格不同`;
    const en = `${after.unit} is recorded already (${where}); ${changes.length} cells differ`;
    refuse(fileOf(after), after, fault("E-RECORDS-EXISTS", zh, en, placeOf(after)));
  }
  for (const record of merged.withoutFirst) {
    const { unit } = record;
    const problem = fault(
      "E-RECORDS-NO-FIRST",
      `${unit} 还没有第一次记录`,
      `${unit} has no first record`,
      placeOf(record),
    );
    refuse(fileOf(record), record, problem);
  }
  for (const record of merged.sameTeam) {
    const { unit, team } = record;
    const zh = `${unit} 的第一次记录也是${team}的`;
    refuse(fileOf(record), record, fault("E-RECORDS-SAME-TEAM", zh, `${unit}: both are by ${team}`, placeOf(record)));
  }
}

function refuseAreas(taken: readonly Taken[], conflicts: readonly AreaCheck[]): void {
  for (const area of conflicts) {
    const file = taken.find(({ areas }) => areas.includes(area));
    const at = { file: area.source.file, sheet: area.source.sheet, value: area.area };
    const problem = fault(
      "E-RECORDS-AREA-EXISTS",
      `小区 ${area.area} 已有记录`,
      `${area.area} is recorded already`,
      at,
    );
    file?.problems.push(problem);
  }
}

function refusalOf(problems: readonly Problem[], acceptGood: boolean, good: number): ChouqianError | undefined {
  const errors = problems.filter(isError);
  if (errors.length === 0) return undefined;
  const rest = acceptGood
    ? words(`有错误的没有收，其余 ${good} 家已收`, `nothing of what is faulty was taken; ${good} others were`)
    : words("一家也没有收", "nothing was taken");
  return new ChouqianError("E-RECORDS-REFUSED", {
    message: words(
      `核查记录有 ${errors.length} 处错误，${rest.zh}`,
      `${errors.length} faults in the records; ${rest.en}`,
    ),
    advice: acceptGood
      ? adviceOf("E-RECORDS-VALUE")
      : words(
          "把 records/退回_….xlsx 发回改正；只收没有错误的单位：加 --accept-good",
          "send records/退回_….xlsx back; --accept-good takes the sources without fault",
        ),
    problems,
  });
}

/** Writes a workbook for each file with faults, and takes away what an earlier import wrote for a file that has none now. */
async function writeReturned(
  round: Round,
  actor: Actor,
  taken: readonly Taken[],
  isRefused: boolean,
): Promise<string[]> {
  const folder = dirname(round.paths.records);
  const written: string[] = [];
  for (const { name, filled, problems } of taken) {
    const path = join(folder, `退回_${name.replaceAll("/", "_").replace(/\.[^.]*$/, "")}.xlsx`);
    if (!problems.some(isError)) {
      if (existsSync(path)) rmSync(path);
      continue;
    }
    writeFileAtomically(path, await returnWorkbook(name, filled?.sheets ?? [], problems));
    written.push(`records/${basename(path)}`);
  }
  if (isRefused) {
    const units = [...new Set(taken.flatMap(({ faulty }) => faulty))].sort();
    recordEvent(round, actor, "records.returned", { units, files: taken.flatMap(digestOf) });
  }
  return written;
}

function digestOf({ name, filled, problems }: Taken): { file: string; sha256: string }[] {
  return filled === undefined || !problems.some(isError) ? [] : [{ file: name, sha256: filled.sha256 }];
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
  { records, added, replaced }: ReturnType<typeof mergeRecords>,
  areas: readonly AreaCheck[],
  manifestDigest: string,
): void {
  const inUse = new Set([...records, ...areas].map(({ source }) => source.sha256));
  const files = taken.flatMap(({ path, name, filled }) =>
    filled !== undefined && inUse.has(filled.sha256) ? [{ path, file: name, sha256: filled.sha256 }] : [],
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
