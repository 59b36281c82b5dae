/** What became of units in a round's draw. */
import { existsSync } from "node:fs";
import type { Round } from "../round/round.ts";
import type { Role } from "./manifest.ts";
import { readManifest } from "./read-manifest.ts";

/** Role of each drawn unit of a round, by id; empty where nothing was drawn yet. */
export function drawnRoles(round: Round): ReadonlyMap<string, Role> {
  if (!existsSync(round.paths.manifest)) return new Map();
  return new Map(readManifest(round).strata.flatMap(({ units }) => units.map(({ id, role }) => [id, role] as const)));
}
