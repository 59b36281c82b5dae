/** `chouqian draw --sql`: prints the query that draws a round's sample on another engine. */
import { existsSync } from "node:fs";
import { drawIdOfManifest } from "../draw/manifest.ts";
import { readManifest } from "../draw/read-manifest.ts";
import { type SampleQuery, sampleQuery } from "../draw/sql.ts";
import { DIALECTS, type DialectName } from "../draw/sql-dialects.ts";
import { CITY_STAGE, drawCities } from "../draw/stages.ts";
import { parseTableColumns } from "../frame/database-table.ts";
import { readLock } from "../frame/locked.ts";
import { columnNamed, plannedCities } from "../plan/against-frame.ts";
import { planDigest, type SealedPlan } from "../plan/plan.ts";
import { readPlan } from "../plan/seal.ts";
import { CITIES } from "../reference/divisions.ts";
import { REHEARSAL } from "../round/config.ts";
import type { Round } from "../round/round.ts";
import { deriveSeed } from "../seed/derive.ts";
import { readSeed } from "../seed/record.ts";
import { canonicalText } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import { words } from "../text/words.ts";
import type { DatabaseFlags } from "./database-options.ts";

/** What the draw is called and from what its seed is made. */
interface Drawing {
  readonly drawId: string;
  readonly contributions: readonly { readonly by: string; readonly value: string }[];
}

/**
 * The query for a round's plan and seed. Reads the round, changes nothing in it.
 * @param seedText a seed for trying the query out before there is one: it draws under the id `REHEARSAL`, never for real
 * @throws ChouqianError E-SQL-SEED, E-SQL-CITIES, E-SQL-PLAN
 */
export async function roundQuery(
  round: Round,
  dialect: DialectName,
  seedText: string | undefined,
  { table, column }: DatabaseFlags,
): Promise<string> {
  const sealed = await readPlan(round);
  const drawing = drawingOf(round, seedText);
  const seed = deriveSeed(drawing.drawId, drawing.contributions);
  const lock = readLock(round);
  const columns = parseTableColumns(column);
  const own = new Map(lock?.database?.columns.map((name, at) => [lock.columns[at]?.name, name]) ?? []);
  const query: SampleQuery = {
    plan: sealed.plan,
    ...citiesOf(round, sealed, drawing),
    seed,
    table: table ?? lock?.database?.table ?? "units",
    columnOf: (name) => {
      const inFrame = lock === undefined ? name : (columnNamed(lock, name) ?? name);
      return columns.get(name) ?? columns.get(inFrame) ?? own.get(inFrame) ?? inFrame;
    },
    about: [
      `chouqian draw --sql ${dialect}`,
      `draw ${drawing.drawId}${drawing.drawId === REHEARSAL ? " 演练：不是正式抽签" : ""}`,
      `plan ${planDigest(sealed)}`,
      ...(lock === undefined ? [] : [`frame ${lock.frameDigest}`]),
      `seed ${seed}`,
    ],
  };
  return sampleQuery(query, DIALECTS[dialect]);
}

function drawingOf(round: Round, seedText: string | undefined): Drawing {
  if (existsSync(round.paths.manifest)) {
    const manifest = readManifest(round);
    return { drawId: drawIdOfManifest(manifest), contributions: manifest.contributions };
  }
  if (seedText !== undefined) {
    return { drawId: REHEARSAL, contributions: [{ by: "seed", value: canonicalText(seedText) }] };
  }
  const record = readSeed(round);
  if (record !== undefined && record.contributions.length > 0 && record.commitments.length === 0) {
    return { drawId: record.drawId, contributions: record.contributions };
  }
  throw new ChouqianError("E-SQL-SEED", {
    message: words("还没有完整的随机种子，写不出查询", "there is no complete seed yet"),
    advice: words(
      "先收集种子（seed add、seed reveal）；只是试一试查询，可加 --seed 任意文字（按演练抽，不作数）",
      "collect the seed first; to try the query out add --seed TEXT (a rehearsal)",
    ),
  });
}

function citiesOf(
  round: Round,
  sealed: SealedPlan,
  { drawId, contributions }: Drawing,
): Pick<SampleQuery, "cities" | "cityChance"> {
  const lock = readLock(round);
  const { random } = sealed.plan.cities ?? {};
  const all = CITIES.map(({ code }) => code);
  const candidates =
    lock !== undefined
      ? plannedCities(sealed, { lock })
      : sealed.cities === "all"
        ? all
        : all.filter((code) => sealed.cities.includes(code));
  if (random === undefined) return { cities: candidates };
  if (lock === undefined && sealed.cities === "all") {
    throw new ChouqianError("E-SQL-CITIES", {
      message: words(
        "方案随机抽城市，但还不知道名录里有哪些市",
        "cities are drawn by lot, but those of the ledger are not known",
      ),
      advice: words(
        "在 round.yaml 的 cities 里列出候选城市，或先锁定抽样框",
        "name the cities in round.yaml, or lock the frame",
      ),
    });
  }
  const seed = deriveSeed(`${drawId}/${CITY_STAGE}`, contributions);
  const { n, N, cities } = drawCities(candidates, random, { method: sealed.plan.method, seed });
  return { cities: cities.filter(({ drawn }) => drawn).map(({ city }) => city), cityChance: { n, N } };
}
