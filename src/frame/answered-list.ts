/** Keeps a list of problems that somebody has filled in from being written over. */
import { existsSync, renameSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { ChouqianError } from "../text/errors.ts";
import { readSheet } from "../xlsx/read.ts";
import { ANSWER_HEADING, LIST_SHEET } from "./problem-list.ts";

/**
 * Puts a list that holds answers aside, as `问题清单-已填1.xlsx` and so on; one without answers may be written over.
 * @returns the new name; undefined where nothing was put aside
 */
export async function keepAnswered(path: string): Promise<string | undefined> {
  if (!existsSync(path) || !(await hasAnswers(path))) return undefined;
  const [folder, ending] = [dirname(path), extname(path)];
  const stem = basename(path, ending);
  let number = 1;
  while (existsSync(join(folder, `${stem}-已填${number}${ending}`))) number++;
  const kept = `${stem}-已填${number}${ending}`;
  renameSync(path, join(folder, kept));
  return kept;
}

/** Whether a cell of the column for answers is filled; a file that is no list of ours may hold anything, and counts so. */
async function hasAnswers(path: string): Promise<boolean> {
  let column = -1;
  try {
    for await (const batch of readSheet(path, LIST_SHEET)) {
      for (const { cells } of batch) {
        if (column < 0) column = cells.indexOf(ANSWER_HEADING);
        else if ((cells[column] ?? "") !== "") return true;
      }
    }
  } catch (error) {
    if (!(error instanceof ChouqianError)) throw error;
    return true;
  }
  return column < 0;
}
