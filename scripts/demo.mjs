// The main job on the samples: from the sample province's ledger to a proved draw and printed forms, in demo/.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";

const round = join("demo", "2019年9月省级核查");
const ledger = join("samples", "province-ledger.csv");
const filled = join("demo", "回收");
rmSync("demo", { recursive: true, force: true });

/** Each step as a person would type it. */
const steps = [
  ["new", round, "--template", "provincial", "--name", "2019年9月省级核查"],
  ["-C", round, "frame", "lock", ledger],
  ["-C", round, "plan", "check"],
  ["-C", round, "seed", "add", "--by", "省普查办", "骰子 3 6 1 4 2 5 6 6 1 3"],
  ["-C", round, "seed", "add", "--by", "市普查办代表", "粤普核"],
  ["-C", round, "seed", "add", "--by", "见证人", "20190930"],
  ["-C", round, "draw"],
  ["-C", round, "forms"],
  // The robot's round: what 21 cities would send back, wrong at known rates.
  ["npm", "run", "sample", "--", "--records", round, "--out", filled],
  ["-C", round, "records", "import", filled],
  ["-C", round, "records", "status", "--output", join("demo", "回收进度.pdf")],
  ["-C", round, "evaluate"],
  ["-C", round, "plan", "followup"],
  ["-C", round, "verify"],
];

for (const args of steps) {
  const isRobot = args[0] === "npm";
  const shown = (isRobot ? args : ["chouqian", ...args]).map((arg) => (/\s/.test(arg) ? `"${arg}"` : arg));
  console.log(`\n$ ${shown.join(" ")}`);
  const startedAt = Date.now();
  const program = isRobot
    ? ["--import", "tsx", join("samples", "generator", "main.ts"), ...args.slice(4)]
    : [join("dist", "cli", "main.js"), ...args];
  const { status } = spawnSync(process.execPath, program, { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
  console.log(`  (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
}
console.log(`
演示完成，结果在 ${round}（the results lie there）：
  frame/问题清单.xlsx         名录里的问题
  draw/抽样名单.xlsx          样本与备选
  draw/抽签见证单.pdf         见证单，打印签字
  forms/<市>/核查清单.pdf     现场核查清单
  forms/<市>/核查记录表.pdf   纸质记录表
  forms/<市>/核查记录表.xlsx  填写用的工作簿
  records/records.jsonl      收回的核查记录（机器人填写，差错率已知）
  results/核查评定报告.pdf    评定报告，各市另有一份`);
