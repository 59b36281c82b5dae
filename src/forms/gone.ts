/** Folders of forms whose part is no more, such as that of a unit that was replaced: nobody shall inspect by them. */
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { JournalEntry } from "../round/journal.ts";
import type { Round } from "../round/round.ts";
import type { Keeper } from "./keep.ts";
import { type FormsPlace, madeForms } from "./made-forms.ts";
import type { Division, Part } from "./parts.ts";

/** What forms are being made. */
export interface BeingMade {
  readonly division: Division;
  readonly isBeside: boolean;
  /** Names of the cities whose sources are known. */
  readonly cities: readonly string[];
  /** Parts that forms are made for. */
  readonly parts: readonly Part[];
  /** All parts that there are of those cities. */
  readonly living: readonly Part[];
  /** Whether all cities are among them. */
  readonly isWhole: boolean;
}

/**
 * Moves the folders away whose part is no more. A unit that is still in the sample may have got another number by a
 * replacement: its old folder goes when its new one is made, and is moved where somebody wrote or laid something in it.
 * @param entries lines of the journal that stand
 */
export function moveGone(round: Round, entries: readonly JournalEntry[], being: BeingMade, keeper: Keeper): void {
  const { division, isBeside, cities, parts, living, isWhole } = being;
  if (division === "city" || (division === "team" && !isWhole)) return;
  const pathOf = ({ folder }: Part) => folder.join("/");
  const live = new Set(living.map(pathOf));
  const isOurs = (place: FormsPlace) =>
    place.division === division &&
    place.isBeside === isBeside &&
    (place.city === undefined ? division === "team" : cities.includes(place.city));
  const unitsOf = (some: readonly Part[]) => new Set(some.map((part) => withoutNumber(pathOf(part))));
  const [known, made] = [unitsOf(living), unitsOf(parts)];
  for (const place of madeForms(round, entries)) {
    if (!isOurs(place) || live.has(place.folder)) continue;
    const unit = withoutNumber(place.folder);
    const isRenumbered = division === "unit" && known.has(unit);
    if (isRenumbered && !made.has(unit)) continue;
    const folder = join(round.paths.forms, place.folder);
    for (const path of [folder, `${folder}.zip`].filter((each) => existsSync(each))) {
      if (isRenumbered && keeper.isAsWritten(path)) rmSync(path, { recursive: true });
      else keeper.move(path);
    }
  }
}

/** `按单位/汕头市/067 某厂` → `按单位/汕头市/某厂`. */
function withoutNumber(folder: string): string {
  return folder.replace(/\/\d+ ([^/]*)$/, "/$1");
}
