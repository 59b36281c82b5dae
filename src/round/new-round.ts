/** Makes a new round folder with commented `round.yaml` and `plan.yaml` from a template. */

import { join } from "node:path";
import { divisionName, findCity } from "../reference/divisions.ts";
import { assetText } from "../text/assets.ts";
import { canonicalText } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { keepFinished, markUnfinished, writeFileAtomically } from "./files.ts";
import { type Actor, makeRoundFolder, openRound, type Round, recordEvent } from "./round.ts";

/** What each template presets besides its plan. */
const TEMPLATES = {
  provincial: {
    level: "province",
    id: "省级质量核查",
    name: "广东省第二次全国污染源普查省级质量核查",
    holder: "广东省第二次全国污染源普查领导小组办公室",
  },
  county: {
    level: "city",
    id: "市级质量抽查",
    name: "第二次全国污染源普查市级质量抽查",
    holder: "××市第二次全国污染源普查领导小组办公室",
  },
  recheck: {
    level: "province",
    id: "整改复核",
    name: "第二次全国污染源普查整改复核",
    holder: "广东省第二次全国污染源普查领导小组办公室",
  },
  status: {
    level: "city",
    id: "停产关闭其他单位核查",
    name: "第二次全国污染源普查停产、关闭、其他单位状态核查",
    holder: "××市第二次全国污染源普查领导小组办公室",
  },
  "key-source": {
    level: "province",
    id: "重点源核查",
    name: "第二次全国污染源普查重点源核查",
    holder: "广东省第二次全国污染源普查领导小组办公室",
  },
} as const;
export type TemplateName = keyof typeof TEMPLATES;
export const TEMPLATE_NAMES = Object.keys(TEMPLATES) as TemplateName[];
/** Templates that ask for a rate, since the work plan gives none. */
export const RATE_TEMPLATES: readonly TemplateName[] = ["county", "status"];

export interface NewRound {
  readonly template: TemplateName;
  /** Id and name of the round; the template's own where absent. */
  readonly name: string | undefined;
  /** City names or codes; all cities of the frame where empty. */
  readonly cities: readonly string[];
  /** Share for every class of a template that asks for one, such as `5%`; left to be filled in where absent. */
  readonly rate: string | undefined;
}

/**
 * Makes the folder and its two files.
 * @throws ChouqianError E-ROUND-EXISTS, E-ROUND-CITY
 */
export function newRound(folder: string, actor: Actor, options: NewRound): Round {
  const preset = TEMPLATES[options.template];
  const cities = options.cities.map(cityName);
  const name = options.name === undefined ? undefined : canonicalText(options.name);
  const absolute = makeRoundFolder(folder);
  const files = ["round.yaml", "plan.yaml", "journal.jsonl"].map((file) => join(absolute, file));
  for (const file of files) markUnfinished(file);
  const filled = fill(assetText("templates", "rounds", "round.yaml"), {
    id: JSON.stringify(name ?? preset.id),
    name: JSON.stringify(name ?? preset.name),
    holder: JSON.stringify(preset.holder),
    level: preset.level,
    cities: cities.length === 0 ? "all" : `[${cities.join(", ")}]`,
  });
  const plan = fill(assetText("templates", "rounds", `${options.template}.yaml`), { rate: options.rate ?? "" });
  writeFileAtomically(join(absolute, "round.yaml"), filled);
  writeFileAtomically(join(absolute, "plan.yaml"), plan);
  const round = openRound(absolute);
  recordEvent(round, actor, "round.created", { template: options.template });
  for (const file of files) keepFinished(file);
  return round;
}

function cityName(text: string): string {
  const code = findCity(text);
  if (code !== undefined) return divisionName(code);
  throw new ChouqianError("E-ROUND-CITY", {
    message: words(`不认识的城市“${text}”`, `unknown city "${text}"`),
    advice: words(
      "写广东省地级以上市的名称（可不带“市”）或六位代码，用逗号隔开",
      "give names or codes, separated by commas",
    ),
  });
}

function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, key: string) => values[key] ?? "");
}
