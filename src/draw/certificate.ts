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
import { seedCommand, ticketCommand } from "./certificate-commands.ts";
import { countTable } from "./certificate-counts.ts";
import { type CertificateSignature, signatureBlocks } from "./certificate-signatures.ts";
import type { Manifest } from "./manifest.ts";

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
  /** Electronic signatures, in the order in which they were made; none at the draw. */
  readonly signatures?: readonly CertificateSignature[];
}

const TITLE: Style = { face: "serif", size: 22, leading: 32, heavy: true };
const HOLDER: Style = { face: "serif", size: 14, leading: 24 };
const HEADING: Style = { face: "sans", size: 12, leading: 20 };
const BODY: Style = { face: "serif", size: 11, leading: 18 };
const LABEL: Style = { face: "sans", size: 9.5, leading: 13.5 };
const SMALL: Style = { face: "serif", size: 9.5, leading: 13.5 };
/** Small enough for a digest on one line beside its label. */
const DIGEST: Style = { face: "serif", size: 9, leading: 13 };
const CODE: Style = { face: "sans", size: 9, leading: 13.5 };
const HINT: Style = { face: "kai", size: 10.5, leading: 16 };

const REHEARSAL = "REHEARSAL";
const METHOD_NAMES: Readonly<Record<string, string>> = {
  ticket: "签号法：签号为“种子:代码”的 SHA-256 摘要，层内按签号由小到大排序，居前者为样本。",
  seedrandom: "种子洗牌法：以“种子/层”的 SHA-256 摘要为密钥的伪随机序列，对层内单位洗牌，居前者为样本。",
};
const QR_SIDE = mm(22);
/** Room for the signed text and the signature: some 350 bytes. */
const SIGNED_QR_SIDE = mm(25);
const SIGNATURE_ROW = 46;
const LABEL_WIDTH = 66;

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
  const { round, manifest, plan, notes, signatures = [] } = input;
  const shuffleOnly =
    manifest.method === "ticket" ? [] : [hint("本方法须用本程序或验证脚本重算整层的顺序，不能逐家验算。")];
  return [
    space(12),
    ...paragraph("抽签见证单", TITLE, AREA.width, { align: "center" }),
    ...paragraph(round.name, HOLDER, AREA.width, { align: "center" }),
    space(8),
    ...summary(input),
    space(12),
    ...heading("一、抽样方案"),
    ...[METHOD_NAMES[plan.method] ?? `方法：${plan.method}`, ...plan.lines].flatMap((line) => body(line)),
    ...heading("二、抽样框（名录）"),
    ...frame(input),
    ...heading("三、随机种子"),
    ...seed(manifest),
    ...heading("四、验算方法"),
    ...body(
      "在任何装有 sha256sum 的计算机上运行下列命令。每条命令在一行内输入，箭头后为应得的结果：先得出种子，再得出一家单位的签号。",
      true,
    ),
    ...[seedCommand(manifest), ticketCommand(manifest)].flatMap((line) => (line === undefined ? [] : command(line))),
    ...shuffleOnly.flat(),
    ...heading("五、抽取结果"),
    ...countTable(input.rows),
    space(6),
    ...(notes.length > 0 ? [...heading("六、说明"), ...notes.flatMap((note, i) => body(`${i + 1}．${note}`))] : []),
    ...(signatures.length > 0
      ? [...heading(`${notes.length > 0 ? "七" : "六"}、电子签名`), ...signatureBlocks(signatures)]
      : []),
    space(10),
    ...witnesses(),
  ];
}

/** The digests that the signatures stand for, beside the code that carries them. */
function summary({ round, manifest, manifestDigest, signatures = [] }: CertificateInput): Block[] {
  const [signed] = signatures;
  const side = signed === undefined ? QR_SIDE : SIGNED_QR_SIDE;
  const qrRoom = side + 8;
  const rows: Row[] = [
    ["组织单位", round.holder],
    ["轮次编号", round.roundId],
    ["抽签日期", round.date],
    ["抽样框摘要", manifest.frameDigest],
    ["方案摘要", manifest.planDigest],
    ["随机种子", manifest.seed],
    ["样本清单摘要", manifestDigest],
  ].map(([label = "", text = ""]) => fact(label, text));
  const blocks = table({ columns: [LABEL_WIDTH, AREA.width - LABEL_WIDTH - qrRoom], style: SMALL, rows });
  const height = blocks.reduce((sum, block) => sum + block.height, 0);
  // Once the draw is signed, its code proves itself; else it only names the manifest, as the code of each form does.
  const code = signed?.code ?? `chouqian:1:${round.roundId}:${manifestDigest}`;
  return blocks.map((block, i) =>
    i > 0
      ? block
      : {
          ...block,
          paint: (canvas, x, y) => {
            block.paint(canvas, x, y);
            paintQr(canvas, code, x + AREA.width - side, y + (height - side) / 2, side);
          },
        },
  );
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
  const widths = [88, 48];
  return [
    ...body(`抽样框在抽签之前锁定，共 ${count(units)} 家普查对象；${left}。名录文件如下：`, true),
    ...table({
      columns: [...widths, AREA.width - widths.reduce((sum, width) => sum + width, 0)],
      style: SMALL,
      header: [{ cells: ["名录文件", "行数", "SHA-256"].map((text) => ({ text, style: LABEL, align: "center" })) }],
      rows: sources.map(({ name, rows, sha256 }) => ({
        cells: [{ text: name }, { text: count(rows), align: "right" }, { text: sha256, style: DIGEST }],
      })),
    }),
    space(8),
  ];
}

function seed({ contributions, roundId }: Manifest): Block[] {
  const widths = [24, 100, 150];
  return [
    ...body(`种子由下列各项按先后顺序合成，抽签编号为 ${roundId}。`, true),
    ...table({
      columns: [...widths, AREA.width - widths.reduce((sum, width) => sum + width, 0)],
      style: SMALL,
      header: [
        { cells: ["序", "提供者", "内容", "事先承诺"].map((text) => ({ text, style: LABEL, align: "center" })) },
      ],
      rows: contributions.map(({ by, value, commitment, nonce }, i) => ({
        cells: [
          { text: String(i + 1), align: "center" },
          { text: by },
          { text: value },
          { text: (commitment ?? "无") + (nonce === undefined ? "" : `\n随机数 ${nonce}`) },
        ],
      })),
    }),
    space(8),
  ];
}

function heading(text: string): Block[] {
  return [space(6), ...paragraph(text, HEADING, AREA.width, { align: "left", keepWithNext: true }), space(1)].map(
    (block) => ({ ...block, keepWithNext: true }),
  );
}

function body(text: string, keepWithNext = false): Block[] {
  return paragraph(`　　${text}`, BODY, AREA.width, { keepWithNext });
}

function hint(text: string): Block[] {
  return paragraph(text, HINT, AREA.width, { align: "left" });
}

/** A command to type, in a frame of its own. */
function command(text: string): Block[] {
  return [...table({ columns: [AREA.width], style: CODE, rows: [{ cells: [{ text }] }] }), space(5)];
}

/** Those who were present. */
function witnesses(): Block[] {
  const third = AREA.width / 3;
  const sides = ["检查组", "市普查办", "见证人"];
  return [
    ...body(`上述名录、方案、种子与结果经在场各方核对无误，抽签过程公开进行，特此见证。`, true),
    { ...space(4), keepWithNext: true },
    ...table({
      columns: [third, third, third],
      style: SMALL,
      rows: [
        { keepWithNext: true, minHeight: 22, cells: sides.map((text) => ({ text, style: LABEL, align: "center" })) },
        {
          keepWithNext: true,
          minHeight: SIGNATURE_ROW,
          cells: sides.map(() => ({ text: "（签名）", valign: "top" })),
        },
        { minHeight: 22, cells: sides.map(() => ({ text: "　　　　年　　月　　日", align: "right" })) },
      ],
    }),
  ];
}
