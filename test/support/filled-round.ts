/** A round whose forms were filled by a robot that errs at known rates; its truth is known. */

import { blockOfStratum } from "../../src/draw/manifest.ts";
import type { CurrentSample } from "../../src/draw/replacement.ts";
import { unitsToInspect } from "../../src/evaluate/survey.ts";
import type { CheckedIndicator, Outcome, SourceRecord } from "../../src/records/record.ts";

/** mulberry32: the same numbers on every machine. */
export function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export interface Robot {
  readonly seed: number;
  /** Chance of an indicator to be wrong in a source that is careless, by city, and of a source to be so. */
  readonly errorRate: (city: string) => number;
  readonly careless?: number;
  readonly indicators?: number;
  readonly outcome?: (random: number) => Outcome;
  readonly teams?: readonly string[];
  /** Chance of a source to have no record. */
  readonly missing?: number;
}

const CAUSES = ["填报口径理解有误", "单位换算错误", "漏填", "台账与填报不一致"];

/** Records of all that are to be inspected. */
export function filledBy(robot: Robot, manifestDigest: string, roundId: string, sample: CurrentSample): SourceRecord[] {
  const random = randomFrom(robot.seed);
  const { careless = 0.4, indicators = 12, teams = [""], missing = 0 } = robot;
  return unitsToInspect(sample).flatMap(({ id, stratum }): SourceRecord[] => {
    const { city, sourceClass } = blockOfStratum(stratum);
    const rate = random() < careless ? robot.errorRate(city) / careless : 0;
    const team = teams[Math.floor(random() * teams.length)] ?? "";
    const outcome = robot.outcome?.(random()) ?? "checked";
    const checked = Array.from({ length: indicators }, (_, i): CheckedIndicator => {
      const code = `${sourceClass === "industrial" ? "G101-1" : "S103"}.${String(i + 1).padStart(2, "0")}`;
      const isWrong = random() < rate;
      const result = random() < 0.1 ? "notApplicable" : isWrong ? "wrong" : "right";
      const base = { code, name: `指标${i + 1}`, form: code.slice(0, -3), key: i % 3 !== 2, reported: "1", found: "1" };
      if (outcome !== "checked") return { ...base, found: "", result: "unchecked" };
      if (result !== "wrong") return { ...base, result, way: "资料" };
      return { ...base, found: "2", result, way: "现场", cause: CAUSES[Math.floor(random() * 4)] ?? "" };
    });
    if (random() < missing) return [];
    const source = { file: "核查记录表.xlsx", sheet: id, sha256: "b".repeat(64) };
    return [{ spec: "records/1", roundId, manifestDigest, unit: id, team, outcome, indicators: checked, source }];
  });
}
