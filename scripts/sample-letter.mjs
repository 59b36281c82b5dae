// Makes samples/notice-template.docx: a Word template with tags, laid out after GB/T 9704-2012 (A4, margins, type sizes).
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const PizZip = createRequire(import.meta.url)("pizzip");
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** A run of text: font for Chinese, size in half points. */
const run = (text, { font = "仿宋", size = 32, bold = false } = {}) =>
  `<w:r><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="${font}"/>${bold ? "<w:b/>" : ""}` +
  `<w:sz w:val="${size}"/><w:szCs w:val="${size}"/></w:rPr><w:t xml:space="preserve">${escaped(text)}</w:t></w:r>`;

/** A paragraph; `indent` in characters of the first line, `space` in twentieths of a point before it. */
const paragraph = (text, { align = "both", indent = 0, space = 0, line = 560, keep = false, ...font } = {}) =>
  `<w:p><w:pPr>${keep ? "<w:keepNext/>" : ""}<w:spacing w:before="${space}" w:line="${line}" w:lineRule="exact"/>` +
  `<w:ind w:firstLineChars="${indent * 100}" w:firstLine="${indent * 320}"/><w:jc w:val="${align}"/></w:pPr>${text === "" ? "" : run(text, font)}</w:p>`;

const WIDTHS = [800, 3640, 2800, 1600];
const cell = (text, width, options) =>
  `<w:tc><w:tcPr><w:tcW w:w="${width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>${paragraph(text, { line: 360, align: "center", size: 21, ...options })}</w:tc>`;
const row = (texts, options, head = false) =>
  `<w:tr><w:trPr><w:cantSplit/>${head ? "<w:tblHeader/>" : ""}</w:trPr>${texts.map((text, i) => cell(text, WIDTHS[i], options)).join("")}</w:tr>`;
const border = (side) => `<w:${side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>`;
const table = (rows) =>
  `<w:tbl><w:tblPr><w:tblW w:w="${WIDTHS.reduce((a, b) => a + b)}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>` +
  `${["top", "left", "bottom", "right", "insideH", "insideV"].map(border).join("")}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr>` +
  `<w:tblGrid>${WIDTHS.map((width) => `<w:gridCol w:w="${width}"/>`).join("")}</w:tblGrid>${rows.join("")}</w:tbl>`;

const TITLE = { align: "center", font: "方正小标宋简体", size: 44, line: 640 };
const body = [
  paragraph("代拟稿", { align: "left", font: "黑体" }),
  paragraph("关于开展{round.name}的通知", { ...TITLE, space: 560 }),
  paragraph("", {}),
  paragraph("{city.name}污染源普查领导小组办公室：", { align: "left" }),
  paragraph("按照工作安排，我办将对你市污染源普查数据开展现场质量核查。现将有关事项通知如下：", { indent: 2 }),
  paragraph("一、核查对象", { indent: 2, font: "黑体", keep: true }),
  paragraph("经公开抽签，共抽取你市污染源 {count} 家：{summary}。名单见附件。样本清单摘要（SHA-256）前 16 位为：", {
    indent: 2,
  }),
  paragraph("{round.digest16}", { align: "center" }),
  paragraph("二、有关要求", { indent: 2, font: "黑体", keep: true }),
  paragraph("请组织被抽取单位备齐营业执照、排污许可证、生产台账、缴费凭证等佐证材料，安排专人配合。", { indent: 2 }),
  paragraph("附件：{city.name}抽取名单", { indent: 2, space: 560 }),
  paragraph("{round.holder}", { align: "right", space: 840 }),
  paragraph("{round.date}", { align: "right" }),
  '<w:p><w:r><w:br w:type="page"/></w:r></w:p>',
  paragraph("附件", { align: "left", font: "黑体" }),
  paragraph("{city.name}抽取名单", { ...TITLE, size: 36 }),
  "{CLASSES}",
].join("");

const classes = [
  paragraph("{#classes}", { align: "left" }),
  paragraph("{name}（{count} 家）", { align: "left", font: "黑体", space: 240, keep: true }),
  table([
    row(["序号", "单位名称", "单位代码", "县区"], { font: "黑体" }, true),
    row(["{#sources}{number}", "{name}", "{id}", "{county}{/sources}"]),
  ]),
  paragraph("{/classes}", { align: "left" }),
].join("");

const W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
/** A4 in twentieths of a point; top 37 mm, left 28 mm, type area 156 × 225 mm. */
const section =
  `<w:sectPr><w:footerReference w:type="default" r:id="rId1"/><w:pgSz w:w="11906" w:h="16838"/>` +
  `<w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588" w:header="851" w:footer="1400" w:gutter="0"/></w:sectPr>`;
const NUMBER = `<w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="宋体"/><w:sz w:val="28"/></w:rPr>`;
const pageNumber = ["begin", "separate", "end"].map(
  (type) => `<w:r>${NUMBER}<w:fldChar w:fldCharType="${type}"/></w:r>`,
);
const footer =
  `<w:p><w:pPr><w:jc w:val="center"/></w:pPr>${run("— ", { font: "宋体", size: 28 })}${pageNumber[0]}` +
  `<w:r>${NUMBER}<w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>${pageNumber[1]}${run("1", { size: 28 })}${pageNumber[2]}${run(" —", { font: "宋体", size: 28 })}</w:p>`;

const parts = {
  "[Content_Types].xml":
    `${HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
    `<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
    `<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>` +
    `<Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/></Types>`,
  "_rels/.rels": `${HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${R}/officeDocument" Target="word/document.xml"/></Relationships>`,
  "word/_rels/document.xml.rels": `${HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${R}/footer" Target="footer1.xml"/></Relationships>`,
  "word/document.xml": `${HEAD}<w:document xmlns:w="${W}" xmlns:r="${R}"><w:body>${body.replace("{CLASSES}", classes)}${section}</w:body></w:document>`,
  "word/footer1.xml": `${HEAD}<w:ftr xmlns:w="${W}" xmlns:r="${R}">${footer}</w:ftr>`,
};

const zip = new PizZip();
for (const [name, xml] of Object.entries(parts))
  zip.file(name, xml, { date: new Date(1980, 0, 1), createFolders: false });
const file = process.argv[2] ?? "samples/notice-template.docx";
writeFileSync(file, zip.generate({ type: "nodebuffer", compression: "DEFLATE" }));
console.log(file);
