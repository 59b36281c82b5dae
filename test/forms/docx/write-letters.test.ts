/** Letters within a round's folder. */
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeLetters } from "../../../src/forms/docx/write-letters.ts";
import type { Round } from "../../../src/round/round.ts";
import { assetPath } from "../../../src/text/assets.ts";
import { scratchFolder } from "../../support/chouqian.ts";
import { SMALL_PLAN, smallLedger } from "../../support/ledger.ts";
import { drawnRound } from "../../support/round.ts";
import { saved } from "../../xlsx/workbooks.ts";

let round: Round;
const scratch = scratchFolder("letters");
beforeAll(async () => {
  round = await drawnRound(join(scratch, "R1"), smallLedger(["汕头", "云浮"]), SMALL_PLAN);
}, 180_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test("a template is filled for each city, again to the same bytes, and for one city alone", async () => {
  const template = join(scratch, "通知.docx");
  cpSync(assetPath("samples", "notice-template.docx"), template);
  const files = await writeLetters(round, template, undefined);
  expect(files).toEqual(["forms/公文/通知/汕头市.docx", "forms/公文/通知/云浮市.docx"]);
  const bytes = () => files.map((file) => readFileSync(join(round.folder, file)));
  const before = bytes();
  expect(before[0]).not.toEqual(before[1]);
  await writeLetters(round, template, undefined);
  expect(await writeLetters(round, template, ["440500"])).toEqual(["forms/公文/通知/汕头市.docx"]);
  expect(bytes()).toEqual(before);
});

test("files of somebody else beside the letters stay, and a template is not written over", async () => {
  const letters = join(round.paths.forms, "公文", "通知");
  writeFileSync(join(letters, "送达回执.pdf"), "scan");
  await writeLetters(round, join(scratch, "通知.docx"), undefined);
  expect(readFileSync(join(letters, "送达回执.pdf"), "utf8")).toBe("scan");
  const inside = join(letters, "通知.docx");
  cpSync(join(scratch, "通知.docx"), inside);
  await expect(writeLetters(round, inside, undefined)).rejects.toMatchObject({ code: "E-DOCX-PLACE" });
  rmSync(inside);
});

test("a template that is refused leaves nothing behind", async () => {
  await expect(writeLetters(round, saved("文字", "坏.docx"), undefined)).rejects.toMatchObject({
    code: "E-DOCX-INVALID",
  });
  expect(readdirSync(join(round.paths.forms, "公文"))).toEqual(["通知"]);
});
