/** 未交清单.xlsx: sources whose records are still out or not filled in to the end, by city and team, with whom to ask. */
import { CLASS_NAMES } from "../reference/classes.ts";
import { type Column, freeze, printOnA4, writeTable } from "../xlsx/layout.ts";
import { STYLES } from "../xlsx/styles.ts";
import { newWorkbook, putAcross, toBytes } from "../xlsx/write.ts";
import { type SourceState, stateInWords } from "./status.ts";
import { teamInWords } from "./team.ts";

const HEAD_ROW = 3;

/** The workbook's bytes, the same for the same sources. */
export async function missingWorkbook(title: string, sources: readonly SourceState[]): Promise<Uint8Array> {
  const workbook = newWorkbook(`${title}　未交清单`);
  const sheet = workbook.addWorksheet("未交清单");
  const { centred, code, strongText } = STYLES;
  const value = (field: string) => (each: SourceState) => each.source.values.get(field) ?? "";
  const columns: readonly Column<SourceState>[] = [
    { heading: "序号", value: (_, index) => index + 1, style: centred, width: 7 },
    { heading: "地市", value: ({ source }) => source.cityName, style: centred, width: 10 },
    { heading: "县区", value: ({ source }) => source.countyName, style: centred, most: 12 },
    { heading: "核查组", value: ({ team }) => teamInWords(team), style: centred, most: 12 },
    { heading: "污染源类别", value: ({ source }) => CLASS_NAMES[source.sourceClass].zh, style: centred, width: 20 },
    { heading: "单位代码", value: ({ source }) => source.id, style: code, width: 22 },
    { heading: "单位名称", value: ({ source }) => source.name, width: 32 },
    {
      heading: "情况",
      value: (each) => stateInWords(each).zh,
      style: ({ state }) => (state === "missing" ? centred : strongText),
      width: 14,
    },
    { heading: "地址", value: value("address"), most: 30 },
    { heading: "联系人", value: value("contact"), style: centred, width: 10 },
    { heading: "联系电话", value: value("phone"), style: code, width: 15 },
  ];
  const lastRow = writeTable(sheet, HEAD_ROW, columns, sources);
  const across = [1, columns.length] as const;
  const returned = sources.filter(({ state }) => state === "returned").length;
  putAcross(sheet, 1, across, `${title}——核查记录未交清单`, STYLES.title);
  const partial = sources.filter(({ state }) => state === "done").length;
  const more = partial > 0 ? `已收而未填全的 ${partial} 家，请补查所缺的关键指标。` : "";
  const note = `未收到合格记录的 ${sources.length - partial} 家，其中退回待改 ${returned} 家。${more}`;
  putAcross(sheet, 2, across, note, STYLES.note);
  sheet.getRow(1).height = 28;
  sheet.autoFilter = { from: { row: HEAD_ROW, column: 1 }, to: { row: lastRow, column: columns.length } };
  freeze(sheet, HEAD_ROW);
  printOnA4(sheet, { orientation: "landscape", headRow: HEAD_ROW, lastRow, lastColumn: columns.length });
  return toBytes(workbook);
}
