/** What a screen shows of all that is wrong with filled forms: a line for each kind of fault in a sheet. The whole list stays beside it. Pure. */
import type { Place, Problem } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { isError } from "./faults.ts";

/** Places that a line names where it stands for many. */
const MOST_PLACES = 3;

/**
 * The problems as lines of a screen: faults before warnings, those of one kind in one sheet as one line with their number and first
 * places, and all forms that are not filled in as one.
 * @param moot warnings of sources that are refused: what is refused is not taken, whatever else it says
 */
export function gistOf(problems: readonly Problem[], moot: ReadonlySet<Problem> = new Set()): Problem[] {
  const kinds = new Map<string, Problem[]>();
  for (const problem of problems) {
    if (moot.has(problem)) continue;
    const { code, at } = problem;
    const key = code === BLANK ? code : JSON.stringify([code, at.file, at.sheet]);
    const own = kinds.get(key);
    if (own === undefined) kinds.set(key, [problem]);
    else own.push(problem);
  }
  const lines = [...kinds.values()].map(lineOf);
  return [...lines.filter(isError), ...lines.filter((line) => !isError(line))];
}

const BLANK = "W-RECORDS-BLANK";

function lineOf(kind: readonly Problem[]): Problem {
  const [first] = kind;
  if (first === undefined) throw new Error("no kind is empty");
  if (kind.length === 1) return first;
  if (first.code === BLANK) return blankLine(first, kind);
  const places = [...new Set(kind.map(({ at }) => at))].slice(0, MOST_PLACES).flatMap(placeOf);
  const [zhAt, enAt] =
    places.length === 0
      ? ["", ""]
      : [
          `：${places.map(({ zh }) => zh).join("、")}${kind.length > places.length ? " 等" : ""}`,
          `: ${places.map(({ en }) => en).join(", ")}${kind.length > places.length ? " …" : ""}`,
        ];
  const counted = ({ zh, en }: Problem["message"]) =>
    words(`${zh}（同类共 ${kind.length} 处${zhAt}）`, `${en} (${kind.length} of this kind${enAt})`);
  const plain = first.plain === undefined ? {} : { plain: counted(first.plain) };
  return { ...first, message: counted(first.message), ...plain, standsFor: kind.length };
}

function placeOf({ cell, row }: Place): { readonly zh: string; readonly en: string }[] {
  if (cell !== undefined) return [{ zh: cell, en: cell }];
  return row === undefined ? [] : [{ zh: `第 ${row} 行`, en: `row ${row}` }];
}

/** Where all are in one file the line names it. */
function blankLine(first: Problem, kind: readonly Problem[]): Problem {
  const files = new Set(kind.map(({ at: { file } }) => file));
  const at = files.size === 1 && first.at.file !== undefined ? { file: first.at.file } : {};
  const [zhIn, enIn] = files.size === 1 ? ["", ""] : [`（${files.size} 个文件）`, ` (in ${files.size} files)`];
  const message = words(`${kind.length} 家没有填写${zhIn}`, `${kind.length} sources are not filled in${enIn}`);
  return { code: first.code, message, at, advice: first.advice, standsFor: kind.length };
}
