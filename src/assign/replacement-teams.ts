/** Which teams go to the units that replace others, from the round's assignment and its replacements as they stand. */
import { readCurrentSample } from "../draw/fates.ts";
import { blockOfStratum } from "../draw/manifest.ts";
import { openFrame } from "../frame/locked.ts";
import { sealedAssign } from "../plan/assign-plan.ts";
import { readPlan } from "../plan/seal.ts";
import type { Round } from "../round/round.ts";
import { readAssignment } from "./read-assignment.ts";
import { type ReplacementTeam, teamForReplacement } from "./replacement.ts";

/**
 * Team of each unit that stands in for another, by its id, in the order of the replacements; undefined where no team may
 * inspect it. Empty where inspectors are not assigned.
 * @throws ChouqianError E-ASSIGN-CHANGED, and what reading sample, plan and frame refuses
 */
export async function replacementTeams(round: Round): Promise<ReadonlyMap<string, ReplacementTeam | undefined>> {
  const found = new Map<string, ReplacementTeam | undefined>();
  const assignment = readAssignment(round);
  const plan = sealedAssign((await readPlan(round)).plan);
  if (assignment === undefined || plan === undefined) return found;
  const { replacements } = readCurrentSample(round).sample;
  const frame = await openFrame(round);
  try {
    const units = await frame.unitsById(replacements.flatMap(({ by }) => by?.id ?? []));
    const counties = new Map(units.map(({ id, county }) => [id, county]));
    const loads = new Map(assignment.teams.map(({ key, load }) => [key, load]));
    const teams = new Map(assignment.sources.map(({ id, team }) => [id, team]));
    const add = (team: string | undefined, by: number) => {
      if (team !== undefined) loads.set(team, (loads.get(team) ?? 0) + by);
    };
    for (const { unit, by, stratum } of replacements) {
      const own = teams.get(unit);
      add(own, -1);
      if (by === undefined) continue;
      const source = { id: by.id, name: by.name, county: counties.get(by.id) ?? "", ...blockOfStratum(stratum) };
      const team = teamForReplacement(assignment, plan, own, source, loads);
      found.set(by.id, team);
      if (team !== undefined) teams.set(by.id, team.team);
      add(team?.team, 1);
    }
  } finally {
    frame.close();
  }
  return found;
}
