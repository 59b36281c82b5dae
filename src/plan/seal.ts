/** The edge of the plan step: checks a plan against the locked frame and seals it in the journal. */
import { existsSync } from "node:fs";
import { openFrame } from "../frame/locked.ts";
import { type Actor, journalOf, type Round, readTextFile, recordEvent } from "../round/round.ts";
import { ChouqianError } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { cityFigures, topCities, withListsRead } from "./lists.ts";
import { refuseMisfit } from "./misfit.ts";
import { parsePlan, planDigest, type SealedPlan } from "./plan.ts";

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
      "恢复封存时的内容；确需更改时请新建轮次，以免被疑为看了种子再改方案",
      "restore it, or make a new round",
    ),
    at: { file: "plan.yaml" },
    exitCode: 3,
  });
}
