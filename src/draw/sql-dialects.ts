/** What the engines' SQL calls the few things that a draw needs. Strings compare by bytes in every expression. Pure. */

/** Expressions are SQL text; texts of a plan or a ledger go in through `text` and `name` alone. */
export interface Dialect {
  /** A name, quoted. */
  readonly name: (name: string) => string;
  /** A literal, quoted. */
  readonly text: (value: string) => string;
  /** Types: text, 64-bit whole numbers, whole numbers of 30 digits, doubles of IEEE 754. */
  readonly types: { readonly text: string; readonly whole: string; readonly wide: string; readonly real: string };
  /** A column as text, the empty text for NULL. */
  readonly asText: (column: string) => string;
  /** A text as it must stand in ORDER BY, so that its bytes decide. */
  readonly inBytes: (text: string) => string;
  /** SHA-256 of the UTF-8 bytes, as 64 lower-case hex digits. */
  readonly sha256: (text: string) => string;
  /** The first 13 hex digits of a ticket as a whole number. */
  readonly leadingDigits: (ticket: string) => string;
  /** Quotient of whole numbers, cut off. */
  readonly quotient: (a: string, b: string) => string;
  readonly matches: (text: string, pattern: string) => string;
  /** A text of digits as a wide whole number; for other texts an error or any value, but no stop of the query. */
  readonly toWide: (text: string) => string;
  readonly toReal: (text: string) => string;
  /** The first or second part of a text at its full stop; empty where there is none. */
  readonly partAtStop: (text: string, part: 1 | 2) => string;
  /** The first characters (code points), and those from one on. */
  readonly first: (text: string, count: number) => string;
  readonly from: (text: string, position: number) => string;
  readonly padded: (text: string, length: number) => string;
  /** What ends the query. */
  readonly ending: string;
}

const doubled = (mark: string) => (text: string) => `${mark}${text.replaceAll(mark, mark + mark)}${mark}`;
/** For engines that read a backslash in a literal as an escape. */
const escaped = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

const postgres: Dialect = {
  name: doubled('"'),
  // E'' is read alike under either setting of standard_conforming_strings.
  text: (text) => (text.includes("\\") ? `E${doubled("'")(text.replaceAll("\\", "\\\\"))}` : doubled("'")(text)),
  types: { text: "text", whole: "bigint", wide: "numeric", real: "double precision" },
  asText: (column) => `COALESCE(CAST(${column} AS text), '')`,
  inBytes: (text) => `${text} COLLATE "C"`,
  sha256: (text) => `encode(sha256(convert_to(${text}, 'UTF8')), 'hex')`,
  leadingDigits: (ticket) => `CAST(CAST('x' || lpad(substr(${ticket}, 1, 13), 16, '0') AS bit(64)) AS bigint)`,
  quotient: (a, b) => `(${a}) / (${b})`,
  matches: (text, pattern) => `${text} ~ '${pattern}'`,
  toWide: (text) => `CAST(${text} AS numeric)`,
  toReal: (text) => `CAST(${text} AS double precision)`,
  partAtStop: (text, part) => `split_part(${text}, '.', ${part})`,
  first: (text, count) => `substr(${text}, 1, ${count})`,
  from: (text, position) => `substr(${text}, ${position})`,
  padded: (text, length) => `rpad(${text}, ${length}, '0')`,
  ending: "",
};

const duckdb: Dialect = {
  ...postgres,
  text: doubled("'"),
  types: { text: "VARCHAR", whole: "BIGINT", wide: "HUGEINT", real: "DOUBLE" },
  asText: (column) => `COALESCE(CAST(${column} AS VARCHAR), '')`,
  inBytes: (text) => text,
  sha256: (text) => `sha256(${text})`,
  leadingDigits: (ticket) => `CAST('0x' || substr(${ticket}, 1, 13) AS BIGINT)`,
  quotient: (a, b) => `(${a}) // (${b})`,
  matches: (text, pattern) => `regexp_matches(${text}, '${pattern}')`,
  toWide: (text) => `TRY_CAST(${text} AS HUGEINT)`,
  toReal: (text) => `TRY_CAST(${text} AS DOUBLE)`,
};

const clickhouse: Dialect = {
  ...duckdb,
  name: (name) => `\`${name.replaceAll("\\", "\\\\").replaceAll("`", "\\`")}\``,
  text: escaped,
  types: { text: "String", whole: "Int64", wide: "Int128", real: "Float64" },
  asText: (column) => `COALESCE(toString(${column}), '')`,
  sha256: (text) => `lower(hex(SHA256(${text})))`,
  leadingDigits: (ticket) =>
    `CAST(reinterpretAsUInt64(reverse(unhex(leftPad(substring(${ticket}, 1, 13), 16, '0')))) AS Int64)`,
  quotient: (a, b) => `intDiv(${a}, ${b})`,
  matches: (text, pattern) => `match(${text}, '${pattern}')`,
  toWide: (text) => `toInt128OrZero(${text})`,
  toReal: (text) => `toFloat64OrZero(${text})`,
  partAtStop: (text, part) => `arrayElement(splitByChar('.', ${text}), ${part})`,
  first: (text, count) => `substringUTF8(${text}, 1, ${count})`,
  from: (text, position) => `substringUTF8(${text}, ${position})`,
  padded: (text, length) => `rightPad(${text}, ${length}, '0')`,
  // Without it the last bit of a number read from text may differ.
  ending: "\nSETTINGS precise_float_parsing = 1",
};

const spark: Dialect = {
  ...duckdb,
  name: doubled("`"),
  text: escaped,
  types: { text: "STRING", whole: "BIGINT", wide: "DECIMAL(38, 0)", real: "DOUBLE" },
  asText: (column) => `COALESCE(CAST(${column} AS STRING), '')`,
  sha256: (text) => `sha2(${text}, 256)`,
  leadingDigits: (ticket) => `CAST(conv(substr(${ticket}, 1, 13), 16, 10) AS BIGINT)`,
  quotient: (a, b) => `(${a}) div (${b})`,
  matches: (text, pattern) => `${text} RLIKE '${pattern}'`,
  toWide: (text) => `TRY_CAST(${text} AS DECIMAL(38, 0))`,
};

const trino: Dialect = {
  ...duckdb,
  types: { text: "VARCHAR", whole: "BIGINT", wide: "DECIMAL(38, 0)", real: "DOUBLE" },
  sha256: (text) => `lower(to_hex(sha256(to_utf8(${text}))))`,
  leadingDigits: (ticket) => `from_base(substr(${ticket}, 1, 13), 16)`,
  quotient: (a, b) => `(${a}) / (${b})`,
  matches: (text, pattern) => `regexp_like(${text}, '${pattern}')`,
  toWide: (text) => `TRY_CAST(${text} AS DECIMAL(38, 0))`,
  partAtStop: (text, part) => `COALESCE(split_part(${text}, '.', ${part}), '')`,
};

export const DIALECTS = { postgres, duckdb, clickhouse, spark, trino } as const;
export type DialectName = keyof typeof DIALECTS;
