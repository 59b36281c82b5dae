/** `chouqian key new` and `chouqian sign`: Ed25519 keys, and signatures under manifest and journal. */
import { existsSync, rmSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Command } from "commander";
import { newKey } from "../attest/keys.ts";
import { signRound } from "../attest/sign-round.ts";
import { writeFileAtomically } from "../round/files.ts";
import { readTextFile } from "../round/round.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Language, words } from "../text/words.ts";
import { contextOf, makeCommand, type Say } from "./command.ts";
import { sayMissing } from "./shared.ts";

export function keyCommand(say: Say, language: Language): Command {
  const key = makeCommand(
    "key",
    say,
    words("签名用的密钥", "keys to sign with"),
    "chouqian key new --name 省普查办 省普查办.key",
  );
  key.addCommand(newKeyCommand(say, language));
  return key;
}

function newKeyCommand(say: Say, language: Language): Command {
  return makeCommand(
    "new",
    say,
    words(
      "生成一对 Ed25519 密钥：私钥由签名人自己保管，公钥（.pub）可公布",
      "make an Ed25519 key pair: the private key is the signer's own, the public key (.pub) may be published",
    ),
    "chouqian key new --name 省普查办 省普查办.key",
  )
    .argument("<file>", say("私钥文件，不要放在轮次文件夹里", "file of the private key, outside of any round"))
    .requiredOption("--name <who>", say("签名人（单位或个人）", "the signer"))
    .action((file: string, { name }: { name: string }, self: Command) => {
      const { terminal } = contextOf(self, language);
      const publicFile = `${file}.pub`;
      refuseTakenOrShared(file, publicFile);
      const { fingerprint, privatePem, publicPem } = newKey(name);
      writeFileAtomically(file, privatePem);
      try {
        writeFileAtomically(publicFile, publicPem);
      } catch (error) {
        rmSync(file, { force: true });
        throw error;
      }
      terminal.result({ name, fingerprint, privateKey: file, publicKey: publicFile });
      terminal.line(words(`公钥指纹 ${fingerprint}`, `fingerprint ${fingerprint}`));
      terminal.line(words(`私钥  ${file}（只有本人可读，不要外传）`, `private key  ${file} (keep it to yourself)`));
      terminal.line(
        words(
          `公钥  ${publicFile}（连同指纹交给各方，核对时用 verify --signer）`,
          `public key  ${publicFile} (give it to the others, for verify --signer)`,
        ),
      );
    });
}

/** A key file is never overwritten, and a private key does not lie in a folder that is mailed about. */
function refuseTakenOrShared(...files: readonly string[]): void {
  for (const file of files) {
    if (!existsSync(file)) continue;
    throw new ChouqianError("E-KEY-EXISTS", {
      message: words(`${basename(file)} 已存在，不会覆盖`, `${basename(file)} exists and is not overwritten`),
      advice: words("换一个文件名；丢失私钥就不能再签名", "choose another name"),
    });
  }
  for (let folder = dirname(resolve(files[0] ?? "")); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "round.yaml"))) {
      throw new ChouqianError("E-KEY-IN-ROUND", {
        message: words("私钥不能放在轮次文件夹里", "a private key does not belong into a round's folder"),
        advice: words(
          "轮次文件夹会交给别人；请放到只有本人能用的地方，如 U 盘",
          "that folder is handed about; keep the key where you alone can read it",
        ),
      });
    }
    if (folder === dirname(folder)) return;
  }
}

export function signCommand(say: Say, language: Language): Command {
  return makeCommand(
    "sign",
    say,
    words(
      "用私钥对样本清单和日志签名，并重印见证单；签名前请先 verify",
      "sign manifest and journal and print the certificate with the signature; verify first",
    ),
    "chouqian -C 2019年9月核查 sign --key 省普查办.key",
  )
    .requiredOption("--key <file>", say("key new 生成的私钥文件", "private key, made by key new"))
    .option("--by <who>", say("签名人（默认为密钥文件里的名称）", "the signer (default: the name in the key file)"))
    .action(async ({ key, by }: { key: string; by?: string }, self: Command) => {
      const { terminal, actor, round } = contextOf(self, language);
      const { missingCharacters, ...signed } = await signRound(round(), actor, readTextFile(key), by);
      terminal.result(signed);
      terminal.line(words(`“${signed.signer}”已签名`, `signed by "${signed.signer}"`));
      terminal.line(words(`  样本清单摘要  ${signed.manifestDigest}`, `  manifest  ${signed.manifestDigest}`));
      terminal.line(words(`  公钥指纹  ${signed.fingerprint}`, `  key  ${signed.fingerprint}`));
      terminal.line(
        words(
          "  已存入 signatures 文件夹，draw/抽签见证单.pdf 已重印",
          "  kept in signatures/; draw/抽签见证单.pdf was printed anew",
        ),
      );
      sayMissing(terminal, missingCharacters);
    });
}
