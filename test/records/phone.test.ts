/** What a team's phone sends, by ODK's own engine, is imported as it was answered. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { indicatorsOf } from "../../src/forms/tailor.ts";
import { writeForms } from "../../src/forms/write-forms.ts";
import { nodesOf } from "../../src/forms/xform/record-survey.ts";
import { readExpected } from "../../src/records/expected.ts";
import { replayHere } from "../../src/records/replay.ts";
import { journalOf } from "../../src/round/round.ts";
import { silent } from "../../src/text/progress.ts";
import { openOnPhone } from "../forms/xform/phone.ts";
import { scratchFolder } from "../support/chouqian.ts";
import { SMALL_PLAN, smallLedger } from "../support/ledger.ts";
import { ACTOR, drawnRound } from "../support/round.ts";
import { CITY, codesOf, imported, recordsOf } from "./fixture.ts";

const scratch = scratchFolder("records-phone");
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test("a submission is imported with its results, causes and outcome; of another draw it is refused", async () => {
  const round = await drawnRound(join(scratch, "R1"), smallLedger(), SMALL_PLAN);
  await writeForms(round, ACTOR, undefined, silent, { forPhones: true });
  const folder = join(round.paths.forms, CITY, "phone");
  const text = (name: string) => readFileSync(join(folder, name), "utf8");
  const expected = await readExpected(round);
  const [unit = "", gone = ""] = expected.sources
    .filter(({ sourceClass }) => sourceClass === "domestic" || sourceClass === "mobile")
    .map(({ id }) => id);
  const found = expected.find({ unit, claim: {} } as Parameters<typeof expected.find>[0]);
  if ("problem" in found) throw new Error(found.problem.message.zh);
  const { template } = found.expected;

  const phone = await openOnPhone(text(`440500-${template.class}.xml`), text("sources.csv"));
  phone.answer({ unit, team: "第一组", inspectors: "甲、乙", outcome: "checked", location: "23.1 113.2 5 4" });
  const told = new Map<string, string>();
  for (const [i, { code, field }] of indicatorsOf(template).entries()) {
    const nodes = nodesOf(code);
    const copied = field === undefined ? nodes.reported : `${nodes.found}_copied`;
    if (!phone.isRelevant(nodes.found)) continue;
    const result = i % 3 === 0 ? "wrong" : i % 3 === 1 ? "right" : "notApplicable";
    if (phone.isRelevant(copied)) phone.answer({ [copied]: "照抄" });
    phone.answer({ [nodes.result]: result });
    if (result === "wrong") phone.answer({ [nodes.cause]: "与凭证不符" });
    told.set(code, result);
  }
  const inbox = join(scratch, "手机");
  mkdirSync(inbox);
  const sent = await phone.submission();
  writeFileSync(join(inbox, "uuid-1.xml"), sent);
  // The engine of the phone fills in the day on which this test runs.
  const today = "2999-12-31";
  const result = await imported(round, [inbox], { today });
  expect([result.refusal, result.added]).toEqual([undefined, [unit]]);
  const [record] = recordsOf(round);
  expect([record?.outcome, record?.team, record?.source.file]).toEqual(["checked", "第 1 组", "uuid-1.xml"]);
  const results = new Map(record?.indicators.map((each) => [each.code, each.result]));
  expect(told.size).toBeGreaterThan(5);
  for (const [code, due] of told) expect([code, results.get(code)]).toEqual([code, due]);
  const causes = record?.indicators.flatMap(({ result: of, cause }) => (of === "wrong" ? [cause] : []));
  expect(new Set(causes)).toEqual(new Set(["与凭证不符"]));

  const other = await openOnPhone(text("440500-mobile.xml"), text("sources.csv"));
  other.answer({ unit: gone, team: "第一组", inspectors: "甲、乙", outcome: "notFound" });
  const notFound = await other.submission();
  writeFileSync(join(inbox, "uuid-2.xml"), notFound);
  expect((await imported(round, [join(inbox, "uuid-2.xml")], { today })).added).toEqual([gone]);
  expect(recordsOf(round).find((each) => each.unit === gone)?.outcome).toBe("notFound");

  const mended = (name: string, from: string | RegExp, to: string) => {
    const path = join(inbox, name);
    const changed = notFound.replace(from, to);
    expect(changed).not.toBe(notFound);
    writeFileSync(path, changed);
    return imported(round, [path], { today, replace: true });
  };
  const bogus = await mended("uuid-4.xml", ">notFound<", ">vanished<");
  expect(
    bogus.refusal?.problems.filter(({ code }) => code.startsWith("E-")).map(({ code, at }) => [code, at.value]),
  ).toEqual([["E-RECORDS-OUTCOME", "vanished"]]);
  const strange = await mended("uuid-5.xml", />mobile<\/(\w*:?)template>/, ">ghost</$1template>");
  expect(strange.refusal?.problems.map(({ code, at }) => [code, at.column, at.value])).toEqual([
    ["E-RECORDS-TEMPLATE", "template", "ghost"],
  ]);

  // as desktop programs save a submission again
  const le = Buffer.from(`\uFEFF${sent.replace(/encoding="utf-8"/i, 'encoding="UTF-16"')}`, "utf16le");
  const wide = [le, Buffer.from(le).swap16(), le.subarray(2), Buffer.from(le.subarray(2)).swap16()];
  for (const [i, bytes] of wide.entries()) {
    writeFileSync(join(inbox, `wide-${i}.xml`), bytes);
    const { refusal, unchanged } = await imported(round, [join(inbox, `wide-${i}.xml`)], { today });
    expect([i, refusal, unchanged]).toEqual([i, undefined, 1]);
  }
  writeFileSync(join(inbox, "odd.xml"), le.subarray(0, le.length - 1));
  expect(codesOf(await imported(round, [join(inbox, "odd.xml")], { today }))).toEqual(["E-FILE-READ"]);

  // silence is not 不适用
  const [silent1 = ""] = [...told.keys()].filter((code) => told.get(code) === "right");
  const node = nodesOf(silent1).result;
  const cut = sent.replace(new RegExp(`(<\\w*:?${node}>)right(</)`), "$1$2");
  expect(cut).not.toBe(sent);
  writeFileSync(join(inbox, "uuid-1.xml"), cut);
  await imported(round, [join(inbox, "uuid-1.xml")], { today, replace: true });
  const again = recordsOf(round).find((each) => each.unit === unit);
  expect(again?.indicators.find((each) => each.code === silent1)?.result).toBe("unchecked");

  // one node twice: refused where the two say different things
  const right = new RegExp(`<(\\w*:?${node})>right</\\w*:?${node}>`);
  const doubled = async (from: RegExp, to: string) => {
    const text = sent.replace(from, to);
    expect(text).not.toBe(sent);
    writeFileSync(join(inbox, "uuid-6.xml"), text);
    const { refusal } = await imported(round, [join(inbox, "uuid-6.xml")], { today });
    const errors = refusal?.problems.filter(({ code }) => code.startsWith("E-")) ?? [];
    return errors.map(({ code, at, message }) => [code, at.value ?? message.zh]);
  };
  expect(await doubled(right, "<$1>right</$1><$1>wrong</$1>")).toEqual([["E-RECORDS-ITEM-TWICE", silent1]]);
  expect(await doubled(right, "<$1>wrong</$1><$1>right</$1>")).toEqual([["E-RECORDS-ITEM-TWICE", silent1]]);
  expect(await doubled(right, "<$1></$1><$1>right</$1><$1> right </$1><$1/>")).toEqual([["E-RECORDS-EXISTS", unit]]);
  expect(await doubled(/<(\w*:?team)>第一组</, "<$1>第二组</$1><$1>第一组<")).toEqual([
    ["E-RECORDS-PHONE", "team 填了两次，内容不同"],
  ]);

  // what nobody sees does not count, and is said
  const unseen = await mended("uuid-7.xml", ">notFound<", ">not\u200bFound<");
  expect(codesOf(unseen)).toEqual([]);
  expect(unseen.warnings.map(({ code, at }) => [code, at.value])).toContainEqual([
    "W-RECORDS-INVISIBLE",
    "not〔U+200B〕Found",
  ]);

  writeFileSync(join(inbox, "uuid-3.xml"), sent.replace(expected.manifestDigest, "e".repeat(64)));
  expect(codesOf(await imported(round, [join(inbox, "uuid-3.xml")], { today }))).toEqual(["E-RECORDS-OTHER-ROUND"]);

  // The submissions are kept as they came, and give the same records again.
  const anew = await replayHere({ round, entries: journalOf(round).entries, wanted: [] }, () => {});
  expect(anew).toMatchObject({ wrong: undefined, originals: 3, records: 2 });
});
