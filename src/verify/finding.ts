/** What a check of the verification found. */
import { type Words, words } from "../text/words.ts";

/** Result of one check: passed, failed with the first difference, or not possible and why. */
export interface Finding {
  readonly check: string;
  readonly title: Words;
  readonly outcome: "passed" | "failed" | "skipped";
  /** What was found equal, or where it differs. */
  readonly detail: Words;
}

export function different(found: unknown, expected: unknown, what: Words): Words | undefined {
  if (found === expected) return undefined;
  return words(
    `与${what.zh}不符：应为 ${String(expected ?? "（无）")}，实为 ${String(found)}`,
    `differs from ${what.en}: expected ${String(expected ?? "(none)")}, found ${String(found)}`,
  );
}

const finding =
  (outcome: Finding["outcome"]) =>
  (check: string, title: Words, detail: Words): Finding => ({
    check,
    title,
    outcome,
    detail,
  });
export const passed = finding("passed");
export const failed = finding("failed");
export const skipped = finding("skipped");
