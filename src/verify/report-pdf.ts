/** 验证报告: what a verification found, on one page for those who were not there. Says nothing of a clock. */
import { type Block, paragraph, space } from "../pdf/block.ts";
import { PdfDocument, type PdfResult } from "../pdf/document.ts";
import { fillPages } from "../pdf/flow.ts";
import { furnish } from "../pdf/furniture.ts";
import { WIDE_AREA } from "../pdf/page.ts";
import { type Row, table } from "../pdf/table.ts";
import type { Style } from "../pdf/text.ts";
import type { Finding } from "./finding.ts";

/** What the report is about. */
export interface VerificationReport {
  readonly round: { readonly id: string; readonly name: string; readonly holder: string };
  /** The city whose part was verified; the whole round where absent. */
  readonly city: string | undefined;
  /** Digests by their names, as the round's files have them; those not there yet are left out. */
  readonly digests: readonly (readonly [name: string, digest: string])[];
  readonly findings: readonly Finding[];
}

const NAME = "验证报告";
const TITLE: Style = { face: "title", size: 22, leading: 30, heavy: true };
const HOLDER: Style = { face: "serif", size: 13, leading: 22 };
const VERDICT: Style = { face: "sans", size: 13, leading: 22 };
const BODY: Style = { face: "serif", size: 9.5, leading: 14 };
const LABEL: Style = { face: "sans", size: 9, leading: 12 };
const SMALL: Style = { face: "serif", size: 9, leading: 12 };
const LABEL_WIDTH = 76;
/** Least height of a row: all that can be found has to stand on one page. */
const ROW = 16;
const OUTCOMES: Readonly<Record<Finding["outcome"], string>> = { passed: "相符", failed: "不符", skipped: "未核对" };

/** Prints the report. */
export function renderReport(report: VerificationReport): Promise<PdfResult> {
  const { round, findings } = report;
  const document = new PdfDocument({ title: `${round.name}　${NAME}`, author: round.holder });
  const pages = fillPages(blocks(report), WIDE_AREA, () => document.canvas());
  furnish(pages, { head: [round.name, NAME], foot: `轮次 ${round.id}　${verdict(findings)}` }, WIDE_AREA);
  for (const page of pages) document.add(page);
  return document.finish();
}

/** The outcome in a few words. */
export function verdict(findings: readonly Finding[]): string {
  const count = (outcome: Finding["outcome"]) => findings.filter((finding) => finding.outcome === outcome).length;
  const left = count("skipped") > 0 ? `，${count("skipped")} 项未核对` : "";
  if (count("failed") > 0) return `${count("failed")} 项不符，${count("passed")} 项相符${left}`;
  return `${count("passed")} 项全部相符${left}`;
}

function blocks({ round, city, digests, findings }: VerificationReport): Block[] {
  const scope = city === undefined ? "整个轮次" : `${city}（只用该市名录）`;
  return [
    ...paragraph(NAME, TITLE, WIDE_AREA.width, { align: "center" }),
    ...paragraph(round.name, HOLDER, WIDE_AREA.width, { align: "center" }),
    space(2),
    ...paragraph(`结论：${verdict(findings)}`, VERDICT, WIDE_AREA.width, { align: "center" }),
    space(4),
    ...table({
      columns: [LABEL_WIDTH, WIDE_AREA.width - LABEL_WIDTH],
      style: SMALL,
      rows: [["轮次编号", round.id], ["核对范围", scope], ...digests].map(fact),
    }),
    space(6),
    ...table({
      columns: [24, 116, 42, WIDE_AREA.width - 182],
      style: SMALL,
      header: [{ cells: ["序", "核对内容", "结果", "说明"].map((text) => ({ text, style: LABEL, align: "center" })) }],
      rows: findings.map(({ title, outcome, detail }, index) => ({
        minHeight: ROW,
        cells: [
          { text: String(index + 1), align: "center" },
          { text: title.zh },
          { text: OUTCOMES[outcome], style: LABEL, align: "center" },
          { text: detail.zh, style: SMALL },
        ],
      })),
    }),
    space(8),
    ...NOTES.flatMap((note) => paragraph(`　　${note}`, BODY, WIDE_AREA.width)),
    space(14),
    ...paragraph("核对人（签名）：　　　　　　　　　　　日期：　　　　年　　月　　日", BODY, WIDE_AREA.width, {
      align: "right",
    }),
  ];
}

function fact([label = "", text = ""]: readonly string[]): Row {
  return {
    minHeight: ROW,
    cells: [
      { text: label, style: LABEL, align: "center" },
      { text, style: SMALL },
    ],
  };
}

/** What the outcome means, and what it cannot mean. */
const NOTES = [
  "本报告由程序从名录、方案和种子重新计算得出，凡能重算的都不采信文件里的记载。相符，表示样本确由上列摘要所指的名录、方案和种子抽出，此后没有改动。",
  "报告不能证明名录本身完整，也不能代替见证：请把上列摘要与各方抽签当天签字留存的见证单核对，两者一致，结论才成立。",
];
