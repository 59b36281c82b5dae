/** Where the reference data lie beside the project; tests that need them skip with a clear word where they do not. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { assetPath } from "../../src/text/assets.ts";

/** Path of a file of the shared data folder. */
export function sharedData(file: string): string {
  return join(assetPath(".."), "shared", "data", file);
}

export const hasSharedData = existsSync(sharedData("draw-vectors.json"));
/** Ends the name of a describe block, so that a skip says why. */
export const sharedDataNote = hasSharedData ? "" : " (skipped: no ../shared/data beside the project)";
