/** What the commands about records say alike: units, cells that differ, agreement. */
import { byWay, type Change, type OtherWay } from "../records/agreement.ts";
import type { RecordsStatus } from "../records/status.ts";
import type { Actor } from "../round/round.ts";
import { type Words, words } from "../text/words.ts";
import type { Terminal } from "./terminal.ts";

/** Columns of a terminal that a name may take, so that a line of the missing fits eighty. */
export const NAME_WIDTH = 28;

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

/** Ways of checking that are told one by one, and indicators that are named of each. */
const [MOST_WAYS, MOST_CODES] = [4, 3];

/** Cells that differ, each on a line; of ways of checking how many went from which to which. */
export function sayCells(
  changes: readonly Change[],
  terminal: Terminal,
  [before, after]: readonly [Words, Words] = [words("原来", "before"), words("现在", "now")],
) {
  const hidden = (text: string) => (terminal.voice.redact ? "…" : text);
  const { cells, ways } = byWay(changes);
  if (cells.length > 0) {
    terminal.table(
      [words("  指标", "  indicator"), words("列", "column"), before, after],
      cells.map((each) => [
        `  ${each.code} ${each.name}`.trimEnd(),
        each.column,
        hidden(each.before),
        hidden(each.after),
      ]),
    );
  }
  const count = changes.length - cells.length;
  if (count === 0) return;
  terminal.line(words(`  核查方式 ${count} 格不同`, `  ways of checking: ${count} cells`));
  if (terminal.voice.redact) return;
  for (const way of ways.slice(0, MOST_WAYS)) sayWay(way, terminal);
  const rest = ways.slice(MOST_WAYS);
  if (rest.length === 0) return;
  const others = rest.reduce((sum, { codes }) => sum + codes.length, 0);
  terminal.line(words(`    其余 ${rest.length} 种，${others} 格`, `    ${rest.length} others, ${others} cells`));
}

function sayWay({ before, after, codes }: OtherWay, terminal: Terminal): void {
  const named = codes.slice(0, MOST_CODES);
  const isMore = codes.length > named.length;
  const shown = (text: string, none: string) => (text === "" ? none : text);
  const list = `${named.join("、")}${isMore ? " 等" : ""}`;
  terminal.line(
    words(
      `    ${shown(before, "空")} → ${shown(after, "空")}：${codes.length} 格（${list}）`,
      `    ${shown(before, "(empty)")} → ${shown(after, "(empty)")}: ${codes.length} (${named.join(", ")}${isMore ? ", …" : ""})`,
    ),
  );
}

/** The day by an actor's own clock and calendar, as `2019-10-08`. */
export function dayOf({ now }: Actor): string {
  const clock = now();
  const two = (count: number) => String(count).padStart(2, "0");
  return `${clock.getFullYear()}-${two(clock.getMonth() + 1)}-${two(clock.getDate())}`;
}

/** How many sources were entered twice, and how far the two judges agree. */
export function sayAgreement({ pairs, agreement }: RecordsStatus, terminal: Terminal): void {
  const { judged, same, rate, kappa } = agreement;
  const open = pairs.filter(({ differs, settled }) => differs && settled === undefined).length;
  if (rate === undefined) {
    terminal.line(words("没有两组都判定的指标", "no indicator was judged twice"));
    return;
  }
  const percent = `${(100 * rate).toFixed(1)}%`;
  const k = kappa === undefined ? words("无法计算", "undefined") : words(kappa.toFixed(3), kappa.toFixed(3));
  terminal.line(
    words(
      `两次记录 ${pairs.length} 家，${judged} 个指标，一致率 ${percent}（${same}/${judged}），κ = ${k.zh}；待裁定 ${open} 家`,
      `${pairs.length} sources entered twice, ${judged} indicators, agreement ${percent}, kappa ${k.en}; ${open} to settle`,
    ),
  );
}
