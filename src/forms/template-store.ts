/** Where templates lie: those shipped, and over them those of an office (the folder `templates` of a round). */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { readTextFile } from "../round/round.ts";
import { assetPath } from "../text/assets.ts";
import { compareBytes } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import { words } from "../text/words.ts";

/** The two kinds of templates, by the folder they lie in. */
export const TEMPLATE_FOLDERS = ["forms", "papers"] as const;
export type TemplateFolder = (typeof TEMPLATE_FOLDERS)[number];

/** Where the parts lie that templates include. */
export const PARTS_FOLDER = "parts";

/** A template file with the text as it is. */
export interface TemplateFile {
  /** Path below the folder of templates, such as `forms/industrial.yaml`. */
  readonly path: string;
  readonly text: string;
  /** Whether it is the office's own. */
  readonly isOwn: boolean;
  /** Path as messages show it. */
  readonly shown: string;
}

/** Reads templates, the office's own before those shipped. */
export interface TemplateStore {
  /** Paths of all templates of a kind, or of the parts that they include, in byte order. */
  readonly list: (folder: TemplateFolder | typeof PARTS_FOLDER) => readonly string[];
  readonly find: (path: string) => TemplateFile | undefined;
}

const SHIPPED = assetPath("templates");

/**
 * @param own folder of the office's own templates; it need not exist
 * @param shownAs how messages name that folder
 */
export function templateStore(own?: string, shownAs = "templates"): TemplateStore {
  const roots = own === undefined ? [SHIPPED] : [own, SHIPPED];
  return {
    list: (folder) => {
      const names = roots.flatMap((root) => yamlFiles(join(root, folder)).map((name) => `${folder}/${name}`));
      return [...new Set(names)].sort(compareBytes);
    },
    find: (path) => {
      const root = roots.find((each) => existsSync(join(each, path)));
      if (root === undefined) return undefined;
      const text = readTextFile(join(root, path))
        .replace(/^\uFEFF/, "")
        .replaceAll("\r\n", "\n");
      const isOwn = root !== SHIPPED;
      return { path, text, isOwn, shown: isOwn ? `${shownAs}/${path}` : path };
    },
  };
}

function yamlFiles(folder: string): string[] {
  // hidden files are none: macOS lays `._x.yaml` beside `x.yaml` on other disks
  return existsSync(folder) ? readdirSync(folder).filter((name) => /^[^.].*\.yaml$/.test(name)) : [];
}

/**
 * The file of a template by its name, such as `industrial` or `forms/industrial.yaml`.
 * @throws ChouqianError E-TEMPLATE-NONE
 */
export function findTemplate(store: TemplateStore, name: string, folders: readonly TemplateFolder[]): TemplateFile {
  const wanted = name.replaceAll("\\", "/").replace(/\.yaml$/, "");
  const all = folders.flatMap((folder) => store.list(folder));
  const path = all.find((each) => each === `${wanted}.yaml` || nameOfTemplate(each) === wanted);
  const file = path === undefined ? undefined : store.find(path);
  if (file !== undefined) return file;
  throw new ChouqianError("E-TEMPLATE-NONE", {
    message: words(`没有名为“${name}”的模板`, `there is no template "${name}"`),
    advice: words(
      `可用的模板：${all.map(nameOfTemplate).join("、")}`,
      `templates: ${all.map(nameOfTemplate).join(", ")}`,
    ),
  });
}

/** `forms/industrial.yaml` → `industrial`. */
export function nameOfTemplate(path: string): string {
  return path.replace(/^.*\//, "").replace(/\.yaml$/, "");
}
