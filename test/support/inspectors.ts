/** Rosters and samples made in a test. */
import type { Assignment, Refusal } from "../../src/assign/assign.ts";
import type { Source, Task } from "../../src/assign/rules.ts";
import type { SealedAssign } from "../../src/plan/assign-plan.ts";
import type { Inspector } from "../../src/plan/roster.ts";

/** An inspector who belongs nowhere, has no conflict and may lead, but for what is given. */
export function inspector(id: string, given: Partial<Inspector> = {}): Inspector {
  const conflicts = { cities: [], counties: [], units: [] };
  return { id, name: `姓${id}`, unit: "某局", city: "", county: "", skills: [], conflicts, leader: true, ...given };
}

export function source(id: string, given: Partial<Source> = {}): Source {
  return { id, name: `单位${id}`, city: "440500", county: "440507", sourceClass: "industrial", ...given };
}

export function taskOf(
  inspectors: readonly Inspector[],
  sources: readonly Source[],
  plan: Partial<SealedAssign> = {},
): Task {
  return { plan: { teamSize: 2, avoid: "city", skills: {}, inspectors, ...plan }, sources, waived: [] };
}

export function assigned(result: Assignment | Refusal): Assignment {
  if ("why" in result) throw new Error(`refused: ${result.why}`);
  return result;
}
