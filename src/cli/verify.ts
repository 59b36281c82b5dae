/** `chouqian verify`: recomputes everything and names the first difference. */
import type { Command } from "commander";
import { readPublicKey } from "../attest/keys.ts";
import { writeFileAtomically } from "../round/files.ts";
import { readTextFile } from "../round/round.ts";
import { assetText } from "../text/assets.ts";
import type { Language } from "../text/words.ts";
import { words } from "../text/words.ts";
import { verifyRound } from "../verify/verify-round.ts";
import { contextOf, makeCommand, type Say } from "./command.ts";
import { fromOption } from "./database-options.ts";
import { authoritiesOption } from "./stamp.ts";
import type { Terminal } from "./terminal.ts";

const MARKS = { passed: "✓", failed: "✗", skipped: "－" } as const;

interface Flags {
  readonly ledger?: string[];
  readonly withoutLedger?: boolean;
  readonly signer?: string[];
  readonly ca?: string;
  readonly python?: string;
}

export function verifyCommand(say: Say, language: Language): Command {
  const command = makeCommand(
    "verify",
    say,
    words(
      "从原始名录到样本清单全部重算一遍，指出第一处不符",
      "recompute everything from ledger to manifest, name the first difference",
    ),
    "chouqian -C 2019年9月核查 verify --ledger 名录.csv",
  );
  return fromOption(command, say)
    .option("--ledger <file...>", say("原始名录（默认用锁定时的位置）", "the ledgers (default: where they were)"))
    .option("--without-ledger", say("没有原始名录，只核对其余部分", "do without the ledger"))
    .option("--signer <file...>", say("必须已签名者的公钥（.pub）", "public keys of those who must have signed (.pub)"))
    .option("--ca <file>", say("时间戳机构公布的根证书", "root certificate of the time-stamping authority"))
    .option(
      "--python <file>",
      say("写出独立的第二验证程序（只需 Python 3.8）", "write the second verifier, which needs Python 3.8 alone"),
    )
    .action(async (options: Flags, self: Command) => {
      const { terminal, round } = contextOf(self, language);
      if (options.python !== undefined) {
        writePython(options.python, terminal);
        return;
      }
      const findings = await verifyRound(
        round(),
        {
          ledgers: options.ledger,
          withoutLedger: options.withoutLedger === true,
          signers: (options.signer ?? []).map((file) => readPublicKey(readTextFile(file))),
          authorities: await authoritiesOption(options.ca),
        },
        terminal.progress,
      );
      terminal.done();
      const failures = findings.filter(({ outcome }) => outcome === "failed");
      const isProven = failures.length === 0;
      if (terminal.voice.json) {
        const shown = findings.map(({ check, outcome, detail }) => ({ check, outcome, detail: terminal.say(detail) }));
        process.stdout.write(`${JSON.stringify({ ok: isProven, findings: shown })}\n`);
      }
      for (const { title, outcome, detail } of findings) {
        const text = `${MARKS[outcome]} ${terminal.say(title)}：${terminal.say(detail)}\n`;
        if (outcome === "failed" || !terminal.voice.quiet) terminal.output(text);
      }
      if (!isProven) process.exitCode = 3;
      const left = findings.filter(({ outcome }) => outcome === "skipped").length;
      terminal.line(
        isProven
          ? words(
              `全部相符${left > 0 ? `（${left} 项未做或未核对）` : ""}`,
              `everything agrees${left > 0 ? ` (${left} not checked)` : ""}`,
            )
          : words(`${failures.length} 项不符`, `${failures.length} checks failed`),
      );
    });
}

/** Writes the second verifier and says how it is run. */
function writePython(path: string, terminal: Terminal): void {
  writeFileAtomically(path, assetText("src", "verify", "chouqian_verify.py"));
  terminal.result({ file: path });
  terminal.line(
    words(
      `已写：${path}\n用法：chouqian -C 轮次文件夹 frame export --all 规范表\n      python3 ${path} 轮次文件夹/draw 规范表`,
      `written: ${path}\nuse: chouqian -C ROUND frame export --all TABLES\n     python3 ${path} ROUND/draw TABLES`,
    ),
  );
}
