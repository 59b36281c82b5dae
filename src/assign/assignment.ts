/** `assign/assignment.json`: which team inspects which source, by which seed and rules. Its canonical JSON is the product. */
import type { Contribution } from "../draw/manifest.ts";
import type { Inspector } from "../plan/roster.ts";
import type { SourceClass } from "../reference/classes.ts";
import { canonicalJson, digest, type JsonValue } from "../text/canonical.ts";
import type { Assignment } from "./assign.ts";
import type { Rule, Task } from "./rules.ts";
import { ticketOf } from "./teams.ts";

export const ASSIGN_SPEC = "assign-spec/1";

/** Name that the second draw appends to the round's id (draw-spec, "Seed"). */
export const ASSIGN_STAGE = "assign";

/** A rule that was given up, and why. */
export interface Waiver {
  readonly rule: Rule;
  readonly reason: string;
}

export interface AssignmentMember {
  readonly id: string;
  readonly name: string;
  readonly unit: string;
  readonly leader: boolean;
  readonly ticket: string;
}

export interface AssignmentTeam {
  readonly key: string;
  readonly load: number;
  readonly members: readonly AssignmentMember[];
}

export interface AssignmentSource {
  readonly id: string;
  readonly name: string;
  readonly city: string;
  readonly county: string;
  readonly class: SourceClass;
  readonly rank: number;
  readonly ticket: string;
  readonly team: string;
}

export interface AssignmentManifest {
  readonly spec: typeof ASSIGN_SPEC;
  readonly roundId: string;
  readonly drawId: string;
  /** Digest of the sample that is given out, of the sealed plan, and of the roster in it. */
  readonly manifestDigest: string;
  readonly planDigest: string;
  readonly rosterDigest: string;
  readonly contributions: readonly Contribution[];
  readonly seed: string;
  /** The lot whose teams could do the work, counting from 1; 0 where every way of forming teams was gone through. */
  readonly lot: number;
  readonly waived: readonly Waiver[];
  /** People who may inspect none of the sources. */
  readonly standby: readonly { readonly id: string; readonly name: string; readonly unit: string }[];
  readonly teams: readonly AssignmentTeam[];
  /** In the order in which they were given out. */
  readonly sources: readonly AssignmentSource[];
}

/** Digest of the canonical JSON of the roster's people as sealed. */
export function rosterDigest(inspectors: readonly Inspector[]): string {
  return digest(canonicalJson(inspectors as unknown as JsonValue));
}

/** Name of a team by its number: `T07` of 60 teams. */
export function teamKey(team: number, teams: number): string {
  return `T${String(team).padStart(String(teams).length, "0")}`;
}

/** A team as people are told of it: `第 7 组`. */
export function teamName(key: string): string {
  return `第 ${Number(key.slice(1))} 组`;
}

export interface AssignmentAbout {
  readonly roundId: string;
  readonly manifestDigest: string;
  readonly planDigest: string;
  readonly contributions: readonly Contribution[];
  readonly seed: string;
  readonly waived: readonly Waiver[];
}

/** The manifest of an assignment. */
export function assignmentManifest(about: AssignmentAbout, task: Task, assignment: Assignment): AssignmentManifest {
  const { lot, standby, teams, sources } = assignment;
  const key = (team: number) => teamKey(team, teams.length);
  const { roundId, manifestDigest, planDigest, contributions, seed, waived } = about;
  return {
    spec: ASSIGN_SPEC,
    roundId,
    drawId: `${roundId}/${ASSIGN_STAGE}`,
    manifestDigest,
    planDigest,
    rosterDigest: rosterDigest(task.plan.inspectors),
    contributions: contributions.map(({ by, value, commitment, nonce }) => ({ by, value, commitment, nonce })),
    seed,
    lot,
    waived,
    standby: standby.map(({ id, name, unit }) => ({ id, name, unit })),
    teams: teams.map(({ team, members }) => ({
      key: key(team),
      load: sources.filter((source) => source.team === team).length,
      members: members.map(({ id, name, unit }, index) => ({
        id,
        name,
        unit,
        leader: index === 0,
        ticket: ticketOf(`${seed}/${Math.max(1, lot)}`, id),
      })),
    })),
    sources: sources.map(({ id, name, city, county, sourceClass, rank, ticket, team }) => ({
      id,
      name,
      city,
      county,
      class: sourceClass,
      rank,
      ticket,
      team: key(team),
    })),
  };
}

/** The bytes of `assignment.json`: RFC 8785 canonical JSON without a line end. */
export function assignmentText(manifest: AssignmentManifest): string {
  return canonicalJson(manifest as unknown as JsonValue);
}
