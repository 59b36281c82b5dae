/** Invented names of firms, places and people. */
import type { Chance } from "./chance.ts";
import { NAMES } from "./tables.ts";

const CHARACTERS = [...NAMES.characters];
const SURNAMES = [...NAMES.surnames];
const RARE_SHARE = 1 / 400;

/** An invented place or road, such as 例丰. */
export function placeWord(chance: Chance): string {
  return chance.pick(NAMES.markers) + chance.pick(CHARACTERS);
}

/** An invented trade name of two or three characters, now and then with a rare one; 莞 is at home in Dongguan. */
export function tradeName(chance: Chance, cityCode: string): string {
  const word = placeWord(chance);
  if (chance.share(RARE_SHARE)) return word + chance.pick(NAMES.rare);
  if (cityCode === "441900" && chance.share(0.02)) return `${word}莞`;
  return chance.share(0.4) ? word + chance.pick(CHARACTERS) : word;
}

/** A surname with 某, which nobody is called. */
export function person(chance: Chance): string {
  return `${chance.pick(SURNAMES)}某`;
}

/** A telephone number whose first four digits after the area code are 0000, which no exchange gives out. */
export function telephone(chance: Chance, area: string): string {
  return `${area}-0000${String(chance.below(10_000)).padStart(4, "0")}`;
}
