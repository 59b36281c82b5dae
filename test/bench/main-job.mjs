// Times each step of the main job on the sample province (1,407 sources), with its peak memory.
// The peer in the same run: DuckDB's own load of the same rows, and its own query for the same tickets.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const ledger = resolve(process.argv[2] ?? "samples/province-ledger.csv");
const folder = mkdtempSync(join(tmpdir(), "chouqian-bench-"));
const round = join(folder, "轮次");
const program = resolve("dist/cli/main.js");

/** Says its own peak memory at the end; loaded into each step. */
const meter = join(folder, "meter.mjs");
writeFileSync(meter, 'process.on("exit", () => console.error("PEAK", process.resourceUsage().maxRSS));');

function step(name, ...args) {
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ["--import", meter, program, ...args, "--quiet"], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${name}: ${stderr}`);
  const seconds = (performance.now() - startedAt) / 1000;
  return { name, seconds, megabytes: Number(/PEAK (\d+)/.exec(stderr)?.[1] ?? 0) / 1024 };
}

function peer(name, sql) {
  const code = `
    const { DuckDBInstance } = await import("@duckdb/node-api");
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    const startedAt = performance.now();
    await connection.runAndReadAll(${JSON.stringify(sql)});
    console.log((performance.now() - startedAt) / 1000);`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", code], { encoding: "utf8" });
  if (stdout === "") throw new Error(stderr);
  return { name, seconds: Number(stdout) };
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

  const parquet = join(round, "frame", "frame.parquet").replaceAll("'", "''");
  const draw = steps.find(({ name }) => name === "draw");
  const own = peer(
    "DuckDB arg_min",
    `SELECT city, class, arg_min(id, sha256('bench:' || id), 60) FROM read_parquet('${parquet}') GROUP BY ALL`,
  );
  console.log(
    `${own.name.padEnd(12)} ${own.seconds.toFixed(2).padStart(7)} s  (draw takes ${(draw.seconds / own.seconds).toFixed(1)} times, program start and papers included)`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
