/** Where the program's own files (templates, fonts, tables) lie, in a checkout as well as in an installed package. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = findRoot(dirname(fileURLToPath(import.meta.url)));

function findRoot(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (folder === dirname(folder)) throw new Error("the program's package.json was not found above its own files");
  }
}

/** Absolute path of one of the package's own files, such as `assetPath("templates", "plans", "county.yaml")`. */
export function assetPath(...parts: string[]): string {
  return join(root, ...parts);
}

/** Text of one of the package's own files, with LF line ends. */
export function assetText(...parts: string[]): string {
  return readFileSync(assetPath(...parts), "utf8").replaceAll("\r\n", "\n");
}
