/** Files of published draws: what was published, and what our arithmetic makes of the same input. */
import { z } from "zod";
import { ChouqianError } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { parseYaml } from "../text/yaml-file.ts";
import { type ReplayStep, replayColorado, replayConsistentSampler, replayRfc3797 } from "./replay.ts";

const wholes = z.array(z.int({ error: "应为整数" })).min(1, { error: "至少写一个公布的结果" });
const source = z.string().min(1, { error: "请写明出处 source" });

const SCHEMAS = {
  rfc3797: z.strictObject({ source, key: z.string().min(1), pool: z.int().min(1).max(65_535), selected: wholes }),
  colorado: z.strictObject({
    source,
    seed: z.string().min(1),
    range: z.tuple([z.int(), z.int()]),
    withoutReplacement: wholes,
  }),
  arlo: z.strictObject({
    source,
    seed: z.string().min(1),
    tickets: z.array(z.strictObject({ id: z.string().min(1), ticket: z.string().regex(/^0\.\d+$/) })).min(1),
  }),
} as const;
export type ReplayKind = keyof typeof SCHEMAS;
export const REPLAY_KINDS = Object.keys(SCHEMAS) as ReplayKind[];

export interface Replay {
  readonly source: string;
  /** What was published, in its order. */
  readonly published: readonly string[];
  /** The same, recomputed step by step. */
  readonly steps: readonly ReplayStep[];
  /** Place of the first result that differs, counting from 1; undefined where all agree. */
  readonly differs: number | undefined;
}

/**
 * Redoes the draw of a file.
 * @param text JSON or YAML, see `samples/replay`
 * @throws ChouqianError E-REPLAY-FILE with the line of each fault
 */
export function replay(kind: ReplayKind, text: string, fileName: string): Replay {
  const { source, published, steps } = READERS[kind](text, fileName);
  const place = published.findIndex((result, index) => result !== steps[index]?.chosen);
  return { source, published, steps, differs: place < 0 ? undefined : place + 1 };
}

const READERS: Readonly<Record<ReplayKind, (text: string, fileName: string) => Omit<Replay, "differs">>> = {
  rfc3797: (text, fileName) => {
    const { source, key, pool, selected } = parseYaml(SCHEMAS.rfc3797, text, fileName, "E-REPLAY-FILE");
    if (selected.length > pool) throw tooMany(fileName);
    return { source, published: selected.map(String), steps: replayRfc3797(key, pool, selected.length) };
  },
  colorado: (text, fileName) => {
    const file = parseYaml(SCHEMAS.colorado, text, fileName, "E-REPLAY-FILE");
    const [least, greatest] = file.range;
    const { length } = file.withoutReplacement;
    if (length > greatest - least + 1) throw tooMany(fileName);
    const steps = replayColorado(file.seed, [least, greatest], length);
    return { source: file.source, published: file.withoutReplacement.map(String), steps };
  },
  arlo: (text, fileName) => {
    const { source, seed, tickets } = parseYaml(SCHEMAS.arlo, text, fileName, "E-REPLAY-FILE");
    const steps = replayConsistentSampler(
      seed,
      tickets.map(({ id }) => id),
    );
    return { source, published: tickets.map(({ id, ticket }) => `${id} ${ticket}`), steps };
  },
};

function tooMany(fileName: string): ChouqianError {
  return new ChouqianError("E-REPLAY-FILE", {
    message: words("公布的结果比可抽的还多", "more results than there is to draw from"),
    advice: words("核对文件里的范围和结果", "check range and results"),
    at: { file: fileName },
  });
}
