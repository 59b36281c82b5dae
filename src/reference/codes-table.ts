/** Reads the plain code tables of `templates/codes`: a heading line, then values without quotes or commas inside. */
import { assetText } from "../text/assets.ts";

/** Rows of `templates/codes/<file>` after the heading, split at commas. */
export function readCodesTable(file: string): readonly (readonly string[])[] {
  return assetText("templates", "codes", file)
    .replace(/^\uFEFF/, "")
    .split("\n")
    .slice(1)
    .filter((line) => line !== "")
    .map((line) => line.split(","));
}
