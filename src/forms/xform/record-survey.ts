/** The record form of a template as a survey for the phone: one form for all sources of a city that the template is for. */
import { inWords } from "../condition.ts";
import { CHECK_OUTCOMES } from "../record-marks.ts";
import { indicatorsOf, namesIn } from "../tailor.ts";
import type { FormTemplate } from "../template.ts";
import { closingGroup, evidenceRows } from "./closing.ts";
import {
  indicatorGroup,
  ledgerNode,
  listOf,
  optionsOf,
  PHONE_CAUSES,
  PHONE_RESULTS,
  PHONE_WAYS,
  YES_NO,
} from "./indicator.ts";
import { type Applicable, decidingFields, decidingNode, relevanceOf } from "./relevance.ts";
import {
  type Choice,
  type Group,
  literal,
  nodeName,
  plain,
  type Question,
  type Row,
  ref,
  type Survey,
} from "./survey.ts";

/** What a filled form says of where it belongs; a reader of filled forms goes by it. */
export interface PhoneIdentity {
  readonly roundId: string;
  readonly manifestDigest: string;
  /** Code of the city. */
  readonly city: string;
  /** Name and digest of the form template. */
  readonly template: string;
  readonly templateDigest: string;
}

export interface SurveyHead {
  readonly id: string;
  /** Name by which the list of sources tells which are for this form. */
  readonly form: string;
  readonly title: string;
  readonly version: string;
  readonly identity: PhoneIdentity;
}

/** Layout of a filled form: a change that a reader must know of changes it. */
export const PHONE_SPEC = "phone/1";
/** List of the sources, and the columns of it that are not ledger values. */
export const SOURCE_LIST = "sources";
export const SOURCE_COLUMNS = ["name", "label", "form", "place", "role"] as const;

/** What became of the visit, as records have it. */
const OUTCOMES = ["checked", "notFound", "refused", "closed"] as const;
export const PHONE_OUTCOMES: readonly Choice[] = OUTCOMES.map((value, i) => ({
  value,
  label: CHECK_OUTCOMES[i] ?? "",
}));

/** Fields of the ledger that are shown or filled in, in the order met; the name and how to get there always are. */
export function shownFields(template: FormTemplate): string[] {
  const used = indicatorsOf(template).flatMap(({ field, unitField }) => [field, unitField]);
  const fields = [...ALWAYS_SHOWN, ...used.flatMap((field) => field ?? [])];
  return [...new Set(fields)];
}
const ALWAYS_SHOWN = ["name", "address", "contact", "phone"] as const;

/** The survey of a template. */
export function recordSurvey(template: FormTemplate, head: SurveyHead): Survey {
  const { id, form, title, version, identity } = head;
  const evidence = evidenceRows(template);
  return {
    id,
    title,
    version,
    instanceName: `concat(${ref(ledgerNode("name"))}, '　', ${ref("team")})`,
    rows: [
      { type: "start", name: "started" },
      { type: "end", name: "ended" },
      ...hidden(identity),
      sourceGroup(template, form),
      visitGroup(),
      checkGroup(template, evidence.rows),
      closingGroup(template),
    ],
    lists: new Map([
      ["results", PHONE_RESULTS],
      ["ways", PHONE_WAYS],
      ["causes", PHONE_CAUSES],
      ["outcomes", PHONE_OUTCOMES],
      ["yesno", YES_NO],
      ["evidence", evidence.choices],
      ...indicatorsOf(template)
        .filter(({ type }) => type === "choice")
        .map((indicator) => [listOf(indicator.code), optionsOf(indicator)] as const),
    ]),
  };
}

function hidden({ roundId, manifestDigest, city, template, templateDigest }: PhoneIdentity): Question[] {
  const values = {
    spec: PHONE_SPEC,
    round_id: roundId,
    manifest_digest: manifestDigest,
    city,
    template,
    template_digest: templateDigest,
  };
  return Object.entries(values).map(([name, preset]) => ({ type: "hidden", name, preset }));
}

/** Choosing the source fills in all that the ledger knows of it. */
function sourceGroup(template: FormTemplate, form: string): Group {
  const column = (name: string) => `instance('${SOURCE_LIST}')/root/item[name = ${ref("unit")}]/${name}`;
  const lookup = (name: string, of = name): Question => ({ type: "calculate", name, calculation: column(of) });
  const shown = (key: string) => ref(ledgerNode(key));
  return {
    type: "group",
    name: "source",
    label: "污染源",
    appearance: "field-list",
    rows: [
      {
        type: "select_one_from_file",
        name: "unit",
        label: "选择污染源",
        hint: "可输入名称、县区或代码查找",
        required: "true()",
        requiredMessage: "请先选择污染源",
        appearance: "minimal autocomplete",
        list: SOURCE_LIST,
        filter: `form = ${literal(form)}`,
      },
      lookup("place"),
      lookup("role"),
      ...shownFields(template).map((field) => lookup(ledgerNode(field))),
      ...decidingFields(template).map((field) => lookup(decidingNode(field))),
      {
        type: "note",
        name: "source_note",
        label: [
          shown("name"),
          `代码：${ref("unit")}`,
          `抽样：${ref("role")}`,
          `地址：${ref("place")} ${shown("address")}`,
          `联系：${shown("contact")} ${shown("phone")}`,
        ].join("\n"),
        relevant: `${ref("unit")} != ''`,
      },
      { type: "note", name: "record_note", label: plain(template.record.note) },
    ],
  };
}

function visitGroup(): Group {
  const isChecked = `${ref("outcome")} = 'checked'`;
  const isMissed = `${ref("outcome")} = 'notFound' or ${ref("outcome")} = 'refused' or ${ref("outcome")} = 'closed'`;
  return {
    type: "group",
    name: "visit",
    label: "到场情况",
    appearance: "field-list",
    rows: [
      { type: "text", name: "team", label: "核查组", required: "true()", requiredMessage: "请填核查组" },
      { type: "text", name: "inspectors", label: "核查人员（两名以上）", required: "true()" },
      { type: "text", name: "accompanied_by", label: "陪同人员" },
      {
        type: "date",
        name: "visit_date",
        label: "核查日期",
        required: "true()",
        preset: "today()",
        constraint: ". <= today()",
        constraintMessage: "日期不能晚于今天",
      },
      {
        type: "select_one",
        name: "outcome",
        label: "核查去向",
        list: "outcomes",
        required: "true()",
        requiredMessage: "请选择去向",
      },
      {
        type: "text",
        name: "outcome_reason",
        label: "情况说明及依据",
        hint: "经过、问询对象和佐证",
        appearance: "multiline",
        relevant: isMissed,
        required: "true()",
        requiredMessage: "请说明情况",
      },
      {
        type: "geopoint",
        name: "location",
        label: "现场定位",
        hint: "在生产场所取点；禁用手机的场所在大门外取点",
        required: isChecked,
        requiredMessage: "请在现场取点",
      },
      {
        type: "image",
        name: "photo_site",
        label: "现场照片（大门、门牌）",
        hint: "禁止拍照的场所不拍，在结论中写明",
      },
    ],
  };
}

/** Groups of indicators and the evidence; asked where there is something to check. */
function checkGroup(template: FormTemplate, evidence: readonly Row[]): Group {
  const words = conditionWords(template);
  const groups = template.record.groups.map((group, i): Group => {
    const condition = words(group);
    return {
      type: "group",
      name: `g${i + 1}`,
      label: plain(group.heading),
      relevant: relevanceOf(group),
      rows: group.indicators.map((indicator) => indicatorGroup(indicator, words(indicator) ?? condition)),
    };
  });
  const outcome = ref("outcome");
  return {
    type: "group",
    name: "check",
    label: "逐项核查",
    relevant: `${outcome} = 'checked' or ${outcome} = 'closed'`,
    rows: [
      ...groups,
      { type: "group", name: "evidence_taken", label: "佐证材料", appearance: "field-list", rows: evidence },
    ],
  };
}

function conditionWords(template: FormTemplate): (part: Applicable) => string | undefined {
  const names = namesIn(template);
  return ({ when }) => (when === undefined ? undefined : inWords(when, names));
}

/** Names of the nodes of an indicator in a filled form. */
export function nodesOf(code: string) {
  const found = nodeName(code);
  return {
    found,
    reported: `${found}_reported`,
    result: `${found}_result`,
    way: `${found}_way`,
    cause: `${found}_cause`,
    note: `${found}_note`,
  } as const;
}
