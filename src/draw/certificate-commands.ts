/** The one-line commands by which anyone recomputes the seed and a ticket (draw-spec, "Seed" and "Method `ticket`"). */
import type { Manifest } from "./manifest.ts";

/** Command whose result is the seed, and that result. */
export function seedCommand({ roundId, contributions, seed }: Manifest): string {
  const lines = [roundId, ...contributions.map(({ by, value }) => `${by}=${value}`)];
  const isPlain = !roundId.startsWith("-") && lines.every((line) => !/['%\\]/.test(line));
  const text = isPlain
    ? `'${lines.join("\\n")}'`
    : `'${lines.map(() => "%s").join("\\n")}' ${lines.map(shellQuoted).join(" ")}`;
  return `printf ${text} | sha256sum\n→ ${seed}`;
}

/** Command whose result is the ticket of the first unit drawn, and that result; undefined for a method without tickets. */
export function ticketCommand({ seed, strata, method }: Manifest): string | undefined {
  const unit = strata.flatMap(({ units }) => units).find(({ ticket }) => ticket !== null);
  if (method !== "ticket" || unit === undefined) return undefined;
  return `printf '%s:%s' ${seed} ${shellQuoted(unit.id)} | sha256sum\n→ ${unit.ticket}　（${unit.name}）`;
}

/** A text as one word of a POSIX shell. */
function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
