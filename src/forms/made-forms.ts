/** Which forms lie in a round, as the journal and its lists tell: each folder with the line that wrote it last. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { divisionName } from "../reference/divisions.ts";
import type { JournalEntry } from "../round/journal.ts";
import type { Round } from "../round/round.ts";
import { readDigestList, readListed } from "./digest-list.ts";
import { type Division, SPLIT_FOLDERS } from "./parts.ts";

/** Where forms of one part lie. */
export interface FormsPlace {
  /** Path within `forms/`. */
  readonly folder: string;
  readonly division: Division;
  /** Whether they are divided once more below those that follow-ups added. */
  readonly isBeside: boolean;
  /** Name of the city whose sources they are; undefined where a part holds sources of several. */
  readonly city: string | undefined;
}

/** A folder of forms that is there. */
export interface MadeForms extends FormsPlace {
  /** Line of the journal that wrote it last. */
  readonly seq: number;
  /** Digest by name of the templates in use then, those of other cities among them. */
  readonly templates: Readonly<Record<string, string>>;
}

const DIVISIONS: ReadonlyMap<string, Division> = new Map(
  Object.entries(SPLIT_FOLDERS).map(([division, folder]) => [folder, division as Division]),
);
/** Levels of a part's folder within `forms/`. */
const LEVELS: Readonly<Record<Division, number>> = { city: 1, county: 3, team: 2, unit: 3, followUp: 2 };

/** Where a file of a divided part lies, from its path within `forms/`; undefined for what lies beside parts, as a packed one. */
export function placeOf(path: string): FormsPlace | undefined {
  const levels = path.split("/");
  const outer = DIVISIONS.get(levels[0] ?? "");
  const inner = outer === "followUp" ? DIVISIONS.get(levels[1] ?? "") : undefined;
  const division = inner ?? outer;
  if (division === undefined) return undefined;
  const above = inner === undefined ? 0 : 1;
  const depth = LEVELS[division] + above;
  if (levels.length <= depth) return undefined;
  const city = division === "team" ? undefined : levels[1 + above];
  return { folder: levels.slice(0, depth).join("/"), division, isBeside: above > 0, city };
}

/**
 * The folders of forms that are there. Where the list of a division is gone or changed its folder stands for all of them.
 * @param entries lines of the journal that stand
 */
export function madeForms(round: Round, entries: readonly JournalEntry[]): MadeForms[] {
  const made = new Map<string, MadeForms>();
  for (const { event, seq, about } of entries) {
    if (event !== "forms.written") continue;
    const templates = (about.templates ?? {}) as Readonly<Record<string, string>>;
    for (const place of placesOf(round, about)) made.set(place.folder, { ...place, seq, templates });
  }
  return [...made.values()].filter(({ folder }) => existsSync(join(round.paths.forms, folder)));
}

function placesOf(round: Round, about: JournalEntry["about"]): FormsPlace[] {
  const { cities, split } = about;
  const ofCities = (Array.isArray(cities) ? cities : []).map((code): FormsPlace => {
    const city = divisionName(String(code));
    return { folder: city, division: "city", isBeside: false, city };
  });
  const list = readDigestList(round, about);
  if (list !== undefined) return [...ofCities, ...readListed(list).flatMap(([path]) => placeOf(path) ?? [])];
  const division = Object.keys(SPLIT_FOLDERS).find((each): each is keyof typeof SPLIT_FOLDERS => each === split);
  if (division === undefined) return ofCities;
  return [...ofCities, { folder: SPLIT_FOLDERS[division], division, isBeside: false, city: undefined }];
}
