/** The mapping file of a round, `mapping.yaml`: which heading holds which field, and what the office's words mean. Pure. */
import { z } from "zod";
import type { LedgerField } from "../reference/ledger-fields.ts";
import { canonicalText } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { parseYaml } from "../text/yaml-file.ts";
import { CONSTANT_FIELDS, type ColumnMap, type Constants, REQUIRED } from "./columns.ts";
import { ENCODINGS, type Encoding } from "./source-file.ts";
import { type ValueMaps, valueMapsOf } from "./value-maps.ts";

const Texts = z
  .record(z.string(), z.union([z.string(), z.number()]).transform(String))
  .nullable()
  .default({});
const MappingFile = z.strictObject({
  columns: z
    .record(z.string(), z.union([z.string(), z.array(z.string()).min(1)]))
    .nullable()
    .default({}),
  constants: Texts,
  values: z.strictObject({ class: Texts, status: Texts }).nullable().default({ class: {}, status: {} }),
  sheet: z.string().nullable().default(null),
  encoding: z.enum(ENCODINGS).nullable().default(null),
});

/** What a mapping file says. */
export interface Mapping {
  readonly map: ColumnMap;
  readonly constants: Constants;
  readonly values: ValueMaps;
  readonly sheet: string | undefined;
  readonly encoding: Encoding | undefined;
}

/**
 * Reads a mapping file.
 * @throws ChouqianError E-FRAME-MAPPING with the line of each fault, or with the field or value that is unknown
 */
export function parseMapping(yaml: string, fileName: string, fields: readonly LedgerField[]): Mapping {
  const file = parseYaml(MappingFile, yaml, fileName, "E-FRAME-MAPPING");
  const { maps, unknown } = valueMapsOf({ class: file.values?.class ?? {}, status: file.values?.status ?? {} });
  const [first] = unknown;
  if (first !== undefined) {
    throw invalid(
      fileName,
      words(
        `values.${first.field} 里的“${first.meaning}”不是${first.field === "class" ? "污染源类别" : "运行状态"}`,
        `"${first.meaning}" in values.${first.field} is no ${first.field}`,
      ),
    );
  }
  const keyOf = (name: string): string => {
    const field = fields.find(({ key, name: fieldName }) => [key, fieldName].includes(canonicalText(name)));
    if (field === undefined) throw invalid(fileName, words(`没有字段“${name}”`, `there is no field "${name}"`));
    return field.key;
  };
  const constants = Object.entries(file.constants ?? {}).map(([name, value]) => {
    const key = keyOf(name);
    if (CONSTANT_FIELDS.includes(key)) return [key, canonicalText(value)] as const;
    throw invalid(fileName, words(`constants 里不能写“${name}”`, `constants cannot hold "${name}"`));
  });
  const columns = Object.entries(file.columns ?? {}).map(
    ([name, headings]) => [keyOf(name), [headings].flat().map(canonicalText)] as const,
  );
  return {
    map: new Map(columns),
    constants: new Map(constants),
    values: maps,
    sheet: file.sheet ?? undefined,
    encoding: file.encoding ?? undefined,
  };
}

function invalid(fileName: string, message: ReturnType<typeof words>): ChouqianError {
  return new ChouqianError("E-FRAME-MAPPING", {
    message,
    advice: words(
      "字段见 chouqian frame map 生成的文件；constants 只能写 class、city、county",
      "see the file that chouqian frame map writes; constants holds class, city, county",
    ),
    at: { file: fileName },
  });
}

/** What was found in ledgers, for a person to complete. */
export interface FoundMapping {
  /** Field → the heading or headings that hold it. */
  readonly columns: ReadonlyMap<string, readonly string[]>;
  /** Values given by hand for fields that the ledgers lack. */
  readonly constants: Constants;
  /** Headings that hold no known field. */
  readonly otherHeadings: readonly string[];
  /** Texts of a field that mean nothing known, with the number of rows. */
  readonly unknown: { readonly class: ReadonlyMap<string, number>; readonly status: ReadonlyMap<string, number> };
}

/** The mapping file for what was found: comments say what is still to be filled in. */
export function mappingYaml(found: FoundMapping, fields: readonly LedgerField[]): string {
  const nameOf = new Map(fields.map(({ key, name }) => [key, name]));
  const columns = fields.flatMap(({ key, name }) => {
    const headings = found.columns.get(key);
    if (headings !== undefined)
      return [
        `  ${key}: ${headings.length === 1 ? quoted(headings[0] ?? "") : `[${headings.map(quoted).join(", ")}]`} # ${name}`,
      ];
    return (REQUIRED as readonly string[]).includes(key) && !found.constants.has(key)
      ? [`  # ${key}: ？ # ${name}：没有认出，请填列名，或在 constants 里给定`]
      : [];
  });
  const values = (field: "class" | "status", meaning: string) => {
    const lines = [...found.unknown[field]]
      .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
      .map(([text, rows]) => `    # ${quoted(text)}: ？ # ${rows} 行这样写，不认识；去掉行首 # 并填${meaning}`);
    return [`  ${field}:`, ...lines];
  };
  return [
    "# 名录对照表：名录的哪一列是哪个字段，本地的类别和状态写法是什么意思。由 chouqian frame map 生成，可用记事本修改。",
    "# 放在轮次文件夹里，frame check 和 frame lock 会自动使用，并写入 frame/lock.json；下一轮次复制过去即可沿用。",
    "",
    "# 字段: 列名（一个字段由几列相连时写 [列一, 列二]）",
    "columns:",
    ...columns,
    ...(found.otherHeadings.length === 0
      ? []
      : [`  # 其余列原样保留：${found.otherHeadings.join("、").replace(/[\r\n]/g, " ")}`]),
    "",
    "# 名录没有这一列时，整份取同一值，如 class: 工业源、city: 汕头",
    "constants:",
    ...CONSTANT_FIELDS.filter((key) => !found.columns.has(key)).map((key) => {
      const given = found.constants.get(key);
      return given === undefined
        ? `  # ${key}: ？ # ${nameOf.get(key)}`
        : `  ${key}: ${quoted(given)} # ${nameOf.get(key)}`;
    }),
    "",
    "# 本地写法: 规定写法",
    "values:",
    ...values("class", "类别（工业源、农业源、生活源、集中式污染治理设施、移动源）"),
    ...values("status", "状态（运行、停产、关闭、其他）"),
    "",
  ].join("\n");
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
