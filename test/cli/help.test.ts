/** Every command explains itself in both languages, with an example. */
import type { Command } from "commander";
import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import { sayIn } from "../../src/cli/command.ts";
import { program } from "../../src/cli/program.ts";
import type { Language } from "../../src/text/words.ts";
import { chouqian } from "../support/chouqian.ts";

/** All commands below one, each with the words that call it. */
function commandsBelow(command: Command, path: readonly string[] = []): [string, Command][] {
  return command.commands.flatMap((child) => {
    const name = [...path, child.name()];
    return [[name.join(" "), child] as [string, Command], ...commandsBelow(child, name)];
  });
}

/** Help as it is printed, what stands after it included. */
function helpOf(command: Command): string {
  let text = "";
  command.configureOutput({ ...command.configureOutput(), writeOut: (part) => (text += part) });
  command.outputHelp();
  return text;
}

const inLanguage = (language: Language) => new Map(commandsBelow(program(sayIn(language), language)));
const [chinese, english] = [inLanguage("zh"), inLanguage("en")];

describe.each([...chinese.keys()])("chouqian %s --help", (name) => {
  const help = (commands: ReadonlyMap<string, Command>) => helpOf(commands.get(name) as Command);

  test("is Chinese, with an example that calls the command and the options that all share", () => {
    const text = help(chinese);
    expect(text).toMatch(/^用法：/);
    const [, example = ""] = text.split("示例：\n  ");
    expect(example).toMatch(/^chouqian /);
    expect(example).toContain(name.split(" ")[0]);
    for (const option of ["--json", "--lang", "--quiet"]) expect(text).toContain(option);
  });

  test("fits into a terminal of 80 columns, but for an example that is to be copied whole", () => {
    for (const commands of [chinese, english]) {
      const [above = ""] = help(commands).split(/\n(?:示例：|Example:)\n/);
      expect(above.split("\n").filter((line) => stringWidth(line) > 80)).toEqual([]);
    }
  });

  test("is English where that is asked for", () => {
    const text = help(english);
    expect(text).toMatch(/^Usage:/);
    expect(text.split("Example:")[0]).not.toMatch(/[\u4e00-\u9fff]/);
  });
});

test("the program prints help with exit code 0 and names every command", async () => {
  const { status, stdout } = await chouqian(["frame", "check", "--help"]);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^用法： ?chouqian .*frame check/);
  const listed = (await chouqian(["--help"])).stdout.split("命令：")[1] ?? "";
  for (const name of chinese.keys()) if (!name.includes(" ")) expect(listed).toContain(`  ${name} `);
});
