/** A form filled in on a phone (docs/phone.md): its nodes, whatever their groups. The file is not trusted. */
import { SaxesParser } from "saxes";
import { nodesOf, PHONE_SPEC } from "../forms/xform/record-survey.ts";
import { canonicalCode } from "../text/canonical.ts";
import { ChouqianError, type Place, type Problem } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { fault } from "./faults.ts";
import { type FilledItem, type FilledSource, type FilledValue, ITEM_PARTS, type ItemPart } from "./filled.ts";

const LONGEST_TEXT = 1 << 20;
const DEEPEST = 64;

/**
 * Reads a submission.
 * @param codesOf codes of the indicators of a form template, by its name and digest
 * @throws ChouqianError E-RECORDS-PHONE where it is no XML, or no form of ours
 */
export function readPhone(
  text: string,
  file: string,
  codesOf: (form: string, digest: string) => readonly string[],
): FilledSource {
  const { nodes, twice } = nodesIn(text, file);
  const node = (name: string) => nodes.get(name) ?? "";
  if (node("spec") !== PHONE_SPEC) {
    throw refusal(file, words("不是本程序的手机表单", "it is no phone form of this program"));
  }
  const torn = OF_THE_FORM.find((name) => twice.has(name));
  if (torn !== undefined) {
    throw refusal(file, words(`${torn} 填了两次，内容不同`, `${torn} is filled in twice and differently`));
  }
  const value = (name: string): FilledValue | undefined => {
    const found = node(name);
    return found.trim() === "" ? undefined : { text: found, at: placeOf(file, name) };
  };
  const codes = codesOf(node("template"), node("template_digest"));
  const items = codes.map((code): FilledItem => {
    const names = nodesOf(code);
    const values: Partial<Record<ItemPart, FilledValue>> = {};
    for (const part of ITEM_PARTS) {
      const found = value(names[part === "ruling" ? "result" : part]);
      if (found !== undefined) values[part] = found;
    }
    return { code, at: placeOf(file, names.found), values, cells: {} };
  });
  const tornCodes = codes.filter((code) => Object.values(nodesOf(code)).some((name) => twice.has(name)));
  const head: FilledSource["head"] = Object.fromEntries(
    (
      [
        ["outcome", "outcome"],
        ["date", "visit_date"],
        ["inspectors", "inspectors"],
        ["team", "team"],
        ["conclusion", "conclusion"],
      ] as const
    ).flatMap(([part, name]) => {
      const found = value(name);
      return found === undefined ? [] : [[part, found]];
    }),
  );
  return {
    unit: canonicalCode(node("unit")),
    at: placeOf(file, "unit"),
    claim: {
      roundId: node("round_id"),
      manifest: node("manifest_digest"),
      form: node("template"),
      formDigest: node("template_digest"),
    },
    head,
    headCells: {},
    items,
    faults: [
      ...(codes.length > 0 ? [] : [noTemplate(file, node("template"))]),
      ...tornCodes.map((code) => itemTwice(code, placeOf(file, nodesOf(code).found))),
    ],
  };
}

/** Nodes that belong to the whole form, each once. */
const OF_THE_FORM = [
  ...["spec", "unit", "round_id", "manifest_digest", "template", "template_digest"],
  ...["outcome", "visit_date", "inspectors", "team", "conclusion"],
];

function itemTwice(code: string, at: Place): Problem {
  const zh = `指标 ${code} 填了两次，内容不同`;
  return fault("E-RECORDS-ITEM-TWICE", zh, `${code} is filled in twice and differently`, { ...at, value: code });
}

function noTemplate(file: string, name: string): Problem {
  const at = { ...placeOf(file, "template"), value: name };
  return fault(
    "E-RECORDS-TEMPLATE",
    `本轮次没有用过这份表单的模板“${name}”`,
    `no form of this round was made from its template ${name}`,
    at,
  );
}

function placeOf(file: string, node: string): Place {
  return { file, column: node };
}

/** Elements without elements, by their names without prefix. */
interface Nodes {
  /** The text of each; of those that stand twice the one that is not empty. */
  readonly nodes: ReadonlyMap<string, string>;
  /** Those that stand twice with different texts. */
  readonly twice: ReadonlySet<string>;
}

function nodesIn(text: string, file: string): Nodes {
  const nodes = new Map<string, string>();
  const twice = new Set<string>();
  const open: { readonly name: string; text: string; isLeaf: boolean }[] = [];
  const parser = new SaxesParser({ xmlns: false });
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("doctype", () => {
    throw refusal(file, words("XML 里有 DTD 声明，不允许", "a DTD is not allowed in the XML"));
  });
  parser.on("opentag", ({ name }) => {
    const parent = open.at(-1);
    if (parent !== undefined) parent.isLeaf = false;
    if (open.length >= DEEPEST) throw new Error("nested too deep");
    open.push({ name: name.replace(/^.*:/, ""), text: "", isLeaf: true });
  });
  const take = (part: string) => {
    const element = open.at(-1);
    if (element === undefined) return;
    element.text += part;
    if (element.text.length > LONGEST_TEXT) throw new Error("overlong text");
  };
  parser.on("text", take);
  parser.on("cdata", take);
  parser.on("closetag", () => {
    const element = open.pop();
    if (!element?.isLeaf) return;
    const other = nodes.get(element.name)?.trim() ?? "";
    const own = element.text.trim();
    if (other !== "" && own !== "" && own !== other) twice.add(element.name);
    if (other === "") nodes.set(element.name, element.text);
  });
  try {
    parser.write(text).close();
  } catch (error) {
    if (error instanceof ChouqianError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw refusal(file, words(`XML 有误：${why}`, `faulty XML: ${why}`));
  }
  return { nodes, twice };
}

function refusal(file: string, message: ReturnType<typeof words>): ChouqianError {
  return new ChouqianError("E-RECORDS-PHONE", {
    message,
    advice: words(
      "请给出 ODK Central、KoboToolbox 或手机里原样的提交文件（XML）",
      "give the submission (XML) as ODK Central, KoboToolbox or the phone has it",
    ),
    at: { file },
  });
}
