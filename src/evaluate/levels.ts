/**
 * How sure a verdict has to be, by how often its city was followed up. Pure.
 *
 * Who looks at a city again after a follow-up gives chance a second turn, and by choosing the number of further sources after
 * having seen the first result makes that turn a better one: with 95% at each look a city just above the limit would be
 * called met in up to 11.5% of all rounds with two looks, 18.3% with three (Armitage, McPherson & Rowe 1969; Proschan &
 * Hunsberger 1995). So the chance of error is shared out over the looks (Pocock 1977; O'Brien & Fleming 1979), here as they
 * come (Lan & DeMets 1983), since the sizes of the stages are not known beforehand.
 *
 * The shares hold whatever sizes somebody chooses after having seen the results. With one-sided shares α₁, α₂ … and normal
 * estimates a first result z leaves, in the best choice of all, the chance 1 − Φ(√(c₂² − z²)) for 0 < z < c₁ and α₂ below
 * (Proschan & Hunsberger 1995; for three looks by backward induction). With 2.5%, 1.25%, 0.4% all together stay at 4.9%;
 * with 5%, 0.25%, 0.08%, where nobody foresaw a follow-up and the first look has had its 5% already, at 5.5%.
 */
import { MOST_FOLLOW_UPS } from "../draw/follow-up.ts";

/** One-sided chance of error of the verdict after no follow-up, one, two … */
export const FORESEEN: readonly number[] = [0.025, 0.0125, 0.004];
export const UNFORESEEN: readonly number[] = [0.05, 0.0025, 0.0008];

/** @param isForeseen whether the sealed plan says that undecided cities are followed up (`followUp: true`) */
export function levels(isForeseen: boolean): readonly number[] {
  return isForeseen ? FORESEEN : UNFORESEEN;
}

/** @param followUps of the city, at most `MOST_FOLLOW_UPS` */
export function levelAfter(followUps: number, isForeseen: boolean): number {
  const level = levels(isForeseen)[followUps];
  if (level === undefined) throw new RangeError(`${followUps} follow-ups, at most ${MOST_FOLLOW_UPS}`);
  return level;
}
