/** `chouqian plan size`: how many units must be drawn to show that a limit is kept, and what a sample would accept. */
import type { Command } from "commander";
import { openFrame } from "../frame/locked.ts";
import { type CharacteristicPicture, characteristicPdf } from "../plan/characteristic-pdf.ts";
import { outlook } from "../plan/outlook.ts";
import { neededSample, operatingCharacteristic, ratesAround } from "../plan/sample-size.ts";
import { percentOfShare } from "../plan/share.ts";
import { CLASS_NAMES, SHORT_CLASS_NAMES, SOURCE_CLASSES, type SourceClass } from "../reference/classes.ts";
import { divisionName } from "../reference/divisions.ts";
import { writeFileAtomically } from "../round/files.ts";
import type { Round } from "../round/round.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Language, words } from "../text/words.ts";
import { contextOf, makeCommand, type Say } from "./command.ts";
import { outputFile } from "./output-file.ts";
import { shareOption } from "./plan-options.ts";
import type { Terminal } from "./terminal.ts";

interface Flags {
  readonly population?: string;
  readonly sample?: string;
  readonly limit: string;
  readonly confidence: string;
  readonly allowed: string;
  readonly output?: string;
}

/** More curves than this are no picture. */
const MOST_CURVES = 3;

export function sizeCommand(say: Say, language: Language): Command {
  return makeCommand(
    "size",
    say,
    words(
      "样本量：要证明差错单位不超过限值，需要抽多少家；并画抽检特性曲线",
      "sample size for a limit, a confidence and a number of errors, and the operating characteristic",
    ),
    "chouqian plan size --population 3000 --limit 2% --allowed 0,1 --output 抽检特性.pdf",
  )
    .option(
      "--population <N>",
      say("总体单位数（默认按锁定的抽样框逐市逐类计算）", "units (default: the locked frame)"),
    )
    .option("--limit <share>", say("差错单位的限值", "limit of the share of units in error"), "2%")
    .option("--confidence <share>", say("把握程度", "confidence"), "95%")
    .option("--allowed <list>", say("样本里容许几家有差错，可写几个", "units in error allowed in the sample"), "0")
    .option("--sample <n>", say("抽检特性按这个样本量画（默认取算出的样本量）", "sample of the characteristic"))
    .option("--output <file>", say("把抽检特性曲线画成一页 PDF", "draw the operating characteristic as PDF"))
    .action(async (flags: Flags, self: Command) => {
      const { terminal, round, folder } = contextOf(self, language);
      if (flags.output !== undefined) outputFile(flags.output, "pdf", { rounds: [folder] });
      const limit = shareOption("--limit", flags.limit);
      const confidence = Number(shareOption("--confidence", flags.confidence));
      const allowed = flags.allowed.split(/[,，、]/).map((text) => wholeOption("--allowed", text, 0));
      if (allowed.length > MOST_CURVES || confidence >= 1) throw unusable(flags);
      const question = { limit, confidence, allowed };
      if (flags.population === undefined) {
        await sizesOfFrame(terminal, round(), question, flags);
        return;
      }
      const N = wholeOption("--population", flags.population, 1);
      const sizes = sizesFor(N, question);
      const n = flags.sample === undefined ? (sizes[0] ?? N) : wholeOption("--sample", flags.sample, 1);
      if (n > N) throw unusable(flags);
      const rates = ratesAround(limit);
      const title = `总体 ${N.toLocaleString("en-US")} 家，抽 ${n} 家`;
      const picture = pictureOf(title, N, n, question);
      const { curves } = picture;
      terminal.result({
        population: N,
        limit,
        confidence,
        allowed,
        sizes: sizes.map((size) => size ?? null),
        n,
        curves,
      });
      const lines = allowed.map((each, index) => sizeInWords(N, sizes[index], each, limit, confidence));
      for (const line of lines) terminal.line(line);
      terminal.line(words(`样本 ${n} 家时，被判为合格的概率：`, `with a sample of ${n}, the chance to be accepted:`));
      terminal.table(
        [
          words("真实差错比例", "true rate"),
          words("差错家数", "in error"),
          ...allowed.map((each) => words(`容许 ${each} 家`, `${each} allowed`)),
          words("", ""),
        ],
        rates.flatMap((_, step) => {
          const [first] = curves;
          const point = first?.points[step];
          if (point === undefined || step % 4 !== 0) return [];
          return [
            [
              percent(point.rate),
              point.count,
              ...curves.map(({ points }) => percent(points[step]?.chance ?? 0)),
              "█".repeat(Math.round(point.chance * 24)),
            ],
          ];
        }),
      );
      if (flags.output === undefined) return;
      writeFileAtomically(flags.output, await characteristicPdf([picture]));
      terminal.line(words(`已写：${flags.output}`, `written: ${flags.output}`));
    });
}

/** The limit and the confidence as exact decimals, and how many units in error are allowed. */
interface Question {
  readonly limit: string;
  readonly confidence: number;
  readonly allowed: readonly number[];
}

function sizesFor(N: number, { limit, confidence, allowed }: Question): (number | undefined)[] {
  return allowed.map((each) => neededSample(N, { limit, confidence, allowed: each }));
}

function pictureOf(title: string, N: number, n: number, question: Question): CharacteristicPicture {
  const { limit, confidence, allowed } = question;
  const rates = ratesAround(limit);
  const sizes = sizesFor(N, question);
  const lines = allowed.map((each, index) => sizeInWords(N, sizes[index], each, limit, confidence));
  const notes = [
    ...lines.map(({ zh }) => `${zh}。`),
    `曲线给出真实比例为横轴各值时，抽 ${n} 家被判为合格的概率；虚线表示 ${percent(1 - confidence)} 的误判机会：曲线在限值处高出虚线多少，样本的把握就差多少。`,
  ];
  const curves = allowed.map((each) => ({ allowed: each, points: operatingCharacteristic(N, n, each, rates) }));
  return { title, N, n, limit: Number(limit), confidence, curves, notes };
}

/** The sizes that each block needs and, beside them, what the plan draws; pictures of the latter, a page a block. */
async function sizesOfFrame(terminal: Terminal, round: Round, question: Question, flags: Flags): Promise<void> {
  const { limit, confidence, allowed } = question;
  const planned = await plannedSizes(round);
  const frame = await openFrame(round);
  frame.close();
  const place = (key: string) => SOURCE_CLASSES.indexOf(key.slice(7) as SourceClass);
  const rows = frame.lock.blocks
    .map(({ key, count }) => ({
      key,
      city: key.slice(0, 6),
      sourceClass: key.slice(7) as SourceClass,
      N: count,
      sizes: sizesFor(count, question).map((size) => size ?? null),
      planned: planned.get(key) ?? null,
    }))
    .sort((a, b) => (a.city < b.city ? -1 : a.city > b.city ? 1 : place(a.key) - place(b.key)));
  terminal.result({ limit, confidence, allowed, blocks: rows });
  terminal.line(
    words(
      `要有 ${percent(confidence)} 的把握说差错单位不超过 ${percentOfShare(limit)}，每块需抽：`,
      `units to draw to be ${percent(confidence)} sure that at most ${percentOfShare(limit)} are in error:`,
    ),
  );
  terminal.table(
    [
      words("地市", "city"),
      words("类别", "class"),
      words("总数 N", "N"),
      words("方案抽", "planned"),
      ...allowed.map((each) => words(`容许 ${each} 家差错`, `${each} in error allowed`)),
    ],
    rows.map(({ city, sourceClass, N, sizes, planned: drawn }) => [
      divisionName(city),
      terminal.say(SHORT_CLASS_NAMES[sourceClass]),
      N,
      drawn ?? "—",
      ...sizes.map((size) => size ?? terminal.say(words("超过限值", "beyond the limit"))),
    ]),
  );
  if (flags.output === undefined) return;
  const given = flags.sample === undefined ? undefined : wholeOption("--sample", flags.sample, 1);
  const pictures = rows.flatMap(({ city, sourceClass, N, sizes, planned: drawn }) => {
    const n = Math.min(N, given ?? drawn ?? sizes[0] ?? N);
    const name = `${divisionName(city)}${CLASS_NAMES[sourceClass].zh}`;
    return n === 0 ? [] : [pictureOf(`${name} ${N.toLocaleString("en-US")} 家，抽 ${n} 家`, N, n, question)];
  });
  if (pictures.length === 0) throw unusable(flags);
  writeFileAtomically(flags.output, await characteristicPdf(pictures));
  terminal.line(
    words(`已写：${flags.output}，${pictures.length} 页`, `written: ${flags.output}, ${pictures.length} pages`),
  );
}

/** What the round's plan draws from each block; nothing where it has no plan that fits the frame. */
async function plannedSizes(round: Round): Promise<ReadonlyMap<string, number>> {
  const planned = new Map<string, number>();
  try {
    for (const { city, sourceClass, n } of (await outlook(round, "0.02")).blocks) {
      const key = `${city}/${sourceClass}`;
      planned.set(key, (planned.get(key) ?? 0) + n);
    }
  } catch (error) {
    // A plan that still lacks its rates is what this command helps to fill in.
    if (!(error instanceof ChouqianError && error.code.startsWith("E-PLAN"))) throw error;
  }
  return planned;
}

function sizeInWords(N: number, n: number | undefined, allowed: number, limit: string, confidence: number) {
  const found = allowed === 0 ? "一家差错也没有" : `差错不超过 ${allowed} 家`;
  if (n === undefined) {
    return words(
      `${N} 家里容许 ${allowed} 家差错：这个数目本身已超过 ${percentOfShare(limit)}，说明不了不超过限值`,
      `of ${N} with ${allowed} in error allowed: not even all would show that at most ${percentOfShare(limit)} are`,
    );
  }
  return words(
    `${N} 家里抽 ${n} 家，${found}，就有 ${percent(confidence)} 的把握说差错单位不超过 ${percentOfShare(limit)}`,
    `${n} of ${N} with at most ${allowed} in error show with ${percent(confidence)} that at most ${percentOfShare(limit)} are`,
  );
}

function wholeOption(option: string, text: string, least: number): number {
  const number = Number(text.trim());
  if (/^\d+$/.test(text.trim()) && number >= least && number <= 10_000_000) return number;
  throw new ChouqianError("E-USAGE-NUMBER", {
    message: words(`${option} ${text} 应为不小于 ${least} 的整数`, `${option} ${text} must be a whole number`),
    advice: words(`例如 ${option} ${Math.max(least, 50)}`, `such as ${option} ${Math.max(least, 50)}`),
  });
}

function unusable({ population, sample, allowed, confidence }: Flags): ChouqianError {
  return new ChouqianError("E-USAGE-SIZE", {
    message: words(
      `不能这样计算：--population ${population ?? "（抽样框）"} --sample ${sample ?? "（自动）"} --allowed ${allowed} --confidence ${confidence}`,
      "these options cannot go together",
    ),
    advice: words(
      "样本不能多于总体，把握程度应小于 100%，--allowed 最多写三个数",
      "the sample is at most the population, the confidence below 100%, at most three numbers allowed",
    ),
  });
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))}%`;
}
