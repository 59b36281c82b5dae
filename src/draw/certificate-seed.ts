/** The certificate's sections on the seed: what it was made of, and how anyone works it out anew. */
import { type Block, paragraph, space } from "../pdf/block.ts";
import { AREA } from "../pdf/page.ts";
import { table } from "../pdf/table.ts";
import type { Style } from "../pdf/text.ts";
import { originInWords } from "../seed/origin.ts";
import { commitmentCommand, seedCommand, ticketCommand } from "./certificate-commands.ts";
import { body, LABEL, SMALL } from "./certificate-styles.ts";
import { type Contribution, drawIdOfManifest, type Manifest } from "./manifest.ts";

const CODE: Style = { face: "sans", size: 9, leading: 13.5 };
const HINT: Style = { face: "kai", size: 10.5, leading: 16 };
const WIDTHS = [24, 100, 150];

/** The contributions in their order; of a sealed one the commitment alone. */
export function seed(manifest: Manifest, isSealed: boolean): Block[] {
  const { contributions } = manifest;
  const about = isSealed ? "其中一项封存：承诺在前，原值由检查组保管，核查结束后公开。" : "";
  return [
    ...body(`种子由下列各项按先后顺序合成，抽签编号为 ${drawIdOfManifest(manifest)}。${about}`, true),
    ...table({
      columns: [...WIDTHS, AREA.width - WIDTHS.reduce((sum, width) => sum + width, 0)],
      style: SMALL,
      header: [
        { cells: ["序", "提供者", "内容", "事先承诺"].map((text) => ({ text, style: LABEL, align: "center" })) },
      ],
      rows: contributions.map((contribution, i) => ({
        cells: [
          { text: String(i + 1), align: "center" },
          { text: contribution.by },
          { text: isKept(contribution, isSealed) ? "（封存）" : valueWithOrigin(contribution) },
          { text: commitmentOf(contribution, isSealed) },
        ],
      })),
    }),
    space(8),
  ];
}

function isKept({ sealed }: Contribution, isSealed: boolean): boolean {
  return isSealed && sealed === true;
}

function valueWithOrigin(contribution: Contribution): string {
  const origin = originInWords(contribution).zh;
  return contribution.value + (origin === "" ? "" : `\n（${origin}）`);
}

function commitmentOf(contribution: Contribution, isSealed: boolean): string {
  const { commitment, nonce } = contribution;
  const opened = nonce === undefined || isKept(contribution, isSealed) ? "" : `\n随机数 ${nonce}`;
  return (commitment ?? "无") + opened;
}

/** Commands to type; under a sealed seed how it will be proved once it is opened. */
export function proof(manifest: Manifest, isSealed: boolean): Block[] {
  if (isSealed) {
    return [
      ...body(
        "种子公开之前，本单上的样本清单摘要和承诺已经固定了抽签结果：清单换掉一家，摘要就不同；封存的值换掉一位，承诺就不符。",
      ),
      ...body(
        "核查结束后公开封存的值和随机数。届时下列命令的结果应为上表中的承诺，样本清单（manifest.json）的 SHA-256 应为本单首表所列，种子和签号按重印的见证单验算。",
        true,
      ),
      ...manifest.contributions.flatMap((contribution) =>
        isKept(contribution, isSealed) ? command(commitmentCommand(contribution)) : [],
      ),
    ];
  }
  return [
    ...body(
      "在任何装有 sha256sum 的计算机上运行下列命令。每条命令在一行内输入，箭头后为应得的结果：先得出种子，再得出一家单位的签号。",
      true,
    ),
    ...[seedCommand(manifest), ticketCommand(manifest)].flatMap((line) => (line === undefined ? [] : command(line))),
    ...(manifest.method === "ticket" ? [] : hint("本方法须用本程序或验证脚本重算整层的顺序，不能逐家验算。")),
  ];
}

function hint(text: string): Block[] {
  return paragraph(text, HINT, AREA.width, { align: "left" });
}

/** A command to type, in a frame of its own. */
function command(text: string): Block[] {
  return [...table({ columns: [AREA.width], style: CODE, rows: [{ cells: [{ text }] }] }), space(5)];
}
