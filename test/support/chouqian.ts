/** Runs the built program as a person would, in folders of its own. */
import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assetPath } from "../../src/text/assets.ts";

export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Program that runs the script; this process's own Node by default. */
  readonly node?: string;
  /** Shell text put before the command, such as `ulimit -f 8;`. */
  readonly before?: string;
}

/** Runs `chouqian` with these arguments. The package must have been built. */
export function chouqian(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const script = assetPath("dist", "cli", "main.js");
  const node = options.node ?? process.execPath;
  const env = { ...process.env, CHOUQIAN_ACTOR: "测试员", ...options.env };
  const cwd = options.cwd ?? tmpdir();
  const child =
    options.before === undefined
      ? spawn(node, [script, ...args], { cwd, env })
      : spawn("bash", ["-c", `${options.before} exec "$0" "$@"`, node, script, ...args], { cwd, env });
  return new Promise((resolve, reject) => {
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.on("error", reject);
    child.on("close", (status) => {
      resolve({ status, stdout: Buffer.concat(out).toString("utf8"), stderr: Buffer.concat(err).toString("utf8") });
    });
  });
}

/** A new folder for one test. */
export function scratchFolder(name: string): string {
  return mkdtempSync(join(tmpdir(), `chouqian-${name}-`));
}
