/** Which forms were made by other templates than the round has now. */
import { readCurrentSample } from "../draw/fates.ts";
import { blockOfStratum } from "../draw/manifest.ts";
import { fieldReader } from "../frame/fields.ts";
import { openFrame } from "../frame/locked.ts";
import type { SourceClass } from "../reference/classes.ts";
import { divisionName } from "../reference/divisions.ts";
import { plainValue } from "../reference/ledger-values.ts";
import type { Round } from "../round/round.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Loaded, loadForm } from "./load-template.ts";
import type { MadeForms } from "./made-forms.ts";
import type { FormTemplate } from "./template.ts";
import { nameOfTemplate, templateStore } from "./template-store.ts";

/** Classes of the sources drawn in each city, by its name; undefined where the draw's files are not as they were. */
export function classesDrawn(round: Round): ReadonlyMap<string, ReadonlySet<SourceClass>> | undefined {
  const units = unitsDrawn(round);
  if (units === undefined) return undefined;
  const classes = new Map<string, Set<SourceClass>>();
  for (const { city, sourceClass } of units) {
    classes.set(city, (classes.get(city) ?? new Set()).add(sourceClass));
  }
  return classes;
}

/**
 * Tells whether forms were made by other templates: one that was in use and is not what it was, for a class that the city has,
 * or a form of the office's own that came since, for a kind that it has. Where a template has faults no forms are made at all,
 * and nothing is told.
 * @param drawn what `classesDrawn` gives
 */
export async function madeByOthers(
  round: Round,
  made: readonly MadeForms[],
  drawn: ReadonlyMap<string, ReadonlySet<SourceClass>> | undefined,
): Promise<(forms: MadeForms) => boolean> {
  const now = templatesNow(round);
  if (now === undefined) return () => false;
  const ownKinds = [...now.values()].filter(({ isOwn, template }) => isOwn && template.kinds !== undefined);
  const isNew = ({ name }: Loaded<FormTemplate>, { templates }: MadeForms) => !Object.hasOwn(templates, name);
  // the frame is opened only where it has something to say
  const kinds = made.some((forms) => ownKinds.some((form) => isNew(form, forms))) ? await kindsDrawn(round) : undefined;
  return (forms) => {
    const { city, templates } = forms;
    const classes = city === undefined ? undefined : drawn?.get(city);
    const isChanged = Object.entries(templates).some(([name, digest]) => {
      const form = now.get(name);
      if (form === undefined) return true;
      return form.digest !== digest && (classes === undefined || classes.has(form.template.class));
    });
    if (isChanged) return true;
    return ownKinds.some(
      (form) =>
        isNew(form, forms) &&
        form.template.kinds?.some((kind) => kinds?.has(placeOfKind(city, form.template.class, kind))),
    );
  };
}

/** The forms that the round has now, by name. */
function templatesNow(round: Round): ReadonlyMap<string, Loaded<FormTemplate>> | undefined {
  const store = templateStore(round.paths.templates);
  return orUndefined(() => {
    const forms = store.list("forms").map((path) => loadForm(store, nameOfTemplate(path)));
    return new Map(forms.map((form) => [form.name, form]));
  });
}

/** Kinds of the sources drawn, in each city and in all together; undefined where the frame cannot be read. */
async function kindsDrawn(round: Round): Promise<ReadonlySet<string> | undefined> {
  const drawn = unitsDrawn(round) ?? [];
  try {
    const frame = await openFrame(round);
    try {
      const units = await frame.unitsById(drawn.map(({ id }) => id));
      const byId = new Map(units.map((unit) => [unit.id, unit]));
      const field = fieldReader(frame.lock.columns);
      return new Set(
        drawn.flatMap(({ id, city, sourceClass }) => {
          const kind = field(byId.get(id), "subclass");
          return [placeOfKind(city, sourceClass, kind), placeOfKind(undefined, sourceClass, kind)];
        }),
      );
    } finally {
      frame.close();
    }
  } catch (error) {
    if (error instanceof ChouqianError) return undefined;
    throw error;
  }
}

function placeOfKind(city: string | undefined, sourceClass: SourceClass, kind: string): string {
  return JSON.stringify([city ?? "", sourceClass, plainValue(kind)]);
}

/** The units to be inspected, with the names of their cities. */
function unitsDrawn(round: Round) {
  const strata = orUndefined(() => readCurrentSample(round).sample.strata);
  return strata?.flatMap(({ key, units }) => {
    const { city, sourceClass } = blockOfStratum(key);
    return units
      .filter(({ isInSample }) => isInSample)
      .map(({ id }) => ({ id, city: divisionName(city), sourceClass }));
  });
}

/** What is wrong with files that are read on the way is for `verify` and `templates check` to say. */
function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ChouqianError) return undefined;
    throw error;
  }
}
