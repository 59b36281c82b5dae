/** Tells in plain words why one unit was drawn or was not, and compares with the manifest. */
import { existsSync } from "node:fs";
import { isOfSample, type Manifest } from "../draw/manifest.ts";
import { type RankedStanding, type Standing, standingOf, type UnitStanding } from "../draw/standing.ts";
import { stratumInWords } from "../draw/strata.ts";
import { openFrame } from "../frame/locked.ts";
import { readPlan } from "../plan/seal.ts";
import { CLASS_NAMES } from "../reference/classes.ts";
import { divisionName } from "../reference/divisions.ts";
import { type Round, readTextFile } from "../round/round.ts";
import { readSeed } from "../seed/record.ts";
import { openedWith } from "../seed/sealed.ts";
import { canonicalCode } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Words, words } from "../text/words.ts";
import { secretOf } from "./plan-and-seed-findings.ts";
import { type UnitNow, unitNow } from "./unit-since.ts";

/** One unit's standing, in words, and whether the manifest says the same. */
export interface UnitReport extends UnitStanding {
  readonly id: string;
  /** Drawn into the sample, a reserve, or neither. */
  readonly outcome: "sample" | "reserve" | "not-drawn";
  readonly lines: readonly Words[];
  /** Whether the manifest agrees; undefined where nothing has been drawn yet. */
  readonly agrees: boolean | undefined;
  /** What the unit is in the sample as it stands after replacements and follow-ups. */
  readonly now: UnitNow | undefined;
}

/**
 * @throws ChouqianError E-SEED-MISSING while there is no complete seed, E-FRAME-NOT-LOCKED, and what reading refuses
 */
export async function verifyUnit(round: Round, id: string): Promise<UnitReport> {
  const code = canonicalCode(id);
  const closed = readSeed(round);
  const secret = secretOf(round, undefined);
  const record = closed !== undefined && secret !== undefined ? openedWith(closed, secret) : closed;
  if (record === undefined || record.contributions.length === 0 || record.commitments.length > 0) {
    throw new ChouqianError("E-SEED-MISSING", {
      message: words("种子还没有齐全，签号无从算起", "the seed is not complete, so there are no tickets yet"),
      advice: words("抽签之后再查：chouqian -C 轮次文件夹 draw", "ask again after the draw"),
    });
  }
  const frame = await openFrame(round);
  try {
    const sealed = await readPlan(round);
    const found = await standingOf(record.drawId, frame, sealed, record.contributions, code);
    const agrees = existsSync(round.paths.manifest)
      ? isInManifest(JSON.parse(readTextFile(round.paths.manifest)) as Manifest, code, found.standing)
      : undefined;
    const outcome = outcomeOf(found.standing);
    const now = agrees === true ? unitNow(round, code) : undefined;
    return { id: code, ...found, outcome, agrees, now, lines: [...unitInWords(code, found), ...(now?.lines ?? [])] };
  } finally {
    frame.close();
  }
}

function outcomeOf(standing: Standing): UnitReport["outcome"] {
  if (standing.kind === "taken-for-certain") return "sample";
  if (standing.kind !== "ranked" || standing.role === "not-drawn") return "not-drawn";
  return isOfSample({ role: standing.role }) ? "sample" : "reserve";
}

/** Whether the manifest lists the unit with the rank and role worked out, or does not list it where it should not. */
function isInManifest(manifest: Manifest, id: string, standing: Standing): boolean {
  const places = manifest.strata.flatMap(({ key, units }) =>
    units.filter((unit) => unit.id === id).map(({ rank, role }) => ({ key, rank, role })),
  );
  const [place, ...more] = places;
  if (standing.kind === "taken-for-certain") return more.length === 0 && place?.role === "certainty";
  if (standing.kind !== "ranked" || standing.role === "not-drawn") return place === undefined;
  const { stratum, rank, role } = standing;
  return more.length === 0 && place?.key === stratum && place.rank === rank && place.role === role;
}

/** A unit's standing, a paragraph a line. Pure. */
export function unitInWords(id: string, { unit, standing }: UnitStanding): Words[] {
  const lines: Words[] = [];
  if (unit !== undefined) {
    const { zh, en } = CLASS_NAMES[unit.class];
    const where = `${divisionName(unit.city)}${unit.county === "" ? "" : divisionName(unit.county)}`;
    lines.push(
      words(`${id}　${unit.name}（${where}，${zh}）`, `${id} ${unit.name} (${unit.county || unit.city}, ${en})`),
    );
  }
  if (standing.kind === "ranked") lines.push(...rankedInWords(id, standing));
  else lines.push(...REASONS[standing.kind](standing as never));
  return lines;
}

type Reasons = {
  readonly [Kind in Exclude<Standing["kind"], "ranked">]: (standing: Extract<Standing, { kind: Kind }>) => Words[];
};

const REASONS: Reasons = {
  "not-in-frame": ({ excludedAt }) => [
    words("没有抽中：抽样框里没有这个代码", "not drawn: the frame has no such id"),
    ...excludedAt.map(({ file, row, codes }) =>
      words(
        `名录 ${file} 第 ${row} 行有它，锁定时被排除：${codes.join("、")}（frame checks 可查含义）`,
        `row ${row} of ${file} has it, kept out by the lock: ${codes.join(", ")} (see frame checks)`,
      ),
    ),
  ],
  "city-not-planned": () => [words("没有抽中：方案不在这个市抽取", "not drawn: the plan does not draw from its city")],
  "city-not-drawn": ({ draw }) => [
    words(
      `没有抽中：先从 ${draw.N} 个市中抽 ${draw.n} 个，这个市没有抽中`,
      `not drawn: ${draw.n} of ${draw.N} cities were drawn, not this one`,
    ),
  ],
  "class-not-planned": () => [
    words("没有抽中：方案不抽这一类污染源", "not drawn: the plan does not draw from its class"),
  ],
  excluded: ({ reason }) => [
    words(`没有抽中：方案把它排除在外，理由：${reason}`, `not drawn: the plan leaves it out: ${reason}`),
  ],
  "in-no-population": () => [
    words(
      "没有抽中：方案只从符合条件的单位中抽（only），它不符合",
      "not drawn: the plan draws from units of a condition that it does not meet",
    ),
  ],
  "without-size": ({ column }) => [
    words(
      `没有抽中：按规模抽取，而它的“${column}”没有大于 0 的数字`,
      `not drawn: chances go by size, and its "${column}" is no number above 0`,
    ),
  ],
  "area-not-drawn": ({ area, draw }) => [
    words(
      `没有抽中：先从 ${draw.N} 个片区中抽 ${draw.n} 个，它所在的片区“${divisionName(area)}”没有抽中`,
      `not drawn: ${draw.n} of ${draw.N} areas were drawn, not its area "${area}"`,
    ),
  ],
  "taken-for-certain": ({ N }) => [
    words(
      `必查：方案指定必查的 ${N} 家之一，不经抽签`,
      `in the sample for certain: one of ${N} units that the plan takes without a lot`,
    ),
  ],
};

const OUTCOMES: Readonly<Record<RankedStanding["role"], Words>> = {
  primary: words("抽中（样本）", "drawn into the sample"),
  certainty: words("必定抽中（规模足够大）", "in the sample for certain by its size"),
  reserve: words("备选：样本单位按规定替换时依次使用", "a reserve"),
  "not-drawn": words("没有抽中", "not drawn"),
};

function rankedInWords(id: string, standing: RankedStanding): Words[] {
  const { stratum, N, n, reserve, rank, role, method, seed, ticket, lastTicket, place, bySize } = standing;
  const until = words(
    `前 ${n} 名为样本${reserve > 0 ? `，其后 ${reserve} 名备选` : ""}`,
    `the first ${n} are the sample${reserve > 0 ? `, the next ${reserve} reserves` : ""}`,
  );
  const lines = [
    words(
      `${OUTCOMES[role].zh}：在${stratumInWords(stratum)}的 ${N} 家中排第 ${rank}，${until.zh}`,
      `${OUTCOMES[role].en}: rank ${rank} of ${N} in ${stratum}; ${until.en}`,
    ),
  ];
  if (method === "seedrandom") {
    lines.push(
      words(
        `洗牌法：洗牌前按代码字节序排第 ${place}，以 SHA-256(${seed.slice(0, 8)}…/${stratum}) 为键洗牌后排第 ${rank}`,
        `shuffled: place ${place} in byte order before, ${rank} after the shuffle keyed with SHA-256(${seed.slice(0, 8)}…/${stratum})`,
      ),
      words("单独一家不能手算，须对整层重新洗牌", "one unit cannot be checked by hand: the whole stratum is shuffled"),
    );
    return lines;
  }
  lines.push(
    words(`签号 ${ticket}`, `ticket ${ticket}`),
    words(`验算：printf '%s:%s' ${seed} ${id} | sha256sum`, `check: printf '%s:%s' ${seed} ${id} | sha256sum`),
  );
  if (bySize === undefined) {
    if (lastTicket !== null) {
      lines.push(
        words(
          `最后一家样本的签号 ${lastTicket}（签号小的在前）`,
          `last ticket of the sample ${lastTicket} (the smaller come first)`,
        ),
      );
    }
    return lines;
  }
  const { size, u, lambda, ratio, lastRatio } = bySize;
  const number = (value: number) => String(Number(value.toPrecision(10)));
  lines.push(
    words(
      `规模 ${size}，u = (签号前 13 位十六进制 + 0.5)/2^52 = ${number(u)}，λ = ${number(lambda)}`,
      `size ${size}, u = (first 13 hex digits + 0.5)/2^52 = ${number(u)}, λ = ${number(lambda)}`,
    ),
  );
  if (role === "certainty") {
    lines.push(words("λ 达到 1，不论签号都在样本里", "λ reaches 1: in the sample whatever its ticket"));
  } else if (lastRatio !== undefined) {
    const sign = ratio <= lastRatio ? "≤" : ">";
    lines.push(
      words(
        `u/λ = ${number(ratio)} ${sign} 最后一家样本的 ${number(lastRatio)}（小的在前）`,
        `u/λ = ${number(ratio)} ${sign} ${number(lastRatio)} of the last one drawn (the smaller come first)`,
      ),
    );
  }
  return lines;
}
