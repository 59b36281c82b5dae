/** The edge of the evaluation: reads manifest, journal, frame and records; writes `results/evaluation.json`. */
import { existsSync, readdirSync, rmdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { readCurrentSample } from "../draw/fates.ts";
import { manifestDigest } from "../draw/manifest.ts";
import type { CurrentSample } from "../draw/replacement.ts";
import { loadPaper } from "../forms/load-template.ts";
import { templateStore } from "../forms/template-store.ts";
import { openFrame } from "../frame/locked.ts";
import { columnNamed } from "../plan/against-frame.ts";
import { readPlan } from "../plan/seal.ts";
import { historyIn } from "../records/history.ts";
import { leanReader, type OwnDraw, type ReadRecords } from "../records/read-lean.ts";
import { readAreas } from "../records/read-records.ts";
import type { RecordsAt } from "../records/replay.ts";
import { refuseChangedRecords } from "../records/store.ts";
import { industrySection } from "../reference/industries.ts";
import { replaceFiles } from "../round/files.ts";
import type { JournalEntry } from "../round/journal.ts";
import { type Actor, journalOf, type Round, recordEvent, withRoundLock } from "../round/round.ts";
import { canonicalJson, digest, type JsonValue } from "../text/canonical.ts";
import { dateInWords } from "../text/dates.ts";
import { ChouqianError } from "../text/errors.ts";
import type { Progress } from "../text/progress.ts";
import { words } from "../text/words.ts";
import { Attributes } from "./domains.ts";
import { type EvaluationInput, evaluate } from "./evaluate.ts";
import type { Evaluation } from "./evaluation.ts";
import { type IssuedEvaluation, issuedNow } from "./issued.ts";
import { placesOf } from "./survey.ts";
import { tallyOf } from "./tally.ts";

/**
 * Evaluates a round and puts the result on record.
 * @param withReports writes the reports and the workbook beside the figures
 * @throws ChouqianError E-RECORDS-MISSING, E-RECORDS-INVALID, and what reading manifest and frame refuses
 */
export function evaluateRound(
  round: Round,
  actor: Actor,
  progress: Progress,
  withReports = true,
): Promise<IssuedEvaluation> {
  return withRoundLock(round.folder, async () => {
    const figures = await computeEvaluation(round, progress);
    const evaluation = { ...figures, issued: issuedNow(round) };
    const reports = withReports ? await reportsOf(round, evaluation, progress) : new Map<string, Uint8Array>();
    const inResults = (path: string) => join(round.paths.results, path);
    const text = canonicalJson(evaluation as unknown as JsonValue);
    const files = new Map<string, string | Uint8Array>([[round.paths.evaluation, text]]);
    for (const [path, bytes] of reports) files.set(inResults(path), bytes);
    // Reports of the evaluation before would pass for those of this one.
    const gone = issuedReports(round)
      .map(inResults)
      .filter((path) => !files.has(path));
    replaceFiles(files, gone, () => {
      recordEvent(round, actor, "evaluated", {
        manifestDigest: evaluation.manifestDigest,
        recordsDigest: evaluation.recordsDigest,
        areasDigest: evaluation.areasDigest,
        evaluationDigest: digest(text),
        figuresDigest: evaluationDigest(figures),
        reports: Object.fromEntries([...reports].map(([path, bytes]) => [path, digest(bytes)])),
      });
    });
    for (const folder of new Set(gone.map((path) => dirname(path)))) removeIfEmpty(folder);
    return evaluation;
  });
}

/** Reports of the last evaluation that the journal tells of, by their paths within `results/`. */
export function issuedReports(round: Round): string[] {
  const last = journalOf(round).entries.findLast(({ event }) => event === "evaluated");
  return Object.keys(last?.about.reports ?? {}).filter((path) => !path.includes(".."));
}

function removeIfEmpty(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
}

/** The reports of an evaluation by their paths within `results/`; writes nothing. `verify` uses it too. */
export async function reportsOf(
  round: Round,
  evaluation: IssuedEvaluation,
  progress: Progress,
): Promise<ReadonlyMap<string, Uint8Array>> {
  // Loaded only here: fonts and the workbook's package are needed for nothing else.
  const { reportFiles } = await import("./report/write-reports.ts");
  progress(words("制作评定报告", "making reports"), 0);
  const { template: paper } = loadPaper(templateStore(round.paths.templates), CITY_PAPER);
  const { title, holder, journal } = evaluation.issued;
  const date = dateInWords(evaluation.issued.date);
  const { roundId, manifestDigest: draw } = evaluation;
  // A sealed seed may be opened after the evaluation, and the paper has to stay what it is.
  const head = { roundId, manifestDigest: draw, name: title, holder, date, seed: "" };
  return reportFiles(evaluation, { title, holder, date, journal }, { paper, head });
}

/** Name of the template of each city's paper. */
const CITY_PAPER = "city-summary";

/** Of `evaluation.json` with what it was issued with, of its figures without. */
export function evaluationDigest(evaluation: Evaluation): string {
  return digest(canonicalJson(evaluation as unknown as JsonValue));
}

/**
 * The evaluation of a round as its files stand, or as it stood then; writes nothing. `verify` uses it too.
 * @param read as `evaluationInput`
 */
export async function computeEvaluation(
  round: Round,
  progress: Progress,
  then?: Standing,
  read?: ReadRecords,
): Promise<Evaluation> {
  return evaluationOf(await evaluationInput(round, progress, then, read));
}

/** The evaluation with figures as its file has them. */
export function evaluationOf(input: EvaluationInput): Evaluation {
  return rounded(evaluate(input));
}

/** How a round stood at an earlier time: its sample, and its records where they are not as they are now. */
export interface Standing {
  readonly sample: CurrentSample;
  /** The lines of the journal before. */
  readonly entries: readonly JournalEntry[];
  readonly records?: RecordsAt | undefined;
}

/**
 * What an evaluation is made from.
 * @param then as the round stood at an earlier time; by default as it stands
 * @param readNow reads the records as they are; whoever needs them too hands over what all share
 * @throws ChouqianError E-RECORDS-MISSING, E-RECORDS-INVALID, and what reading manifest and frame refuses
 */
export async function evaluationInput(
  round: Round,
  progress: Progress,
  then?: Standing,
  readNow: ReadRecords = leanReader(round, progress),
): Promise<EvaluationInput> {
  const stood = then?.records;
  const read: ReadRecords = stood === undefined ? readNow : async () => stood.read;
  const named = drawOfJournal(round);
  // Begun first and awaited last: manifest and frame are read beside the records.
  const begun = read(named);
  begun.catch(() => {});
  const { manifest, sample: now } = readCurrentSample(round);
  const sample = then?.sample ?? now;
  const own = manifestDigest(manifest);
  const isAsNamed = named.roundId === manifest.roundId && named.manifestDigest === own;
  const reading = isAsNamed ? begun : read({ roundId: manifest.roundId, manifestDigest: own });
  reading.catch(() => {});
  const places = placesOf(sample);
  const attributes = await attributesOf(round, [...places.keys()]);
  const { areas, areasDigest } = stood ?? readAreas(round);
  const { records, recordsDigest } = await reading;
  // Of an earlier time `verify` asks, which tells by itself what does not agree.
  if (then === undefined) refuseChangedRecords(round, { recordsDigest, areasDigest });
  if (recordsDigest === undefined && areasDigest === undefined) throw nothingImported();
  return {
    manifest,
    manifestDigest: own,
    sample,
    tally: tallyOf(records, places),
    attributes,
    areas,
    history: historyIn(then?.entries ?? journalOf(round).entries, areas),
    isFollowUpForeseen: (await readPlan(round)).plan.followUp === true,
    recordsDigest,
    areasDigest,
  };
}

/** The draw that records must name, as it is known before the manifest is read. */
function drawOfJournal(round: Round): OwnDraw {
  const drawn = journalOf(round).entries.find(({ event }) => event === "drawn");
  return { roundId: round.config.id, manifestDigest: String(drawn?.about.manifestDigest ?? "") };
}

/** @param ids of the sources, in the order of their places */
async function attributesOf(round: Round, ids: readonly string[]): Promise<Attributes> {
  const attributes = new Attributes(ids.length);
  const frame = await openFrame(round);
  try {
    const industry = columnNamed(frame.lock, "industryCode");
    const columns = industry === undefined ? ["county"] : ["county", industry];
    for (const { values, places } of await frame.alike(ids, columns)) {
      const [county = "", code = ""] = values;
      attributes.set(places, county, industry === undefined ? "" : industrySection(code));
    }
  } finally {
    frame.close();
  }
  return attributes;
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
