/** `chouqian plan`: the plan of a round, checked before any seed exists. */
import type { Command } from "commander";
import { planJsonSchema } from "../plan/json-schema.ts";
import { type Language, words } from "../text/words.ts";
import { makeCommand, type Say } from "./command.ts";
import { checkCommand } from "./plan-check.ts";
import { followupCommand } from "./plan-followup.ts";
import { sizeCommand } from "./plan-size.ts";
import { sealCommand, unsealCommand } from "./start-again.ts";

export function planCommand(say: Say, language: Language): Command {
  const plan = makeCommand("plan", say, words("抽样方案", "the plan"), "chouqian -C 2019年9月核查 plan check");
  plan.addCommand(checkCommand(say, language));
  plan.addCommand(sizeCommand(say, language));
  plan.addCommand(followupCommand(say, language));
  plan.addCommand(sealCommand(say, language));
  plan.addCommand(unsealCommand(say, language));
  plan.addCommand(
    makeCommand(
      "schema",
      say,
      words("打印 plan.yaml 的 JSON Schema，供编辑器提示和校验", "print the JSON Schema of plan.yaml for editors"),
      "chouqian plan schema > plan.schema.json",
    ).action(() => {
      process.stdout.write(planJsonSchema());
    }),
  );
  return plan;
}
