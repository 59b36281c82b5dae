/** The edge of the evaluation: reads manifest, journal, frame and records; writes `results/evaluation.json`. */
import { join } from "node:path";
import { readCurrentSample } from "../draw/fates.ts";
import { manifestDigest } from "../draw/manifest.ts";
import type { CurrentSample } from "../draw/replacement.ts";
import { openFrame } from "../frame/locked.ts";
import { columnNamed } from "../plan/against-frame.ts";
import { readPlan } from "../plan/seal.ts";
import { Vocabulary } from "../records/lean.ts";
import { eachRecord, readAreas } from "../records/read-records.ts";
import { industrySection } from "../reference/industries.ts";
import { writeFileAtomically } from "../round/files.ts";
import { type Actor, type Round, recordEvent, withRoundLock, writeJson } from "../round/round.ts";
import { canonicalJson, digest, type JsonValue } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import type { Progress } from "../text/progress.ts";
import { words } from "../text/words.ts";
import { type Attributes, type EvaluationInput, evaluate } from "./evaluate.ts";
import type { Evaluation } from "./evaluation.ts";
import { unitsToInspect } from "./survey.ts";
import { Tallying } from "./tally.ts";

/**
 * Evaluates a round and puts the result on record.
 * @param withReports writes the reports and the workbook beside the figures
 * @throws ChouqianError E-RECORDS-MISSING, E-RECORDS-INVALID, and what reading manifest and frame refuses
 */
export function evaluateRound(round: Round, actor: Actor, progress: Progress, withReports = true): Promise<Evaluation> {
  return withRoundLock(round.folder, async () => {
    const evaluation = await computeEvaluation(round, progress);
    const reports = withReports ? await reportsOf(round, evaluation, progress) : new Map<string, Uint8Array>();
    writeJson(round.paths.evaluation, evaluation as unknown as JsonValue);
    for (const [path, bytes] of reports) writeFileAtomically(join(round.paths.results, path), bytes);
    recordEvent(round, actor, "evaluated", {
      manifestDigest: evaluation.manifestDigest,
      recordsDigest: evaluation.recordsDigest,
      areasDigest: evaluation.areasDigest,
      evaluationDigest: evaluationDigest(evaluation),
      reports: Object.fromEntries([...reports].map(([path, bytes]) => [path, digest(bytes)])),
    });
    return evaluation;
  });
}

/** The reports of an evaluation by their paths within `results/`; writes nothing. `verify` uses it too. */
export async function reportsOf(
  round: Round,
  evaluation: Evaluation,
  progress: Progress,
): Promise<ReadonlyMap<string, Uint8Array>> {
  // Loaded only here: fonts and the workbook's package are needed for nothing else.
  const { reportFiles } = await import("./report/write-reports.ts");
  const { name, holder } = round.config;
  progress(words("制作评定报告", "making reports"), 0);
  return reportFiles(evaluation, { title: name, holder });
}

export function evaluationDigest(evaluation: Evaluation): string {
  return digest(canonicalJson(evaluation as unknown as JsonValue));
}

/** The evaluation of a round as its files stand, or as it stood then; writes nothing. `verify` uses it too. */
export async function computeEvaluation(round: Round, progress: Progress, then?: Standing): Promise<Evaluation> {
  return evaluationOf(await evaluationInput(round, progress, then));
}

/** The evaluation with figures as its file has them. */
export function evaluationOf(input: EvaluationInput): Evaluation {
  return rounded(evaluate(input));
}

/** How a round stood at an earlier time: its sample, and the units whose records had come in. */
export interface Standing {
  readonly sample: CurrentSample;
  readonly isIn: (unit: string) => boolean;
}

/**
 * What an evaluation is made from.
 * @param then as the round stood at an earlier time; by default as it stands
 * @throws ChouqianError E-RECORDS-MISSING, E-RECORDS-INVALID, and what reading manifest and frame refuses
 */
export async function evaluationInput(round: Round, progress: Progress, then?: Standing): Promise<EvaluationInput> {
  const { manifest, sample: now } = readCurrentSample(round);
  const sample = then?.sample ?? now;
  const units = unitsToInspect(sample);
  const vocabulary = new Vocabulary();
  const tallying = new Tallying(new Map(units.map(({ id }, place) => [id, place])), vocabulary);
  // Asked first and awaited last: the engine works while this thread reads the records.
  const attributes = attributesOf(
    round,
    units.map(({ id }) => id),
  );
  attributes.catch(() => {});
  let read = 0;
  const own = manifestDigest(manifest);
  const recordsDigest = eachRecord(round, { roundId: manifest.roundId, own }, vocabulary, (record) => {
    if (then?.isIn(record.unit) !== false) tallying.add(record);
    if (++read % 1000 === 0) progress(words("读取核查记录", "reading records"), read);
  });
  const { areas, areasDigest } = readAreas(round);
  if (recordsDigest === undefined && areasDigest === undefined) throw nothingImported();
  return {
    manifest,
    manifestDigest: own,
    sample,
    tally: tallying.finish(),
    attributes: await attributes,
    areas,
    isFollowUpForeseen: (await readPlan(round)).plan.followUp === true,
    recordsDigest,
    areasDigest,
  };
}

async function attributesOf(round: Round, ids: readonly string[]): Promise<Map<string, Attributes>> {
  const frame = await openFrame(round);
  try {
    const industry = columnNamed(frame.lock, "industryCode");
    const units = await frame.unitsById(ids);
    return new Map(
      units.map((unit) => {
        const section = industry === undefined ? "" : industrySection(unit[industry] ?? "");
        return [unit.id, { county: unit.county, section }];
      }),
    );
  } finally {
    frame.close();
  }
}

/**
 * Figures to twelve digits: what is left of powers and logarithms may differ in the last ones between versions of Node,
 * and a product's bytes must not.
 */
function rounded<T>(value: T): T {
  const round = (each: unknown): unknown => {
    if (typeof each === "number") return Number(each.toPrecision(12));
    if (Array.isArray(each)) return each.map(round);
    if (typeof each !== "object" || each === null) return each;
    return Object.fromEntries(Object.entries(each).map(([key, member]) => [key, round(member)]));
  };
  return round(value) as T;
}

function nothingImported(): ChouqianError {
  return new ChouqianError("E-RECORDS-MISSING", {
    message: words("还没有回收任何核查记录", "no record was imported yet"),
    advice: words(
      "先回收填好的核查记录表：chouqian -C 轮次文件夹 records import 文件",
      "import the filled forms: chouqian -C ROUND records import FILE",
    ),
  });
}
