/** What sample list and certificate are filled with, from lock, manifest and units. Pure. */

import { fieldReader } from "../frame/fields.ts";
import type { FrameLock } from "../frame/lock-record.ts";
import type { FrameUnit } from "../frame/locked.ts";
import { divisionName, isDivision } from "../reference/divisions.ts";
import { REHEARSAL, type RoundConfig } from "../round/config.ts";
import { SEALED_SEED } from "../seed/sealed.ts";
import { dateInWords } from "../text/dates.ts";
import type { CertificateInput } from "./certificate.ts";
import { blockOfStratum, type DrawnStratum, type Manifest, manifestDigest } from "./manifest.ts";
import type { SampleList } from "./sample-list.ts";
import { strataForPeople, stratumInWords } from "./strata.ts";

export function sampleListInput(
  config: RoundConfig,
  lock: FrameLock,
  manifest: Manifest,
  units: readonly FrameUnit[],
  isSealed = false,
): SampleList {
  const byId = new Map(units.map((unit) => [unit.id, unit]));
  const field = fieldReader(lock.columns);
  const strata = strataForPeople(manifest.strata);
  return {
    title: config.name,
    roundId: manifest.roundId,
    manifestDigest: manifestDigest(manifest),
    seed: isSealed ? SEALED_SEED : manifest.seed,
    isRehearsal: manifest.roundId === REHEARSAL,
    frameDigest: manifest.frameDigest,
    rows: strata.flatMap(({ key, units: drawn }) => {
      const { city, sourceClass } = blockOfStratum(key);
      return drawn.map((unit) => {
        const known = byId.get(unit.id);
        return {
          cityCode: city,
          city: divisionName(city),
          county: divisionName(known?.county ?? ""),
          sourceClass,
          id: unit.id,
          name: unit.name,
          address: field(known, "address"),
          contact: field(known, "contact"),
          phone: field(known, "phone"),
          status: field(known, "status"),
          stratum: key,
          rank: unit.rank,
          role: unit.role,
          ticket: unit.ticket,
          inclusionProbability: unit.inclusionProbability,
        };
      });
    }),
    summary: strata.map(({ key, N, n, reserve, shortfall }) => {
      const { city, sourceClass } = blockOfStratum(key);
      return {
        city: divisionName(city),
        cityCode: city,
        sourceClass,
        stratum: key,
        N,
        n,
        reserve,
        shortfall,
      };
    }),
  };
}

/** What else a certificate tells. */
export interface CertificateAbout {
  /** The plan in plain words, a paragraph a line. */
  readonly plan: readonly string[];
  /** Unlocks, unsealings and redraws before this draw. */
  readonly history: readonly string[];
  /** Nothing that leads to the seed or to a drawn unit is printed. */
  readonly isSealed: boolean;
}

export function certificateInput(
  config: RoundConfig,
  lock: FrameLock,
  manifest: Manifest,
  { plan, history, isSealed }: CertificateAbout,
): CertificateInput {
  return {
    round: {
      roundId: manifest.roundId,
      name: config.name,
      holder: config.holder,
      date: dateInWords(config.date),
      level: config.level,
    },
    manifest,
    manifestDigest: manifestDigest(manifest),
    plan: { method: manifest.method, lines: plan },
    rows: blockTotals(manifest.strata),
    history,
    isSealed,
    frame: {
      units: lock.units,
      sources: lock.sources.map(({ name, sha256, tables }) => ({
        name,
        sha256,
        rows: tables.reduce((sum, { rows }) => sum + rows, 0),
      })),
      excluded: lock.excluded.length,
    },
    notes: certificateNotes(lock, manifest, isSealed),
  };
}

/** Counts of each block, its strata added up. */
function blockTotals(strata: readonly DrawnStratum[]): CertificateInput["rows"] {
  const totals = new Map<string, CertificateInput["rows"][number]>();
  for (const { key, N, n, reserve, shortfall } of strataForPeople(strata)) {
    const { city, sourceClass } = blockOfStratum(key);
    const block = `${city}/${sourceClass}`;
    const sum = totals.get(block) ?? { city: divisionName(city), sourceClass, N: 0, n: 0, reserve: 0, shortfall: 0 };
    totals.set(block, {
      ...sum,
      N: sum.N + N,
      n: sum.n + n,
      reserve: sum.reserve + reserve,
      shortfall: sum.shortfall + shortfall,
    });
  }
  return [...totals.values()];
}

/** What a reader of the certificate must not miss: first stages of the draw, rows left out, shortfalls. */
function certificateNotes(lock: FrameLock, manifest: Manifest, isSealed: boolean): string[] {
  const notes: string[] = stageNotes(manifest, isSealed);
  if (lock.excluded.length > 0) {
    notes.push(
      `名录共读入 ${lock.rowsRead} 行，其中 ${lock.excluded.length} 行无法识别或归类，未进入抽样框，逐行列于 frame/lock.json 和问题清单。`,
    );
  }
  const unknown = manifest.strata.filter(({ key }) => isUnknownCounty(blockOfStratum(key).part));
  if (unknown.length > 0) {
    const drawn = unknown.reduce((sum, { n }) => sum + n, 0);
    notes.push(
      `有 ${unknown.length} 个层的县区在名录中未填或不是法定县区（如功能区），按名录原文各自成层，其中抽取 ${drawn} 家；各层数量见抽样名单。`,
    );
  }
  const short = strataForPeople(manifest.strata).filter(({ shortfall }) => shortfall > 0);
  for (const { key, N, shortfall } of short) {
    const others = manifest.strata.filter((other) => other.key !== key && other.key.startsWith(`${key}/`));
    const total = others.reduce((sum, other) => sum + other.N, N);
    const has = total === 0 ? "名录中没有可抽的单位" : "名录中只有";
    const count = total === 0 ? "" : ` ${total} 家，已全部抽取`;
    notes.push(`${stratumInWords(key)}：${has}${count}，比方案少 ${shortfall} 家，缺额不由其他层补足。`);
  }
  return notes;
}

/** Cities and areas that were drawn first, and units taken for certain. */
function stageNotes({ cityDraw, areaDraw, strata }: Manifest, isSealed: boolean): string[] {
  const notes: string[] = [];
  const by = (seed: string) => (isSealed ? "" : `（种子 ${seed}）`);
  if (cityDraw !== undefined) {
    const drawn = cityDraw.cities.filter((each) => each.drawn).map(({ city }) => divisionName(city));
    notes.push(`从 ${cityDraw.N} 个市中随机抽出 ${cityDraw.n} 个市：${drawn.join("、")}${by(cityDraw.seed)}。`);
  }
  if (areaDraw !== undefined) {
    const cities = areaDraw.cities.map(({ city, N, n, areas }) => {
      const names = areas.map(({ area }) => (area === "" ? "未填" : divisionName(area)));
      return `${divisionName(city)} ${N} 个片区抽 ${n} 个${isSealed ? "" : `（${names.join("、")}）`}`;
    });
    notes.push(`先抽片区：${cities.join("；")}${by(areaDraw.seed)}。`);
  }
  const certain = strata.flatMap(({ units }) => units.filter(({ role }) => role === "certainty"));
  if (certain.length > 0)
    notes.push(`另有 ${certain.length} 家按方案必查或因规模大必然入样，入样概率为 1，计入抽取数。`);
  const withoutSize = strata.reduce((sum, stratum) => sum + (stratum.withoutSize ?? 0), 0);
  if (withoutSize > 0) notes.push(`有 ${withoutSize} 家没有规模数字，按规模抽取时抽不到，不计入各层总数。`);
  return notes;
}

/** Whether a stratum is named by a county that the division table does not hold; false for a whole block. */
function isUnknownCounty(part: string | undefined): boolean {
  return part !== undefined && !part.startsWith("+") && !isDivision(part);
}
