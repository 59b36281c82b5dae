/** Replacement in a round of its own: journal, list, forms, and what `verify` says. */
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readingOptions } from "../../src/cli/frame-reading.ts";
import { longerRanking } from "../../src/draw/compute.ts";
import { drawRound } from "../../src/draw/draw-round.ts";
import { readCurrentSample } from "../../src/draw/fates.ts";
import { manifestDigest, manifestText } from "../../src/draw/manifest.ts";
import { IDENTITY_SHEET } from "../../src/forms/record-marks.ts";
import { staleForms } from "../../src/forms/stale.ts";
import { staleTitle } from "../../src/forms/stale-words.ts";
import { writeForms } from "../../src/forms/write-forms.ts";
import { lockFrame } from "../../src/frame/lock-frame.ts";
import { openFrame } from "../../src/frame/locked.ts";
import { readPlan } from "../../src/plan/seal.ts";
import { refreshCurrentList } from "../../src/replace/papers.ts";
import { replaceUnit, undoReplacement } from "../../src/replace/replace-round.ts";
import { appendEntry } from "../../src/round/journal.ts";
import { newRound } from "../../src/round/new-round.ts";
import { journalOf, openRound, type Round, recordEvent } from "../../src/round/round.ts";
import { roundStatus } from "../../src/round/status.ts";
import { ChouqianError } from "../../src/text/errors.ts";
import { silent } from "../../src/text/progress.ts";
import { verifyRound } from "../../src/verify/verify-round.ts";
import { scratchFolder } from "../support/chouqian.ts";
import { SMALL_PLAN, smallLedger } from "../support/ledger.ts";
import { rowsOf } from "../xlsx/workbooks.ts";

const READING = readingOptions({ map: [], set: [] }, ".");
const actor = { name: "测试员", now: () => new Date("2019-10-01T00:00:00Z") };
let scratch = "";
let number = 0;
beforeAll(async () => {
  scratch = scratchFolder("replace");
  const folder = join(scratch, "good");
  newRound(folder, actor, { template: "provincial", name: "R1", cities: [], rate: undefined });
  writeFileSync(join(folder, "plan.yaml"), SMALL_PLAN);
  writeFileSync(join(scratch, "名录.csv"), smallLedger());
  const round = openRound(folder);
  await lockFrame(round, actor, [join(scratch, "名录.csv")], READING, false, silent);
  await drawRound(round, actor, "x", silent);
  await writeForms(round, actor, undefined, silent);
}, 180_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function copy(): Round {
  const folder = join(scratch, `case-${number++}`);
  cpSync(join(scratch, "good"), folder, { recursive: true });
  return openRound(folder);
}

const industrial = (round: Round) =>
  readCurrentSample(round).sample.strata.find(({ key }) => key === "440500/industrial")?.units ?? [];
const id = (round: Round, rank: number) => industrial(round)[rank - 1]?.id ?? "";
const replace = (round: Round, unit: string, reason = "不存在", evidence = ["注销证明"]) =>
  replaceUnit(round, actor, { unit, reason, evidence }, silent);
const undo = (round: Round, unit: string) => undoReplacement(round, actor, { unit, reason: "经复查存在" }, silent);
const codeOf = async (work: Promise<unknown>) => {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof ChouqianError) return error.code;
    throw error;
  }
};
async function failures(round: Round): Promise<string[]> {
  const findings = await verifyRound(round, { ledgers: undefined, withoutLedger: true }, silent);
  return findings.filter(({ outcome }) => outcome === "failed").map(({ detail }) => detail.zh);
}

test("a chain beyond the reserves goes on as a longer draw, has its forms, and is proven", async () => {
  const round = copy();
  const before = readFileSync(round.paths.manifest);
  const list = readFileSync(round.paths.sampleList);
  const steps = [id(round, 1), id(round, 5), id(round, 6)];
  for (const unit of steps) await replace(round, unit, unit === steps[2] ? "disaster" : "不存在");
  const { manifest, sample } = readCurrentSample(round);
  const frame = await openFrame(round);
  const { contributions, roundId } = manifest;
  const sealed = await readPlan(round);
  const longer = await longerRanking(roundId, frame, sealed, contributions, "440500/industrial", 8);
  frame.close();
  const last = sample.replacements.at(-1);
  expect([last?.isExtended, last?.by]).toEqual([true, longer[6]]);
  expect(longer.slice(0, 6)).toEqual(manifest.strata.find(({ key }) => key === "440500/industrial")?.units);
  expect([readFileSync(round.paths.manifest), readFileSync(round.paths.sampleList)]).toEqual([before, list]);

  const workbook = join(round.paths.forms, "汕头市", "核查记录表.xlsx");
  const index = (await rowsOf(workbook, "目录")).map(({ cells }) => cells.join("|"));
  expect(index.findIndex((row) => row.includes(last?.by?.id ?? "-") && row.includes("递补"))).toBeGreaterThan(0);
  expect(index.find((row) => row.includes("已替换的单位（3 家"))).toBeDefined();
  const identity = await rowsOf(workbook, "_chouqian");
  const own = identity.find(({ cells }) => cells[1] === last?.by?.id)?.cells;
  expect(own?.[3]).toBe("replacement");
  const sheet = (await rowsOf(workbook, own?.[0] ?? "")).flatMap(({ cells }) => cells);
  expect(sheet.find((cell) => cell.includes("，替换 "))).toContain("理由：灾害");
  expect(await failures(round)).toEqual([]);
  expect(roundStatus(round).replaced).toBe(3);
}, 180_000);

test("undo puts the unit back and its replacement to its place; an office that has second thoughts gains no choice", async () => {
  const round = copy();
  const [first, second] = [id(round, 1), id(round, 2)];
  const one = await replace(round, first);
  const two = await replace(round, second, "重复");
  expect(await codeOf(undo(round, first))).toBe("E-REPLACE-UNDO");
  await undo(round, second);
  await undo(round, first);
  expect(
    industrial(round)
      .filter(({ isInSample }) => isInSample)
      .map(({ rank }) => rank),
  ).toEqual([1, 2, 3, 4]);
  expect((await replace(round, second)).replacement.by?.id).toBe(one.replacement.by?.id);
  expect(two.replacement.by?.rank).toBe(6);
  expect(await failures(round)).toEqual([]);
}, 180_000);

test("a stratum without further units is one short, and says so", async () => {
  const round = copy();
  const stratum = () => readCurrentSample(round).sample.strata.find(({ key }) => key === "440500/centralized");
  for (let turn = 0; turn < 2; turn++) {
    await replace(round, stratum()?.units.find(({ isInSample }) => isInSample)?.id ?? "", "不属普查范围");
  }
  expect([stratum()?.missing, stratum()?.units.map(({ fate }) => fate)]).toEqual([1, ["replaced", "exhausted"]]);
  expect(await failures(round)).toEqual([]);
}, 180_000);

test("what is no reason, no evidence, no unit of the sample is refused, and nothing is written", async () => {
  const round = copy();
  const before = readFileSync(round.paths.journal, "utf8");
  expect(await codeOf(replace(round, id(round, 1), "找不到"))).toBe("E-REPLACE-NOT-A-REASON");
  expect(await codeOf(replace(round, id(round, 1), "拒绝核查"))).toBe("E-REPLACE-NOT-A-REASON");
  expect(await codeOf(replace(round, id(round, 1), "太远"))).toBe("E-REPLACE-REASON");
  expect(await codeOf(replace(round, id(round, 1), "不存在", []))).toBe("E-REPLACE-EVIDENCE");
  expect(await codeOf(replace(round, id(round, 1), "不存在", ["没有这个.pdf"]))).toBe("E-REPLACE-EVIDENCE");
  expect(await codeOf(replace(round, id(round, 5)))).toBe("E-REPLACE-UNIT");
  expect(await codeOf(replace(round, "没有这家"))).toBe("E-REPLACE-UNIT");
  expect(await codeOf(undo(round, id(round, 1)))).toBe("E-REPLACE-UNDO");
  expect(readFileSync(round.paths.journal, "utf8")).toBe(before);
  expect(existsSync(round.paths.replace)).toBe(false);
});

test("a unit that has a record is replaced for a reason that is told alone, and is listed with it", async () => {
  const round = copy();
  const [unit, other] = [id(round, 1), id(round, 2)];
  const about = { manifestDigest: manifestDigest(readCurrentSample(round).manifest), units: [unit] };
  recordEvent(round, actor, "records.imported", about);
  const line = journalOf(round).entries.length;
  const ask = (asked: string, despiteRecord?: string) =>
    replaceUnit(round, actor, { unit: asked, reason: "不存在", evidence: ["证明"], despiteRecord }, silent);
  const refused = await ask(unit).catch((error: ChouqianError) => error);
  expect(refused).toMatchObject({ code: "E-REPLACE-RECORDED" });
  expect((refused as ChouqianError).words.zh).toContain(`${unit} 已有核查记录（2019-10-01 导入，日志第 ${line} 行）`);
  expect(await codeOf(ask(unit, "  "))).toBe("E-REPLACE-RECORDED");
  expect(await codeOf(ask(other, "已查"))).toBe("E-REPLACE-NOT-RECORDED");
  expect(journalOf(round).entries).toHaveLength(line);

  const why = "核查后查明与另一家是同一单位";
  const recorded = { day: "2019-10-01", seq: line, why };
  expect((await ask(unit, ` ${why} `)).replacement.recorded).toEqual(recorded);
  expect(journalOf(round).entries.find(({ event }) => event === "replaced")?.about.despiteRecord).toBe(why);
  expect((await rowsOf(round.paths.currentList, "替换记录")).flatMap(({ cells }) => cells)).toContain(
    `2019-10-01 导入：${why}`,
  );
  const findings = async () =>
    (await verifyRound(round, { ledgers: undefined, withoutLedger: true }, silent)).find(
      ({ check }) => check === "replacements",
    );
  expect(await findings()).toMatchObject({ outcome: "passed" });
  expect((await findings())?.detail.zh).toContain("1 家替换时已有记录");

  // That its record was taken back is no way around it.
  const taken = copy();
  recordEvent(taken, actor, "records.imported", about);
  recordEvent(taken, actor, "records.dropped", { unit, units: [unit] });
  expect(await codeOf(replace(taken, unit))).toBe("E-REPLACE-RECORDED");

  // A line that tells no reason is one that the program does not write.
  const silenced = copy();
  const own = readCurrentSample(silenced).manifest.strata.find(({ key }) => key === "440500/industrial");
  recordEvent(silenced, actor, "records.imported", about);
  recordEvent(silenced, actor, "replaced", {
    ...{
      manifestDigest: about.manifestDigest,
      stratum: "440500/industrial",
      unit,
      reason: "does-not-exist",
      evidence: [],
    },
    ...{ replacement: own?.units[own.n]?.id ?? null, rank: own?.units[own.n]?.rank ?? null },
  });
  expect((await failures(silenced)).join()).toMatch(/替换 \S+，它已有核查记录（第 \d+ 行），没有写明为何仍退出样本/);

  // Nor does a replacement that has a record leave by an undoing that tells none.
  const undone = copy();
  const { replacement: made } = await replace(undone, unit);
  recordEvent(undone, actor, "records.imported", { ...about, units: [made.by?.id ?? ""] });
  expect(await codeOf(undo(undone, unit))).toBe("E-REPLACE-RECORDED");
  recordEvent(undone, actor, "replacement.undone", {
    ...{ manifestDigest: about.manifestDigest, stratum: "440500/industrial", unit },
    ...{ replacement: made.by?.id ?? null, reason: "经复查存在" },
  });
  expect((await failures(undone)).join()).toMatch(/撤销替换，退出的 \S+，它已有核查记录/);
});

test("a workbook that was filled in is kept; one that nobody touched is not", async () => {
  const round = copy();
  const workbook = join(round.paths.forms, "汕头市", "核查记录表.xlsx");
  expect((await replace(round, id(round, 1))).papers.kept).toEqual([]);
  writeFileSync(workbook, "已填写");
  const { kept } = (await replace(round, id(round, 2))).papers;
  expect(kept.map((path) => readFileSync(join(round.folder, path), "utf8"))).toEqual(["已填写"]);
}, 180_000);

test("a city's workbook keeps the layout that it was made in", async () => {
  const round = copy();
  const layout = async () => {
    const rows = (await rowsOf(join(round.paths.forms, "汕头市", "核查记录表.xlsx"), IDENTITY_SHEET)).map(
      (r) => r.cells,
    );
    const sheets = rows.slice(rows.findIndex(([first]) => first === "sheet") + 1).map(([sheet]) => sheet);
    return new Set(sheets).size === sheets.length ? "source" : "rows";
  };
  await replace(round, id(round, 1));
  expect(await layout()).toBe("source");
  await writeForms(round, actor, undefined, silent, { layout: "rows" });
  expect(await layout()).toBe("rows");
  await replace(round, id(round, 2));
  expect(await layout()).toBe("rows");
}, 180_000);

test("verify names evidence that was changed, a list or forms that lag behind, and a replacement that was chosen", async () => {
  const round = copy();
  const proof = join(scratch, "注销.txt");
  writeFileSync(proof, "已注销");
  const { replacement } = await replace(round, id(round, 1), "不存在", ["市场监管局告知", proof]);
  const [, file] = replacement.evidence;
  expect(file).toMatchObject({ file: "注销.txt" });
  const sha256 = file !== undefined && "sha256" in file ? file.sha256 : "";
  const kept = join(round.paths.replace, "佐证材料", `${sha256.slice(0, 12)}-注销.txt`);
  writeFileSync(kept, "已注消");
  expect(await failures(round)).toEqual([expect.stringContaining("注销.txt 被改动")]);
  writeFileSync(kept, "已注销");

  const own = manifestDigest(readCurrentSample(round).manifest);
  const about = (unit: string, to: { id: string; rank: number }) => ({
    manifestDigest: own,
    stratum: "440500/industrial",
    unit,
    reason: "duplicate",
    evidence: [],
    replacement: to.id,
    rank: to.rank,
  });
  const reserve = industrial(round)[5];
  if (reserve === undefined) throw new Error("no second reserve");
  const journal = readFileSync(round.paths.journal, "utf8");
  recordEvent(round, actor, "replaced", about(id(round, 2), reserve));
  const lagging = await failures(round);
  expect(lagging).toHaveLength(2);
  expect(lagging[0]).toContain("第 2 家应为");
  expect(lagging[1]).toContain("汕头市");
  await refreshCurrentList(round);
  expect(await failures(round)).toHaveLength(1);

  const [, second = "", third = ""] = industrial(round).map((unit) => unit.id);
  const forge = (text: string, told: ReturnType<typeof about>) =>
    appendEntry(text, { event: "replaced", time: "2019-10-01T00:00:00.000Z", actor: "", about: told });
  writeFileSync(round.paths.journal, forge(journal, about(second, { id: third, rank: 3 })));
  expect((await failures(round))[0]).toContain(`应由 ${reserve.id} 递补`);

  const invented = { id: "9", name: "", rank: 7, role: "reserve", ticket: "", inclusionProbability: 1 };
  const one = forge(journal, about(second, reserve));
  const told = { ...about(third, invented), extended: invented };
  writeFileSync(round.paths.journal, forge(one, told));
  expect((await failures(round))[0]).toContain("440500/industrial 第 7 位应为");
}, 180_000);

test("the list tells origin and fate, the same bytes for the same journal", async () => {
  const round = copy();
  await replace(round, id(round, 1));
  const bytes = readFileSync(round.paths.currentList);
  rmSync(round.paths.currentList);
  await refreshCurrentList(round);
  expect(readFileSync(round.paths.currentList)).toEqual(bytes);
  const rows = (await rowsOf(round.paths.currentList, "样本现状")).map(({ cells }) => cells);
  const fates = rows.filter((cells) => cells[3] === "工业源").map((cells) => [cells[8], cells[9]]);
  expect(fates).toEqual([
    ["样本", "已替换"],
    ["样本", "样本"],
    ["样本", "样本"],
    ["样本", "样本"],
    ["备选", "递补"],
    ["备选", "备选"],
  ]);
  expect(manifestText(readCurrentSample(round).manifest)).toBe(readFileSync(round.paths.manifest, "utf8"));
}, 180_000);

test("forms divided by unit from before a replacement are told apart until they are made again, and the dead unit's go", async () => {
  const round = copy();
  const stale = async () => (await staleForms(round, journalOf(round).entries)).map((each) => staleTitle(each).zh);
  const below = (...folder: string[]) => readdirSync(join(round.paths.forms, ...folder)).sort();
  const numbered = (names: readonly string[]) => names.map((name, i) => `${String(i + 1).padStart(3, "0")} ${name}`);
  const inOrder = () => {
    const { strata } = readCurrentSample(round).sample;
    const classes = ["industrial", "agricultural", "domestic", "centralized", "mobile"];
    return classes.flatMap((each) =>
      strata
        .filter(({ key }) => key.endsWith(each))
        .flatMap(({ units }) => units.filter(({ isInSample }) => isInSample).map(({ name }) => name)),
    );
  };
  const nameOf = (unit: string) => industrial(round).find(({ id: own }) => own === unit)?.name ?? "";
  const byUnit = (only: Parameters<typeof writeForms>[2]) => writeForms(round, actor, only, silent, { split: "unit" });
  await byUnit(undefined);
  expect([await stale(), below("按单位", "汕头市")]).toEqual([[], numbered(inOrder())]);
  // somebody lays a photo beside the forms of a unit that stays and gets another number
  const [gone, stays] = [id(round, 2), nameOf(id(round, 3))];
  writeFileSync(join(round.paths.forms, "按单位", "汕头市", `003 ${stays}`, "照片.jpg"), "x");
  const { replacement } = await replace(round, gone);
  expect(await stale()).toEqual(["forms/按单位 ↔ 现在的样本"]);
  const check = async () =>
    (await verifyRound(round, { ledgers: undefined, withoutLedger: false }, silent))
      .filter(({ check: name }) => name === "forms-stale")
      .map(({ outcome, title, detail }) => `${outcome} ${title.zh} ${detail.zh}`);
  const found = [
    "skipped forms/按单位 ↔ 现在的样本 汕头市：在替换或补充抽查之前制作，不要再用；应重做：chouqian -C 轮次文件夹 forms --split unit",
  ];
  expect(await check()).toEqual(found);
  // the newcomer's alone do not make the others new, but the dead unit's forms lie there no longer
  const { moved } = await byUnit({ replacements: true });
  expect(moved).toEqual([
    expect.stringMatching(new RegExp(`^forms/换下的记录表/\\d{4}-按单位-汕头市-002 ${nameOf(gone)}$`)),
  ]);
  expect(existsSync(join(round.folder, moved[0] ?? "", "核查记录表.pdf"))).toBe(true);
  expect(await check()).toEqual(found);
  const again = await byUnit({ cities: ["440500"] });
  expect(again.moved).toEqual([expect.stringMatching(new RegExp(`-003 ${stays}$`))]);
  expect(readdirSync(join(round.folder, again.moved[0] ?? ""))).toContain("照片.jpg");
  expect([await stale(), await check()]).toEqual([[], []]);
  expect(below("按单位", "汕头市")).toEqual(numbered(inOrder()));
  expect(inOrder()).toContain(replacement.by?.name);
  expect(inOrder()).not.toContain(nameOf(gone));
  expect(await failures(round)).toEqual([]);
}, 180_000);
