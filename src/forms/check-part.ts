/** Checks a file of parts that templates include: by itself, and with every form and paper that includes it. */
import { ChouqianError, type Problem } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { readYaml, yamlProblem } from "../text/yaml-file.ts";
import { TEMPLATE_INVALID as CODE, invalidTemplate, templateProblems } from "./load-template.ts";
import { PARTS_FOLDER, TEMPLATE_FOLDERS, type TemplateFile, type TemplateStore } from "./template-store.ts";

/** What a file of parts is good for. */
export interface CheckedPart {
  /** Names of its parts. */
  readonly parts: readonly string[];
  /** Paths of the forms and papers that include it. */
  readonly usedBy: readonly string[];
  /** Parts that nothing includes. */
  readonly unused: readonly string[];
}

/**
 * @param file the part; its path is that by which templates include it
 * @param around where the forms are found
 * @throws ChouqianError E-TEMPLATE-INVALID naming line and key of every fault
 */
export function checkPart(file: TemplateFile, around: TemplateStore): CheckedPart {
  const store: TemplateStore = { ...around, find: (path) => (path === file.path ? file : around.find(path)) };
  const source = readYaml(file.text, file.shown, CODE);
  if (typeof source.value !== "object" || source.value === null || Array.isArray(source.value)) {
    const message = words("公用部分应写成“名称: 内容”", "a file of parts holds parts by their names");
    throw invalidTemplate(file.shown, [yamlProblem(CODE, source.locate([]), message)]);
  }
  const problems: Problem[] = [...source.problems];
  const usedBy: string[] = [];
  const used = new Set<string>();
  for (const kind of TEMPLATE_FOLDERS) {
    for (const path of store.list(kind)) {
      const template = store.find(path);
      if (template === undefined || !template.text.includes(`${file.path}#`)) continue;
      const found = problemsOf(kind, template, store);
      problems.push(...found.problems);
      const sites = found.sites.filter((site) => site.file === file.path);
      if (sites.length > 0) usedBy.push(path);
      for (const { part } of sites) used.add(part);
    }
  }
  if (problems.length > 0) throw invalidTemplate(file.shown, problems);
  const parts = Object.keys(source.value);
  return { parts, usedBy, unused: parts.filter((name) => !used.has(name)) };
}

/** Faults of a template, those of its syntax too. */
function problemsOf(
  ...[kind, template, store]: Parameters<typeof templateProblems>
): ReturnType<typeof templateProblems> {
  try {
    return templateProblems(kind, template, store);
  } catch (error) {
    if (error instanceof ChouqianError) return { problems: error.problems, sites: [] };
    throw error;
  }
}

/**
 * The path by which templates include a file of parts; undefined where the file is none. It is one by its place, or by its
 * content: names of parts that are shipped, and nothing of a form.
 */
export function pathOfPart(folder: string, name: string, text: string, shipped: TemplateStore): string | undefined {
  const path = `${PARTS_FOLDER}/${name}`;
  if (folder === PARTS_FOLDER) return path;
  const keys = keysOf(text);
  if (FORM_KEYS.some((key) => keys.includes(key))) return undefined;
  const known = shipped.list(PARTS_FOLDER).flatMap((each) => keysOf(shipped.find(each)?.text ?? ""));
  return keys.some((key) => known.includes(key)) ? path : undefined;
}

/** Keys of forms and papers at the top level of which each has one at least. */
const FORM_KEYS = ["class", "checklist", "record", "title", "parts"];

function keysOf(text: string): string[] {
  return [...text.matchAll(/^([\p{L}\p{N}_-]+):/gmu)].map(([, key]) => key ?? "");
}
