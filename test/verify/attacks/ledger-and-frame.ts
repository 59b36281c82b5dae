/** Attacks on the ledger, the locked frame and how they were read. */
import { readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import iconv from "iconv-lite";
import { lockFrame } from "../../../src/frame/lock-frame.ts";
import { madeUpCode, smallLedger } from "../../support/ledger.ts";
import {
  type Attack,
  edit,
  editJson,
  locked,
  quietly,
  READING,
  rewriteParquet,
  type Scene,
  summariseFalsely,
} from "./attack.ts";

const lines = (text: string) => text.trimEnd().split("\n");
/** Locks a round from a ledger that somebody has prepared for it. */
const lockWith =
  (change: (text: string) => string) =>
  async ({ folder, actor }: Scene) => {
    const ledger = join(folder, "做过手脚.csv");
    writeFileSync(ledger, change(smallLedger()));
    await locked(join(folder, "新轮次"), ledger, "新轮次", actor);
  };
const first = madeUpCode(1);
const wide = (text: string) => text.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
const again = (text: string, change: (line: string) => string) => `${text}${change(lines(text)[1] ?? "")}\n`;

export const LEDGER_AND_FRAME: readonly Attack[] = [
  {
    title: "a digit of the ledger",
    becomes: "found",
    by: "ledger",
    says: "440500/industrial",
    make: ({ ledger }) => edit(ledger, (text) => text.replace("某路1号", "某路2号")),
  },
  {
    title: "a name in the ledger and nothing else",
    becomes: "found",
    by: "ledger",
    says: "440500/mobile",
    make: ({ ledger }) => edit(ledger, (text) => text.replace("汕头第1移动源单位", "汕头第1号移动源")),
  },
  {
    title: "a junk unit added to the ledger",
    becomes: "found",
    by: "ledger",
    says: "440500/industrial",
    make: ({ ledger }) => edit(ledger, (text) => again(text, (line) => line.replace(first, madeUpCode(999)))),
  },
  {
    title: "a unit taken out of the ledger",
    becomes: "found",
    by: "ledger",
    says: "440500/mobile",
    make: ({ ledger }) => edit(ledger, (text) => text.replace(/\n[^\n]*汕头第1移动源单位[^\n]*/, "")),
  },
  {
    title: "two ids of the ledger swapped",
    becomes: "found",
    by: "ledger",
    says: "440500/industrial",
    make: ({ ledger }) =>
      edit(ledger, (text) => text.replace(first, "#").replace(madeUpCode(3), first).replace("#", madeUpCode(3))),
  },
  {
    title: "the ledger in another order",
    becomes: "found",
    by: "ledger",
    says: "抽样框内容没有变化",
    make: ({ ledger }) => edit(ledger, (text) => [lines(text)[0], ...lines(text).slice(1).reverse(), ""].join("\n")),
  },
  {
    title: "the same ledger in another encoding",
    becomes: "found",
    by: "ledger",
    says: "抽样框内容没有变化",
    make: ({ ledger }) => writeFileSync(ledger, iconv.encode(readFileSync(ledger, "utf8"), "gb18030")),
  },
  {
    title: "the ledger gone",
    becomes: "found",
    by: "ledger",
    says: "找不到原始名录",
    make: ({ ledger }) => rmSync(ledger),
  },
  {
    title: "a unit under its id twice",
    becomes: "refused",
    by: "E-FRAME-PROBLEM-ROWS",
    make: lockWith((text) => again(text, (line) => line)),
  },
  {
    title: "a unit a second time with its id in full-width characters",
    becomes: "refused",
    by: "E-FRAME-PROBLEM-ROWS",
    make: lockWith((text) => again(text, (line) => line.replace(first, wide(first)))),
  },
  {
    title: "a unit a second time with its id in small letters",
    becomes: "refused",
    by: "E-FRAME-PROBLEM-ROWS",
    make: lockWith((text) => {
      const code = madeUpCode(7);
      const row = lines(text).find((line) => line.startsWith(code)) ?? "";
      const [id, small] = ["91440500MA4UPPER0X", "91440500ma4upper0x"];
      return `${text.replace(code, id)}${row.replace(code, small)}\n`;
    }),
  },
  {
    title: "a unit a second time with white space around its id",
    becomes: "refused",
    by: "E-FRAME-PROBLEM-ROWS",
    make: lockWith((text) => again(text, (line) => line.replace(first, ` ${first}\u3000`))),
  },
  {
    title: "a unit a second time with a homoglyph in its id (Cyrillic А for A)",
    becomes: "warned",
    by: "W-FRAME-NOT-CREDIT-CODE",
    ledger: again(smallLedger(), (line) => line.replace(first, "91440500МА4А00010X")),
  },
  {
    title: "a unit a second time with a zero-width character in its id",
    becomes: "warned",
    by: "W-FRAME-INVISIBLE",
    ledger: again(smallLedger(), (line) => line.replace(first, `${first.slice(0, 9)}\u200b${first.slice(9)}`)),
  },
  {
    title: "a unit a second time under a made-up id",
    becomes: "warned",
    by: "W-FRAME-SAME-PLACE",
    ledger: again(smallLedger(), (line) => line.replace(first, madeUpCode(998))),
  },
  {
    title: "the frame locked again from a better ledger",
    becomes: "refused",
    by: "E-FRAME-LOCKED",
    make: ({ round, actor, ledger }) => lockFrame(round, actor, [ledger], READING, false, quietly),
  },
  {
    title: "a cell of the frame's file",
    becomes: "found",
    by: "frame",
    says: "440500/industrial",
    make: ({ round }) =>
      rewriteParquet(
        round,
        `SELECT * REPLACE (CASE "id" WHEN '${first}' THEN '别名' ELSE "name" END AS "name") FROM units`,
      ),
  },
  {
    title: "a row added to the frame's file",
    becomes: "found",
    by: "frame",
    says: "440500/industrial",
    make: ({ round }) =>
      rewriteParquet(
        round,
        `SELECT * FROM units UNION ALL BY NAME SELECT * REPLACE ('${madeUpCode(997)}' AS "id") FROM units WHERE "id" = '${first}'`,
      ),
  },
  {
    title: "a unit moved to another city in the frame's file",
    becomes: "found",
    by: "frame",
    says: "440500/industrial",
    make: ({ round }) =>
      rewriteParquet(
        round,
        `SELECT * REPLACE (CASE "id" WHEN '${first}' THEN '440600' ELSE "city" END AS "city") FROM units`,
      ),
  },
  {
    title: "a unit hidden from the draw in the frame's file, its line the same: no class, and the class in its city",
    becomes: "found",
    by: "frame",
    says: "440500/",
    make: ({ round }) => {
      const isFirst = `"id" = '${first}'`;
      return rewriteParquet(
        round,
        `SELECT * REPLACE (if(${isFirst}, NULL, "class") AS "class",
          if(${isFirst}, "class" || chr(9) || "city", "city") AS "city") FROM units`,
      );
    },
  },
  {
    title: "a false summary in the frame's file, by which the engine would pass over a city",
    becomes: "found",
    by: "E-FRAME-DAMAGED",
    says: "frame.parquet",
    make: ({ round }) => summariseFalsely(round, "440500", "440599"),
  },
  {
    title: "the frame's file gone",
    becomes: "found",
    by: "E-FRAME-NOT-LOCKED",
    says: "抽样框",
    make: ({ round }) => rmSync(round.paths.parquet),
  },
  {
    title: "the frame's file no Parquet",
    becomes: "found",
    by: "E-FRAME-DAMAGED",
    says: "frame.parquet",
    make: ({ round }) => writeFileSync(round.paths.parquet, "PAR1"),
  },
  {
    title: "a count in the lock",
    becomes: "found",
    by: "ledger",
    says: "units",
    make: ({ round }) => edit(round.paths.lock, (text) => text.replace('"units":50', '"units":51')),
  },
  {
    title: "a block's digest in the lock",
    becomes: "found",
    by: "frame",
    says: "440500/",
    make: ({ round }) =>
      edit(round.paths.lock, (text) =>
        text.replace(/("digest":")(.)/, (_, key, c) => `${key}${c === "0" ? "1" : "0"}`),
      ),
  },
  {
    title: "a row that the lock says was left out",
    becomes: "found",
    by: "frame",
    says: "lock.json",
    make: ({ round }) =>
      editJson<{ excluded: unknown[] }>(round.paths.lock, ({ excluded }) =>
        excluded.push({ file: "名录.csv", row: 60, code: "E-FRAME-CITY" }),
      ),
  },
  {
    title: "how the lock says a column was read",
    becomes: "found",
    by: "frame",
    says: "lock.json",
    make: ({ round }) =>
      editJson<{ options: { map: Record<string, unknown> } }>(round.paths.lock, ({ options }) => {
        options.map.name = ["详细地址"];
      }),
  },
  {
    title: "a lock that is JSON and no lock",
    becomes: "found",
    by: "E-VERIFY-MALFORMED",
    says: "不合规格",
    make: ({ round }) =>
      editJson<{ options: { map: Record<string, unknown> } }>(round.paths.lock, ({ options }) => {
        options.map.name = 7;
      }),
  },
  {
    title: "a member twice in the lock's JSON",
    becomes: "found",
    by: "frame",
    says: "lock.json",
    make: ({ round }) => edit(round.paths.lock, (text) => text.replace("{", '{"units":99,')),
  },
  {
    title: "a mapping put into the round after the lock",
    becomes: "void",
    by: "the lock holds how the ledger was read",
    make: ({ round }) => writeFileSync(round.paths.mapping, "columns:\n  name: 详细地址\n"),
  },
  {
    title: "a file of the round behind a link to a place outside",
    becomes: "found",
    by: "folder",
    says: "lock.json",
    make: ({ folder, round }) => {
      renameSync(round.paths.lock, join(folder, "lock.json"));
      symlinkSync(join(folder, "lock.json"), round.paths.lock);
    },
  },
];
