/** Why a drawn unit may be replaced: the closed list of draw-spec, "Primary, reserve, replacement". */
import { canonicalText } from "../text/canonical.ts";
import { type Words, words } from "../text/words.ts";

export const REPLACEMENT_REASONS = ["does-not-exist", "duplicate", "out-of-scope", "disaster"] as const;
export type ReplacementReason = (typeof REPLACEMENT_REASONS)[number];

interface ReasonRow {
  readonly name: Words;
  /** Other words that offices use for it. */
  readonly also: readonly string[];
  /** Whether the unit is none of the population; otherwise it is one, but nobody can inspect it. */
  readonly isOutOfScope: boolean;
}

export const REASONS: Readonly<Record<ReplacementReason, ReasonRow>> = {
  "does-not-exist": {
    name: words("不存在", "does not exist"),
    also: ["单位不存在", "对象不存在"],
    isOutOfScope: true,
  },
  duplicate: { name: words("重复", "duplicate"), also: ["重复登记", "重复报送"], isOutOfScope: true },
  "out-of-scope": {
    name: words("不属普查范围", "outside the census"),
    also: ["不属于普查范围", "非普查范围", "不在普查范围"],
    isOutOfScope: true,
  },
  disaster: { name: words("灾害", "disaster"), also: ["自然灾害", "受灾", "不可抗力"], isOutOfScope: false },
};

/** What people take for a reason, and what is none: such a unit stays in the sample and counts as in error. */
const NO_REASON = /找不到|未找到|没找到|查无|失联|联系不上|拒|不配合|not.?found|refus|no.?contact/i;

/** The reason that a word or a code names; undefined where it names none. */
export function findReason(text: string): ReplacementReason | undefined {
  const asked = canonicalText(text).toLowerCase();
  return REPLACEMENT_REASONS.find((code) => {
    const { name, also } = REASONS[code];
    return [code, name.zh, name.en, ...also].includes(asked);
  });
}

/** Whether a text says that a unit was not found or refuses. */
export function saysNotFoundOrRefuses(text: string): boolean {
  return NO_REASON.test(text);
}

/** A reason in both languages, with its code: `不存在（does-not-exist）`. */
export function reasonInWords(code: ReplacementReason): Words {
  return words(`${REASONS[code].name.zh}（${code}）`, `${REASONS[code].name.en} (${code})`);
}
