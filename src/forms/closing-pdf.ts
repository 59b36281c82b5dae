/** What stands at the foot of forms and papers: boxes to tick, lines to write on, places to sign. */
import { type Block, space } from "../pdf/block.ts";
import { AREA, mm } from "../pdf/page.ts";
import { type Cell, type Row, table } from "../pdf/table.ts";
import type { Content, Span } from "../pdf/text.ts";
import { BLANK_ROW, labelCell, STYLES } from "./form-pdf.ts";
import type { Signature } from "./template.ts";

/** Label and blank three times, for signatures. */
const triples = (width: number) => [1, 2, 3].flatMap(() => [62, width / 3 - 62]);
const TRIPLES = triples(AREA.width);
const SIGNATURE_ROW = mm(12);

/** Boxes to tick, each on one line with its label. */
export function ticks(labels: readonly string[], gap = " "): readonly Span[] {
  const key = [gap, ...labels].join("\n");
  let spans = knownTicks.get(key);
  if (spans === undefined) {
    spans = labels.flatMap((label, i): Span[] => [
      ...(i > 0 ? [{ text: gap, style: STYLES.small }] : []),
      { text: `□${label}`, style: STYLES.small, whole: true },
    ]);
    if (knownTicks.size >= MOST_TICKS) knownTicks.clear();
    knownTicks.set(key, spans);
  }
  return spans;
}

/** Boxes made before: they come again on every row. */
const knownTicks = new Map<string, readonly Span[]>();
const MOST_TICKS = 1_000;

/** Boxes to tick one below the other. */
export function tickColumn(labels: readonly string[]): Span[] {
  return [{ text: labels.map((label) => `□${label}`).join("\n"), style: STYLES.small }];
}

/** A line of the closing part: a label and what is ticked or written beside it; kept with what follows. */
export function closingRow(label: string, text: Content): Row {
  return {
    minHeight: BLANK_ROW,
    keepWithNext: true,
    cells: [labelCell(label), { text, style: STYLES.value, columns: 5 }],
  };
}

/** Lines to write on beside a label: as many as the page has room for, and more on the next where the rest comes there. */
export function writingRow(label: string, minHeight: number): Row {
  const row = (name: string): Row => ({
    minHeight,
    grows: true,
    keepWithNext: true,
    cells: [labelCell(name), { text: "", columns: 5, lines: WRITING_LINE }],
  });
  return { ...row(label), continued: row(`${label}\n（续）`) };
}
/** Distance of lines that are written on by hand. */
export const WRITING_LINE = mm(8);

/** The block of signatures of a template that names none. */
const SIGNATURES: readonly Signature[] = [
  { label: "核查人员（签名）", kind: "name" },
  { label: "核查人员（签名）", kind: "name" },
  { label: "普查员（签名）", kind: "name" },
  { label: "单位负责人（签名）", kind: "name" },
  { label: "联系电话", kind: "text" },
  { label: "核查日期", kind: "date" },
  { label: "拒签说明", kind: "refusal" },
];

/** Closing part of a form: the rows given, then the signatures, all on one page. */
export function closing(rows: readonly Row[], signatures: readonly Signature[] = SIGNATURES): Block[] {
  return [space(8), ...table({ columns: TRIPLES, style: STYLES.value, rows: [...rows, ...signatureRows(signatures)] })];
}

/** The signatures alone, for papers without a closing part. */
export function signatureBlock(signatures: readonly Signature[] = [], width = AREA.width): Block[] {
  if (signatures.length === 0) return [];
  return [space(8), ...table({ columns: triples(width), style: STYLES.value, rows: signatureRows(signatures) })];
}

/** Places to sign, three in a row; a refusal has a row of its own. All stay on one page. */
function signatureRows(signatures: readonly Signature[]): Row[] {
  const rows: Cell[][] = [];
  let inRow = SIGNATURES_IN_ROW;
  for (const { label, kind } of signatures) {
    if (kind === "refusal") {
      rows.push([labelCell(label), REFUSAL]);
      inRow = SIGNATURES_IN_ROW;
      continue;
    }
    if (inRow === SIGNATURES_IN_ROW) {
      rows.push([]);
      inRow = 0;
    }
    const place = kind === "date" ? DATE : { text: "" };
    rows.at(-1)?.push(labelCell(signatureLabel(label)), place);
    inRow++;
  }
  return rows.map((cells, i) => {
    const covered = cells.reduce((sum, { columns = 1 }) => sum + columns, 0);
    const last = cells.at(-1);
    const full =
      last === undefined
        ? cells
        : [...cells.slice(0, -1), { ...last, columns: (last.columns ?? 1) + TRIPLES.length - covered }];
    return { minHeight: SIGNATURE_ROW, keepWithNext: i < rows.length - 1, cells: full };
  });
}
const SIGNATURES_IN_ROW = 3;
/** Characters on a line of a label. */
const LABEL_LENGTH = 6;

/** Who signs, and below that how; a name too long for a line is divided behind its bracket. */
function signatureLabel(label: string): string {
  const [, who = label, how = ""] = /^(.+)(（(?:签名|签章|盖章)）)$/.exec(label) ?? [];
  const name = who.length > LABEL_LENGTH ? who.replace(/）(?=.)/, "）\n") : who;
  return how === "" ? name : `${name}\n${how}`;
}

/** Words with a line behind them to write on, which stay together. */
export function blank(words: string, length: number, after = ""): Span[] {
  return [{ text: `${words}${"＿".repeat(length)}${after}`, style: STYLES.blank, whole: true }];
}

/** Deadline to be filled in. */
export const DEADLINE = "　　　　年　　月　　日前完成整改并书面反馈";
/** Date to be filled in. */
const DATE: Cell = { text: "　　年　月　日", style: STYLES.small, align: "right" };
/** What is ticked and written where a unit does not sign. */
const REFUSAL: Cell = {
  text: [...ticks(["单位拒绝签名"]), ...blank("　原因：", 15), ...blank("　见证人：", 8)],
  columns: 5,
};
