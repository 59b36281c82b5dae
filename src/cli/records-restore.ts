/** `chouqian records restore`: makes records that were changed or deleted by hand anew. */
import type { Command } from "commander";
import { restoreRecords } from "../records/restore.ts";
import { type Language, words } from "../text/words.ts";
import { contextOf, makeCommand, type Say } from "./command.ts";

export function restoreCommand(say: Say, language: Language): Command {
  return makeCommand(
    "restore",
    say,
    words(
      "记录文件被改动或删去时，由原表和日志重新生成，与日志逐字节相符才写回",
      "make records that were changed or deleted anew, from the originals and the journal",
    ),
    "chouqian -C 2019年9月核查 records restore",
  ).action(async (_: object, self: Command) => {
    const { terminal, round } = contextOf(self, language);
    const restored = await restoreRecords(round(), terminal.progress);
    terminal.done();
    terminal.result(restored);
    const { records, areas, files } = restored;
    if (files.length === 0) {
      terminal.line(words("✓ 记录文件与日志相符，无须恢复", "✓ the records are as the journal has them"));
      return;
    }
    terminal.line(
      words(
        `✓ 已恢复 ${files.join("、")}：记录 ${records} 份，普查小区 ${areas} 个，与日志相符`,
        `✓ restored ${files.join(", ")}: ${records} records, ${areas} census areas, as the journal has them`,
      ),
    );
  });
}
