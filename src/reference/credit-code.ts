/** Unified social credit code (统一社会信用代码), GB 32100-2015. */

const ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const WEIGHTS = Array.from({ length: 17 }, (_, i) => powerModulo(3, i, 31));

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

/** What is wrong with a credit code in canonical form; undefined where nothing is. */
export function creditCodeDefect(code: string): "length" | "alphabet" | "check" | undefined {
  if (code.length !== 18) return "length";
  if ([...code].some((character) => !ALPHABET.includes(character))) return "alphabet";
  return creditCodeCheckCharacter(code.slice(0, 17)) === code.charAt(17) ? undefined : "check";
}
