/** 抽样名单.xlsx: what was drawn, for the people who go there. The manifest is the proof; this is its reading copy. */
import { CLASS_NAMES, SOURCE_CLASSES, type SourceClass } from "../reference/classes.ts";
import { type Column, freeze, printOnA4, writeTable } from "../xlsx/layout.ts";
import { STYLES } from "../xlsx/styles.ts";
import { newWorkbook, put, putAcross, toBytes, type Workbook } from "../xlsx/write.ts";
import { isOfSample, type Role, SPEC_VERSION } from "./manifest.ts";
import { stratumName } from "./strata.ts";

/** One drawn unit. */
export interface SampleRow {
  readonly cityCode: string;
  readonly city: string;
  readonly county: string;
  readonly sourceClass: SourceClass;
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly contact: string;
  readonly phone: string;
  readonly status: string;
  readonly stratum: string;
  readonly rank: number;
  readonly role: Role;
  readonly ticket: string | null;
  readonly inclusionProbability: number;
}

/** Counts of one stratum. */
interface StratumCount {
  readonly city: string;
  readonly cityCode: string;
  readonly sourceClass: SourceClass;
  readonly stratum: string;
  readonly N: number;
  readonly n: number;
  readonly reserve: number;
  readonly shortfall: number;
}

export interface SampleList {
  readonly title: string;
  readonly roundId: string;
  readonly manifestDigest: string;
  readonly seed: string;
  /** Every sheet then says 演练. */
  readonly isRehearsal?: boolean;
  readonly frameDigest: string;
  /** In the order in which they are to be listed. */
  readonly rows: readonly SampleRow[];
  readonly summary: readonly StratumCount[];
}

/** The workbook's bytes, the same for the same draw. */
export async function sampleListWorkbook(input: SampleList): Promise<Uint8Array> {
  const workbook = newWorkbook(input.title);
  summarySheet(workbook, input);
  unitSheet(workbook, "样本", input, true);
  unitSheet(workbook, "备选", input, false);
  if (input.summary.length > blocksOf(input.summary).length) strataSheet(workbook, input);
  aboutSheet(workbook, input);
  if (input.isRehearsal === true) markRehearsal(workbook);
  return toBytes(workbook);
}

/** Says 演练 on the tab, in the first cell and at the head of every printed page. */
function markRehearsal(workbook: Workbook) {
  for (const sheet of workbook.worksheets) {
    const first = sheet.getCell(1, 1);
    first.value = `${first.isMerged ? `${REHEARSAL_WORDS}　` : "【演练】"}${String(first.value)}`;
    sheet.name = `演练-${sheet.name}`;
    sheet.headerFooter.oddHeader = `&C${REHEARSAL_WORDS}`;
  }
}
const REHEARSAL_WORDS = "【演练】不是正式抽签结果";

type Counts = Pick<StratumCount, "N" | "n" | "reserve" | "shortfall">;

interface Block extends Counts {
  readonly city: string;
  readonly sourceClass: SourceClass;
}

const COUNT_COLUMNS: readonly Column<Counts>[] = [
  { heading: "名录单位数 N", value: ({ N }) => N, style: STYLES.number, width: 15 },
  { heading: "抽取数 n", value: ({ n }) => n, style: STYLES.number, width: 12 },
  { heading: "备选数", value: ({ reserve }) => reserve, style: STYLES.number, width: 12 },
  {
    heading: "缺额",
    value: ({ shortfall }) => shortfall,
    style: ({ shortfall }) => (shortfall > 0 ? STYLES.strong : STYLES.number),
    width: 12,
  },
];
const HEAD_ROW = 3;

function summarySheet(workbook: Workbook, { title, summary }: SampleList) {
  const sheet = workbook.addWorksheet("汇总");
  const columns: readonly Column<Block>[] = [
    { heading: "序号", value: (_, index) => index + 1, style: STYLES.centred, width: 8 },
    { heading: "地市", value: ({ city }) => city, width: 16 },
    { heading: "污染源类别", value: ({ sourceClass }) => CLASS_NAMES[sourceClass].zh, width: 26 },
    ...COUNT_COLUMNS,
  ];
  const blocks = blocksOf(summary);
  let row = writeTable(sheet, HEAD_ROW, columns, blocks);
  const total = (label: string, counted: readonly Counts[]) => {
    row++;
    const sums = sumOf(counted);
    putAcross(sheet, row, [1, 3], label, STYLES.strongText);
    [sums.N, sums.n, sums.reserve, sums.shortfall].forEach((sum, index) => {
      put(sheet, row, 4 + index, sum, STYLES.strong);
    });
  };
  for (const sourceClass of SOURCE_CLASSES) {
    const ofClass = blocks.filter((block) => block.sourceClass === sourceClass);
    if (ofClass.length > 0) total(`${CLASS_NAMES[sourceClass].zh}小计`, ofClass);
  }
  total("合计", blocks);
  putAcross(sheet, 1, [1, 7], title, STYLES.title);
  putAcross(sheet, 2, [1, 7], shortfallInWords(blocks), STYLES.note);
  sheet.getRow(1).height = 28;
  freeze(sheet, HEAD_ROW);
  printOnA4(sheet, { orientation: "landscape", headRow: HEAD_ROW, lastRow: row, lastColumn: 7 });
}

/** City and class together, in the order of the summary. */
function blocksOf(summary: readonly StratumCount[]): readonly Block[] {
  const blocks = new Map<string, StratumCount[]>();
  for (const count of summary) {
    const key = `${count.cityCode}/${count.sourceClass}`;
    const strata = blocks.get(key);
    if (strata) strata.push(count);
    else blocks.set(key, [count]);
  }
  return [...blocks.values()].flatMap((strata) =>
    strata.slice(0, 1).map(({ city, sourceClass }) => ({ city, sourceClass, ...sumOf(strata) })),
  );
}

function sumOf(counts: readonly Counts[]): Counts {
  const sum = (field: keyof Counts) => counts.reduce((total, each) => total + each[field], 0);
  return { N: sum("N"), n: sum("n"), reserve: sum("reserve"), shortfall: sum("shortfall") };
}

function shortfallInWords(blocks: readonly Block[]): string {
  const short = blocks.filter(({ shortfall }) => shortfall > 0);
  if (short.length === 0) return "各地市、各类别均按方案足额抽取。";
  const { shortfall } = sumOf(short);
  return `缺额共 ${shortfall} 家，涉及 ${short.length} 个地市类别：名录内单位数少于方案应抽数的，全部抽取，不足部分列为缺额（加粗、灰底）。`;
}

const UNIT_COLUMNS: readonly Column<SampleRow>[] = [
  { heading: "序号", value: (_, index) => index + 1, style: STYLES.centred, width: 7 },
  { heading: "地市", value: ({ city }) => city, style: STYLES.centred, width: 10 },
  { heading: "县区", value: ({ county }) => county, style: STYLES.centred, most: 12 },
  { heading: "污染源类别", value: ({ sourceClass }) => CLASS_NAMES[sourceClass].zh, style: STYLES.centred, width: 13 },
  { heading: "单位代码", value: ({ id }) => id, style: STYLES.code, width: 22 },
  { heading: "单位名称", value: ({ name }) => name, width: 30 },
  { heading: "地址", value: ({ address }) => address, width: 30 },
  { heading: "联系人", value: ({ contact }) => contact, style: STYLES.centred, width: 10 },
  { heading: "联系电话", value: ({ phone }) => phone, style: STYLES.code, width: 15 },
  { heading: "运行状态", value: ({ status }) => status, style: STYLES.centred, width: 11 },
  {
    heading: "层",
    value: ({ stratum }) => stratumName(stratum),
    style: STYLES.centred,
    width: 14,
  },
  { heading: "序位", value: ({ rank }) => rank, style: STYLES.centred, width: 7 },
  { heading: "入样概率", value: (row) => row.inclusionProbability, style: STYLES.probability, width: 11 },
  { heading: "签号", value: ({ ticket }) => ticket ?? "", style: STYLES.digest, width: 28 },
];

function unitSheet(workbook: Workbook, name: string, { title, rows }: SampleList, isSample: boolean) {
  const sheet = workbook.addWorksheet(name);
  const units = rows.filter((row) => isOfSample(row) === isSample);
  const across = [1, UNIT_COLUMNS.length] as const;
  let lastRow = writeTable(sheet, HEAD_ROW, UNIT_COLUMNS, units);
  putAcross(sheet, 1, across, `${title}——${name}`, STYLES.title);
  const use = !isSample ? "。样本单位确认无法核查时，按同一层的序位依次递补，并记录原因。" : "。";
  putAcross(sheet, 2, across, `共 ${units.length} 家${use}`, STYLES.note);
  sheet.getRow(1).height = 28;
  if (units.length === 0) {
    lastRow++;
    putAcross(sheet, lastRow, across, "无", STYLES.centred);
  }
  sheet.autoFilter = { from: { row: HEAD_ROW, column: 1 }, to: { row: lastRow, column: UNIT_COLUMNS.length } };
  freeze(sheet, HEAD_ROW, 6);
  printOnA4(sheet, { orientation: "landscape", headRow: HEAD_ROW, lastRow, lastColumn: UNIT_COLUMNS.length });
}

/** Only where some block is divided into several strata. */
function strataSheet(workbook: Workbook, { summary }: SampleList) {
  const sheet = workbook.addWorksheet("分层");
  const columns: readonly Column<StratumCount>[] = [
    { heading: "地市", value: ({ city }) => city, width: 16 },
    { heading: "污染源类别", value: ({ sourceClass }) => CLASS_NAMES[sourceClass].zh, width: 26 },
    { heading: "层", value: ({ stratum }) => stratumName(stratum), most: 30 },
    { heading: "层的代号", value: ({ stratum }) => stratum, style: STYLES.code },
    ...COUNT_COLUMNS,
  ];
  const lastRow = writeTable(sheet, 1, columns, summary);
  freeze(sheet, 1);
  printOnA4(sheet, { orientation: "landscape", headRow: 1, lastRow, lastColumn: columns.length });
}

function aboutSheet(workbook: Workbook, input: SampleList) {
  const sheet = workbook.addWorksheet("说明");
  const facts: readonly (readonly [string, string])[] = [
    ["轮次", input.roundId],
    ["抽样规程", SPEC_VERSION],
    ["随机种子", input.seed],
    ["抽样框摘要（SHA-256）", input.frameDigest],
    ["样本清单摘要（SHA-256）", input.manifestDigest],
    [
      "如何验证",
      "在轮次文件夹中运行“chouqian verify”，程序用抽样框、方案和随机种子重新抽取，并逐项比对 manifest.json。" +
        "任何人用相同的抽样框和种子都应得到相同的名单；任一项不一致时，程序指出第一处差异。",
    ],
    ["名单效力", "本表供阅读和联系使用，以 manifest.json 为准；“序位”在每一层内从 1 起排，备选接续样本。"],
  ];
  facts.forEach(([label, value], index) => {
    put(sheet, index + 1, 1, label, STYLES.label);
    put(sheet, index + 1, 2, value, STYLES.code);
    sheet.getRow(index + 1).height = value.length > 60 ? 48 : 20;
  });
  sheet.getColumn(1).width = 26;
  sheet.getColumn(2).width = 86;
  printOnA4(sheet, { orientation: "landscape", lastRow: facts.length, lastColumn: 2 });
}
