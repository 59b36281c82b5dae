/** Whether two records of one source are two looks at it: by different teams and different people. Pure. */
import { type Words, words } from "../text/words.ts";
import type { FaultCode } from "./faults.ts";
import { samePersons } from "./persons.ts";
import { type SourceRecord, VISIT_NAMES } from "./record.ts";
import { teamFold, teamInWords } from "./team.ts";

/** A record that is no look of its own beside another one of its source. */
export interface Dependent {
  readonly record: SourceRecord;
  readonly other: SourceRecord;
  readonly code: Extract<FaultCode, "E-RECORDS-SAME-TEAM" | "E-RECORDS-SAME-PERSONS">;
}

/**
 * Why a record is no look of its own beside one of the others; undefined where nothing tells that it is none. A team or people
 * that are not named are nobody's.
 */
export function dependenceOf(record: SourceRecord, others: readonly SourceRecord[]): Dependent | undefined {
  const sameTeam = others.find(({ team }) => team !== "" && teamFold(team) === teamFold(record.team));
  if (sameTeam !== undefined) return { record, other: sameTeam, code: "E-RECORDS-SAME-TEAM" };
  const samePeople = others.find(({ inspectors = "" }) => samePersons(inspectors, record.inspectors ?? ""));
  return samePeople && { record, other: samePeople, code: "E-RECORDS-SAME-PERSONS" };
}

/** How the other record names people, where it does so otherwise. */
function asOther(before: string, record: SourceRecord, other: SourceRecord): string {
  return record.inspectors === other.inspectors ? "" : `${before}${other.inspectors}`;
}

/**
 * What is said of it.
 * @param isPlain without the names of teams and people
 */
export function dependenceInWords({ record, other, code }: Dependent, unit: string, isPlain: boolean): Words {
  const { zh, en } = VISIT_NAMES[other.visit ?? "first"];
  if (code === "E-RECORDS-SAME-TEAM") {
    const team = teamInWords(record.team);
    return isPlain
      ? words(`${unit} 的${zh}记录也是这一组的`, `${unit}: the ${en} record is by the same team`)
      : words(`${unit} 的${zh}记录也是${team}的`, `${unit}: the ${en} record is by ${team} too`);
  }
  return isPlain
    ? words(`${unit} 的${zh}记录是同样的核查人员`, `${unit}: the ${en} record is by the same inspectors`)
    : words(
        `${unit} 的${zh}记录是同样的核查人员：${record.inspectors}${asOther("；那一次写的是 ", record, other)}`,
        `${unit}: the ${en} record is by the same inspectors, ${record.inspectors}${asOther("; there it says ", record, other)}`,
      );
}
