/** Cells in which two records differ, as a table. */
import type { Change } from "../records/agreement.ts";
import type { Actor } from "../round/round.ts";
import { type Words, words } from "../text/words.ts";
import type { Terminal } from "./terminal.ts";

/** A unit by its id and, where that may be shown, its name. */
export function unitLabel(unit: string, name: string, terminal: Terminal): string {
  return name === "" || terminal.voice.redact ? unit : `${unit} ${name}`;
}

/** The cells as scripts get them: without what stands in them where that is not to be shown. */
export function shownCells(
  changes: readonly Change[],
  terminal: Terminal,
): readonly Omit<Change, "before" | "after">[] {
  return terminal.voice.redact ? changes.map(({ before: _, after: __, ...place }) => place) : changes;
}

export function sayCells(
  changes: readonly Change[],
  terminal: Terminal,
  [before, after]: readonly [Words, Words] = [words("原来", "before"), words("现在", "now")],
) {
  const hidden = (text: string) => (terminal.voice.redact ? "…" : text);
  terminal.table(
    [words("  指标", "  indicator"), words("列", "column"), before, after],
    changes.map((each) => [
      `  ${each.code} ${each.name}`.trimEnd(),
      each.column,
      hidden(each.before),
      hidden(each.after),
    ]),
  );
}

/** The day by an actor's own clock and calendar, as `2019-10-08`. */
export function dayOf({ now }: Actor): string {
  const clock = now();
  const two = (count: number) => String(count).padStart(2, "0");
  return `${clock.getFullYear()}-${two(clock.getMonth() + 1)}-${two(clock.getDate())}`;
}
