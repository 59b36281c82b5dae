/** The edge of the report: reads the round's digests and writes 验证报告.pdf, and beside it the findings as JSON. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { readLock } from "../frame/locked.ts";
import { divisionName } from "../reference/divisions.ts";
import { standing } from "../round/epochs.ts";
import { writeFileAtomically } from "../round/files.ts";
import { type Round, writeJson } from "../round/round.ts";
import { deriveSeed } from "../seed/derive.ts";
import { readSeed, type SeedRecord } from "../seed/record.ts";
import { isSealed, SEALED_SEED } from "../seed/sealed.ts";
import { digest } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import { words } from "../text/words.ts";
import type { Finding } from "./finding.ts";
import { readWholeJournal } from "./journal-findings.ts";
import { renderReport } from "./report-pdf.ts";

const REPORT = "验证报告";

/** Findings as a script reads them. */
export interface ReportForScripts {
  readonly ok: boolean;
  readonly findings: readonly { readonly check: string; readonly outcome: string; readonly detail: string }[];
}

/**
 * Writes the report.
 * @param path a `.pdf` or `.json` file, or a folder, which gets both under the name 验证报告
 * @returns the files written
 */
export async function writeReport(
  round: Round,
  path: string,
  findings: readonly Finding[],
  city: string | undefined,
  forScripts: ReportForScripts,
): Promise<string[]> {
  const files = filesFor(path);
  const pdf = files.find((file) => extname(file) === ".pdf");
  const json = files.find((file) => extname(file) === ".json");
  if (pdf !== undefined) {
    const { id, name, holder } = round.config;
    const { bytes } = await renderReport({
      round: { id, name, holder },
      city: city === undefined ? undefined : divisionName(city),
      digests: digestsOf(round),
      findings,
    });
    writeFileAtomically(pdf, bytes);
  }
  if (json !== undefined)
    writeJson(json, { ...forScripts, findings: forScripts.findings.map((each) => ({ ...each })) });
  return files;
}

function filesFor(path: string): string[] {
  const isFolder = existsSync(path) && statSync(path).isDirectory();
  const ending = extname(path).toLowerCase();
  if (isFolder || ending === "") return [join(path, `${REPORT}.pdf`), join(path, `${REPORT}.json`)];
  if (ending === ".pdf" || ending === ".json") return [path];
  throw new ChouqianError("E-USAGE-REPORT", {
    message: words("报告应为 .pdf 或 .json 文件，或一个文件夹", "a report is a .pdf or .json file, or a folder"),
    advice: words("例如 verify --report 验证报告.pdf", "such as verify --report report.pdf"),
  });
}

/** Digests of the files as they lie there; what they should be stands in the findings. */
function digestsOf(round: Round): (readonly [string, string])[] {
  const entries = standing(readWholeJournal(round).entries);
  const plan = entries.find(({ event }) => event === "plan.sealed")?.about.planDigest;
  const drawn = entries.findLast(({ event }) => event === "drawn")?.about.manifestDigest;
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      // A damaged file has its finding already.
      if (error instanceof ChouqianError) return undefined;
      throw error;
    }
  };
  const record = attempt(() => readSeed(round));
  const head = existsSync(round.paths.journal) ? digest(readFileSync(round.paths.journal)) : undefined;
  const known: (readonly [string, string | undefined])[] = [
    ["抽样框摘要", attempt(() => readLock(round))?.frameDigest],
    ["方案摘要", plan === undefined ? undefined : String(plan)],
    ["随机种子", record === undefined ? undefined : seedInWords(record)],
    ["样本清单摘要", drawn === undefined ? undefined : String(drawn)],
    ["日志文件摘要", head],
  ];
  return known.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
}

function seedInWords(record: SeedRecord): string | undefined {
  if (isSealed(record)) return SEALED_SEED;
  return record.contributions.length === 0 ? undefined : deriveSeed(record.drawId, record.contributions);
}
