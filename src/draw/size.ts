/**
 * Chances in proportion to size by sequential Poisson sampling over the tickets (Ohlsson 1998, Journal of Official
 * Statistics 14:149–162). Pure.
 *
 * With x the size of a unit and u = (k + ½)/2⁵², k the first 13 hex digits of its ticket, units are ranked by u/λ, where
 * λ = n·x/Σx. Units with λ ≥ 1 are taken for certain, and the rest is worked out again. Since n and Σx are the same for
 * all others, u/λ orders as (2k + 1)/x does; that quotient of two whole numbers below 2⁵³, one division of IEEE 754, is
 * the same on every machine and in every database.
 */
import { compareBytes } from "../text/canonical.ts";

export interface SizedUnit {
  readonly id: string;
  readonly ticket: string;
  /** Millionths, above 0. */
  readonly size: bigint;
}

export interface SizedDraw {
  /** Units in the order of rank; the certain ones first, by ticket. */
  readonly ranked: readonly SizedUnit[];
  /** How many of them are certain. */
  readonly certain: number;
  /** Chance of a unit to be among the first n: 1, or λ. */
  readonly probability: (unit: SizedUnit) => number;
}

/**
 * Ranks units for a draw of n with chances in proportion to size.
 * @param n at most the number of units
 */
export function rankBySize(units: readonly SizedUnit[], n: number): SizedDraw {
  const certain = new Set(certainUnits(units, n).map(({ id }) => id));
  const others = units.filter(({ id }) => !certain.has(id));
  const rest = n - certain.size;
  const total = others.reduce((sum, { size }) => sum + size, 0n);
  const byTicket = (a: SizedUnit, b: SizedUnit) => compareBytes(a.ticket, b.ticket) || compareBytes(a.id, b.id);
  const keyed = others.map((unit) => ({ unit, key: rankingKey(unit) }));
  keyed.sort((a, b) => a.key - b.key || byTicket(a.unit, b.unit));
  return {
    ranked: [...units.filter(({ id }) => certain.has(id)).sort(byTicket), ...keyed.map(({ unit }) => unit)],
    certain: certain.size,
    probability: ({ id, size }) => (certain.has(id) ? 1 : (rest * Number(size)) / Number(total)),
  };
}

/**
 * Units with λ ≥ 1. Ordered by size the j-th from the top (j = 0, 1, …) is one of them if (n − j)·xⱼ ≥ Σ over it and all
 * smaller ones; the first that is not ends the list.
 */
function certainUnits(units: readonly SizedUnit[], n: number): SizedUnit[] {
  const order = [...units].sort((a, b) => (a.size > b.size ? -1 : a.size < b.size ? 1 : 0));
  let left = order.reduce((sum, { size }) => sum + size, 0n);
  const certain: SizedUnit[] = [];
  for (const unit of order) {
    if (certain.length >= n || BigInt(n - certain.length) * unit.size < left) break;
    certain.push(unit);
    left -= unit.size;
  }
  return certain;
}

/** (2k + 1)/x as a double, with k the first 13 hex digits of the ticket. */
function rankingKey({ ticket, size }: SizedUnit): number {
  return (2 * Number.parseInt(ticket.slice(0, 13), 16) + 1) / Number(size);
}
