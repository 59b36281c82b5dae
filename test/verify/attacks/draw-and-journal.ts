/** Attacks on what was drawn, on its papers and on the journal. */
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { readCurrentSample } from "../../../src/draw/fates.ts";
import { manifestDigest } from "../../../src/draw/manifest.ts";
import { evaluateRound } from "../../../src/evaluate/evaluate-round.ts";
import type { Evaluation } from "../../../src/evaluate/evaluation.ts";
import { compareRecords } from "../../../src/records/record.ts";
import { writeRecords } from "../../../src/records/store.ts";
import type { JournalEntry } from "../../../src/round/journal.ts";
import type { Round } from "../../../src/round/round.ts";
import { digest } from "../../../src/text/canonical.ts";
import { filledBy } from "../../support/filled-round.ts";
import { madeUpCode } from "../../support/ledger.ts";
import { type Attack, edit, editJson, editWorkbook, entriesOf, forgeJournal, quietly, type Scene } from "./attack.ts";

interface Unit {
  id: string;
  name: string;
  rank: number;
  role: string;
  ticket: string;
  inclusionProbability: number;
}
interface Drawn {
  seed: string;
  contributions: { by: string; value: string }[];
  strata: { key: string; N: number; n: number; shortfall: number; units: Unit[] }[];
}

const swap = (from: string | RegExp, to: string) => (text: string) => text.replace(from, to);
const inManifest =
  (change: (text: string) => string) =>
  ({ round }: Scene) =>
    edit(round.paths.manifest, change);
/** Changes the stratum of Shantou's industrial units. */
const inStratum =
  (change: (stratum: Drawn["strata"][number], drawn: Drawn) => void) =>
  ({ round }: Scene) =>
    editJson<Drawn>(round.paths.manifest, (drawn) => {
      const stratum = drawn.strata.find(({ key }) => key === "440500/industrial");
      if (stratum === undefined) throw new Error("no such stratum");
      change(stratum, drawn);
    });
const unit = ({ units }: { units: Unit[] }, at: number) => units[at] as Unit;
const inJournal =
  (change: (text: string) => string) =>
  ({ round }: Scene) =>
    edit(round.paths.journal, change);
const lines = (text: string) => text.trimEnd().split("\n");
const joined = (all: readonly string[]) => `${all.join("\n")}\n`;
/** A journal with a good chain whose entries somebody has changed. */
const forged =
  (change: (entries: JournalEntry[]) => readonly JournalEntry[]) =>
  ({ round }: Scene) =>
    forgeJournal(round, change(entriesOf(round)));
const workbook = (round: Round) => join(round.paths.forms, "汕头市", "核查记录表.xlsx");
const place = (entries: readonly JournalEntry[], event: string) => entries.findIndex((entry) => entry.event === event);
export const MANIFEST: readonly Attack[] = [
  {
    title: "two drawn units swapped",
    becomes: "found",
    by: "draw",
    says: "rank 1",
    make: inStratum((stratum) => {
      const [a, b] = [unit(stratum, 0), unit(stratum, 1)];
      [a.id, b.id, a.name, b.name, a.ticket, b.ticket] = [b.id, a.id, b.name, a.name, b.ticket, a.ticket];
    }),
  },
  {
    title: "a drawn unit and a reserve swapped in their roles",
    becomes: "found",
    by: "draw",
    says: "rank 4",
    make: inStratum((stratum) => {
      [unit(stratum, 3).role, unit(stratum, 4).role] = ["reserve", "primary"];
    }),
  },
  {
    title: "a drawn unit put in the place of another that was not drawn",
    becomes: "found",
    by: "draw",
    says: "rank 2",
    make: inStratum((stratum, { seed }) => {
      const isDrawn = (number: number) => stratum.units.some(({ id }) => id === madeUpCode(number));
      const number = [3, 4, 5, 6, 7, 8, 9, 10, 11, 12].find((each) => !isDrawn(each)) ?? 0;
      const id = madeUpCode(number);
      Object.assign(unit(stratum, 1), { id, name: `汕头第${number}工业源单位`, ticket: digest(`${seed}:${id}`) });
    }),
  },
  {
    title: "two ranks",
    becomes: "found",
    by: "draw",
    says: "rank",
    make: inManifest(swap('"rank":1,', '"rank":9,')),
  },
  {
    title: "a ticket",
    becomes: "found",
    by: "draw",
    says: "ticket",
    make: inStratum((stratum) => {
      unit(stratum, 0).ticket = `0${"f".repeat(63)}`;
    }),
  },
  {
    title: "a drawn unit's name",
    becomes: "found",
    by: "draw",
    says: "440500/industrial",
    make: inStratum((stratum) => {
      unit(stratum, 0).name = "别名";
    }),
  },
  {
    title: "an id of the manifest with a homoglyph (Cyrillic Х for X)",
    becomes: "found",
    by: "draw",
    says: "440500/industrial",
    make: inStratum((stratum) => {
      unit(stratum, 0).id = unit(stratum, 0).id.replace(/.$/, "Х");
    }),
  },
  {
    title: "a chance of inclusion",
    becomes: "found",
    by: "draw",
    says: "inclusionProbability",
    make: inStratum((stratum) => {
      unit(stratum, 0).inclusionProbability = 0.5;
    }),
  },
  {
    title: "a stratum's N",
    becomes: "found",
    by: "draw",
    says: ".N 应为",
    make: inStratum((stratum) => {
      stratum.N += 1;
    }),
  },
  {
    title: "a stratum's n",
    becomes: "found",
    by: "draw",
    says: ".n 应为",
    make: inStratum((stratum) => {
      stratum.n -= 1;
    }),
  },
  {
    title: "a shortfall made up",
    becomes: "found",
    by: "draw",
    says: "shortfall",
    make: inStratum((stratum) => {
      stratum.shortfall = 1;
    }),
  },
  {
    title: "a drawn unit left out",
    becomes: "found",
    by: "draw",
    says: "440500/industrial",
    make: inStratum(({ units }) => units.splice(2, 1)),
  },
  {
    title: "a whole stratum left out",
    becomes: "found",
    by: "draw",
    says: "440500/mobile",
    make: ({ round }) =>
      editJson<Drawn>(round.paths.manifest, (drawn) => {
        drawn.strata = drawn.strata.filter(({ key }) => key !== "440500/mobile");
      }),
  },
  {
    title: "the seed of the manifest",
    becomes: "found",
    by: "draw",
    says: "seed",
    make: inManifest((text) => text.replace(/("seed":")(.)/, (_, key, c) => `${key}${c === "0" ? "1" : "0"}`)),
  },
  {
    title: "a contribution of the manifest",
    becomes: "found",
    by: "draw",
    says: "contributions",
    make: inManifest(swap("3 6 1 4 2", "3 6 1 4 3")),
  },
  {
    title: "a member twice in the manifest's JSON",
    becomes: "found",
    by: "draw",
    says: "规范 JSON",
    make: inManifest((text) => text.replace("{", '{"seed":"0",')),
  },
  {
    title: "the manifest written in another form of JSON",
    becomes: "found",
    by: "draw",
    says: "规范 JSON",
    make: inManifest((text) => JSON.stringify(JSON.parse(text), undefined, 2)),
  },
  {
    title: "an escaped character in the manifest's JSON",
    becomes: "found",
    by: "draw",
    says: "规范 JSON",
    make: inManifest(swap("省普查办", "\\u7701普查办")),
  },
  {
    title: "a byte order mark before the manifest",
    becomes: "found",
    by: "draw",
    says: "manifest.json",
    make: inManifest((text) => `\ufeff${text}`),
  },
  {
    title: "the manifest no JSON",
    becomes: "found",
    by: "draw",
    says: "不是 JSON",
    make: inManifest((text) => text.slice(1)),
  },
  {
    title: "the manifest an empty object, the journal written anew to match",
    becomes: "found",
    by: "draw",
    says: "应为",
    make: ({ round }) => {
      writeFileSync(round.paths.manifest, "{}");
      forgeJournal(
        round,
        entriesOf(round).map((entry) =>
          entry.event === "drawn" ? { ...entry, about: { ...entry.about, manifestDigest: digest("{}") } } : entry,
        ),
      );
    },
  },
  {
    title: "white space after the manifest",
    becomes: "found",
    by: "draw",
    says: "manifest.json",
    make: inManifest((text) => `${text}\n`),
  },
  {
    title: "the manifest of another round, drawn from the same ledger",
    becomes: "found",
    by: "draw",
    says: "contributions",
    make: ({ round, other }) => cpSync(other.paths.manifest, round.paths.manifest),
  },
  {
    title: "the manifest gone",
    becomes: "found",
    by: "draw",
    says: "没有 draw/manifest.json",
    make: ({ round }) => rmSync(round.paths.manifest),
  },
];

export const PAPERS: readonly Attack[] = [
  {
    title: "another unit's id in the sample list",
    becomes: "found",
    by: "sample-list",
    says: "样本",
    make: ({ round }) => editWorkbook(round.paths.sampleList, madeUpCode(1), madeUpCode(12)),
  },
  {
    title: "a drawn unit's name in the sample list",
    becomes: "found",
    by: "sample-list",
    says: "工业源单位",
    make: ({ round }) => editWorkbook(round.paths.sampleList, "汕头第1工业源单位", "汕头第9工业源单位"),
  },
  {
    title: "the seed in the sample list",
    becomes: "found",
    by: "sample-list",
    says: "应为",
    make: (scene) => editWorkbook(scene.round.paths.sampleList, seedOf(scene), "0".repeat(64)),
  },
  {
    title: "a row hidden in the sample list",
    becomes: "found",
    by: "sample-list",
    says: "第 4 行被隐藏",
    make: ({ round }) => editWorkbook(round.paths.sampleList, '<row r="4"', '<row r="4" hidden="1"'),
  },
  {
    title: "a sheet hidden in the sample list",
    becomes: "found",
    by: "sample-list",
    says: "被隐藏",
    make: ({ round }) =>
      editWorkbook(round.paths.sampleList, 'name="备选" state="visible"', 'name="备选" state="hidden"'),
  },
  {
    title: "the sample list no workbook",
    becomes: "found",
    by: "E-XLSX-NOT-A-WORKBOOK",
    says: "不是 .xlsx 工作簿",
    make: ({ round }) => writeFileSync(round.paths.sampleList, "gone"),
  },
  {
    title: "the sample list gone",
    becomes: "found",
    by: "sample-list",
    says: "没有 draw/抽样名单.xlsx",
    make: ({ round }) => rmSync(round.paths.sampleList),
  },
  {
    title: "the certificate of another round",
    becomes: "found",
    by: "certificate-made",
    says: "抽签见证单.pdf",
    make: ({ round, other }) => cpSync(other.paths.certificate, round.paths.certificate),
  },
  {
    title: "a certificate with a byte changed",
    becomes: "found",
    by: "certificate-made",
    says: "抽签见证单.pdf",
    make: ({ round }) => {
      const bytes = readFileSync(round.paths.certificate);
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
      writeFileSync(round.paths.certificate, bytes);
    },
  },
  {
    title: "the certificate gone",
    becomes: "found",
    by: "certificate-made",
    says: "没有 draw/抽签见证单.pdf",
    make: ({ round }) => rmSync(round.paths.certificate),
  },
  {
    title: "another unit on a workbook's hidden sheet",
    becomes: "found",
    by: "forms",
    says: "汕头市",
    make: ({ round }) => editWorkbook(workbook(round), madeUpCode(1), madeUpCode(12)),
  },
  {
    title: "another unit's name on a workbook's sheet, its hidden sheet left as it was",
    becomes: "found",
    by: "forms",
    says: "汕头市",
    make: ({ round }) => editWorkbook(workbook(round), ">汕头第1工业源单位<", ">汕头第9工业源单位<"),
  },
  {
    title: "the workbooks of another round",
    becomes: "found",
    by: "forms",
    says: "属于另一份样本清单",
    make: ({ round, other }) => cpSync(other.paths.forms, round.paths.forms, { recursive: true }),
  },
  {
    title: "a city's workbook under another city's name",
    becomes: "found",
    by: "forms",
    says: "佛山市",
    make: ({ round }) => cpSync(workbook(round), workbook(round).replace("汕头市", "佛山市")),
  },
];

export const FORMS: readonly Attack[] = [
  ...(["核查清单.pdf", "核查记录表.pdf"] as const).map(
    (file): Attack => ({
      title: `a city's ${file} for another city`,
      becomes: "found",
      by: "forms",
      says: file,
      make: ({ round }) => cpSync(join(round.paths.forms, "佛山市", file), join(round.paths.forms, "汕头市", file)),
    }),
  ),
  {
    title: "a city's forms gone",
    becomes: "found",
    by: "forms",
    says: "forms/佛山市/核查记录表.xlsx 不见了",
    make: ({ round }) => rmSync(join(round.paths.forms, "佛山市"), { recursive: true }),
  },
  {
    title: "all forms gone",
    becomes: "found",
    by: "forms",
    says: "不见了",
    make: ({ round }) => rmSync(round.paths.forms, { recursive: true }),
  },
  {
    title: "a city's forms again as those of a city of which nothing was drawn",
    becomes: "found",
    by: "forms",
    says: "没有抽到广州市",
    make: ({ round }) =>
      cpSync(join(round.paths.forms, "汕头市"), join(round.paths.forms, "广州市"), { recursive: true }),
  },
  {
    title: "a form template that was kept",
    becomes: "found",
    by: "forms",
    says: "模板",
    make: ({ round }) => {
      const folder = join(round.paths.forms, "模板");
      const [first = ""] = readdirSync(folder);
      appendFileSync(join(folder, first), " ");
    },
  },
  {
    title: "a printed form as a link to another place",
    becomes: "found",
    by: "folder",
    says: "forms/汕头市/核查清单.pdf",
    make: ({ round, folder }) => {
      const path = join(round.paths.forms, "汕头市", "核查清单.pdf");
      cpSync(path, join(folder, "别处.pdf"));
      rmSync(path);
      symlinkSync(join(folder, "别处.pdf"), path);
    },
  },
  {
    title: "the certificate of a seed that was never sealed",
    becomes: "found",
    by: "folder",
    says: "抽签见证单-种子公开.pdf",
    make: ({ round }) => cpSync(round.paths.certificate, round.paths.openedCertificate),
  },
  {
    title: "a list of replacements that nobody made",
    becomes: "found",
    by: "folder",
    says: "样本现状.xlsx",
    make: ({ round }) => cpSync(round.paths.sampleList, round.paths.currentList),
  },
  {
    title: "files of a voiding that never was",
    becomes: "found",
    by: "folder",
    says: "history/1",
    make: ({ round }) => mkdirSync(join(round.paths.history, "1"), { recursive: true }),
  },
  {
    title: "an evaluation that nobody made",
    becomes: "found",
    by: "evaluation",
    says: "日志没有评定记录",
    make: ({ round }) => {
      mkdirSync(round.paths.results);
      writeFileSync(round.paths.evaluation, "{}");
    },
  },
  {
    title: "an evaluation changed after it became outdated",
    becomes: "found",
    by: "evaluation",
    says: "与日志第",
    make: async ({ round, actor }) => {
      const { manifest, sample } = readCurrentSample(round);
      const own = manifestDigest(manifest);
      const all = filledBy({ seed: 3, errorRate: () => 0.3 }, own, manifest.roundId, sample).sort(compareRecords);
      const bring = (records: typeof all) =>
        writeRecords(round, actor, "records.imported", records, [], {
          manifestDigest: own,
          units: records.map(({ unit }) => unit),
        });
      bring(all.slice(1));
      await evaluateRound(round, actor, quietly, false);
      bring(all);
      editJson<Evaluation>(round.paths.evaluation, ({ verdicts: [first] }) =>
        Object.assign(first ?? {}, { verdict: "met" }),
      );
    },
  },
];

export const JOURNAL: readonly Attack[] = [
  {
    title: "a byte order mark before the journal",
    becomes: "found",
    by: "journal",
    says: "第 1 行",
    make: inJournal((text) => `\ufeff${text}`),
  },
  {
    title: "the journal gone",
    becomes: "found",
    by: "journal",
    says: "不存在",
    make: ({ round }) => rmSync(round.paths.journal),
  },
  {
    title: "the journal's tail cut off, the draw with it",
    becomes: "found",
    by: "draw",
    says: "日志",
    make: inJournal((text) => joined(lines(text).slice(0, -2))),
  },
  {
    title: "the journal's last line cut off",
    becomes: "found",
    by: "forms",
    says: "日志没有制表记录",
    make: inJournal((text) => joined(lines(text).slice(0, -1))),
  },
  {
    title: "a line taken out of the journal",
    becomes: "found",
    by: "journal",
    says: "第 3 行",
    make: inJournal((text) => joined(lines(text).filter((_, i) => i !== 2))),
  },
  {
    title: "a line put into the journal a second time",
    becomes: "found",
    by: "journal",
    says: "第 4 行",
    make: inJournal((text) => joined([...lines(text).slice(0, 3), ...lines(text).slice(2)])),
  },
  {
    title: "a time in the journal",
    becomes: "found",
    by: "journal",
    says: "第 1 行",
    make: inJournal(swap('"time":"2019', '"time":"2018')),
  },
  {
    title: "a name in the journal's last line",
    becomes: "found",
    by: "journal",
    says: "内容被改动",
    make: inJournal((text) => text.replace(/(.*)"actor":"测试员"/s, '$1"actor":"测试元"')),
  },
  {
    title: "half a line at the journal's end",
    becomes: "found",
    by: "journal",
    says: "行",
    make: inJournal((text) => text.slice(0, -20)),
  },
  {
    title: "the journal with other line ends",
    becomes: "found",
    by: "journal",
    says: "第 1 行",
    make: inJournal((text) => text.replaceAll("\n", "\r\n")),
  },
  {
    title: "a member twice in a line of the journal",
    becomes: "found",
    by: "journal",
    says: "书写形式",
    make: inJournal((text) => text.replace('{"about"', '{"seq":9,"about"')),
  },
  {
    title: "the journal of another round",
    becomes: "found",
    by: "seed",
    says: "seed.json 与日志不符",
    make: ({ round, other }) => cpSync(other.paths.journal, round.paths.journal),
  },
  {
    title: "the journal written anew with a good chain, the frame locked after the contributions",
    becomes: "found",
    by: "journal",
    says: "次序不对",
    make: forged((entries) => {
      const [frame] = entries.splice(place(entries, "frame.locked"), 1);
      entries.splice(place(entries, "drawn"), 0, frame as JournalEntry);
      return entries;
    }),
  },
  {
    title: "the journal written anew with a good chain, the plan sealed after the contributions",
    becomes: "found",
    by: "journal",
    says: "次序不对",
    make: forged((entries) => {
      const [plan] = entries.splice(place(entries, "plan.sealed"), 1);
      entries.splice(place(entries, "drawn"), 0, plan as JournalEntry);
      return entries;
    }),
  },
  {
    title:
      "the journal written anew with a good chain, its order kept and the frame's time later than the contributions'",
    becomes: "found",
    by: "testimony",
    says: "早于它前面的行",
    make: forged((entries) =>
      entries.map((entry) => (entry.event === "frame.locked" ? { ...entry, time: "2019-10-01T08:00:00.000Z" } : entry)),
    ),
  },
  {
    title: "the journal written anew with a good chain and no word of the frame",
    becomes: "found",
    by: "frame",
    says: "日志",
    make: forged((entries) => entries.filter(({ event }) => event !== "frame.locked")),
  },
  {
    title: "the journal written anew with a good chain and no word of the plan",
    becomes: "found",
    by: "journal",
    says: "次序不对",
    make: forged((entries) => entries.filter(({ event }) => event !== "plan.sealed")),
  },
  {
    title: "the journal written anew with a good chain, the draw told twice",
    becomes: "found",
    by: "journal",
    says: "drawn",
    make: forged((entries) => {
      entries.splice(place(entries, "drawn"), 0, entries[place(entries, "drawn")] as JournalEntry);
      return entries;
    }),
  },
  {
    title: "the journal written anew with a good chain, the draw from another frame",
    becomes: "found",
    by: "testimony",
    says: "抽样框的摘要",
    make: forged((entries) =>
      entries.map((entry) =>
        entry.event === "drawn" ? { ...entry, about: { ...entry.about, frameDigest: "0".repeat(64) } } : entry,
      ),
    ),
  },
  {
    title: "the journal written anew with a good chain, the plan sealed for another frame",
    becomes: "found",
    by: "testimony",
    says: "抽样框的摘要",
    make: forged((entries) =>
      entries.map((entry) =>
        entry.event === "plan.sealed" ? { ...entry, about: { ...entry.about, frameDigest: "0".repeat(64) } } : entry,
      ),
    ),
  },
  {
    title: "an event in the journal that the program does not know",
    becomes: "found",
    by: "journal",
    says: "不是已知的步骤",
    make: forged((entries) => [
      ...entries.slice(0, -1),
      { ...(entries.at(-1) as JournalEntry), event: "blessed" as never },
      ...entries.slice(-1),
    ]),
  },
];

function seedOf({ round }: Scene): string {
  return String(entriesOf(round).find(({ event }) => event === "drawn")?.about.seed);
}
