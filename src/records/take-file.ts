/** Reads one file of filled forms and checks all that it holds against what the round expects. */
import { ChouqianError, type Problem } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { aboutFile } from "./about-file.ts";
import { checkArea } from "./area.ts";
import { checkSource, onceMore } from "./check.ts";
import type { RoundExpected } from "./expected.ts";
import { fault, isError } from "./faults.ts";
import type { FilledFile } from "./filled.ts";
import type { MergeOptions } from "./merge.ts";
import { type NamedFile, readFilled } from "./read-file.ts";
import type { Taken } from "./taken.ts";

export interface ImportOptions extends MergeOptions {
  /** Why later versions take the place of what is there: needed with `replace`. */
  readonly reason: string | undefined;
  /** Whether sources without fault are taken where others have some. */
  readonly acceptGood: boolean;
  /** The day by the clock of who imports, as `2019-10-08`: no visit is later. */
  readonly today: string;
}

/** Reads and checks one file; what is wrong with it is in the result. */
export async function takeFile(
  file: NamedFile,
  expected: RoundExpected,
  { today, second: isSecond }: Pick<ImportOptions, "today" | "second">,
): Promise<Taken> {
  let taken: Taken = {
    ...file,
    sha256: undefined,
    units: [],
    hasAreas: false,
    records: [],
    areas: [],
    problems: [],
    faulty: [],
    warned: new Map(),
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
  const warned = new Map<string, readonly Problem[]>();
  taken = {
    ...taken,
    warned,
    sha256: filled.sha256,
    units: filled.sources.map(({ unit }) => unit),
    hasAreas: filled.areas.length > 0,
  };
  const foreign = whollyForeign(filled, expected);
  if (foreign !== undefined) {
    taken.problems.push(foreign);
    return { ...taken, isForeign: true };
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
    warned.set(
      given.id,
      problems.filter((problem) => !isError(problem)),
    );
    if (problems.some(isError)) taken.faulty.push(given.id);
    else if (record !== undefined) taken.records.push(record);
  }
  for (const each of filled.areas) {
    const { area, problems } = checkArea(each, about, expected);
    taken.problems.push(...problems);
    if (area !== undefined) taken.areas.push(area);
  }
  return taken;
}

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
