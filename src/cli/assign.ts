/** `chouqian assign`: draws by lot which inspectors go to which source. */
import type { Command } from "commander";
import { assignRound, writeRosterTemplate } from "../assign/assign-round.ts";
import { staleResult } from "../forms/stale-words.ts";
import { refreshCurrentList } from "../replace/papers.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Language, words } from "../text/words.ts";
import { contextOf, makeCommand, type Say } from "./command.ts";
import { sayMissing } from "./shared.ts";
import { sayStaleForms, staleFormsOf } from "./stale-forms.ts";

interface Flags {
  readonly perDay: string;
  readonly waive?: string;
  readonly reason?: string;
  readonly template?: boolean;
}

const PER_DAY = "4";

export function assignCommand(say: Say, language: Language): Command {
  return makeCommand(
    "assign",
    say,
    words("随机组成检查组，把抽中的污染源分给各组（双随机）", "form teams by lot and give each drawn source to one"),
    "chouqian -C 2019年9月核查 assign --per-day 4",
  )
    .option(
      "--per-day <n>",
      say("每组每天查几家，只影响派工单的排法（默认 4）", "sources a team inspects in a day (default: 4)"),
      PER_DAY,
    )
    .option("--template", say("在轮次文件夹里写一份名单范本 inspectors.csv", "write the roster's form inspectors.csv"))
    .option(
      "--waive <rule>",
      say("规则互相矛盾时公开放弃一条：skills、leader 或 loads", "give up a rule: skills, leader or loads"),
    )
    .option("--reason <text>", say("放弃规则的理由，永久记入日志", "why, to stay in the journal for ever"))
    .action(async ({ perDay, waive, reason, template }: Flags, self: Command) => {
      const { terminal, actor, round } = contextOf(self, language);
      if (template === true) {
        writeRosterTemplate(round().folder);
        terminal.result({ file: "inspectors.csv" });
        terminal.line(
          words(
            "✓ 已写 inspectors.csv：填好人员，在 plan.yaml 加一行 assign: { roster: inspectors.csv }，再收集种子",
            "✓ inspectors.csv: fill it in, add assign: { roster: inspectors.csv } to plan.yaml, then collect the seed",
          ),
        );
        return;
      }
      const opened = round();
      const { assignment, assignmentDigest, days, missingCharacters } = await assignRound(
        opened,
        actor,
        { perDay: wholeNumber(perDay), waive: waive === undefined ? undefined : { rule: waive, reason: reason ?? "" } },
        terminal.progress,
      );
      // the list names the teams too
      await refreshCurrentList(opened);
      terminal.done();
      const stale = await staleFormsOf(opened);
      const { teams, sources, standby, seed, waived } = assignment;
      const people = teams.reduce((sum, { members }) => sum + members.length, 0);
      terminal.result({
        assignmentDigest,
        seed,
        teams: teams.length,
        people,
        standby: standby.length,
        sources: sources.length,
        days,
        waived,
        staleForms: stale.map(staleResult),
      });
      terminal.line(
        words(
          `✓ ${people} 人组成 ${teams.length} 组，分查 ${sources.length} 家，每组 ${range(teams.map(({ load }) => load))} 家，最多 ${days} 天`,
          `✓ ${people} people in ${teams.length} teams for ${sources.length} sources, ${range(teams.map(({ load }) => load))} each, ${days} days at most`,
        ),
      );
      if (standby.length > 0) {
        terminal.line(
          words(
            `  待命 ${standby.length} 人：对抽中的污染源全部须回避`,
            `  ${standby.length} stand by: they may inspect no drawn source`,
          ),
        );
      }
      for (const { rule, reason: why } of waived) {
        terminal.line(words(`  ! 已放弃规则 ${rule}：${why}`, `  ! rule ${rule} given up: ${why}`));
      }
      terminal.line(words(`  种子 ${seed}`, `  seed ${seed}`));
      terminal.line(words(`  分派摘要 ${assignmentDigest}`, `  assignment digest ${assignmentDigest}`));
      terminal.line(
        words(
          "  assign/分组派工单.xlsx  assign/分组派工单.pdf  assign/assignment.json",
          "  assign/分组派工单.xlsx  assign/分组派工单.pdf  assign/assignment.json",
        ),
      );
      sayStaleForms(stale, terminal);
      sayMissing(terminal, missingCharacters);
      terminal.line(
        words("随时可核对：chouqian -C 轮次文件夹 verify", "prove it at any time: chouqian -C ROUND verify"),
      );
    });
}

function range(loads: readonly number[]): string {
  const [least, most] = [Math.min(...loads), Math.max(...loads)];
  return least === most ? String(least) : `${least}–${most}`;
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new ChouqianError("E-USAGE-PER-DAY", {
    message: words(`--per-day 应为 1 到 999 的整数，不是“${text}”`, `--per-day is a whole number, not "${text}"`),
    advice: words("例如 --per-day 4", "such as --per-day 4"),
  });
}
