/** Reads a round's assignment for later steps, and refuses one that is not the one the journal speaks of. */
import { existsSync } from "node:fs";
import { journalOf, type Round, readTextFile } from "../round/round.ts";
import { digest } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import { words } from "../text/words.ts";
import type { AssignmentManifest } from "./assignment.ts";

/**
 * The assignment of a round, undefined where inspectors are not assigned.
 * @throws ChouqianError E-ASSIGN-CHANGED
 */
export function readAssignment(round: Round): AssignmentManifest | undefined {
  const assigned = journalOf(round).entries.findLast(({ event }) => event === "assigned");
  if (assigned === undefined) return undefined;
  const text = existsSync(round.paths.assignment) ? readTextFile(round.paths.assignment) : "";
  if (digest(text) === assigned.about.assignmentDigest) return JSON.parse(text) as AssignmentManifest;
  throw new ChouqianError("E-ASSIGN-CHANGED", {
    message: words("assign/assignment.json 在分派之后被改动", "assign/assignment.json was changed after the draw"),
    advice: words("恢复原文件；chouqian verify 会指出哪里不符", "restore it; chouqian verify names the difference"),
    at: { file: "assign/assignment.json" },
    exitCode: 3,
  });
}
