/** A round from ledger to verdict, by the files alone. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import stringWidth from "string-width";
import { beforeAll, describe, expect, test } from "vitest";
import { sayIn } from "../../src/cli/command.ts";
import { program } from "../../src/cli/program.ts";
import { readCurrentSample } from "../../src/draw/fates.ts";
import { manifestDigest } from "../../src/draw/manifest.ts";
import type { Evaluation } from "../../src/evaluate/evaluation.ts";
import { leanReader } from "../../src/records/read-lean.ts";
import { readAreas } from "../../src/records/read-records.ts";
import { compareRecords, type SourceRecord } from "../../src/records/record.ts";
import { writeRecords } from "../../src/records/store.ts";
import { journalOf, openRound } from "../../src/round/round.ts";
import { silent } from "../../src/text/progress.ts";
import { followUpFindings } from "../../src/verify/follow-up-findings.ts";
import { plainText, readPdf } from "../pdf/read-pdf.ts";
import { scratchFolder } from "../support/chouqian.ts";
import { filledBy } from "../support/filled-round.ts";
import { SMALL_PLAN, smallLedger } from "../support/ledger.ts";
import { loaded } from "../xlsx/workbooks.ts";

const actor = { name: "测试员", now: () => new Date() };
let folder: string;

/** Runs a command in this process; returns what it printed. */
async function run(...args: string[]): Promise<string> {
  const printed: string[] = [];
  const write = process.stdout.write;
  process.stdout.write = ((text: string) => {
    printed.push(text);
    return true;
  }) as typeof write;
  try {
    await program(sayIn("zh"), "zh").parseAsync(args, { from: "user" });
  } finally {
    process.stdout.write = write;
  }
  return printed.join("");
}

/** @param worst code of an indicator that is wrong wherever it is checked */
function fill(worst?: string) {
  const round = openRound(folder);
  const { manifest, sample } = readCurrentSample(round);
  const robot = { seed: 7, errorRate: (city: string) => (city === "440500" ? 0.3 : 0), teams: ["甲组", "乙组"] };
  const own = manifestDigest(manifest);
  const filled = filledBy(robot, own, manifest.roundId, sample);
  for (const { indicators } of filled) {
    for (const [i, each] of indicators.entries()) {
      if (each.code === worst && each.result === "right") indicators[i] = { ...each, found: "2", result: "wrong" };
    }
  }
  const records = filled.map((each, i) => ({ ...each, date: `2019-09-${16 + (i % 9)}` })).sort(compareRecords);
  const source = { file: "清查.csv", sha256: "c".repeat(64) };
  const area = { spec: "records/1" as const, roundId: "R1", city: "440500", county: "440507", team: "", source };
  const checked = [1, 2, 3].map((i) => ({
    ...area,
    area: `0${i}`,
    listed: 20,
    found: 20,
    omitted: i - 1,
    duplicates: 0,
  }));
  const units = records.map(({ unit }) => unit);
  writeRecords(round, actor, "records.imported", records, checked, { manifestDigest: own, units });
}

/** The clock of this test goes on, and with it the digests of the journal's lines. */
function unclocked(text: string): string {
  return text.replace(/(\d+:)[0-9a-f]{16}/g, "$1================");
}

beforeAll(async () => {
  folder = join(scratchFolder("evaluate"), "轮次");
  const ledger = join(dirname(folder), "名录.csv");
  writeFileSync(ledger, smallLedger(["汕头", "佛山"]));
  await run("new", folder, "--template", "provincial", "--name", "R1");
  writeFileSync(join(folder, "plan.yaml"), SMALL_PLAN);
  await run("-C", folder, "frame", "lock", ledger, "--quiet");
  await run("-C", folder, "draw", "--seed", "1", "--quiet");
}, 180_000);

describe("evaluate", () => {
  test("refuses a round without records", async () => {
    await expect(run("-C", folder, "evaluate", "--quiet")).rejects.toMatchObject({ code: "E-RECORDS-MISSING" });
  });

  test("shows each city within 80 columns, and the file says the same as --json", async () => {
    fill();
    const shown = await run("-C", folder, "evaluate", "--by", "cityClass");
    expect(shown).toContain("汕头市");
    await expect(unclocked(shown)).toMatchFileSnapshot("golden/evaluate.txt");
    const lines = shown.split("\n").filter((line) => !line.startsWith("差错原因"));
    expect(lines.filter((line) => stringWidth(line) > 80)).toEqual([]);
    const { evaluation } = JSON.parse(await run("-C", folder, "evaluate", "--json")) as { evaluation: Evaluation };
    expect(JSON.parse(readFileSync(join(folder, "results", "evaluation.json"), "utf8"))).toEqual(evaluation);
    const shantou = evaluation.estimates.find(({ kind, key }) => kind === "city" && key === "440500");
    expect(shantou).toMatchObject({ n: 9, method: "kornGraubard", N: 25, isEstimatedN: false });
    expect(evaluation.verdicts.map(({ name }) => name)).toEqual(["汕头市", "佛山市"]);
    expect(evaluation.areas[0]).toMatchObject({ listed: 60, omitted: 3, omission: { rate: 0.047619047619 } });
  });

  test("records that do not count, or are not settled, are warned of", async () => {
    const copy = join(dirname(folder), "另存");
    cpSync(folder, copy, { recursive: true });
    const round = openRound(copy);
    const [first, ...others] = readFileSync(round.paths.records, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as SourceRecord);
    const { manifest, sample } = readCurrentSample(round);
    const reserve = sample.strata.flatMap(({ units }) => units).find(({ fate }) => fate === "reserve");
    if (first === undefined || reserve === undefined) throw new Error("a record and a reserve are needed");
    const records = [
      { ...first, visit: "first" as const },
      { ...first, visit: "second" as const, team: "复核组", outcome: "closed" as const, indicators: [] },
      { ...first, unit: reserve.id },
      ...others,
    ].sort(compareRecords);
    const about = { manifestDigest: manifestDigest(manifest), units: records.map(({ unit }) => unit) };
    const warnings = (text: string) => text.split("\n").filter((line) => line.startsWith("!"));
    expect(warnings(await run("-C", copy, "evaluate", "--no-reports"))).toEqual([]);
    writeRecords(round, actor, "records.imported", records, [], about);
    const shown = warnings(await run("-C", copy, "evaluate", "--no-reports"));
    expect(shown).toEqual([
      "! 1 家两次录入不同而未裁定，暂以第一次为准：records compare、settle",
      "! 1 家有记录而不在现有样本里（已替换，或未启用的备选），未计入",
    ]);
    expect(shown.filter((line) => stringWidth(line) > 80)).toEqual([]);
  });

  test("a place that cannot be written to leaves everything as it was, and is named", async () => {
    const copy = join(dirname(folder), "写不了");
    cpSync(folder, copy, { recursive: true });
    const { paths } = openRound(copy);
    const before = [paths.journal, paths.evaluation].map((path) => readFileSync(path, "utf8"));
    const stop = join(paths.results, "评定汇总.xlsx");
    rmSync(stop);
    mkdirSync(stop);
    const refused = { code: "E-FILE-WRITE", exitCode: 2, message: expect.stringContaining("评定汇总.xlsx") };
    await expect(run("-C", copy, "evaluate", "--quiet")).rejects.toMatchObject(refused);
    expect([paths.journal, paths.evaluation].map((path) => readFileSync(path, "utf8"))).toEqual(before);
    rmSync(paths.results, { recursive: true });
    writeFileSync(paths.results, "");
    await expect(run("-C", copy, "evaluate", "--quiet")).rejects.toMatchObject({ code: "E-FILE-WRITE", exitCode: 2 });
    expect(readFileSync(paths.journal, "utf8")).toBe(before[0]);
  });

  test("writes reports that say what the figures say, and verify finds one that was changed", async () => {
    const results = join(folder, "results");
    const { pages } = await readPdf(readFileSync(join(results, "核查评定报告.pdf")));
    await expect(unclocked(plainText(pages))).toMatchFileSnapshot("golden/report.txt");
    const city = await readPdf(readFileSync(join(results, "汕头市", "核查评定报告.pdf")));
    await expect(unclocked(plainText(city.pages))).toMatchFileSnapshot("golden/report-city.txt");
    const { sample } = readCurrentSample(openRound(folder));
    const names = sample.strata.flatMap(({ units }) => units.flatMap(({ id, name }) => [id, name]));
    const told = [
      await run("-C", folder, "evaluate", "--redact"),
      await run("-C", folder, "evaluate", "--redact", "--json"),
    ];
    for (const path of readdirSync(results, { recursive: true, encoding: "utf8" })) {
      told.push(path);
      if (path.endsWith(".json")) told.push(readFileSync(join(results, path), "utf8"));
      if (path.endsWith(".pdf")) {
        const bytes = readFileSync(join(results, path));
        told.push(plainText((await readPdf(bytes)).pages), bytes.toString("latin1"));
      }
      if (path.endsWith(".xlsx")) {
        const book = await loaded(readFileSync(join(results, path)));
        told.push(
          JSON.stringify([book.title, ...book.worksheets.map((sheet) => [sheet.name, sheet.getSheetValues()])]),
        );
      }
    }
    // Neither screen nor products name a unit; what people wrote by hand is not on a redacted screen.
    for (const name of names.filter((text) => text !== "")) {
      expect(told.filter((text) => text.includes(name))).toEqual([]);
    }
    for (const written of ["甲组", "乙组", "单位换算错误"]) {
      expect(told.slice(0, 2).filter((text) => text.includes(written))).toEqual([]);
    }
    const paper = await readPdf(readFileSync(join(results, "汕头市", "质量核查情况汇总表.pdf")));
    await expect(unclocked(plainText(paper.pages))).toMatchFileSnapshot("golden/city-paper.txt");
    const printed = join(dirname(folder), "汇总表.pdf");
    const print = ["-C", folder, "templates", "print", "city-summary", "--city", "汕头", "--output", printed];
    expect(await run(...print)).toContain("已按现在的评定填写");
    expect(plainText((await readPdf(readFileSync(printed))).pages)).toBe(plainText(paper.pages));
    const evaluated = readFileSync(join(results, "evaluation.json"));
    writeFileSync(join(results, "evaluation.json"), `${evaluated} `);
    expect(await run(...print)).toContain("评定的数字留空：");
    expect(plainText((await readPdf(readFileSync(printed))).pages)).not.toContain("不达标（把握");
    writeFileSync(join(results, "evaluation.json"), evaluated);
    expect(await run("-C", folder, "verify")).toMatch(/✓ 评定报告 ↔ 重新制作：6 个文件逐字节一致/);
    const path = join(results, "佛山市", "核查评定报告.pdf");
    const bytes = readFileSync(path);
    writeFileSync(path, Buffer.concat([bytes, Buffer.from("x")]));
    expect(await run("-C", folder, "verify")).toMatch(
      /✗ 评定报告 ↔ 重新制作：results\/佛山市\/核查评定报告.pdf 与评定结果不符/,
    );
    writeFileSync(path, bytes);
    process.exitCode = undefined;
  });

  test("a follow-up draws the next of each ranking, is evaluated with the first stage, and verified", async () => {
    const shown = await run("-C", folder, "plan", "followup", "--city", "汕头", "--number", "5");
    expect(shown).toContain("1 个市补充 5 家");
    expect(shown.split("\n").filter((line) => stringWidth(line) > 80)).toEqual([]);
    const round = openRound(folder);
    expect(readCurrentSample(round).sample.followUps).toEqual([]);
    const draw = ["-C", folder, "plan", "followup", "--city", "汕头", "--number", "5", "--draw", "--quiet"];
    await expect(run(...draw)).rejects.toMatchObject({ code: "E-FOLLOWUP-REASON" });
    await run(...draw, "--reason", "定论不足");
    const { manifest, sample } = readCurrentSample(round);
    for (const { key, n, reached, units } of sample.strata) {
      const inSample = units.filter(({ isInSample }) => isInSample);
      expect(
        inSample.map(({ rank }) => rank),
        key,
      ).toEqual(Array.from({ length: reached }, (_, i) => i + 1));
      expect(inSample.filter(({ fate }) => fate === "followUp")).toHaveLength(reached - n);
    }
    // Four reserves in the manifest at most are used first; who comes after them is computed from the frame.
    expect(sample.strata.flatMap(({ units }) => units).some(({ isExtended }) => isExtended)).toBe(true);
    await expect(run(...draw, "--reason", "再补")).rejects.toMatchObject({ code: "E-FOLLOWUP-OPEN" });
    // The evaluation was one of the first stage, and still is: outdated, not forged.
    const outdated = "评定已过时，样本其后有变动，请重新 evaluate";
    expect(await run("-C", folder, "status")).toContain(`○ 评定：${outdated}`);
    expect(await run("-C", folder, "verify")).toContain(
      `－ 核查记录 → 评定结果：${outdated}（按当时的样本和记录重算一致，2 个市）`,
    );
    process.exitCode = undefined;
    fill();
    const both = "评定已过时，样本和记录其后有变动，请重新 evaluate";
    expect(await run("-C", folder, "status")).toContain(`○ 评定：${both}`);
    const untouched = await run("-C", folder, "verify");
    expect(untouched).toContain(`－ 核查记录 → 评定结果：${both}`);
    expect(untouched).toContain("✓ 评定报告 ↔ 日志：6 个文件未改动");
    // What lies there must still be what the journal recorded.
    const report = join(folder, "results", "佛山市", "核查评定报告.pdf");
    for (const [path, told] of [
      [round.paths.evaluation, /✗ 核查记录 → 评定结果：与日志第 \d+ 行不符/],
      [report, /✗ 评定报告 ↔ 日志：results\/佛山市\/核查评定报告.pdf 被改动/],
    ] as const) {
      const bytes = readFileSync(path);
      writeFileSync(path, Buffer.concat([bytes, Buffer.from(" ")]));
      expect(await run("-C", folder, "verify")).toMatch(told);
      writeFileSync(path, bytes);
      process.exitCode = undefined;
    }
    const { evaluation } = JSON.parse(await run("-C", folder, "evaluate", "--json")) as { evaluation: Evaluation };
    expect(await run("-C", folder, "status")).toContain("✓ 评定：评定摘要");
    const shantou = evaluation.estimates.find(({ kind, key }) => kind === "city" && key === "440500");
    expect(shantou).toMatchObject({ n: 14, N: 25 });
    expect(evaluation.manifestDigest).toBe(manifestDigest(manifest));
    // What was said before, how many joined, and how sure the verdict is now, in both reports.
    const [verdict] = evaluation.verdicts;
    expect(verdict).toMatchObject({
      sample: 14,
      recorded: 14,
      earlier: [{ verdict: "notMet", alpha: 0.05, further: 5 }],
    });
    const told = "补充抽查：汕头市首次评定为不达标（把握95%），补充抽查5家，合并评定为";
    for (const path of ["", "汕头市"]) {
      const { pages } = await readPdf(readFileSync(join(folder, "results", path, "核查评定报告.pdf")));
      expect(plainText(pages)).toContain(told);
    }
    const verified = await run("-C", folder, "verify");
    expect(verified).toMatch(/补充抽查 5 家，都是该层排序的后续/);
    expect(verified).toMatch(/－ 补充抽查 ↔ 当时的评定：日志第 \d+ 行的未核对/);
    // The records come from no file, which verify tells; nothing else is wrong.
    expect(verified.split("\n").filter((line) => /✗ (?!核查记录 ↔ 原表)/.test(line))).toEqual([]);
    process.exitCode = undefined;
  }, 60_000);

  test("a further follow-up waits for the records of the last one alone, not for a replacement elsewhere", async () => {
    const copy = join(dirname(folder), "再补");
    cpSync(folder, copy, { recursive: true });
    const { sample } = readCurrentSample(openRound(copy));
    const replaced = sample.strata
      .filter(({ key }) => key === "440600/industrial")
      .flatMap(({ units }) => units)
      .find(({ isInSample, role }) => isInSample && role !== "certainty");
    const replace = ["-C", copy, "replace", replaced?.id ?? "", "--reason", "不存在", "--evidence", "已注销"];
    await expect(run(...replace, "--quiet")).rejects.toMatchObject({ code: "E-REPLACE-RECORDED" });
    await run(...replace, "--despite-record", "记录之后注销", "--quiet");
    const shown = await run("-C", copy, "plan", "followup", "--city", "汕头", "--number", "2");
    expect(shown).toContain("1 个市补充 2 家");

    // Whose record counts no longer is named on the screen, in the reports and in the workbook.
    expect(await run("-C", copy, "replace")).toMatch(/已有 \S+ 导入的记录，仍退出：记录之后注销/);
    const told = await run("-C", copy, "evaluate");
    expect(told).toContain("! 1 家在已有核查记录之后被替换，记录不计入：replace 列出理由");
    expect(told).toContain(`  ${replaced?.id}，记录 `);
    const evaluation = JSON.parse(readFileSync(join(copy, "results", "evaluation.json"), "utf8")) as Evaluation;
    expect(evaluation.scrutiny.replaced).toMatchObject([{ unit: replaced?.id, city: "440600", why: "记录之后注销" }]);
    for (const [path, times] of [
      ["", 1],
      ["佛山市", 1],
      ["汕头市", 0],
    ] as const) {
      const { pages } = await readPdf(readFileSync(join(copy, "results", path, "核查评定报告.pdf")));
      const named = plainText(pages).split(`1家在已有核查记录之后被替换，记录不计入：${replaced?.id}`);
      expect([path, named.length - 1]).toEqual([path, times]);
    }
    const book = await loaded(readFileSync(join(copy, "results", "评定汇总.xlsx")));
    expect(JSON.stringify(book.getWorksheet("替换前已有记录")?.getSheetValues())).toContain("记录之后注销");
  });

  test("verify computes it anew, and finds a record that was changed afterwards", async () => {
    expect(await run("-C", folder, "verify")).toMatch(/✓ 核查记录 → 评定结果：重算一致/);
    const { paths } = openRound(folder);
    const text = readFileSync(paths.records, "utf8");
    writeFileSync(paths.records, text.replace('"result":"right"', '"result":"wrong"'));
    expect(await run("-C", folder, "verify")).toMatch(/✗ 核查记录 → 评定结果/);
    process.exitCode = undefined;
    fill();
  });

  test("a follow-up of the worst indicators says which and why, and verify finds one that its rule does not give", async () => {
    await expect(run("-C", folder, "plan", "followup", "--worst", "2")).rejects.toMatchObject({
      code: "E-FOLLOWUP-NO-WORST",
    });
    fill("S103.01");
    const asked = ["-C", folder, "plan", "followup", "--worst", "1", "--number", "3"];
    const shown = await run(...asked);
    expect(shown).toMatch(/S103\.01/);
    expect(shown).toContain("再查：指定的 3 家");
    expect(shown.split("\n").filter((line) => stringWidth(line) > 80)).toEqual([]);
    await run(...asked, "--draw", "--reason", "跟踪最差指标", "--quiet");
    const round = openRound(folder);
    const { entries } = journalOf(round);
    const { about } = entries.at(-1) as (typeof entries)[number];
    expect(about).toMatchObject({ asked: { worst: 1, number: 3, city: null, class: null }, indicators: ["S103.01"] });
    const strata = about.strata as unknown as { stratum: string; units: string[] }[];
    expect(strata.every(({ stratum }) => !stratum.endsWith("industrial"))).toBe(true);
    expect(strata.reduce((sum, { units }) => sum + units.length, 0)).toBeGreaterThanOrEqual(3);
    // The records of this test come from no original: as they stood is known to it alone.
    const own = { roundId: "R1", manifestDigest: String(about.manifestDigest) };
    const records = { read: await leanReader(round, silent)(own), ...readAreas(round) };
    const at = new Map([[entries.at(-1)?.seq ?? 0, records]]);
    const replayed = { wrong: undefined, originals: 0, records: 0 };
    const found = (all: typeof entries) => followUpFindings(round, all, silent, async () => ({ ...replayed, at }));
    expect((await found(entries))[0]?.detail.zh).toContain("；1 次的各层家数与规则重算一致");
    const forged = entries.map((each) =>
      each.about === about ? { ...each, about: { ...about, asked: { number: 9 } } } : each,
    );
    expect(await found(forged)).toMatchObject([{ check: "follow-up", outcome: "failed" }]);
    const renamed = entries.map((each) =>
      each.about === about ? { ...each, about: { ...about, indicators: ["S103.02"] } } : each,
    );
    expect((await found(renamed))[0]?.detail.zh).toContain("按规则应为 S103.01，记录的是 S103.02");
    // Where the records of that time cannot be had, it is not checked, and that is said.
    const unknown = { ...replayed, at: new Map() };
    expect(await followUpFindings(round, forged, silent, async () => unknown)).toMatchObject([
      { outcome: "skipped", detail: { zh: expect.stringContaining("未核对") } },
    ]);
    fill("S103.01");
    process.exitCode = undefined;
  });
});
