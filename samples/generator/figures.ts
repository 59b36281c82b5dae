/** Writing figures plainly, and the pollutants that burning fuel leaves. */

/**
 * A figure as a ledger writes it: whole from 1,000 on, one decimal from 100, two from 1, four below; no separators.
 * What is above zero never becomes 0.
 */
export function plain(value: number): string {
  if (value <= 0) return "0";
  if (value >= 1000) return String(Math.round(value));
  if (value >= 100) return String(Math.round(value * 10) / 10);
  if (value >= 1) return String(Math.round(value * 100) / 100);
  return String(Math.max(1, Math.round(value * 10_000)) / 10_000);
}

/** A figure in whole units, at least 1. */
export function count(value: number): string {
  return String(Math.max(1, Math.round(value)));
}

export type Fuel = "gas" | "coal" | "biomass";

/** Tons of raw coal or of biomass pellets that give the heat of 10,000 m³ of natural gas. */
export const TONS_FOR_GAS: Readonly<Record<Exclude<Fuel, "gas">, number>> = { coal: 17, biomass: 21 };

/**
 * Kilograms left after ordinary treatment: for 10,000 m³ of gas (sulphur 100 mg/m³, nitrogen oxides 18.71 by the first
 * census's coefficients), for a ton of coal (sulphur 0.6 %, scrubbed to a quarter) and for a ton of pellets.
 */
const LEFT_BY: Readonly<Record<Fuel, { so2: number; nox: number; particulates: number }>> = {
  gas: { so2: 2, nox: 18.71, particulates: 1.1 },
  coal: { so2: 2.4, nox: 2.9, particulates: 0.6 },
  biomass: { so2: 0.5, nox: 1.02, particulates: 0.4 },
};

/** Tons of sulphur dioxide, nitrogen oxides and particulates from an amount of fuel. */
export function burnt(fuel: Fuel, amount: number): { so2: number; nox: number; particulates: number } {
  const { so2, nox, particulates } = LEFT_BY[fuel];
  return { so2: (so2 * amount) / 1000, nox: (nox * amount) / 1000, particulates: (particulates * amount) / 1000 };
}

/** Tons of a pollutant in wastewater. @param milligrams mg/L @param volume m³ */
export function dissolved(milligrams: number, volume: number): number {
  return (milligrams * volume) / 1_000_000;
}
