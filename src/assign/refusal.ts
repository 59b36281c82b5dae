/** Why there is no assignment, in words: sources, rules and people by name. Pure. */
import type { Inspector } from "../plan/roster.ts";
import { CLASS_NAMES } from "../reference/classes.ts";
import { divisionName } from "../reference/divisions.ts";
import { ChouqianError, type Problem } from "../text/errors.ts";
import { type Words, words } from "../text/words.ts";
import type { Refusal } from "./assign.ts";
import type { Conflict } from "./impossible.ts";
import { RULE_WORDS, type Task } from "./rules.ts";

/** Names that one message lists; the rest are counted. */
const MOST_NAMES = 12;
/** Rules that may be given up openly; who may inspect whom may not. */
export const WAIVABLE = ["skills", "leader", "loads"] as const;

export function refusalInWords(refusal: Refusal, task: Task): ChouqianError {
  if (refusal.why === "not found") {
    return new ChouqianError("E-ASSIGN-NOT-FOUND", {
      message: words(
        `试了 ${refusal.lots} 次组队和逐对换人，没有找到符合全部规则的分派，也不能证明一定没有`,
        `no assignment was found in ${refusal.lots} lots, and none is proved impossible`,
      ),
      advice: waiveAdvice(WAIVABLE),
    });
  }
  if (refusal.why === "too few") {
    return new ChouqianError("E-ASSIGN-TOO-FEW", {
      message: words(
        `除去对抽中的污染源全部须回避的人（${names(refusal.standby)}），剩下的不够一组`,
        `without those who may inspect no drawn source (${names(refusal.standby)}) there is no team`,
      ),
      advice: words("换用外地人员的名单另建轮次", "make a new round with people from elsewhere"),
    });
  }
  const { conflict } = refusal;
  const concerned = task.plan.inspectors.length - conflict.people.length;
  return new ChouqianError("E-ASSIGN-CONFLICT", {
    message: words(
      `规则之间有矛盾，无法分派：${conflict.sources.length} 家污染源、${conflict.rules.length} 条规则`,
      `no assignment meets the rules: ${conflict.sources.length} sources and ${conflict.rules.length} rules conflict`,
    ),
    advice: waiveAdvice(WAIVABLE.filter((rule) => conflict.rules.includes(rule))),
    problems: [
      ...sourceProblems(conflict),
      ...conflict.rules.map((rule) => problem(RULE_WORDS[rule], words("矛盾涉及的规则", "a rule in conflict"))),
      problem(
        words(
          conflict.people.length === 0
            ? "按这些规则，名单里没有一个人能查"
            : `按这些规则，能查其中污染源的只有 ${conflict.people.length} 人：${names(conflict.people)}`,
          conflict.people.length === 0
            ? "nobody may inspect them by these rules"
            : `by these rules only ${conflict.people.length} may inspect any of them: ${names(conflict.people)}`,
        ),
        words(
          `名单其余 ${concerned} 人都不能查；去掉上面任何一家或一条规则，矛盾就不存在`,
          `the other ${concerned} may not; without any one of the above there is no conflict`,
        ),
      ),
    ],
  });
}

/** Sources of one class and county on one line. */
function sourceProblems({ sources, rules }: Conflict): Problem[] {
  const groups = new Map<string, string[]>();
  for (const { name, city, county, sourceClass } of sources) {
    const place = `${divisionName(city)}${divisionName(county)}`;
    const key = `${place} ${CLASS_NAMES[sourceClass].zh}`;
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  if (groups.size === 0) return [];
  const lines = [...groups].map(([key, list]) => ({ key, list }));
  const isLoads = rules.includes("loads");
  return lines.map(({ key, list }) =>
    problem(
      words(`${key} ${list.length} 家：${some(list)}`, `${key}, ${list.length}: ${some(list)}`),
      isLoads
        ? words("能查的人不多，每人的工作量又有上限", "too few may inspect them, and loads are bounded")
        : words("没有合适的一组人", "no team fits"),
    ),
  );
}

function problem(message: Words, advice: Words): Problem {
  return { code: "E-ASSIGN-CONFLICT", message, advice, at: {} };
}

function names(people: readonly Inspector[]): string {
  return some(people.map(({ name, unit }) => (unit === "" ? name : `${name}（${unit}）`)));
}

function some(list: readonly string[]): string {
  const shown = list.slice(0, MOST_NAMES).join("、");
  return list.length > MOST_NAMES ? `${shown}等` : shown;
}

function waiveAdvice(rules: readonly string[]): Words {
  if (rules.length === 0) {
    return words(
      "这些规则不能放弃；请换用合适的名单另建轮次",
      "these rules stand: make a new round with another roster",
    );
  }
  const example = `chouqian assign --waive ${rules[0]} --reason 理由`;
  return words(
    `可公开放弃其中一条（${rules.join("、")}）并写明理由，永久记入日志：${example}；或换名单另建轮次`,
    `give up one of ${rules.join(", ")} openly, with a reason that stays in the journal: ${example}`,
  );
}
