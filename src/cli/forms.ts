/** `chouqian forms`: makes checklists and record forms. */
import { type Command, Option } from "commander";
import { writeLetters } from "../forms/docx/write-letters.ts";
import { writeForms } from "../forms/write-forms.ts";
import { findCity } from "../reference/divisions.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Language, words } from "../text/words.ts";
import { contextOf, makeCommand, type Say } from "./command.ts";
import { sayMissing } from "./shared.ts";
import type { Terminal } from "./terminal.ts";

export function formsCommand(say: Say, language: Language): Command {
  return makeCommand(
    "forms",
    say,
    words(
      "为每个市制作核查清单、核查记录表（PDF）和可填写的工作簿",
      "make checklists, record forms and workbooks for each city",
    ),
    "chouqian -C 2019年9月核查 forms --city 汕头",
  )
    .option("--city <name>", say("只做这个市", "this city only"))
    .option(
      "--xform",
      say("另做手机填报用表（ODK Collect、KoboToolbox）", "forms for the phone too (ODK Collect, KoboToolbox)"),
    )
    .addOption(
      new Option(
        "--docx <file>",
        say("只用本单位的 Word 模板制作公文、封面（docs/forms-docx.md）", "only fill the office's own Word template"),
      ).conflicts("xform"),
    )
    .option(
      "--workers <n>",
      say("同时制作几个市（默认按处理器个数）", "cities made at once (default: by processors)"),
      workerCount,
    )
    .action(async (options: { city?: string; workers?: number; xform?: true; docx?: string }, self: Command) => {
      const { terminal, actor, round } = contextOf(self, language);
      const only = options.city === undefined ? undefined : cityCode(options.city);
      if (options.docx !== undefined) {
        sayLetters(terminal, await writeLetters(round(), options.docx, only));
        return;
      }
      const { workers, xform: forPhones } = options;
      const how = { workers, forPhones };
      const { cities, missingCharacters } = await writeForms(round(), actor, only, terminal.progress, how);
      terminal.done();
      const sources = cities.reduce((sum, each) => sum + each.sources, 0);
      const pages = cities.reduce((sum, each) => sum + each.pages, 0);
      terminal.result({ cities, sources, pages });
      terminal.line(
        words(
          `✓ ${cities.length} 个市、${sources} 家的核查表已做好，共 ${pages} 页，在 forms 文件夹`,
          `✓ forms for ${sources} sources of ${cities.length} cities, ${pages} pages, in forms/`,
        ),
      );
      terminal.line(
        words(
          "  每个市一个文件夹：核查清单.pdf  核查记录表.pdf（打印用）  核查记录表.xlsx（填写用）",
          "  a folder for each city: 核查清单.pdf  核查记录表.pdf (print)  核查记录表.xlsx (fill in)",
        ),
      );
      if (options.xform) {
        terminal.line(
          words(
            "  手机用表在各市的 phone 文件夹：表单 .xml 或 .xlsx，连同 sources.csv 一起上传（docs/phone.md）",
            "  for phones, in each city's phone/: a form, .xml or .xlsx, to upload with sources.csv (docs/phone.md)",
          ),
        );
      }
      sayMissing(terminal, missingCharacters);
      terminal.line(
        words("随时可核对：chouqian -C 轮次文件夹 verify", "prove it at any time: chouqian -C ROUND verify"),
      );
    });
}

function sayLetters(terminal: Terminal, files: readonly string[]): void {
  const [first = ""] = files;
  terminal.result({ files });
  terminal.line(
    words(
      `✓ 按模板做好 ${files.length} 份 Word 文档：${files.length === 1 ? first : first.replace(/[^/]*$/, "")}`,
      `✓ ${files.length} Word documents from the template: ${files.length === 1 ? first : first.replace(/[^/]*$/, "")}`,
    ),
  );
}

function workerCount(text: string): number {
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw new ChouqianError("E-FORMS-WORKERS", {
    message: words(
      `--workers 应为 1 到 99 的整数，不是“${text}”`,
      `--workers is a whole number from 1 to 99, not "${text}"`,
    ),
    advice: words("如 --workers 2；不写则按处理器个数", "such as --workers 2; by processors where absent"),
  });
}

function cityCode(text: string): string {
  const code = findCity(text);
  if (code !== undefined) return code;
  throw new ChouqianError("E-FORMS-CITY", {
    message: words(`不认识的城市“${text}”`, `unknown city "${text}"`),
    advice: words("写地级以上市的名称或六位代码", "give a city's name or code"),
  });
}
