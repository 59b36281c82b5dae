/** What is done with templates as files: listing, checking, copying into a round. */
import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { SourceClass } from "../reference/classes.ts";
import { writeFileAtomically } from "../round/files.ts";
import { type Round, readTextFile } from "../round/round.ts";
import { compareBytes } from "../text/canonical.ts";
import { ChouqianError, type Problem } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { type CheckedPart, checkPart, pathOfPart } from "./check-part.ts";
import { formWarnings, loadForm, loadPaper, parseFormTemplate, parsePaper } from "./load-template.ts";
import type { Paper } from "./paper.ts";
import { indicatorsOf } from "./tailor.ts";
import type { FormTemplate } from "./template.ts";
import {
  findTemplate,
  nameOfTemplate,
  PARTS_FOLDER,
  TEMPLATE_FOLDERS,
  type TemplateFile,
  type TemplateStore,
  templateStore,
} from "./template-store.ts";

export interface ListedTemplate {
  readonly name: string;
  readonly title: string;
  readonly sourceClass: SourceClass | undefined;
  readonly kinds: readonly string[] | undefined;
  /** Whether it is the round's own. */
  readonly isOwn: boolean;
}

/**
 * All templates, forms first.
 * @param own folder of the round's own templates
 * @throws ChouqianError E-TEMPLATE-INVALID
 */
export function listTemplates(own: string | undefined): ListedTemplate[] {
  const store = templateStore(own);
  const forms = store.list("forms").map((path): ListedTemplate => {
    const { name, template, isOwn } = loadForm(store, nameOfTemplate(path));
    return { name, title: template.record.title, sourceClass: template.class, kinds: template.kinds, isOwn };
  });
  const papers = store.list("papers").map((path): ListedTemplate => {
    const { name, template, isOwn } = loadPaper(store, nameOfTemplate(path));
    return { name, title: template.title, sourceClass: undefined, kinds: undefined, isOwn };
  });
  return [...forms, ...papers];
}

/** A template read from a file anywhere: a form or a paper. */
export type ReadTemplate = { readonly warnings: readonly Problem[] } & (
  | { readonly kind: "form"; readonly template: FormTemplate }
  | { readonly kind: "paper"; readonly template: Paper }
);

/** A file that was named, with where what it includes is found: beside it, then in the round, then among those shipped. */
function openFile(file: string, own: string | undefined) {
  const text = readTextFile(file)
    .replace(/^\uFEFF/, "")
    .replaceAll("\r\n", "\n");
  const folder = dirname(resolve(file));
  const path = pathOfPart(basename(folder), basename(file), text, templateStore());
  const isBelowTemplates = [...TEMPLATE_FOLDERS, PARTS_FOLDER].some((each) => each === basename(folder));
  const shown = isBelowTemplates ? join(dirname(file), "..") : dirname(file);
  const beside = templateStore(isBelowTemplates ? dirname(folder) : folder, shown.replaceAll("\\", "/"));
  const inRound = templateStore(own);
  const store: TemplateStore = {
    list: (kind) => [...new Set([...beside.list(kind), ...inRound.list(kind)])].sort(compareBytes),
    find: (each) => [beside.find(each), inRound.find(each)].find((found) => found?.isOwn) ?? inRound.find(each),
  };
  const part: TemplateFile | undefined = path === undefined ? undefined : { path, text, isOwn: true, shown: file };
  return { text, store, part };
}

/**
 * Reads a template file. What it includes is looked for beside it, then in the round, then among those shipped.
 * @throws ChouqianError E-TEMPLATE-INVALID, E-TEMPLATE-PART, E-FILE-READ
 */
export function readTemplateFile(file: string, own: string | undefined): ReadTemplate {
  const { text, store, part } = openFile(file, own);
  if (part !== undefined) throw onlyPart(file);
  const name = basename(file);
  if (isPaper(text)) return { kind: "paper", template: parsePaper(text, name, store), warnings: [] };
  const template = parseFormTemplate(text, name, store);
  return { kind: "form", template, warnings: formWarnings(text, name, store) };
}

function onlyPart(file: string): ChouqianError {
  return new ChouqianError("E-TEMPLATE-PART", {
    message: words("这是各表引用的公用部分，本身不是一张表", "this holds parts that forms include, and is no form"),
    advice: words(
      `检查它：chouqian templates check ${file}；要看印出的样子，预览引用它的表`,
      `check it: chouqian templates check ${file}; to see it printed, preview a form that includes it`,
    ),
    at: { file },
  });
}

/** A paper has its title at the top level, a form its class. */
function isPaper(text: string): boolean {
  return /^parts:/m.test(text) || (/^title:/m.test(text) && !/^class:/m.test(text));
}

export interface CheckedTemplate {
  readonly title: string;
  /** What is taken and reads badly: texts longer than their cells are made for (W-TEMPLATE-LONG). */
  readonly warnings: readonly Problem[];
  readonly counts:
    | { readonly items: number; readonly indicators: number; readonly key: number }
    | { readonly parts: number }
    | CheckedPart;
}

/**
 * Checks a template file; one of parts with every form that includes it.
 * @throws ChouqianError E-TEMPLATE-INVALID naming line and key of every fault
 */
export function checkTemplate(file: string, own: string | undefined): CheckedTemplate {
  const { part, store } = openFile(file, own);
  if (part !== undefined) return { title: part.path, warnings: [], counts: checkPart(part, store) };
  const read = readTemplateFile(file, own);
  const { warnings } = read;
  if (read.kind === "paper") {
    return { title: read.template.title, warnings, counts: { parts: read.template.parts.length } };
  }
  const indicators = indicatorsOf(read.template);
  return {
    title: read.template.record.title,
    warnings,
    counts: {
      items: read.template.checklist.sections.reduce((sum, { items }) => sum + items.length, 0),
      indicators: indicators.length,
      key: indicators.filter(({ key }) => key).length,
    },
  };
}

/** A file that templates include, such as `parts/status.yaml`. */
function sharedPart(name: string) {
  return /^parts\/[\w-]+\.yaml$/.test(name) ? templateStore().find(name) : undefined;
}

/**
 * Copies a shipped template into the round, where it goes before the shipped one.
 * @returns path within the round
 * @throws ChouqianError E-TEMPLATE-EXISTS where the round has it already
 */
export function copyTemplate(round: Round, name: string): string {
  const file = sharedPart(name) ?? findTemplate(templateStore(), name, TEMPLATE_FOLDERS);
  const target = join(round.paths.templates, file.path);
  if (existsSync(target)) {
    throw new ChouqianError("E-TEMPLATE-EXISTS", {
      message: words(`轮次里已有 templates/${file.path}`, `the round has templates/${file.path} already`),
      advice: words("直接修改它；要重新开始请先删去或改名", "change that one, or remove it first"),
    });
  }
  writeFileAtomically(target, file.text);
  return `templates/${file.path}`;
}
