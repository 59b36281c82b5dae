/** `chouqian verify`: recomputes everything and names the first difference. */
import { extname, join } from "node:path";
import type { Command } from "commander";
import { readPublicKey } from "../attest/keys.ts";
import { writeFileAtomically } from "../round/files.ts";
import { readTextFile } from "../round/round.ts";
import { assetText } from "../text/assets.ts";
import { ChouqianError } from "../text/errors.ts";
import type { Language } from "../text/words.ts";
import { words } from "../text/words.ts";
import type { Finding } from "../verify/finding.ts";
import { journalLineIn } from "../verify/journal-line-findings.ts";
import { exportPart, refusePart } from "../verify/part.ts";
import { verifyCity } from "../verify/verify-city.ts";
import { verifyRound } from "../verify/verify-round.ts";
import { verifyUnit } from "../verify/verify-unit.ts";
import { writeReport } from "../verify/write-report.ts";
import { contextOf, makeCommand, type Say } from "./command.ts";
import { fromOption } from "./database-options.ts";
import { outputFile } from "./output-file.ts";
import { readSecret } from "./secret-file.ts";
import { cityOption } from "./shared.ts";
import { authoritiesOption } from "./stamp.ts";
import { quoted, type Terminal } from "./terminal.ts";

const MARKS = { passed: "✓", failed: "✗", skipped: "－" } as const;

interface Flags {
  readonly ledger?: string[];
  readonly withoutLedger?: boolean;
  readonly secret?: string;
  readonly city?: string;
  readonly report?: string;
  readonly signer?: string[];
  readonly ca?: string;
  readonly journalLine?: string[];
  readonly python?: string;
}

export function verifyCommand(say: Say, language: Language): Command {
  const command = makeCommand(
    "verify",
    say,
    words(
      "从原始名录到样本清单全部重算一遍，指出第一处不符",
      "recompute everything from ledger to manifest, name the first difference",
    ),
    "chouqian -C 2019年9月核查 verify --ledger 名录.csv --journal-line 57:3fa9c2d1e0b44a6f",
  );
  fromOption(command, say)
    .option("--ledger <file...>", say("原始名录（默认用锁定时的位置）", "the ledgers (default: where they were)"))
    .option("--without-ledger", say("没有原始名录，只核对其余部分", "do without the ledger"))
    .option("--city <city>", say("只核对一个市，只需该市的名录（--ledger）", "one city, by its own ledger alone"))
    .option(
      "--report <path>",
      say("写出验证报告：.pdf、.json 文件，或一个文件夹", "write a report: a .pdf or .json file, or a folder"),
    )
    .option("--signer <file...>", say("必须已签名者的公钥（.pub）", "public keys of those who must have signed (.pub)"))
    .option(
      "--journal-line <line:digest...>",
      say(
        "纸上（评定报告、回收进度）记下的日志行号和摘要，如 57:3fa9c2d1e0b44a6f：日志没有这一行或已改写的不通过",
        "line and digest of the journal as printed on a report, such as 57:3fa9c2d1e0b44a6f: fails where the journal was cut or written anew",
      ),
    )
    .option("--ca <file>", say("时间戳机构公布的根证书", "root certificate of the time-stamping authority"))
    .option(
      "--secret <file>",
      say("封存的种子内容的文件（公开之前核对用）", "file of a sealed contribution, before it is published"),
    )
    .option(
      "--python <file>",
      say("写出独立的第二验证程序（只需 Python 3.8）", "write the second verifier, which needs Python 3.8 alone"),
    )
    .action(async (options: Flags, self: Command) => {
      const { terminal, round, folder } = contextOf(self, language);
      const surroundings = { inputs: options.ledger ?? [], rounds: [folder] };
      if (options.python !== undefined) {
        outputFile(options.python, "python", surroundings);
        writePython(options.python, terminal);
        return;
      }
      const journalLines = (options.journalLine ?? []).map(journalLineIn);
      const kind = options.report === undefined ? undefined : extname(options.report).slice(1).toLowerCase();
      if (options.report !== undefined && (kind === "pdf" || kind === "json")) {
        outputFile(options.report, kind, surroundings);
      }
      const opened = round();
      const city = options.city === undefined ? undefined : cityOption(options.city);
      if (city !== undefined && journalLines.length > 0) throw wholeJournalOnly();
      if (city === undefined) refusePart(opened);
      const findings =
        city === undefined
          ? await verifyRound(
              opened,
              {
                ledgers: options.ledger,
                withoutLedger: options.withoutLedger === true,
                secret: options.secret === undefined ? undefined : readSecret(options.secret),
                signers: (options.signer ?? []).map((file) => readPublicKey(readTextFile(file))),
                journalLines,
                authorities: await authoritiesOption(options.ca),
              },
              terminal.progress,
            )
          : await verifyCity(opened, city, options.ledger ?? missingLedger(), terminal.progress);
      terminal.done();
      const result = sayFindings(terminal, findings);
      if (options.report === undefined) return;
      const files = await writeReport(opened, options.report, findings, city, result);
      terminal.line(words(`报告：${files.join("、")}`, `report: ${files.join(", ")}`));
    });
  command.addCommand(unitCommand(say, language));
  command.addCommand(partCommand(say, language));
  return command;
}

function wholeJournalOnly(): ChouqianError {
  return new ChouqianError("E-USAGE-JOURNAL-LINE", {
    message: words("只核对一个市时不看整本日志", "one city is checked without the whole journal"),
    advice: words("去掉 --city，或去掉 --journal-line", "leave --city away, or --journal-line"),
  });
}

function missingLedger(): never {
  throw new ChouqianError("E-USAGE-LEDGER", {
    message: words("只核对一个市时，请指明该市的名录", "name the city's ledger"),
    advice: words("例如 verify --city 汕头 --ledger 汕头名录.csv", "such as verify --city 汕头 --ledger 汕头名录.csv"),
  });
}

/** Prints the findings, and sets the exit code where one failed. */
function sayFindings(terminal: Terminal, findings: readonly Finding[]) {
  const failures = findings.filter(({ outcome }) => outcome === "failed");
  const ok = failures.length === 0;
  const result = {
    ok,
    findings: findings.map(({ check, outcome, detail }) => ({ check, outcome, detail: terminal.say(detail) })),
  };
  if (terminal.voice.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  for (const { title, outcome, detail } of findings) {
    const text = `${MARKS[outcome]} ${terminal.say(title)}：${terminal.say(detail)}\n`;
    if (outcome === "failed" || !terminal.voice.quiet) terminal.output(text);
  }
  if (!ok) process.exitCode = 3;
  const left = findings.filter(({ outcome }) => outcome === "skipped").length;
  terminal.line(
    ok
      ? words(
          `全部相符${left > 0 ? `（${left} 项未做或未核对）` : ""}`,
          `everything agrees${left > 0 ? ` (${left} not checked)` : ""}`,
        )
      : words(`${failures.length} 项不符`, `${failures.length} checks failed`),
  );
  return result;
}

function unitCommand(say: Say, language: Language): Command {
  return makeCommand(
    "unit",
    say,
    words("说明一家单位为什么抽中或没有抽中，并给出验算命令", "tell why one unit was drawn or was not"),
    "chouqian -C 2019年9月核查 verify unit 91440500MA4WXXXXX1",
  )
    .argument("<id>", say("单位代码", "the unit's id"))
    .action(async (id: string, _: object, self: Command) => {
      const { terminal, round } = contextOf(self, language);
      const { unit, lines, agrees, outcome, standing, now, id: code } = await verifyUnit(round(), id);
      const shown = terminal.voice.redact && unit !== undefined ? lines.slice(1) : lines;
      const said = shown.map((line) => terminal.say(line));
      if (terminal.voice.json) {
        const name = terminal.voice.redact ? undefined : unit?.name;
        const ok = agrees !== false;
        const since = now === undefined ? {} : { fate: now.fate, isInSample: now.isInSample };
        const told = { ok, id: code, name, outcome, agrees, ...since, ...standing, lines: said };
        process.stdout.write(`${JSON.stringify(told)}\n`);
      }
      for (const line of said) terminal.output(`${line}\n`);
      if (agrees === true && unit !== undefined) terminal.line(words("✓ 与样本清单一致", "✓ as in the manifest"));
      if (agrees === undefined)
        terminal.line(words("－ 还没有抽签，样本清单无从核对", "－ nothing has been drawn yet"));
      if (agrees !== false) return;
      terminal.output(say("✗ 与样本清单不符；verify 可查出哪里不符\n", "✗ the manifest says otherwise; see verify\n"));
      process.exitCode = 3;
    });
}

function partCommand(say: Say, language: Language): Command {
  return makeCommand(
    "part",
    say,
    words(
      "写出可以交给一个市的文件，市里用自己的名录就能核对；不含别市的单位",
      "write what a city needs to verify its own draw; nothing of other cities' units is in it",
    ),
    "chouqian -C 2019年9月核查 verify part 汕头 汕头核对",
  )
    .argument("<city>", say("哪个市", "which city"))
    .argument("<folder>", say("新文件夹", "a new folder"))
    .action(async (city: string, folder: string, _: object, self: Command) => {
      const { terminal, round } = contextOf(self, language);
      const code = cityOption(city);
      const files = await exportPart(round(), code, folder);
      terminal.result({ folder, city: code, files });
      terminal.line(words(`已写 ${folder}：${files.join("、")}`, `written to ${folder}: ${files.join(", ")}`));
      terminal.line(
        words(
          `市里核对：chouqian -C ${folder} verify --city ${city} --ledger 本市名录`,
          `the city runs: chouqian -C ${folder} verify --city ${city} --ledger ITS-LEDGER`,
        ),
      );
    });
}

/** Writes the second verifier and says how it is run. */
function writePython(path: string, terminal: Terminal): void {
  writeFileAtomically(path, assetText("src", "verify", "chouqian_verify.py"));
  terminal.result({ file: path });
  const drawIn = (round: string) => quoted(join(terminal.voice.round ?? round, "draw"));
  terminal.line(
    words(
      `已写：${path}\n用法：chouqian -C 轮次文件夹 frame export --all 规范表\n      python3 ${path} ${drawIn("轮次文件夹")} 规范表`,
      `written: ${path}\nuse: chouqian -C ROUND frame export --all TABLES\n     python3 ${path} ${drawIn("ROUND")} TABLES`,
    ),
  );
}
