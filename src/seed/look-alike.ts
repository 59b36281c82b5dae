/** Names that people cannot tell apart are one party's. Pure. */

/** Letters of other scripts that look like Latin ones, as capitals (after Unicode Technical Standard 39, confusables). */
const FOREIGN = "АВЕКМНОРСТУХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧ01";
const LATIN = "ABEKMHOPCTYXIJSABEZHIKMNOPTYXOI";
const LOOKS_LIKE: ReadonlyMap<string, string> = new Map([...FOREIGN].map((letter, i) => [letter, LATIN.charAt(i)]));
/** What is not seen, blanks among it, and marks of every width that a name may be written with or without. */
const UNSEEN = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** What is left of a name when all that the eye passes over is taken away: equal for names that look alike. */
export function skeleton(name: string): string {
  const folded = name.normalize("NFKC").replace(UNSEEN, "").toUpperCase().normalize("NFKC");
  return [...folded].map((letter) => LOOKS_LIKE.get(letter) ?? letter).join("");
}

/** Whether a name holds something that is not seen and is no blank. */
export function hasUnseen(name: string): boolean {
  return /[\p{C}\p{Default_Ignorable_Code_Point}\u2800]/u.test(name);
}
