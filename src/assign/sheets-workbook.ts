/** 分组派工单.xlsx: who goes where on which day. The manifest is the proof; this is its reading copy. */
import { type Column, fitHeight, freeze, printOnA4, writeTable } from "../xlsx/layout.ts";
import { STYLES } from "../xlsx/styles.ts";
import { newWorkbook, put, putAcross, toBytes, type Workbook } from "../xlsx/write.ts";
import { RULE_WORDS } from "./rules.ts";
import { placesInWords, type SheetSource, type Sheets, type SheetTeam } from "./sheets.ts";

const HEAD_ROW = 3;

/** The workbook's bytes, the same for the same assignment. */
export async function sheetsWorkbook(input: Sheets): Promise<Uint8Array> {
  const workbook = newWorkbook(`${input.title} 分组派工单`);
  teamSheet(workbook, input);
  workSheet(workbook, input);
  daySheet(workbook, input);
  aboutSheet(workbook, input);
  return toBytes(workbook);
}

/** The leader's name first. */
export function namesOf({ members }: SheetTeam): string {
  return members.map(({ name, leader }) => (leader ? `${name}（组长）` : name)).join("、");
}

function teamSheet(workbook: Workbook, input: Sheets) {
  const sheet = workbook.addWorksheet("分组");
  const columns: readonly Column<SheetTeam>[] = [
    { heading: "组", value: ({ name }) => name, style: STYLES.centred, width: 10 },
    { heading: "组长", value: ({ members }) => members[0]?.name ?? "", style: STYLES.centred, width: 12 },
    {
      heading: "组员",
      value: ({ members }) => others(members),
      width: 24,
    },
    { heading: "单位", value: ({ members }) => [...new Set(members.map(({ unit }) => unit))].join("、"), width: 36 },
    { heading: "家数", value: ({ load }) => load, style: STYLES.number, width: 8 },
    { heading: "天数", value: ({ days }) => days.length, style: STYLES.number, width: 8 },
    { heading: "去哪些县区", value: ({ places }) => places, width: 46 },
  ];
  const lastRow = writeTable(sheet, HEAD_ROW, columns, input.teams);
  head(sheet, `${input.title}——检查组`, summary(input), columns.length);
  freeze(sheet, HEAD_ROW);
  printOnA4(sheet, { orientation: "landscape", headRow: HEAD_ROW, lastRow, lastColumn: columns.length });
}

function others(members: SheetTeam["members"]): string {
  return members
    .slice(1)
    .map(({ name }) => name)
    .join("、");
}

function summary({ teams, perDay, standby }: Sheets): string {
  const sources = teams.reduce((sum, { load }) => sum + load, 0);
  const waiting = standby.length === 0 ? "" : `待命 ${standby.length} 人（对抽中的污染源全部须回避）。`;
  return `共 ${teams.length} 组、${sources} 家，每组每天至多 ${perDay} 家，一天只在一个市。${waiting}`;
}

interface Line extends SheetSource {
  readonly team: string;
  readonly names: string;
  readonly day: number;
  readonly number: number;
}

const LINE_COLUMNS: readonly Column<Line>[] = [
  { heading: "组", value: ({ team }) => team, style: STYLES.centred, width: 10 },
  { heading: "天", value: ({ day }) => day, style: STYLES.centred, width: 6 },
  { heading: "序号", value: ({ number }) => number, style: STYLES.centred, width: 7 },
  { heading: "地市", value: ({ city }) => city, style: STYLES.centred, width: 11 },
  { heading: "县区", value: ({ county }) => county, style: STYLES.centred, width: 12 },
  { heading: "污染源类别", value: ({ sourceClass }) => sourceClass, style: STYLES.centred, width: 13 },
  { heading: "单位代码", value: ({ id }) => id, style: STYLES.code, width: 22 },
  { heading: "单位名称", value: ({ name }) => name, width: 30 },
  { heading: "地址", value: ({ address }) => address, width: 28 },
  { heading: "联系人", value: ({ contact }) => contact, style: STYLES.centred, width: 10 },
  { heading: "联系电话", value: ({ phone }) => phone, style: STYLES.code, width: 15 },
  { heading: "检查人员", value: ({ names }) => names, width: 24 },
  { heading: "完成", value: () => "", style: STYLES.inputCentred, width: 8 },
];

function linesOf({ teams }: Sheets): Line[] {
  return teams.flatMap((team) => {
    let number = 0;
    return team.days.flatMap(({ day, sources }) =>
      sources.map((source) => ({ ...source, team: team.name, names: namesOf(team), day, number: ++number })),
    );
  });
}

/** All work, team by team and day by day; each team begins a page in print. */
function workSheet(workbook: Workbook, input: Sheets) {
  const sheet = workbook.addWorksheet("派工单");
  const lines = linesOf(input);
  const lastRow = writeTable(sheet, HEAD_ROW, LINE_COLUMNS, lines);
  head(sheet, `${input.title}——派工单`, "按组、按天、按县区排列；可用筛选只看一组或一天。", LINE_COLUMNS.length);
  sheet.autoFilter = { from: { row: HEAD_ROW, column: 1 }, to: { row: lastRow, column: LINE_COLUMNS.length } };
  freeze(sheet, HEAD_ROW);
  printOnA4(sheet, { orientation: "landscape", headRow: HEAD_ROW, lastRow, lastColumn: LINE_COLUMNS.length });
  for (const [index, line] of lines.entries()) {
    const next = lines[index + 1];
    if (next !== undefined && next.team !== line.team) sheet.getRow(HEAD_ROW + 1 + index).addPageBreak();
  }
}

/** Teams down, days across: where each team is on which day. */
function daySheet(workbook: Workbook, { title, teams }: Sheets) {
  const sheet = workbook.addWorksheet("按天");
  const days = Math.max(1, ...teams.map((team) => team.days.length));
  const columns: readonly Column<SheetTeam>[] = [
    { heading: "组", value: ({ name }) => name, style: STYLES.centred, width: 10 },
    { heading: "检查人员", value: namesOf, width: 22 },
    ...Array.from({ length: days }, (_, index) => ({
      heading: `第 ${index + 1} 天`,
      value: (team: SheetTeam) => whereOn(team, index),
      width: 18,
    })),
  ];
  const lastRow = writeTable(sheet, HEAD_ROW, columns, teams);
  head(sheet, `${title}——日程`, "括号内为当天家数。", columns.length);
  freeze(sheet, HEAD_ROW, 2);
  printOnA4(sheet, { orientation: "landscape", headRow: HEAD_ROW, lastRow, lastColumn: columns.length });
}

function whereOn({ days }: SheetTeam, index: number): string {
  return placesInWords(days[index]?.sources ?? [], true);
}

function aboutSheet(workbook: Workbook, input: Sheets) {
  const sheet = workbook.addWorksheet("说明");
  const facts: readonly (readonly [string, string])[] = [
    ["轮次", input.roundId],
    ["随机种子", input.seed],
    ["分派摘要（SHA-256）", input.assignmentDigest],
    [
      "如何产生",
      "名单和规则在收集种子之前随方案封存；检查组由签号随机组成，再按签号把污染源分给各组：不查本地、遵守回避、" +
        "具备专长、每组有组长、工作量相差不超过 1 家，同一县区尽量归同一组。",
    ],
    [
      "如何验证",
      "在轮次文件夹中运行“chouqian verify”，程序用名单、样本和种子重新分派，逐字节比对 assign/assignment.json。",
    ],
    ...input.waived.map(({ rule, reason }) => ["公开放弃的规则", `${RULE_WORDS[rule].zh}；理由：${reason}`] as const),
    ...(input.standby.length === 0
      ? []
      : [["待命人员", input.standby.map(({ name, unit }) => `${name}（${unit}）`).join("、")] as const]),
  ];
  facts.forEach(([label, value], index) => {
    put(sheet, index + 1, 1, label, STYLES.label);
    put(sheet, index + 1, 2, value, STYLES.code);
    fitHeight(sheet, index + 1, 20, [value, 86]);
  });
  sheet.getColumn(1).width = 26;
  sheet.getColumn(2).width = 86;
  printOnA4(sheet, { orientation: "landscape", lastRow: facts.length, lastColumn: 2 });
}

function head(sheet: ReturnType<Workbook["addWorksheet"]>, title: string, note: string, columns: number) {
  putAcross(sheet, 1, [1, columns], title, STYLES.title);
  putAcross(sheet, 2, [1, columns], note, STYLES.note);
  sheet.getRow(1).height = 28;
}
