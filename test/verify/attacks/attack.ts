/** What an attack is, the round that it is made on, and the tools of a forger. */
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import PizZip from "pizzip";
import { drawRound } from "../../../src/draw/draw-round.ts";
import { writeForms } from "../../../src/forms/write-forms.ts";
import { openEngine } from "../../../src/frame/engine.ts";
import { checkLedgers, lockFrame } from "../../../src/frame/lock-frame.ts";
import { appendEntry, type JournalEntry } from "../../../src/round/journal.ts";
import { newRound } from "../../../src/round/new-round.ts";
import { type Actor, openRound, type Round } from "../../../src/round/round.ts";
import { addCommitment, addContribution, revealContribution } from "../../../src/seed/contribute.ts";
import { commitmentTo } from "../../../src/seed/derive.ts";
import { canonicalJson, type JsonValue } from "../../../src/text/canonical.ts";
import { madeUpCode, smallLedger } from "../../support/ledger.ts";

/** A copy of the finished round, its ledger, and another round of the same ledger to steal from. */
export interface Scene {
  readonly folder: string;
  readonly round: Round;
  readonly ledger: string;
  /** A round drawn from the same ledger and plan by other words. */
  readonly other: Round;
  readonly actor: Actor;
}

/**
 * A way to cheat, and what becomes of it:
 * - `found`: `verify` fails in the check named, and its words hold `says`; where `make` gives lines of the journal, they stand on
 *   papers in the hands of others;
 * - `refused`: the program does not do it, with the code named;
 * - `warned`: the check of the ledger tells of it under the code named, before anything is locked;
 * - `void`: it changes nothing of the draw, and `verify` still proves the round.
 */
export type Attack =
  | {
      readonly title: string;
      readonly becomes: "found";
      readonly by: string;
      readonly says: string;
      readonly make: (scene: Scene) => unknown;
    }
  | {
      readonly title: string;
      readonly becomes: "refused";
      readonly by: string;
      readonly make: (scene: Scene) => Promise<unknown>;
    }
  | { readonly title: string; readonly becomes: "warned"; readonly by: string; readonly ledger: string }
  | {
      readonly title: string;
      readonly becomes: "void";
      readonly by: string;
      readonly make: (scene: Scene) => unknown;
    };

const PLAN = `method: ticket
quotas:
  - { class: 工业源, count: 4, reserve: 2, takeAll: { list: 重点.csv } }
  - { class: 农业源, count: 2, reserve: 1 }
  - { class: 生活源, count: 1 }
  - { class: 集中式污染治理设施, count: 1 }
  - { class: 移动源, count: 1, reserve: 1 }
exclude:
  - { list: 排除.csv, reason: 另行核查 }
`;
/** How a ledger is read where nothing is said about it. */
export const READING = {
  map: new Map(),
  constants: new Map(),
  values: { class: new Map(), status: new Map() },
  sheet: undefined,
  encoding: undefined,
  names: new Map(),
};
export const quietly = () => {};
/** The value that a party commits to, and its nonce. */
export const SECRET = { by: "市普查办", value: "水清岸绿", nonce: "9f2c61d04b7e" };

/** Somebody at a clock that goes on by a minute at each look. */
function actorAt(hour: number): Actor {
  let minutes = 0;
  return { name: "测试员", now: () => new Date(Date.UTC(2019, 8, 30, hour, minutes++)) };
}

/**
 * Makes the folders that every attack gets a copy of: `轮次`, `别的轮次` and `收回的轮次`, beside `名录.csv`.
 * @param bringIn brings in the records of the last
 */
export async function prepare(
  folder: string,
  bringIn: (round: Round, actor: Actor, inbox: string) => Promise<void>,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const ledger = join(folder, "名录.csv");
  writeFileSync(ledger, smallLedger(["汕头", "佛山"]));
  await finished(join(folder, "轮次"), ledger, "轮次", "3 6 1 4 2", 1);
  await finished(join(folder, "别的轮次"), ledger, "别的轮次", "5 5 1 2 6", 9);
  const [round, actor] = await finished(join(folder, RECORDED), ledger, RECORDED, "2 4 6 1 3", 1);
  await bringIn(round, actor, join(folder, "回收"));
}

/** The round whose records came in. */
export const RECORDED = "收回的轮次";

async function finished(
  folder: string,
  ledger: string,
  name: string,
  dice: string,
  hour: number,
): Promise<[Round, Actor]> {
  const actor = actorAt(hour);
  const round = await locked(folder, ledger, name, actor);
  await addCommitment(round, actor, SECRET.by, commitmentTo(SECRET, SECRET.nonce));
  await addContribution(round, actor, { by: "省普查办", value: dice });
  await revealContribution(round, actor, SECRET, SECRET.nonce);
  await drawRound(round, actor, undefined, quietly);
  await writeForms(round, actor, undefined, quietly);
  return [round, actor];
}

/** A round with a plan and a locked frame, and nothing else. */
export async function locked(folder: string, ledger: string, name: string, actor: Actor): Promise<Round> {
  newRound(folder, actor, { template: "provincial", name, cities: [], rate: undefined });
  writeFileSync(join(folder, "plan.yaml"), PLAN);
  writeFileSync(join(folder, "重点.csv"), `代码\n${madeUpCode(1)}\n${madeUpCode(26)}\n`);
  writeFileSync(join(folder, "排除.csv"), `代码\n${madeUpCode(2)}\n`);
  const round = openRound(folder);
  await lockFrame(round, actor, [ledger], READING, false, quietly);
  return round;
}

/** Checks a ledger as `frame check` does and returns the codes of its problems. */
export async function problemCodes(scratch: string, text: string): Promise<string[]> {
  const ledger = join(scratch, "疑似.csv");
  writeFileSync(ledger, text);
  const { problems } = await checkLedgers([ledger], READING, quietly);
  return problems.map(({ code }) => code);
}

/** A fresh copy of the prepared folders, to attack the round of that name. */
export function sceneIn(prepared: string, folder: string, name = "轮次"): Scene {
  cpSync(prepared, folder, { recursive: true });
  return {
    folder,
    round: openRound(join(folder, name)),
    ledger: join(folder, "名录.csv"),
    other: openRound(join(folder, "别的轮次")),
    actor: actorAt(20),
  };
}

/** Changes a text file; the change must be one. */
export function edit(path: string, change: (text: string) => string): void {
  const before = readFileSync(path, "utf8");
  const after = change(before);
  if (after === before) throw new Error(`the attack changed nothing of ${path}`);
  writeFileSync(path, after);
}

/** Changes a JSON file and writes it back in canonical form, as the program would. */
export function editJson<T>(path: string, change: (value: T) => void): void {
  edit(path, (text) => {
    const value = JSON.parse(text) as T;
    change(value);
    return canonicalJson(value as JsonValue);
  });
}

/** Changes a part of a workbook, as somebody with a text editor and a ZIP program does. */
export function editWorkbook(path: string, from: string, to: string): void {
  const archive = new PizZip(readFileSync(path));
  let changes = 0;
  for (const name of Object.keys(archive.files).filter((each) =>
    /^xl\/(sharedStrings|workbook|worksheets\/.*)\.xml$/.test(each),
  )) {
    const text = archive.file(name)?.asText() ?? "";
    if (!text.includes(from)) continue;
    archive.file(name, text.replaceAll(from, to));
    changes++;
  }
  if (changes === 0) throw new Error(`no "${from}" in ${path}`);
  writeFileSync(path, archive.generate({ type: "nodebuffer", compression: "DEFLATE" }));
}

/** Entries of a journal, without their digests. */
export function entriesOf({ paths }: Round): JournalEntry[] {
  return readFileSync(paths.journal, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as JournalEntry);
}

/** Writes a journal anew with a good chain, as whoever has the program can. */
export function forgeJournal({ paths }: Round, entries: readonly JournalEntry[]): void {
  const chained = entries.reduce(
    (text, { time, actor, event, about }) => appendEntry(text, { time, actor, event, about }),
    "",
  );
  writeFileSync(paths.journal, chained);
}

/** Rewrites the frame's Parquet file by a query over its own rows, `units`. */
export async function rewriteParquet({ paths }: Round, query: string): Promise<void> {
  const engine = await openEngine();
  const altered = `${paths.parquet}.new`;
  try {
    await engine.run(`CREATE TABLE units AS SELECT * FROM read_parquet('${paths.parquet}')`);
    await engine.run(`COPY (${query}) TO '${altered}' (FORMAT parquet)`);
  } finally {
    engine.close();
  }
  if (!existsSync(altered)) throw new Error("no file was written");
  writeFileSync(paths.parquet, readFileSync(altered));
}

/** Changes least and greatest values in the foot of the frame's Parquet file, not the values themselves. */
export function summariseFalsely({ paths }: Round, from: string, to: string): void {
  const bytes = readFileSync(paths.parquet);
  const foot = bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8);
  let changes = 0;
  for (let at = bytes.indexOf(from, foot); at >= 0; at = bytes.indexOf(from, at + 1)) changes += bytes.write(to, at);
  if (changes === 0) throw new Error(`no "${from}" in the foot of ${paths.parquet}`);
  writeFileSync(paths.parquet, bytes);
}
