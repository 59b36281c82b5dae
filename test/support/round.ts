/** Rounds made in the test's own process, without starting the program. */
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { drawRound } from "../../src/draw/draw-round.ts";
import { lockFrame } from "../../src/frame/lock-frame.ts";
import { NO_VALUE_MAPS } from "../../src/frame/value-maps.ts";
import { newRound } from "../../src/round/new-round.ts";
import type { Actor, Round } from "../../src/round/round.ts";
import { silent } from "../../src/text/progress.ts";

export const ACTOR: Actor = { name: "测试员", now: () => new Date(0) };

const READING = {
  map: new Map<string, readonly string[]>(),
  constants: new Map<string, string>(),
  values: NO_VALUE_MAPS,
  sheet: undefined,
  encoding: undefined,
  names: new Map<string, string>(),
};

/** Locks a ledger in a new round. The ledger lies beside the round as 名录.csv. */
export async function lockedRound(folder: string, ledger: string, plan: string, actor = ACTOR): Promise<Round> {
  const round = newRound(folder, actor, { template: "provincial", name: "R1", cities: [], rate: undefined });
  writeFileSync(round.paths.plan, plan);
  const path = join(folder, "..", "名录.csv");
  writeFileSync(path, ledger);
  await lockFrame(round, actor, [path], READING, false, silent);
  return round;
}

/** Draws from a ledger file by the plan of the provincial template; rows with problems are left out. */
export async function provincialRound(folder: string, ledger: string, seed = "20190930"): Promise<Round> {
  const round = newRound(folder, ACTOR, { template: "provincial", name: "R1", cities: [], rate: undefined });
  await lockFrame(round, ACTOR, [ledger], READING, true, silent);
  await drawRound(round, ACTOR, seed, silent);
  return round;
}

/** Locks a ledger and draws from it. */
export async function drawnRound(
  folder: string,
  ledger: string,
  plan: string,
  seed = "20190930",
  actor = ACTOR,
): Promise<Round> {
  const round = await lockedRound(folder, ledger, plan, actor);
  await drawRound(round, actor, seed, silent);
  return round;
}

/** A copy of a round's folder, to be damaged. */
export function copyOf(round: Round, folder: string): string {
  cpSync(round.folder, folder, { recursive: true });
  return folder;
}
