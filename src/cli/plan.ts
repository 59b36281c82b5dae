/** `chouqian plan check`: what the plan will draw, before any seed exists. */
import type { Command } from "commander";
import { planInWords } from "../plan/in-words.ts";
import { type BlockOutlook, outlook } from "../plan/outlook.ts";
import { readPlan } from "../plan/seal.ts";
import { CLASS_NAMES } from "../reference/classes.ts";
import { divisionName } from "../reference/divisions.ts";
import { type Language, words } from "../text/words.ts";
import { contextOf, makeCommand, type Say } from "./command.ts";

export function planCommand(say: Say, language: Language): Command {
  const plan = makeCommand("plan", say, words("抽样方案", "the plan"), "chouqian -C 2019年9月核查 plan check");
  plan.addCommand(
    makeCommand(
      "check",
      say,
      words("对照锁定的抽样框检查方案：各市各类抽多少、缺多少", "check the plan against the locked frame"),
      "chouqian -C 2019年9月核查 plan check",
    ).action(async (_: object, self: Command) => {
      const { terminal, round } = contextOf(self, language);
      const opened = round();
      const { digest, blocks } = await outlook(opened);
      terminal.result({ planDigest: digest, blocks });
      for (const line of planInWords(readPlan(opened))) terminal.line(line);
      if (readPlan(opened).plan.quotas.some(({ by }) => by === undefined)) {
        terminal.line(words("以下按“对每个市分别抽取”理解工作方案：", "drawn in each city by itself:"));
      }
      terminal.table(
        [
          words("地市", "city"),
          words("类别", "class"),
          words("层数", "strata"),
          words("总数 N", "N"),
          words("排除", "excluded"),
          words("样本 n", "n"),
          words("备选", "reserve"),
          words("缺额", "short"),
        ],
        blocks.map((block) => [
          divisionName(block.city),
          terminal.say(CLASS_NAMES[block.sourceClass]),
          block.strata,
          block.units,
          block.excluded,
          block.n,
          block.reserve,
          block.shortfall,
        ]),
      );
      const sum = (key: keyof BlockOutlook) => blocks.reduce((total, block) => total + Number(block[key]), 0);
      terminal.line(
        words(
          `合计：样本 ${sum("n")} 家，备选 ${sum("reserve")} 家，缺额 ${sum("shortfall")} 家`,
          `total: sample ${sum("n")}, reserve ${sum("reserve")}, shortfall ${sum("shortfall")}`,
        ),
      );
      const unknown = sum("unknownCounties");
      if (unknown > 0) {
        terminal.line(
          words(
            `! ${unknown} 个层的县区未填或不在区划表中（如功能区），按名录原文各自成层；如不合适，请改正名录后重新建轮次锁定`,
            `! ${unknown} strata are named by a county that is empty or no division, each a stratum as the ledger writes it`,
          ),
        );
      }
      terminal.line(words(`方案摘要 ${digest}`, `plan digest ${digest}`));
    }),
  );
  return plan;
}
