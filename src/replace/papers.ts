/** What is written after units joined or left the sample: the list of the sample as it stands, and the forms of their cities. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { teamsOf } from "../assign/newcomer-teams.ts";
import { readCurrentSample } from "../draw/fates.ts";
import type { CurrentSample } from "../draw/replacement.ts";
import { writeFormsLocked } from "../forms/write-forms.ts";
import { openFrame } from "../frame/locked.ts";
import { divisionName } from "../reference/divisions.ts";
import { writeFileAtomically } from "../round/files.ts";
import { isAboutSample } from "../round/outdated.ts";
import { type Actor, journalOf, type Round, withRoundLock } from "../round/round.ts";
import type { Progress } from "../text/progress.ts";
import { currentListWorkbook, unitsInOrder } from "./current-list.ts";

/** What was written for one city. */
export interface Papers {
  readonly city: string;
  /** Whether the city's forms were made anew; they are not where there were none. */
  readonly hasForms: boolean;
  /** Where forms that were filled in or changed before are kept, from the round's folder. */
  readonly kept: readonly string[];
  readonly missingCharacters: readonly number[];
}

/** Where forms go that were filled in or changed before the sample changed. */
const KEPT_FOLDER = "replace/换下的记录表";

/**
 * Writes the list anew, and the forms of the cities that have some. For a caller that holds the round's lock.
 * @param cities by code
 * @param workers cities that are worked on at once
 */
export async function writePapers(
  round: Round,
  actor: Actor,
  cities: readonly string[],
  progress: Progress,
  workers = 1,
): Promise<Papers[]> {
  await writeCurrentList(round);
  const made = cities.filter((city) => existsSync(join(round.paths.forms, divisionName(city))));
  const { parts, kept, missingCharacters } =
    made.length === 0
      ? NONE
      : await writeFormsLocked(round, actor, { cities: made }, progress, { workers }, KEPT_FOLDER);
  return cities.map((code): Papers => {
    const city = divisionName(code);
    const hasForms = parts.some(({ title }) => title === city);
    const own = kept.filter((path) => new RegExp(`/\\d+-${city}[-.]`).test(path));
    return { city, hasForms, kept: own, missingCharacters: hasForms ? missingCharacters : [] };
  });
}

const NONE = { parts: [], kept: [], missingCharacters: [] } as const;

/** Writes the list again where the sample was changed, as after an interruption. */
export function refreshCurrentList(round: Round): Promise<CurrentSample> {
  return withRoundLock(round.folder, async () => {
    const { sample } = readCurrentSample(round);
    if (isChanged(round)) await writeCurrentList(round);
    return sample;
  });
}

/** Whether the journal tells of replacements, undone ones among them, or of follow-up draws. */
function isChanged(round: Round): boolean {
  return journalOf(round).entries.some(({ event }) => isAboutSample(event));
}

async function writeCurrentList(round: Round): Promise<void> {
  const { manifest, sample } = readCurrentSample(round);
  const teams = await teamsOf(round);
  const frame = await openFrame(round);
  try {
    const units = await frame.unitsById(unitsInOrder(sample).map(({ id }) => id));
    const input = { title: round.config.name, manifest, sample, lock: frame.lock, units, teams };
    writeFileAtomically(round.paths.currentList, await currentListWorkbook(input));
  } finally {
    frame.close();
  }
}
