// Builds the package: compiles src/ to dist/ and puts the fonts in place.
import { execFileSync } from "node:child_process";
import { chmodSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { buildFonts } from "./fonts.mjs";

rmSync("dist", { recursive: true, force: true });
const typescript = createRequire(import.meta.url).resolve("typescript/bin/tsc");
execFileSync(process.execPath, [typescript, "-p", "tsconfig.build.json"], { stdio: "inherit" });
chmodSync("dist/cli/main.js", 0o755);
await buildFonts();
