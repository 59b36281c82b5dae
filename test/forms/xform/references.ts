/** Finds what an XForm refers to and does not have. ODK's engine takes a path to nothing for an empty value. */
import { JSDOM } from "jsdom";

/**
 * Every fault of an XForm's references.
 * @param columns columns of the file that `jr://file-csv/…` gives
 */
export function danglingReferences(form: string, columns: readonly string[]): string[] {
  const document = new new JSDOM("").window.DOMParser().parseFromString(form, "application/xml");
  const all = (name: string) => [...document.getElementsByTagName(name)];
  const faults: string[] = all("parsererror").map((each) => each.textContent ?? "");
  const [primary] = all("model").flatMap((model) =>
    [...model.children].filter(({ tagName }) => tagName === "instance"),
  );
  const nodes = new Map([...(primary?.children ?? [])].flatMap((root) => pathsBelow(root, "")));
  const texts = new Set(all("text").map((text) => text.getAttribute("id")));
  const lists = new Map(
    all("instance").flatMap((instance) => {
      const id = instance.getAttribute("id");
      if (id === null) return [];
      const items = [...instance.getElementsByTagName("item")];
      if (!instance.hasAttribute("src") && items.length === 0) faults.push(`list ${id} is empty`);
      const values = items.map((item) => item.getElementsByTagName("name")[0]?.textContent ?? "");
      if (new Set(values).size !== values.length || values.includes("")) faults.push(`values of ${id} repeat`);
      const own = instance.hasAttribute("src")
        ? columns
        : [...(items[0]?.children ?? [])].map(({ tagName }) => tagName);
      return [[id, own] as const];
    }),
  );
  const needNode = (path: string | null, where: string) => {
    if (path === null || !nodes.has(path)) faults.push(`${where}: no node ${path}`);
  };
  const needAll = (expression: string | null, where: string) => {
    const bare = (expression ?? "").replace(/'[^']*'|"[^"]*"/g, (quoted) => (/^'\w+'$/.test(quoted) ? quoted : "''"));
    for (const [, id = "", filter, column] of bare.matchAll(INSTANCE)) {
      const own = lists.get(id);
      if (own === undefined) faults.push(`${where}: no list ${id}`);
      for (const name of [column, ...[...(filter ?? "").matchAll(BARE_NAME)].map(([, name]) => name)]) {
        if (name !== undefined && !own?.includes(name)) faults.push(`${where}: list ${id} has no ${name}`);
      }
    }
    for (const [path] of bare.replace(INSTANCE, (_, _id, filter = "") => filter).matchAll(/\/data[\w:/]*/g)) {
      needNode(path, where);
    }
    if (bare.includes("${")) faults.push(`${where}: a reference is left`);
  };
  const binds = all("bind").map((bind) => bind.getAttribute("nodeset") ?? "");
  if (new Set(binds).size !== binds.length) faults.push("a node is bound twice");
  for (const bind of all("bind")) {
    const nodeset = bind.getAttribute("nodeset");
    needNode(nodeset, "bind");
    for (const name of ["relevant", "required", "constraint", "calculate"]) {
      needAll(bind.getAttribute(name), `${nodeset} ${name}`);
    }
  }
  for (const [path, isLeaf] of nodes) if (isLeaf && !binds.includes(path)) faults.push(`${path} is not bound`);
  for (const value of all("setvalue")) needNode(value.getAttribute("ref"), "setvalue");
  for (const output of all("output")) needAll(output.getAttribute("value"), "output");
  const body = document.getElementsByTagName("h:body")[0];
  const spoken = new Set<string>();
  for (const element of body?.getElementsByTagName("*") ?? []) {
    const where = `${element.tagName} ${element.getAttribute("ref") ?? ""}`;
    const ref = element.getAttribute("ref");
    if (["input", "select1", "select", "upload", "group"].includes(element.tagName)) needNode(ref, where);
    if (["label", "hint"].includes(element.tagName) && element.parentElement?.tagName !== "itemset") {
      const id = /^jr:itext\('(.*)'\)$/.exec(ref ?? "")?.[1] ?? "";
      spoken.add(id);
      if (!texts.has(id)) faults.push(`${where}: no text`);
    }
    if (element.tagName === "itemset") {
      needAll(element.getAttribute("nodeset"), where);
      const id = /^instance\('(\w+)'\)/.exec(element.getAttribute("nodeset") ?? "")?.[1] ?? "";
      for (const each of element.children) {
        const column = each.getAttribute("ref") ?? "";
        if (!lists.get(id)?.includes(column)) faults.push(`${where}: list ${id} has no ${column}`);
      }
    }
  }
  for (const id of texts) if (id !== null && !spoken.has(id)) faults.push(`text ${id} is never shown`);
  return faults;
}

const INSTANCE = /instance\('(\w+)'\)\/root\/item(?:\[((?:[^[\]])*)\])?(?:\/(\w+))?/g;
/** A column in a filter: a name that is no function and no part of a path. */
const BARE_NAME = /(?<![\w/$:'])(?!and\b|or\b|not\b)([a-z]\w*)(?![\w(:'/])/g;

function pathsBelow(element: Element, above: string): [string, boolean][] {
  const path = `${above}/${element.tagName}`;
  const children = [...element.children];
  return [[path, children.length === 0], ...children.flatMap((child) => pathsBelow(child, path))];
}
