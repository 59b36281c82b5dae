/** `chouqian frame map`: writes down how the columns and values of ledgers are read, for a person to complete. */
import { existsSync } from "node:fs";
import { basename } from "node:path";
import type { Command } from "commander";
import { REQUIRED } from "../frame/columns.ts";
import { findMapping } from "../frame/find-mapping.ts";
import { namedLedgers } from "../frame/ledger-paths.ts";
import { mappingYaml } from "../frame/mapping.ts";
import { loadLedgerFields } from "../reference/ledger-fields.ts";
import { writeFileAtomically } from "../round/files.ts";
import { roundPaths } from "../round/round.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Language, words } from "../text/words.ts";
import { contextOf, makeCommand, type Say } from "./command.ts";
import { type ReadingFlags, reading, readingOptions } from "./frame-reading.ts";
import { outputFile } from "./output-file.ts";

interface MapFlags extends ReadingFlags {
  readonly output?: string;
  readonly force?: boolean;
}

export function mapCommand(say: Say, language: Language): Command {
  const command = makeCommand(
    "map",
    say,
    words(
      "看名录的列名和取值，生成可修改的对照表 mapping.yaml",
      "look at headings and values and write a mapping file to edit",
    ),
    "chouqian -C 2019年9月核查 frame map 名录.xlsx",
  );
  return reading(command, say)
    .option("--output <file>", say("对照表的文件名（默认轮次文件夹里的 mapping.yaml）", "file to write"))
    .option("--force", say("覆盖已有的对照表", "overwrite the mapping file that is there"))
    .action(async (files: string[], flags: MapFlags, self: Command) => {
      const { terminal, folder } = contextOf(self, language);
      const { config, mapping } = roundPaths(folder);
      const output = flags.output ?? (existsSync(config) ? mapping : "mapping.yaml");
      const ledgers = namedLedgers(files);
      outputFile(output, "any", { inputs: ledgers.map(({ path }) => path) });
      if (existsSync(output) && flags.force !== true) throw alreadyThere(output);
      const found = await findMapping(ledgers, readingOptions(flags, folder), terminal.progress);
      terminal.done();
      writeFileAtomically(output, mappingYaml(found, loadLedgerFields()));
      const { class: classes, status } = found.unknown;
      terminal.result({
        output,
        columns: Object.fromEntries(found.columns),
        otherHeadings: found.otherHeadings,
        unknown: { class: Object.fromEntries(classes), status: Object.fromEntries(status) },
      });
      terminal.line(
        words(
          `认出 ${found.columns.size} 个字段；另有 ${found.otherHeadings.length} 列原样保留`,
          `${found.columns.size} fields found; ${found.otherHeadings.length} other columns are kept as they are`,
        ),
      );
      const lacking = REQUIRED.filter((key) => !found.columns.has(key) && !found.constants.has(key));
      if (lacking.length > 0) {
        const names = loadLedgerFields().filter(({ key }) => lacking.some((each) => each === key));
        terminal.line(
          words(
            `没有认出 ${names.map(({ name }) => `“${name}”`).join("、")}，请打开对照表填写`,
            `not found: ${lacking.join(", ")}; fill them in`,
          ),
        );
      }
      const unknown = classes.size + status.size;
      if (unknown > 0) {
        terminal.line(
          words(
            `有 ${unknown} 种类别或状态写法不认识，请打开对照表填写它们的意思`,
            `${unknown} classes or statuses are unknown; fill in what they mean`,
          ),
        );
      }
      terminal.line(words(`对照表写在：${output}`, `mapping file: ${output}`));
    });
}

function alreadyThere(path: string): ChouqianError {
  return new ChouqianError("E-FRAME-MAPPING-EXISTS", {
    message: words("对照表已经存在", "the mapping file is there already"),
    advice: words(
      "直接修改它；要重新生成请加 --force，或用 --output 写到别处",
      "edit it; use --force to make it anew, or --output for another place",
    ),
    at: { file: basename(path) },
  });
}
