/** Unified social credit code (统一社会信用代码), GB 32100-2015. */
import { isPrefecture, isRegistrationDivision } from "./divisions.ts";

/** The characters of a credit code in the order of their values 0 to 30. */
export const ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY";
/** Weights of the first 17 characters: 3^i modulo 31. */
export const WEIGHTS = Array.from({ length: 17 }, (_, i) => powerModulo(3, i, 31));

function powerModulo(base: number, exponent: number, modulus: number): number {
  let power = 1;
  for (let i = 0; i < exponent; i++) power = (power * base) % modulus;
  return power;
}

/**
 * Check character of a credit code: alphabet[(31 − Σ cᵢ·3^i mod 31) mod 31] over the first 17 characters (GB 32100-2015).
 * @returns undefined where a character is outside the alphabet or fewer than 17 are given
 */
export function creditCodeCheckCharacter(first17: string): string | undefined {
  let sum = 0;
  for (let i = 0; i < 17; i++) {
    const value = ALPHABET.indexOf(first17.charAt(i) || " ");
    if (value < 0) return undefined;
    sum += value * (WEIGHTS[i] ?? 0);
  }
  return ALPHABET.charAt((31 - (sum % 31)) % 31);
}

export type CreditCodeDefect = "length" | "alphabet" | "check" | "category" | "division" | "county";

/** What is wrong with a credit code in canonical form, the gravest first; undefined where nothing is. */
export function creditCodeDefect(code: string): CreditCodeDefect | undefined {
  if (code.length !== 18) return "length";
  if ([...code].some((character) => !ALPHABET.includes(character))) return "alphabet";
  if (creditCodeCheckCharacter(code.slice(0, 17)) !== code.charAt(17)) return "check";
  if (!isCreditCodeCategory(code)) return "category";
  if (!isCreditCodeDivision(code)) return "division";
  return isCreditCodeCounty(code) ? undefined : "county";
}

/**
 * Registering authorities by the first character, and the categories of each by the second (GB 32100-2015, with the
 * additions published by the code's administration).
 */
const CATEGORIES: Readonly<Record<string, string>> = {
  "1": "1239",
  "2": "19",
  "3": "123459",
  "4": "19",
  "5": "12349",
  "6": "129",
  "7": "129",
  "8": "19",
  "9": "123",
  A: "19",
  N: "1239",
  Y: "1",
};

/** Whether the first two characters of a credit code name a registering authority and a category of its. */
export function isCreditCodeCategory(code: string): boolean {
  return CATEGORIES[code.charAt(0)]?.includes(code.charAt(1)) === true && code.length > 1;
}

/** First two digits of the division codes of the provinces (GB/T 2260), 10 for registrations by the state itself. */
const PROVINCES = new Set(
  "10 11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82".split(" "),
);
/** Registration division of the invented units in samples; no real code carries it. */
const INVENTED = "000000";

/**
 * Whether characters 3 to 8 of a credit code can be a registration division: digits, of a known province, and in
 * Guangdong of a known city.
 */
export function isCreditCodeDivision(code: string): boolean {
  const division = code.slice(2, 8);
  if (division === INVENTED) return true;
  return (
    /^\d{6}$/.test(division) && PROVINCES.has(division.slice(0, 2)) && isPrefecture(division.slice(0, 4)) !== false
  );
}

/**
 * Whether that division is a county or city, of today or a former one. Of other provinces there is no table here. Zones
 * register under codes of their own that no table lists, so that this is no more than a hint.
 */
export function isCreditCodeCounty(code: string): boolean {
  const division = code.slice(2, 8);
  return !division.startsWith("44") || isRegistrationDivision(division);
}
