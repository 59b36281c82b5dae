/** Checks that what lies in `draw/` beside the manifest is what the round gives: certificate, sample list, plan.json. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { recordedSignatures, signaturesShown } from "../attest/signature-folder.ts";
import { certificateOf } from "../draw/certify.ts";
import { type Manifest, manifestDigest } from "../draw/manifest.ts";
import { sampleListInput } from "../draw/papers.ts";
import { sampleListWorkbook } from "../draw/sample-list.ts";
import { type LockedFrame, openFrame } from "../frame/locked.ts";
import { planText } from "../plan/plan.ts";
import { readPlan } from "../plan/seal.ts";
import { withTemporaryFolder, writeFileAtomically } from "../round/files.ts";
import type { JournalEntry } from "../round/journal.ts";
import { type Round, readTextFile } from "../round/round.ts";
import { type Words, words } from "../text/words.ts";
import { openXlsx, type SheetRow } from "../xlsx/read.ts";
import { type Finding, failed, passed } from "./finding.ts";

/** Findings on the papers of a draw; none where nothing was drawn. */
export async function papersFindings(round: Round, entries: readonly JournalEntry[]): Promise<Finding[]> {
  if (!existsSync(round.paths.manifest)) return [];
  const manifest = JSON.parse(readTextFile(round.paths.manifest)) as Manifest;
  const sealed = await readPlan(round);
  const frame = await openFrame(round);
  try {
    const signatures = signaturesShown(round.config.id, manifestDigest(manifest), recordedSignatures(entries));
    const wasSealed = entries.find(({ event }) => event === "drawn")?.about.sealed === true;
    const isOpened = wasSealed && entries.some(({ event }) => event === "seed.opened");
    // The certificate of a sealed draw is made without the seed; once that is public only its digest in the journal, which
    // another check looks at, speaks of that print. The one with the seed shows no signatures.
    const [path, name, shown] = isOpened
      ? ([round.paths.openedCertificate, "抽签见证单-种子公开.pdf", []] as const)
      : ([round.paths.certificate, "抽签见证单.pdf", signatures] as const);
    const certificate = await certificateOf(round, frame.lock, sealed, manifest, shown);
    return [
      bytesFinding("certificate-made", path, name, certificate.bytes),
      await listFinding(round.paths.sampleList, await sampleListOf(round, frame, manifest, wasSealed)),
      bytesFinding("plan-text", join(round.paths.draw, "plan.json"), "plan.json", Buffer.from(planText(sealed))),
    ];
  } finally {
    frame.close();
  }
}

async function sampleListOf(
  round: Round,
  frame: LockedFrame,
  manifest: Manifest,
  wasSealed: boolean,
): Promise<Uint8Array> {
  const units = await frame.unitsById(manifest.strata.flatMap((stratum) => stratum.units.map(({ id }) => id)));
  return sampleListWorkbook(sampleListInput(round.config, frame.lock, manifest, units, wasSealed));
}

/** A paper that nobody has a reason to write again: its bytes are those that the round gives now. */
function bytesFinding(check: string, path: string, name: string, expected: Uint8Array): Finding {
  const title = words(`${name} ↔ 重新制作`, `${name} ↔ made again`);
  if (!existsSync(path)) return failed(check, title, words(`没有 draw/${name}`, `draw/${name} is gone`));
  if (Buffer.compare(readFileSync(path), expected) === 0) {
    return passed(check, title, words("逐字节一致", "equal to the byte"));
  }
  return failed(
    check,
    title,
    words(
      `draw/${name} 与按本轮次重新制作的不一致：被改动，或 round.yaml 里的名称、单位、日期被改动，或由另一版本的程序制作`,
      `draw/${name} is not what this round gives: it was changed, or name, holder or date of round.yaml were, or another version of the program made it`,
    ),
  );
}

/** The sample list may have been saved again by Excel or WPS, so its cells are compared where its bytes differ. */
async function listFinding(path: string, sampleList: Uint8Array): Promise<Finding> {
  const title = words("抽样名单.xlsx ↔ 样本清单", "sample list ↔ manifest");
  if (!existsSync(path)) {
    return failed("sample-list", title, words("没有 draw/抽样名单.xlsx", "draw/抽样名单.xlsx is gone"));
  }
  const isSame = Buffer.compare(readFileSync(path), sampleList) === 0;
  const difference = isSame ? undefined : await cellDifference(path, sampleList);
  return difference === undefined
    ? passed("sample-list", title, words("样本与备选逐格一致", "sample and reserves agree cell by cell"))
    : failed("sample-list", title, difference);
}

function cellDifference(path: string, expected: Uint8Array): Promise<Words | undefined> {
  return withTemporaryFolder(async (folder) => {
    const again = join(folder, "抽样名单.xlsx");
    writeFileAtomically(again, expected);
    const [{ sheets: found, hidden }, { sheets: due }] = [await sheetsOf(path), await sheetsOf(again)];
    if (hidden !== undefined) return words(`工作表“${hidden}”被隐藏`, `sheet "${hidden}" is hidden`);
    for (const [name, rows] of due) {
      const difference = rowDifference(found.get(name) ?? [], rows);
      if (difference !== undefined) {
        return words(`工作表“${name}”${difference.zh}`, `sheet "${name}" ${difference.en}`);
      }
    }
    const surplus = [...found.keys()].find((name) => !due.has(name));
    return surplus === undefined ? undefined : words(`多出工作表“${surplus}”`, `has a sheet "${surplus}" too many`);
  });
}

/** The rows of each sheet, and the first sheet that is hidden; the list as it is made has none. */
async function sheetsOf(path: string) {
  const workbook = await openXlsx(path);
  try {
    const sheets = new Map<string, SheetRow[]>();
    for (const { name } of workbook.sheets) {
      const rows: SheetRow[] = [];
      for await (const batch of workbook.rows(name)) rows.push(...batch);
      sheets.set(name, rows);
    }
    return { sheets, hidden: workbook.sheets.find(({ hidden }) => hidden)?.name };
  } finally {
    workbook.close();
  }
}

function rowDifference(found: readonly SheetRow[], due: readonly SheetRow[]): Words | undefined {
  const hidden = found.find((row) => row.hidden === true && row.filtered !== true);
  if (hidden !== undefined) return words(`第 ${hidden.row} 行被隐藏`, `row ${hidden.row} is hidden`);
  const cellsOf = (rows: readonly SheetRow[]) => new Map(rows.map(({ row, cells }) => [row, cells]));
  const [there, expected] = [cellsOf(found), cellsOf(due)];
  for (const row of [...new Set([...expected.keys(), ...there.keys()])].sort((a, b) => a - b)) {
    const [is, should] = [there.get(row) ?? [], expected.get(row) ?? []];
    for (let column = 0; column < Math.max(is.length, should.length); column++) {
      const [value, wanted] = [is[column] ?? "", should[column] ?? ""];
      if (value === wanted) continue;
      return words(
        `第 ${row} 行应为 ${wanted || "（空）"}，实为 ${value || "（空）"}`,
        `row ${row}: expected ${wanted || "(empty)"}, found ${value || "(empty)"}`,
      );
    }
  }
  return undefined;
}
