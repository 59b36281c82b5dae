/** 核查清单: what the inspectors look at on the spot, one list for each drawn source, for print and signature. */
import { type Block, paragraph, space } from "../pdf/block.ts";
import type { PdfResult } from "../pdf/document.ts";
import { AREA } from "../pdf/page.ts";
import { type Cell, type Row, table } from "../pdf/table.ts";
import { numbered } from "../text/numerals.ts";
import { closing, closingRow, DEADLINE, tickColumn, ticks, WRITING_LINE, writingRow } from "./closing-pdf.ts";
import {
  classOf,
  departmentFacts,
  drawnWords,
  evidenceName,
  type FormKind,
  factTable,
  labelCell,
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
import { unitOf } from "./reported.ts";
import type { FormRound, FormSource } from "./source.ts";
import { type Shown, type TailoredForm, wholeOf } from "./tailor.ts";
import type { ChecklistItem } from "./template.ts";

/** Result and note; the four columns of text share the rest. */
const RESULT_WIDTH = 48;
const NOTE_WIDTH = 40;
const LEAST_TEXT_WIDTH = 62;
const HEADINGS = ["序号", "核查内容", "比对关系", "佐证材料", "常见错误识别", "核查结果", "备注"];
const RESULTS = ["无误", "有问题", "不适用"];
const FIGURE_COLUMNS = Array.from({ length: 6 }, (_, i) => (AREA.width / 3) * (i % 2 === 0 ? 0.58 : 0.42));
/** At least; there is more where the page has room. */
const PROBLEM_ROOM = 2 * WRITING_LINE;
/** Figures that the head of the form shows already. */
const SHOWN_ABOVE = new Set(
  "id name class subclass city county address contact phone status statusReason industryCode industryName".split(" "),
);

/** Prints the checklists of the sources, each beginning on a new page. */
export function renderChecklists(
  round: FormRound,
  sources: readonly FormSource[],
  templates: (source: FormSource) => TailoredForm,
): Promise<PdfResult> {
  return renderForms([checklistKind(templates)], round, sources);
}

export function checklistKind(templates: (source: FormSource) => TailoredForm): FormKind {
  return { name: "核查清单", form: templates, blocks: checklist };
}

const layoutOf = formLayouts((whole) => ({
  columns: itemColumns(whole),
  repeats: 2,
  style: STYLES.small,
  header: [{ minHeight: 22, cells: HEADINGS.map((text) => ({ text, style: STYLES.head, align: "center" })) }],
}));

function checklist(round: FormRound, source: FormSource, template: TailoredForm): Block[] {
  const layout = layoutOf(template);
  const evidence = template.record.evidence.map(evidenceName);
  return [
    ...titleBlock(template.checklist.title, round, source),
    ...numberLine(source, template.checklist),
    ...factTable(template.department === true ? departmentFacts(round, source) : facts(round, source)),
    ...keyFigures(source, template),
    ...layout.lastingBlocks("note", () => noteAbove(template.checklist)),
    ...itemBlocks(template, layout),
    ...layout.lastingBlocks(`closing\n${evidence.join("\n")}`, () => [
      ...notesBelow(template.checklist),
      ...closing(
        [
          closingRow("佐证材料", ticks(evidence, "　")),
          writingRow("发现的\n主要问题", PROBLEM_ROOM),
          closingRow("核查结论", ticks(["未发现问题", "发现问题，须整改", "不具备核查条件（在上栏说明原因）"], "　")),
          closingRow("整改期限", DEADLINE),
        ],
        template.checklist.signatures,
      ),
    ]),
  ];
}

function facts(round: FormRound, source: FormSource): Row[] {
  const industry = ledgerValue(source, "industryCode", "industryName");
  return [
    pairs(["核查任务", round.name]),
    pairs(["单位名称", source.name]),
    pairs(["普查对象代码", source.id], ["污染源类别", classOf(source)]),
    industry === "" ? pairs(["所在地", placeOf(source)]) : pairs(["所在地", placeOf(source)], ["行业", industry]),
    pairs(["详细地址", ledgerValue(source, "address")]),
    pairs(["联系人电话", ledgerValue(source, "contact", "phone")], ["运行状态", statusOf(source)]),
    { ...pairs(["抽取情况", drawnWords(round, source)]), keepWithNext: false },
  ];
}

/** The figures of the ledger that the record form fills in beforehand, three a row. */
function keyFigures(source: FormSource, template: TailoredForm): Block[] {
  const figures = template.record.groups
    .flatMap(({ indicators }) => indicators)
    .flatMap((indicator) => {
      const { name, field } = indicator;
      const value = field === undefined || SHOWN_ABOVE.has(field) ? "" : ledgerValue(source, field);
      return value === ""
        ? []
        : [{ label: nameWords(name, STYLES.label, { unit: unitOf(indicator, source.values) }), value }];
    });
  if (figures.length === 0) return [];
  const rows: Row[] = [];
  for (let i = 0; i < figures.length; i += 3) {
    const cells = figures.slice(i, i + 3).flatMap(({ label, value }, at, row): Cell[] => [
      { ...labelCell(label), align: "left" },
      { text: value, style: STYLES.small, columns: at === row.length - 1 ? FIGURE_COLUMNS.length - 2 * at - 1 : 1 },
    ]);
    rows.push({ cells, minHeight: 18 });
  }
  return [
    ...paragraph("名录登记的主要数据", STYLES.heading, AREA.width, {
      align: "left",
      keepWithNext: true,
      role: "H2",
    }),
    ...table({ columns: FIGURE_COLUMNS, style: STYLES.small, rows }),
    space(8),
  ];
}

/** Widths by the length of what stands in the columns, so that the texts of a row come out about equally high. */
function itemColumns(template: TailoredForm): number[] {
  const items = template.checklist.sections.flatMap((section) => section.items);
  const lengths = (["check", "compare", "evidence", "pitfall"] as const).map((key) =>
    items.reduce((sum, item) => sum + item[key].length, 0),
  );
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const numberWidth = numberColumn(items.length);
  const spare = AREA.width - numberWidth - RESULT_WIDTH - NOTE_WIDTH - lengths.length * LEAST_TEXT_WIDTH;
  const texts = lengths.map((length) => LEAST_TEXT_WIDTH + Math.floor((spare * length) / total));
  const rest = AREA.width - numberWidth - RESULT_WIDTH - texts.reduce((sum, width) => sum + width, 0);
  return [numberWidth, ...texts, RESULT_WIDTH, rest];
}

function itemBlocks(template: TailoredForm, layout: FormLayout): Block[] {
  let number = 0;
  const headings = numbered(template.checklist.sections.map(({ heading }) => heading));
  return template.checklist.sections.flatMap(({ items, condition }, i) => {
    const heading = headings[i] ?? "";
    const head = (): Row => ({
      keepWithNext: true,
      role: "H2",
      minHeight: 19,
      cells: [{ text: nameWords(heading, STYLES.head, { condition }), style: STYLES.head, columns: HEADINGS.length }],
    });
    return [
      layout.lastingRow(wholeOf(template), `${heading}\n${condition ?? ""}`, head),
      ...items.map((item) => {
        number++;
        return layout.lastingRow(item, String(number), itemRow.bind(undefined, item, number));
      }),
    ];
  });
}

function itemRow({ check, compare, evidence, pitfall, condition }: Shown<ChecklistItem>, number: number): Row {
  return {
    cells: [
      { text: String(number), align: "center" },
      { text: nameWords(check, STYLES.small, { condition }) },
      { text: compare },
      { text: evidence },
      { text: pitfall, style: STYLES.hint },
      { text: tickColumn(RESULTS) },
      { text: "" },
    ],
  };
}
