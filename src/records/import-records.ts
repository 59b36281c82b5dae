/** The edge of the records step: filled forms are read, checked and taken, or go back with the faults marked. */
import { existsSync, readFileSync } from "node:fs";
import { writeFileAtomically } from "../round/files.ts";
import { type Actor, type Round, withRoundLock } from "../round/round.ts";
import { digest } from "../text/canonical.ts";
import type { ChouqianError, Problem } from "../text/errors.ts";
import type { Progress } from "../text/progress.ts";
import { words } from "../text/words.ts";
import { mergeAreas } from "./area.ts";
import { readExpected } from "./expected.ts";
import { isError } from "./faults.ts";
import { type Merged, mergeRecords, type Versions } from "./merge.ts";
import { filesOf } from "./read-file.ts";
import { changedWhileRead, sendBack, takeAway } from "./sent-back.ts";
import { keepLines, originalPath, readStanding, reasonOf, replacedPath, writeRecords } from "./store.ts";
import { type ImportOptions, takeFile } from "./take-file.ts";
import { isTorn, refusalOf, refuseAreas, refuseMerged, type Taken, withoutAreaTwins, withoutTwins } from "./taken.ts";
import { linesBefore, toldOf } from "./told.ts";

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
    const areas = mergeAreas(standing.areas, withoutAreaTwins(taken), options.replace);
    refuseMerged(taken, merged, expected.nameOf);
    refuseAreas(taken, areas.conflicts);
    const problems = taken.flatMap((file) => file.problems);
    const returned = await sendBack(round, actor, taken, expected, options.second);
    const refusal = refusalOf(taken, options.acceptGood, merged.added.length + merged.replaced.length, returned);
    const isTaken = refusal === undefined || options.acceptGood;
    const changed = [merged.added, merged.replaced, areas.added, areas.replaced].some(({ length }) => length > 0);
    const { manifestDigest } = expected;
    if (isTaken && changed) write(round, actor, taken, merged, areas, { ...options, reason, manifestDigest });
    if (isTaken) {
      const unchanged = new Set(merged.unchanged.map(({ unit }) => unit));
      takeAway(round, taken, merged.records, unchanged, expected, returned);
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

/**
 * Originals, records and areas, and what later versions took the place of; the journal's line has all that reading the
 * originals once more has to know.
 */
function write(
  round: Round,
  actor: Actor,
  taken: readonly Taken[],
  merged: Merged,
  areas: ReturnType<typeof mergeAreas>,
  about: ImportOptions & { readonly manifestDigest: string },
): void {
  const { reason, acceptGood, replace, second, today, manifestDigest } = about;
  const inUse = new Set([...merged.records, ...areas.areas].map(({ source }) => source.sha256));
  // Two forms that contradict each other are kept as well: without them it could not be told why neither was taken.
  const files = taken.flatMap((file) =>
    file.sha256 !== undefined && (inUse.has(file.sha256) || isTorn(file))
      ? [{ path: file.path, file: file.name, sha256: file.sha256 }]
      : [],
  );
  for (const { path, file, sha256 } of files) {
    const kept = originalPath(round, { file, sha256 });
    if (existsSync(kept)) continue;
    const bytes = readFileSync(path);
    if (digest(bytes) !== sha256) throw changedWhileRead(file);
    writeFileAtomically(kept, bytes);
  }
  if (reason !== undefined) {
    const before = linesBefore(merged, areas);
    for (const text of [before.records, before.areas]) if (text !== "") keepLines(round, text, replacedPath);
  }
  writeRecords(round, actor, "records.imported", merged.records, areas.areas, {
    manifestDigest,
    asked: { acceptGood, replace, second, today },
    files: files.map(({ file, sha256 }) => ({ file, sha256 })),
    ...toldOf(merged, areas, reason),
  });
}
