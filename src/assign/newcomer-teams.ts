/**
 * Which teams go to the units that joined the sample after the assignment, from the round's assignment and its journal as it
 * stands: those that replace others, and those of follow-ups.
 */
import { readCurrentSample } from "../draw/fates.ts";
import { blockOfStratum, type DrawnUnit } from "../draw/manifest.ts";
import type { CurrentSample } from "../draw/replacement.ts";
import { openFrame } from "../frame/locked.ts";
import { sealedAssign } from "../plan/assign-plan.ts";
import { readPlan } from "../plan/seal.ts";
import type { Round } from "../round/round.ts";
import { countyPlace, type NewcomerTeam, teamForFurther, teamForReplacement } from "./newcomer.ts";
import { readAssignment } from "./read-assignment.ts";

/** A unit that joins or leaves, in the order of the journal. */
interface Change {
  readonly stratum: string;
  readonly seq: number;
  readonly joins: DrawnUnit | undefined;
  /** Id of the unit that it stands in for; undefined in a follow-up. */
  readonly leaves: string | undefined;
}

/**
 * Team of each newcomer by its id, in the order in which they joined; undefined where no team may inspect it. Empty where
 * inspectors are not assigned.
 * @param sample by default as it stands
 * @throws ChouqianError E-ASSIGN-CHANGED, and what reading sample, plan and frame refuses
 */
export async function newcomerTeams(
  round: Round,
  sample?: CurrentSample,
): Promise<ReadonlyMap<string, NewcomerTeam | undefined>> {
  const found = new Map<string, NewcomerTeam | undefined>();
  const assignment = readAssignment(round);
  if (assignment === undefined) return found;
  const plan = sealedAssign((await readPlan(round)).plan);
  if (plan === undefined) return found;
  const changes = changesOf(sample ?? readCurrentSample(round).sample);
  const frame = await openFrame(round);
  try {
    const units = await frame.unitsById(changes.flatMap(({ joins }) => joins?.id ?? []));
    const counties = new Map(units.map(({ id, county }) => [id, county]));
    const teams = new Map(assignment.sources.map(({ id, team }) => [id, team]));
    const work = new Map(assignment.teams.map(({ key, load }) => [key, { load, places: new Set<string>() }]));
    for (const source of assignment.sources) {
      work.get(source.team)?.places.add(source.city).add(countyPlace(source));
    }
    for (const { stratum, joins, leaves } of changes) {
      const own = leaves === undefined ? undefined : teams.get(leaves);
      const left = work.get(own ?? "");
      if (left !== undefined) left.load--;
      if (joins === undefined) continue;
      const { id, name } = joins;
      const source = { id, name, county: counties.get(id) ?? "", ...blockOfStratum(stratum) };
      const team =
        leaves === undefined
          ? teamForFurther(assignment, plan, source, work)
          : teamForReplacement(assignment, plan, own, source, work);
      found.set(id, team);
      const joined = work.get(team?.team ?? "");
      if (team === undefined || joined === undefined) continue;
      teams.set(id, team.team);
      joined.load++;
      joined.places.add(source.city).add(countyPlace(source));
    }
  } finally {
    frame.close();
  }
  return found;
}

/**
 * Team of each source by its id, newcomers among them; empty where inspectors are not assigned.
 * @param sample by default as it stands
 */
export async function teamsOf(round: Round, sample?: CurrentSample): Promise<Map<string, string>> {
  const assignment = readAssignment(round);
  const teams = new Map((assignment?.sources ?? []).map(({ id, team }) => [id, team]));
  if (assignment === undefined) return teams;
  for (const [id, newcomer] of await newcomerTeams(round, sample)) {
    if (newcomer !== undefined) teams.set(id, newcomer.team);
  }
  return teams;
}

function changesOf({ replacements, followUps }: CurrentSample): Change[] {
  return [
    ...replacements.map(({ stratum, seq, by, unit }) => ({ stratum, seq, joins: by, leaves: unit })),
    ...followUps.flatMap(({ stratum, seq, units }) =>
      units.map((joins) => ({ stratum, seq, joins, leaves: undefined })),
    ),
  ].sort((a, b) => a.seq - b.seq);
}
