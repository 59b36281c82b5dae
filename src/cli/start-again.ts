/** `frame unlock`, `plan unseal`, `plan seal`, and how the terminal tells what was voided. */
import type { Command } from "commander";
import { startAgain, type Voided } from "../draw/start-again.ts";
import { sealPlan } from "../plan/seal.ts";
import { type Language, words } from "../text/words.ts";
import { contextOf, makeCommand, type Say } from "./command.ts";
import type { Terminal } from "./terminal.ts";

const reasonOption = (command: Command, say: Say) =>
  command.requiredOption(
    "--reason <text>",
    say("理由，永远留在日志里并印在见证单上", "why; stays on record for ever and is printed on the certificate"),
  );

export function unlockCommand(say: Say, language: Language): Command {
  const command = makeCommand(
    "unlock",
    say,
    words(
      "解锁抽样框：其后的封存、种子、抽签、制表全部作废，原文件移入 history",
      "unlock the frame: plan, seed, draw and forms are void, their files are kept in history/",
    ),
    'chouqian -C 2019年9月核查 frame unlock --reason "汕头漏报 12 家，市普查办来函更正"',
  );
  return reasonOption(command, say).action(async ({ reason }: { reason: string }, self: Command) => {
    const { terminal, actor, round } = contextOf(self, language);
    const voided = await startAgain(round(), actor, "frame.unlocked", reason);
    terminal.result({ voided });
    sayVoided(terminal, voided);
    terminal.line(words("下一步：frame lock 名录", "next: frame lock LEDGER"));
  });
}

export function unsealCommand(say: Say, language: Language): Command {
  const command = makeCommand(
    "unseal",
    say,
    words(
      "启封方案以便更改：其后的种子、抽签、制表全部作废，原文件移入 history",
      "unseal the plan to change it: seed, draw and forms are void, their files are kept in history/",
    ),
    'chouqian -C 2019年9月核查 plan unseal --reason "领导小组增加集中式设施 1 家"',
  );
  return reasonOption(command, say).action(async ({ reason }: { reason: string }, self: Command) => {
    const { terminal, actor, round } = contextOf(self, language);
    const voided = await startAgain(round(), actor, "plan.unsealed", reason);
    terminal.result({ voided });
    sayVoided(terminal, voided);
    terminal.line(
      words(
        "下一步：改 plan.yaml，plan check，再用新的内容收集种子",
        "next: edit plan.yaml, plan check, then a new seed",
      ),
    );
  });
}

export function sealCommand(say: Say, language: Language): Command {
  return makeCommand(
    "seal",
    say,
    words(
      "封存方案：此后只有种子未定（seed、draw 会自动封存；要取以后公布的彩票、指数时先封存）",
      "seal the plan: from here on the seed alone is open (seed and draw seal it too)",
    ),
    "chouqian -C 2019年9月核查 plan seal",
  ).action(async (_: object, self: Command) => {
    const { terminal, actor, round } = contextOf(self, language);
    const { digest } = await sealPlan(round(), actor);
    terminal.result({ planDigest: digest });
    terminal.line(words(`✓ 方案已封存，摘要 ${digest}`, `✓ plan sealed, digest ${digest}`));
  });
}

export function sayVoided(terminal: Terminal, { folder, count, filesDigest, events }: Voided): void {
  terminal.line(
    words(
      `✓ 已作废 ${events.length} 步，原有 ${count} 个文件存于 ${folder}，文件清单摘要 ${filesDigest}`,
      `✓ ${events.length} steps are void; their ${count} files are kept in ${folder}, digest of the list ${filesDigest}`,
    ),
  );
  terminal.line(
    words("  理由已记入日志，以后的见证单都会印上", "  the reason is on record and will be printed on the certificate"),
  );
}
