/** Forms divided otherwise than by city: names that Windows takes, nothing lost, nothing of somebody else removed. */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import PizZip from "pizzip";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { safeFileName } from "../../src/forms/file-names.ts";
import { filesBelow } from "../../src/forms/keep.ts";
import type { Loaded } from "../../src/forms/load-template.ts";
import { divide } from "../../src/forms/parts.ts";
import { IDENTITY_SHEET } from "../../src/forms/record-marks.ts";
import type { PlannedTask } from "../../src/forms/tasks.ts";
import type { FormTemplate } from "../../src/forms/template.ts";
import { type HowToMake, type Only, writeForms } from "../../src/forms/write-forms.ts";
import type { Round } from "../../src/round/round.ts";
import { journalOf } from "../../src/round/round.ts";
import { digest } from "../../src/text/canonical.ts";
import { silent } from "../../src/text/progress.ts";
import { verifyRound } from "../../src/verify/verify-round.ts";
import { source } from "../pdf/form-fixture.ts";
import { scratchFolder } from "../support/chouqian.ts";
import { SMALL_PLAN, smallLedger } from "../support/ledger.ts";
import { ACTOR, drawnRound } from "../support/round.ts";
import { rowsOf } from "../xlsx/workbooks.ts";

let round: Round;
const scratch = scratchFolder("parts");
beforeAll(async () => {
  round = await drawnRound(join(scratch, "R1"), smallLedger(), SMALL_PLAN);
}, 180_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const made = (only: Only, how: HowToMake) => writeForms(round, ACTOR, only, silent, how);
const idsIn = async (workbook: string) => {
  const rows = (await rowsOf(workbook, IDENTITY_SHEET)).map(({ cells }) => cells);
  return rows.slice(rows.findIndex(([first]) => first === "sheet") + 1).map(([, id]) => id ?? "");
};
const failures = async () => {
  const options = { ledgers: undefined, withoutLedger: true };
  const findings = await verifyRound(round, options as Parameters<typeof verifyRound>[1], silent);
  return findings.filter(({ outcome }) => outcome === "failed").map(({ detail }) => detail.zh);
};

describe("the parts of a division", () => {
  test("hold every source once, by county and by unit", async () => {
    await made(undefined, {});
    const whole = await idsIn(join(round.paths.forms, "汕头市", "核查记录表.xlsx"));
    for (const split of ["county", "unit"] as const) {
      const { parts } = await made(undefined, { split });
      const ids = await Promise.all(parts.map(({ folder }) => idsIn(join(round.folder, folder, "核查记录表.xlsx"))));
      expect(ids.flat().sort()).toEqual([...whole].sort());
      if (split === "unit") expect(ids.every(({ length }) => length === 1)).toBe(true);
    }
    expect(await failures()).toEqual([]);
  }, 180_000);

  test("are listed as sha256sum lists files, and a print that was changed is named", async () => {
    const { parts } = await made({ cities: ["440500"] }, { split: "unit" });
    const { list, listDigest } = journalOf(round).entries.at(-1)?.about ?? {};
    const text = readFileSync(join(round.paths.forms, String(list)), "utf8");
    expect(digest(text)).toBe(listDigest);
    for (const line of text.trimEnd().split("\n")) {
      const [sha256, path] = line.split("  ") as [string, string];
      expect(digest(readFileSync(join(round.paths.forms, path)))).toBe(sha256);
    }
    const file = `${parts[0]?.folder}/核查清单.pdf`;
    appendFileSync(join(round.folder, file), "x");
    expect(await failures()).toEqual([`${file} 被改动或替换`]);
    await made({ cities: ["440500"] }, { split: "unit" });
    expect(await failures()).toEqual([]);
  }, 180_000);

  test("of one unit are those of its place in the city", async () => {
    const [, second = ""] = await idsIn(join(round.paths.forms, "汕头市", "核查记录表.xlsx"));
    const { parts } = await made({ unit: second }, { split: "unit" });
    expect(parts.map(({ folder }) => folder)).toEqual([expect.stringMatching(/^forms\/按单位\/汕头市\/002 /)]);
    await expect(made({ unit: "0" }, { split: "unit" })).rejects.toThrow("E-FORMS-UNIT");
    await expect(made({ replacements: true }, { split: "unit" })).rejects.toThrow("E-FORMS-REPLACED");
    await expect(made(undefined, { split: "team" })).rejects.toThrow("E-FORMS-TEAM");
  }, 180_000);
});

describe("forms made again", () => {
  test("keep what was filled in and what somebody laid beside them", async () => {
    const folder = join(round.paths.forms, "汕头市");
    const photo = join(folder, "照片", "1.jpg");
    mkdirSync(dirname(photo));
    writeFileSync(photo, "photo");
    expect((await made(undefined, {})).kept).toEqual([]);
    appendFileSync(join(folder, "核查记录表.xlsx"), "filled in");
    const filled = readFileSync(join(folder, "核查记录表.xlsx"));
    const { kept } = await made(undefined, {});
    expect(kept).toEqual([expect.stringMatching(/^forms\/换下的记录表\/\d{4}-汕头市-核查记录表\.xlsx$/)]);
    expect(readFileSync(join(round.folder, kept[0] ?? ""))).toEqual(filled);
    expect(readFileSync(photo, "utf8")).toBe("photo");
    expect((await made(undefined, {})).kept).toEqual([]);
  }, 180_000);

  test("keep what somebody did in any folder of theirs, the phone's too", async () => {
    const folder = join(round.paths.forms, "汕头市");
    const phone = join(folder, "phone");
    await made(undefined, { forPhones: true });
    const own = readFileSync(join(phone, "440500-industrial.xlsx"));
    mkdirSync(join(phone, "440500-industrial-media"));
    mkdirSync(join(folder, "空"));
    writeFileSync(join(phone, "440500-industrial-media", "map.png"), "map");
    writeFileSync(join(phone, "说明.txt"), "note");
    writeFileSync(join(phone, "440500-industrial.xlsx"), "edited");
    writeFileSync(join(folder, "核查记录表.pdf"), "signed scan");
    mkdirSync(join(folder, "备份"));
    writeFileSync(join(folder, "备份", "核查记录表.xlsx"), "copy");
    writeFileSync(join(folder, "备份.zip"), "packed by hand");
    symlinkSync("../汕头市/备份", join(folder, "链接"));
    const { kept } = await made(undefined, {});
    expect(kept.map((path) => [path.replace(/^.*\/\d+-/, ""), readFileSync(join(round.folder, path), "utf8")])).toEqual(
      [
        ["汕头市-phone-440500-industrial.xlsx", "edited"],
        ["汕头市-核查记录表.pdf", "signed scan"],
      ],
    );
    expect(readFileSync(join(phone, "440500-industrial.xlsx"))).toEqual(own);
    expect(filesBelow(folder)).toEqual(
      expect.arrayContaining([
        "phone/440500-industrial-media/map.png",
        "phone/说明.txt",
        "备份.zip",
        "备份/核查记录表.xlsx",
      ]),
    );
    expect(existsSync(join(folder, "空"))).toBe(true);
    expect(readlinkSync(join(folder, "链接"))).toBe("../汕头市/备份");
    expect((await made(undefined, {})).kept).toEqual([]);
    for (const name of ["phone", "空", "备份", "备份.zip", "链接"]) rmSync(join(folder, name), { recursive: true });
  }, 180_000);

  test("keep a packed folder that the program did not pack", async () => {
    const zip = join(round.paths.forms, "汕头市.zip");
    writeFileSync(zip, "packed by hand");
    const { kept } = await made(undefined, {});
    expect(kept.map((path) => readFileSync(join(round.folder, path), "utf8"))).toEqual(["packed by hand"]);
    expect((await made(undefined, {})).kept).toEqual([]);
    rmSync(zip);
  }, 180_000);

  test("a file where a folder should be, or a folder where a file should, is refused before anything is written", async () => {
    const folder = join(round.paths.forms, "汕头市");
    const before = readFileSync(round.paths.journal);
    for (const [place, kind] of [
      [join(folder, "核查记录表.xlsx"), "folder"],
      [folder, "file"],
      [round.paths.forms, "file"],
    ] as const) {
      renameSync(place, join(scratch, "aside"));
      if (kind === "folder") mkdirSync(place);
      else writeFileSync(place, "");
      await expect(made(undefined, {})).rejects.toThrow("E-FILE-READ");
      rmSync(place, { recursive: true });
      renameSync(join(scratch, "aside"), place);
    }
    expect(readFileSync(round.paths.journal)).toEqual(before);
  }, 180_000);

  test("are packed the same each time, and anew with the folder from then on", async () => {
    const zip = join(round.paths.forms, "汕头市.zip");
    await made(undefined, { zip: true });
    const before = readFileSync(zip);
    expect(Object.keys(new PizZip(before).files)).toContain("汕头市/核查记录表.xlsx");
    rmSync(join(round.paths.forms, "汕头市", "照片"), { recursive: true });
    await made(undefined, { layout: "rows" });
    expect(Object.keys(new PizZip(readFileSync(zip)).files).filter((name) => name.includes("照片"))).toEqual([]);
    await made(undefined, { split: "county", zip: true });
    const counties = join(round.paths.forms, "按县区", "汕头市");
    const zips = readdirSync(counties).filter((name) => name.endsWith(".zip"));
    expect(zips.length).toBeGreaterThan(0);
    expect(zips.every((name) => existsSync(join(counties, name.slice(0, -4))))).toBe(true);
    const packed = readFileSync(join(counties, zips[0] ?? ""));
    await made(undefined, { split: "county", zip: true });
    expect(readFileSync(join(counties, zips[0] ?? ""))).toEqual(packed);
    expect(filesBelow(counties).some((file) => file.endsWith(".tmp"))).toBe(false);
  }, 180_000);
});

test("parts that Windows or macOS would put into one folder get one each", () => {
  const counties = ["A", "a", "金平区.", "金平区", "金平区（2）", "", "未填县区", "Å", "A\u030a"];
  const [form] = [{ name: "mobile" }] as unknown as Loaded<FormTemplate>[];
  const sources = [...counties, "A"].map((countyName, i) => source({ id: String(i), cityName: "汕头市", countyName }));
  const task = { sources, formOf: sources.map(() => 0), templates: [form] } as unknown as PlannedTask;
  const parts = divide([task], "county");
  expect(parts.map(({ folder, title, sources: own }) => [folder.at(-1), title, own.length])).toEqual([
    ["A", "汕头市A", 2],
    ["a（2）", "汕头市a", 1],
    ["金平区", "汕头市金平区.", 1],
    ["金平区（2）", "汕头市金平区", 1],
    ["金平区（2）（2）", "汕头市金平区（2）", 1],
    ["未填县区", "汕头市", 1],
    ["未填县区（2）", "汕头市未填县区", 1],
    ["Å", "汕头市Å", 1],
    ["A\u030a（2）", "汕头市A\u030a", 1],
  ]);
});

test("a file name is one that Windows takes, whatever the ledger says", () => {
  const device = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: "binary", maxLength: 60 }),
        fc.constantFrom("CON", "nul.txt", "a.", " .. ", "com1 ", "?"),
      ),
      (text) => {
        const name = safeFileName(text, 30, "_");
        expect(name).not.toMatch(/[<>:"/\\|?*\p{Cc}]|[. ]$|^\s/u);
        expect(name).not.toMatch(device);
        expect([...name].length).toBeLessThanOrEqual(31);
        expect(name).not.toBe("");
        expect(safeFileName(text, 30, "_")).toBe(name);
      },
    ),
    { numRuns: 2000, seed: 1 },
  );
});
