/** The one error type of the program, and the form in which a problem of an input file is reported. */
import { type Words, words } from "./words.ts";

/** Where in an input something is wrong. Rows and columns count from 1, as a spreadsheet shows them. */
export interface Place {
  readonly file?: string | undefined;
  readonly sheet?: string | undefined;
  readonly row?: number | undefined;
  readonly column?: string | undefined;
  /** Path of a key in a YAML or JSON file, such as `quotas.0.count`. */
  readonly key?: string | undefined;
  readonly value?: string | undefined;
  /** The cell as a spreadsheet names it, such as `B17`. */
  readonly cell?: string | undefined;
}

/** One thing wrong with an input: what, where, and what to do about it. */
export interface Problem {
  /** Stable, such as `E-FRAME-DUPLICATE-ID` (refused) or `W-FRAME-STATUS` (warned of, row stays). */
  readonly code: string;
  readonly message: Words;
  readonly at: Place;
  readonly advice: Words;
  /** The message without anything that stands in the row, where it tells such a thing. */
  readonly plain?: Words;
  /** How many of its kind it stands for, where it is one line for all of them on a screen. */
  readonly standsFor?: number;
}

/** The problem without anything of the row it is about: no value, no name. */
export function redact(problem: Problem): Problem {
  const { value, ...at } = problem.at;
  return { ...problem, message: problem.plain ?? problem.message, at };
}

/** Exit code of the process: 2 = input or usage refused, 3 = verification or check failed. 1 is left to defects. */
export type ExitCode = 2 | 3;

export const LIST_OF_PROBLEMS = words("见问题清单", "see the list of problems");

/**
 * A refusal that a person can act on. Everything else that is thrown is a defect of the program.
 * `problems` lists all that is wrong, where there is more than one thing.
 */
export class ChouqianError extends Error {
  readonly code: string;
  readonly words: Words;
  readonly advice: Words;
  readonly at: Place;
  readonly problems: readonly Problem[];
  /** The problems as a screen shows them, where that is not one by one. */
  readonly lines: readonly Problem[];
  readonly exitCode: ExitCode;
  /** Where all problems are to be found, where only some can be shown. */
  readonly list: Words;
  /** What was done or written all the same, as scripts get it beside the refusal. */
  result: object = {};

  constructor(
    code: string,
    about: {
      message: Words;
      advice: Words;
      at?: Place;
      problems?: readonly Problem[];
      lines?: readonly Problem[];
      exitCode?: ExitCode;
      list?: Words;
    },
  ) {
    super(`${code}: ${about.message.en}`);
    this.name = "ChouqianError";
    this.code = code;
    this.words = about.message;
    this.advice = about.advice;
    this.at = about.at ?? {};
    this.problems = about.problems ?? [];
    this.lines = about.lines ?? this.problems;
    this.exitCode = about.exitCode ?? 2;
    this.list = about.list ?? LIST_OF_PROBLEMS;
  }
}

/** Puts a place into words: `名录.csv，第 17 行，“地区”列，值“广州县”`. */
export function placeInWords(at: Place): Words {
  const zh: string[] = [];
  const en: string[] = [];
  const say = (zhPart: string, enPart: string) => {
    zh.push(zhPart);
    en.push(enPart);
  };
  if (at.file !== undefined) say(at.file, at.file);
  if (at.sheet !== undefined) say(`工作表“${at.sheet}”`, `sheet "${at.sheet}"`);
  if (at.row !== undefined) say(`第 ${at.row} 行`, `row ${at.row}`);
  if (at.column !== undefined) say(`“${at.column}”列`, `column "${at.column}"`);
  if (at.key !== undefined) say(`“${at.key}”`, `"${at.key}"`);
  if (at.value !== undefined) say(`值“${shorten(at.value)}”`, `value "${shorten(at.value)}"`);
  return words(zh.join("，"), en.join(", "));
}

/** Cuts a value for display, so that a 10 MB cell does not flood a message. */
export function shorten(value: string, most = 60): string {
  const characters = [...value.slice(0, most * 2 + 2)];
  return characters.length <= most ? value : `${characters.slice(0, most).join("")}…`;
}
