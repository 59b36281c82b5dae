/** Settles a source that was entered twice: by one of the two records, or by a third. */
import { existsSync, readFileSync } from "node:fs";
import { writeFileAtomically } from "../round/files.ts";
import { type Actor, type Round, withRoundLock } from "../round/round.ts";
import { canonicalCode } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Words, words } from "../text/words.ts";
import { aboutFile } from "./about-file.ts";
import { type Pair, pairsIn } from "./agreement.ts";
import { type Checked, checkSource, onceMore } from "./check.ts";
import { type RoundExpected, readExpected } from "./expected.ts";
import { isError, unitFault } from "./faults.ts";
import type { FilledFile, FilledSource } from "./filled.ts";
import { dependenceInWords, dependenceOf } from "./independent.ts";
import { filesOf, readFilled } from "./read-file.ts";
import type { SourceRecord } from "./record.ts";
import { originalPath, readStanding, writeRecords } from "./store.ts";
import { sameContent, twice } from "./taken.ts";

/**
 * Settles a source. The settled record goes before both others in the evaluation; they stay.
 * @param use `first`, `second`, or a file that holds a third record of the source
 * @param today as in `ImportOptions`
 * @throws ChouqianError E-RECORDS-NOT-TWICE, E-RECORDS-NO-THIRD, E-RECORDS-REFUSED with all that is wrong with the third
 */
export function settleSource(
  round: Round,
  actor: Actor,
  asked: string,
  use: string,
  today: string,
): Promise<SourceRecord> {
  return withRoundLock(round.folder, async () => {
    const unit = canonicalCode(asked);
    const expected = await readExpected(round);
    const standing = readStanding(round, expected.manifest);
    const pair = pairsIn(standing.records).find((each) => each.unit === unit);
    if (pair === undefined) {
      throw refusal(
        "E-RECORDS-NOT-TWICE",
        words(`${unit} 没有两次记录，无须裁定`, `${unit} was not entered twice`),
        words("查看有哪些：chouqian -C 轮次 records compare", "see chouqian -C ROUND records compare"),
      );
    }
    const chosen =
      use === "first"
        ? pair.first
        : use === "second"
          ? pair.second
          : await thirdRecord(round, expected, pair, use, today);
    const { records, settled } = settledBy(standing.records, chosen);
    writeRecords(round, actor, "records.settled", records, standing.areas, {
      unit,
      use: use === "first" || use === "second" ? use : "third",
      today,
      source: { file: settled.source.file, sha256: settled.source.sha256 },
    });
    return settled;
  });
}

/** Records with a source settled by one of its two, or by a third. Pure. */
export function settledBy(
  records: readonly SourceRecord[],
  chosen: SourceRecord,
): { readonly records: readonly SourceRecord[]; readonly settled: SourceRecord } {
  const settled: SourceRecord = { ...chosen, visit: "settled" };
  const others = records.filter((each) => each.unit !== chosen.unit || each.visit !== "settled");
  return { records: [...others, settled], settled };
}

async function thirdRecord(
  round: Round,
  expected: RoundExpected,
  pair: Pair,
  path: string,
  today: string,
): Promise<SourceRecord> {
  const thirds: { readonly path: string; readonly third: Checked }[] = [];
  for (const file of filesOf([path]).files) {
    const filled = await readFilled(file, expected.codesOf);
    const third = thirdIn(filled, pair, expected, today);
    if (third !== undefined) thirds.push({ path: file.path, third });
  }
  if (thirds.length === 0) {
    throw refusal(
      "E-RECORDS-NO-THIRD",
      words(`文件里没有 ${pair.unit} 的记录`, `there is no record of ${pair.unit} in it`),
      words("--use 写 first、second，或第三份记录的文件名", "--use first, second, or the file of a third record"),
    );
  }
  const { record, problems } = onlyOne(
    thirds.map(({ third }) => third),
    expected,
  );
  if (record === undefined || problems.some(isError)) throw refused(problems);
  const from = thirds.find(({ third }) => third.record === record)?.path ?? path;
  const kept = originalPath(round, record.source);
  if (!existsSync(kept)) writeFileAtomically(kept, readFileSync(from));
  return record;
}

/** What several forms of one source come to: a record where they say the same; the forms that are blank say nothing. */
function onlyOne(forms: readonly Checked[], { nameOf }: RoundExpected): Checked {
  const records = forms.flatMap(({ record }) => record ?? []);
  const problems = forms.flatMap((each) => each.problems);
  const [first] = records;
  const other = first && records.find((each) => !sameContent(first, each));
  if (first === undefined || other === undefined) return { record: first, problems };
  const torn = [first, ...records.filter((each) => !sameContent(first, each))].map((record, i) => {
    const { unit, source } = record;
    const at = { file: source.file, sheet: source.sheet, value: unit };
    return unitFault("E-RECORDS-TWICE", { id: unit, name: nameOf(unit) }, twice(i === 0 ? other : first), at);
  });
  return { record: first, problems: [...problems, ...torn] };
}

/**
 * The third record of a source that a file holds, by neither of the two teams; undefined where it has none of that source. One
 * that stands there twice with different contents is refused as in an import. Pure.
 */
export function thirdIn(filled: FilledFile, pair: Pair, expected: RoundExpected, today: string): Checked | undefined {
  const forms = filled.sources
    .filter(({ unit }) => unit === pair.unit)
    .map((source) => checkThird(source, filled, pair, expected, today));
  return forms.length === 0 ? undefined : onlyOne(forms, expected);
}

function checkThird(
  source: FilledSource,
  filled: FilledFile,
  { first, second }: Pair,
  expected: RoundExpected,
  today: string,
): Checked {
  const found = expected.find(source);
  if ("problem" in found) return { record: undefined, problems: [found.problem] };
  const checked = checkSource(source, onceMore(found.expected), aboutFile(filled, expected, today));
  const dependence = checked.record && dependenceOf(checked.record, [first, second]);
  if (dependence === undefined) return checked;
  const say = (id: string, isPlain: boolean) => dependenceInWords(dependence, id, isPlain);
  return { ...checked, problems: [...checked.problems, unitFault(dependence.code, found.expected, say, source.at)] };
}

function refused(problems: ChouqianError["problems"]): ChouqianError {
  return new ChouqianError("E-RECORDS-REFUSED", {
    message: words("第三份记录有错误，没有收", "the third record is faulty and was not taken"),
    advice: words("改正后再裁定", "correct it and settle again"),
    problems,
  });
}

function refusal(code: string, message: Words, advice: Words): ChouqianError {
  return new ChouqianError(code, { message, advice });
}
