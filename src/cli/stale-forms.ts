/** Says which forms are to be made again: of an older sample, without the teams, or by other templates. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { LETTERS_FOLDER } from "../forms/docx/write-letters.ts";
import { type StaleForms, staleForms } from "../forms/stale.ts";
import { staleLine } from "../forms/stale-words.ts";
import { journalOf, type Round } from "../round/round.ts";
import { words } from "../text/words.ts";
import type { Terminal } from "./terminal.ts";

/** Forms of the round that are to be made again. */
export function staleFormsOf(round: Round): Promise<StaleForms[]> {
  return staleForms(round, journalOf(round).entries);
}

export function sayStaleForms(stale: readonly StaleForms[], terminal: Terminal): void {
  for (const each of stale) {
    const { zh, en } = staleLine(each);
    terminal.line(words(`  ! ${zh}`, `  ! ${en}`));
  }
}

/** To be said right after the sample has changed, when letters that lie there are older too. */
export async function sayStaleSinceChange(round: Round, terminal: Terminal): Promise<void> {
  sayStaleForms(await staleFormsOf(round), terminal);
  if (!existsSync(join(round.paths.forms, LETTERS_FOLDER))) return;
  terminal.line(
    words(
      `  ! forms/${LETTERS_FOLDER} 是变动以前做的；请重做：forms --docx`,
      `  ! forms/${LETTERS_FOLDER} is from before the change; make it again: forms --docx`,
    ),
  );
}
