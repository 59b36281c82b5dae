/** The XLSForm workbook of a survey (https://xlsform.org): for KoboToolbox, and for offices that change the form. */

import { type Column, freeze, writeTable } from "../../xlsx/layout.ts";
import { STYLES } from "../../xlsx/styles.ts";
import { newWorkbook, toBytes } from "../../xlsx/write.ts";
import { LANGUAGE, literal, PHOTO_PIXELS, type Row, type Survey } from "./survey.ts";

/** One row of the sheet `survey`: cells by heading. */
type Cells = Readonly<Record<string, string | undefined>>;

const LABEL = `label::${LANGUAGE}`;
const HINT = `hint::${LANGUAGE}`;
const REQUIRED_MESSAGE = `required_message::${LANGUAGE}`;
const CONSTRAINT_MESSAGE = `constraint_message::${LANGUAGE}`;
const SURVEY_COLUMNS = [
  "type",
  "name",
  LABEL,
  HINT,
  "required",
  REQUIRED_MESSAGE,
  "relevant",
  "constraint",
  CONSTRAINT_MESSAGE,
  "calculation",
  "appearance",
  "default",
  "choice_filter",
  "parameters",
];

/** The bytes of the workbook, the same for the same survey. */
export async function writeXlsForm(survey: Survey): Promise<Uint8Array> {
  const workbook = newWorkbook(survey.title);
  const sheet = (name: string, headings: readonly string[], rows: readonly Cells[]) => {
    const added = workbook.addWorksheet(name);
    const columns = headings.map(
      (heading): Column<Cells> => ({ heading, value: (row) => row[heading] ?? null, style: STYLES.plain, most: 60 }),
    );
    writeTable(added, 1, columns, rows);
    freeze(added, 1);
  };
  sheet("survey", SURVEY_COLUMNS, survey.rows.flatMap(surveyRows));
  sheet("choices", ["list_name", "name", LABEL], choiceRows(survey));
  sheet("settings", SETTINGS, [
    {
      form_title: survey.title,
      form_id: survey.id,
      version: survey.version,
      instance_name: survey.instanceName,
      default_language: LANGUAGE,
      style: "pages",
    },
  ]);
  return toBytes(workbook);
}
const SETTINGS = ["form_title", "form_id", "version", "instance_name", "default_language", "style"];

function surveyRows(row: Row): Cells[] {
  const { name, relevant, appearance } = row;
  if (row.type === "group") {
    const begin = { type: "begin_group", name, [LABEL]: row.label, relevant, appearance };
    return [begin, ...row.rows.flatMap(surveyRows), { type: "end_group", name }];
  }
  if (row.type === "hidden") {
    // a default might be taken for an expression, so the value is written as one
    return [{ type: "calculate", name, calculation: literal(row.preset ?? "") }];
  }
  return [
    {
      type: typeInWords(row.type, row.list),
      name,
      [LABEL]: row.label,
      [HINT]: row.hint,
      required: row.required === "true()" ? "yes" : row.required,
      [REQUIRED_MESSAGE]: row.requiredMessage,
      relevant,
      constraint: row.constraint,
      [CONSTRAINT_MESSAGE]: row.constraintMessage,
      calculation: row.calculation,
      appearance,
      default: row.preset,
      choice_filter: row.filter,
      parameters: row.type === "image" ? `max-pixels=${PHOTO_PIXELS}` : undefined,
    },
  ];
}

function typeInWords(type: string, list: string | undefined): string {
  if (list === undefined) return type;
  return type === "select_one_from_file" ? `${type} ${list}.csv` : `${type} ${list}`;
}

function choiceRows({ lists }: Survey): Cells[] {
  return [...lists].flatMap(([list, choices]) =>
    choices.map(({ value, label }) => ({ list_name: list, name: value, [LABEL]: label })),
  );
}
