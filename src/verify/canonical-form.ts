/** Checks that a JSON file cannot say one thing to a reader and another to a program: canonical, no member twice. */
import { existsSync } from "node:fs";
import { type Round, type RoundPaths, readTextFile } from "../round/round.ts";
import { isCanonicalJson } from "../text/canonical.ts";
import { type Words, words } from "../text/words.ts";

const FILES = {
  lock: "frame/lock.json",
  seed: "seed.json",
  manifest: "draw/manifest.json",
  sealedPlan: "draw/plan.json",
} as const satisfies Partial<Record<keyof RoundPaths, string>>;

/** The first of a round's files, of those that are there, which is not canonical JSON; undefined where all are. */
export function notCanonical(round: Round, files: readonly (keyof typeof FILES)[]): Words | undefined {
  for (const file of files) {
    const path = round.paths[file];
    if (!existsSync(path) || isCanonical(readTextFile(path, true))) continue;
    return words(`${FILES[file]} 的书写形式不是规范 JSON`, `${FILES[file]} is not in canonical form`);
  }
  return undefined;
}

function isCanonical(text: string): boolean {
  try {
    return isCanonicalJson(JSON.parse(text), text);
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
