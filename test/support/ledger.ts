/** Small ledgers made in a test. */
import { creditCodeCheckCharacter } from "../../src/reference/credit-code.ts";

export const LEDGER_HEAD = "统一社会信用代码,单位详细名称,污染源类别,地市,县区,详细地址,联系人,联系电话,运行状态";

/** A valid code of the registration division 000000, as no real firm has. */
export function madeUpCode(number: number): string {
  const first = `91000000${String(number).padStart(9, "0")}`;
  return first + (creditCodeCheckCharacter(first) ?? "");
}

const CLASSES = [
  ["工业源", 12, "龙湖区"],
  ["农业源", 5, "澄海区"],
  ["生活源", 4, "潮阳区"],
  ["集中式污染治理设施", 2, "金平区"],
  ["移动源", 2, "濠江区"],
] as const;

/** A ledger of one city or several, 25 units each. */
export function smallLedger(cities: readonly string[] = ["汕头"]): string {
  let number = 0;
  const rows = cities.flatMap((city) =>
    CLASSES.flatMap(([name, count, county]) =>
      Array.from({ length: count }, (_, index) => {
        number += 1;
        const where = city === "汕头" ? county : "";
        return `${madeUpCode(number)},${city}第${index + 1}${name}单位,${name},${city},${where},某路${number}号,陈某,000-0000${number},运行`;
      }),
    ),
  );
  return `${[LEDGER_HEAD, ...rows].join("\n")}\n`;
}

/** A plan that such a ledger can fill. */
export const SMALL_PLAN = `method: ticket
quotas:
  - { class: 工业源, count: 4, reserve: 2 }
  - { class: 农业源, count: 2, reserve: 1 }
  - { class: 生活源, count: 1 }
  - { class: 集中式污染治理设施, count: 1 }
  - { class: 移动源, count: 1, reserve: 1 }
`;
