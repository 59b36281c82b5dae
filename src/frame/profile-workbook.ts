/** 抽样框概况.xlsx: the profile of a locked frame in full, for reading and reckoning on. */
import { CLASS_NAMES, SOURCE_CLASSES } from "../reference/classes.ts";
import { type Column, fitHeight, freeze, printOnA4, writeTable } from "../xlsx/layout.ts";
import { STYLES } from "../xlsx/styles.ts";
import {
  type CellStyle,
  type Content,
  newWorkbook,
  put,
  putAcross,
  toBytes,
  type Workbook,
  type Worksheet,
} from "../xlsx/write.ts";
import {
  type CityProfile,
  COMPARED,
  type ComparedStatus,
  type Counted,
  type CountyProfile,
  type FrameProfile,
  type SectionProfile,
  STATUSES,
  type StatusCounts,
} from "./profile.ts";
import { comparisonNotes, keyFigures, type ProfileAbout } from "./profile-words.ts";

const HEAD_ROW = 3;
const TITLE_HEIGHT = 28;
const HEAD_HEIGHT = 34;
/** A share in all its digits, on one line. */
const SHARE: CellStyle = {
  ...STYLES.percent,
  alignment: { horizontal: "center", vertical: "middle" },
};

/** The workbook's bytes, the same for the same profile. */
export async function profileWorkbook(profile: FrameProfile, about: ProfileAbout): Promise<Uint8Array> {
  const workbook = newWorkbook(`${about.title}　抽样框概况`);
  citySheet(workbook, profile, about);
  sectionSheet(workbook, profile, about);
  statusSheet(workbook, profile, about);
  countySheet(workbook, profile, about);
  return toBytes(workbook);
}

/** Units by class, in all, and their share of the frame. */
function countColumns(units: number): readonly Column<Counted>[] {
  return [
    ...SOURCE_CLASSES.map((name): Column<Counted> => {
      return { heading: CLASS_NAMES[name].zh, value: ({ byClass }) => byClass[name], style: STYLES.number, width: 13 };
    }),
    { heading: "合计", value: (counted) => counted.units, style: STYLES.strong, width: 13 },
    { heading: "占比", value: (counted) => shareOf(counted.units, units), style: SHARE, width: 11 },
  ];
}

function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function citySheet(workbook: Workbook, profile: FrameProfile, about: ProfileAbout) {
  const sheet = workbook.addWorksheet("地市×类别");
  const columns: readonly Column<CityProfile>[] = [
    { heading: "序号", value: (_, index) => index + 1, style: STYLES.centred, width: 8 },
    { heading: "地市", value: ({ name }) => name, width: 16 },
    ...countColumns(profile.units),
  ];
  const lastRow = totalRow(sheet, writeTable(sheet, HEAD_ROW, columns, profile.cities), 2, profile);
  const note = `${keyFigures(profile)}\n抽样框摘要 ${about.frameDigest}`;
  finish(sheet, { title: `${about.title}　抽样框概况`, note, lastRow, columns });
}

function sectionSheet(workbook: Workbook, profile: FrameProfile, about: ProfileAbout) {
  const sheet = workbook.addWorksheet("行业门类");
  const columns: readonly Column<SectionProfile>[] = [
    { heading: "门类", value: ({ letter }) => letter, style: STYLES.centred, width: 8 },
    { heading: "名称", value: ({ name }) => name, width: 36 },
    ...countColumns(profile.units),
  ];
  let lastRow = writeTable(sheet, HEAD_ROW, columns, profile.sections ?? []);
  if (profile.sections !== null) lastRow = totalRow(sheet, lastRow, 2, profile);
  const note =
    profile.sections === null
      ? "名录没有行业代码列，不能按行业门类统计。"
      : "按《国民经济行业分类》（GB/T 4754-2017），以行业代码前两位（大类）归入门类；“不规范”为前两位不是任何大类的代码。";
  finish(sheet, { title: `${about.title}　单位数：按行业门类`, note, lastRow, columns });
}

/** Writes the sums of the frame below a table; returns the row. */
function totalRow(sheet: Worksheet, lastRow: number, labels: number, { units, byClass }: FrameProfile): number {
  const row = lastRow + 1;
  putAcross(sheet, row, [1, labels], "合计", STYLES.strongText);
  [...SOURCE_CLASSES.map((name) => byClass[name]), units].forEach((sum, index) => {
    put(sheet, row, labels + 1 + index, sum, STYLES.strong);
  });
  put(sheet, row, labels + SOURCE_CLASSES.length + 2, shareOf(units, units), SHARE);
  return row;
}

interface StatusRow {
  readonly city: string;
  readonly name: string;
  readonly counts: StatusCounts;
}

function statusSheet(workbook: Workbook, profile: FrameProfile, about: ProfileAbout) {
  const sheet = workbook.addWorksheet("运行状态");
  const columns: readonly Column<StatusRow>[] = [
    { heading: "地市", value: ({ city }) => city, width: 16 },
    { heading: "污染源类别", value: ({ name }) => name, width: 26 },
    ...STATUSES.map((status): Column<StatusRow> => {
      return { heading: status, value: ({ counts }) => counts[status], style: STYLES.number, width: 12 };
    }),
    { heading: "合计", value: ({ counts }) => sumOf(counts), style: STYLES.strong, width: 12 },
  ];
  const rows = profile.cities.flatMap(({ name: city, byClass, statuses }): StatusRow[] =>
    SOURCE_CLASSES.flatMap((name) =>
      statuses === null || byClass[name] === 0 ? [] : [{ city, name: CLASS_NAMES[name].zh, counts: statuses[name] }],
    ),
  );
  let lastRow = writeTable(sheet, HEAD_ROW, columns, rows);
  const total = (label: string, counts: StatusCounts) => {
    lastRow++;
    putAcross(sheet, lastRow, [1, 2], label, STYLES.strongText);
    [...STATUSES.map((status) => counts[status]), sumOf(counts)].forEach((sum, index) => {
      put(sheet, lastRow, 3 + index, sum, STYLES.strong);
    });
  };
  for (const name of SOURCE_CLASSES) {
    const ofClass = rows.filter((row) => row.name === CLASS_NAMES[name].zh);
    if (ofClass.length > 0) total(`${CLASS_NAMES[name].zh}小计`, together(ofClass));
  }
  if (profile.status !== null) total("合计", profile.status.counts);
  const note =
    profile.status === null
      ? "名录没有运行状态列，不能按状态统计。"
      : "“未填”为没有填写状态；“不规范”为写法不属于运行、停产、关闭、其他中的任何一种（可认的写法见 ledger-values.yaml）。";
  finish(sheet, { title: `${about.title}　单位数：按运行状态`, note, lastRow, columns });
}

function sumOf(counts: StatusCounts): number {
  return STATUSES.reduce((sum, status) => sum + counts[status], 0);
}

function together(rows: readonly StatusRow[]): StatusCounts {
  const sum = (status: (typeof STATUSES)[number]) => rows.reduce((total, { counts }) => total + counts[status], 0);
  return Object.fromEntries(STATUSES.map((status) => [status, sum(status)])) as unknown as StatusCounts;
}

function countySheet(workbook: Workbook, profile: FrameProfile, about: ProfileAbout) {
  const sheet = workbook.addWorksheet("关闭和其他");
  const columns: readonly Column<CountyProfile>[] = [
    { heading: "地市", value: ({ cityName }) => cityName, style: STYLES.centred, width: 10 },
    { heading: "县区", value: ({ name }) => name, most: 24 },
    {
      heading: "县区代码",
      value: ({ county, name }) => (county === name ? "" : county),
      style: STYLES.code,
      width: 12,
    },
    { heading: "单位数", value: ({ units }) => units, style: STYLES.number, width: 10 },
    { heading: "状态规范的单位数", value: ({ shares }) => shares?.关闭.of ?? null, style: STYLES.number, width: 11 },
    ...COMPARED.flatMap((status) => comparisonColumns(status, profile)),
  ];
  const lastRow = writeTable(sheet, HEAD_ROW, columns, profile.counties);
  const note =
    profile.status === null
      ? "名录没有运行状态列，不能比较关闭和其他的占比；本表只列各县区单位数。"
      : comparisonNotes(profile).join("\n");
  sheet.autoFilter = { from: { row: HEAD_ROW, column: 1 }, to: { row: lastRow, column: columns.length } };
  finish(sheet, { title: `${about.title}　关闭和其他占比：按县区`, note, lastRow, columns, frozen: 2 });
}

/** Columns of one status: count, share, what it is compared with, and the mark. */
function comparisonColumns(status: ComparedStatus, { status: all }: FrameProfile): readonly Column<CountyProfile>[] {
  const of = (value: (shares: NonNullable<CountyProfile["shares"]>[ComparedStatus]) => Content) => {
    return ({ shares }: CountyProfile) => (shares === null ? null : value(shares[status]));
  };
  const expected = all?.shares?.[status] ?? null;
  const isMarked = ({ shares }: CountyProfile) => typeof shares?.[status].mark === "string";
  return [
    { heading: `${status}\n家数`, value: of(({ count }) => count), style: STYLES.number, width: 9 },
    { heading: `${status}\n占比`, value: of(({ share }) => share), style: SHARE, width: 9.5 },
    { heading: `${status}\n总体占比`, value: of(() => expected), style: SHARE, width: 10 },
    { heading: `${status}\n下限`, value: of(({ limits }) => limits?.lower ?? null), style: SHARE, width: 9.5 },
    { heading: `${status}\n上限`, value: of(({ limits }) => limits?.upper ?? null), style: SHARE, width: 9.5 },
    {
      heading: `${status}\n比总体多（少）家`,
      value: of(({ excess }) => Math.round(excess * 10) / 10 + 0),
      style: STYLES.number,
      width: 13,
    },
    {
      heading: `${status}\n标记`,
      value: of(({ mark }) => mark ?? ""),
      style: (row) => (isMarked(row) ? STYLES.strongText : STYLES.centred),
      width: 8,
    },
  ];
}

/** Title, note, frozen head and print set-up of a sheet whose table is written. */
function finish<Row>(
  sheet: Worksheet,
  about: { title: string; note: string; lastRow: number; columns: readonly Column<Row>[]; frozen?: number },
) {
  const { title, note, lastRow, columns, frozen = 0 } = about;
  const across = [1, columns.length] as const;
  putAcross(sheet, 1, across, title, STYLES.title);
  putAcross(sheet, 2, across, note, STYLES.note);
  const width = columns.reduce((sum, _, index) => sum + (sheet.getColumn(index + 1).width ?? 0), 0);
  sheet.getRow(1).height = TITLE_HEIGHT;
  sheet.getRow(HEAD_ROW).height = HEAD_HEIGHT;
  fitHeight(sheet, 2, 20, [note, width]);
  freeze(sheet, HEAD_ROW, frozen);
  printOnA4(sheet, { orientation: "landscape", headRow: HEAD_ROW, lastRow, lastColumn: columns.length });
}
