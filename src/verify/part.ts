/**
 * One city's part of a round: what may be given to that city, for it to verify its own draw with its own ledger. Other
 * cities appear in it as digests and numbers of units only.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { blockOfStratum, type Manifest } from "../draw/manifest.ts";
import { readManifest } from "../draw/read-manifest.ts";
import { readLock } from "../frame/locked.ts";
import { divisionName } from "../reference/divisions.ts";
import { replaceFolder, writeFileAtomically } from "../round/files.ts";
import { journalOf, type Round, readTextFile, roundPaths, writeJson } from "../round/round.ts";
import { readSeed } from "../seed/record.ts";
import { isSealed } from "../seed/sealed.ts";
import { digest, type JsonValue } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import { words } from "../text/words.ts";

/** What a city's part of a manifest has beside the manifest's own members. */
export interface PartOfManifest {
  /** Code of the city. */
  readonly part: string;
  /** Digest of the whole manifest, as the certificate prints it. */
  readonly manifestDigest: string;
}

/**
 * A manifest without the strata and areas of other cities.
 * @param text the manifest's file
 */
export function partOf(manifest: Manifest, city: string, text: string): Manifest & PartOfManifest {
  const { strata, areaDraw } = manifest;
  return {
    ...manifest,
    strata: strata.filter(({ key }) => blockOfStratum(key).city === city),
    areaDraw: areaDraw && { ...areaDraw, cities: areaDraw.cities.filter((each) => each.city === city) },
    part: city,
    manifestDigest: digest(text),
  };
}

/** Files of a round that are handed on as they are: nothing in them is about single units. */
const WHOLE_FILES = ["config", "seed", "sealedPlan"] as const;

/**
 * Writes a city's part into a folder, which must be new or empty: round.yaml, seed.json, draw/plan.json as they are,
 * journal.jsonl up to the draw (later lines may name units), frame/lock.json without its list of excluded rows,
 * draw/manifest.json without other cities' units.
 * @returns names of the files, relative to the folder
 * @throws ChouqianError E-DRAW-MISSING, E-MANIFEST-CHANGED, E-PART-EXISTS, E-PART-SEALED
 */
export async function exportPart(round: Round, city: string, folder: string): Promise<string[]> {
  const manifest = readManifest(round);
  const lock = readLock(round);
  const record = readSeed(round);
  if (record !== undefined && isSealed(record)) {
    throw new ChouqianError("E-PART-SEALED", {
      message: words("种子还封存着，不能把样本交给市里", "the seed is sealed: no city gets its sample yet"),
      advice: words(
        "核查结束后先公开：seed open --secret 文件",
        "after the visits publish it: seed open --secret FILE",
      ),
    });
  }
  if (existsSync(folder)) {
    throw new ChouqianError("E-PART-EXISTS", {
      message: words(`“${folder}”已存在`, `"${folder}" exists`),
      advice: words("换一个文件夹名；已有的不会被覆盖", "choose another name; nothing is overwritten"),
    });
  }
  const from = round.paths;
  return replaceFolder(folder, async (staging) => {
    const to = roundPaths(staging);
    for (const file of WHOLE_FILES) {
      if (existsSync(from[file])) writeFileAtomically(to[file], readTextFile(from[file]));
    }
    writeFileAtomically(to.journal, journalUpToDraw(round));
    writeJson(to.lock, { ...lock, excluded: [], part: city } as unknown as JsonValue);
    const part = partOf(manifest, city, readTextFile(from.manifest));
    writeJson(to.manifest, part as unknown as JsonValue);
    return [...WHOLE_FILES.map((file) => from[file]), from.journal, from.lock, from.manifest]
      .filter((path) => existsSync(path))
      .map((path) => path.slice(join(round.folder, "/").length).replaceAll("\\", "/"));
  });
}

function journalUpToDraw(round: Round): string {
  const { entries, text } = journalOf(round);
  const drawn = entries.findLast(({ event }) => event === "drawn");
  return text
    .split("\n")
    .slice(0, drawn?.seq)
    .map((line) => `${line}\n`)
    .join("");
}

/**
 * Refuses a city's part where a whole round is expected.
 * @throws ChouqianError E-VERIFY-PART
 */
export function refusePart(round: Round): void {
  const lock = readLock(round) as { readonly part?: unknown } | undefined;
  if (typeof lock?.part !== "string") return;
  const city = divisionName(lock.part);
  throw new ChouqianError("E-VERIFY-PART", {
    message: words(`这是${city}的核对包，只能核对这一个市`, `this is the part of ${city}, and of no other city`),
    advice: words(`请加 --city ${city} --ledger 本市名录`, `give --city ${city} --ledger with the city's own ledger`),
  });
}
