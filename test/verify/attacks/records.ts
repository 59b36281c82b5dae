/** Attacks on what came back: stored records, originals, the journal's lines on them, follow-ups. */
import { cpSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fillFile } from "../../../samples/generator/records.ts";
import { readCurrentSample } from "../../../src/draw/fates.ts";
import { readManifest } from "../../../src/draw/read-manifest.ts";
import { evaluateRound } from "../../../src/evaluate/evaluate-round.ts";
import { drawFollowUp } from "../../../src/evaluate/follow-up-round.ts";
import { dropSource } from "../../../src/records/drop.ts";
import { readExpected } from "../../../src/records/expected.ts";
import { importRecords } from "../../../src/records/import-records.ts";
import { recordsText, type SourceRecord } from "../../../src/records/record.ts";
import { settleSource } from "../../../src/records/settle.ts";
import { replaceUnit, undoReplacement } from "../../../src/replace/replace-round.ts";
import { type JournalEntry, type JournalLine, lastLineOf } from "../../../src/round/journal.ts";
import type { Actor, Round } from "../../../src/round/round.ts";
import { canonicalJson, digest, type JsonValue } from "../../../src/text/canonical.ts";
import { ChouqianError } from "../../../src/text/errors.ts";
import { type Attack, entriesOf, forgeJournal, quietly, type Scene } from "./attack.ts";

const TODAY = "2020-01-15";
const PLAIN = { reason: undefined, replace: false, second: false, acceptGood: false, today: TODAY };

/**
 * Brings in the records of a finished round: one city's as a workbook, the other's as a table; then a later version, a second
 * entry that is settled, a drop, an evaluation and a follow-up.
 */
export async function bringIn(round: Round, actor: Actor, inbox: string): Promise<void> {
  const expected = await readExpected(round);
  const file = join(round.paths.forms, "佛山市", "核查记录表.xlsx");
  const { bytes } = await fillFile(file, expected, 0.1, "1");
  cpSync(round.paths.forms, inbox, { recursive: true });
  const workbook = join(inbox, "佛山市_核查记录表.xlsx");
  writeFileSync(workbook, bytes);
  const own = expected.sources.filter(({ cityName }) => cityName === "汕头市").map(({ id }) => id);
  const table = (name: string, units: readonly string[], outcome: string, team = "") => {
    const path = join(inbox, name);
    const rows = units.map((id) => `${id},,,${outcome},2019-10-08,${team}`);
    writeFileSync(path, `单位代码,指标代码,核查值,核查去向,核查日期,核查组\n${rows.join("\n")}\n`);
    return path;
  };
  const [first = "", second = "", third = ""] = own;
  const bring = (paths: readonly string[], options = {}) =>
    importRecords(round, actor, paths, { ...PLAIN, ...options }, quietly).then(({ refusal }) => {
      if (refusal !== undefined) throw refusal;
    });
  await bring([workbook, table("汕头.csv", own, "拒绝核查", "甲组")]);
  await bring([table("更正.csv", [first], "未找到", "甲组")], { replace: true, reason: "重新核实" });
  await bring([table("复核.csv", [second], "已关停", "乙组")], { second: true });
  await settleSource(round, actor, second, "second", TODAY);
  await dropSource(round, actor, third, { reason: "误收", second: false });
  await evaluateRound(round, actor, quietly);
  const asked = { city: "440600", sourceClass: undefined, number: 1, worst: undefined, reason: "定论不足" };
  await drawFollowUp(round, actor, asked, quietly);
  // What the follow-up answered is changed after it.
  await bring([table("再收.csv", [third], "未找到", "甲组")]);
}

const RECORD_EVENTS = ["records.imported", "records.settled", "records.dropped"];

const linesOf = (round: Round) =>
  readFileSync(round.paths.records, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as SourceRecord);

/** Changes the stored records and writes the journal anew, its last digests following. */
function forged(
  { round }: Scene,
  change: (records: SourceRecord[]) => readonly SourceRecord[],
  lines: (entries: JournalEntry[]) => JournalEntry[] = (entries) => entries,
): void {
  const records = change(linesOf(round));
  writeFileSync(round.paths.records, recordsText(records));
  const entries = lines(entriesOf(round));
  const last = entries.findLastIndex(({ event }) => RECORD_EVENTS.includes(event));
  forgeJournal(
    round,
    entries.map((entry, i) =>
      i === last ? { ...entry, about: { ...entry.about, recordsDigest: digest(recordsText(records)) } } : entry,
    ),
  );
}

const about = (entry: JournalEntry, change: { readonly [key: string]: JsonValue }): JournalEntry => ({
  ...entry,
  about: { ...entry.about, ...change },
});

/** Another evaluation in place of the one that was made, the journal written anew to fit. */
function forgeEvaluation(round: Round, text: string): void {
  writeFileSync(round.paths.evaluation, text);
  forgeJournal(
    round,
    entriesOf(round).map((each) =>
      each.event === "evaluated" ? about(each, { evaluationDigest: digest(text) }) : each,
    ),
  );
}
const originals = (round: Round) => join(round.folder, "records", "originals");
const numberOf = (entries: readonly JournalEntry[], event: string) => entries.findIndex((each) => each.event === event);
const isChecked = ({ outcome }: SourceRecord) => outcome === "checked";

/** A source that refused, drawn and not taken for certain. */
const unwelcome = (round: Round) => {
  const { sample } = readCurrentSample(round);
  const mayLeave = sample.strata.flatMap(({ units }) =>
    units.filter(({ isInSample, role }) => isInSample && role !== "certainty"),
  );
  const refusing = linesOf(round).filter(({ outcome, visit }) => outcome === "refused" && visit === undefined);
  return refusing.find(({ unit }) => mayLeave.some(({ id }) => id === unit))?.unit ?? "";
};

/** Changes one indicator of a source that was checked. */
const inIndicator =
  (change: (each: SourceRecord["indicators"][number]) => SourceRecord["indicators"][number]) => (scene: Scene) =>
    forged(scene, (records) => {
      const at = records.findIndex(isChecked);
      return records.map((record, i) =>
        i === at
          ? { ...record, indicators: record.indicators.map((each, j) => (j === 0 ? change(each) : each)) }
          : record,
      );
    });

export const RECORDS: readonly Attack[] = [
  {
    title: "a value found in the records, the journal written anew",
    becomes: "found",
    by: "records",
    says: "核查值：原表 佛山市_核查记录表.xlsx",
    make: inIndicator((each) => ({ ...each, found: `${each.found}0` })),
  },
  {
    title: "a reported value in the records, the journal written anew",
    becomes: "found",
    by: "records",
    says: "填报值：原表 佛山市_核查记录表.xlsx",
    make: inIndicator((each) => ({ ...each, reported: `${each.reported}0` })),
  },
  {
    title: "a key indicator in the records made an ordinary one, the journal written anew",
    becomes: "found",
    by: "records",
    says: " key：原表 佛山市_核查记录表.xlsx",
    make: inIndicator((each) => ({ ...each, key: !each.key })),
  },
  {
    title: "an indicator left out of the records, the journal written anew",
    becomes: "found",
    by: "records",
    says: "：原表 佛山市_核查记录表.xlsx",
    make: (scene) =>
      forged(scene, (records) =>
        records.map((each) => (isChecked(each) ? { ...each, indicators: each.indicators.slice(1) } : each)),
      ),
  },
  {
    title: "the outcome of a visit in the records, the journal written anew",
    becomes: "found",
    by: "records",
    says: "核查去向：原表 汕头.csv 为“拒绝核查”，records.jsonl 为“已关停，无法全面核查”",
    make: (scene) =>
      forged(scene, (records) => {
        const at = records.findIndex(({ outcome }) => outcome === "refused");
        return records.map((each, i) => (i === at ? { ...each, outcome: "closed" } : each));
      }),
  },
  {
    title: "a record with its words in the journal's line left out, the journal written anew",
    becomes: "found",
    by: "records",
    says: "原表 汕头.csv 里有它的记录",
    make: (scene) => {
      let unit = "";
      forged(
        scene,
        (records) => {
          unit = records.find(({ outcome, visit }) => outcome === "refused" && visit === undefined)?.unit ?? "";
          return records.filter((each) => each.unit !== unit);
        },
        (entries) =>
          entries.map((entry) =>
            entry.event === "records.imported" && Array.isArray(entry.about.units)
              ? about(entry, { units: entry.about.units.filter((each) => each !== unit) })
              : entry,
          ),
      );
    },
  },
  {
    title: "an import left out of the journal with its records, its original left where it was",
    becomes: "found",
    by: "records",
    says: "不是日志所记的",
    make: (scene) =>
      forged(
        scene,
        (records) => records.filter(({ source }) => source.file !== "再收.csv"),
        (entries) =>
          entries.slice(
            0,
            entries.findLastIndex(({ event }) => event === "records.imported"),
          ),
      ),
  },
  {
    title: "a record of a source that was not drawn, the journal written anew",
    becomes: "found",
    by: "records",
    says: "原表里没有",
    make: (scene) =>
      forged(scene, ([first, ...others]) => [
        first as SourceRecord,
        ...others,
        { ...(first as SourceRecord), unit: "9" },
      ]),
  },
  {
    title: "two originals swapped",
    becomes: "found",
    by: "records",
    says: "被改动",
    make: ({ round }) => {
      const [a = "", b = ""] = readdirSync(originals(round))
        .filter((name) => name.endsWith(".csv"))
        .map((name) => join(originals(round), name));
      renameSync(a, `${a}.new`);
      renameSync(b, a);
      renameSync(`${a}.new`, b);
    },
  },
  {
    title: "an original of a version that was replaced gone",
    becomes: "found",
    by: "records",
    says: "的原表 更正.csv 不见了",
    make: ({ round }) => {
      const imports = entriesOf(round).filter(({ event }) => event === "records.imported");
      const files = imports.flatMap((entry) => entry.about.files as unknown as { file: string; sha256: string }[]);
      rmSync(join(originals(round), `${files.find(({ file }) => file === "更正.csv")?.sha256}.csv`));
    },
  },
  {
    title: "a file among the originals that nobody imported",
    becomes: "found",
    by: "records",
    says: "records/originals/0.csv 不是日志所记的",
    make: ({ round }) => writeFileSync(join(originals(round), "0.csv"), "单位代码\n"),
  },
  {
    title: "a file among the dropped records that nobody dropped",
    becomes: "found",
    by: "records",
    says: "records/dropped/0.jsonl 不是日志所记的",
    make: ({ round }) => writeFileSync(join(round.folder, "records", "dropped", "0.jsonl"), ""),
  },
  {
    title: "a source settled by the other team's record, the journal written anew",
    becomes: "found",
    by: "records",
    says: "裁定",
    make: (scene) =>
      forged(
        scene,
        (records) => {
          const settled = records.find(({ visit }) => visit === "settled") as SourceRecord;
          const first = records.find(({ unit, visit }) => unit === settled.unit && visit === "first") as SourceRecord;
          return records.map((each) => (each === settled ? { ...first, visit: "settled" } : each));
        },
        (entries) => entries.map((each) => (each.event === "records.settled" ? about(each, { use: "first" }) : each)),
      ),
  },
  {
    title: "a settlement left out of journal and records, the journal written anew",
    becomes: "found",
    by: "records",
    says: "之后的记录",
    make: (scene) =>
      forged(
        scene,
        (records) => records.filter(({ visit }) => visit !== "settled"),
        (entries) => entries.filter(({ event }) => event !== "records.settled"),
      ),
  },
  {
    title: "a drop left out of the journal, the journal written anew",
    becomes: "found",
    by: "records",
    says: "没有收原表",
    make: (scene) =>
      forged(
        scene,
        (records) => records,
        (entries) => entries.filter(({ event }) => event !== "records.dropped"),
      ),
  },
  {
    title: "a replacement of a record told with fewer cells, the journal written anew",
    becomes: "found",
    by: "records",
    says: "的 replaced 写的是",
    make: (scene) =>
      forged(
        scene,
        (records) => records,
        (entries) =>
          entries.map((entry) => {
            const [first] = (entry.about.replaced ?? []) as unknown as { unit: string; visit: null; cells: number }[];
            return first === undefined ? entry : about(entry, { replaced: [{ ...first, cells: first.cells + 1 }] });
          }),
      ),
  },
  {
    title: "a follow-up told of another number, its records changed since, the journal written anew",
    becomes: "found",
    by: "follow-up",
    says: "按规则应补充 1 家，记录的是 2 家",
    make: ({ round }) => {
      const entries = entriesOf(round);
      const at = numberOf(entries, "followup.drawn");
      const { strata: told } = (entries[at] as JournalEntry).about;
      const [first, ...others] = told as unknown as [{ stratum: string; units: string[] }];
      const ranking = readManifest(round)
        .strata.find(({ key }) => key === first.stratum)
        ?.units.map(({ id }) => id);
      const next = ranking?.[ranking.indexOf(first.units.at(-1) ?? "") + 1] ?? "";
      const more = { ...first, units: [...first.units, next] };
      const strata = [more, ...others] as unknown as JsonValue;
      forgeJournal(
        round,
        entries.map((entry, i) => (i === at ? about(entry, { strata }) : entry)),
      );
    },
  },
  {
    title: "a follow-up told to answer another evaluation, the journal written anew",
    becomes: "found",
    by: "follow-up",
    says: "所答的评定",
    make: ({ round }) =>
      forgeJournal(
        round,
        entriesOf(round).map((each) =>
          each.event === "followup.drawn" ? about(each, { figuresDigest: "0".repeat(64) }) : each,
        ),
      ),
  },
  {
    title: "an unwelcome record got rid of by replacing its unit",
    becomes: "refused",
    by: "E-REPLACE-RECORDED",
    make: ({ round, actor }) => {
      const asked = { unit: unwelcome(round), reason: "不存在", evidence: ["注销证明"] };
      return replaceUnit(round, actor, asked, quietly);
    },
  },
  {
    title: "an unwelcome record dropped, and its unit replaced as one that has none",
    becomes: "refused",
    by: "E-REPLACE-RECORDED",
    make: async ({ round, actor }) => {
      const unit = unwelcome(round);
      await dropSource(round, actor, unit, { reason: "误收", second: false });
      await replaceUnit(round, actor, { unit, reason: "不存在", evidence: ["注销证明"] }, quietly);
    },
  },
  {
    title: "the unwelcome record of a replacement got rid of by undoing it",
    becomes: "refused",
    by: "E-REPLACE-RECORDED",
    make: async ({ round, actor }) => {
      const unit = unwelcome(round);
      const asked = { unit, reason: "不存在", evidence: ["注销证明"], despiteRecord: "核查后注销" };
      const { replacement } = await replaceUnit(round, actor, asked, quietly);
      const path = join(round.folder, "递补.csv");
      writeFileSync(path, `单位代码,指标代码,核查值,核查去向,核查组\n${replacement.by?.id},,,拒绝核查,甲组\n`);
      const { refusal } = await importRecords(round, actor, [path], PLAIN, quietly);
      if (refusal !== undefined) throw refusal;
      await undoReplacement(round, actor, { unit, reason: "经复查存在" }, quietly);
    },
  },
  {
    title: "a record that was dropped left out of the evaluation, the journal written anew",
    becomes: "found",
    by: "evaluation",
    says: "评定结果（重新计算）",
    make: ({ round }) => {
      const evaluation = JSON.parse(readFileSync(round.paths.evaluation, "utf8"));
      if (evaluation.scrutiny.dropped.length === 0) throw new Error("a dropped record is needed");
      evaluation.scrutiny.dropped = [];
      const text = canonicalJson(evaluation);
      forgeEvaluation(round, text);
    },
  },
  {
    title: "a second entry by the first team, its name written otherwise",
    becomes: "refused",
    by: "E-RECORDS-SAME-TEAM",
    make: async ({ round, actor }) => {
      const path = join(round.folder, "复核.csv");
      writeFileSync(path, `单位代码,指标代码,核查值,核查去向,核查组\n${unwelcome(round)},,,已关停,甲\n`);
      const { refusal } = await importRecords(round, actor, [path], { ...PLAIN, second: true }, quietly);
      const [problem] = refusal?.problems.filter(({ code }) => code.startsWith("E-")) ?? [];
      if (problem !== undefined) throw new ChouqianError(problem.code, problem);
    },
  },
  {
    title: "the date of an issued evaluation, the journal written anew",
    becomes: "found",
    by: "reports",
    says: "与评定结果不符",
    make: ({ round }) => {
      const evaluation = JSON.parse(readFileSync(round.paths.evaluation, "utf8"));
      const text = readFileSync(round.paths.evaluation, "utf8").replace('"date":""', '"date":"2019-10-09"');
      if (evaluation.issued.date !== "") throw new Error("the date should be empty");
      forgeEvaluation(round, text);
    },
  },
  {
    title: "the journal cut before a follow-up, its line on a report in the hands of others",
    becomes: "found",
    by: "journal-line",
    says: "其后的被删去",
    make: ({ round }): JournalLine[] => {
      const paper = lastLineOf(readFileSync(round.paths.journal, "utf8"));
      const entries = entriesOf(round);
      forgeJournal(round, entries.slice(0, numberOf(entries, "followup.drawn")));
      return [paper];
    },
  },
  {
    title: "an import told of another day, the journal's line on a report in the hands of others",
    becomes: "found",
    by: "journal-line",
    says: "被改写",
    make: ({ round }): JournalLine[] => {
      const paper = lastLineOf(readFileSync(round.paths.journal, "utf8"));
      const entries = entriesOf(round);
      const at = numberOf(entries, "records.imported");
      const asked = { ...(entries[at]?.about.asked as object), today: "2020-01-16" };
      forgeJournal(
        round,
        entries.map((entry, i) => (i === at ? about(entry, { asked }) : entry)),
      );
      return [paper];
    },
  },
];
