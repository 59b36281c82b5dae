/** An evaluation on the screen. */
import type { AreaRate, Estimate, Evaluation, Verdict } from "../evaluate/evaluation.ts";
import {
  confidence,
  estimateName,
  followedUp,
  missingParts,
  officialShown,
  otherwise,
  verdictShown,
  widenedBy,
} from "../evaluate/in-words.ts";
import {
  KIND_NAMES,
  type Kind,
  METHOD_NAMES,
  METHODS,
  REASON_NAMES,
  VERDICT_NAMES,
  VERDICTS,
} from "../evaluate/terms.ts";
import { teamInWords } from "../records/team.ts";
import { words } from "../text/words.ts";
import type { Terminal } from "./terminal.ts";

/** Cities whose omission rate is named. */
const MOST_AREAS = 3;
/** Rows of a breakdown that a terminal shows; all of them stand in the file. */
const MOST_ROWS = 40;
const RATE_HEADINGS = [
  words("源", "n"),
  words("指标", "m"),
  words("差错", "e"),
  words("样本%", "sample%"),
  words("估计%", "est.%"),
  words("95%界", "95% bounds"),
];

function rateCells({ n, m, e, sampleRate, rate, limits, reason }: Estimate, terminal: Terminal): (string | number)[] {
  const bounds =
    limits === null
      ? terminal.say(reason === null ? words("—", "-") : REASON_NAMES[reason])
      : `${percent(limits.lower)}–${percent(limits.upper)}`;
  return [n, m, e, percent(sampleRate), percent(rate), bounds];
}

function percent(value: number | null): string {
  return value === null ? "—" : (value * 100).toFixed(2);
}

/** The cities with their rates, bounds and verdicts, and what the marks beside them mean. */
export function sayCities(evaluation: Evaluation, terminal: Terminal): void {
  const { estimates, verdicts, counts, limit, levels } = evaluation;
  const { sample, recorded, notFound, refused, closed } = counts;
  terminal.line(
    words(
      `样本 ${sample} 家，已有记录 ${recorded} 家（未找到 ${notFound}，拒绝 ${refused}，关停 ${closed}）`,
      `${sample} sources in the sample, ${recorded} recorded (not found ${notFound}, refused ${refused}, closed ${closed})`,
    ),
  );
  const rows = verdicts.map((each) => {
    const { city, name, furtherSources } = each;
    const estimate = estimates.find(({ kind, key }) => kind === "city" && key === city);
    const rates = estimate === undefined ? [0, 0, 0, "—", "—", "—"] : rateCells(estimate, terminal);
    const further = furtherSources === null ? "" : ` +${furtherSources}`;
    const star = otherwise(each) === undefined ? "" : "*";
    return [
      name,
      ...rates,
      terminal.say(officialShown(each)),
      `${terminal.say(verdictShown(each))}${star}${boundOf(each)}${further}`,
    ];
  });
  const whole = estimates.find(({ kind }) => kind === "province");
  const total =
    whole === undefined || rows.length < 2
      ? []
      : [[terminal.say(words("全部", "all")), ...rateCells(whole, terminal), "—", "—"]];
  const headings = [words("市", "city"), ...RATE_HEADINGS, words("按样本", "by sample"), words("评定", "verdict")];
  terminal.table(headings, [...rows, ...total]);
  const count = (code: (typeof VERDICTS)[number]) => verdicts.filter(({ verdict }) => verdict === code).length;
  terminal.line(
    words(
      `${VERDICTS.map((code) => `${VERDICT_NAMES[code].zh} ${count(code)}`).join("，")}（限值 ${percent(limit)}%，把握 ${confidence(levels[0])}）`,
      `${VERDICTS.map((code) => `${VERDICT_NAMES[code].en} ${count(code)}`).join(", ")} (limit ${percent(limit)}%, confidence ${confidence(levels[0])})`,
    ),
  );
  terminal.line(
    words(
      "95%界是双侧的；≤、≥ 为评定所依的单侧界：上界在限值内达标，下界超限值不达标",
      "95% bounds are two-sided; verdicts go by one-sided ones: met, the upper (≤) in the limit; not met, the lower (≥) above",
    ),
  );
  for (const each of verdicts) {
    const then = otherwise(each);
    if (then !== undefined) {
      terminal.line(
        words(`* ${each.name}${VERDICT_NAMES[each.verdict].zh}（${then.zh}）`, `* ${each.name}: ${then.en}`),
      );
    }
    const followed = followedUp(each);
    if (followed !== undefined) terminal.line(followed);
  }
  for (const alpha of levels.slice(1)) {
    const names = verdicts.filter((each) => each.followUps > 0 && each.alpha === alpha).map(({ name }) => name);
    if (names.length === 0) continue;
    terminal.line(
      words(
        `补充抽查过的，把握须有 ${confidence(alpha)}：${names.join("、")}`,
        `followed up, confidence ${confidence(alpha)}: ${names.join(", ")}`,
      ),
    );
  }
  for (const { city, name } of verdicts) {
    const widened = widenedBy(evaluation, city);
    if (widened === undefined || widened.without.limits === null) continue;
    const { lower, upper } = widened.without.limits;
    const [n, without] = [widened.sources, `${percent(lower)}–${percent(upper)}`];
    terminal.line(
      words(
        `${name}先找到、核查未找到和拒绝的 ${n} 家：不计它们，95%界为 ${without}`,
        `${name}: first find the ${n} not found or refusing; without them bounds are ${without}`,
      ),
    );
  }
  const next = verdicts.filter(({ furtherSources }) => furtherSources !== null).map(({ followUps }) => followUps + 1);
  if (next.length > 0) {
    const sure = [...new Set(next)].map((times) => confidence(levels[times])).join("、");
    terminal.line(
      words(
        `+n：差错率和各源差别不变时，再核查 n 家可定（补充后的把握 ${sure}）`,
        `+n: so many further sources would settle it if rate and spread stay (confidence then ${sure})`,
      ),
    );
  }
}

/** The one-sided bound that proves a verdict, in per cent. */
function boundOf({ verdict, bounds }: Verdict): string {
  if (bounds === null) return "";
  if (verdict === "met") return ` ≤${percent(bounds.upper)}`;
  return verdict === "notMet" ? ` ≥${percent(bounds.lower)}` : "";
}

/** A breakdown by one kind of domain. */
export function sayKind({ estimates }: Evaluation, kind: Kind, terminal: Terminal): void {
  const own = estimates.filter((estimate) => estimate.kind === kind);
  const name = (each: Estimate) =>
    kind === "team" && terminal.voice.redact ? `${each.key.slice(0, 6)} …` : shownName(each);
  const rows = own.slice(0, MOST_ROWS).map((each) => [name(each), ...rateCells(each, terminal)]);
  terminal.line(words("", ""));
  terminal.table([KIND_NAMES[kind], ...RATE_HEADINGS], rows);
  if (own.length > MOST_ROWS) {
    const more = own.length - MOST_ROWS;
    terminal.line(
      words(`……另有 ${more} 行，见 results/evaluation.json`, `… and ${more} more in results/evaluation.json`),
    );
  }
}

/** An indicator or a form by code and name, anything else by name, short enough for a line of 80 columns. */
function shownName(each: Estimate): string {
  const { kind, key, name } = each;
  const full = kind === "indicator" || (kind === "form" && key !== name) ? `${key} ${name}` : estimateName(each);
  return [...full].slice(0, 16).join("");
}

/** All together, and the cities where most was omitted; each city's stand in the report. */
function sayAreas(areas: readonly AreaRate[], terminal: Terminal): void {
  const [all, ...cities] = areas;
  if (all === undefined) return;
  const rate = (share: AreaRate["omission"]) => `${percent(share?.rate ?? null)}%`;
  const worst = cities.filter(({ omitted }) => omitted > 0);
  worst.sort((a, b) => (b.omission?.rate ?? 0) - (a.omission?.rate ?? 0) || (a.city < b.city ? -1 : 1));
  const named = worst.slice(0, MOST_AREAS).map(({ name, omission }) => `${name} ${rate(omission)}`);
  terminal.line(
    words(
      `普查小区 ${all.areas} 个：漏报率 ${rate(all.omission)}，重报率 ${rate(all.duplication)}`,
      `${all.areas} census areas: omission ${rate(all.omission)}, duplication ${rate(all.duplication)}`,
    ),
  );
  if (named.length === 0) return;
  terminal.line(
    words(
      `  漏报率高的：${named.join("、")}；各市见报告`,
      `  most omitted: ${named.join(", ")}; each city in the report`,
    ),
  );
}

/** Causes, census areas, teams that stand out, what is in no estimate, and how bounds were found. */
export function sayRest(evaluation: Evaluation, terminal: Terminal): void {
  const { estimates, causes, teams, handPicked, areas } = evaluation;
  // Both are written by hand, and may name a unit or a person.
  const free = (text: string) => (terminal.voice.redact && text !== "" ? "…" : text);
  const [first] = causes;
  if (first !== undefined) {
    const named = causes
      .slice(0, 3)
      .map(({ cause, errors, share }) => ({ cause: free(cause), errors, share: percent(share) }));
    terminal.line(
      words(
        `差错原因：${named.map(({ cause, errors, share }) => `${cause || "未写明"} ${errors}（${share}%）`).join("，")}`,
        `causes: ${named.map(({ cause, errors }) => `${cause || "none given"} ${errors}`).join(", ")}`,
      ),
    );
  }
  sayAreas(areas, terminal);
  for (const { team, fewP, manyP, standsOut } of teams.filter((each) => each.standsOut !== null)) {
    const [zh, en] = standsOut === "lenient" ? ["偏少", "few"] : ["偏多", "many"];
    const p = standsOut === "lenient" ? fewP : manyP;
    const name = free(teamInWords(team));
    terminal.line(words(`! ${name} 查出的差错${zh}（p = ${p}）`, `! ${name} found ${en} errors (p = ${p})`));
  }
  for (const { name, N, n } of missingParts(evaluation)) {
    terminal.line(
      words(
        `! ${name.zh}抽取的 ${n} 家都没有记录，估计不含其 ${N} 家`,
        `! ${name.en}: none of ${n} has a record; its ${N} units are in no estimate`,
      ),
    );
  }
  if (handPicked.sources > 0) {
    const { sources, e, m } = handPicked;
    terminal.line(
      words(
        `人工选定 ${sources} 家（${e}/${m}）另列，不进入估计`,
        `${sources} chosen by hand (${e}/${m}), in no estimate`,
      ),
    );
  }
  const used = METHODS.filter((method) => estimates.some((estimate) => estimate.method === method));
  for (const each of used) {
    terminal.line(words(`界的算法：${METHOD_NAMES[each].zh}`, `bounds: ${METHOD_NAMES[each].en}`));
  }
}
