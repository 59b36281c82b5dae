/** 核查记录表: reported value against the value found, indicator by indicator, for print, handwriting and signature. */
import type { Block } from "../pdf/block.ts";
import type { PdfResult } from "../pdf/document.ts";
import { AREA } from "../pdf/page.ts";
import type { Row } from "../pdf/table.ts";
import type { Content } from "../pdf/text.ts";
import { blank, closing, closingRow, DEADLINE, ticks, WRITING_LINE, writingRow } from "./closing-pdf.ts";
import {
  classOf,
  departmentFacts,
  drawnWords,
  evidenceName,
  type FormKind,
  factTable,
  ledgerValue,
  nameWords,
  noteAbove,
  notesBelow,
  numberColumn,
  numberLine,
  pairs,
  placeOf,
  renderForms,
  STYLES,
  statusOf,
  titleBlock,
} from "./form-pdf.ts";
import { type FormLayout, formLayouts } from "./layout.ts";
import { CHECK_CAUSES, CHECK_OUTCOMES, CHECK_RESULTS, CHECK_WAYS } from "./record-marks.ts";
import { unitOf } from "./reported.ts";
import { type FormRound, type FormSource, teamShown } from "./source.ts";
import { type Shown, type TailoredForm, wholeOf } from "./tailor.ts";
import type { Indicator } from "./template.ts";

/** Between the number and the note, which shares the rest of the width with it. */
const COLUMNS = [104, 66, 78, 62, 62];
const HEADINGS = ["序号", "核查指标及代码", "填报值", "核查值", "核查方式", "结果", "差错原因\n及说明"];
const CONCLUSIONS = ["数据属实", "存在差错，须整改", "不具备核查条件"];
/** At least; there is more where the page has room. */
const NOTE_ROOM = WRITING_LINE;
const INDICATOR_ROW = 31;
/** Written by hand where the unit differs from source to source and the ledger does not tell it. */
const UNKNOWN_UNIT = "单位＿＿＿";
/** A choice is offered as boxes to tick where its options are no longer than this in all. */
const MOST_TICKED = 16;

/** Prints the record forms of the sources, each beginning on a new page. */
export function renderRecordForms(
  round: FormRound,
  sources: readonly FormSource[],
  templates: (source: FormSource) => TailoredForm,
): Promise<PdfResult> {
  return renderForms([recordKind(templates)], round, sources);
}

export function recordKind(templates: (source: FormSource) => TailoredForm): FormKind {
  return { name: "核查记录表", form: templates, blocks: recordForm };
}

const layoutOf = formLayouts((whole) => ({
  columns: indicatorColumns(whole.record.groups.reduce((sum, { indicators }) => sum + indicators.length, 0)),
  repeats: 2,
  style: STYLES.small,
  padding: { x: 2.5, y: 3 },
  header: [{ minHeight: 22, cells: HEADINGS.map((text) => ({ text, style: STYLES.head, align: "center" })) }],
}));

function recordForm(round: FormRound, source: FormSource, template: TailoredForm): Block[] {
  const { title, groups } = template.record;
  const layout = layoutOf(template);
  const keyCount = groups.flatMap(({ indicators }) => indicators).filter(({ key }) => key).length;
  const evidence = template.record.evidence.map(evidenceName);
  return [
    ...titleBlock(title, round, source),
    ...numberLine(source, template.record),
    ...factTable(template.department === true ? departmentFacts(round, source) : facts(round, source)),
    ...layout.lastingBlocks("note", () => noteAbove(template.record)),
    ...indicatorBlocks(source, template, layout),
    ...layout.lastingBlocks(`closing\n${keyCount}\n${evidence.join("\n")}`, () => [
      ...notesBelow(template.record),
      ...closing(
        [
          closingRow("关键指标", keyCounts(keyCount)),
          closingRow("佐证材料", ticks(evidence, "　")),
          closingRow("差错原因\n（填代号）", CAUSES),
          writingRow("差错说明", NOTE_ROOM),
          closingRow("核查结论", ticks(CONCLUSIONS, "　")),
          closingRow("整改期限", DEADLINE),
        ],
        template.record.signatures,
      ),
    ]),
  ];
}

function facts(round: FormRound, source: FormSource): Row[] {
  return [
    pairs(["核查任务", round.name]),
    pairs(["单位名称", source.name]),
    pairs(["普查对象代码", source.id], ["污染源类别", classOf(source)]),
    pairs(["所在地", placeOf(source)], ["运行状态", statusOf(source)]),
    pairs(["详细地址", ledgerValue(source, "address")]),
    pairs(["负责人", ledgerValue(source, "legalPerson")], ["核查组", teamShown(source)]),
    pairs(["联系人", ledgerValue(source, "contact")], ["联系电话", ledgerValue(source, "phone")]),
    pairs(["抽取情况", drawnWords(round, source)]),
    pairs(["替换情况", replacementOf(source)]),
    { ...pairs(["核查去向", OUTCOMES]), keepWithNext: false },
  ];
}

/** What became of the visit, and what counts where it came to nothing. */
const OUTCOMES: Content = [
  ...ticks(CHECK_OUTCOMES, "　"),
  { text: "（未找到、拒绝的，全部计为差错）", style: STYLES.hint },
];

/** Filled in where the source is a replacement, to be written by hand otherwise. */
function replacementOf({ replaces }: FormSource): Content {
  if (replaces === undefined) {
    return [...ticks(["未替换", "替换，"], "　"), ...blank("原抽取单位", 11), ...blank("　原因", 9)];
  }
  return `替换，原抽取单位 ${replaces.name}（${replaces.id}），原因：${replaces.reason}`;
}

/** Causes by the number that is written beside a wrong value. */
const CAUSES: Content = CHECK_CAUSES.flatMap((cause, i) => [
  ...(i === 0 ? [] : [{ text: "　", style: STYLES.small }]),
  { text: `${i + 1} ${cause}`, style: STYLES.small, whole: true },
]);

function keyCounts(listed: number): Content {
  return [
    { text: `本表列 ${listed} 个（标★）；`, style: STYLES.small },
    ...blank("核查关键指标数", 3, "个，"),
    ...blank("其中差错", 3, "个，"),
    ...blank("不适用", 3, "个。"),
  ];
}

function indicatorBlocks(source: FormSource, template: TailoredForm, layout: FormLayout): Block[] {
  let number = 0;
  return template.record.groups.flatMap(({ heading, indicators, condition }) => [
    layout.lastingRow(wholeOf(template), `${heading}\n${condition ?? ""}`, () => ({
      keepWithNext: true,
      role: "H2",
      minHeight: 19,
      cells: [
        {
          text: nameWords(heading, STYLES.head, { condition }),
          style: STYLES.head,
          columns: HEADINGS.length,
        },
      ],
    })),
    ...indicators.map((indicator) => {
      number++;
      const { field } = indicator;
      const value = field === undefined ? "" : ledgerValue(source, field);
      const unit = unitOf(indicator, source.values) || (indicator.unitField === undefined ? "" : UNKNOWN_UNIT);
      const row = indicatorRow.bind(undefined, indicator, number, unit, value);
      return value === "" ? layout.lastingRow(indicator, `${number}\n${unit}`, row) : layout.row(row());
    }),
  ]);
}

function indicatorColumns(count: number): number[] {
  const columns = [numberColumn(count), ...COLUMNS];
  return [...columns, AREA.width - columns.reduce((sum, width) => sum + width, 0)];
}

function indicatorRow(indicator: Shown<Indicator>, number: number, unit: string, value: string): Row {
  const { code, name, key, condition, lines } = indicator;
  return {
    minHeight: lines === undefined ? INDICATOR_ROW : Math.max(INDICATOR_ROW, lines * WRITING_LINE),
    cells: [
      { text: String(number), align: "center" },
      { text: nameWords(`${key ? "★" : ""}${name}`, STYLES.small, { unit, code, condition }) },
      { text: value },
      { text: answer(indicator) },
      { text: ticks(CHECK_WAYS) },
      { text: ticks(CHECK_RESULTS) },
      { text: "" },
    ],
  };
}

/** What is offered to tick in the column of the value found; empty where it is written by hand. */
function answer({ type, options = [] }: Indicator): Content {
  const offered = type === "yesno" ? ["是", "否"] : options;
  return offered.join("").length <= MOST_TICKED ? ticks(offered) : "";
}
