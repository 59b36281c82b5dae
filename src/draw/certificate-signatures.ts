/** The electronic signatures on a certificate: who signed what, in text and as a code to scan. */
import { type Block, paragraph, space } from "../pdf/block.ts";
import { AREA, mm } from "../pdf/page.ts";
import { paintQr } from "../pdf/qr.ts";
import { type Row, table } from "../pdf/table.ts";
import type { Style } from "../pdf/text.ts";

/** A signature under manifest and journal, as it is printed. */
export interface CertificateSignature {
  readonly signer: string;
  /** SHA-256 of the public key, 64 hex digits. */
  readonly fingerprint: string;
  /** Digest of the journal's last line when it was signed. */
  readonly journalHead: string;
  /** Ed25519, 64 bytes in base64url. */
  readonly signature: string;
  /** What the QR code holds: the signed text and the signature. */
  readonly code: string;
}

const QR_SIDE = mm(25);
const LABEL_WIDTH = 66;
const GAP = 8;
const LABEL: Style = { face: "sans", size: 9.5, leading: 13.5 };
const VALUE: Style = { face: "serif", size: 8.7, leading: 13 };
const BODY: Style = { face: "serif", size: 11, leading: 18 };

/** A paragraph on what the signatures mean, then each with its code beside it. */
export function signatureBlocks(signatures: readonly CertificateSignature[]): Block[] {
  return [
    ...paragraph(
      "　　下列各方以 Ed25519 私钥对样本清单摘要和日志签名；二维码内为所签文字和签名，公钥见 signatures 文件夹。公钥指纹应与签名人另行公布的一致。",
      BODY,
      AREA.width,
      { keepWithNext: true },
    ),
    space(2),
    ...signatures.flatMap(signatureBlock),
  ];
}

function signatureBlock({ signer, fingerprint, journalHead, signature, code }: CertificateSignature): Block[] {
  const facts = [
    ["签名人", signer],
    ["公钥指纹", fingerprint],
    ["日志末行摘要", journalHead],
    ["签名", signature],
  ] as const;
  const rows: Row[] = facts.map(([label, text], i) => ({
    keepWithNext: i < facts.length - 1,
    minHeight: QR_SIDE / facts.length,
    cells: [
      { text: label, style: LABEL, align: "center" },
      { text, style: VALUE },
    ],
  }));
  const blocks = table({ columns: [LABEL_WIDTH, AREA.width - LABEL_WIDTH - QR_SIDE - GAP], style: VALUE, rows });
  const height = blocks.reduce((sum, block) => sum + block.height, 0);
  const withCode = blocks.map((block, i) =>
    i > 0
      ? block
      : {
          ...block,
          paint: (canvas: Parameters<Block["paint"]>[0], x: number, y: number) => {
            block.paint(canvas, x, y);
            paintQr(canvas, code, x + AREA.width - QR_SIDE, y + (height - QR_SIDE) / 2, QR_SIDE);
          },
        },
  );
  return [...withCode, space(8)];
}
