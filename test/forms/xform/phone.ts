/** A phone for the tests: ODK's own engine opens a form, answers are given, the submission is taken out. */
import type { AnyNode, RootNode } from "@getodk/xforms-engine";
import { JSDOM } from "jsdom";

/** What the engine takes from a browser, and two names that a script of its expects of CommonJS. */
async function engine() {
  const { window } = new JSDOM("", { url: "https://phone.invalid" });
  const given: Record<string, unknown> = { window, __dirname: ".", module: {} };
  for (const name of Object.getOwnPropertyNames(window)) {
    if (
      /^(DOMParser|XMLSerializer|XPath|Node|Element|Document|Attr|Text|CDATA|Comment|Processing|HTML|Named|localStorage|File$|Blob$|FormData|document$)/.test(
        name,
      )
    ) {
      given[name] ??= (window as unknown as Record<string, unknown>)[name];
    }
  }
  for (const [name, value] of Object.entries(given)) {
    if (name === "Blob" || name === "File" || name === "FormData" || name in globalThis) continue;
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  return import("@getodk/xforms-engine");
}

export interface Phone {
  /** Node of a question by its name. */
  node(name: string): AnyNode;
  value(name: string): unknown;
  isRelevant(name: string): boolean;
  answer(answers: Readonly<Record<string, string>>): void;
  /** Names of questions that keep the form from being sent, with the message. */
  faults(): Readonly<Record<string, string>>;
  /** The filled form as it is sent. */
  submission(): Promise<string>;
}

export async function openOnPhone(form: string, sources: string): Promise<Phone> {
  const { loadForm } = await engine();
  const loaded = await loadForm(form, {
    fetchFormAttachment: async () => new Response(sources, { headers: { "Content-Type": "text/csv" } }),
  });
  if (loaded.status === "failure") throw loaded.error;
  const { root } = loaded.createInstance();
  return phoneOf(root);
}

function phoneOf(root: RootNode): Phone {
  const all = (node: AnyNode): AnyNode[] => [node, ...(node.currentState.children ?? []).flatMap(all)];
  const nodes = new Map(all(root).map((node) => [node.currentState.reference.replace(/^.*\//, ""), node]));
  const node = (name: string): AnyNode => {
    const found = nodes.get(name);
    if (found === undefined) throw new Error(`the form has no ${name}`);
    return found;
  };
  return {
    node,
    value: (name) => {
      const { value } = node(name).currentState;
      return Array.isArray(value) ? value.join(" ") : value;
    },
    isRelevant: (name) => node(name).currentState.relevant,
    answer: (answers) => {
      for (const [name, value] of Object.entries(answers)) {
        const asked = node(name);
        if (asked.nodeType === "select") asked.selectValues(value === "" ? [] : value.split(" "));
        else if (asked.nodeType === "input") asked.setValue(value);
        else throw new Error(`${name} takes no answer`);
      }
    },
    faults: () =>
      Object.fromEntries(
        root.validationState.violations.map(({ reference, violation }) => [
          reference.replace(/^.*\//, ""),
          violation?.message?.asString ?? "",
        ]),
      ),
    submission: async () => {
      const { data } = await root.prepareInstancePayload({ payloadType: "monolithic" });
      const file = data[0].get("xml_submission_file");
      return (file as File).text();
    },
  };
}
