/** Says which forms are to be made again after the sample has changed. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { LETTERS_FOLDER } from "../forms/docx/write-letters.ts";
import { staleForms } from "../forms/stale.ts";
import { journalOf, type Round } from "../round/round.ts";
import { words } from "../text/words.ts";
import type { Terminal } from "./terminal.ts";

/** How forms are made again, by the folder they lie in. */
const AGAIN: Readonly<Record<string, string>> = {
  按县区: "forms --split county",
  按组: "forms --split team",
  按单位: "forms --split unit",
  补充抽查: "forms --only followup",
};

/** To be said right after a change, when letters that lie there are older too. */
export function sayStaleForms(round: Round, terminal: Terminal): void {
  for (const folder of staleForms(round, journalOf(round).entries)) {
    const again = AGAIN[folder] ?? "forms";
    terminal.line(
      words(
        `  ! forms/${folder} 还是变动以前的，不要再用；请重做：${again}`,
        `  ! forms/${folder} is from before the change and no longer to be used; make it again: ${again}`,
      ),
    );
  }
  if (!existsSync(join(round.paths.forms, LETTERS_FOLDER))) return;
  terminal.line(
    words(
      `  ! forms/${LETTERS_FOLDER} 是变动以前做的；请重做：forms --docx`,
      `  ! forms/${LETTERS_FOLDER} is from before the change; make it again: forms --docx`,
    ),
  );
}
