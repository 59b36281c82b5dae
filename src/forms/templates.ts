/** What is done with templates as files: listing, checking, copying into a round. */
import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { SourceClass } from "../reference/classes.ts";
import { writeFileAtomically } from "../round/files.ts";
import { type Round, readTextFile } from "../round/round.ts";
import { ChouqianError, type Problem } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { loadForm, loadPaper, parseFormTemplate, parsePaper, resolvedTemplate } from "./load-template.ts";
import { longTexts } from "./long-texts.ts";
import type { Paper } from "./paper.ts";
import { indicatorsOf } from "./tailor.ts";
import type { FormTemplate } from "./template.ts";
import { findTemplate, nameOfTemplate, TEMPLATE_FOLDERS, templateStore } from "./template-store.ts";

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

/**
 * Reads a template file. What it includes is looked for beside it, then in the round, then among those shipped.
 * @throws ChouqianError E-TEMPLATE-INVALID, E-FILE-READ
 */
export function readTemplateFile(file: string, own: string | undefined): ReadTemplate {
  const text = readTextFile(file)
    .replace(/^\uFEFF/, "")
    .replaceAll("\r\n", "\n");
  const folder = dirname(resolve(file));
  const isBelowTemplates = TEMPLATE_FOLDERS.some((each) => each === basename(folder));
  const beside = templateStore(isBelowTemplates ? dirname(folder) : folder);
  const inRound = templateStore(own);
  const store = {
    ...inRound,
    find: (path: string) => [beside.find(path), inRound.find(path)].find((f) => f?.isOwn) ?? inRound.find(path),
  };
  const name = basename(file);
  if (isPaper(text)) return { kind: "paper", template: parsePaper(text, name, store), warnings: [] };
  const template = parseFormTemplate(text, name, store);
  return { kind: "form", template, warnings: longTexts(resolvedTemplate(text, name, store)) };
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
    | { readonly parts: number };
}

/**
 * Checks a template file.
 * @throws ChouqianError E-TEMPLATE-INVALID naming line and key of every fault
 */
export function checkTemplate(file: string, own: string | undefined): CheckedTemplate {
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
