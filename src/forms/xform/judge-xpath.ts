/** The rule of `judge.ts` on the phone: XPath 1.0 with the functions of ODK. Pure. */
import { allowed, BLANKS, isNumeric, type Judged } from "../judge.ts";
import type { ValueType } from "../template.ts";
import { decimal, literal } from "./survey.ts";

const WIDE = Array.from({ length: 0x5e }, (_, i) => String.fromCharCode(0xff01 + i)).join("");
const CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const NARROW = Array.from({ length: 0x5e }, (_, i) => String.fromCharCode(0x21 + i))
  .join("")
  .toLowerCase();

/** `sameForm` of an expression: blanks stand last and have no partner, so they go. */
export function plainForm(expression: string): string {
  const from = `${WIDE}${CAPITALS}${BLANKS.join("")}`;
  return `translate(${expression}, ${literal(from)}, ${literal(`${NARROW}${CAPITALS.toLowerCase()}`)})`;
}

/**
 * The value reported, ready to be compared: a number without commas and unit, a date as `201005`, any other as it is.
 * @param plain node of its plain form
 * @param unit expression of the plain form of the indicator's own unit; undefined where it has none
 */
export function comparable(type: ValueType, plain: string, unit: string | undefined): string {
  if (type === "date") return dateDigits(plain);
  if (!isNumeric(type)) return plain;
  if (unit === undefined) return `translate(${plain}, ',', '')`;
  const before = `substring-before(${plain}, ${unit})`;
  // not substring-after: ODK's web engine passes over one character alone, however long the text to find
  const bare = `concat(${before}, substring(${plain}, string-length(${before}) + string-length(${unit}) + 1))`;
  return `translate(if(contains(${plain}, ${unit}), ${bare}, ${plain}), ',', '')`;
}

function dateDigits(plain: string): string {
  const dashed = `translate(${plain}, '年月/.日', '----')`;
  const rest = `concat(substring(${dashed}, 6), '-')`;
  const month = `substring-before(${rest}, '-')`;
  const day = `substring-before(substring-after(${rest}, '-'), '-')`;
  const padded = (part: string) => `if(${part} = '', '', substring(concat('0', ${part}), string-length(${part}), 2))`;
  const digits = `concat(substring(${dashed}, 1, 4), ${padded(month)}, ${padded(day)})`;
  return `if(contains(${dashed}, '-'), ${digits}, ${dashed})`;
}

/**
 * Whether a value found speaks against the value reported; where words may be put otherwise the inspector judges.
 * @param told node of the value reported, as `comparable` has it
 * @param found node of the value found, not empty
 */
export function disagreement({ type, tolerance }: Judged, told: string, found: string): string {
  if (type === "text") return "false()";
  if (type === "date") {
    return `not(regex(${told}, '^[0-9]{4}([0-9]{2}([0-9]{2})?)?$') and starts-with(translate(${found}, '-', ''), ${told}))`;
  }
  if (!isNumeric(type)) return `${plainForm(found)} != ${told}`;
  const { amount, share } = allowed(tolerance);
  const bound = `${decimal(amount)} + ${decimal(share)} * abs(${found})`;
  return `not(regex(${told}, ${literal(DECIMAL)})) or abs(${found} - ${numberIn(told)}) > ${bound}`;
}
const DECIMAL = "^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)(e[+-]?[0-9]+)?$";

/** XPath 1.0 knows neither exponents nor a plus sign. */
function numberIn(told: string): string {
  const unsigned = (part: string) => `number(translate(${part}, '+', ''))`;
  const exponent = `if(contains(${told}, 'e'), ${unsigned(`substring-after(${told}, 'e')`)}, 0)`;
  return `${unsigned(`substring-before(concat(${told}, 'e'), 'e')`)} * pow(10, ${exponent})`;
}
