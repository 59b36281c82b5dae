/** Reads templates and checks what a schema alone cannot: codes that repeat, fields that no ledger has, conditions on nothing. */
import type { z } from "zod";
import type { SourceClass } from "../reference/classes.ts";
import { CLASS_NAMES } from "../reference/classes.ts";
import { loadLedgerFields } from "../reference/ledger-fields.ts";
import { plainValue } from "../reference/ledger-values.ts";
import { canonicalJson, digest, type JsonValue } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { checkYaml, invalidYaml, readYaml } from "../text/yaml-file.ts";
import { type OpenPart, type Resolved, resolveIncludes } from "./include.ts";
import { Paper } from "./paper.ts";
import { FormTemplate } from "./template.ts";
import { columnFaults, templateFaults } from "./template-faults.ts";
import { findTemplate, nameOfTemplate, type TemplateStore, templateStore } from "./template-store.ts";

const CODE = "E-TEMPLATE-INVALID";

/** A template with what is needed to find the same again. */
export interface Loaded<T> {
  /** Name of the file without its ending, such as `industrial`. */
  readonly name: string;
  readonly template: T;
  /** SHA-256 of the template with its includes, as canonical JSON. */
  readonly digest: string;
  readonly isOwn: boolean;
}

/**
 * Reads a form template.
 * @param parts where included files are found; those shipped where absent
 * @throws ChouqianError E-TEMPLATE-INVALID naming line and key of every fault
 */
export function parseFormTemplate(
  text: string,
  fileName: string,
  parts: TemplateStore = templateStore(),
): FormTemplate {
  return parse(CheckedTemplate, text, fileName, parts);
}

/**
 * Reads a further form.
 * @throws ChouqianError E-TEMPLATE-INVALID
 */
export function parsePaper(text: string, fileName: string, parts: TemplateStore = templateStore()): Paper {
  return parse(CheckedPaper, text, fileName, parts);
}

/** A template's file as plain values with its includes put in, unchecked. */
export function resolvedTemplate(text: string, fileName: string, parts: TemplateStore): Resolved {
  const open: OpenPart = (file) => {
    const part = parts.find(file);
    return part === undefined ? undefined : readYaml(part.text, file, CODE);
  };
  return resolveIncludes(readYaml(text, fileName, CODE), open, CODE);
}

function parse<S extends z.ZodType>(schema: S, text: string, fileName: string, parts: TemplateStore): z.output<S> {
  const checked = checkYaml(schema, resolvedTemplate(text, fileName, parts), CODE);
  if ("data" in checked) return checked.data;
  throw invalidYaml(CODE, fileName, checked.problems);
}

/** The shipped template of a class, for the kinds that have none of their own. */
export function loadFormTemplate(sourceClass: SourceClass): FormTemplate {
  const file = findTemplate(templateStore(), sourceClass, ["forms"]);
  return parseFormTemplate(file.text, file.path.replace("forms/", ""));
}

/** Loads a form by name. */
export function loadForm(store: TemplateStore, name: string): Loaded<FormTemplate> {
  return load(store, name, "forms", parseFormTemplate);
}

/** Loads a further form by name. */
export function loadPaper(store: TemplateStore, name: string): Loaded<Paper> {
  return load(store, name, "papers", parsePaper);
}

function load<T>(
  store: TemplateStore,
  name: string,
  folder: "forms" | "papers",
  parseText: (text: string, fileName: string, parts: TemplateStore) => T,
): Loaded<T> {
  const file = findTemplate(store, name, [folder]);
  const template = parseText(file.text, file.isOwn ? `templates/${file.path}` : file.path, store);
  return { name: nameOfTemplate(file.path), template, digest: digest(templateJson(template)), isOwn: file.isOwn };
}

/** A template as it is kept and digested. */
export function templateJson(template: unknown): string {
  return canonicalJson(JSON.parse(JSON.stringify(template)) as JsonValue);
}

/** Finds the form of a source by its class and kind. */
export type ChooseForm = (sourceClass: SourceClass, kind: string) => Loaded<FormTemplate>;

/**
 * Loads all forms. A form that names a kind goes before the form for the rest of its class.
 * @throws ChouqianError E-TEMPLATE-INVALID, E-TEMPLATE-AMBIGUOUS where two forms claim the same sources
 */
export function loadForms(store: TemplateStore): ChooseForm {
  const byPlace = new Map<string, Loaded<FormTemplate>>();
  for (const path of store.list("forms")) {
    const form = loadForm(store, nameOfTemplate(path));
    const kinds = form.template.kinds?.map(plainValue) ?? [""];
    for (const kind of kinds) {
      const place = JSON.stringify([form.template.class, kind]);
      const other = byPlace.get(place);
      if (other !== undefined) throw ambiguous(form, other, kind);
      byPlace.set(place, form);
    }
  }
  return (sourceClass, kind) => {
    const place = (of: string) => byPlace.get(JSON.stringify([sourceClass, of]));
    const form = place(plainValue(kind)) ?? place("");
    if (form !== undefined) return form;
    const { zh, en } = CLASS_NAMES[sourceClass];
    throw new ChouqianError("E-TEMPLATE-NONE", {
      message: words(`没有${zh}的核查表模板`, `there is no form for ${en} sources`),
      advice: words("补上该类的模板：chouqian templates list", "add one: chouqian templates list"),
    });
  };
}

function ambiguous(a: Loaded<FormTemplate>, b: Loaded<FormTemplate>, kind: string): ChouqianError {
  const of = kind === "" ? words("（未列明种类的）", "the rest of the class") : words(`的“${kind}”`, `"${kind}"`);
  return new ChouqianError("E-TEMPLATE-AMBIGUOUS", {
    message: words(
      `模板 ${b.name} 和 ${a.name} 都用于${CLASS_NAMES[a.template.class].zh}${of.zh}`,
      `the templates ${b.name} and ${a.name} both are for ${of.en} of ${CLASS_NAMES[a.template.class].en} sources`,
    ),
    advice: words("每种对象只留一个模板，用 kinds 区分", "keep one for each kind; tell them apart by kinds"),
  });
}

/** The template, and what its parts must hold among themselves; told also where the template has other faults. */
const CheckedTemplate = FormTemplate.superRefine(
  (template, context) => {
    for (const { path, message, params } of templateFaults(template)) {
      context.addIssue({ code: "custom", path: [...path], message, params: { ...params } });
    }
  },
  { when: () => true },
);

const CheckedPaper = Paper.superRefine(
  (paper, context) => {
    for (const { path, message, params } of columnFaults(paper, new Set(loadLedgerFields().map(({ key }) => key)))) {
      context.addIssue({ code: "custom", path: [...path], message, params: { ...params } });
    }
  },
  { when: () => true },
);
