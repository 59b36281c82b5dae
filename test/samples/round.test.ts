/** The finished round that is checked in is proven, and is what the script makes. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { assetPath } from "../../src/text/assets.ts";
import { digest } from "../../src/text/canonical.ts";
import { chouqian, scratchFolder } from "../support/chouqian.ts";

const ROUND = assetPath("samples", "round");

function digests(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(paths.map((path) => [path.slice(folder.length + 1), digest(readFileSync(path))]));
}

test("samples/round verifies, ledger and all", async () => {
  const { status, stdout } = await chouqian(["-C", ROUND, "verify"]);
  expect(stdout).not.toMatch(/[✗－]/);
  expect(status).toBe(0);
});

test("samples/round is what scripts/sample-round.mjs makes, to the byte", () => {
  const scratch = scratchFolder("sample-round");
  const again = join(scratch, "round");
  execFileSync(process.execPath, [assetPath("scripts", "sample-round.mjs"), again], { cwd: assetPath(".") });
  const made = digests(again);
  const checkedIn = digests(ROUND);
  // The journal tells where the ledger lay, seen from the round's folder.
  expect({ ...made, "journal.jsonl": "" }).toEqual({ ...checkedIn, "journal.jsonl": "" });
  rmSync(scratch, { recursive: true, force: true });
});
