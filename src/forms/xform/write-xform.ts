/** The XForm of a survey: ODK XForms specification (https://getodk.github.io/xforms-spec/), laid out as pyxform does it. */
import { allRows, type Group, LANGUAGE, PHOTO_PIXELS, type Question, type Row, type Survey } from "./survey.ts";
import { type Attributes, element, text, type Xml, xmlDocument } from "./xml.ts";

const NAMESPACES = {
  xmlns: "http://www.w3.org/2002/xforms",
  "xmlns:h": "http://www.w3.org/1999/xhtml",
  "xmlns:jr": "http://openrosa.org/javarosa",
  "xmlns:odk": "http://www.opendatakit.org/xforms",
  "xmlns:orx": "http://openrosa.org/xforms",
  "xmlns:xsd": "http://www.w3.org/2001/XMLSchema",
} as const;
const ROOT = "data";
/** Secondary instance of the sources, read from the CSV file beside the form. */
const FILE_URI = (list: string) => `jr://file-csv/${list}.csv`;

/** How a question is bound and which control asks it; without a control it is not shown. */
const KINDS: Readonly<
  Record<Question["type"], { bind: Attributes; control?: "input" | "select1" | "select" | "upload"; more?: Attributes }>
> = {
  start: { bind: { "jr:preload": "timestamp", type: "dateTime", "jr:preloadParams": "start" } },
  end: { bind: { "jr:preload": "timestamp", type: "dateTime", "jr:preloadParams": "end" } },
  hidden: { bind: { type: "string" } },
  calculate: { bind: { type: "string" } },
  note: { bind: { readonly: "true()", type: "string" }, control: "input" },
  text: { bind: { type: "string" }, control: "input" },
  integer: { bind: { type: "int" }, control: "input" },
  decimal: { bind: { type: "decimal" }, control: "input" },
  date: { bind: { type: "date" }, control: "input" },
  geopoint: { bind: { type: "geopoint" }, control: "input" },
  image: {
    bind: { type: "binary", "orx:max-pixels": PHOTO_PIXELS },
    control: "upload",
    more: { mediatype: "image/*" },
  },
  select_one: { bind: { type: "string" }, control: "select1" },
  select_multiple: { bind: { type: "string" }, control: "select" },
  select_one_from_file: { bind: { type: "string" }, control: "select1" },
};

/**
 * The form as XML, the same for the same survey.
 * @throws Error where an expression or a text refers to a question that the survey has not: a defect of the survey
 */
export function writeXForm(survey: Survey): string {
  const paths = new Map(allRows(survey.rows).map(({ row, path }) => [row.name, `/${ROOT}/${path.join("/")}`]));
  const place: Place = {
    of: (name) => {
      const path = paths.get(name);
      if (path === undefined) throw new Error(`no question ${name}`);
      return path;
    },
    in: (expression) => expression?.replace(REFERENCE, (_, name: string) => ` ${place.of(name)} `).trim(),
  };
  const model = element("model", { "odk:xforms-version": "1.0.0" }, [
    element("itext", {}, [element("translation", { lang: LANGUAGE, default: "true()" }, translations(survey, place))]),
    element("instance", {}, [
      element(ROOT, { id: survey.id, version: survey.version }, [
        ...survey.rows.map(node),
        element("orx:meta", {}, [element("orx:instanceID"), element("orx:instanceName")]),
      ]),
    ]),
    ...lists(survey),
    ...allRows(survey.rows).flatMap(({ row }) => bindings(row, place)),
    element("bind", {
      nodeset: `/${ROOT}/orx:meta/orx:instanceID`,
      type: "string",
      readonly: "true()",
      "jr:preload": "uid",
    }),
    element("bind", {
      nodeset: `/${ROOT}/orx:meta/orx:instanceName`,
      type: "string",
      calculate: place.in(survey.instanceName),
    }),
  ]);
  return xmlDocument(
    element("h:html", NAMESPACES, [
      element("h:head", {}, [element("h:title", {}, [text(survey.title)]), model]),
      element(
        "h:body",
        { class: "pages" },
        survey.rows.flatMap((row) => control(row, place)),
      ),
    ]),
  );
}

const REFERENCE = /\$\{(\w+)\}/g;

interface Place {
  /** Path of a question's node. */
  of(name: string): string;
  /** An expression with paths in place of references. */
  in(expression: string | undefined): string | undefined;
}

function node(row: Row): Xml {
  if (row.type === "group") return element(row.name, {}, row.rows.map(node));
  const preset = row.preset === undefined || isDynamic(row.preset) ? [] : [text(row.preset)];
  return element(row.name, {}, preset);
}

function isDynamic(preset: string): boolean {
  return preset === "today()";
}

function translations(survey: Survey, place: Place): Xml[] {
  return allRows(survey.rows).flatMap(({ row }) => {
    const of = (kind: string, content: string | undefined) =>
      content === undefined
        ? []
        : [element("text", { id: textId(row, kind, place) }, [element("value", {}, spoken(content, place))])];
    return [...of("label", row.label), ...(row.type === "group" ? [] : of("hint", row.hint))];
  });
}

function textId(row: Row, kind: string, place: Place): string {
  return `${place.of(row.name)}:${kind}`;
}

/** A text with the answers that it repeats. */
function spoken(content: string, place: Place): Xml[] {
  return content
    .split(REFERENCE)
    .map((part, i) => (i % 2 === 0 ? text(part) : element("output", { value: ` ${place.of(part)} ` })));
}

function lists(survey: Survey): Xml[] {
  const files = new Set(
    allRows(survey.rows).flatMap(({ row }) => (row.type === "select_one_from_file" ? [row.list ?? ""] : [])),
  );
  return [
    ...[...files].map((list) => element("instance", { id: list, src: FILE_URI(list) })),
    ...[...survey.lists].map(([list, choices]) =>
      element("instance", { id: list }, [
        element(
          "root",
          {},
          choices.map(({ value, label }) =>
            element("item", {}, [element("name", {}, [text(value)]), element("label", {}, [text(label)])]),
          ),
        ),
      ]),
    ),
  ];
}

function bindings(row: Row, place: Place): Xml[] {
  const nodeset = place.of(row.name);
  if (row.type === "group") {
    return row.relevant === undefined ? [] : [element("bind", { nodeset, relevant: place.in(row.relevant) })];
  }
  const bind = element("bind", {
    nodeset,
    ...KINDS[row.type].bind,
    required: place.in(row.required),
    "jr:requiredMsg": row.requiredMessage,
    relevant: place.in(row.relevant),
    constraint: place.in(row.constraint),
    "jr:constraintMsg": row.constraintMessage,
    calculate: place.in(row.calculation),
  });
  if (row.preset === undefined || !isDynamic(row.preset)) return [bind];
  return [bind, element("setvalue", { event: "odk-instance-first-load", ref: nodeset, value: row.preset })];
}

function control(row: Row, place: Place): Xml[] {
  if (row.type === "group") return [groupControl(row, place)];
  const { control: name, more } = KINDS[row.type];
  if (name === undefined) return [];
  return [
    element(name, { ref: place.of(row.name), appearance: row.appearance, ...more }, [
      ...said("label", row, row.label, place),
      ...said("hint", row, row.hint, place),
      ...choices(row, place),
    ]),
  ];
}

function groupControl(group: Group, place: Place): Xml {
  return element("group", { ref: place.of(group.name), appearance: group.appearance }, [
    ...said("label", group, group.label, place),
    ...group.rows.flatMap((row) => control(row, place)),
  ]);
}

function said(kind: "label" | "hint", row: Row, content: string | undefined, place: Place): Xml[] {
  return content === undefined ? [] : [element(kind, { ref: `jr:itext('${textId(row, kind, place)}')` })];
}

function choices({ list, filter }: Question, place: Place): Xml[] {
  if (list === undefined) return [];
  const chosen = filter === undefined ? "" : `[${place.in(filter)}]`;
  return [
    element("itemset", { nodeset: `instance('${list}')/root/item${chosen}` }, [
      element("value", { ref: "name" }),
      element("label", { ref: "label" }),
    ]),
  ];
}
