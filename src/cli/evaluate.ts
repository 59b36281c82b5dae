/** `chouqian evaluate`: what the sample says of each city's key indicators, and whether the limit is kept. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import type { Estimate, Evaluation } from "../evaluate/evaluation.ts";
import { KIND_NAMES, KINDS, type Kind } from "../evaluate/terms.ts";
import { lineOnPaper } from "../round/journal.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Language, words } from "../text/words.ts";
import { contextOf, makeCommand, type Say } from "./command.ts";
import { sayNotCounted } from "./evaluate-not-counted.ts";
import { sayCities, sayKind, sayRest } from "./evaluate-words.ts";
import type { Terminal } from "./terminal.ts";

export function evaluateCommand(say: Say, language: Language): Command {
  const kinds = KINDS.join(say("、", ", "));
  return makeCommand(
    "evaluate",
    say,
    words(
      "评定：各市关键指标差错率的样本值、估计值、置信界，和是否在 2% 以内",
      "evaluate: each city's error rate with bounds, and whether it keeps the limit of 2%",
    ),
    "chouqian -C 2019年9月核查 evaluate --by county",
  )
    .option("--by <kind>", say(`另按此项列出：${kinds}`, `a table by ${kinds} besides`))
    .option(
      "--no-reports",
      say(
        "只算数，不制作报告和汇总表；上次的报告失效，删去并列出",
        "figures only; reports of the evaluation before are removed and named",
      ),
    )
    .action(async ({ by, reports }: { by?: string; reports: boolean }, self: Command) => {
      const { terminal, actor, round } = contextOf(self, language);
      const kind = by === undefined ? undefined : kindOption(by);
      // Loaded only here: its quantiles are needed by no other command.
      const { evaluateRound, issuedReports } = await import("../evaluate/evaluate-round.ts");
      const opened = round();
      const inResults = (path: string) => existsSync(join(opened.paths.results, path));
      const before = issuedReports(opened).filter(inResults);
      const evaluation = await evaluateRound(opened, actor, terminal.progress, reports);
      terminal.done();
      const removed = before.filter((path) => !inResults(path));
      terminal.result({ removed, evaluation: terminal.voice.redact ? withoutFreeText(evaluation) : evaluation });
      sayCities(evaluation, terminal);
      sayNotCounted(evaluation, terminal);
      if (kind !== undefined) sayKind(evaluation, kind, terminal);
      sayRest(evaluation, terminal);
      sayFiles(evaluation, reports, terminal);
      if (removed.length > 0) {
        terminal.line(
          words(
            `  上一次评定的报告已失效，删去 ${removed.length} 份：${removed.join("、")}`,
            `  ${removed.length} reports of the evaluation before, which hold no longer, were removed: ${removed.join(", ")}`,
          ),
        );
      }
      const line = lineOnPaper(evaluation.issued.journal);
      terminal.line(
        words(
          `  评定时日志末行 ${line}：verify --journal-line ${line}`,
          `  journal then at ${line}: verify --journal-line ${line}`,
        ),
      );
    });
}

/** For a screen that shows nothing of what people wrote: causes and teams by their numbers. */
function withoutFreeText(evaluation: Evaluation): Evaluation {
  const numbers = (names: readonly string[]) => {
    const known = [...new Set(names)];
    return (name: string) => (name === "" ? "" : `…${known.indexOf(name) + 1}`);
  };
  const cause = numbers(evaluation.causes.map((each) => each.cause));
  const teamKey = (each: Estimate) => each.key.slice(each.key.indexOf("/") + 1);
  const inTeams = evaluation.estimates.filter(({ kind }) => kind === "team");
  const team = numbers([...inTeams.map(teamKey), ...evaluation.teams.map((each) => each.team)]);
  const withCauses = <T extends { readonly cause: string }>(all: readonly T[]) =>
    all.map((each) => ({ ...each, cause: cause(each.cause) }));
  return {
    ...evaluation,
    estimates: evaluation.estimates.map((each) =>
      each.kind === "team"
        ? { ...each, key: `${each.key.slice(0, 6)}/${team(teamKey(each))}`, name: team(teamKey(each)) }
        : each,
    ),
    causes: withCauses(evaluation.causes),
    cities: evaluation.cities.map((each) => ({ ...each, causes: withCauses(each.causes) })),
    teams: evaluation.teams.map((each) => ({ ...each, team: team(each.team) })),
  };
}

function kindOption(text: string): Kind {
  const kind = KINDS.find((each) => each === text || KIND_NAMES[each].zh === text);
  if (kind !== undefined) return kind;
  throw new ChouqianError("E-USAGE-OPTION", {
    message: words(`不能按“${text}”列出`, `there is no table by "${text}"`),
    advice: words(
      `--by 后写其中之一：${KINDS.map((each) => `${each}（${KIND_NAMES[each].zh}）`).join("、")}`,
      `--by takes one of ${KINDS.join(", ")}`,
    ),
  });
}

function sayFiles({ verdicts }: Evaluation, reports: boolean, terminal: Terminal): void {
  terminal.line(words("✓ results/evaluation.json", "✓ results/evaluation.json"));
  if (!reports) return;
  const files = "  results/核查评定报告.pdf  results/评定汇总.xlsx";
  terminal.line(
    words(
      `${files}  各市另有一份（${verdicts.length} 个文件夹）`,
      `${files}  and one for each city (${verdicts.length} folders)`,
    ),
  );
}
