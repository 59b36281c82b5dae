/** Computes a round's assignment from sample, frame, sealed plan and seed. Writes nothing; `verify` uses it too. */
import { blockOfStratum, type Contribution, isOfSample, type Manifest, manifestDigest } from "../draw/manifest.ts";
import type { LockedFrame } from "../frame/locked.ts";
import { sealedAssign } from "../plan/assign-plan.ts";
import { planDigest, type SealedPlan } from "../plan/plan.ts";
import { deriveSeed } from "../seed/derive.ts";
import { ChouqianError } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { assignInspectors } from "./assign.ts";
import { ASSIGN_STAGE, type AssignmentManifest, assignmentManifest, type Waiver } from "./assignment.ts";
import { refusalInWords } from "./refusal.ts";
import type { Source } from "./rules.ts";

/**
 * The assignment of a drawn round: the same values give the same manifest anywhere.
 * @throws ChouqianError E-ASSIGN-NO-ROSTER, E-ASSIGN-TOO-FEW, E-ASSIGN-CONFLICT, E-ASSIGN-NOT-FOUND
 */
export async function computeAssignment(
  manifest: Manifest,
  frame: LockedFrame,
  sealed: SealedPlan,
  contributions: readonly Contribution[],
  waived: readonly Waiver[],
): Promise<AssignmentManifest> {
  const plan = sealedAssign(sealed.plan);
  if (plan === undefined) throw noRoster();
  const task = { plan, sources: await sourcesOf(manifest, frame), waived: waived.map(({ rule }) => rule) };
  const { roundId } = manifest;
  const seed = deriveSeed(`${roundId}/${ASSIGN_STAGE}`, contributions);
  const found = assignInspectors(task, seed);
  if ("why" in found) throw refusalInWords(found, task);
  const about = { roundId, manifestDigest: manifestDigest(manifest), planDigest: planDigest(sealed) };
  return assignmentManifest({ ...about, contributions, seed, waived }, task, found);
}

/** The sample as the rules see it, each source once. */
export async function sourcesOf(manifest: Manifest, frame: LockedFrame): Promise<Source[]> {
  const drawn = manifest.strata.flatMap(({ key, units }) =>
    units.filter(isOfSample).map(({ id, name }) => ({ id, name, block: blockOfStratum(key) })),
  );
  const units = await frame.unitsById(drawn.map(({ id }) => id));
  const counties = new Map(units.map(({ id, county }) => [id, county]));
  const sources = drawn.map(({ id, name, block: { city, sourceClass } }) => ({
    id,
    name,
    city,
    county: counties.get(id) ?? "",
    sourceClass,
  }));
  return [...new Map(sources.map((source) => [source.id, source])).values()];
}

function noRoster(): ChouqianError {
  return new ChouqianError("E-ASSIGN-NO-ROSTER", {
    message: words("封存的方案里没有检查人员名单（assign）", "the sealed plan has no roster (assign)"),
    advice: words(
      "名单和规则须在收集种子之前写进 plan.yaml：assign: { roster: inspectors.csv, teamSize: 2 }；已封存的轮次不能补，请新建轮次。名单范本：chouqian assign --template",
      "roster and rules must stand in plan.yaml before any seed: assign: { roster: inspectors.csv, teamSize: 2 }",
    ),
    at: { file: "plan.yaml" },
  });
}
