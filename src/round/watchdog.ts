/**
 * Removes temporary folders when this process dies without a word (kill -9, a crash, the power of a container): a child
 * of its own waits at a pipe for the end of the process and then removes what it was told of. It works wherever pipes
 * do, and costs one idle process from the first such folder on.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { resolve } from "node:path";

/**
 * What the child runs: lines `+"path"` and `-"path"`, then the end of the pipe. Only names of unfinished copies are told,
 * and a copy that is finished goes by another name from the moment of its rename on, so that no product can be removed.
 * Rows may still lie in files that a dying process holds open, hence the retries.
 */
const SCRIPT = `
  const { rmSync } = require("node:fs");
  const open = new Set();
  let rest = "";
  const take = (line) => (line[0] === "+" ? open.add(JSON.parse(line.slice(1))) : open.delete(JSON.parse(line.slice(1))));
  process.stdin.setEncoding("utf8");
  process.stdin.on("data", (text) => {
    const lines = (rest + text).split("\\n");
    rest = lines.pop();
    lines.forEach(take);
  });
  const clear = () => {
    for (const path of open) {
      try { rmSync(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }); } catch {}
    }
    process.exit();
  };
  process.stdin.on("end", clear);
  process.stdin.on("error", clear);`;

let child: ChildProcess | undefined;

/** Has a path removed if this process dies before `release` is called for it. A help, never a hindrance: no errors. */
export function guard(path: string): void {
  child ??= start();
  tell("+", path);
}

/** To be called when the path is gone or goes by its final name. */
export function release(path: string): void {
  tell("-", path);
}

function start(): ChildProcess {
  const started = spawn(process.execPath, ["-e", SCRIPT], {
    // Out of the terminal's group, so that Ctrl-C reaches the program alone; in no folder that somebody may move.
    detached: true,
    windowsHide: true,
    cwd: tmpdir(),
    env: { ...process.env, NODE_OPTIONS: "" },
    stdio: ["pipe", "ignore", "ignore"],
  });
  const forget = () => {
    if (child === started) child = undefined;
  };
  started.on("error", forget);
  started.stdin.on("error", forget);
  started.unref();
  if ("unref" in started.stdin && typeof started.stdin.unref === "function") started.stdin.unref();
  return started;
}

function tell(sign: "+" | "-", path: string): void {
  child?.stdin?.write(`${sign}${JSON.stringify(resolve(path))}\n`);
}
