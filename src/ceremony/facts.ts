/** What a ceremony shows of a round: plain values, read anew after each step. */
import { drawIdOfManifest, isOfSample, type Manifest, manifestDigest } from "../draw/manifest.ts";
import { readManifest } from "../draw/read-manifest.ts";
import { strataForPeople, stratumName } from "../draw/strata.ts";
import { notLocked, readLock } from "../frame/locked.ts";
import { planInWords } from "../plan/in-words.ts";
import { planDigest } from "../plan/plan.ts";
import { readPlan } from "../plan/seal.ts";
import { SHORT_CLASS_NAMES } from "../reference/classes.ts";
import { divisionName } from "../reference/divisions.ts";
import { journalOf, type Round } from "../round/round.ts";
import { deriveSeed } from "../seed/derive.ts";
import { readSeed } from "../seed/record.ts";
import { isSealed } from "../seed/sealed.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Words, words } from "../text/words.ts";

export interface DrawnCity {
  readonly name: string;
  readonly sample: number;
  readonly reserve: number;
  readonly shortfall: number;
  /** The sample, in the order of rank within each stratum. */
  readonly units: readonly {
    readonly stratum: Words;
    readonly rank: number;
    readonly id: string;
    readonly name: string;
  }[];
}

export interface CeremonyFacts {
  readonly round: { readonly id: string; readonly name: string; readonly holder: string };
  readonly frame: { readonly units: number; readonly digest: string };
  readonly plan: { readonly digest: string; readonly isSealed: boolean; readonly lines: readonly Words[] };
  /** Commitments not disclosed yet. */
  readonly commitments: readonly { readonly by: string; readonly commitment: string }[];
  readonly contributions: readonly { readonly by: string; readonly value: string; readonly isCommitted: boolean }[];
  /** Once drawn. */
  readonly result:
    | {
        readonly seed: string;
        readonly manifestDigest: string;
        readonly cities: readonly DrawnCity[];
        /** Where the certificate lies, for people. */
        readonly certificate: string;
      }
    | undefined;
}

/**
 * @param redact whether units stand without their names
 * @throws ChouqianError E-FRAME-NOT-LOCKED, E-CEREMONY-SEALED while a seed is sealed, and what reading plan, seed and manifest refuses
 */
export async function ceremonyFacts(round: Round, redact: boolean): Promise<CeremonyFacts> {
  const lock = readLock(round);
  if (lock === undefined) throw notLocked();
  const sealed = await readPlan(round);
  const record = readSeed(round);
  if (record !== undefined && isSealed(record)) throw sealedSeed();
  const { entries } = journalOf(round);
  const { id, name, holder } = round.config;
  const isDrawn = entries.some(({ event }) => event === "drawn");
  return {
    round: { id, name, holder },
    frame: { units: lock.units, digest: lock.frameDigest },
    plan: {
      digest: planDigest(sealed),
      isSealed: entries.some(({ event }) => event === "plan.sealed"),
      lines: planInWords(sealed),
    },
    commitments: record?.commitments ?? [],
    contributions: (record?.contributions ?? []).map(({ by, value, commitment }) => ({
      by,
      value,
      isCommitted: commitment !== undefined,
    })),
    result: isDrawn ? resultOf(readManifest(round), redact) : undefined,
  };
}

/** A projector shows seed and units, which a sealed seed is to keep from those who look on. */
function sealedSeed(): ChouqianError {
  return new ChouqianError("E-CEREMONY-SEALED", {
    message: words("种子有一项封存，结果不能投影", "a contribution is sealed: the result is not for a projector"),
    advice: words(
      "用 seed add 收集其余各方的内容，用 draw --secret 文件 抽签；seed open 公开之后可以投影",
      "use seed add and draw --secret FILE; after seed open it may be shown",
    ),
  });
}

function resultOf(manifest: Manifest, redact: boolean): CeremonyFacts["result"] {
  const strata = strataForPeople(manifest.strata);
  const cities = [...new Set(strata.map(({ key }) => key.slice(0, 6)))];
  return {
    seed: deriveSeed(drawIdOfManifest(manifest), manifest.contributions),
    manifestDigest: manifestDigest(manifest),
    certificate: "draw/抽签见证单.pdf",
    cities: cities.map((city) => {
      const own = strata.filter(({ key }) => key.startsWith(`${city}/`));
      const sum = (count: "n" | "reserve" | "shortfall") => own.reduce((total, stratum) => total + stratum[count], 0);
      return {
        name: divisionName(city),
        sample: sum("n"),
        reserve: sum("reserve"),
        shortfall: sum("shortfall"),
        units: own.flatMap(({ key, units }) =>
          units.filter(isOfSample).map((unit) => ({
            stratum: stratumInShort(key),
            rank: unit.rank,
            id: unit.id,
            name: redact ? "" : unit.name,
          })),
        ),
      };
    }),
  };
}

function stratumInShort(key: string): Words {
  const [, sourceClass = "", ...parts] = key.split("/");
  const { zh, en } = SHORT_CLASS_NAMES[sourceClass as keyof typeof SHORT_CLASS_NAMES];
  const part = parts.length === 0 ? "" : ` ${stratumName(key)}`;
  return words(`${zh}${part}`, `${en}${parts.length === 0 ? "" : ` ${parts.join(" ")}`}`);
}
