/** The parts around a sheet: which sheets there are, the shared strings, and how styles show numbers. */
import { posix } from "node:path";
import { words } from "../text/words.ts";
import type { Archive } from "./archive.ts";
import { type Display, displayOf, unescapeText } from "./cell-value.ts";
import { refusal } from "./refusals.ts";
import { type Attributes, readPart } from "./xml.ts";

export interface SheetPart {
  readonly name: string;
  readonly hidden: boolean;
  readonly part: string;
}

/** What `workbook.xml` and its relations say. */
export interface WorkbookParts {
  readonly sheets: readonly SheetPart[];
  readonly epoch1904: boolean;
  readonly stringsPart: string | undefined;
  readonly stylesPart: string | undefined;
}

/** @throws ChouqianError when the archive holds another kind of document, or no worksheet */
export async function readWorkbookParts(archive: Archive): Promise<WorkbookParts> {
  const [root] = await readRelations(archive, "").then((all) => all.filter(({ type }) => type === "officeDocument"));
  const workbook = root?.target ?? "xl/workbook.xml";
  if (!archive.has(workbook) || !/\.xml$/i.test(workbook))
    throw refusal("E-XLSX-NOT-A-WORKBOOK", archive.path, kindOf(archive));
  const relations = await readRelations(archive, workbook);
  const listed: { name: string; hidden: boolean; id: string | undefined }[] = [];
  let epoch1904 = false;
  let isWorkbook = false;
  await readPart(archive, workbook, {
    open(name, attributes) {
      if (name === "workbook") isWorkbook = true;
      if (name === "workbookPr") epoch1904 = isTrue(attributes.date1904);
      if (name === "sheet") {
        const hidden = /hidden$/i.test(attributes.state ?? "");
        listed.push({ name: unescapeText(attributes.name ?? ""), hidden, id: relationId(attributes) });
      }
    },
  });
  if (!isWorkbook) throw refusal("E-XLSX-NOT-A-WORKBOOK", archive.path, kindOf(archive));
  const sheets = listed.flatMap(({ name, hidden, id }) => {
    const relation = relations.find((candidate) => candidate.id === id && candidate.type === "worksheet");
    return relation ? [{ name, hidden, part: relation.target }] : []; // chart sheets hold no cells
  });
  if (sheets.length === 0) throw refusal("E-XLSX-NO-SHEETS", archive.path);
  const partOf = (type: string) => relations.find((relation) => relation.type === type)?.target;
  return { sheets, epoch1904, stringsPart: partOf("sharedStrings"), stylesPart: partOf("styles") };
}

/** Says what a zip archive without a workbook seems to be. */
function kindOf(archive: Archive) {
  if (archive.has("xl/workbook.bin")) return words("这是二进制工作簿（.xlsb）", "it is a binary workbook (.xlsb)");
  if (archive.has("word/document.xml")) return words("这是 Word 文档", "it is a Word document");
  if (archive.has("content.xml")) return words("这是 OpenDocument 文档（.ods）", "it is an OpenDocument file (.ods)");
  return words(
    "压缩包里没有工作簿；如是普通压缩包请先解压",
    "the archive holds no workbook; unpack it if it is a plain zip",
  );
}

interface Relation {
  readonly id: string;
  /** Last word of the type's address, the same in the transitional and the strict format. */
  readonly type: string;
  readonly target: string;
}

/** Relations of a part; of the archive itself for `""`. Those that lead out of the archive are left out. */
async function readRelations(archive: Archive, part: string): Promise<readonly Relation[]> {
  const folder = posix.dirname(part);
  const file = posix.join(folder, "_rels", `${posix.basename(part)}.rels`);
  const relations: Relation[] = [];
  if (!archive.has(file)) return relations;
  await readPart(archive, file, {
    open(name, { Id = "", Type = "", Target = "", TargetMode }) {
      if (name !== "Relationship" || TargetMode === "External") return;
      const target = Target.startsWith("/") ? posix.normalize(Target).slice(1) : posix.join(folder, Target);
      relations.push({ id: Id, type: Type.slice(Type.lastIndexOf("/") + 1), target });
    },
  });
  return relations;
}

/** The attribute `r:id`, whatever its prefix. */
function relationId(attributes: Attributes): string | undefined {
  return Object.entries(attributes).find(([name]) => name.endsWith(":id"))?.[1];
}

/** The text of each shared string: runs of rich text joined, phonetic readings left out. */
export async function readSharedStrings(archive: Archive, part: string | undefined): Promise<readonly string[]> {
  const strings: string[] = [];
  if (part === undefined) return strings;
  const text = textCollector();
  await readPart(archive, part, {
    open(name) {
      if (name === "si") text.start();
      text.open(name);
    },
    text: text.add,
    close(name) {
      text.close(name);
      if (name === "si") strings.push(text.end());
    },
  });
  return strings;
}

/** Gathers the `t` elements of a string item or an inline string. */
export function textCollector() {
  let gathered = "";
  let inText = false;
  let inPhonetic = false;
  return {
    start() {
      gathered = "";
      inText = false;
      inPhonetic = false;
    },
    open(name: string) {
      if (name === "t") inText = !inPhonetic;
      else if (name === "rPh") inPhonetic = true;
    },
    add(text: string) {
      if (inText) gathered += text;
    },
    close(name: string) {
      if (name === "t") inText = false;
      else if (name === "rPh") inPhonetic = false;
    },
    end: () => unescapeText(gathered),
  };
}

/** How each cell style shows a number, by the style's index. */
export async function readDisplays(archive: Archive, part: string | undefined): Promise<readonly Display[]> {
  const formats = new Map<number, string>();
  const displays: Display[] = [];
  if (part === undefined) return displays;
  let inCellFormats = false;
  await readPart(archive, part, {
    open(name, attributes) {
      if (name === "numFmt") formats.set(Number(attributes.numFmtId), attributes.formatCode ?? "");
      else if (name === "cellXfs") inCellFormats = true;
      else if (name === "xf" && inCellFormats) {
        const id = Number(attributes.numFmtId ?? 0);
        displays.push(displayOf(id, formats.get(id)));
      }
    },
    close(name) {
      if (name === "cellXfs") inCellFormats = false;
    },
  });
  return displays;
}

function isTrue(value: string | undefined): boolean {
  return value === "1" || value === "true";
}
