/** Forms for the phone within a round's folder. */
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeForms } from "../../src/forms/write-forms.ts";
import type { Round } from "../../src/round/round.ts";
import { silent } from "../../src/text/progress.ts";
import { scratchFolder } from "../support/chouqian.ts";
import { SMALL_PLAN, smallLedger } from "../support/ledger.ts";
import { ACTOR, drawnRound } from "../support/round.ts";
import { danglingReferences } from "./xform/references.ts";

let round: Round;
const scratch = scratchFolder("phone");
beforeAll(async () => {
  round = await drawnRound(join(scratch, "R1"), smallLedger(), SMALL_PLAN);
}, 180_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test("forms for the phone are made when asked for, and made anew with the others from then on", async () => {
  const folder = join(round.paths.forms, "汕头市", "phone");
  await writeForms(round, ACTOR, undefined, silent);
  expect(existsSync(folder)).toBe(false);
  await writeForms(round, ACTOR, undefined, silent, { forPhones: true });
  const bytes = () => Object.fromEntries(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file))]));
  const before = bytes();
  const classes = ["agricultural", "centralized", "domestic", "industrial", "mobile"];
  const names = classes.flatMap((name) => [`440500-${name}.xlsx`, `440500-${name}.xml`]);
  expect(Object.keys(before).sort()).toEqual([...names, "sources.csv"]);
  const csv = before["sources.csv"]?.toString("utf8") ?? "";
  expect(csv.trimEnd().split("\n")).toHaveLength(1 + 4 + 2 + 1 + 1 + 1);
  for (const name of classes) {
    const xml = before[`440500-${name}.xml`]?.toString("utf8") ?? "";
    expect(danglingReferences(xml, (csv.split("\n")[0] ?? "").split(","))).toEqual([]);
  }
  rmSync(join(folder, "440500-mobile.xml"));
  await writeForms(round, ACTOR, { cities: ["440500"] }, silent);
  expect(bytes()).toEqual(before);
});
