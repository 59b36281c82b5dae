/** 薄弱环节: what the errors of an evaluation come from most, where that is more than chance. */
import { lowerProportion } from "../../statistics/ratio.ts";
import type { Cause, Shrunk } from "../evaluation.ts";
import { areApart } from "../shrink.ts";
import { percent } from "./percent.ts";

const MOST_NAMED = 3;
/** Chance that any cause is said to stand out where all are equally frequent. */
const ALPHA = 0.05;
/** A cause that stands out is at least so many times as frequent as the causes are on average. */
const STANDS_OUT = 1.5;
/** What is no cause that anyone could see to. */
const NO_CAUSE = new Set(["", "其他", "其它"]);

/**
 * Causes that stand out, the most frequent first: at least half as frequent again as if all causes found were equally
 * frequent, and beyond chance (the exact binomial bound of Clopper & Pearson 1934 lies above that share; Bonferroni over the
 * causes). Where there is one cause alone it is held against one half.
 */
export function standingOut(causes: readonly Cause[]): readonly Cause[] {
  const all = causes.reduce((sum, { errors }) => sum + errors, 0);
  const equal = 1 / Math.max(2, causes.length);
  return causes.filter(
    ({ cause, errors }) =>
      !NO_CAUSE.has(cause) &&
      errors / all >= STANDS_OUT * equal &&
      lowerProportion(all, errors / all, ALPHA / causes.length) > equal,
  );
}

/** A paragraph, or none: causes, indicators and counties that are worse than others by more than chance. */
export function weakPoints(
  causes: readonly Cause[],
  indicators: readonly Shrunk[],
  counties: readonly Shrunk[],
): string[] {
  const sentences: string[] = [];
  if (causes.length > 0) {
    const all = causes.reduce((sum, { errors }) => sum + errors, 0);
    const named = standingOut(causes)
      .slice(0, MOST_NAMED)
      .map(({ cause, errors }) => `${cause} ${errors} 项`);
    sentences.push(
      named.length === 0
        ? `查到的 ${all} 项差错中没有哪种原因突出`
        : `差错原因以${named.join("、")}为多（查到的差错共 ${all} 项）`,
    );
  }
  const worst = (all: readonly Shrunk[], label: (each: Shrunk) => string) =>
    (areApart(all) ? all : [])
      .filter(({ e }) => e > 0)
      .slice(0, MOST_NAMED)
      .map((each) => `${label(each)} ${percent(each.shrunk)}`);
  const [byIndicator, byCounty] = [
    worst(indicators, ({ key, name }) => `${name}（${key}）`),
    worst(counties, ({ name }) => name),
  ];
  if (byIndicator.length > 0) sentences.push(`差错率高的指标：${byIndicator.join("、")}`);
  if (byCounty.length > 0) sentences.push(`差错率高的县区：${byCounty.join("、")}`);
  if (sentences.length === 0) return [];
  const shrunk = byIndicator.length + byCounty.length > 0 ? "（已向总体均值收缩，样本少的不因偶然居前）" : "";
  return [`薄弱环节：${sentences.join("；")}${shrunk}。`];
}
