/** What must not be lost when forms are made anew: workbooks that were filled in, and files that somebody laid beside them. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { writeFileAtomically } from "../round/files.ts";
import { journalOf, type Round } from "../round/round.ts";
import { digest } from "../text/canonical.ts";
import { FORM_FILES } from "./city-forms.ts";
import { readDigestLists } from "./digest-list.ts";
import { PHONE_FOLDER } from "./xform/phone-forms.ts";

/** Where copies go, within the round. */
export const KEEP_IN = "forms/换下的记录表";

/**
 * Copies the workbooks below a folder that are not as the program wrote them, for what was filled in must not be lost. Each copy
 * is named by the journal's last line and its folder.
 * @param path folder within `forms/`
 * @param keepIn folder within the round
 * @returns paths of the copies within the round
 */
export function keepFilled(round: Round, path: string, keepIn: string): string[] {
  const workbooks = filesBelow(path).filter((file) => basename(file) === FORM_FILES.workbook);
  if (workbooks.length === 0) return [];
  const { entries } = journalOf(round);
  const written = entries.filter(({ event }) => event === "forms.written");
  const known = new Set([
    ...written.flatMap(({ about }) => Object.values(about.workbooks ?? {})),
    ...readDigestLists(round, written).values(),
  ]);
  return workbooks.flatMap((file) => {
    const bytes = readFileSync(join(path, file));
    if (known.has(digest(bytes))) return [];
    const folder = relative(round.paths.forms, dirname(join(path, file))).split(/[\\/]/);
    const name = `${String(entries.length).padStart(4, "0")}-${folder.join("-")}${FORM_FILES.workbook}`;
    writeFileAtomically(join(round.folder, keepIn, name), bytes);
    return [`${keepIn}/${name}`];
  });
}

/** Copies what is no form of ours, such as photos, from the folder that goes to the one that comes. */
export function keepStrangers(from: string, to: string): void {
  for (const file of filesBelow(from)) {
    const isOurs = Object.values<string>(FORM_FILES).includes(basename(file));
    const isPacked = file.endsWith(".zip") && existsSync(join(from, file.slice(0, -".zip".length)));
    if (isOurs || isPacked || file.split("/").includes(PHONE_FOLDER) || existsSync(join(to, file))) continue;
    mkdirSync(dirname(join(to, file)), { recursive: true, mode: 0o700 });
    copyFileSync(join(from, file), join(to, file));
  }
}

/** Paths of all files below a folder, seen from it, in order; none where it is not there. Links are not followed. */
export function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .sort();
}
