/** `records/退回_….xlsx`: workbooks that go back to be corrected, and that are taken away when what was wrong has come in. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { writeFileAtomically } from "../round/files.ts";
import { type Actor, journalOf, type Round, recordEvent } from "../round/round.ts";
import { digest } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import { words } from "../text/words.ts";
import type { RoundExpected } from "./expected.ts";
import { isError } from "./faults.ts";
import { readFilled } from "./read-file.ts";
import type { SourceRecord } from "./record.ts";
import { type ReturnedFile, returnWorkbook } from "./return-workbook.ts";
import { unitsTouched } from "./store.ts";
import type { Taken } from "./taken.ts";

/** A workbook that lies in `records/` to be corrected. */
export interface SentBack {
  /** Its name in `records/`. */
  readonly file: string;
  /** The file that it was made of. */
  readonly of: string;
  /** Units with faults in it that have not come in since. */
  readonly units: readonly string[];
  /** Whether there were any when it went back. */
  readonly hadUnits: boolean;
  /** Whether it was a second entry, which only a second record of its units answers. */
  readonly second: boolean;
  /** What it holds: nobody knows whose records, checks of census areas, or forms (of units that are not in the sample at least). */
  readonly kind: Kind;
}
type Kind = "unknown" | "areas" | "forms";

/**
 * Writes a workbook for each file with faults that can be corrected, and tells the journal of all that have some.
 * @returns the workbooks, from the round's folder
 * @throws ChouqianError E-RECORDS-CHANGING
 */
export async function sendBack(
  round: Round,
  actor: Actor,
  taken: readonly Taken[],
  expected: RoundExpected,
  second: boolean,
): Promise<string[]> {
  const returned: { file: string; of: string; units: string[]; second: boolean; kind: Kind }[] = [];
  for (const [file, each] of namesOf(taken)) {
    const { name, problems, faulty, isForeign } = each;
    const path = pathOf(round, file);
    if (isForeign) rmSync(path, { force: true });
    if (isForeign || !problems.some(isError)) continue;
    writeFileAtomically(path, await returnWorkbook(await readAgain(each, expected), problems));
    returned.push({ file, of: name, units: [...new Set(faulty)].sort(), second, kind: kindOf(each) });
  }
  const files = taken.filter(({ problems }) => problems.some(isError));
  if (files.length > 0) {
    const units = [...new Set(files.flatMap(({ faulty }) => faulty))].sort();
    recordEvent(round, actor, "records.returned", { units, files: files.flatMap(digestOf), returned });
  }
  return returned.map(({ file }) => `records/${file}`);
}

function kindOf({ units, hasAreas }: Taken): Kind {
  if (units.some((unit) => unit !== "")) return "forms";
  return hasAreas ? "areas" : "unknown";
}

/** The workbooks that lie there, by what the journal says of each. */
export function sentBack(round: Round): SentBack[] {
  const found = new Map<string, SentBack>();
  for (const entry of journalOf(round).entries) {
    const { event, about } = entry;
    if (event === "records.returned") {
      for (const each of (about.returned ?? []) as unknown as readonly Omit<SentBack, "hadUnits">[]) {
        found.set(each.file, { ...each, hadUnits: each.units.length > 0 });
      }
    }
    // A record came in.
    const came = new Set(event === "records.imported" || event === "records.settled" ? unitsTouched(entry) : []);
    if (came.size === 0) continue;
    for (const [file, each] of found) found.set(file, { ...each, units: each.units.filter((unit) => !came.has(unit)) });
  }
  return [...found.values()].filter(({ file }) => existsSync(pathOf(round, file)));
}

/**
 * Takes away the workbooks of which nothing is left to be corrected: of a file that came in without fault, or all of whose
 * faulty sources are recorded or left the sample. One that was written just now stays until its sources come in.
 * @param records as they stand now
 * @param unchanged units that came in as they stand already
 * @param written workbooks of this import, from the round's folder
 */
export function takeAway(
  round: Round,
  taken: readonly Taken[],
  records: readonly SourceRecord[],
  unchanged: ReadonlySet<string>,
  expected: RoundExpected,
  written: readonly string[],
): void {
  const good = taken.filter(({ problems }) => !problems.some(isError));
  for (const [file, each] of namesOf(taken)) if (good.includes(each)) rmSync(pathOf(round, file), { force: true });
  const stems = new Set(good.map(({ name }) => stemOf(name)));
  const due = new Set(expected.sources.map(({ id }) => id));
  const recorded = { first: unitsOf(records, false), second: unitsOf(records, true) };
  for (const { file, of, units, second, hadUnits } of sentBack(round)) {
    const isNew = written.includes(`records/${file}`);
    const stands = second ? recorded.second : recorded.first;
    const isSettled = (unit: string) => unchanged.has(unit) || !due.has(unit) || (!isNew && stands.has(unit));
    const isDone = hadUnits ? units.every(isSettled) : stems.has(stemOf(of));
    if (isDone) rmSync(pathOf(round, file));
  }
}

function unitsOf(records: readonly SourceRecord[], isSecond: boolean): ReadonlySet<string> {
  return new Set(records.filter(({ visit }) => (visit === "second") === isSecond).map(({ unit }) => unit));
}

function pathOf(round: Round, file: string): string {
  return join(dirname(round.paths.records), file);
}

/**
 * `退回_<file>.xlsx` of each file, whatever folder it lies in; a number keeps files of one name apart, and of an overlong name
 * the beginning of its digest.
 */
function namesOf(taken: readonly Taken[]): [file: string, of: Taken][] {
  const used = new Set<string>();
  return taken.map((each) => {
    const plain = shortName(plainName(each.name).replace(/\.xlsx$/i, ""));
    let name = plain;
    for (let i = 2; used.has(name); i++) name = `${plain} ${i}`;
    used.add(name);
    return [`退回_${name}.xlsx`, each];
  });
}

/** Bytes of a name: file systems take 255, some of which stand around it while it is written. */
const MOST_BYTES = 200;

/** A name that any disk takes, the same for the same one: what is too long keeps its beginning and its ending. */
function shortName(name: string): string {
  if (Buffer.byteLength(name) <= MOST_BYTES) return name;
  const ending = /\.[a-z]{3,4}$/i.exec(name)?.[0] ?? "";
  const tail = `…${digest(name).slice(0, 8)}${ending}`;
  let room = MOST_BYTES - Buffer.byteLength(tail);
  const start: string[] = [];
  for (const { segment } of new Intl.Segmenter("zh").segment(name)) {
    room -= Buffer.byteLength(segment);
    if (room < 0) break;
    start.push(segment);
  }
  return `${start.join("").trimEnd()}${tail}`;
}

function plainName(file: string): string {
  return file.replace(/^.*\//, "").replace(/^(退回_)+/, "");
}

/** The name without its ending: `回收.ods` comes again as `回收.xlsx`. */
function stemOf(file: string): string {
  const name = plainName(file);
  return name.slice(0, name.length - extname(name).length);
}

function digestOf({ name, sha256 }: Taken): { file: string; sha256: string }[] {
  return sha256 === undefined ? [] : [{ file: name, sha256 }];
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

export function changedWhileRead(file: string): ChouqianError {
  return new ChouqianError("E-RECORDS-CHANGING", {
    message: words("文件在读取时被改动", "the file was changed while it was read"),
    advice: words("关闭正在编辑它的程序，再导入一次", "close the program that holds it and import again"),
    at: { file },
  });
}
