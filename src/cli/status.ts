/** `chouqian status`: what a round has, and what comes next. */
import { existsSync } from "node:fs";
import type { Command } from "commander";
import { readCurrentSample } from "../draw/fates.ts";
import { staleResult } from "../forms/stale-words.ts";
import type { Round } from "../round/round.ts";
import { roundStatus } from "../round/status.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Language, words } from "../text/words.ts";
import { contextOf, makeCommand, type Say } from "./command.ts";
import { sayStaleForms, staleFormsOf } from "./stale-forms.ts";

export function statusCommand(say: Say, language: Language): Command {
  return makeCommand(
    "status",
    say,
    words("这个轮次做到哪一步，下一步做什么", "what this round has, and the next step"),
    "chouqian -C 2019年9月核查 status",
  ).action(async (_: object, self: Command) => {
    const { terminal, round } = contextOf(self, language);
    const opened = round();
    const { steps, replaced, next } = roundStatus(opened, sampleOf(opened));
    const stale = await staleFormsOf(opened);
    terminal.result({
      roundId: opened.config.id,
      steps: steps.map(({ step, isDone }) => ({ step, done: isDone })),
      replaced,
      staleForms: stale.map(staleResult),
      next: terminal.say(next),
    });
    terminal.line(words(`轮次：${opened.config.id}`, `round: ${opened.config.id}`));
    for (const { title, isDone, detail } of steps) {
      const mark = isDone ? "✓" : "○";
      terminal.line(words(`  ${mark} ${title.zh}：${detail.zh}`, `  ${mark} ${title.en}: ${detail.en}`));
    }
    if (replaced > 0) {
      terminal.line(words(`    替换：${replaced} 家，见 replace/样本现状.xlsx`, `    replaced: ${replaced} units`));
    }
    sayStaleForms(stale, terminal);
    terminal.line(words(`下一步：${next.zh}`, `next: ${next.en}`));
  });
}

/** Units to be inspected as the sample stands; undefined before the draw, and where the draw's files are not as they were. */
function sampleOf(round: Round): ReadonlySet<string> | undefined {
  if (!existsSync(round.paths.manifest)) return undefined;
  try {
    const { sample } = readCurrentSample(round);
    return new Set(sample.strata.flatMap(({ units }) => units.filter((unit) => unit.isInSample).map(({ id }) => id)));
  } catch (error) {
    // what is wrong with them is for `verify` to say
    if (error instanceof ChouqianError) return undefined;
    throw error;
  }
}
