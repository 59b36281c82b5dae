/** What became of units in a round's draw: the manifest and the journal's replacements, read together. */
import { existsSync } from "node:fs";
import { journalOf, type Round } from "../round/round.ts";
import type { Manifest } from "./manifest.ts";
import { readManifest } from "./read-manifest.ts";
import { type CurrentSample, currentSample, type Fate } from "./replacement.ts";

/**
 * A round's manifest and its sample as it stands now.
 * @throws ChouqianError E-REPLACE-JOURNAL, and what `readManifest` refuses
 */
export function readCurrentSample(round: Round): { readonly manifest: Manifest; readonly sample: CurrentSample } {
  const manifest = readManifest(round);
  return { manifest, sample: currentSample(manifest, journalOf(round).entries) };
}

/** Fate of each drawn unit of a round, by id; empty where nothing was drawn yet. */
export function drawnFates(round: Round): ReadonlyMap<string, Fate> {
  if (!existsSync(round.paths.manifest)) return new Map();
  const { strata } = readCurrentSample(round).sample;
  return new Map(strata.flatMap(({ units }) => units.map(({ id, fate }) => [id, fate] as const)));
}
