/** `chouqian frame diff`: what changed between the frames of two rounds. */
import type { Command } from "commander";
import { drawnFates } from "../draw/fates.ts";
import { FATE_NAMES } from "../draw/replacement.ts";
import { CHANGE_KINDS, diffFrames } from "../frame/diff.ts";
import { changesByBlock, diffWorkbook, KIND_NAMES } from "../frame/diff-list.ts";
import { CLASS_NAMES } from "../reference/classes.ts";
import { divisionName } from "../reference/divisions.ts";
import { writeFileAtomically } from "../round/files.ts";
import { openRound } from "../round/round.ts";
import { type Language, words } from "../text/words.ts";
import { contextOf, makeCommand, type Say } from "./command.ts";
import { outputFile } from "./output-file.ts";

export function diffCommand(say: Say, language: Language): Command {
  return makeCommand(
    "diff",
    say,
    words(
      "比较两个轮次锁定的抽样框：逐户、分市分类，及涉及哪些已抽中的单位",
      "compare the locked frames of two rounds",
    ),
    "chouqian frame diff 8月核查 9月核查 --output 名录变化.xlsx",
  )
    .argument("<old>", say("原轮次文件夹", "folder of the old round"))
    .argument("<new>", say("新轮次文件夹", "folder of the new round"))
    .option("--output <file>", say("逐户变化写成工作簿", "write the changes as a workbook"))
    .action(async (oldFolder: string, newFolder: string, { output }: { output?: string }, self: Command) => {
      const { terminal } = contextOf(self, language);
      if (output !== undefined) outputFile(output, "xlsx", { rounds: [oldFolder, newFolder] });
      const oldRound = openRound(oldFolder);
      const diff = await diffFrames(oldRound, openRound(newFolder));
      const fates = drawnFates(oldRound);
      const touched = diff.changes.filter(({ id }) => fates.has(id));
      if (output !== undefined) {
        const named = new Map([...fates].map(([id, fate]) => [id, FATE_NAMES[fate].zh]));
        writeFileAtomically(output, await diffWorkbook(diff, named));
      }
      terminal.result({ ...diff, drawn: touched.map(({ id, kind }) => ({ id, kind, role: fates.get(id) })) });
      terminal.table(
        [words("地市", "city"), words("类别", "class"), ...CHANGE_KINDS.map((kind) => words(KIND_NAMES[kind], kind))],
        changesByBlock(diff).map(({ city, sourceClass, counts }) => [
          divisionName(city),
          terminal.say(CLASS_NAMES[sourceClass]),
          ...CHANGE_KINDS.map((kind) => counts[kind]),
        ]),
      );
      const apart = [...diff.onlyOld, ...diff.onlyNew];
      if (apart.length > 0) {
        terminal.line(
          words(`只有一方有的列，不作比较：${apart.join("、")}`, `columns of one frame only: ${apart.join(", ")}`),
        );
      }
      terminal.line(
        words(
          `共 ${diff.changes.length} 户有变化，其中原轮次已抽中 ${touched.length} 户`,
          `${diff.changes.length} units differ, ${touched.length} of them drawn in the old round`,
        ),
      );
      for (const { id, name, kind } of touched) {
        const fate = FATE_NAMES[fates.get(id) ?? "primary"];
        terminal.line(words(`  ${fate.zh} ${id} ${name}：${KIND_NAMES[kind]}`, `  ${fate.en} ${id} ${name}: ${kind}`));
      }
      if (output !== undefined) terminal.line(words(`逐户变化写在：${output}`, `changes: ${output}`));
    });
}
