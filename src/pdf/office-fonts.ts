/** The office's own 仿宋 and 小标宋 in place of the shipped 宋; each character that they lack is still drawn by the latter. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Font } from "fontkit";
import { ChouqianError, type Problem } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { type OfficeFace, putOfficeFonts } from "./faces.ts";
import { readFont } from "./read-font.ts";

/** Font files by what they are for; paths may be relative to the round's folder. */
export type OfficeFonts = Readonly<Partial<Record<OfficeFace, string | undefined>>>;

const FACES = ["body", "title"] as const;
let inUse = "\n";

/**
 * Uses these fonts for all that is printed from here on in this process; without any, the shipped ones. They are read
 * when something is printed.
 */
export function useOfficeFonts(files: OfficeFonts, folder: string): void {
  const paths = FACES.map((face) => (files[face] ? resolve(folder, files[face]) : ""));
  const key = paths.join("\n");
  if (key === inUse) return;
  putOfficeFonts(() => readAll(files, folder));
  inUse = key;
}

/** @throws ChouqianError E-PDF-OFFICE-FONT naming each file that is missing or no font */
function readAll(files: OfficeFonts, folder: string): Record<OfficeFace, Font | undefined> {
  const problems: Problem[] = [];
  const own: Record<OfficeFace, Font | undefined> = { body: undefined, title: undefined };
  for (const face of FACES) {
    const file = files[face];
    if (!file) continue;
    try {
      own[face] = readFont(readFileSync(resolve(folder, file)));
    } catch (error) {
      problems.push(unusable(face, file, error));
    }
  }
  const [first] = problems;
  if (first !== undefined && problems.length === 1) throw new ChouqianError(first.code, first);
  if (first !== undefined) {
    const message = words(`有 ${problems.length} 个字体文件用不了`, `${problems.length} font files cannot be used`);
    throw new ChouqianError(first.code, { ...first, message, at: { file: "round.yaml", key: "fonts" }, problems });
  }
  return own;
}

function unusable(face: OfficeFace, file: string, error: unknown): Problem {
  const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
  return {
    code: "E-PDF-OFFICE-FONT",
    message: isMissing
      ? words(
          `找不到字体文件 ${file}（round.yaml 的 fonts.${face}）`,
          `the font file ${file} (fonts.${face}) is missing`,
        )
      : words(
          `读不了字体文件 ${file}（round.yaml 的 fonts.${face}），不是可用的 TTF、OTF 或 TTC`,
          `the font file ${file} (fonts.${face}) is no usable TTF, OTF or TTC`,
        ),
    at: { file: "round.yaml", key: `fonts.${face}`, value: file },
    advice: words(
      "写字体文件的完整路径，如 C:\\Windows\\Fonts\\simfang.ttf；或删去这一项，改用自带字体",
      "give the full path of the font file, or leave it out to print with the shipped fonts",
    ),
  };
}
