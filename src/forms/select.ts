/** Chooses which drawn sources forms are made for, and divides them. */
import { readCurrentSample } from "../draw/fates.ts";
import { blockOfStratum } from "../draw/manifest.ts";
import type { Round } from "../round/round.ts";
import { ChouqianError } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { divide, type Part, type Split } from "./parts.ts";
import type { FormSource } from "./source.ts";
import { readTasks, type Tasks } from "./tasks.ts";

/** All that was drawn, a city by its code, one unit, or the units that stand in for others. */
export type Only = { readonly city: string } | { readonly unit: string } | { readonly replacements: true } | undefined;

/**
 * The parts that forms are made for.
 * @throws ChouqianError E-DRAW-MISSING, E-MANIFEST-CHANGED, E-FORMS-CITY, E-FORMS-UNIT, E-FORMS-REPLACED, E-FORMS-TEAM
 */
export async function partsOf(
  round: Round,
  only: Only,
  split: Split,
): Promise<Tasks & { readonly parts: readonly Part[] }> {
  const found = await readTasks(round, cityOf(round, only));
  if (split === "team" && found.tasks.every(({ sources }) => sources.every(({ team }) => team === ""))) {
    throw notAssigned();
  }
  const parts = divide(found.tasks, split, wantedBy(only));
  if (parts.length === 0) throw noReplacements();
  return { ...found, parts };
}

function cityOf(round: Round, only: Only): string | undefined {
  if (only === undefined || "replacements" in only) return undefined;
  if ("city" in only) return only.city;
  const { sample } = readCurrentSample(round);
  const stratum = sample.strata.find(({ units }) => units.some(({ id, isInSample }) => isInSample && id === only.unit));
  if (stratum === undefined) throw notInSample(only.unit);
  return blockOfStratum(stratum.key).city;
}

function wantedBy(only: Only): (source: FormSource) => boolean {
  if (only === undefined || "city" in only) return () => true;
  return "unit" in only ? ({ id }) => id === only.unit : ({ replaces }) => replaces !== undefined;
}

function notInSample(unit: string): ChouqianError {
  return new ChouqianError("E-FORMS-UNIT", {
    message: words(`现有样本中没有 ${unit}`, `${unit} is not in the sample as it stands`),
    advice: words(
      "写市名、样本中的单位代码，或“已替换”；verify unit 代码 说明它为何没有抽到",
      "give a city, the id of a unit in the sample, or replaced; verify unit ID says why it was not drawn",
    ),
  });
}

function noReplacements(): ChouqianError {
  return new ChouqianError("E-FORMS-REPLACED", {
    message: words("还没有替换过单位", "no unit has been replaced"),
    advice: words("chouqian replace 列出全部替换", "chouqian replace lists the replacements"),
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
