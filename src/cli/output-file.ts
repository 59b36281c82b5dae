/** Files that a command writes where its user says: never over what it reads, nor over what is no such file. */
import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs";
import { basename, relative, resolve } from "node:path";
import { isSameFile } from "../round/files.ts";
import { roundPaths } from "../round/round.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Words, words } from "../text/words.ts";

/** What may be written over, by the bytes it begins with; a workbook is a zip. */
const KINDS = {
  pdf: { begins: "%PDF-", name: words("PDF 文件", "a PDF") },
  xlsx: { begins: "PK\u0003\u0004", name: words("xlsx 工作簿", "an .xlsx workbook") },
  json: { begins: "{", name: words("JSON 文件", "a JSON file") },
  python: { begins: "#!/usr/bin/env python3", name: words("Python 程序", "a Python program") },
  any: { begins: "", name: words("文件", "a file") },
} as const;

/** Products that a round is proven by: a command that is told where to write does not write over them. */
const PROVEN = ["config", "plan", "planAsSealed", "frame", "seed", "draw", "history", "stamps", "signatures"] as const;

interface Surroundings {
  /** Files that are read. */
  readonly inputs?: readonly string[];
  /** Folders that are, or may be, rounds. */
  readonly rounds?: readonly string[];
}

/**
 * The file to write, looked at before anything is done.
 * @throws ChouqianError E-USAGE-OUTPUT where it is read by the same command, is of another kind, or is part of a round's proof
 */
export function outputFile(
  path: string,
  kind: keyof typeof KINDS,
  { inputs = [], rounds = [] }: Surroundings = {},
): string {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return path;
  if (found.isDirectory()) throw refusal(path, words("是一个文件夹", "is a folder"));
  if (inputs.some((input) => isSameFile(input, path))) {
    throw refusal(path, words("正是要读的文件，写入会毁掉它", "is read by this command and would be destroyed"));
  }
  const { begins, name } = KINDS[kind];
  if (found.isFile() && found.size > 0 && !beginsWith(path, begins)) {
    throw refusal(
      path,
      words(`已存在，且不是 ${name.zh}，不会覆盖`, `exists, is not ${name.en}, and is not written over`),
    );
  }
  for (const round of rounds) {
    const paths = roundPaths(round);
    if (!existsSync(paths.config)) continue;
    if (PROVEN.some((key) => isWithin(path, paths[key])) || isWithin(path, paths.journal)) {
      throw refusal(path, words("是轮次的凭据，不会覆盖", "is part of a round's proof and is not written over"));
    }
  }
  return path;
}

function isWithin(path: string, place: string): boolean {
  const way = relative(resolve(place), resolve(path));
  return way === "" || !/^(\.\.|[A-Za-z]:|\/)/.test(way);
}

function beginsWith(path: string, text: string): boolean {
  const bytes = Buffer.alloc(text.length);
  const file = openSync(path, "r");
  try {
    return readSync(file, bytes, 0, bytes.length, 0) === bytes.length && bytes.toString("latin1") === text;
  } finally {
    closeSync(file);
  }
}

function refusal(path: string, why: Words): ChouqianError {
  return new ChouqianError("E-USAGE-OUTPUT", {
    message: words(`不能写到 ${basename(path)}：它${why.zh}`, `cannot write to ${basename(path)}: it ${why.en}`),
    advice: words("换一个文件名", "choose another file name"),
    at: { file: basename(path) },
  });
}
