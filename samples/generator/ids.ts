/** Credit codes that are valid in form and belong to nobody: their division part is 000000, which is no place. */
import { creditCodeCheckCharacter } from "../../src/reference/credit-code.ts";
import { digest } from "../../src/text/canonical.ts";

/** First two characters: registering department and kind of organisation (GB 32100-2015). */
const KINDS = { firm: "91", household: "92", cooperative: "93", institution: "12", villageCommittee: "54" };
export type Kind = keyof typeof KINDS;

const ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const SPACE = ALPHABET.length ** 8;
/** Odd to 31, so that its multiples run through all 31⁸ organisation numbers before one returns. */
const STRIDE = 527_110_931_213;
/** More than any city holds: each city has this many numbers of its own. */
const CITY_SPACE = 100_000_000n;
const ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2];

/** Hands out the ids of one city; no two alike in one province. */
export class CityIds {
  private next: number;

  constructor(seed: string, cityIndex: number) {
    const start = BigInt(`0x${digest(`sample/${seed}/ids`).slice(0, 12)}`);
    this.next = Number((start + BigInt(STRIDE) * CITY_SPACE * BigInt(cityIndex)) % BigInt(SPACE));
  }

  take(kind: Kind): string {
    const organisation = organisationNumber(this.next);
    this.next = (this.next + STRIDE) % SPACE;
    const first17 = `${KINDS[kind]}000000${organisation}${organisationCheckCharacter(organisation)}`;
    return `${first17}${creditCodeCheckCharacter(first17)}`;
  }
}

/** A number in eight characters of the credit code's alphabet. */
function organisationNumber(number: number): string {
  let text = "";
  for (let rest = number, i = 0; i < 8; i++, rest = Math.floor(rest / ALPHABET.length)) {
    text = ALPHABET.charAt(rest % ALPHABET.length) + text;
  }
  return text;
}

/** Check character of an organisation code (GB 11714-1997): 11 − Σ cᵢwᵢ mod 11, where 10 is X and 11 is 0. */
export function organisationCheckCharacter(first8: string): string {
  const sum = ORGANISATION_WEIGHTS.reduce((total, weight, i) => total + weight * parseInt(first8.charAt(i), 36), 0);
  return "0123456789X0".charAt(11 - (sum % 11));
}
