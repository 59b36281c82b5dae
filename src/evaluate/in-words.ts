/** What reports and screen say alike of an evaluation. Pure. */
import { blockOfStratum } from "../draw/manifest.ts";
import { stratumInWords } from "../draw/strata.ts";
import { teamInWords } from "../records/team.ts";
import { divisionName } from "../reference/divisions.ts";
import { type Words, words } from "../text/words.ts";
import type { Estimate, Evaluation, Rate, Verdict } from "./evaluation.ts";
import { SHORT_REASONS, VERDICT_NAMES, type VerdictCode } from "./terms.ts";

/** A city or a stratum of the sample without any record. */
export interface Missing {
  readonly name: Words;
  /** Units of the population that no estimate speaks of, and of the sample. */
  readonly N: number;
  readonly n: number;
  readonly isCity: boolean;
}

/** What has no record at all: whole cities by their names, elsewhere stratum by stratum. */
export function missingParts({ missingStrata, verdicts }: Evaluation, city?: string): Missing[] {
  const parts: Missing[] = [];
  const cities = [...new Set(missingStrata.map(({ key }) => blockOfStratum(key).city))].sort();
  for (const each of city === undefined ? cities : cities.filter((own) => own === city)) {
    const own = missingStrata.filter(({ key }) => blockOfStratum(key).city === each);
    const verdict = verdicts.find((found) => found.city === each);
    if (verdict?.recorded !== 0) {
      for (const { key, N, n } of own) {
        parts.push({ name: words(stratumInWords(key), key), N, n, isCity: false });
      }
      continue;
    }
    const N = own.reduce((sum, stratum) => sum + stratum.N, 0);
    parts.push({ name: words(divisionName(each), divisionName(each)), N, n: verdict.sample, isCity: true });
  }
  return parts;
}

/**
 * What stands in a cell for a verdict: its word, marked as one for the time being where records are outstanding; a dash and
 * the reason where there is none.
 */
export function verdictShown({ verdict, reason, isPreliminary }: Verdict): Words {
  if (verdict !== "cannotBeJudged") return wordOf(verdict, isPreliminary);
  return reason === null ? NONE : words(`—（${SHORT_REASONS[reason].zh}）`, `- (${SHORT_REASONS[reason].en})`);
}

/** As `verdictShown`, by the sample rate alone. */
export function officialShown({ official, isPreliminary }: Verdict): Words {
  return official === null ? NONE : wordOf(official, isPreliminary);
}

const NONE = words("—", "-");

function wordOf(code: VerdictCode, isPreliminary: boolean): Words {
  const { zh, en } = VERDICT_NAMES[code];
  return isPreliminary ? words(`暂评${zh}`, `${en} so far`) : VERDICT_NAMES[code];
}

/** How far a sample has come whose verdict is one for the time being: `60/67`. */
export function progressOf({ recorded, sample }: Verdict): string {
  return `${recorded}/${sample}`;
}

/** What the verdict would be if sources not found or refusing were left out; undefined where it would be the same. */
export function otherwise({ verdict, withoutNonResponse }: Verdict): Words | undefined {
  if (withoutNonResponse === null || withoutNonResponse === verdict) return undefined;
  const { zh, en } = VERDICT_NAMES[withoutNonResponse];
  const then = withoutNonResponse === "undecided" || withoutNonResponse === "cannotBeJudged" ? "" : "则";
  return words(`不计未找到、拒绝的单位${then}${zh}`, `${en} without those not found or refusing`);
}

/** The confidence that a chance of error leaves: 0.0025 as 99.75%. */
export function confidence(alpha = 1): string {
  return `${Number(((1 - alpha) * 100).toPrecision(4))}%`;
}

/** Cities that were followed up: what was said first, how many sources were added, and what is said now. */
export function followedUp(verdict: Verdict): Words | undefined {
  const { name, earlier } = verdict;
  if (earlier.length === 0) return undefined;
  const steps = earlier.map(({ verdict: said, alpha, further }, times) =>
    words(
      `${times === 0 ? "首次" : `补充 ${times} 次后`}评定为${VERDICT_NAMES[said].zh}（把握 ${confidence(alpha)}），${times === 0 ? "" : "再"}补充抽查 ${further} 家`,
      `${VERDICT_NAMES[said].en} at ${confidence(alpha)}, ${further} further`,
    ),
  );
  const last = verdict.isPreliminary ? wordOf(verdict.verdict, true) : VERDICT_NAMES[verdict.verdict];
  const [zh, en] = [steps.map((step) => step.zh).join("，"), steps.map((step) => step.en).join(", ")];
  return words(
    `${name}${zh}，合并评定为${last.zh}（把握 ${confidence(verdict.alpha)}）`,
    `${name}: ${en}, then ${last.en} at ${confidence(verdict.alpha)}`,
  );
}

/** An estimate as people name it: teams by their numbers, `汕头市 第 3 组`. */
export function estimateName({ kind, key, name }: Pick<Estimate, "kind" | "key" | "name">): string {
  return kind === "team" ? `${divisionName(key.slice(0, 6))} ${teamInWords(key.slice(7))}` : name;
}

/** An interval so many times as wide with sources not found or refusing is wide because of them. */
const MUCH_WIDER = 2;

/** Sources not found or refusing that make a city's interval wide, with the rate without them. */
export interface Widened {
  readonly sources: number;
  readonly without: Rate;
}

/**
 * Whether it is sources not found or refusing, all of whose indicators count as wrong, that make a city's interval wide:
 * more than twice as wide as without them. Then finding them tells more than further sources do.
 */
export function widenedBy({ estimates, blocks }: Evaluation, city: string): Widened | undefined {
  const estimate = estimates.find(({ kind, key }) => kind === "city" && key === city);
  const without = estimate?.withoutNonResponse;
  if (estimate?.limits == null || without?.limits == null) return undefined;
  const width = ({ lower, upper }: { lower: number; upper: number }) => upper - lower;
  if (width(estimate.limits) <= MUCH_WIDER * width(without.limits)) return undefined;
  const own = blocks.filter((block) => block.city === city);
  return { sources: own.reduce((sum, { notFound, refused }) => sum + notFound + refused, 0), without };
}
