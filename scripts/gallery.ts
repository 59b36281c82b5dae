// Makes docs/forms.md and its pictures: the first page of every form and paper with invented data, and of the papers and
// workbooks of the sample round. Needs pdftoppm (poppler) and, for workbooks, soffice (LibreOffice).
// Run: npx tsx scripts/gallery.ts
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import { previewTemplate } from "../src/forms/print-template.ts";
import { listTemplates, readTemplateFile } from "../src/forms/templates.ts";
import { assetPath } from "../src/text/assets.ts";

interface Picture {
  readonly name: string;
  readonly title: string;
}

const DOTS_PER_INCH = "100";
const FOLDER = resolve("docs", "forms");
const SAMPLE = resolve("samples", "round");
const scratch = mkdtempSync(join(tmpdir(), "chouqian-gallery-"));

/** The first page of a PDF in sixteen greys. */
function picture(pdf: string, name: string): void {
  const path = join(scratch, "page");
  execFileSync("pdftoppm", ["-f", "1", "-l", "1", "-singlefile", "-gray", "-r", DOTS_PER_INCH, pdf, path]);
  writeFileSync(join(FOLDER, `${name}.png`), pngOf(readFileSync(`${path}.pgm`)));
}

/** A picture of 256 greys (PGM, P5) as a PNG of sixteen (PNG 1.2: bit depth 4, no filter). */
function pngOf(pgm: Buffer): Buffer {
  const [head = "", w, h] = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(pgm.subarray(0, 64).toString("latin1")) ?? [];
  const [width, height] = [Number(w), Number(h)];
  const rowLength = 1 + Math.ceil(width / 2);
  const rows = Buffer.alloc(rowLength * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const grey = Math.round((pgm[head.length + y * width + x] ?? 255) / 17);
      const at = y * rowLength + 1 + (x >> 1);
      rows[at] = (rows[at] ?? 0) | (x % 2 === 0 ? grey << 4 : grey);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 4;
  const parts = [chunk("IHDR", header), chunk("IDAT", deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))];
  return Buffer.concat([Buffer.from("\u0089PNG\r\n\u001a\n", "latin1"), ...parts]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

async function template(kind: "forms" | "papers", name: string): Promise<void> {
  const file = assetPath("templates", kind, `${name}.yaml`);
  const pdf = join(scratch, `${name}.pdf`);
  writeFileSync(pdf, (await previewTemplate(readTemplateFile(file, undefined), false)).bytes);
  picture(pdf, name);
}

function workbook(path: string, name: string): void {
  execFileSync("soffice", ["--headless", "--convert-to", "pdf", "--outdir", scratch, path], { stdio: "ignore" });
  picture(join(scratch, basename(path).replace(/xlsx$/, "pdf")), name);
}

function gallery(title: string, pictures: readonly Picture[]): string {
  const rows: string[] = [];
  for (let i = 0; i < pictures.length; i += 2) {
    const pair = pictures.slice(i, i + 2);
    rows.push(
      `| ${pair.map(({ name, title }) => `${title} \`${name}\`<br>![${title}](forms/${name}.png)`).join(" | ")} |`,
    );
  }
  return `## ${title}\n\n| | |\n|---|---|\n${rows.join("\n")}\n`;
}

try {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const all = listTemplates(undefined);
  const forms = all.filter(({ sourceClass }) => sourceClass !== undefined);
  const papers = all.filter(({ sourceClass }) => sourceClass === undefined);
  for (const { name } of forms) await template("forms", name);
  for (const { name } of papers) await template("papers", name);
  const [city = ""] = readdirSync(join(SAMPLE, "forms")).filter((entry) => entry.endsWith("市"));
  picture(join(SAMPLE, "draw", "抽签见证单.pdf"), "certificate");
  picture(join(SAMPLE, "forms", city, "核查清单.pdf"), "checklist");
  picture(join(SAMPLE, "forms", city, "核查记录表.pdf"), "record-form");
  workbook(join(SAMPLE, "draw", "抽样名单.xlsx"), "sample-list");
  workbook(join(SAMPLE, "forms", city, "核查记录表.xlsx"), "record-workbook");
  const ofRound = [
    { name: "certificate", title: "抽签见证单" },
    { name: "sample-list", title: "抽样名单（工作簿）" },
    { name: "checklist", title: "核查清单" },
    { name: "record-form", title: "核查记录表" },
    { name: "record-workbook", title: "核查记录表（工作簿的首页）" },
  ];
  const head = `# 表样 Gallery

每张表的第一页；前两组用虚构数据印成，预览时另有灰色大字“演练”。修改模板见 [templates.md](templates.md)。
The first page of every form; the first two groups are printed with invented data, without the 演练 that previews carry.

重做 Made again by: \`npx tsx scripts/gallery.ts\`
`;
  const parts = [
    gallery("核查表 Forms", forms),
    gallery("其他用表 Papers", papers),
    gallery("样例轮次 Sample round", ofRound),
  ];
  writeFileSync(resolve("docs", "forms.md"), [head, ...parts].join("\n"));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
