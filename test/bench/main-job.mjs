// Times each step of the main job on the sample province (1,407 sources), with its peak memory.
// The peer in the same run: DuckDB's own load of the same rows.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const ledger = resolve(process.argv[2] ?? "samples/province-ledger.csv");
const folder = mkdtempSync(join(tmpdir(), "chouqian-bench-"));
const round = join(folder, "轮次");
const program = resolve("dist/cli/main.js");

const meter = resolve("test/bench/meter.mjs");

function step(name, ...args) {
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ["--import", meter, program, ...args, "--quiet"], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${name}: ${stderr}`);
  const seconds = (performance.now() - startedAt) / 1000;
  return { name, seconds, megabytes: JSON.parse(/TOOK (.*)/.exec(stderr)?.[1] ?? "{}").megabytes ?? 0 };
}

/** The peer: a program that only loads the same rows into a table of the same engine, start included. */
function peer(name, file) {
  const code = `
    const { DuckDBInstance } = await import("@duckdb/node-api");
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    await connection.run("CREATE TABLE ledger AS SELECT * FROM read_csv(" + ${JSON.stringify(`'${file}'`)} + ", all_varchar = true)");`;
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", code], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return { name, seconds: (performance.now() - startedAt) / 1000 };
}

/** DuckDB reads no GB18030. */
function utf8Copy(file) {
  const copy = join(folder, "ledger.csv");
  writeFileSync(copy, new TextDecoder("gb18030").decode(readFileSync(file)));
  return copy;
}

try {
  const steps = [
    step("new", "new", round, "--template", "provincial", "--name", "bench"),
    step("frame lock", "-C", round, "frame", "lock", ledger, "--exclude-problem-rows"),
    step("draw", "-C", round, "draw", "--seed", "bench"),
    step("forms", "-C", round, "forms"),
    step("verify", "-C", round, "verify"),
  ];
  for (const { name, seconds, megabytes } of steps) {
    console.log(`${name.padEnd(12)} ${seconds.toFixed(2).padStart(7)} s  ${megabytes.toFixed(0).padStart(6)} MB`);
  }
  const toForms = steps.slice(0, 4).reduce((sum, { seconds }) => sum + seconds, 0);
  const peak = Math.max(...steps.map(({ megabytes }) => megabytes));
  console.log(`${"to forms".padEnd(12)} ${toForms.toFixed(2).padStart(7)} s  (limit 60 s)`);
  console.log(`${"peak".padEnd(12)} ${"".padStart(9)}  ${peak.toFixed(0).padStart(6)} MB (limit 1536 MB)`);

  const lock = steps.find(({ name }) => name === "frame lock");
  const own = peer("DuckDB load", utf8Copy(ledger));
  const times = (lock.seconds / own.seconds).toFixed(1);
  console.log(
    `${own.name.padEnd(12)} ${own.seconds.toFixed(2).padStart(7)} s  (frame lock takes ${times} times that, start included)`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
