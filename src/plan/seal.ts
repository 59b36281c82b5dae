/** The edge of the plan step: checks a plan against the locked frame and seals it in the journal. */
import { existsSync } from "node:fs";
import { openFrame } from "../frame/locked.ts";
import { writeFileAtomically } from "../round/files.ts";
import { type Actor, journalOf, type Round, readTextFile, recordEvent, withRoundLock } from "../round/round.ts";
import { digest as digestOf } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { cityFigures, topCities, withListsRead } from "./lists.ts";
import { refuseMisfit } from "./misfit.ts";
import { parsePlan, planDigest, planText, type SealedPlan } from "./plan.ts";

/**
 * The round's plan with its cities, and with the lists and tables it names read from the round's folder.
 * @throws ChouqianError E-PLAN-NOT-FOUND, E-PLAN-INVALID, E-PLAN-NO-FILE, E-PLAN-CITY-TABLE, E-PLAN-CITY-TIE
 */
export async function readPlan(round: Round): Promise<SealedPlan> {
  if (!existsSync(round.paths.plan)) {
    throw new ChouqianError("E-PLAN-NOT-FOUND", {
      message: words("轮次文件夹里没有 plan.yaml", "the round has no plan.yaml"),
      advice: words(
        "从别的轮次复制一份，或新建轮次：chouqian new 文件夹 --template provincial",
        "copy one, or make a new round",
      ),
      at: { file: "plan.yaml" },
    });
  }
  const plan = await withListsRead(parsePlan(readTextFile(round.paths.plan)), round.folder);
  const { cities } = round.config;
  const { top, table } = plan.cities ?? {};
  if (plan.cities === undefined || top === undefined || table === undefined) return { plan, cities };
  const figures = await cityFigures({ ...plan.cities, table }, round.folder);
  return { plan, cities: topCities(figures, top, cities), cityFigures: figures };
}

/** Digest under which the round's plan was sealed, or undefined. */
export function sealedDigest(round: Round): string | undefined {
  const sealed = journalOf(round).entries.find(({ event }) => event === "plan.sealed");
  return sealed === undefined ? undefined : String(sealed.about.planDigest);
}

/**
 * Seals the round's plan, so that the seed and nothing else is open from here on.
 * @throws ChouqianError as `ensureSealed`
 */
export function sealPlan(round: Round, actor: Actor): Promise<{ sealed: SealedPlan; digest: string }> {
  return withRoundLock(round.folder, () => ensureSealed(round, actor));
}

/**
 * Makes sure that a copy of the sealed plan lies in the round before it is voided, so that it is not lost where
 * `plan.yaml` was edited already.
 * @throws ChouqianError E-PLAN-LOST where neither the copy nor `plan.yaml` is the plan that was sealed
 */
export async function keepSealedPlan(round: Round): Promise<void> {
  const digest = sealedDigest(round);
  if (digest === undefined) return;
  if (existsSync(round.paths.planAsSealed) && digestOf(readTextFile(round.paths.planAsSealed)) === digest) return;
  const plan = existsSync(round.paths.plan) ? await readPlan(round) : undefined;
  if (plan === undefined || planDigest(plan) !== digest) {
    throw new ChouqianError("E-PLAN-LOST", {
      message: words("找不到封存时的方案", "the plan as it was sealed is not there"),
      advice: words(
        "先恢复 plan.sealed.json 或封存时的 plan.yaml，再作废；原方案不能丢失",
        "restore plan.sealed.json or plan.yaml first: what was sealed must not be lost",
      ),
      at: { file: "plan.sealed.json" },
      exitCode: 3,
    });
  }
  writeFileAtomically(round.paths.planAsSealed, planText(plan));
}

/**
 * Makes sure that the plan is sealed: seals it if it is not, refuses it if it has changed since.
 * @returns the plan and its digest
 * @throws ChouqianError E-PLAN-CHANGED, E-PLAN-FRAME, and what `readPlan` and `openFrame` refuse
 */
export async function ensureSealed(round: Round, actor: Actor): Promise<{ sealed: SealedPlan; digest: string }> {
  const sealed = await readPlan(round);
  const digest = planDigest(sealed);
  const earlier = sealedDigest(round);
  if (earlier === digest) return { sealed, digest };
  if (earlier !== undefined) throw planChanged();
  const frame = await openFrame(round);
  try {
    await refuseMisfit(sealed, frame);
    writeFileAtomically(round.paths.planAsSealed, planText(sealed));
    recordEvent(round, actor, "plan.sealed", { planDigest: digest, frameDigest: frame.lock.frameDigest });
  } finally {
    frame.close();
  }
  return { sealed, digest };
}

/** Refusal of a plan that is not the one that was sealed. */
export function planChanged(): ChouqianError {
  return new ChouqianError("E-PLAN-CHANGED", {
    message: words(
      "方案在封存之后被改动（plan.yaml、它写的名单，或 round.yaml 里的 cities）",
      "the plan was changed after it was sealed (plan.yaml, a list it names, or the cities of round.yaml)",
    ),
    advice: words(
      "恢复封存时的内容；确需更改时用 plan unseal --reason 理由（其后的种子和抽签作废，理由永远记录在案并印在见证单上），或新建轮次",
      "restore it; or plan unseal --reason TEXT, which voids seed and draw and stays on record; or make a new round",
    ),
    at: { file: "plan.yaml" },
    exitCode: 3,
  });
}
