/** Values that rounds beside this one have used: a seed that was used before is known to everybody. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Round } from "../round/round.ts";

/** Values of the seed records of the folders beside a round's, and of what was voided in it. Unreadable ones count for nothing. */
export function valuesOfOtherRounds({ folder }: Round): ReadonlySet<string> {
  const beside = foldersIn(dirname(folder)).filter((name) => name !== basename(folder));
  const records = [
    ...beside.map((name) => join(dirname(folder), name, "seed.json")),
    ...foldersIn(join(folder, "history")).map((name) => join(folder, "history", name, "seed.json")),
  ];
  return new Set(records.flatMap(valuesOf));
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

function valuesOf(path: string): string[] {
  try {
    const { contributions } = JSON.parse(readFileSync(path, "utf8")) as { contributions: { value: string }[] };
    return contributions.map(({ value }) => value);
  } catch {
    return [];
  }
}
