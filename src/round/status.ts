/** What a round has, and what comes next. */
import { existsSync, readFileSync } from "node:fs";
import { digest } from "../text/canonical.ts";
import { type Words, words } from "../text/words.ts";
import { voidings } from "./epochs.ts";
import type { JournalEntry } from "./journal.ts";
import { changedSince, outdatedInWords } from "./outdated.ts";
import { recordedUnits } from "./recorded.ts";
import { journalOf, type Round } from "./round.ts";

export interface StepStatus {
  readonly step: "frame" | "plan" | "seed" | "draw" | "assign" | "forms" | "records" | "followUp" | "evaluation";
  readonly title: Words;
  readonly isDone: boolean;
  readonly detail: Words;
}

export interface RoundStatus {
  readonly steps: readonly StepStatus[];
  /** Units of the sample that are replaced. */
  readonly replaced: number;
  /** What to do next, with the command. */
  readonly next: Words;
}

const NOT_DONE = words("未做", "not done");

/**
 * Reads the journal and looks which products lie in the folder.
 * @param sample units to be inspected as the sample stands; without it what came back is counted alone
 */
export function roundStatus(round: Round, sample?: ReadonlySet<string>): RoundStatus {
  const { entries, all } = journalOf(round);
  const voided = voidings(all).length;
  const isSealed =
    !entries.some(({ event }) => event === "seed.opened") && entries.some(({ about }) => about.sealed === true);
  const last = (event: string) => entries.findLast((entry) => entry.event === event);
  const frame = last("frame.locked");
  const plan = last("plan.sealed");
  const contributions = entries.filter(({ event }) => event === "seed.added");
  const open =
    entries.filter(({ event, about }) => event === "seed.committed" && about.sealed !== true).length -
    revealed(contributions.map(({ about }) => about));
  const drawn = last("drawn");
  const assigned = last("assigned");
  const written = entries.filter(({ event }) => event === "forms.written").flatMap(({ about }) => about.cities);
  const cities = new Set(written).size;
  const steps: StepStatus[] = [
    step("frame", words("抽样框", "frame"), frame !== undefined, () =>
      words(
        `${frame?.about.units} 个对象，摘要 ${short(frame?.about.frameDigest)}`,
        `${frame?.about.units} units, ${short(frame?.about.frameDigest)}`,
      ),
    ),
    step("plan", words("方案封存", "plan sealed"), plan !== undefined, () =>
      words(`摘要 ${short(plan?.about.planDigest)}`, short(plan?.about.planDigest)),
    ),
    step("seed", words("种子", "seed"), contributions.length > 0 && open === 0, () =>
      words(
        `${contributions.length} 方提供${open > 0 ? `，${open} 方待公开` : ""}${isSealed ? "，1 项封存（核查结束后 seed open）" : ""}`,
        `${contributions.length} contributions, ${open} undisclosed${isSealed ? ", 1 sealed (seed open after the visits)" : ""}`,
      ),
    ),
    step("draw", words("抽签", "draw"), drawn !== undefined, () =>
      words(
        `样本清单摘要 ${short(drawn?.about.manifestDigest)}${voided > 0 ? `（此前作废 ${voided} 次，见 history）` : ""}`,
        `manifest ${short(drawn?.about.manifestDigest)}${voided > 0 ? ` (voided ${voided}× before, see history/)` : ""}`,
      ),
    ),
    ...(assigned === undefined
      ? []
      : [
          step("assign", words("分派", "assignment"), true, () =>
            words(`分派摘要 ${short(assigned.about.assignmentDigest)}`, short(assigned.about.assignmentDigest)),
          ),
        ]),
    step("forms", words("核查表", "forms"), cities > 0, () => words(`${cities} 个市`, `${cities} cities`)),
    ...afterVisits(round, entries, sample),
  ];
  return {
    steps,
    replaced: replacedIn(entries),
    next: open > 0 && drawn === undefined ? REVEAL : nextOf(steps),
  };
}

/** What came back and what was made of it; nothing before the first record. */
function afterVisits(
  round: Round,
  entries: readonly JournalEntry[],
  sample: ReadonlySet<string> | undefined,
): StepStatus[] {
  const imports = entries.filter(({ event }) => event === "records.imported");
  if (imports.length === 0) return [];
  const units = recordedUnits(entries);
  const evaluated = entries.findLast(({ event }) => event === "evaluated");
  const outdated = evaluated && (changedByHand(round, evaluated) ?? outdatedInWords(changedSince(entries, evaluated)));
  return [
    recordsStep(units, sample),
    ...followUps(entries, units),
    {
      ...step("evaluation", words("评定", "evaluation"), evaluated !== undefined && outdated === undefined, () =>
        words(`评定摘要 ${short(evaluated?.about.evaluationDigest)}`, short(evaluated?.about.evaluationDigest)),
      ),
      ...(outdated === undefined ? {} : { detail: outdated }),
    },
  ];
}

/** That `results/evaluation.json` is not what the evaluation wrote; undefined where it is. */
function changedByHand({ paths }: Round, { seq, about }: JournalEntry): Words | undefined {
  const isThere = existsSync(paths.evaluation);
  if (isThere && digest(readFileSync(paths.evaluation)) === about.evaluationDigest) return undefined;
  const [zh, en] = isThere ? ["被改动", "was changed"] : ["不见了", "is gone"];
  return words(
    `results/evaluation.json ${zh}，与日志第 ${seq} 行不符，请重新 evaluate`,
    `results/evaluation.json ${en} since line ${seq} of the journal: evaluate again`,
  );
}

/** Sources of the sample that came back; done where none is out. */
function recordsStep(recorded: ReadonlySet<string>, sample: ReadonlySet<string> | undefined): StepStatus {
  const back = sample === undefined ? recorded.size : [...recorded].filter((unit) => sample.has(unit)).length;
  const of = sample === undefined ? "" : `/${sample.size}`;
  const detail = words(`已收 ${back}${of} 家`, `${back}${of} sources`);
  const isDone = sample === undefined || back === sample.size;
  return { step: "records", title: words("核查记录", "records"), isDone, detail };
}

/** Sources that follow-ups added, and how many of them came back; nothing where there was none. */
function followUps(entries: readonly JournalEntry[], recorded: ReadonlySet<string>): StepStatus[] {
  const drawn = entries.filter(({ event }) => event === "followup.drawn");
  // one that was replaced since does not come back; its replacement is none of these
  const gone = new Set<unknown>();
  for (const { event, about } of entries) {
    if (event === "replaced") gone.add(about.unit);
    if (event === "replacement.undone") gone.delete(about.unit);
  }
  const ids = drawn.flatMap(({ about: { strata } }) =>
    (Array.isArray(strata) ? (strata as unknown as readonly { readonly units: readonly string[] }[]) : []).flatMap(
      ({ units }) => units,
    ),
  );
  if (ids.length === 0) return [];
  const back = ids.filter((id) => recorded.has(id)).length;
  const due = ids.filter((id) => recorded.has(id) || !gone.has(id)).length;
  const detail = words(
    `${drawn.length} 次共 ${due} 家，已收 ${back} 家`,
    `${due} sources in ${drawn.length}, ${back} back`,
  );
  return [{ step: "followUp", title: words("补充抽查", "follow-up"), isDone: back === due, detail }];
}

function nextOf(steps: readonly StepStatus[]): Words {
  const open = steps.find(({ isDone, step: name }) => !isDone && name !== "plan")?.step;
  return NEXT[open ?? (steps.some(({ step: name }) => name === "records") ? "done" : "visits")];
}

function step(name: StepStatus["step"], title: Words, isDone: boolean, detail: () => Words): StepStatus {
  return { step: name, title, isDone, detail: isDone || name === "seed" ? detail() : NOT_DONE };
}

/** Replacements in force since the last draw. */
function replacedIn(entries: readonly JournalEntry[]): number {
  const since = entries.slice(entries.findLastIndex(({ event }) => event === "drawn") + 1);
  const count = (name: string) => since.filter(({ event }) => event === name).length;
  return count("replaced") - count("replacement.undone");
}

function revealed(contributions: readonly { readonly [key: string]: unknown }[]): number {
  return contributions.filter(({ commitment }) => commitment !== undefined).length;
}

function short(sha256: unknown): string {
  return `${String(sha256).slice(0, 16)}…`;
}

const REVEAL = words("各方公开承诺的内容：seed reveal", "each party discloses what it committed to: seed reveal");
/** What to do next where a step is the first that is not done. */
const NEXT: Readonly<Record<StepStatus["step"] | "visits" | "done", Words>> = {
  frame: words(
    "锁定名录：chouqian -C 轮次文件夹 frame lock 名录.csv（可先用 frame check 看有哪些问题）",
    "lock the ledger: chouqian -C ROUND frame lock FILE (frame check shows its problems first)",
  ),
  plan: words("收集种子", "collect the seed"),
  seed: words(
    '看方案：chouqian -C 轮次文件夹 plan check；然后各方提供种子：seed add --by 谁 "内容"，或直接 draw --seed 文字',
    'see the plan: plan check; then contribute: seed add --by WHO "VALUE", or draw --seed TEXT at once',
  ),
  draw: words("抽签：chouqian -C 轮次文件夹 draw", "draw: chouqian -C ROUND draw"),
  assign: words("分派检查人员：chouqian -C 轮次文件夹 assign", "assign inspectors: chouqian -C ROUND assign"),
  forms: words("制作核查表：chouqian -C 轮次文件夹 forms", "make the forms: chouqian -C ROUND forms"),
  visits: words(
    "核对全部结果：chouqian -C 轮次文件夹 verify；查完以后收回核查记录：chouqian -C 轮次文件夹 records import 文件夹",
    "prove it all: chouqian -C ROUND verify; after the visits take the records back: chouqian -C ROUND records import FOLDER",
  ),
  records: words(
    "收齐核查记录：chouqian -C 轮次文件夹 records missing 列出未交的，records import 文件夹 收回；暂不等的可先 evaluate",
    "take the rest of the records back: chouqian -C ROUND records missing lists them, records import FOLDER; evaluate may go before",
  ),
  followUp: words(
    "收回补充抽查的记录：chouqian -C 轮次文件夹 records import 文件夹（未交的：records missing）",
    "take the records of the follow-up back: chouqian -C ROUND records import FOLDER (records missing lists the rest)",
  ),
  evaluation: words("评定：chouqian -C 轮次文件夹 evaluate", "evaluate: chouqian -C ROUND evaluate"),
  done: words("核对全部结果：chouqian -C 轮次文件夹 verify", "prove it all: chouqian -C ROUND verify"),
};
