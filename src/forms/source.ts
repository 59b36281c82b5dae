/** What the forms are made of: the round's head and one drawn source with its ledger data. Plain values. */
import { teamName } from "../assign/assignment.ts";
import type { Role } from "../draw/manifest.ts";
import { FATE_NAMES } from "../draw/replacement.ts";
import { CLASS_NAMES, type SourceClass } from "../reference/classes.ts";

/** What stands in the head or foot of every form of a round. */
export interface FormRound {
  readonly roundId: string;
  /** Title of the inspection, as `round.yaml` names it. */
  readonly name: string;
  /** Who holds the inspection, such as 广东省第二次全国污染源普查领导小组办公室. */
  readonly holder: string;
  /** Document date as `2019年9月30日`, or empty for a blank to fill in. */
  readonly date: string;
  readonly seed: string;
  readonly manifestDigest: string;
  /** Stands across each page that is no form of a round, such as 样张. */
  readonly across?: string;
}

/** One drawn source: how it was drawn, and what the ledger says of it. */
export interface FormSource {
  readonly id: string;
  readonly name: string;
  readonly sourceClass: SourceClass;
  readonly cityCode: string;
  readonly cityName: string;
  /** County as shown to people, empty where the ledger has none. */
  readonly countyName: string;
  readonly stratum: string;
  /** Units in the stratum and units drawn from it. */
  readonly N: number;
  readonly n: number;
  readonly rank: number;
  readonly role: Role;
  /** The unit of the sample that it stands in for, where it is a replacement. */
  readonly replaces?: ReplacedSource | undefined;
  /** Key of the team that inspects it, such as `T07`; empty where inspectors are not assigned. */
  readonly team: string;
  /** Ledger values by field key of `templates/ledger-fields.yaml`; absent where the ledger has no such column. */
  readonly values: ReadonlyMap<string, string>;
}

/** A unit that left the sample. */
export interface ReplacedSource {
  readonly id: string;
  readonly name: string;
  readonly sourceClass: SourceClass;
  /** Why, as the office reads it. */
  readonly reason: string;
  /** Id of the unit that stands in for it; undefined where its stratum is exhausted. */
  readonly by: string | undefined;
}

/** Whether a source came in by a follow-up: a reserve that is inspected and stands in for nobody was drawn on. */
export function isFurther({ role, replaces }: Pick<FormSource, "role" | "replaces">): boolean {
  return role === "reserve" && replaces === undefined;
}

/** How a source came into the sample, in a word. */
export function roleName({ role, replaces }: FormSource): string {
  if (replaces !== undefined) return FATE_NAMES.replacement.zh;
  return FATE_NAMES[isFurther({ role, replaces }) ? "followUp" : role].zh;
}

/** The team that inspects a source, as people are told of it; empty where inspectors are not assigned. */
export function teamShown({ team }: FormSource): string {
  return team === "" ? "" : teamName(team);
}

/** A source that does not exist, of which nothing but its class and name is known. */
export function blankSource(sourceClass: SourceClass, name: string): FormSource {
  return {
    id: "",
    name,
    sourceClass,
    cityCode: "",
    cityName: "",
    countyName: "",
    stratum: "",
    N: 0,
    n: 0,
    rank: 0,
    role: "primary",
    team: "",
    values: new Map([["class", CLASS_NAMES[sourceClass].zh]]),
  };
}
