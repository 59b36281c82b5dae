/** How codes are written, by the ledger field that holds them: one definition for the phone and for what comes back. */

/** Patterns of codes by ledger field; an id may be of a unit that has no credit code, so it may be shorter. */
export const CODE_PATTERNS: Readonly<Record<string, { readonly pattern: string; readonly words: string }>> = {
  id: { pattern: "[0-9A-Z][0-9A-Z_-]{5,31}", words: "应为统一社会信用代码等代码：大写字母和数字，无空格" },
  division: { pattern: "[0-9]{6}([0-9]{3}([0-9]{3}[0-9]?)?)?", words: "应为 6、9、12 或 13 位数字" },
  industryCode: { pattern: "[0-9]{4}", words: "应为四位数字（行业小类）" },
  permitNumber: { pattern: "[0-9A-Z]{18}[0-9]{3}[A-Z]", words: "应为统一社会信用代码加三位数字和一个字母" },
};
