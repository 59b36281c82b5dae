/** The ledger files that a list of files and folders names. */
import { type Dirent, existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, extname, join, relative, resolve, sep } from "node:path";
import { compareBytes } from "../text/canonical.ts";
import { words } from "../text/words.ts";
import { refusal } from "./source-file.ts";

const LEDGER_ENDINGS: ReadonlySet<string> = new Set([".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".parquet"]);

/** What this program itself may have left among the ledgers. */
const OWN_PRODUCTS: ReadonlySet<string> = new Set(["问题清单.xlsx"]);

/** A ledger file and the name by which products call it. */
export interface LedgerPath {
  readonly path: string;
  /** File name; with its folders, parted by `/`, for a file of a folder that was named. */
  readonly name: string;
}

/**
 * The ledgers that files and folders name, each with a name that tells it from the others: two files of one name go by
 * the folder before it as well.
 * @throws ChouqianError as `ledgerPaths`
 */
export function namedLedgers(paths: readonly string[]): LedgerPath[] {
  const named = paths.flatMap((path) =>
    ledgerPaths([path]).map((file) => {
      const home = file === path ? dirname(path) : path;
      return { path: file, home, name: relative(home, file).replaceAll("\\", "/") };
    }),
  );
  const counts = new Map<string, number>();
  for (const { name } of named) counts.set(name, (counts.get(name) ?? 0) + 1);
  return named.map(({ path, home, name }) => ({
    path,
    name: counts.get(name) === 1 ? name : `${basename(resolve(home))}/${name}`,
  }));
}

/**
 * Files as they are named; for a folder the ledgers in it and in the folders below, sorted by path. Links
 * are not followed; hidden files and the lock files of open workbooks are passed over.
 * @throws ChouqianError E-FRAME-NO-FILE for a folder without ledgers, E-FRAME-LINK for a link that leads out of it
 */
export function ledgerPaths(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    if (!existsSync(path) || !statSync(path).isDirectory()) return [path];
    const entries = readdirSync(path, { recursive: true, withFileTypes: true });
    for (const entry of entries) refuseLinkOutside(path, entry);
    const found = entries
      .filter(isLedger)
      .map((entry) => join(entry.parentPath, entry.name))
      .sort(compareBytes);
    if (found.length > 0) return found;
    throw refusal("E-FRAME-NO-FILE", basename(path), words("文件夹里没有名录", "the folder holds no ledger"), [
      `名录应为 ${[...LEDGER_ENDINGS].join("、")} 文件`,
      `a ledger is a ${[...LEDGER_ENDINGS].join(", ")} file`,
    ]);
  });
}

/** A link may lead to what nobody meant to hand in. */
function refuseLinkOutside(folder: string, entry: Dirent): void {
  if (!entry.isSymbolicLink()) return;
  const link = join(entry.parentPath, entry.name);
  const inside = realpathSync(folder) + sep;
  if (existsSync(link) && realpathSync(link).startsWith(inside)) return;
  throw refusal("E-FRAME-LINK", entry.name, words("这是指向文件夹之外的链接", "this is a link out of the folder"), [
    "请把名录本身放进文件夹，删去链接",
    "put the ledger itself into the folder and remove the link",
  ]);
}

function isLedger(entry: Dirent): boolean {
  const { name } = entry;
  const isOurs = /^[.~]/.test(name) || OWN_PRODUCTS.has(name);
  return entry.isFile() && !isOurs && LEDGER_ENDINGS.has(extname(name).toLowerCase());
}
