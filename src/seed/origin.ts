/** Where a contribution's value comes from, checked against its kind. Only the value enters the seed. Pure. */
import { canonicalText } from "../text/canonical.ts";
import { ChouqianError } from "../text/errors.ts";
import { type Words, words } from "../text/words.ts";
import { KINDS, type Kind, Origin } from "./record.ts";

export const KIND_NAMES: Readonly<Record<Kind, Words>> = {
  dice: words("骰子", "dice"),
  lottery: words("彩票", "lottery"),
  index: words("指数", "index"),
  word: words("自拟文字", "word"),
};

/** Kinds that anyone can look up afterwards, if it is said which result of which day. */
const PUBLISHED: readonly (Kind | undefined)[] = ["lottery", "index"];
/** Rolls of dice: digits 1–6, with spaces, commas or nothing between. */
const ROLLS = /^[1-6](?:[ ,，、]*[1-6])*$/;

/**
 * The origin in canonical text.
 * @throws ChouqianError E-SEED-KIND, E-SEED-DICE, E-SEED-ORIGIN, E-SEED-NUMBERS, E-SEED-DATE
 */
export function canonicalOrigin(value: string, { kind, what, when }: { [Key in keyof Origin]: Origin[Key] }): Origin {
  if (kind !== undefined && !KINDS.includes(kind)) {
    throw refusal(
      "E-SEED-KIND",
      words(`不认识的来源“${kind}”`, `unknown kind "${kind}"`),
      words("--kind 可写 dice（骰子）、lottery（彩票）、index（指数）、word（自拟文字）", `one of ${KINDS.join(", ")}`),
    );
  }
  if (kind === "dice" && !ROLLS.test(value)) {
    throw refusal(
      "E-SEED-DICE",
      words("骰子的点数只能是半角数字 1 到 6，用空格分开", "dice show digits 1 to 6, with spaces between"),
      words('例如：--kind dice "3 6 1 4 2 5"', 'such as: --kind dice "3 6 1 4 2 5"'),
    );
  }
  if (PUBLISHED.includes(kind) && !/\d/.test(value)) {
    throw refusal(
      "E-SEED-NUMBERS",
      words("彩票、指数的结果里应有数字", "a lottery result or an index has digits"),
      words('例如：--kind lottery --what "体彩排列五 19233 期" --when 2019-09-30 "0 4 7 1 8"', 'such as "0 4 7 1 8"'),
    );
  }
  if (PUBLISHED.includes(kind) && (canonicalText(what ?? "") === "" || when === undefined)) {
    throw refusal(
      "E-SEED-ORIGIN",
      words("彩票、指数须写明是哪一种、哪一期、哪一天", "a lottery result or an index needs --what and --when"),
      words(
        '例如：--what "体彩排列五 19233 期" --when 2019-09-30',
        'such as: --what "LOTTERY, issue 19233" --when 2019-09-30',
      ),
    );
  }
  const origin = Origin.safeParse({
    ...(kind === undefined ? {} : { kind }),
    ...(what === undefined ? {} : { what: canonicalText(what) }),
    ...(when === undefined ? {} : { when: when.trim() }),
  });
  if (origin.success) return origin.data;
  throw refusal(
    "E-SEED-DATE",
    words(`“${when ?? what ?? ""}”不是有效的日期或说明`, `"${when ?? what ?? ""}" is no date or description`),
    words("--when 写成 2019-09-30 的样子，--what 不能为空", "write --when as 2019-09-30; --what must not be empty"),
  );
}

/** `彩票，体彩排列五 19233 期，2019-09-30`; empty where nothing is said. */
export function originInWords({ kind, what, when }: Origin): Words {
  const parts = (name: string | undefined) => [name, what, when].filter((part) => part !== undefined && part !== "");
  return words(parts(kind && KIND_NAMES[kind].zh).join("，"), parts(kind && KIND_NAMES[kind].en).join(", "));
}

function refusal(code: string, message: Words, advice: Words): ChouqianError {
  return new ChouqianError(code, { message, advice, at: { file: "seed.json" } });
}
