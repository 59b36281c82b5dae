/** 抽签见证单: what was drawn, from what, by which seed, for those present to sign. Anyone can recompute it from this paper. */
import { type Block, paragraph, space } from "../pdf/block.ts";
import { PdfDocument, type PdfResult } from "../pdf/document.ts";
import { fillPages } from "../pdf/flow.ts";
import { furnish } from "../pdf/furniture.ts";
import { AREA, mm } from "../pdf/page.ts";
import { paintQr } from "../pdf/qr.ts";
import { type Row, table } from "../pdf/table.ts";
import type { Content, Style } from "../pdf/text.ts";
import type { SourceClass } from "../reference/classes.ts";
import { REHEARSAL } from "../round/config.ts";
import { SEALED_SEED } from "../seed/sealed.ts";
import { numeral } from "../text/numerals.ts";
import { countTable } from "./certificate-counts.ts";
import { proof, seed } from "./certificate-seed.ts";
import { type CertificateSignature, signatureBlocks } from "./certificate-signatures.ts";
import { body, DIGEST, LABEL, SMALL } from "./certificate-styles.ts";
import { type Manifest, NO_PARTY, REHEARSAL_PARTY } from "./manifest.ts";

export interface CertificateRow {
  readonly city: string;
  readonly sourceClass: SourceClass;
  readonly N: number;
  readonly n: number;
  readonly reserve: number;
  readonly shortfall: number;
}

export interface CertificateInput {
  readonly round: {
    readonly roundId: string;
    readonly name: string;
    readonly holder: string;
    /** As it is printed, such as 2019年9月30日; empty for a blank. */
    readonly date: string;
    readonly level: "province" | "city";
  };
  readonly manifest: Manifest;
  readonly manifestDigest: string;
  /** The plan in plain words, a paragraph a line. */
  readonly plan: { readonly method: string; readonly lines: readonly string[] };
  readonly rows: readonly CertificateRow[];
  readonly frame: {
    readonly units: number;
    readonly sources: readonly { readonly name: string; readonly rows: number; readonly sha256: string }[];
    /** Rows of the ledgers that did not enter the frame. */
    readonly excluded: number;
  };
  readonly notes: readonly string[];
  /** Unlocks, unsealings and redraws before this draw, a paragraph each; printed in full. */
  readonly history?: readonly string[];
  /** The seed stays secret: nothing is printed that leads to it or to a drawn unit. */
  readonly isSealed?: boolean;
  /** Electronic signatures, in the order in which they were made; none at the draw. */
  readonly signatures?: readonly CertificateSignature[];
}

const TITLE: Style = { face: "title", size: 22, leading: 32, heavy: true };
const HOLDER: Style = { face: "serif", size: 14, leading: 24 };
const HEADING: Style = { face: "sans", size: 12, leading: 20 };

const METHOD_NAMES: Readonly<Record<string, string>> = {
  ticket: "签号法：签号为“种子:代码”的 SHA-256 摘要，层内按签号由小到大排序，居前者为样本。",
  seedrandom: "种子洗牌法：以“种子/层”的 SHA-256 摘要为密钥的伪随机序列，对层内单位洗牌，居前者为样本。",
};
const QR_SIDE = mm(22);
/** Room for the signed text and the signature: some 350 bytes. */
const SIGNED_QR_SIDE = mm(25);
const SIGNATURE_ROW = 46;
const DATE_BLANK = "　　　　年　　月　　日";
const LABEL_WIDTH = 66;
const ROWS_WIDTH = 66;
/** Blocks that stand on the page of the signatures, so that nobody signs a page of its own. */
const SIGNED_WITH = 6;

/** Prints the certificate of one draw. */
export function renderCertificate(input: CertificateInput): Promise<PdfResult> {
  const { round, manifestDigest } = input;
  const document = new PdfDocument({ title: `${round.name}　抽签见证单`, author: round.holder });
  const isRehearsal = round.roundId === REHEARSAL;
  const pages = fillPages(certificate(input), AREA, () => document.canvas());
  furnish(pages, {
    head: [round.name, isRehearsal ? "演练　抽签见证单" : "抽签见证单"],
    foot: `轮次 ${round.roundId}　清单摘要 ${manifestDigest.slice(0, 16)}`,
    ...(isRehearsal ? { across: "演练" } : {}),
  });
  for (const page of pages) document.add(page);
  return document.finish();
}

function certificate(input: CertificateInput): Block[] {
  const { manifest, plan, notes, history = [], isSealed = false, signatures = [] } = input;
  const sections: (readonly [title: string, blocks: Block[]])[] = [
    ["抽样方案", [METHOD_NAMES[plan.method] ?? `方法：${plan.method}`, ...plan.lines].flatMap((line) => body(line))],
    ["抽样框（名录）", frame(input)],
    ["随机种子", seed(manifest, isSealed)],
    ["验算方法", proof(manifest, isSealed)],
    ["抽取结果", counts(input)],
    ["说明", notes.flatMap((note, i) => body(`${i + 1}．${note}`))],
    ["此前的解锁、改方案与重抽", history.flatMap((line) => body(line))],
    ["电子签名", signatures.length > 0 ? signatureBlocks(signatures) : []],
  ];
  const filled = sections.filter(([, blocks]) => blocks.length > 0);
  const text = filled.flatMap(([title, blocks], i) => [...heading(`${numeral(i + 1)}、${title}`), ...blocks]);
  const kept = [...text.slice(-SIGNED_WITH), space(10)].map((block) => ({ ...block, keepWithNext: true }));
  return [
    ...titleBlocks(input),
    ...summary(input),
    space(12),
    ...text.slice(0, -SIGNED_WITH),
    ...kept,
    ...witnesses(input),
  ];
}

/** Counts of the draw. Where areas were drawn under a sealed seed only their total: the others tell which areas. */
function counts({ rows, manifest, isSealed }: CertificateInput): Block[] {
  if (isSealed === true && manifest.areaDraw !== undefined) {
    const n = rows.reduce((sum, row) => sum + row.n, 0);
    return body(`共抽取 ${n} 家；各市、各类数量随片区封存，核查结束后公布。`);
  }
  return [...countTable(rows), space(6)];
}

/** Title and inspection, with the code that carries the manifest's digest at their right. */
function titleBlocks({ round, manifestDigest, signatures = [] }: CertificateInput): Block[] {
  const [signed] = signatures;
  const side = signed === undefined ? QR_SIDE : SIGNED_QR_SIDE;
  // Once the draw is signed, its code proves itself; else it only names the manifest, as the code of each form does.
  const code = signed?.code ?? `chouqian:1:${round.roundId}:${manifestDigest}`;
  const inset = side + 8;
  const [first, ...others] = [
    ...paragraph("抽签见证单", TITLE, AREA.width, { align: "center", inset, role: "H1" }),
    ...paragraph(round.name, HOLDER, AREA.width, { align: "center", inset }),
  ];
  if (first === undefined) return [];
  const height = others.reduce((sum, block) => sum + block.height, first.height);
  const withCode: Block = {
    ...first,
    paint: (canvas, x, y) => {
      first.paint(canvas, x, y);
      paintQr(canvas, code, x + AREA.width - side, y, side);
    },
  };
  return [withCode, ...others, space(Math.max(0, side - height) + 8)];
}

/** The digests that the signatures stand for. */
function summary({ round, manifest, manifestDigest, isSealed }: CertificateInput): Block[] {
  const rows: Row[] = [
    ["组织单位", round.holder],
    ["轮次编号", round.roundId],
    ["抽签日期", round.date || DATE_BLANK],
    ["抽样框摘要", manifest.frameDigest],
    ["方案摘要", manifest.planDigest],
    ["随机种子", isSealed === true ? `${SEALED_SEED}（承诺见第三节）` : manifest.seed],
    ["样本清单摘要", manifestDigest],
  ].map(([label = "", text = ""]) => fact(label, text));
  return table({ columns: [LABEL_WIDTH, AREA.width - LABEL_WIDTH], style: SMALL, rows });
}

function fact(label: string, text: Content): Row {
  return {
    keepWithNext: true,
    minHeight: 20,
    cells: [
      { text: label, style: LABEL, align: "center" },
      { text, style: DIGEST },
    ],
  };
}

function frame({ frame: { units, sources, excluded } }: CertificateInput): Block[] {
  const count = (value: number) => value.toLocaleString("en-US");
  const left = excluded > 0 ? `另有 ${count(excluded)} 行未进入抽样框，逐行列于锁定记录` : "名录各行全部进入抽样框";
  return [
    ...body(`抽样框在抽签之前锁定，共 ${count(units)} 家普查对象；${left}。名录文件如下：`, true),
    ...table({
      columns: [AREA.width - ROWS_WIDTH, ROWS_WIDTH],
      style: SMALL,
      header: [{ cells: ["名录文件及其 SHA-256", "行数"].map((text) => ({ text, style: LABEL, align: "center" })) }],
      rows: sources.map(({ name, rows, sha256 }) => ({
        cells: [
          {
            text: [
              { text: `${name}\n`, style: SMALL },
              { text: sha256, style: DIGEST },
            ],
          },
          { text: count(rows), align: "right" },
        ],
      })),
    }),
    space(8),
  ];
}

function heading(text: string): Block[] {
  return [
    space(6),
    ...paragraph(text, HEADING, AREA.width, { align: "left", keepWithNext: true, role: "H2" }),
    space(1),
  ].map((block) => ({ ...block, keepWithNext: true }));
}

/** Who signs: the inspection team, each party that gave a part of the seed, and a witness. */
export function signatories({ contributions }: Manifest): string[] {
  const parties = contributions.map(({ by }) => by).filter((by) => by !== NO_PARTY && by !== REHEARSAL_PARTY);
  const own = parties.length > 0 ? parties : ["组织单位"];
  return [...new Set(["检查组", ...own, "见证人"])];
}

/** Those who were present. */
function witnesses({ manifest, isSealed }: CertificateInput): Block[] {
  const sides = signatories(manifest);
  // Boxes in a row: four stand two by two.
  const across = sides.length === 4 ? 2 : 3;
  const rows: Row[] = [];
  for (let at = 0; at < sides.length; at += across) {
    const own = Array.from({ length: across }, (_, i) => sides[at + i]);
    const filled = (text: string) => (side: string | undefined) => (side === undefined ? "" : text);
    const isLast = at + across >= sides.length;
    rows.push(
      {
        keepWithNext: true,
        minHeight: 22,
        cells: own.map((side = "") => ({ text: side, style: LABEL, align: "center" })),
      },
      {
        keepWithNext: true,
        minHeight: SIGNATURE_ROW,
        cells: own.map(filled("（签名）")).map((text) => ({ text, valign: "top" })),
      },
      {
        keepWithNext: !isLast,
        minHeight: 22,
        cells: own.map(filled(DATE_BLANK)).map((text) => ({ text, align: "right" })),
      },
    );
  }
  return [
    ...body(
      `上述名录、方案、${isSealed === true ? "各项种子内容与承诺、样本清单摘要" : "种子与结果"}经在场各方核对无误，抽签过程公开进行，特此见证。`,
      true,
    ),
    { ...space(4), keepWithNext: true },
    ...table({ columns: Array.from({ length: across }, () => AREA.width / across), style: SMALL, rows }),
  ];
}
