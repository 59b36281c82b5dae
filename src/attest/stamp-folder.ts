/**
 * The folder `stamps/` of a round. Each stamp is three files with one name, such as `frame-1`: the text that is stamped
 * (`.json`), the request (`.tsq`) and, once it came, the authority's answer (`.tsr`).
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Round } from "../round/round.ts";
import { ChouqianError } from "../text/errors.ts";
import { words } from "../text/words.ts";
import { STAMPED, type Stamped } from "./statement.ts";

export interface StampFiles {
  readonly name: string;
  readonly of: Stamped;
  readonly number: number;
  readonly statement: string;
  readonly request: string;
  readonly response: string;
}

export function stampFiles(round: Round, of: Stamped, number: number): StampFiles {
  const name = `${of}-${number}`;
  const at = (ending: string) => join(round.paths.stamps, `${name}.${ending}`);
  return { name, of, number, statement: at("json"), request: at("tsq"), response: at("tsr") };
}

/** All requests of a round, by kind and number. */
export function requestsOf(round: Round): StampFiles[] {
  if (!existsSync(round.paths.stamps)) return [];
  const names = readdirSync(round.paths.stamps);
  return STAMPED.flatMap((of) =>
    names
      .map((name) => new RegExp(`^${of}-(\\d+)\\.tsq$`).exec(name)?.[1])
      .filter((number) => number !== undefined)
      .map(Number)
      .sort((a, b) => a - b)
      .map((number) => stampFiles(round, of, number)),
  );
}

/**
 * Bytes of a file.
 * @throws ChouqianError E-FILE-READ
 */
export function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch {
    throw new ChouqianError("E-FILE-READ", {
      message: words(`读不到文件 ${basename(path)}`, `cannot read ${basename(path)}`),
      advice: words("请检查文件是否存在、是否有读取权限", "check that the file exists and may be read"),
      at: { file: basename(path) },
    });
  }
}
