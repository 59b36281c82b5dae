// The frame at national scale: locking and drawing 3.58 million rows, reading an XLSX ledger of 500,000. Each beside
// peers that run in the same call; a peer that is not installed is skipped by name.
// node test/bench/frame.mjs [rows of the national ledger] [rows of the workbook]
import { spawnSync } from "node:child_process";
import { cpSync, createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const rows = Number(process.argv[2] ?? 3_580_000);
const workbookRows = Number(process.argv[3] ?? 500_000);
const folder = mkdtempSync(join(tmpdir(), "chouqian-bench-"));
const program = resolve("dist/cli/main.js");
const ledger = join(folder, "national.csv");
const round = join(folder, "轮次");
const meter = resolve("test/bench/meter.mjs");

/** A plan of a city's spot checks: a share of each county, with reserves. */
const RATES = {
  method: "ticket",
  quotas: [
    { class: "工业源", rate: "5%", min: 3, max: 100, by: "county", reserve: "20%" },
    { class: "生活源", rate: "1%", by: "county", reserve: 2 },
    { class: "农业源", count: 50, spread: { column: "county", rule: "proportional" } },
  ],
};

/** Runs a program; seconds from start to end and peak memory where it tells. */
function run(name, command, args) {
  const startedAt = performance.now();
  const { status, stderr, stdout, error } = spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 28 });
  const seconds = (performance.now() - startedAt) / 1000;
  if (error?.code === "ENOENT") return { name, skipped: `${command} is not installed` };
  if (status !== 0) return { name, skipped: (stderr || stdout).trim().split("\n").at(-1) ?? "failed" };
  return { name, seconds, megabytes: JSON.parse(/TOOK (.*)/.exec(stderr)?.[1] ?? "{}").megabytes ?? 0, stdout };
}
const own = (name, ...args) => run(name, process.execPath, ["--import", meter, program, ...args]);
const script = (name, code) => run(name, process.execPath, ["--import", meter, "--input-type=module", "-e", code]);

function say({ name, seconds, megabytes, skipped }, base) {
  if (skipped !== undefined) return console.log(`  ${name.padEnd(34)} skipped: ${skipped}`);
  const memory = megabytes > 0 ? `${megabytes.toFixed(0).padStart(6)} MB` : "         ";
  const ratio = base === undefined ? "" : `  ${(seconds / base.seconds).toFixed(2)} × ${base.name}`;
  console.log(`  ${name.padEnd(34)} ${seconds.toFixed(2).padStart(7)} s ${memory}${ratio}`);
}

const duckdb = (sql) => `
  import { DuckDBInstance } from "@duckdb/node-api";
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  await connection.run(${JSON.stringify(sql)});`;

/** 60 of each class in each city. */
const CLASSES = ["industrial", "agricultural", "domestic", "centralized", "mobile"];
const SIXTY = { method: "ticket", quotas: CLASSES.map((name) => ({ class: name, count: 60 })) };

/** City codes of the other provinces, some 318, in the order of their numbers; which of them exist does not matter here. */
const ELSEWHERE = [
  11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 45, 46, 50, 51, 52, 53, 54, 61, 62,
]
  .concat([63, 64, 65])
  .flatMap((province) => Array.from({ length: 11 }, (_, i) => `${province}${String(i + 1).padStart(2, "0")}00`))
  .slice(0, 318);

/** A copy of a round whose units are dealt to the cities of the country: one in sixteen stays in Guangdong. */
async function spreadOverNation(from, to) {
  const [source, target] = [from, to].map((each) => join(each, "frame", "frame.parquet"));
  mkdirSync(join(to, "frame"), { recursive: true });
  for (const file of ["round.yaml", "plan.yaml"]) cpSync(join(from, file), join(to, file));
  const code = `CASE WHEN hash(id) % 16 = 0 THEN city ELSE [${ELSEWHERE.map((each) => `'${each}'`)}][1 + CAST((hash(id) >> 8) % ${ELSEWHERE.length} AS INTEGER)] END`;
  const made = script(
    "spread",
    `${duckdb(`COPY (SELECT * REPLACE (${code} AS city) FROM read_parquet('${source}') ORDER BY city, class, id) TO '${target}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480)`)}
     const read = await connection.runAndReadAll("SELECT city || '/' || class AS key, count(*)::INTEGER AS count FROM read_parquet('${target}') GROUP BY ALL ORDER BY key");
     console.log(JSON.stringify(read.getRowObjectsJS()));`,
  );
  if (made.skipped !== undefined) return made;
  const blocks = JSON.parse(made.stdout).map((block) => ({ ...block, digest: "0".repeat(64) }));
  const lock = JSON.parse(readFileSync(join(from, "frame", "lock.json"), "utf8"));
  writeFileSync(join(to, "frame", "lock.json"), JSON.stringify({ ...lock, blocks }));
  return { name: "spread", seconds: made.seconds, megabytes: made.megabytes, blocks: blocks.length };
}

/** Times two pieces of work within one process each, without its start. */
const timed = (imports, prepare, work) => `${imports}
  ${prepare}
  await work();
  let best = Infinity;
  for (let i = 0; i < 3; i++) { const t = performance.now(); await work(); best = Math.min(best, performance.now() - t); }
  console.log(best / 1000);
  async function work() { ${work} }`;

try {
  console.log(`national ledger, ${rows} rows`);
  const made = run("made", "npx", [
    "tsx",
    "samples/generator/main.ts",
    "--rows",
    String(rows),
    "--seed",
    "1",
    "--out",
    ledger,
  ]);
  if (made.skipped !== undefined) throw new Error(made.skipped);
  const load = script(
    "DuckDB load",
    duckdb(`CREATE TABLE ledger AS SELECT * FROM read_csv('${ledger}', all_varchar = true)`),
  );
  say(load);
  own("new", "new", round, "--template", "provincial", "--name", "bench", "--quiet");
  const lock = own("frame lock", "-C", round, "frame", "lock", ledger, "--exclude-problem-rows", "--quiet");
  say(lock, load);
  console.log("  limit: 4 × DuckDB load, 3072 MB");
  const sha256sum = run("sha256sum", "sha256sum", [ledger]);
  say(sha256sum, load);
  say(run("R data.table, read", "Rscript", ["-e", `data.table::fread('${ledger}')`]), load);
  say(run("pandas, read", "python3", ["-c", `import pandas; pandas.read_csv('${ledger}', dtype=str)`]), load);
  say(run("Miller, count", "mlr", ["--icsv", "--ojson", "count", ledger]), load);

  console.log("draw of 60 from each block of the locked frame (best of three, without start)");
  const argMinOf = (parquet) =>
    script(
      "DuckDB arg_min",
      timed(
        `import { DuckDBInstance } from "@duckdb/node-api";`,
        `const connection = await (await DuckDBInstance.create(":memory:")).connect();`,
        `await connection.runAndReadAll(\`SELECT city, class, arg_min(id, sha256('${"0123456789abcdef".repeat(4)}:' || id), 60) FROM read_parquet('${parquet}') GROUP BY ALL\`);`,
      ),
    );
  const argMin = argMinOf(join(round, "frame", "frame.parquet"));
  const drawing = (plan, folder = round) =>
    timed(
      `import { openRound } from "${resolve("dist/round/round.js")}";
       import { openFrame } from "${resolve("dist/frame/locked.js")}";
       import { computeManifest } from "${resolve("dist/draw/compute.js")}";
       import { readPlan } from "${resolve("dist/plan/seal.js")}";
       import { parsePlan } from "${resolve("dist/plan/plan.js")}";`,
      `const round = openRound(${JSON.stringify(folder)}); const frame = await openFrame(round); const own = await readPlan(round);
       const sealed = ${plan === undefined ? "own" : `{ ...own, plan: parsePlan(${JSON.stringify(plan)}) }`};`,
      `await computeManifest("bench", frame, sealed, [{ by: "seed", value: "bench" }], () => {});`,
    );
  const draw = script("draw", drawing());
  const seconds = (result) =>
    result.skipped === undefined ? { ...result, seconds: Number(result.stdout), megabytes: 0 } : result;
  say(seconds(argMin));
  say(seconds(draw), argMin.skipped === undefined ? seconds(argMin) : undefined);
  const rates = script("draw", drawing(JSON.stringify(RATES)));
  say({ ...seconds(rates), name: "draw, rates by county" }, argMin.skipped === undefined ? seconds(argMin) : undefined);
  console.log("  limit: 1.5 × DuckDB arg_min");

  console.log("the same units spread over all cities of the country");
  const nation = join(folder, "全国");
  const spread = await spreadOverNation(round, nation);
  if (spread.skipped !== undefined) say(spread);
  else {
    const peer = seconds(argMinOf(join(nation, "frame", "frame.parquet")));
    say(peer);
    const name = `draw of 60 from each of ${spread.blocks} blocks`;
    say({ ...seconds(script("draw", drawing(JSON.stringify(SIXTY), nation))), name }, peer);
    console.log("  limit: 1.5 × DuckDB arg_min");
  }

  console.log("verification of the drawn round, ledger to manifest");
  own("draw", "-C", round, "draw", "--seed", "bench", "--quiet");
  const bound = { name: "(3 × sha256sum + frame lock)", seconds: 3 * sha256sum.seconds + lock.seconds };
  say(own("verify", "-C", round, "verify", "--quiet"), sha256sum.skipped === undefined ? bound : lock);
  console.log("  limit: 3 × sha256sum and the load of the frame");

  console.log("second verifier, Python");
  const tables = join(folder, "tables");
  own("export", "-C", round, "frame", "export", "--all", tables, "--quiet");
  say(run("Python verifier", "python3", ["src/verify/chouqian_verify.py", join(round, "draw"), tables]));
  console.log("  limit: 60 s");

  console.log(`workbook of ${workbookRows} rows and 10 columns`);
  const workbook = join(folder, "名录.xlsx");
  await writeWorkbook(workbook, workbookRows);
  const reading = `import { readSheet } from "${resolve("dist/xlsx/read.js")}";
    let rows = 0; for await (const batch of readSheet(${JSON.stringify(workbook)}, "名录")) rows += batch.length;
    if (rows !== ${workbookRows + 1}) throw new Error("rows " + rows);`;
  const read = script("read", reading);
  say(read);
  console.log("  limit: 15 s, 1024 MB (for 500,000 rows)");
  const peer = `import ExcelJS from "exceljs";
    const reader = new ExcelJS.stream.xlsx.WorkbookReader(${JSON.stringify(workbook)}, { worksheets: "emit", sharedStrings: "cache", styles: "ignore" });
    let rows = 0; for await (const sheet of reader) for await (const row of sheet) rows += row.number > 0 ? 1 : 0;`;
  say(script("exceljs, streaming", peer), read);
  say(
    run("openpyxl, read-only", "python3", [
      "-c",
      `import openpyxl\nfor row in openpyxl.load_workbook('${workbook}', read_only=True).active.iter_rows(): pass`,
    ]),
    read,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function writeWorkbook(path, count) {
  const { default: ExcelJS } = await import("exceljs");
  const stream = createWriteStream(path);
  const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({ stream, useSharedStrings: true });
  const sheet = workbook.addWorksheet("名录");
  sheet
    .addRow(["统一社会信用代码", "单位名称", "污染源类别", "地市", "县区", "地址", "状态", "用电量", "经度", "纬度"])
    .commit();
  for (let i = 0; i < count; i++) {
    sheet
      .addRow([
        `9144010${String(i).padStart(11, "0")}`,
        `第${i}厂`,
        "工业源",
        "广州市",
        "天河区",
        `某路${i % 997}号`,
        "运行",
        i / 7,
        113.3,
        23.1,
      ])
      .commit();
  }
  await workbook.commit();
}
