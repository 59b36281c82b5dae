/** `chouqian templates`: the forms that an office may change: list, check, preview, copy, print. */
import { join } from "node:path";
import type { Command } from "commander";
import { templateJsonSchema } from "../forms/json-schema.ts";
import { previewTemplate, printTemplate } from "../forms/print-template.ts";
import { TEMPLATE_FOLDERS } from "../forms/template-store.ts";
import {
  type CheckedTemplate,
  checkTemplate,
  copyTemplate,
  listTemplates,
  readTemplateFile,
} from "../forms/templates.ts";
import type { PdfResult } from "../pdf/document.ts";
import { SHORT_CLASS_NAMES } from "../reference/classes.ts";
import { writeFileAtomically } from "../round/files.ts";
import { type Language, type Words, words } from "../text/words.ts";
import { CITY_SUMMARY, foundNow } from "./city-summary.ts";
import { type Context, contextOf, makeCommand, type Say } from "./command.ts";
import { outputFile } from "./output-file.ts";
import { cityOption, sayMissing } from "./shared.ts";
import { quoted } from "./terminal.ts";

export function templatesCommand(say: Say, language: Language): Command {
  const templates = makeCommand(
    "templates",
    say,
    words("核查表模板：列出、检查、预览、复制、打印", "templates of the forms: list, check, preview, copy, print"),
    "chouqian templates list",
  );
  for (const command of [listCommand, checkCommand, previewCommand, copyCommand, printCommand, schemaCommand]) {
    templates.addCommand(command(say, language));
  }
  return templates;
}

/** The round's folder of templates, where a round is meant. */
function ownTemplates({ isRoundMeant, round }: Context): string | undefined {
  return isRoundMeant ? round().paths.templates : undefined;
}

function listCommand(say: Say, language: Language): Command {
  return makeCommand(
    "list",
    say,
    words("列出全部模板；加 -C 时标明轮次自己的模板", "list all templates; with -C those of the round are marked"),
    "chouqian -C 2019年9月核查 templates list",
  ).action((_: object, self: Command) => {
    const context = contextOf(self, language);
    const { terminal } = context;
    const found = listTemplates(ownTemplates(context));
    terminal.result({ templates: found.map((each) => ({ ...each })) });
    terminal.table(
      [words("名称", "name"), words("标题", "title"), words("用于", "for"), words("", "")],
      found.map(({ name, title, sourceClass, kinds, isOwn }) => [
        name,
        title.replace(/质量核查记录表$/, ""),
        sourceClass === undefined
          ? say("其他用表", "paper")
          : `${terminal.say(SHORT_CLASS_NAMES[sourceClass])}${kinds === undefined ? "" : `：${kinds[0]}${kinds.length > 1 ? "…" : ""}`}`,
        isOwn ? say("本轮次", "own") : "",
      ]),
    );
  });
}

function checkCommand(say: Say, language: Language): Command {
  return makeCommand(
    "check",
    say,
    words("检查一个模板文件，一次指出全部错误的行和键", "check a template: every fault with its line and key"),
    "chouqian templates check 2019年9月核查/templates/forms/industrial.yaml",
  )
    .argument("<file>", say("模板文件", "the template"))
    .action((file: string, _: object, self: Command) => {
      const context = contextOf(self, language);
      const { terminal } = context;
      const { title, counts, warnings } = checkTemplate(file, ownTemplates(context));
      const told = warnings.map(({ code, message, at, advice }) => {
        return { code, message: terminal.say(message), at: { ...at }, advice: terminal.say(advice) };
      });
      terminal.result({ title, ...counts, ...(told.length === 0 ? {} : { warnings: told }) });
      if (warnings.length > 0) terminal.problems(warnings, words("加 --json 列出全部", "--json lists them all"));
      terminal.line(checkedInWords(title, counts));
      if ("unused" in counts && counts.unused.length > 0) {
        const names = counts.unused;
        terminal.line(words(`  ! 没有表引用：${names.join("、")}`, `  ! included by nothing: ${names.join(", ")}`));
      }
    });
}

function checkedInWords(title: string, counts: CheckedTemplate["counts"]): Words {
  if ("indicators" in counts) {
    return words(
      `✓ ${title}：${counts.items} 个核查点，${counts.indicators} 个指标（关键指标 ${counts.key} 个）`,
      `✓ ${title}: ${counts.items} items, ${counts.indicators} indicators (${counts.key} key indicators)`,
    );
  }
  if ("usedBy" in counts) {
    return words(
      `✓ ${title}：公用部分 ${counts.parts.length} 个，引用它的 ${counts.usedBy.length} 张表都没有错误`,
      `✓ ${title}: ${counts.parts.length} parts; no fault in the ${counts.usedBy.length} forms that include it`,
    );
  }
  return words(`✓ ${title}：${counts.parts} 部分`, `✓ ${title}: ${counts.parts} parts`);
}

function previewCommand(say: Say, language: Language): Command {
  return makeCommand(
    "preview",
    say,
    words("用虚构数据把一个模板文件印成 PDF", "print a template file as PDF with invented data"),
    "chouqian templates preview 2019年9月核查/templates/forms/industrial.yaml --output 预览.pdf",
  )
    .argument("<file>", say("模板文件", "the template"))
    .requiredOption("--output <file>", say("写到这个 PDF", "the PDF to write"))
    .action(async (file: string, { output }: { output: string }, self: Command) => {
      const context = contextOf(self, language);
      outputFile(output, "pdf", { inputs: [file], rounds: [context.folder] });
      const printed = await previewTemplate(readTemplateFile(file, ownTemplates(context)));
      sayPrinted(context, output, printed);
    });
}

function printCommand(say: Say, language: Language): Command {
  return makeCommand(
    "print",
    say,
    words(
      "打印其他用表（漏报核查、日志、会议记录等）或空白核查表；加 -C 时填好轮次和城市",
      "print a paper (omission check, log, meetings and so on) or a blank form; with -C round and city are filled in",
    ),
    "chouqian -C 2019年9月核查 templates print city-summary --city 汕头 --output 汇总表.pdf",
  )
    .argument("<name>", say("模板名称，见 templates list", "its name, see templates list"))
    .requiredOption("--output <file>", say("写到这个 PDF", "the PDF to write"))
    .option("--city <name>", say("这个市", "for this city"))
    .action(async (name: string, { output, city }: { output: string; city?: string }, self: Command) => {
      const context = contextOf(self, language);
      outputFile(output, "pdf", { rounds: [context.folder] });
      const round = context.isRoundMeant ? context.round() : undefined;
      const code = city === undefined ? undefined : cityOption(city);
      const now =
        name === CITY_SUMMARY && round !== undefined && code !== undefined ? foundNow(round, code) : undefined;
      sayPrinted(context, output, await printTemplate(name, round, code, now?.found));
      if (now !== undefined) context.terminal.line(now.told);
    });
}

function sayPrinted({ terminal }: Context, output: string, { bytes, pages, missing }: PdfResult): void {
  writeFileAtomically(output, bytes);
  terminal.result({ written: output, pages });
  terminal.line(words(`✓ 已写 ${output}，${pages} 页`, `✓ ${output} written, ${pages} pages`));
  sayMissing(terminal, missing);
}

function copyCommand(say: Say, language: Language): Command {
  return makeCommand(
    "copy",
    say,
    words("把一个模板复制到轮次的 templates 文件夹，供修改", "copy a template into the round's folder, to be changed"),
    "chouqian -C 2019年9月核查 templates copy industrial",
  )
    .argument("<name>", say("模板名称，见 templates list", "its name, see templates list"))
    .action((name: string, _: object, self: Command) => {
      const { terminal, folder, round } = contextOf(self, language);
      const written = copyTemplate(round(), name);
      const path = join(folder, written);
      terminal.result({ written, path });
      terminal.line(
        words(
          `✓ 已写 ${path}，本轮次制表时使用它；修改后检查：chouqian templates check ${quoted(path)}`,
          `✓ ${path} written: the round's forms are made from it; after a change: chouqian templates check ${quoted(path)}`,
        ),
      );
    });
}

function schemaCommand(say: Say, language: Language): Command {
  return makeCommand(
    "schema",
    say,
    words("打印模板的 JSON Schema，供编辑器提示和校验", "print the JSON Schema of templates for editors"),
    "chouqian templates schema > form.schema.json",
  )
    .option("--papers", say("其他用表（templates/papers）的 Schema", "the schema of templates/papers"))
    .action(({ papers }: { papers?: boolean }, self: Command) => {
      contextOf(self, language);
      process.stdout.write(templateJsonSchema(papers ? TEMPLATE_FOLDERS[1] : TEMPLATE_FOLDERS[0]));
    });
}
