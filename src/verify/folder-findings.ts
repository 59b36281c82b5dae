/**
 * Checks that the round's files are files of the round: none is a link to a place where it may change unseen, and none stands
 * where only a step of the journal puts one.
 */
import { existsSync, lstatSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { voidings } from "../round/epochs.ts";
import type { JournalEntry } from "../round/journal.ts";
import type { Round } from "../round/round.ts";
import { type Words, words } from "../text/words.ts";
import { type Finding, failed } from "./finding.ts";

const TITLE = words("轮次文件夹", "the round's folder");

/**
 * Nothing where all is well.
 * @param entries the journal as it stands; `all` with what was voided
 */
export function folderFindings(
  round: Round,
  { entries, all }: { readonly entries: readonly JournalEntry[]; readonly all: readonly JournalEntry[] },
): Finding[] {
  const wrong = linkIn(round) ?? stray(round, entries, all);
  return wrong === undefined ? [] : [failed("folder", TITLE, wrong)];
}

/** The first link anywhere in the folder. */
function linkIn({ folder }: Round): Words | undefined {
  const links = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isSymbolicLink())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .sort();
  const [name] = links;
  if (name === undefined) return undefined;
  return words(
    `${name} 是指向别处的链接；请把原文件放回轮次文件夹`,
    `${name} is a link to another place; put the file itself into the round's folder`,
  );
}

/** A paper of a step that the journal does not tell of. */
function stray(round: Round, entries: readonly JournalEntry[], all: readonly JournalEntry[]): Words | undefined {
  const { paths } = round;
  const tells = (...events: readonly string[]) => entries.some(({ event }) => events.includes(event));
  const untold = (path: string, step: Words) => {
    const name = relative(round.folder, path).replaceAll("\\", "/");
    return words(`有 ${name}，但日志没有${step.zh}`, `there is ${name}, but the journal tells of no ${step.en}`);
  };
  if (existsSync(paths.openedCertificate) && !tells("seed.opened")) {
    return untold(paths.openedCertificate, words("公开封存的种子", "sealed seed that was published"));
  }
  if (existsSync(paths.currentList) && !tells("replaced") && !tells("followup.drawn")) {
    return untold(paths.currentList, words("替换或补充抽查", "replacement or follow-up"));
  }
  const numbers = new Set(voidings(all).map(({ number }) => String(number)));
  const kept = lstatSync(paths.history, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(paths.history) : [];
  const unknown = kept.sort().find((name) => /^\d+$/.test(name) && !numbers.has(name));
  return unknown === undefined
    ? undefined
    : untold(join(paths.history, unknown), words("相应的作废", "voiding that left it"));
}
