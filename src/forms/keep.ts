/** What must not be lost when forms are made anew: what was filled in or changed, and what somebody laid beside them. */
import {
  cpSync,
  type Dirent,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { divisionName } from "../reference/divisions.ts";
import { misplaced, refusingDiskErrors, writeFileAtomically } from "../round/files.ts";
import type { JournalEntry } from "../round/journal.ts";
import { journalOf, type Round } from "../round/round.ts";
import { digest } from "../text/canonical.ts";
import { FORM_FILES } from "./city-forms.ts";
import { readDigestLists } from "./digest-list.ts";
import { freePath } from "./file-names.ts";
import { PHONE_FOLDER } from "./xform/phone-forms.ts";

/** Where copies go, within the round. */
export const KEEP_IN = "forms/换下的记录表";

/** Keeps what lies in the folders of forms while these are made anew. */
export interface Keeper {
  /**
   * Carries strangers, such as photos, links and empty folders, from the folder that goes to the one that comes, and keeps a
   * copy of each form that is not as the program wrote it.
   */
  readonly carry: (from: string, to: string) => void;
  /** Keeps a copy of a file that is about to be written over, unless it is as the program wrote it. */
  readonly keep: (file: string) => void;
  /** The copies, as paths within the round. */
  readonly kept: string[];
  /** Moves a file or folder to where copies go, whole. */
  readonly move: (path: string) => void;
  /** What was moved: where it lies now, as paths within the round. */
  readonly moved: string[];
  /** Whether a file, or a folder with all below it, is as the program wrote it. */
  readonly isAsWritten: (path: string) => boolean;
}

/**
 * Copies are named by the journal's last line and by where they lay.
 * @param keepIn folder within the round for the copies
 */
export function keeperOf(round: Round, keepIn: string): Keeper {
  const { entries } = journalOf(round);
  const { paths, digests } = writtenForms(round, entries);
  const kept: string[] = [];
  const moved: string[] = [];
  const nameOf = (path: string) => `${String(entries.length).padStart(4, "0")}-${within(path).replaceAll("/", "-")}`;
  const within = (path: string) => relative(round.paths.forms, path).replaceAll("\\", "/");
  const keep = (file: string): void => {
    if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return;
    const bytes = readFileSync(file);
    if (digests.has(digest(bytes))) return;
    const name = nameOf(file);
    writeFileAtomically(join(round.folder, keepIn, name), bytes);
    kept.push(`${keepIn}/${name}`);
  };
  const carry = (from: string, to: string): void =>
    carryStrangers(from, to, (path) => paths.has(within(join(from, path))), keep);
  const taken = new Set<string>();
  const move = (path: string): void => {
    // what an interrupted run has moved there stays
    let name = nameOf(path);
    do name = freePath([nameOf(path)], taken).join("/");
    while (existsSync(join(round.folder, keepIn, name)));
    const target = join(round.folder, keepIn, name);
    refusingDiskErrors(path, () => {
      mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
      renameSync(path, target);
    });
    moved.push(`${keepIn}/${name}`);
  };
  const isAsWritten = (path: string): boolean => {
    const found = lstatSync(path);
    if (found.isDirectory()) return entriesBelow(path).every(({ path: each }) => isAsWritten(join(path, each)));
    return found.isFile() && digests.has(digest(readFileSync(path)));
  };
  return { carry, keep, kept, move, moved, isAsWritten };
}

/**
 * Carries what is not ours from the folder that goes to the one that comes. A file is ours where one of that path comes, too.
 * @param onOurs what is done with each old file of ours, by its full path
 * @throws ChouqianError E-FILE-READ where a folder stands in the place of a file that comes
 */
export function carryStrangers(
  from: string,
  to: string,
  isOurs: (path: string) => boolean,
  onOurs: (file: string) => void,
): void {
  for (const { path, entry } of entriesBelow(from)) {
    const [old, place] = [join(from, path), join(to, path)];
    const comes = lstatSync(place, { throwIfNoEntry: false });
    if (entry.isDirectory()) {
      if (comes !== undefined && !comes.isDirectory()) throw misplaced("EISDIR", old);
      if (readdirSync(old).length === 0) mkdirSync(place, { recursive: true, mode: 0o700 });
    } else if (comes !== undefined || isOurs(path)) {
      onOurs(old);
    } else {
      mkdirSync(dirname(place), { recursive: true, mode: 0o700 });
      cpSync(old, place, { verbatimSymlinks: true, preserveTimestamps: true });
    }
  }
}

/** What the journal says was written below `forms/`: paths seen from there, and digests. */
function writtenForms(
  round: Round,
  entries: readonly JournalEntry[],
): { readonly paths: ReadonlySet<string>; readonly digests: ReadonlySet<string> } {
  const written = entries.filter(({ event }) => event === "forms.written");
  const lists = readDigestLists(round, written);
  const paths = new Set(lists.keys());
  const digests = new Set(lists.values());
  const add = (path: string, sha256: unknown) => {
    paths.add(path);
    digests.add(String(sha256));
  };
  for (const { about } of written) {
    for (const [code, sha256] of Object.entries(about.workbooks ?? {})) {
      add(`${divisionName(code)}/${FORM_FILES.workbook}`, sha256);
    }
    for (const [kind, below] of [
      ["prints", ""],
      ["phones", `${PHONE_FOLDER}/`],
    ] as const) {
      for (const [code, files] of Object.entries(about[kind] ?? {})) {
        for (const [file, sha256] of Object.entries(files ?? {})) add(`${divisionName(code)}/${below}${file}`, sha256);
      }
    }
    for (const [path, sha256] of Object.entries(about.packed ?? {})) add(path, sha256);
  }
  return { paths, digests };
}

/**
 * Refuses a folder of forms that cannot be written, before anything is: a file where a folder should be, or the other way round.
 * @param folder of a part, its levels below `forms/` apart
 * @throws ChouqianError E-FILE-READ
 */
export function refuseMisplaced({ paths }: Round, folder: readonly string[]): void {
  for (let levels = 0; levels <= folder.length; levels++) {
    const path = join(paths.forms, ...folder.slice(0, levels));
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return;
    if (!found.isDirectory()) throw misplaced("ENOTDIR", path);
  }
  for (const file of Object.values(FORM_FILES)) {
    const path = join(paths.forms, ...folder, file);
    if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) throw misplaced("EISDIR", path);
  }
}

/** Everything below a folder, in order; nothing where it is not there. Links are not followed. */
function entriesBelow(folder: string): { readonly path: string; readonly entry: Dirent }[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => {
      return { path: relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"), entry };
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Paths of all files below a folder, seen from it, in order; none where it is not there. Links are not followed. */
export function filesBelow(folder: string): string[] {
  return entriesBelow(folder).flatMap(({ path, entry }) => (entry.isFile() ? [path] : []));
}
