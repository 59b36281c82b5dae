/** Checks that every replacement was by the next unit of its stratum, and that list and evidence are as recorded. */
import { existsSync, readFileSync } from "node:fs";
import { teamsOf } from "../assign/newcomer-teams.ts";
import { longerRanking } from "../draw/compute.ts";
import type { FollowUp } from "../draw/follow-up.ts";
import { type DrawnUnit, drawIdOfManifest, type Manifest } from "../draw/manifest.ts";
import {
  type CurrentUnit,
  currentSample,
  FATE_NAMES,
  type Replacement,
  readReplacements,
  type Undone,
} from "../draw/replacement.ts";
import { openFrame } from "../frame/locked.ts";
import { readPlan } from "../plan/seal.ts";
import { REPLACEMENT_REASONS } from "../reference/replacement-reasons.ts";
import { CURRENT_HEADINGS, CURRENT_SHEET, teamIn, unitsInOrder } from "../replace/current-list.ts";
import { evidencePath } from "../replace/evidence.ts";
import type { JournalEntry } from "../round/journal.ts";
import { isAboutSample } from "../round/outdated.ts";
import { type Round, readTextFile } from "../round/round.ts";
import { digest, type JsonValue } from "../text/canonical.ts";
import { type Words, words } from "../text/words.ts";
import { readSheet, type SheetRow } from "../xlsx/read.ts";
import { firstDifference } from "./difference.ts";
import { type Finding, failed, passed } from "./finding.ts";

const TITLE = words("替换", "replacements");
const LIST_TITLE = words("样本现状.xlsx ↔ 样本清单和日志", "current list ↔ manifest and journal");

/** Nothing where nothing was ever replaced. */
export async function replacementFindings(round: Round, entries: readonly JournalEntry[]): Promise<Finding[]> {
  if (!entries.some(({ event }) => isAboutSample(event))) return [];
  if (!existsSync(round.paths.manifest)) {
    return [failed("replacements", TITLE, words("日志有替换记录，但没有样本清单", "there is no manifest"))];
  }
  const manifest = JSON.parse(readTextFile(round.paths.manifest)) as Manifest;
  const { replacements, followUps, undone, fault } = readReplacements(manifest, entries);
  if (fault !== undefined) {
    const { seq, what } = fault;
    return [failed("replacements", TITLE, words(`日志第 ${seq} 行：${what.zh}`, `line ${seq}: ${what.en}`))];
  }
  const difference =
    foreignLine(entries) ??
    untold(replacements, undone) ??
    (await reasonsDifference(round, replacements)) ??
    (await rankingDifference(round, manifest, beyondReserves(manifest, replacements, followUps))) ??
    evidenceDifference(round, entries);
  const extended = replacements.filter(({ isExtended }) => isExtended).length;
  const further = followUps.reduce((sum, { units }) => sum + units.length, 0);
  const followed =
    further > 0 ? [`；补充抽查 ${further} 家，都是该层排序的后续`, `; ${further} more, the next in rank`] : ["", ""];
  const inspected = replacements.filter(({ recorded }) => recorded !== undefined).length;
  const despite =
    inspected > 0 ? [`，${inspected} 家替换时已有记录`, `, ${inspected} though they had a record`] : ["", ""];
  const beyond =
    extended > 0 ? [`，其中 ${extended} 家由顺延的排序递补`, `, ${extended} beyond the reserves`] : ["", ""];
  return [
    difference === undefined
      ? passed(
          "replacements",
          TITLE,
          words(
            `${replacements.length} 家已替换，递补的都是该层的下一家${beyond[0]}${despite[0]}${followed[0]}`,
            `${replacements.length} replaced, each by the next of its stratum${beyond[1]}${despite[1]}${followed[1]}`,
          ),
        )
      : failed("replacements", TITLE, difference),
    await listFinding(round, unitsInOrder(currentSample(manifest, entries))),
  ];
}

/** A replacement must speak of the manifest that was drawn last before it. */
function foreignLine(entries: readonly JournalEntry[]): Words | undefined {
  let drawn: JsonValue | undefined;
  for (const { event, about, seq } of entries) {
    if (event === "drawn") drawn = about.manifestDigest;
    if (isAboutSample(event) && about.manifestDigest !== drawn) {
      return words(`日志第 ${seq} 行的替换或补充抽查属于另一份样本清单`, `line ${seq} speaks of another manifest`);
    }
  }
  return undefined;
}

/** A unit that has or had a record leaves the sample only with a reason for that. */
function untold(replacements: readonly Replacement[], undone: readonly Undone[]): Words | undefined {
  const silent = [...replacements, ...undone].find(({ recorded }) => recorded?.why === "");
  if (silent === undefined) return undefined;
  const { seq, unit, recorded } = silent;
  const [how, howEn] = "returned" in silent ? ["撤销替换，退出的", "left"] : ["替换", "was replaced"];
  return words(
    `日志第 ${seq} 行${how} ${unit}，它已有核查记录（第 ${recorded?.seq} 行），没有写明为何仍退出样本`,
    `line ${seq}: ${unit} had a record (line ${recorded?.seq}); why it ${howEn} is not told`,
  );
}

async function reasonsDifference(round: Round, replacements: readonly Replacement[]): Promise<Words | undefined> {
  const allowed = (await readPlan(round)).plan.replaceFor ?? REPLACEMENT_REASONS;
  const bad = replacements.find(({ reason }) => !allowed.includes(reason));
  return (
    bad &&
    words(
      `日志第 ${bad.seq} 行：方案不允许以 ${bad.reason} 为由替换`,
      `line ${bad.seq}: the plan does not allow ${bad.reason}`,
    )
  );
}

/** A unit in use that the manifest does not list, with the line of the journal that brought it in. */
interface Beyond {
  readonly stratum: string;
  readonly by: DrawnUnit | undefined;
  readonly seq: number;
}

function beyondReserves(
  manifest: Manifest,
  replacements: readonly Replacement[],
  followUps: readonly FollowUp[],
): Beyond[] {
  const listed = new Map(manifest.strata.map(({ key, units }) => [key, units.length]));
  const joined = followUps.flatMap(({ stratum, units, seq }) => units.map((by): Beyond => ({ stratum, by, seq })));
  return [
    ...replacements.filter(({ isExtended }) => isExtended),
    ...joined.filter(({ stratum, by }) => (by?.rank ?? 0) > (listed.get(stratum) ?? 0)),
  ];
}

/** Units beyond the reserves of the manifest, against the longer draw from frame, plan and seed. */
async function rankingDifference(
  round: Round,
  manifest: Manifest,
  extended: readonly Beyond[],
): Promise<Words | undefined> {
  if (extended.length === 0) return undefined;
  const sealed = await readPlan(round);
  const frame = await openFrame(round);
  try {
    for (const key of new Set(extended.map(({ stratum }) => stratum))) {
      const own = extended.filter(({ stratum }) => stratum === key);
      const n = manifest.strata.find((stratum) => stratum.key === key)?.n ?? 0;
      const reserve = Math.max(...own.map(({ by }) => by?.rank ?? 0)) - n;
      const { contributions } = manifest;
      const drawId = drawIdOfManifest(manifest);
      const ranking = await longerRanking(drawId, frame, sealed, contributions, key, reserve);
      for (const { by, seq } of own) {
        const due = ranking.find(({ rank }) => rank === by?.rank);
        const difference = firstDifference(by as unknown as JsonValue, due as unknown as JsonValue);
        if (difference === undefined) continue;
        return words(
          `日志第 ${seq} 行：${key} 第 ${by?.rank} 位应为 ${due?.id ?? "（无）"}；${difference.zh}`,
          `line ${seq}: rank ${by?.rank} of ${key} is ${due?.id ?? "(none)"}; ${difference.en}`,
        );
      }
    }
  } finally {
    frame.close();
  }
  return undefined;
}

/** The files of evidence that the round keeps, against their digests. */
function evidenceDifference(round: Round, entries: readonly JournalEntry[]): Words | undefined {
  for (const { event, about, seq } of entries) {
    const evidence = event === "replaced" && Array.isArray(about.evidence) ? about.evidence : [];
    for (const each of evidence as readonly { readonly file?: string; readonly sha256?: string }[]) {
      if (each.file === undefined || each.sha256 === undefined) continue;
      const path = evidencePath(round, { file: each.file, sha256: each.sha256 });
      if (existsSync(path) && digest(readFileSync(path)) === each.sha256) continue;
      const isGone = !existsSync(path);
      return words(
        `日志第 ${seq} 行的佐证文件 ${each.file} ${isGone ? "不见了" : "被改动"}`,
        `evidence ${each.file} of line ${seq} ${isGone ? "is gone" : "was changed"}`,
      );
    }
  }
  return undefined;
}

async function listFinding(round: Round, expected: readonly CurrentUnit[]): Promise<Finding> {
  const again = words("；运行 chouqian -C 轮次文件夹 replace 重写", "; chouqian -C ROUND replace writes it again");
  const fault = (what: Words) =>
    failed("current-list", LIST_TITLE, words(`${what.zh}${again.zh}`, `${what.en}${again.en}`));
  if (!existsSync(round.paths.currentList)) {
    return fault(words("没有 replace/样本现状.xlsx", "replace/样本现状.xlsx is gone"));
  }
  const rows: SheetRow[] = [];
  for await (const batch of readSheet(round.paths.currentList, CURRENT_SHEET)) rows.push(...batch);
  const header = rows.findIndex(({ cells }) => cells.includes(CURRENT_HEADINGS.id));
  const place = (heading: string) => rows[header]?.cells.indexOf(heading) ?? -1;
  const columns = Object.values(CURRENT_HEADINGS).map(place);
  const found = rows.slice(header + 1).map(({ cells }) => columns.map((column) => cells[column] ?? "").join(" "));
  const teams = await teamsOf(round);
  const due = expected.map((unit) => {
    const { id, fate, replaces, replaced } = unit;
    return [id, FATE_NAMES[fate].zh, replaces ?? "", replaced?.by?.id ?? "", teamIn(teams, unit)].join(" ");
  });
  for (let i = 0; i < Math.max(found.length, due.length); i++) {
    if (found[i] === due[i]) continue;
    return fault(
      words(
        `第 ${i + 1} 家应为 ${due[i]?.trim() ?? "（无）"}，实为 ${found[i]?.trim() ?? "（无）"}`,
        `unit ${i + 1}: expected ${due[i]?.trim() ?? "(none)"}, found ${found[i]?.trim() ?? "(none)"}`,
      ),
    );
  }
  return passed("current-list", LIST_TITLE, words(`${due.length} 家的去向逐行一致`, `${due.length} units agree`));
}
