/** What came of the files of one import, set beside each other and beside the records that are there. Pure. */
import { canonicalJson, type JsonValue } from "../text/canonical.ts";
import { ChouqianError, type Problem } from "../text/errors.ts";
import { type Words, words } from "../text/words.ts";
import { AREA_COUNTS, areaKey } from "./area-counts.ts";
import { type FaultCode, fault, isError, unitFault } from "./faults.ts";
import { gistOf } from "./gist.ts";
import { dependenceInWords } from "./independent.ts";
import type { Merged } from "./merge.ts";
import type { AreaCheck, RecordSource, SourceRecord } from "./record.ts";

/** What came of one file. */
export interface Taken {
  readonly path: string;
  /** Below the folder that was named. */
  readonly name: string;
  /** Undefined where the file could not be read. */
  readonly sha256: string | undefined;
  /** Units that its forms are about, whatever came of them. */
  readonly units: readonly string[];
  /** Whether checks of census areas are in it, faulty or not. */
  readonly hasAreas: boolean;
  readonly records: SourceRecord[];
  readonly areas: AreaCheck[];
  readonly problems: Problem[];
  /** Units of sources that have faults. */
  readonly faulty: string[];
  /** Warnings by the unit of the source that they are about. */
  readonly warned: ReadonlyMap<string, readonly Problem[]>;
  /** Whether all of it is another round's or a voided draw's: there is nothing in it to be corrected. */
  readonly isForeign: boolean;
}

/** Whether a file holds a source or an area that stands elsewhere with other contents. */
export function isTorn({ problems }: Taken): boolean {
  return problems.some(({ code }) => code === "E-RECORDS-TWICE" || code === "E-RECORDS-AREA-TWICE");
}

/** Warnings of sources that are refused. */
export function mootWarnings(taken: readonly Taken[]): Set<Problem> {
  return new Set(taken.flatMap(({ faulty, warned }) => faulty.flatMap((unit) => warned.get(unit) ?? [])));
}

/** One record of each unit; a unit that stands twice with different contents is refused in both places. */
export function withoutTwins(taken: readonly Taken[], nameOf: (unit: string) => string): SourceRecord[] {
  const first = new Map<string, { readonly record: SourceRecord; readonly file: Taken }>();
  const torn = new Set<string>();
  for (const file of taken) {
    for (const record of file.records) {
      const other = first.get(record.unit);
      if (other === undefined) {
        first.set(record.unit, { record, file });
        continue;
      }
      if (sameContent(other.record, record)) continue;
      torn.add(record.unit);
      refuse(file, record, nameOf, "E-RECORDS-TWICE", twice(other.record));
      refuse(other.file, other.record, nameOf, "E-RECORDS-TWICE", twice(record));
    }
  }
  return [...first.values()].map(({ record }) => record).filter(({ unit }) => !torn.has(unit));
}

/** One check of each census area, as `withoutTwins`; the same counts twice are one check. */
export function withoutAreaTwins(taken: readonly Taken[]): AreaCheck[] {
  const first = new Map<string, { readonly area: AreaCheck; readonly file: Taken }>();
  const torn = new Set<string>();
  const refuseTwin = (file: Taken, { area, source }: AreaCheck, other: RecordSource) => {
    const [zh, en] = [`小区 ${area} 还在另一处，数目不同`, `${area} stands elsewhere too, with other counts`];
    const at = { file: source.file, sheet: source.sheet, value: area };
    file.problems.push(fault("E-RECORDS-AREA-TWICE", `${zh}：${inFile(other, false)}`, `${en}: ${other.file}`, at));
  };
  for (const file of taken) {
    for (const area of file.areas) {
      const key = areaKey(area);
      const other = first.get(key);
      if (other === undefined) first.set(key, { area, file });
      else if (AREA_COUNTS.some((part) => other.area[part] !== area[part])) {
        if (!torn.has(key)) refuseTwin(other.file, other.area, area.source);
        refuseTwin(file, area, other.area.source);
        torn.add(key);
      }
    }
  }
  return [...first].flatMap(([key, { area }]) => (torn.has(key) ? [] : [area]));
}

type Say = Parameters<typeof unitFault>[2];

/** What is said of a record beside another one of its unit, by where that was read. */
export function twice({ source }: SourceRecord): Say {
  return (unit, isPlain) => {
    const place = inFile(source, isPlain);
    return words(`${unit} 还在另一处：${place}`, `${unit} stands elsewhere too: ${place}`);
  };
}

/** Where a record was read; sheets bear the names of units. */
function inFile({ file, sheet }: RecordSource, isPlain: boolean): string {
  return isPlain || sheet === undefined ? file : `${file}，${sheet}`;
}

/** Whether two records say the same, wherever they were read. */
export function sameContent(a: SourceRecord, b: SourceRecord): boolean {
  const content = ({ source: _, ...rest }: SourceRecord) => canonicalJson(rest as unknown as JsonValue);
  return content(a) === content(b);
}

function refuse(
  file: Taken | undefined,
  { unit, source: { file: name, sheet } }: SourceRecord,
  nameOf: (unit: string) => string,
  code: FaultCode,
  say: Say,
  advice?: Words,
): void {
  const problem = unitFault(code, { id: unit, name: nameOf(unit) }, say, { file: name, sheet, value: unit });
  file?.problems.push(advice === undefined ? problem : { ...problem, advice });
  file?.faulty.push(unit);
}

/** Tells what could not be set beside the records that are there. */
export function refuseMerged(taken: readonly Taken[], merged: Merged, nameOf: (unit: string) => string): void {
  const tell = (record: SourceRecord, code: FaultCode, say: Say, advice?: Words) => {
    const file = taken.find(({ records }) =>
      records.some(({ unit, source }) => unit === record.unit && source === record.source),
    );
    refuse(file, record, nameOf, code, say, advice);
  };
  for (const { before, after, changes } of merged.conflicts) {
    const count = changes.length;
    const isSecond = after.visit === "second";
    const [what, whatEn] = isSecond ? ["复核记录", "has a second record"] : ["记录", "is recorded"];
    const say: Say = (unit, isPlain) => {
      const where = inFile(before.source, isPlain);
      return words(
        `${unit} 已有${what}（${where}），有 ${count} 个单元格不同`,
        `${unit} ${whatEn} already (${where}); ${count} cells differ`,
      );
    };
    tell(after, "E-RECORDS-EXISTS", say, isSecond ? ANOTHER_SECOND : undefined);
  }
  for (const record of merged.withoutFirst) {
    tell(record, "E-RECORDS-NO-FIRST", (unit) => words(`${unit} 还没有第一次记录`, `${unit} has no first record`));
  }
  for (const each of merged.dependent) {
    tell(each.record, each.code, (unit, isPlain) => dependenceInWords(each, unit, isPlain));
  }
}

const ANOTHER_SECOND = words(
  "确认以新的复核为准：--second 之外再加 --replace --reason 理由",
  "take the later second record with --replace --reason TEXT beside --second",
);

export function refuseAreas(taken: readonly Taken[], conflicts: readonly AreaCheck[]): void {
  for (const area of conflicts) {
    const file = taken.find(({ areas }) => areas.includes(area));
    const at = { file: area.source.file, sheet: area.source.sheet, value: area.area };
    const problem = fault(
      "E-RECORDS-AREA-EXISTS",
      `小区 ${area.area} 已有记录`,
      `${area.area} is recorded already`,
      at,
    );
    file?.problems.push(problem);
  }
}

export function refusalOf(
  taken: readonly Taken[],
  acceptGood: boolean,
  good: number,
  returned: readonly string[],
): ChouqianError | undefined {
  const problems = taken.flatMap((file) => file.problems);
  const errors = problems.filter(isError);
  if (errors.length === 0) return undefined;
  const looks = problems.length - errors.length;
  const [also, alsoEn] = looks > 0 ? [`（另有 ${looks} 处请核实）`, ` (and ${looks} things to look at)`] : ["", ""];
  const rest = acceptGood
    ? words(`有错误的没有收，其余 ${good} 家已收`, `nothing of what is faulty was taken; ${good} others were`)
    : words("一家也没有收", "nothing was taken");
  return new ChouqianError("E-RECORDS-REFUSED", {
    message: words(
      `核查记录有 ${errors.length} 处错误${also}，${rest.zh}`,
      `${errors.length} faults in the records${alsoEn}; ${rest.en}`,
    ),
    advice: adviceFor(returned, acceptGood),
    problems,
    lines: gistOf(problems, mootWarnings(taken)),
    list: listIn(returned),
  });
}

/** What is to be done with the workbooks that go back. */
function adviceFor(returned: readonly string[], acceptGood: boolean): Words {
  const [first] = returned;
  if (first === undefined) {
    return words(
      "把不属于本轮次的文件移出后再导入，或加 --accept-good",
      "take the files that do not belong to this round away and import again, or use --accept-good",
    );
  }
  const [zh, en] = [
    `把 ${manyOf(returned)} 发回改正后再导入`,
    `send ${first}${others(returned)} back and import again`,
  ];
  if (acceptGood) return words(zh, en);
  return words(`${zh}；只收没有错误的单位：加 --accept-good`, `${en}; --accept-good takes the sources without fault`);
}

/** Where all faults of all files are listed. */
function listIn(returned: readonly string[]): Words {
  const [first] = returned;
  if (first === undefined) return words("加 --json 列出全部", "--json lists them all");
  return words(`见 ${manyOf(returned)} 的“问题清单”`, `see the list of problems in ${first}${others(returned)}`);
}

function manyOf(returned: readonly string[]): string {
  return returned.length > 1 ? `${returned[0]} 等 ${returned.length} 个文件` : (returned[0] ?? "");
}

function others(returned: readonly string[]): string {
  return returned.length > 1 ? ` and ${returned.length - 1} others` : "";
}
