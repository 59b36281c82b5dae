/** The one-line commands by which anyone recomputes the seed and a ticket (draw-spec, "Seed" and "Method `ticket`"). */
import { type Contribution, drawIdOfManifest, type Manifest } from "./manifest.ts";

/** Command whose result is the seed, and that result. */
export function seedCommand(manifest: Manifest): string {
  const { contributions, seed } = manifest;
  const drawId = drawIdOfManifest(manifest);
  const lines = [drawId, ...contributions.map(({ by, value }) => `${by}=${value}`)];
  const isPlain = !drawId.startsWith("-") && lines.every((line) => !/['%\\]/.test(line));
  const text = isPlain
    ? `'${lines.join("\\n")}'`
    : `'${lines.map(() => "%s").join("\\n")}' ${lines.map(shellQuoted).join(" ")}`;
  return `printf ${text} | sha256sum\n→ ${seed}`;
}

/** Command whose result is the ticket of the first unit drawn, and that result; undefined for a method without tickets. */
export function ticketCommand({ seed, strata, method }: Manifest): string | undefined {
  const unit = strata.flatMap(({ units }) => units).find(({ ticket }) => ticket !== null);
  if (method !== "ticket" || unit === undefined) return undefined;
  return `printf '%s:%s' ${seed} ${shellQuoted(unit.id)} | sha256sum\n→ ${unit.ticket}\n　 （${unit.name}）`;
}

/** Command that proves a sealed contribution once its value and nonce are published. */
export function commitmentCommand({ by, commitment = "" }: Contribution): string {
  return `printf '%s=%s\\n%s' ${shellQuoted(by)} 封存的值 随机数 | sha256sum\n→ ${commitment}`;
}

/** A text as one word of a POSIX shell. */
function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
