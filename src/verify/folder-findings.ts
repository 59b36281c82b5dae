/** Checks that the round's files are files of the round: none is a link to a place where it may change unseen. */
import { lstatSync } from "node:fs";
import { relative } from "node:path";
import type { Round } from "../round/round.ts";
import { words } from "../text/words.ts";
import { type Finding, failed } from "./finding.ts";

/** Nothing where all is well. */
export function folderFindings({ folder, paths }: Round): Finding[] {
  const link = Object.values(paths).find(
    (path: string) => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true,
  );
  if (link === undefined) return [];
  const name = relative(folder, link).replaceAll("\\", "/");
  return [
    failed(
      "folder",
      words("轮次文件夹", "the round's folder"),
      words(
        `${name} 是指向别处的链接；请把原文件放回轮次文件夹`,
        `${name} is a link to another place; put the file itself into the round's folder`,
      ),
    ),
  ];
}
