/** Reads a round's manifest for later steps, and refuses one that is not the manifest the journal speaks of. */
import { existsSync } from "node:fs";
import { journalOf, type Round, readTextFile } from "../round/round.ts";
import { digest } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { type Manifest, parseManifest } from "./manifest.ts";

/**
 * The manifest of a drawn round.
 * @throws ChouqianError E-DRAW-MISSING, E-MANIFEST-CHANGED
 */
export function readManifest(round: Round): Manifest {
  const drawn = journalOf(round).entries.find(({ event }) => event === "drawn");
  if (drawn === undefined || !existsSync(round.paths.manifest)) {
    throw new ChouqianError("E-DRAW-MISSING", {
      message: words("还没有抽签", "nothing has been drawn yet"),
      advice: words("先抽签：chouqian -C 轮次文件夹 draw", "draw first: chouqian -C ROUND draw"),
    });
  }
  const text = readTextFile(round.paths.manifest, true);
  const found = digest(text);
  if (found !== drawn.about.manifestDigest) {
    throw new ChouqianError("E-MANIFEST-CHANGED", {
      message: words("draw/manifest.json 在抽签之后被改动", "draw/manifest.json was changed after the draw"),
      advice: words("恢复原文件；chouqian verify 会指出哪里不符", "restore it; chouqian verify names the difference"),
      at: { file: "draw/manifest.json" },
      exitCode: 3,
    });
  }
  return parseManifest(text, found);
}
