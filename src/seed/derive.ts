/** From contributions to the seed (draw-spec, "Seed"). Pure. */
import { canonicalText, digest } from "../text/canonical.ts";

/** What one party gives to the seed: text, never a number. */
export interface SeedPart {
  readonly by: string;
  readonly value: string;
}

/**
 * Seed of a draw: digest of the lines `drawId`, then `by=value` for each contribution in the order given, joined by LF.
 * @param drawId round id, for other draws of the round with `/name` appended
 * @returns 64 hex digits
 */
export function deriveSeed(drawId: string, contributions: readonly SeedPart[]): string {
  return digest([canonicalText(drawId), ...contributions.map(contributionLine)].join("\n"));
}

/**
 * Commitment to a contribution that is made public later: digest of `by=value` LF `nonce`.
 * @param nonce random text that keeps a guessable value from being found by trying
 */
export function commitmentTo(contribution: SeedPart, nonce: string): string {
  return digest(`${contributionLine(contribution)}\n${canonicalText(nonce)}`);
}

function contributionLine({ by, value }: SeedPart): string {
  return `${canonicalText(by)}=${canonicalText(value)}`;
}
