// Times `evaluate` on a province of which every source was inspected: 600,000 records, 10 indicators each, once imported.
// The peer in the same run: a plain loop that only parses the same lines as JSON.
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
const folder = mkdtempSync(join(tmpdir(), "chouqian-bench-"));
const round = join(folder, "轮次");

function run(name, ...args) {
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [...args], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${name}: ${stderr}`);
  return (performance.now() - startedAt) / 1000;
}
const step = (name, ...args) => run(name, program, ...args, "--quiet");

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
  run("draw", "--max-old-space-size=12288", program, "-C", round, "draw", "--seed", "bench", "--quiet");
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
  const seconds = step("evaluate", "-C", round, "evaluate");
  const loop = `
    const { createReadStream } = await import("node:fs");
    const { createInterface } = await import("node:readline");
    let count = 0;
    for await (const line of createInterface(createReadStream(${JSON.stringify(records)}))) count += JSON.parse(line).indicators.length;`;
  const peer = run("loop", "--input-type=module", "-e", loop);
  const megabytes = (statSync(records).size / 2 ** 20).toFixed(0);
  console.log(`records      ${SOURCES} (${megabytes} MB)`);
  console.log(`evaluate     ${seconds.toFixed(2).padStart(7)} s  (limit 10 s)`);
  console.log(
    `plain loop   ${peer.toFixed(2).padStart(7)} s  (evaluate takes ${(seconds / peer).toFixed(2)} times that)`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
