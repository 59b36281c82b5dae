/** Speaking to a person at a terminal or to a script: language, tables, problems, progress. */
import stringWidth from "string-width";
import {
  type ChouqianError,
  LIST_OF_PROBLEMS,
  type Place,
  type Problem,
  placeInWords,
  redact,
  shorten,
} from "../text/errors.ts";
import { type Progress, silent } from "../text/progress.ts";
import { visible } from "../text/visible.ts";
import type { Language, Words } from "../text/words.ts";

/** How one run of the program speaks. */
export interface Voice {
  readonly language: Language;
  readonly json: boolean;
  readonly quiet: boolean;
  /** Nothing of a ledger's row is shown: neither values nor names. */
  readonly redact: boolean;
  /** The round's folder as it was given, or `.` where this one is it; undefined where no round is meant. */
  readonly round?: string | undefined;
}

/** How messages write the round's folder in a command; the reader gets the real one. */
const ANY_ROUND = / -C (轮次文件夹|ROUND)(?![\p{L}\p{N}_/-])/gu;

/** Problems shown on the terminal; the rest stand in the workbook. */
const MOST_PROBLEMS = 20;
/** Problems of one kind in one file that are shown before those of other kinds. */
const OF_A_KIND = 3;
/** Progress is shown for what lasts longer than this. */
const PATIENCE_MS = 1000;

export class Terminal {
  readonly voice: Voice;
  readonly #startedAt = Date.now();
  #lastShown = 0;
  #lastLabel = "";
  /** The last count of a step that was not shown; off a terminal it is, once the step is over. */
  #unshown = "";

  constructor(voice: Voice) {
    this.voice = voice;
  }

  /** A text as this voice says it, with the round's folder; what a ledger holds cannot turn the screen's writing about. */
  say(text: Words): string {
    const { language, round } = this.voice;
    const own = round === undefined ? undefined : round === "." ? "" : ` -C ${quoted(round)}`;
    return visible(own === undefined ? text[language] : text[language].replace(ANY_ROUND, () => own));
  }

  /** A line for people; nothing under `--json` and `--quiet`. */
  line(text: Words): void {
    if (!this.voice.json && !this.voice.quiet) process.stdout.write(`${this.say(text)}\n`);
  }

  /** Output that was asked for, printed even under `--quiet`; under `--json` the result carries it. */
  output(text: string): void {
    if (!this.voice.json) process.stdout.write(text);
  }

  /** The result for scripts; printed under `--json` only. */
  result(value: object): void {
    if (this.voice.json) process.stdout.write(`${JSON.stringify({ ok: true, ...value })}\n`);
  }

  table(headings: readonly Words[], rows: readonly (readonly (string | number)[])[]): void {
    if (this.voice.json || this.voice.quiet) return;
    this.output(
      formatTable(
        headings.map((heading) => this.say(heading)),
        rows,
      ),
    );
  }

  /** A problem as this voice may show it. */
  shown(problem: Problem): Problem {
    return this.voice.redact ? redact(problem) : problem;
  }

  /**
   * @param list where all of them are to be found, should they be too many for the screen
   * @param lines the same as a screen shows them, where one line stands for several
   */
  problems(problems: readonly Problem[], list: Words = LIST_OF_PROBLEMS, lines = problems): void {
    if (this.voice.json) return;
    const told = toTell(lines);
    for (const problem of told.map((each) => this.shown(each))) {
      const place = this.say(placeInWords(problem.at));
      process.stderr.write(`  ${place === "" ? "" : `${place}：`}${this.say(problem.message)}\n`);
      process.stderr.write(`    → ${this.say(problem.advice)}  [${problem.code}]\n`);
    }
    const rest = problems.length - numberOf(told);
    if (rest === 0) return;
    const isFault = ({ code }: Problem) => code.startsWith("E-");
    const errors = problems.filter(isFault).length - numberOf(told.filter(isFault));
    const mixed = errors > 0 && errors < rest;
    const [zh, en] = mixed ? [`（错误 ${errors} 处）`, ` (${errors} of them faults)`] : ["", ""];
    process.stderr.write(
      `${this.say({ zh: `  ……另有 ${rest} 处${zh}，${list.zh}`, en: `  … and ${rest} more${en}; ${list.en}` })}\n`,
    );
  }

  /** A refusal in words, or as JSON for scripts. */
  refusal(error: ChouqianError): void {
    if (this.voice.json) {
      const { code, exitCode } = error;
      const at = this.#shownPlace(error.at);
      const problems = error.problems
        .map((problem) => this.shown(problem))
        .map((problem) => ({
          code: problem.code,
          message: this.say(problem.message),
          at: problem.at,
          advice: this.say(problem.advice),
        }));
      const message = this.say(error.words);
      const advice = this.say(error.advice);
      process.stdout.write(
        `${JSON.stringify({ ok: false, error: { code, message, at, advice, problems, exitCode }, ...error.result })}\n`,
      );
      return;
    }
    this.#clearProgress();
    const place = this.say(placeInWords(this.#shownPlace(error.at)));
    const mark = this.voice.language === "zh" ? "✗ " : "✗ ";
    process.stderr.write(`${mark}${place === "" ? "" : `${place}：`}${this.say(error.words)}  [${error.code}]\n`);
    this.problems(error.problems, error.list, error.lines);
    process.stderr.write(`  → ${this.say(error.advice)}\n`);
  }

  #shownPlace(at: Place): Place {
    return this.voice.redact ? { ...at, value: undefined } : at;
  }

  /** Progress on the error stream: one line rewritten on a terminal, a line now and then elsewhere. */
  get progress(): Progress {
    if (this.voice.json || this.voice.quiet) return silent;
    return (what, done, total) => this.#showProgress(what, done, total);
  }

  /** Ends the progress line, so that what follows stands on a line of its own. */
  done(): void {
    this.#clearProgress();
  }

  #showProgress(what: Words, done: number, total: number | undefined): void {
    const now = Date.now();
    if (now - this.#startedAt < PATIENCE_MS) return;
    const label = this.say(what);
    const isTerminal = process.stderr.isTTY;
    const amount = total === undefined ? (done > 0 ? ` ${done}` : "") : ` ${done}/${total}`;
    const line = `${label}…${amount}`;
    if (now - this.#lastShown < (isTerminal ? 100 : 2000) && label === this.#lastLabel) {
      this.#unshown = line;
      return;
    }
    if (label !== this.#lastLabel) this.#showUnshown();
    this.#lastShown = now;
    this.#lastLabel = label;
    this.#unshown = "";
    process.stderr.write(isTerminal ? `\r\u001B[K${line}` : `${line}\n`);
  }

  #showUnshown(): void {
    if (this.#unshown !== "" && !process.stderr.isTTY) process.stderr.write(`${this.#unshown}\n`);
    this.#unshown = "";
  }

  #clearProgress(): void {
    if (this.#lastLabel !== "" && process.stderr.isTTY) process.stderr.write("\r\u001B[K");
    this.#showUnshown();
    this.#lastLabel = "";
  }
}

/** A path as a shell takes it for one word. */
export function quoted(path: string): string {
  return /^[\p{L}\p{N}_./\\:~+-]+$/u.test(path) ? path : `"${path}"`;
}

/** Problems that these lines stand for. */
function numberOf(lines: readonly Problem[]): number {
  return lines.reduce((sum, { standsFor = 1 }) => sum + standsFor, 0);
}

/**
 * As many as the screen takes, the gravest first; where there are more, one of each code before another of any, then some of
 * each kind in each file before more of one.
 */
function toTell(problems: readonly Problem[]): Problem[] {
  const ordered = inOrderOfWeight(problems);
  if (ordered.length <= MOST_PROBLEMS) return ordered;
  const codes = new Map(ordered.toReversed().map((problem) => [problem.code, problem]));
  const early = new Set(inOrderOfWeight([...codes.values()].toReversed()).slice(0, MOST_PROBLEMS));
  const told = new Map<string, number>();
  for (const problem of ordered) {
    const kind = `${problem.at.file ?? ""}\n${problem.code}`;
    const count = (told.get(kind) ?? 0) + 1;
    told.set(kind, count);
    if (count <= OF_A_KIND && early.size < MOST_PROBLEMS) early.add(problem);
  }
  const room = MOST_PROBLEMS - early.size;
  const others = new Set(ordered.filter((problem) => !early.has(problem)).slice(0, room));
  return ordered.filter((problem) => early.has(problem) || others.has(problem));
}

/** Refusals first, then warnings, then notes; each in the order found. */
function inOrderOfWeight(problems: readonly Problem[]): Problem[] {
  return ["E-", "W-", "N-"].flatMap((weight) => problems.filter(({ code }) => code.startsWith(weight)));
}

/** Numbers, shares, ranges of them, and the dash where there is none: they stand at the right of their column. */
function isFigure(cell: string | number): boolean {
  return typeof cell === "number" || /^[\d.,%–—+-]+$/.test(cell);
}

/** A text cut to so many columns of a terminal, with a mark where it was. */
export function fitted(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  let cut = "";
  for (const character of text) {
    if (stringWidth(cut + character) >= columns) break;
    cut += character;
  }
  return `${cut}…`;
}

/** A table in columns of equal width; Chinese characters count two. Numbers stand right. */
export function formatTable(headings: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = rows.map((row) => row.map((cell) => visible(shorten(String(cell), 40))));
  const widths = headings.map((heading, column) =>
    Math.max(stringWidth(heading), ...cells.map((row) => stringWidth(row[column] ?? ""))),
  );
  const isNumber = headings.map((_, column) => rows.every((row) => isFigure(row[column] ?? "")));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => {
        const blank = " ".repeat(Math.max(0, (widths[column] ?? 0) - stringWidth(cell)));
        return isNumber[column] ? blank + cell : cell + blank;
      })
      .join("  ")
      .trimEnd();
  return `${[headings, ...cells].map(line).join("\n")}\n`;
}
