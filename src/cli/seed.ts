/** `chouqian seed`: contributions, commitments and their disclosure. */
import { randomBytes } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import type { Command } from "commander";
import { writeFileAtomically } from "../round/files.ts";
import { readTextFile } from "../round/round.ts";
import { addCommitment, addContribution, revealContribution } from "../seed/contribute.ts";
import { commitmentTo } from "../seed/derive.ts";
import { readSeed, type SeedRecord } from "../seed/record.ts";
import { canonicalText } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Language, words } from "../text/words.ts";
import { contextOf, makeCommand, type Say } from "./command.ts";
import type { Terminal } from "./terminal.ts";

export function seedCommand(say: Say, language: Language): Command {
  const seed = makeCommand(
    "seed",
    say,
    words("随机种子：由各方共同提供，谁也不能独自决定", "the seed: contributed by several parties"),
    'chouqian -C 2019年9月核查 seed add --by 省普查办 "3 6 1 4 2 5 6 6 1 3"',
  );
  seed.addCommand(addCommand(say, language));
  seed.addCommand(commitCommand(say, language));
  seed.addCommand(revealCommand(say, language));
  seed.addCommand(showCommand(say, language));
  return seed;
}

const byOption = (command: Command, say: Say) =>
  command.requiredOption("--by <who>", say("由谁提供", "the contributing party"));

function addCommand(say: Say, language: Language): Command {
  const command = makeCommand(
    "add",
    say,
    words(
      "记录一方提供的内容（骰子点数、彩票号码、指数等），第一次记录时封存方案",
      "record a contribution; the first one seals the plan",
    ),
    'chouqian -C 2019年9月核查 seed add --by 见证人 "体彩排列五 19233 期 0 4 7 1 8"',
  );
  return byOption(command, say)
    .argument("<value>", say("提供的内容，按文字原样记录", "the value, taken as text"))
    .action(async (value: string, { by }: { by: string }, self: Command) => {
      const { terminal, actor, round } = contextOf(self, language);
      sayRecord(terminal, await addContribution(round(), actor, { by, value }));
    });
}

function commitCommand(say: Say, language: Language): Command {
  const command = makeCommand(
    "commit",
    say,
    words(
      "先提交承诺、以后再公开：只记录摘要，原值写入由提交方自己保管的文件",
      "commit now, disclose later: only a digest is recorded, the value goes into a file the party keeps",
    ),
    "chouqian -C 2019年9月核查 seed commit --by 汕头市普查办 --secret 汕头承诺.json",
  );
  return byOption(command, say)
    .argument("[value]", say("要承诺的内容；不写则随机生成", "the value; random where absent"))
    .option(
      "--secret <file>",
      say("保存原值和随机串的文件，由提交方保管", "file for value and nonce, kept by the party"),
    )
    .option(
      "--commitment <hex>",
      say("已在别处算好的承诺（64 位十六进制），本机不接触原值", "a commitment made elsewhere"),
    )
    .action(async (value: string | undefined, options: CommitOptions, self: Command) => {
      const { terminal, actor, round } = contextOf(self, language);
      const secret = options.commitment === undefined ? makeSecret(options, value) : undefined;
      const commitment = secret?.commitment ?? options.commitment ?? "";
      const opened = round();
      // The secret is safe on disk before its commitment is on record; a refused commitment takes it away again.
      if (secret !== undefined) writeFileAtomically(secret.file, JSON.stringify(secret.content));
      const record = await addCommitment(opened, actor, options.by, commitment).catch((error: unknown) => {
        if (secret !== undefined) rmSync(secret.file, { force: true });
        throw error;
      });
      terminal.result({ by: options.by, commitment, secret: secret?.file ?? null });
      terminal.line(words(`承诺 ${commitment}`, `commitment ${commitment}`));
      if (secret !== undefined) {
        terminal.line(
          words(
            `原值和随机串写在 ${secret.file}，请由“${options.by}”保管，公开前不要给任何人看`,
            `value and nonce are in ${secret.file}: to be kept by "${options.by}" until disclosure`,
          ),
        );
      }
      sayRecord(terminal, record, true);
    });
}

interface CommitOptions {
  readonly by: string;
  readonly secret?: string;
  readonly commitment?: string;
}

/** A value (random where none is given), its nonce and commitment, and the file they are kept in. */
function makeSecret({ by, secret }: CommitOptions, value: string | undefined) {
  if (secret === undefined) {
    throw new ChouqianError("E-USAGE-SECRET", {
      message: words("请用 --secret 指定保存原值的文件", "name a file for the value with --secret"),
      advice: words(
        "例如 --secret 汕头承诺.json；没有它以后无法公开",
        "such as --secret mine.json; without it nothing can be disclosed",
      ),
    });
  }
  if (existsSync(secret)) {
    throw new ChouqianError("E-SEED-SECRET-EXISTS", {
      message: words(`${secret} 已存在，不会覆盖`, `${secret} exists and is not overwritten`),
      advice: words("换一个文件名", "choose another file name"),
    });
  }
  const content = { by: canonicalText(by), value: canonicalText(value ?? randomHex()), nonce: randomHex() };
  return { file: secret, content, commitment: commitmentTo(content, content.nonce) };
}

function randomHex(): string {
  return randomBytes(32).toString("hex");
}

function revealCommand(say: Say, language: Language): Command {
  const command = makeCommand(
    "reveal",
    say,
    words("公开承诺过的内容，并核对是否与承诺一致", "disclose what was committed to"),
    "chouqian -C 2019年9月核查 seed reveal --by 汕头市普查办 --secret 汕头承诺.json",
  );
  return byOption(command, say)
    .argument("[value]", say("原值（未用 --secret 时）", "the value, without --secret"))
    .option("--nonce <text>", say("随机串（未用 --secret 时）", "the nonce, without --secret"))
    .option("--secret <file>", say("提交承诺时保存的文件", "the file kept since the commitment"))
    .action(async (value: string | undefined, options: RevealOptions, self: Command) => {
      const { terminal, actor, round } = contextOf(self, language);
      const disclosed = options.secret === undefined ? { value, nonce: options.nonce } : readSecret(options.secret);
      if (disclosed.value === undefined || disclosed.nonce === undefined) {
        throw new ChouqianError("E-USAGE-REVEAL", {
          message: words("公开承诺需要原值和随机串", "value and nonce are needed"),
          advice: words(
            "用 --secret 文件，或写：seed reveal --by 谁 原值 --nonce 随机串",
            "use --secret FILE, or VALUE --nonce TEXT",
          ),
        });
      }
      const part = { by: options.by, value: disclosed.value };
      sayRecord(terminal, await revealContribution(round(), actor, part, disclosed.nonce));
    });
}

interface RevealOptions {
  readonly by: string;
  readonly nonce?: string;
  readonly secret?: string;
}

/** Value and nonce that `seed commit` left in a file. */
export function readSecret(file: string): { value: string | undefined; nonce: string | undefined } {
  try {
    const { value, nonce } = JSON.parse(readTextFile(file)) as { value?: string; nonce?: string };
    return { value, nonce };
  } catch (error) {
    if (error instanceof ChouqianError) throw error;
    throw new ChouqianError("E-SEED-SECRET", {
      message: words(`${file} 不是承诺文件`, `${file} is no file of a commitment`),
      advice: words("指定 seed commit 时生成的文件", "name the file that seed commit wrote"),
    });
  }
}

function showCommand(say: Say, language: Language): Command {
  return makeCommand(
    "show",
    say,
    words("显示种子记录", "show the seed record"),
    "chouqian -C 2019年9月核查 seed show",
  ).action((_: object, self: Command) => {
    const { terminal, round } = contextOf(self, language);
    const record = readSeed(round());
    if (record === undefined) {
      terminal.result({ record: null });
      terminal.line(words("还没有种子记录", "there is no seed record yet"));
      return;
    }
    sayRecord(terminal, record);
  });
}

function sayRecord(terminal: Terminal, record: SeedRecord, quietly = false): void {
  const isComplete = record.contributions.length > 0 && record.commitments.length === 0;
  if (!quietly) terminal.result({ record });
  terminal.line(words(`抽签编号 ${record.drawId}`, `draw id ${record.drawId}`));
  for (const [index, { by, value, commitment }] of record.contributions.entries()) {
    const proof = commitment === undefined ? "" : `（承诺 ${commitment.slice(0, 16)}…）`;
    terminal.line(words(`  ${index + 1}. ${by}：${value}${proof}`, `  ${index + 1}. ${by}: ${value}`));
  }
  for (const { by, commitment } of record.commitments) {
    terminal.line(words(`  待公开  ${by}：承诺 ${commitment}`, `  undisclosed  ${by}: ${commitment}`));
  }
  if (isComplete) {
    terminal.line(
      words("各方都提供后，下一步：chouqian -C 轮次文件夹 draw", "when all have contributed: chouqian -C ROUND draw"),
    );
  }
}
