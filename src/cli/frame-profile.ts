/** `chouqian frame profile`: the frame in figures and one page, for people. */
import { join } from "node:path";
import type { Command } from "commander";
import { openFrame } from "../frame/locked.ts";
import { profilePdf } from "../frame/profile-pdf.ts";
import { keyFigures } from "../frame/profile-words.ts";
import { profileWorkbook } from "../frame/profile-workbook.ts";
import { writeFileAtomically } from "../round/files.ts";
import { type Language, words } from "../text/words.ts";
import { contextOf, makeCommand, type Say } from "./command.ts";
import { outputFile } from "./output-file.ts";

const PROFILE_FILES = [
  ["抽样框概况.xlsx", "xlsx"],
  ["抽样框概况.pdf", "pdf"],
] as const;

export function profileCommand(say: Say, language: Language): Command {
  return makeCommand(
    "profile",
    say,
    words(
      "抽样框概况：各市各类、行业、运行状态，关闭和其他偏多的县区（工作簿和一页 PDF）",
      "the frame in figures: a workbook and one page",
    ),
    "chouqian -C 2019年9月核查 frame profile",
  )
    .option("--output <folder>", say("写到哪个文件夹（默认轮次文件夹）", "folder to write to (default: the round)"))
    .action(async ({ output }: { readonly output?: string }, self: Command) => {
      const { terminal, round } = contextOf(self, language);
      const { config, folder } = round();
      for (const [name, kind] of PROFILE_FILES) outputFile(join(output ?? folder, name), kind, { rounds: [folder] });
      const frame = await openFrame(round());
      try {
        const profile = await frame.profile();
        const about = { title: config.name, frameDigest: frame.lock.frameDigest };
        const files = PROFILE_FILES.map(([name]) => join(output ?? folder, name));
        const [workbook = "", page = ""] = files;
        writeFileAtomically(workbook, await profileWorkbook(profile, about));
        writeFileAtomically(page, await profilePdf(profile, about));
        terminal.result({ files, profile });
        for (const line of [keyFigures(profile)].flat()) terminal.line(words(line, line));
        for (const file of files) terminal.line(words(`已写：${file}`, `written: ${file}`));
      } finally {
        frame.close();
      }
    });
}
