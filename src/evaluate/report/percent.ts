/** Shares in per cent, as reports print them. */

/** A share that was found, in per cent, always with two decimals; a dash where there is none. */
export function percent(share: number | null): string {
  return share === null ? "—" : `${(share * 100).toFixed(2)}%`;
}

/** A share that was set, such as a limit, a confidence or a mark of an axis, in as few figures as it has. */
export function plainPercent(share: number): string {
  return `${Number((share * 100).toPrecision(4))}%`;
}
