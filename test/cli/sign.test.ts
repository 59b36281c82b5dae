/** Keys are made for their holder alone, never over another file and never in a folder that is handed about. */
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readPrivateKey, readPublicKey } from "../../src/attest/keys.ts";
import { sayIn } from "../../src/cli/command.ts";
import { program } from "../../src/cli/program.ts";
import { scratchFolder } from "../support/chouqian.ts";

const run = (...args: string[]) =>
  program(sayIn("zh"), "zh").parseAsync(["--quiet", "key", "new", "--name", "省普查办", ...args], { from: "user" });

test("key new writes a private key for its owner's eyes and a public one beside it", async () => {
  const scratch = scratchFolder("key");
  const file = join(scratch, "省.key");
  await run(file);
  if (process.platform !== "win32") expect(statSync(file).mode & 0o777).toBe(0o600);
  const [secret, open] = [readFileSync(file, "utf8"), readFileSync(`${file}.pub`, "utf8")];
  expect(open).not.toContain("PRIVATE");
  expect(readPublicKey(open).fingerprint).toBe(readPrivateKey(secret).fingerprint);
  expect([readPrivateKey(secret).name, readPublicKey(open).name]).toEqual(["省普查办", "省普查办"]);
  await expect(run(file)).rejects.toMatchObject({ code: "E-KEY-EXISTS" });
  rmSync(file);
  await expect(run(file)).rejects.toMatchObject({ code: "E-KEY-EXISTS" });
  mkdirSync(join(scratch, "round", "draw"), { recursive: true });
  writeFileSync(join(scratch, "round", "round.yaml"), "");
  await expect(run(join(scratch, "round", "draw", "k"))).rejects.toMatchObject({ code: "E-KEY-IN-ROUND" });
  rmSync(scratch, { recursive: true, force: true });
});
