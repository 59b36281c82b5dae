/** Divides a round's sources into the parts for which files are made: cities, counties, teams or single sources. Pure. */
import { teamName } from "../assign/assignment.ts";
import { freePath, safeFileName } from "./file-names.ts";
import type { Loaded } from "./load-template.ts";
import type { FormSource, ReplacedSource } from "./source.ts";
import type { PlannedTask } from "./tasks.ts";
import type { FormTemplate } from "./template.ts";

export const SPLITS = ["city", "county", "team", "unit"] as const;
export type Split = (typeof SPLITS)[number];
/** What gets a folder of its own; `followUp`: what follow-ups added to a city. */
export type Division = Split | "followUp";

/** Folders within `forms/` of what is divided otherwise than by city. */
export const SPLIT_FOLDERS: Readonly<Record<Exclude<Division, "city">, string>> = {
  county: "按县区",
  team: "按组",
  unit: "按单位",
  followUp: "补充抽查",
};

/** Sources whose forms lie in one folder. */
export interface Part {
  /** Folder within `forms/`, its levels apart. */
  readonly folder: readonly string[];
  readonly title: string;
  readonly sources: readonly FormSource[];
  readonly formOf: readonly number[];
  readonly templates: readonly Loaded<FormTemplate>[];
  readonly replaced: readonly ReplacedSource[];
}

/** Characters of a unit's name in the name of its folder: Windows takes 260 for a whole path. */
const LONGEST_NAME = 30;
const NO_COUNTY = "未填县区";
const NO_TEAM = "未分组";

interface Place {
  /** What tells the part from others; their folders may be called the same. */
  readonly key: string;
  readonly folder: readonly string[];
  readonly title: string;
}

/** Where the forms of a source lie; `number` counts the sources of its city from 1. */
const PLACES: Readonly<Record<Exclude<Division, "city">, (source: FormSource, number: number) => Place>> = {
  county: ({ cityName, countyName }) => ({
    key: `${cityName}/${countyName}`,
    folder: [SPLIT_FOLDERS.county, cityName, safeFileName(countyName, LONGEST_NAME, NO_COUNTY)],
    title: countyName === cityName ? cityName : `${cityName}${countyName}`,
  }),
  team: ({ team }) => ({
    key: team,
    // as many digits as the key has, so that folders stand in order
    folder: [SPLIT_FOLDERS.team, team === "" ? NO_TEAM : `第 ${team.slice(1)} 组`],
    title: team === "" ? NO_TEAM : teamName(team),
  }),
  unit: ({ cityName, name, id }, number) => ({
    key: id,
    folder: [
      SPLIT_FOLDERS.unit,
      cityName,
      `${String(number).padStart(3, "0")} ${safeFileName(name, LONGEST_NAME, safeFileName(id, LONGEST_NAME, "_"))}`,
    ],
    title: name,
  }),
  followUp: ({ cityName }) => ({ key: cityName, folder: [SPLIT_FOLDERS.followUp, cityName], title: cityName }),
};

/**
 * The parts in the order of their first sources.
 * @param isWanted leaves sources out; a city's part stays whole
 */
export function divide(
  tasks: readonly PlannedTask[],
  split: Division,
  isWanted: (source: FormSource) => boolean = () => true,
): Part[] {
  if (split === "city") {
    return tasks.map(({ title, sources, formOf, templates, replaced }) => {
      return { folder: [title], title, sources, formOf, templates, replaced };
    });
  }
  const parts = new Map<string, Place & { readonly sources: FormSource[]; readonly forms: Loaded<FormTemplate>[] }>();
  for (const { sources, formOf, templates } of tasks) {
    for (const [i, source] of sources.entries()) {
      const form = templates[formOf[i] ?? -1];
      if (form === undefined) throw new RangeError(`no form for ${source.id}`);
      if (!isWanted(source)) continue;
      const place = PLACES[split](source, i + 1);
      const part = parts.get(place.key) ?? { ...place, sources: [], forms: [] };
      parts.set(place.key, part);
      part.sources.push(source);
      part.forms.push(form);
    }
  }
  const taken = new Set<string>();
  return [...parts.values()].map(({ folder, title, sources, forms }) => {
    const templates = [...new Set(forms)];
    return {
      folder: freePath(folder, taken),
      title,
      sources,
      formOf: forms.map((form) => templates.indexOf(form)),
      templates,
      replaced: [],
    };
  });
}
