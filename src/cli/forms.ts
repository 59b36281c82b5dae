/** `chouqian forms`: makes checklists and record forms. */
import { type Command, Option } from "commander";
import { writeLetters } from "../forms/docx/write-letters.ts";
import { SPLITS, type Split } from "../forms/parts.ts";
import type { StaleForms } from "../forms/stale.ts";
import { staleResult } from "../forms/stale-words.ts";
import { type FormsResult, type HowToMake, KEEP_IN, type Only, writeForms } from "../forms/write-forms.ts";
import { findCity } from "../reference/divisions.ts";
import { canonicalText } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Language, type Words, words } from "../text/words.ts";
import { contextOf, makeCommand, type Say } from "./command.ts";
import { sayMissing } from "./shared.ts";
import { sayStaleForms, staleFormsOf } from "./stale-forms.ts";
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
    .option("--city <name...>", say("只做这个市，可写多个", "this city only, or several"))
    .addOption(
      new Option(
        "--only <what>",
        say(
          "只做：一个市、样本中的一个单位（代码）、“已替换”（递补进来的）或“补充抽查”（补充的，各市一份）",
          "only a city, a unit of the sample by its id, replaced (the units that came in), or followup (those added, by city)",
        ),
      ).conflicts("city"),
    )
    .addOption(
      new Option(
        "--split <by>",
        say(
          "按 city 市（默认）、county 县区、team 组、unit 单位分开文件",
          "files by city (default), county, team or unit",
        ),
      ).choices(SPLITS),
    )
    .option("--rows", say("工作簿中一个单位占一行，而不是一张表", "in workbooks a row for each unit, not a sheet"))
    .option("--zip", say("另把每个文件夹压缩成一个文件，便于发送", "pack each folder into one file too"))
    .option(
      "--xform",
      say("另做手机填报用表（ODK Collect、KoboToolbox）", "forms for the phone too (ODK Collect, KoboToolbox)"),
    )
    .addOption(
      new Option(
        "--docx <file>",
        say("只用本单位的 Word 模板制作公文、封面（docs/forms-docx.md）", "only fill the office's own Word template"),
      ).conflicts(["xform", "only", "split", "rows", "zip"]),
    )
    .option(
      "--workers <n>",
      say("同时制作几个市（默认按处理器个数）", "cities made at once (default: by processors)"),
      workerCount,
    )
    .action(async (options: FormsOptions, self: Command) => {
      const { terminal, actor, round } = contextOf(self, language);
      if (options.docx !== undefined) {
        sayLetters(terminal, await writeLetters(round(), options.docx, options.city?.map(cityCode)));
        return;
      }
      const only = onlyOf(options);
      const { workers, xform: forPhones, zip } = options;
      const split =
        options.split ?? (only !== undefined && ("unit" in only || "replacements" in only) ? "unit" : "city");
      const how = { workers, forPhones, zip, split, layout: options.rows ? "rows" : "source" } as const;
      const opened = round();
      const made = await writeForms(opened, actor, only, terminal.progress, how);
      sayForms(terminal, made, how, await staleFormsOf(opened));
    });
}

interface FormsOptions {
  readonly city?: readonly string[];
  readonly only?: string;
  readonly split?: Split;
  readonly rows?: true;
  readonly zip?: true;
  readonly xform?: true;
  readonly docx?: string;
  readonly workers?: number;
}

/** What is meant by `--city` or `--only`: a city's name or code, the word for newcomers, else the id of a unit. */
function onlyOf({ city, only }: FormsOptions): Only {
  if (city !== undefined) return { cities: [...new Set(city.map(cityCode))] };
  if (only === undefined) return undefined;
  const code = findCity(only);
  if (code !== undefined) return { cities: [code] };
  if (/^(follow-?up|补充抽查|补充)$/i.test(only)) return { followUps: true };
  return /^(replaced|已替换|替换)$/i.test(only) ? { replacements: true } : { unit: canonicalText(only) };
}

/** What is made, in a word, by what gets a folder of its own. */
const PARTS: Readonly<Record<Split, (parts: number) => Words>> = {
  city: (n) => words(`${n} 个市`, `${n} cities`),
  county: (n) => words(`${n} 个县区`, `${n} counties`),
  team: (n) => words(`${n} 个组`, `${n} teams`),
  unit: (n) => words(`${n} 个单位`, `${n} units`),
};

function sayForms(
  terminal: Terminal,
  { parts, kept, moved, missingCharacters }: FormsResult,
  { split, zip, forPhones }: { readonly split: Split } & HowToMake,
  stale: readonly StaleForms[],
): void {
  terminal.done();
  const sources = parts.reduce((sum, each) => sum + each.sources, 0);
  const pages = parts.reduce((sum, each) => sum + each.pages, 0);
  terminal.result({ parts, sources, pages, kept, moved, staleForms: stale.map(staleResult) });
  const what = PARTS[split](parts.length);
  const [first] = parts;
  const levels = first?.folder.split("/") ?? [];
  // forms/<city>, or forms/<division>/<part>
  const place = levels.length > 2 ? levels.slice(0, 2).join("/") : "forms";
  terminal.line(
    words(
      `✓ ${what.zh}、${sources} 家的核查表已做好，共 ${pages} 页，在 ${place} 文件夹`,
      `✓ forms for ${sources} sources of ${what.en}, ${pages} pages, in ${place}/`,
    ),
  );
  terminal.line(
    words(
      "  每个文件夹：核查清单.pdf  核查记录表.pdf（打印用）  核查记录表.xlsx（填写用）",
      "  in each folder: 核查清单.pdf  核查记录表.pdf (print)  核查记录表.xlsx (fill in)",
    ),
  );
  if (zip) terminal.line(words("  压缩文件在各文件夹旁边", "  packed files lie beside the folders"));
  if (forPhones) {
    terminal.line(
      words(
        "  手机用表在各文件夹的 phone：表单 .xml 或 .xlsx，连同 sources.csv 一起上传（docs/phone.md）",
        "  for phones, in each folder's phone/: a form, .xml or .xlsx, to upload with sources.csv (docs/phone.md)",
      ),
    );
  }
  if (kept.length > 0) {
    terminal.line(
      words(
        `  ! 有 ${kept.length} 个文件填写或改动过，原件已先留存在 ${KEEP_IN}：`,
        `  ! ${kept.length} files had been filled in or changed; copies are kept in ${KEEP_IN}:`,
      ),
    );
    sayNames(kept, terminal);
  }
  if (moved.length > 0) {
    terminal.line(
      words(
        `  ! 已不在样本中、或编号已变而有人动过的，${moved.length} 项移到 ${KEEP_IN}，不要再用：`,
        `  ! no longer in the sample, or numbered otherwise and touched by somebody: ${moved.length} moved to ${KEEP_IN}, not to be used:`,
      ),
    );
    sayNames(moved, terminal);
  }
  sayStaleForms(stale, terminal);
  sayMissing(terminal, missingCharacters);
  terminal.line(words("随时可核对：chouqian -C 轮次文件夹 verify", "prove it at any time: chouqian -C ROUND verify"));
}

/** Names of what lies in the folder for forms that went; they may be those of units. */
function sayNames(paths: readonly string[], terminal: Terminal): void {
  for (const path of terminal.voice.redact ? [] : paths) {
    const name = path.slice(KEEP_IN.length + 1);
    terminal.line(words(`    ${name}`, `    ${name}`));
  }
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
