/** `chouqian seed`: contributions, commitments and their disclosure. */
import { rmSync } from "node:fs";
import type { Command } from "commander";
import { openSeed } from "../draw/open-seed.ts";
import { writeFileAtomically } from "../round/files.ts";
import { addCommitment, addContribution, revealContribution } from "../seed/contribute.ts";
import { type Origin, readSeed } from "../seed/record.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Language, words } from "../text/words.ts";
import { contextOf, makeCommand, type Say } from "./command.ts";
import { type CommitOptions, makeSecret, readDisclosed, readSecret, refuseUnsafeSecret } from "./secret-file.ts";
import { sayKnownResult, sayRecord } from "./seed-words.ts";

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
  seed.addCommand(openCommand(say, language));
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
    'chouqian -C 2019年9月核查 seed add --by 见证人 --kind lottery --what "体彩排列五 19233 期" --when 2019-09-30 "0 4 7 1 8"',
  );
  return byOption(command, say)
    .argument("<value>", say("提供的内容，按文字原样记录", "the value, taken as text"))
    .option(
      "--kind <kind>",
      say(
        "来源：dice 骰子、lottery 彩票、index 指数、word 自拟文字",
        "where it comes from: dice, lottery, index or word",
      ),
    )
    .option("--what <text>", say("哪一种、哪一期（彩票、指数必填）", "which lottery and issue, which index"))
    .option("--when <date>", say("哪一天，如 2019-09-30（彩票、指数必填）", "which day, such as 2019-09-30"))
    .action(async (value: string, { by, ...origin }: { by: string } & Origin, self: Command) => {
      const { terminal, actor, round } = contextOf(self, language);
      const opened = round();
      sayRecord(terminal, opened, await addContribution(opened, actor, { by, value, origin }));
      sayKnownResult(terminal, opened, origin);
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
      "--sealed",
      say(
        "封存：抽签时用 draw --secret，核查结束后才用 seed open 公开",
        "seal it: draw --secret uses it, seed open publishes it after the visits",
      ),
    )
    .option(
      "--commitment <hex>",
      say("已在别处算好的承诺（64 位十六进制），本机不接触原值", "a commitment made elsewhere"),
    )
    .action(async (value: string | undefined, options: CommitOptions, self: Command) => {
      const { terminal, actor, round } = contextOf(self, language);
      const opened = round();
      if (options.sealed === true) refuseUnsafeSecret(options, value, opened.folder);
      const secret = options.commitment === undefined ? makeSecret(options, value) : undefined;
      const commitment = secret?.commitment ?? options.commitment ?? "";
      // The secret is safe on disk before its commitment is on record; a refused commitment takes it away again.
      if (secret !== undefined) writeFileAtomically(secret.file, JSON.stringify(secret.content));
      const record = await addCommitment(opened, actor, options.by, commitment, options.sealed === true).catch(
        (error: unknown) => {
          if (secret !== undefined) rmSync(secret.file, { force: true });
          throw error;
        },
      );
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
      sayRecord(terminal, opened, record, true);
    });
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
      const disclosed = options.secret === undefined ? { value, nonce: options.nonce } : readDisclosed(options.secret);
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
      const opened = round();
      sayRecord(terminal, opened, await revealContribution(opened, actor, part, disclosed.nonce));
    });
}

interface RevealOptions {
  readonly by: string;
  readonly nonce?: string;
  readonly secret?: string;
}

function openCommand(say: Say, language: Language): Command {
  return makeCommand(
    "open",
    say,
    words(
      "核查结束后公开封存的内容，并重印写明种子的见证单",
      "after the visits publish the sealed contribution and print the certificate with the seed",
    ),
    "chouqian -C 2019年9月核查 seed open --secret 封存.json",
  )
    .requiredOption("--secret <file>", say("封存时生成的文件", "the file kept since it was sealed"))
    .action(async ({ secret }: { secret: string }, self: Command) => {
      const { terminal, actor, round } = contextOf(self, language);
      const opened = round();
      sayRecord(terminal, opened, await openSeed(opened, actor, readSecret(secret)));
      terminal.line(
        words(
          "✓ 已公开，写明种子的见证单：draw/抽签见证单-种子公开.pdf；下一步：verify",
          "✓ published; the certificate with the seed is draw/抽签见证单-种子公开.pdf; next: verify",
        ),
      );
    });
}

function showCommand(say: Say, language: Language): Command {
  return makeCommand(
    "show",
    say,
    words("显示种子记录", "show the seed record"),
    "chouqian -C 2019年9月核查 seed show",
  ).action((_: object, self: Command) => {
    const { terminal, round } = contextOf(self, language);
    const opened = round();
    const record = readSeed(opened);
    if (record === undefined) {
      terminal.result({ record: null });
      terminal.line(words("还没有种子记录", "there is no seed record yet"));
      return;
    }
    sayRecord(terminal, opened, record);
  });
}
