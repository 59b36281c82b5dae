/** Reads templates and checks what a schema alone cannot: codes that repeat, fields that no ledger has, conditions on nothing. */
import type { z } from "zod";
import type { SourceClass } from "../reference/classes.ts";
import { CLASS_NAMES } from "../reference/classes.ts";
import { loadLedgerFields } from "../reference/ledger-fields.ts";
import { plainValue } from "../reference/ledger-values.ts";
import { canonicalJson, digest, type JsonValue } from "../text/canonical.ts";
import { ChouqianError, type Problem } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { checkYaml, invalidYaml, readYaml, yamlProblem } from "../text/yaml-file.ts";
import { type OpenPart, type PartSource, resolveIncludes, type Site } from "./include.ts";
import { longTexts } from "./long-texts.ts";
import { Paper } from "./paper.ts";
import { FormTemplate } from "./template.ts";
import { columnFaults, templateFaults } from "./template-faults.ts";
import {
  findTemplate,
  nameOfTemplate,
  type TemplateFile,
  type TemplateFolder,
  type TemplateStore,
  templateStore,
} from "./template-store.ts";

export const TEMPLATE_INVALID = "E-TEMPLATE-INVALID";
const CODE = TEMPLATE_INVALID;

/** A template with what is needed to find the same again. */
export interface Loaded<T> {
  /** Name of the file without its ending, such as `industrial`. */
  readonly name: string;
  readonly template: T;
  /** SHA-256 of the template with its includes, as canonical JSON. */
  readonly digest: string;
  readonly isOwn: boolean;
}

/** A template's text and how messages name it. */
type Text = Pick<TemplateFile, "text" | "shown"> & { readonly isOwn?: boolean };

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
  return parse(CheckedTemplate, { text, shown: fileName }, parts);
}

/**
 * Reads a further form.
 * @throws ChouqianError E-TEMPLATE-INVALID
 */
export function parsePaper(text: string, fileName: string, parts: TemplateStore = templateStore()): Paper {
  return parse(CheckedPaper, { text, shown: fileName }, parts);
}

/** What is taken and reads badly in a form that was read: texts too long for their cells (W-TEMPLATE-LONG). */
export function formWarnings(text: string, fileName: string, parts: TemplateStore): readonly Problem[] {
  const open: OpenPart = (file) => {
    const part = parts.find(file);
    return part && { ...readYaml(part.text, part.shown, CODE), isBlamed: false };
  };
  return longTexts(resolveIncludes(readYaml(text, fileName, CODE), open, CODE));
}

function parse<S extends z.ZodType>(schema: S, file: Text, parts: TemplateStore): z.output<S> {
  const { checked } = check(schema, file, parts);
  if ("data" in checked) return checked.data;
  throw invalidTemplate(file.shown, checked.problems);
}

/** The refusal of a template, or of the one file that all its faults lie in. */
export function invalidTemplate(shown: string, problems: readonly Problem[]): ChouqianError {
  const [first, ...others] = new Set(problems.map(({ at }) => at.file));
  return invalidYaml(CODE, others.length === 0 ? (first ?? shown) : shown, problems);
}

/** Checks a template with what it includes. What an office's part does to a shipped form is told of the part. */
function check<S extends z.ZodType>(schema: S, { text, shown, isOwn = true }: Text, parts: TemplateStore) {
  const own = new Map<string, PartSource>();
  const open: OpenPart = (file) => {
    const part = parts.find(file);
    if (part === undefined) return undefined;
    const source = { ...readYaml(part.text, part.shown, CODE), isBlamed: part.isOwn && !isOwn };
    if (source.isBlamed) own.set(file, source);
    return source;
  };
  const resolved = resolveIncludes(readYaml(text, shown, CODE), open, CODE);
  const checked = checkYaml(schema, resolved, CODE);
  const { sites } = resolved;
  if ("data" in checked) return { checked, sites };
  return { checked: { problems: blamed(checked.problems, shown, own, sites) }, sites };
}

/**
 * Faults of a shipped form, which has none by itself: those found in the office's parts, else told of the part that is included
 * where the form is at fault.
 */
function blamed(
  problems: readonly Problem[],
  form: string,
  own: ReadonlyMap<string, PartSource>,
  sites: readonly Site[],
): readonly Problem[] {
  if (own.size === 0) return problems;
  const inParts = problems.filter(({ at }) => at.file !== form);
  if (inParts.length > 0) return inParts;
  const ours = sites.filter(({ file }) => own.has(file));
  return problems.map((problem) => {
    const { at, message, advice } = problem;
    const site = ours.find(({ key }) => key.startsWith(at.key ?? "")) ?? ours[0];
    const place = site && own.get(site.file)?.locate([site.part]);
    if (place === undefined) return problem;
    const told = words(
      `${message.zh}（${form} 第 ${at.row} 行引用它）`,
      `${message.en} (line ${at.row} of ${form} includes it)`,
    );
    return yamlProblem(CODE, place, told, advice);
  });
}

/** Faults of a template with what it includes, and where it includes parts. */
export function templateProblems(
  kind: TemplateFolder,
  file: TemplateFile,
  parts: TemplateStore,
): { readonly problems: readonly Problem[]; readonly sites: readonly Site[] } {
  const { checked, sites } = kind === "forms" ? check(CheckedTemplate, file, parts) : check(CheckedPaper, file, parts);
  return { problems: "data" in checked ? [] : checked.problems, sites };
}

/** The shipped template of a class, for the kinds that have none of their own. */
export function loadFormTemplate(sourceClass: SourceClass): FormTemplate {
  const file = findTemplate(templateStore(), sourceClass, ["forms"]);
  return parseFormTemplate(file.text, file.path.replace("forms/", ""));
}

/** Loads a form by name. */
export function loadForm(store: TemplateStore, name: string): Loaded<FormTemplate> {
  return load(store, name, "forms", CheckedTemplate);
}

/** Loads a further form by name. */
export function loadPaper(store: TemplateStore, name: string): Loaded<Paper> {
  return load(store, name, "papers", CheckedPaper);
}

function load<S extends z.ZodType>(
  store: TemplateStore,
  name: string,
  folder: TemplateFolder,
  schema: S,
): Loaded<z.output<S>> {
  const file = findTemplate(store, name, [folder]);
  const template = parse(schema, file, store);
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
