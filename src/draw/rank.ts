/**
 * Ranks the units of one stratum by a seed (draw-spec, "Method"): the heart of the program.
 *
 * - `ticket`: a unit's ticket is the SHA-256 digest of `seed:id`; units are ranked by ticket, equal tickets by id.
 *   The rank of one unit against another depends on nothing but the seed and the two ids.
 * - `seedrandom`: the ids in byte order are shuffled from the front (Fisher & Yates 1938, Durstenfeld 1964) by
 *   npm seedrandom keyed with the digest of `seed/stratum key`.
 */
import { compareBytes, digest } from "../text/canonical.ts";
import type { Method } from "./manifest.ts";
import { seededUniform } from "./uniform.ts";

/** One ranked unit; its place in the list is its rank. */
export interface Ranked {
  readonly id: string;
  /** 64 hex digits; null under `seedrandom`. */
  readonly ticket: string | null;
}

/** How to rank: the ids of a stratum in any order, how many to keep, the seed and the stratum's key. */
type Ranker = (ids: readonly string[], take: number, seed: string, stratum: string) => Ranked[];

const RANKERS: Readonly<Record<Method, Ranker>> = { ticket: rankByTicket, seedrandom: rankBySeedrandom };

/**
 * The first `take` units of a stratum's ranking (all of them where it holds fewer).
 * @param ids distinct canonical ids, in any order: the result does not depend on it
 * @param seed 64 hex digits
 */
export function rank(
  method: Method,
  ids: readonly string[],
  take: number,
  seed: string,
  stratum: string,
): readonly Ranked[] {
  return RANKERS[method](ids, Math.min(take, ids.length), seed, stratum);
}

/** Ticket (签号) of a unit: digest of `seed:id`, as `printf '%s:%s' SEED ID | sha256sum` prints it. */
export function ticketOf(seed: string, id: string): string {
  return digest(`${seed}:${id}`);
}

function rankByTicket(ids: readonly string[], take: number, seed: string): Ranked[] {
  return ids
    .map((id) => ({ id, ticket: ticketOf(seed, id) }))
    .sort((a, b) => compareBytes(a.ticket, b.ticket) || compareBytes(a.id, b.id))
    .slice(0, take);
}

function rankBySeedrandom(ids: readonly string[], take: number, seed: string, stratum: string): Ranked[] {
  const uniform = seededUniform(digest(`${seed}/${stratum}`));
  const order = [...ids].sort(compareBytes);
  const ranked: Ranked[] = [];
  for (let i = 0; i < take; i++) {
    const j = i + uniform(order.length - i);
    const chosen = order[j] as string;
    order[j] = order[i] as string;
    order[i] = chosen;
    ranked.push({ id: chosen, ticket: null });
  }
  return ranked;
}
