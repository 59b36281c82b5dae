/**
 * Checks that each follow-up drew as many units of each stratum as its rule gives: the evaluation that it answers is made anew
 * from the records that had come in then.
 */
import type { FollowUpRecord } from "../draw/follow-up.ts";
import { type Manifest, manifestDigest } from "../draw/manifest.ts";
import { currentSample } from "../draw/replacement.ts";
import type { FollowUpPlan } from "../evaluate/follow-up.ts";
import { answering, askedOf } from "../evaluate/follow-up-round.ts";
import type { ReadRecords } from "../records/read-lean.ts";
import { unitsTouched } from "../records/store.ts";
import type { JournalEntry } from "../round/journal.ts";
import { type Round, readTextFile } from "../round/round.ts";
import { recordedUnits } from "../round/status.ts";
import type { Progress } from "../text/progress.ts";
import { type Words, words } from "../text/words.ts";
import { type Finding, failed, passed } from "./finding.ts";

const TITLE = words("补充抽查 ↔ 当时的评定", "follow-ups ↔ the evaluations that they answer");

/** Nothing where nothing was followed up. */
export async function followUpFindings(
  round: Round,
  entries: readonly JournalEntry[],
  progress: Progress,
  read: ReadRecords,
): Promise<Finding[]> {
  const drawn = entries.filter(({ event }) => event === "followup.drawn");
  if (drawn.length === 0) return [];
  const manifest = JSON.parse(readTextFile(round.paths.manifest)) as Manifest;
  const own = entries.filter(({ about }) => about.manifestDigest === manifestDigest(manifest));
  let [same, changed] = [0, 0];
  for (const entry of drawn) {
    const before = own.filter(({ seq }) => seq < entry.seq);
    const isIn = recordedIn(before);
    const sample = currentSample(manifest, before);
    const { plan } = await answering(round, askedOf(entry.about), progress, { sample, isIn }, read);
    const difference = firstDifference(plan, entry);
    if (difference === undefined) same++;
    else if (wasTouchedAfter(entries, entry.seq, isIn)) changed++;
    else return [failed("follow-up", TITLE, difference)];
  }
  const later = words(
    changed > 0 ? `；${changed} 次其后改过当时的记录，不能重算` : "",
    changed > 0 ? `; ${changed} cannot be made anew, their records were changed since` : "",
  );
  return [
    passed(
      "follow-up",
      TITLE,
      words(`${same} 次的各层家数与规则重算一致${later.zh}`, `${same} as their rules give${later.en}`),
    ),
  ];
}

/** Whether a unit's record had come in by these lines. */
function recordedIn(before: readonly JournalEntry[]): (unit: string) => boolean {
  const units = recordedUnits(before);
  return (unit) => units.has(unit);
}

/** Whether one of the records was replaced, entered a second time, settled upon or taken back after a line. */
function wasTouchedAfter(entries: readonly JournalEntry[], line: number, isIn: (unit: string) => boolean): boolean {
  return entries.some(
    (entry) => entry.seq > line && TOUCHING.some((each) => each === entry.event) && unitsTouched(entry).some(isIn),
  );
}

const TOUCHING = ["records.imported", "records.settled", "records.dropped"] as const;

function firstDifference({ cities, indicators }: FollowUpPlan, { about, seq }: JournalEntry): Words | undefined {
  const due = new Map(cities.flatMap(({ shares }) => shares.map(({ stratum, further }) => [stratum, further])));
  const records = (Array.isArray(about.strata) ? about.strata : []) as unknown as readonly FollowUpRecord[];
  const found = new Map(records.map(({ stratum, units }) => [stratum, units.length]));
  for (const key of [...new Set([...due.keys(), ...found.keys()])].sort()) {
    const [should, is] = [due.get(key) ?? 0, found.get(key) ?? 0];
    if (should === is) continue;
    return words(
      `日志第 ${seq} 行：层 ${key} 按规则应补充 ${should} 家，记录的是 ${is} 家`,
      `line ${seq}: stratum ${key} is to get ${should} more, recorded are ${is}`,
    );
  }
  const followed = indicators.map(({ code }) => code).join("、");
  const told = Array.isArray(about.indicators) ? about.indicators.join("、") : "";
  if (told !== followed) {
    return words(
      `日志第 ${seq} 行：跟踪的指标按规则应为 ${followed || "（无）"}，记录的是 ${told || "（无）"}`,
      `line ${seq}: the indicators followed are ${followed || "(none)"}, recorded are ${told || "(none)"}`,
    );
  }
  return undefined;
}
