/** `chouqian replay`: redoes published draws of others, before anybody trusts ours. */
import { basename } from "node:path";
import { Argument, type Command } from "commander";
import { readTextFile } from "../round/round.ts";
import { type Language, words } from "../text/words.ts";
import { REPLAY_KINDS, type ReplayKind, replay } from "../verify/replay-file.ts";
import { contextOf, makeCommand, type Say } from "./command.ts";

const NAMES: Readonly<Record<ReplayKind, string>> = {
  rfc3797: "RFC 3797",
  colorado: "Colorado",
  arlo: "Rivest consistent_sampler (Arlo)",
};
/** So many steps are shown with their arithmetic. */
const SHOWN = 3;

export function replayCommand(say: Say, language: Language): Command {
  return makeCommand(
    "replay",
    say,
    words(
      "重做别人公布过的抽签，看本程序的算法是否得出同样的结果",
      "redo published draws of others and compare with what they published",
    ),
    "chouqian replay colorado samples/replay/colorado.json",
  )
    .addArgument(new Argument("<kind>", say("哪一种抽签", "which kind of draw")).choices(REPLAY_KINDS))
    .argument("<file>", say("公布的输入和结果，格式见 samples/replay", "what was published; see samples/replay"))
    .action((kind: ReplayKind, file: string, _: object, self: Command) => {
      const { terminal } = contextOf(self, language);
      const { source, published, steps, differs } = replay(kind, readTextFile(file), basename(file));
      terminal.result({ kind, source, published, recomputed: steps.map(({ chosen }) => chosen), differs });
      terminal.line(words(`${NAMES[kind]}　出处：${source}`, `${NAMES[kind]}, source: ${source}`));
      for (const { from, hash, chosen } of steps.slice(0, SHOWN)) {
        terminal.line(words(`  ${from}\n    → ${hash}\n    → ${chosen}`, `  ${from}\n    → ${hash}\n    → ${chosen}`));
      }
      if (differs === undefined) {
        terminal.line(words(`✓ ${published.length} 个结果全部一致`, `✓ all ${published.length} results agree`));
        return;
      }
      process.exitCode = 3;
      const [found, expected] = [published[differs - 1], steps[differs - 1]?.chosen];
      terminal.output(
        `${say(`✗ 第 ${differs} 个结果不符：公布 ${found}，重算 ${expected}`, `✗ result ${differs} differs: published ${found}, recomputed ${expected}`)}\n`,
      );
    });
}
