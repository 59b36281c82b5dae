/** `chouqian records drop`: takes back what was imported by mistake. */
import { type Command, Option } from "commander";
import { dropArea, dropSource } from "../records/drop.ts";
import { type Language, words } from "../text/words.ts";
import { contextOf, makeCommand, type Say } from "./command.ts";

interface DropFlags {
  readonly reason?: string;
  readonly second?: true;
  readonly area?: true;
}

export function dropCommand(say: Say, language: Language): Command {
  const second = say("只撤回复核组的记录和裁定，第一次的留下", "only the second team's record; the first stays");
  return makeCommand(
    "drop",
    say,
    words(
      "撤回误收的一家（或一个普查小区）：留存、写入日志，不再计入",
      "take back a source (or census area) imported by mistake: kept, no longer counted",
    ),
    "chouqian -C 2019年9月核查 records drop 91440511MA513YLA1A --reason 误收他市的表",
  )
    .argument(
      "<unit>",
      say("单位代码；加 --area 则为小区的代码或名称", "id of the unit; code or name of the area with --area"),
    )
    .option("--reason <text>", say("理由，写入日志", "why; goes into the journal"))
    .addOption(new Option("--second", second).conflicts("area"))
    .option("--area", say("撤回的是普查小区的漏报、重报核查", "it is a census area whose check is taken back"))
    .action(async (code: string, { reason, second: onlySecond, area }: DropFlags, self: Command) => {
      const { terminal, round, actor } = contextOf(self, language);
      const asked = { reason, second: onlySecond === true };
      const { id, records, kept } =
        area === true ? await dropArea(round(), actor, code, reason) : await dropSource(round(), actor, code, asked);
      const dropped = records.map((each) => {
        const { team, source } = each;
        return "unit" in each ? { visit: each.visit ?? null, team, source } : { team, source };
      });
      terminal.result({ [area === true ? "area" : "unit"]: id, dropped, kept });
      const count = records.length;
      terminal.line(words(`✓ 撤回 ${id} 的 ${count} 份记录`, `✓ taken back of ${id}: ${count}`));
      terminal.line(words(`  留存于 ${kept}`, `  kept as ${kept}`));
      const next = "records import";
      terminal.line(
        words(`  重新导入：${next}；重新评定：evaluate`, `  import anew: ${next}; evaluate again: evaluate`),
      );
    });
}
