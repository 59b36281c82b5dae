/** Forms that still speak of the sample as it was before a replacement or a follow-up. */
import { existsSync } from "node:fs";
import { join } from "node:path";

import type { JournalEntry } from "../round/journal.ts";
import { isAboutSample } from "../round/outdated.ts";
import type { Round } from "../round/round.ts";
import { SPLIT_FOLDERS } from "./parts.ts";

/**
 * Folders within `forms/`, divided otherwise than by city, that were written before the sample last changed. A city's own
 * forms are made anew by the change itself.
 */
export function staleForms(round: Round, entries: readonly JournalEntry[]): string[] {
  const last = (is: (entry: JournalEntry) => boolean) => entries.findLast(is)?.seq ?? 0;
  const changed = last(({ event }) => isAboutSample(event));
  return Object.entries(SPLIT_FOLDERS)
    .filter(([, folder]) => existsSync(join(round.paths.forms, folder)))
    .filter(([split]) => last(({ event, about }) => event === "forms.written" && about.split === split) < changed)
    .map(([, folder]) => folder);
}
