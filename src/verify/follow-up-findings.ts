/**
 * Checks that each follow-up drew as many units of each stratum as its rule gives: the evaluation that it answers is made anew
 * from the records as they stood then.
 */
import type { FollowUpRecord } from "../draw/follow-up.ts";
import { type Manifest, manifestDigest } from "../draw/manifest.ts";
import { currentSample } from "../draw/replacement.ts";
import { evaluationDigest } from "../evaluate/evaluate-round.ts";
import type { FollowUpPlan } from "../evaluate/follow-up.ts";
import { answering, askedOf } from "../evaluate/follow-up-round.ts";
import type { Replayed } from "../records/replay.ts";
import type { JournalEntry } from "../round/journal.ts";
import { type Round, readTextFile } from "../round/round.ts";
import type { Progress } from "../text/progress.ts";
import { type Words, words } from "../text/words.ts";
import { different, type Finding, failed, passed, skipped } from "./finding.ts";

const TITLE = words("补充抽查 ↔ 当时的评定", "follow-ups ↔ the evaluations that they answer");

/** Nothing where nothing was followed up. */
export async function followUpFindings(
  round: Round,
  entries: readonly JournalEntry[],
  progress: Progress,
  replayed: () => Promise<Replayed>,
): Promise<Finding[]> {
  const drawn = entries.filter(({ event }) => event === "followup.drawn");
  if (drawn.length === 0) return [];
  const manifest = JSON.parse(readTextFile(round.paths.manifest)) as Manifest;
  const own = entries.filter(({ about }) => about.manifestDigest === manifestDigest(manifest));
  const { at } = await replayed();
  let same = 0;
  const unknown: number[] = [];
  for (const entry of drawn) {
    const records = at.get(entry.seq);
    if (records === undefined) {
      unknown.push(entry.seq);
      continue;
    }
    const isBefore = ({ seq }: JournalEntry) => seq < entry.seq;
    const sample = currentSample(manifest, own.filter(isBefore));
    const then = { sample, entries: entries.filter(isBefore), records };
    const { evaluation, plan } = await answering(round, askedOf(entry.about), progress, then);
    const difference =
      firstDifference(plan, entry) ??
      different(
        entry.about.figuresDigest,
        evaluationDigest(evaluation),
        words(`日志第 ${entry.seq} 行所答的评定（重新计算）`, `the evaluation that line ${entry.seq} answers`),
      );
    if (difference !== undefined) return [failed("follow-up", TITLE, difference)];
    same++;
  }
  const made = words(`${same} 次的各层家数与规则重算一致`, `${same} as their rules give`);
  if (unknown.length === 0) return [passed("follow-up", TITLE, made)];
  const lines = unknown.join("、");
  return [
    skipped(
      "follow-up",
      TITLE,
      words(
        `日志第 ${lines} 行的未核对：当时的核查记录不能由原表重做（见“核查记录”一项）${same > 0 ? `；${made.zh}` : ""}`,
        `not checked: lines ${lines}, for the records of that time cannot be made anew from the originals (see the records)${same > 0 ? `; ${made.en}` : ""}`,
      ),
    ),
  ];
}

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
