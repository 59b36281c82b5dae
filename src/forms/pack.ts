/** Packs a folder of forms into one file to send: `<folder>.zip` beside it. */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { writeFileAtomically } from "../round/files.ts";
import { digest } from "../text/canonical.ts";
import { zipOf } from "./docx/open-docx.ts";
import { filesBelow } from "./keep.ts";

/**
 * The same files give the same bytes.
 * @returns digest of what was written
 */
export function packFolder(folder: string): string {
  const name = basename(folder);
  const files = filesBelow(folder).map((file) => [`${name}/${file}`, readFileSync(join(folder, file))] as const);
  const zip = zipOf(new Map(files));
  const bytes = zip.generate({ type: "uint8array", compression: "DEFLATE" });
  writeFileAtomically(`${folder}.zip`, bytes);
  return digest(bytes);
}
