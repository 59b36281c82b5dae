/** Chooses which drawn sources forms are made for, and divides them. */
import { readCurrentSample } from "../draw/fates.ts";
import { blockOfStratum } from "../draw/manifest.ts";
import type { Round } from "../round/round.ts";
import { ChouqianError } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { type Division, divide, type Part, SPLIT_FOLDERS } from "./parts.ts";
import { type FormSource, isFurther } from "./source.ts";
import { readTasks, type Tasks } from "./tasks.ts";

/** All that was drawn, cities by their codes, one unit, the units that stand in for others, or those of follow-ups. */
export type Only =
  | { readonly cities: readonly string[] }
  | { readonly unit: string }
  | { readonly replacements: true }
  | { readonly followUps: true }
  | undefined;

/** What forms are made for. */
export interface Selected extends Tasks {
  readonly parts: readonly Part[];
  /** All parts that there are of the cities in `tasks`, those that are not wanted now among them. */
  readonly living: readonly Part[];
  /** Whether the parts lie beside those that hold all sources: of those that follow-ups added. */
  readonly isBeside: boolean;
}

/**
 * The parts that forms are made for.
 * @throws ChouqianError E-DRAW-MISSING, E-MANIFEST-CHANGED, E-FORMS-CITY, E-FORMS-UNIT, E-FORMS-REPLACED, E-FORMS-FOLLOWUP,
 *   E-FORMS-TEAM
 */
export async function partsOf(round: Round, only: Only, split: Division): Promise<Selected> {
  const found = await readTasks(round, citiesOf(round, only));
  if (split === "team" && found.tasks.every(({ sources }) => sources.every(({ team }) => team === ""))) {
    throw notAssigned();
  }
  const divided = divide(found.tasks, split, wantedBy(only));
  // beside the parts that hold all sources, not in their place
  const isBeside = only !== undefined && "followUps" in only && split !== "followUp";
  const parts = isBeside
    ? divided.map((part) => ({ ...part, folder: [SPLIT_FOLDERS.followUp, ...part.folder] }))
    : divided;
  if (parts.length === 0) throw only !== undefined && "followUps" in only ? noFollowUps() : noReplacements();
  return { ...found, parts, living: isBeside || split === "followUp" ? parts : divide(found.tasks, split), isBeside };
}

function citiesOf(round: Round, only: Only): readonly string[] | undefined {
  if (only === undefined || "replacements" in only || "followUps" in only) return undefined;
  if ("cities" in only) return only.cities;
  const { sample } = readCurrentSample(round);
  const stratum = sample.strata.find(({ units }) => units.some(({ id, isInSample }) => isInSample && id === only.unit));
  if (stratum === undefined) throw notInSample(only.unit);
  return [blockOfStratum(stratum.key).city];
}

function wantedBy(only: Only): (source: FormSource) => boolean {
  if (only === undefined || "cities" in only) return () => true;
  if ("unit" in only) return ({ id }) => id === only.unit;
  return "followUps" in only ? isFurther : ({ replaces }) => replaces !== undefined;
}

function notInSample(unit: string): ChouqianError {
  return new ChouqianError("E-FORMS-UNIT", {
    message: words(`现有样本中没有 ${unit}`, `${unit} is not in the sample as it stands`),
    advice: words(
      "写市名、样本中的单位代码、“已替换”或“补充抽查”；verify unit 代码 说明它为何没有抽到",
      "give a city, the id of a unit in the sample, replaced or followup; verify unit ID says why it was not drawn",
    ),
  });
}

function noReplacements(): ChouqianError {
  return new ChouqianError("E-FORMS-REPLACED", {
    message: words("还没有替换过单位", "no unit has been replaced"),
    advice: words("chouqian replace 列出全部替换", "chouqian replace lists the replacements"),
  });
}

function noFollowUps(): ChouqianError {
  return new ChouqianError("E-FORMS-FOLLOWUP", {
    message: words("还没有补充抽查", "no follow-up has been drawn"),
    advice: words("plan followup 写出补充抽查方案", "plan followup says what a follow-up would draw"),
  });
}

function notAssigned(): ChouqianError {
  return new ChouqianError("E-FORMS-TEAM", {
    message: words(
      "还没有分派核查人员，不能按组分开",
      "inspectors are not assigned, so there are no teams to split by",
    ),
    advice: words("先运行 assign，或用 --split county", "run assign first, or use --split county"),
  });
}
