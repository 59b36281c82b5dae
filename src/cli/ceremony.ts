/** `chouqian ceremony`: the draw on a projector. Keys in, screens out; what is shown is decided in `src/ceremony`. */
import { writeSync } from "node:fs";
import { emitKeypressEvents, type Key } from "node:readline";
import type { Command } from "commander";
import { type CeremonyFacts, ceremonyFacts } from "../ceremony/facts.ts";
import { paint, screen } from "../ceremony/screen.ts";
import { begin, type CeremonyEvent, type Effect, step } from "../ceremony/state.ts";
import { drawRound } from "../draw/draw-round.ts";
import type { Actor, Round } from "../round/round.ts";
import { addContribution, revealContribution } from "../seed/contribute.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Language, type Words, words } from "../text/words.ts";
import { contextOf, makeCommand, type Say } from "./command.ts";
import { readDisclosed } from "./secret-file.ts";

/** Another screen without a cursor, and back to what was there before. */
const ENTER = "\u001B[?1049h\u001B[?25l\u001B[2J";
const LEAVE = "\u001B[0m\u001B[?25h\u001B[?1049l";

export function ceremonyCommand(say: Say, language: Language): Command {
  return makeCommand(
    "ceremony",
    say,
    words(
      "在投影上当众抽签：摘要、各方种子、抽签、逐市公布，全用按键",
      "the draw on a projector: digests, contributions, draw, units city by city; keys only",
    ),
    "chouqian -C 2019年9月核查 ceremony",
  ).action(async (_: object, self: Command) => {
    const { terminal, actor, round } = contextOf(self, language);
    const opened = round();
    const { redact } = terminal.voice;
    const facts = await ceremonyFacts(opened, redact);
    if (terminal.voice.json || !process.stdin.isTTY || !process.stdout.isTTY) throw noTerminal();
    const end = await perform(opened, actor, facts, redact, language);
    if (end.result === undefined) {
      terminal.line(words("抽签仪式已退出，再运行 ceremony 接着做", "left; run ceremony again to go on"));
      return;
    }
    const { manifestDigest, certificate } = end.result;
    terminal.line(words(`样本清单摘要 ${manifestDigest}`, `manifest digest ${manifestDigest}`));
    terminal.line(words(`见证单 ${certificate}（请打印签字）`, `certificate ${certificate} (to be signed)`));
  });
}

function noTerminal(): ChouqianError {
  return new ChouqianError("E-CEREMONY-TERMINAL", {
    message: words(
      "抽签仪式要在终端窗口里进行，不能用管道或 --json",
      "a ceremony needs a terminal, no pipe and no --json",
    ),
    advice: words(
      "直接在终端里运行；供程序使用请用 seed add 和 draw",
      "run it in a terminal; scripts use seed add and draw",
    ),
  });
}

/** Runs the ceremony until somebody quits. Returns what the round has then. */
function perform(
  round: Round,
  actor: Actor,
  facts: CeremonyFacts,
  redact: boolean,
  language: Language,
): Promise<CeremonyFacts> {
  const { stdin, stdout } = process;
  const size = () => ({ columns: stdout.columns, rows: stdout.rows });
  let state = begin(facts, stdout.rows);
  const show = () => stdout.write(`\u001B[H${paint(screen(state, size(), language))}`);
  return new Promise((resolve, reject) => {
    const restore = () => {
      stdin.off("keypress", pressed);
      stdout.off("resize", resized);
      process.off("exit", restore);
      if (stdin.isRaw) stdin.setRawMode(false);
      stdin.pause();
      writeSync(stdout.fd, LEAVE);
    };
    const fail = (error: unknown) => {
      restore();
      reject(error);
    };
    const happen = (event: CeremonyEvent) => {
      const next = step(state, event);
      state = next.state;
      if (next.effect?.kind === "quit") {
        restore();
        resolve(state.facts);
        return;
      }
      show();
      if (next.effect !== undefined) carryOut(next.effect).catch(fail);
    };
    const carryOut = async (effect: Effect) => {
      try {
        const notice = await doEffect(round, actor, effect, (what) => happen({ kind: "progress", what }));
        happen({ kind: "done", facts: await ceremonyFacts(round, redact), notice });
      } catch (error) {
        if (!(error instanceof ChouqianError)) throw error;
        const [first] = error.problems;
        const { zh, en } = first?.message ?? error.words;
        happen({ kind: "refused", why: words(`✗ ${zh}`, `✗ ${en}`) });
      }
    };
    const pressed = (text: string | undefined, key: Key) => {
      // Ctrl-C ends the ceremony as it ends any command; in raw mode the terminal does not do it for us.
      if (key.ctrl === true && key.name === "c") process.kill(process.pid, "SIGINT");
      else if (key.ctrl !== true && key.meta !== true) happen({ kind: "key", name: key.name, text: text ?? "" });
      else if (key.name === "escape") happen({ kind: "key", name: "escape", text: "" });
    };
    const resized = () => {
      stdout.write("\u001B[2J");
      happen({ kind: "resized", rows: stdout.rows });
    };
    stdout.write(ENTER);
    process.once("exit", restore);
    emitKeypressEvents(stdin);
    stdin.setRawMode(true);
    stdin.on("keypress", pressed);
    stdout.on("resize", resized);
    stdin.resume();
    show();
  });
}

/** Does what a key asked for, by the same use cases as the commands. Returns what to say of it. */
async function doEffect(
  round: Round,
  actor: Actor,
  effect: Effect,
  progress: (what: Words) => void,
): Promise<Words | undefined> {
  switch (effect.kind) {
    case "add":
      await addContribution(round, actor, { by: effect.by, value: effect.value });
      return words("已记录", "recorded");
    case "reveal":
      await revealContribution(round, actor, { by: effect.by, value: effect.value }, effect.nonce);
      return words("已公开，与承诺一致", "disclosed, as committed to");
    case "reveal-file": {
      const { value = "", nonce = "" } = readDisclosed(effect.file);
      await revealContribution(round, actor, { by: effect.by, value }, nonce);
      return words("已公开，与承诺一致", "disclosed, as committed to");
    }
    case "draw": {
      await drawRound(round, actor, undefined, (what) => progress(what));
      return undefined;
    }
    case "quit":
      return undefined;
  }
}
