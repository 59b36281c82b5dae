// Times `evaluate` on a province of which every source was inspected: 600,000 records, 10 indicators each, once imported;
// and `records import` with `evaluate` on the sample province's 1,407 sources, filled in by the robot.
// The peers in the same run: a plain loop that only parses the same lines as JSON; ExcelJS, which only loads the same workbooks.
import { spawnSync } from "node:child_process";
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const SOURCES = Number(process.argv[2] ?? 600_000);
const program = resolve("dist/cli/main.js");
const exceljs = resolve("node_modules/exceljs/lib/exceljs.nodejs.js");
const folder = mkdtempSync(join(tmpdir(), "chouqian-bench-"));
const round = join(folder, "轮次");

const meter = resolve("test/bench/meter.mjs");

/** Seconds, seconds of all threads together, and most memory of a program. */
function measured(name, ...args) {
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ["--import", meter, ...args], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${name}: ${stderr}`);
  const seconds = (performance.now() - startedAt) / 1000;
  return { seconds, ...JSON.parse(/TOOK (.*)/.exec(stderr)?.[1] ?? "{}") };
}
const step = (name, ...args) => measured(name, program, ...args, "--quiet");

function show(name, { seconds, cpu, megabytes }, note) {
  const numbers = `${seconds.toFixed(2).padStart(7)} s  ${cpu.toFixed(1).padStart(6)} s CPU  ${megabytes.toFixed(0).padStart(5)} MB`;
  console.log(`${name.padEnd(14)} ${numbers}  (${note})`);
}

/** Writes many lines without holding them. */
function writeLines(path, count, line) {
  const file = openSync(path, "w");
  for (let from = 0; from < count; from += 5000) {
    const to = Math.min(count, from + 5000);
    writeSync(file, Array.from({ length: to - from }, (_, i) => `${line(from + i)}\n`).join(""));
  }
  closeSync(file);
}

const CITIES = [
  "广州市",
  "深圳市",
  "珠海市",
  "汕头市",
  "佛山市",
  "韶关市",
  "湛江市",
  "肇庆市",
  "江门市",
  "茂名市",
  "惠州市",
];
const CLASSES = ["工业源", "农业源", "生活源"];
const id = (i) => `U${String(i).padStart(9, "0")}`;

try {
  const ledger = join(folder, "名录.csv");
  writeLines(ledger, SOURCES + 1, (i) =>
    i === 0
      ? "统一社会信用代码,单位详细名称,污染源类别,地市"
      : `${id(i)},第${i}厂,${CLASSES[i % 3]},${CITIES[i % CITIES.length]}`,
  );
  step("new", "new", round, "--template", "provincial", "--name", "bench");
  const quotas = CLASSES.map((name) => `  - { class: ${name}, rate: 100% }`).join("\n");
  writeFileSync(join(round, "plan.yaml"), `method: ticket\nquotas:\n${quotas}\n`);
  step("frame lock", "-C", round, "frame", "lock", ledger, "--exclude-problem-rows");
  // A list of 600,000 sources as a workbook takes more memory than Node gives by itself.
  measured("draw", "--max-old-space-size=12288", program, "-C", round, "draw", "--seed", "bench", "--quiet");
  const journal = readFileSync(join(round, "journal.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const { manifestDigest } = journal.find(({ event }) => event === "drawn").about;
  mkdirSync(join(round, "records"));
  const records = join(round, "records", "records.jsonl");
  const base = { found: "12345", form: "G101-1", name: "主要产品生产能力", reported: "12345", way: "现场" };
  const indicator = (i, k) => {
    const isWrong = (i * 7919 + k * 104729) % 97 === 0;
    const { found, form, name, reported, way } = base;
    const code = `G101-1.${String(k).padStart(2, "0")}`;
    const cause = isWrong ? { cause: "单位换算错误" } : {};
    return { ...cause, code, form, found, key: k % 3 !== 2, name, reported, result: isWrong ? "wrong" : "right", way };
  };
  writeLines(records, SOURCES, (i) =>
    JSON.stringify({
      indicators: Array.from({ length: 10 }, (_, k) => indicator(i + 1, k)),
      manifestDigest,
      outcome: "checked",
      roundId: "bench",
      source: { file: "核查记录表.xlsx", sha256: "b".repeat(64) },
      spec: "records/1",
      team: `第${i % 7}组`,
      unit: id(i + 1),
    }),
  );
  const evaluated = step("evaluate", "-C", round, "evaluate");
  const loop = `
    const { createReadStream } = await import("node:fs");
    const { createInterface } = await import("node:readline");
    let count = 0;
    for await (const line of createInterface(createReadStream(${JSON.stringify(records)}))) count += JSON.parse(line).indicators.length;`;
  const plain = measured("loop", "--input-type=module", "-e", loop);
  console.log(`${SOURCES} records, ${(statSync(records).size / 2 ** 20).toFixed(0)} MB`);
  show("evaluate", evaluated, "limit 10 s");
  show("plain loop", plain, `evaluate takes ${(evaluated.seconds / plain.seconds).toFixed(2)} times that`);

  const province = join(folder, "省");
  const filled = join(folder, "回收");
  step("new", "new", province, "--template", "provincial", "--name", "bench");
  step("frame lock", "-C", province, "frame", "lock", resolve("samples/province-ledger.csv"), "--exclude-problem-rows");
  step("draw", "-C", province, "draw", "--seed", "bench");
  step("forms", "-C", province, "forms");
  const robot = ["--import", "tsx", resolve("samples/generator/main.ts")];
  measured("robot", ...robot, "--records", province, "--out", filled);
  const imported = step("records import", "-C", province, "records", "import", filled);
  const judged = step("evaluate", "-C", province, "evaluate");
  const load = `
    const { default: ExcelJS } = await import(${JSON.stringify(exceljs)});
    const { readdirSync } = await import("node:fs");
    for (const file of readdirSync(${JSON.stringify(filled)})) {
      if (file.endsWith(".xlsx")) await new ExcelJS.Workbook().xlsx.readFile(${JSON.stringify(filled)} + "/" + file);
    }`;
  const loaded = measured("load", "--input-type=module", "-e", load);
  const recorded = readFileSync(join(province, "records", "records.jsonl"), "utf8")
    .trim()
    .split("\n").length;
  const both = (imported.seconds + judged.seconds).toFixed(2);
  console.log(`${recorded} filled sources: imported and evaluated in ${both} s (limit 20 s)`);
  show("records import", imported, `${(imported.seconds / loaded.seconds).toFixed(2)} times what ExcelJS takes`);
  show("evaluate", judged, "reports included");
  show("ExcelJS", loaded, "loads the same workbooks");
} finally {
  rmSync(folder, { recursive: true, force: true });
}
