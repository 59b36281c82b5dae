/** Text for people, in both languages of the program; the edge that speaks to a person picks one. */

export type Language = "zh" | "en";

/** One message in Chinese and in English. */
export interface Words {
  readonly zh: string;
  readonly en: string;
}

/** Pairs the Chinese and the English wording of one message. */
export function words(zh: string, en: string): Words {
  return { zh, en };
}
