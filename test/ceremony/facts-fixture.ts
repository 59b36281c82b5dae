/** A round's facts made up for the ceremony. */
import type { CeremonyFacts } from "../../src/ceremony/facts.ts";
import { digest } from "../../src/text/canonical.ts";
import { words } from "../../src/text/words.ts";

const unit = (index: number) => ({
  stratum: words("工业源", "industrial"),
  rank: index + 1,
  id: `91440500${String(index).padStart(10, "0")}`,
  name: index === 1 ? "汕头市名字特别特别长的一家再生资源综合利用有限责任公司第一分公司" : `汕头第${index}家单位`,
});

export const BEFORE: CeremonyFacts = {
  round: { id: "R1", name: "2019年9月省级质量核查", holder: "广东省第二次全国污染源普查领导小组办公室" },
  frame: { units: 3580000, digest: digest("frame") },
  plan: { digest: digest("plan"), isSealed: false, lines: [words("工业源：每个市抽取 50 家", "industrial: 50")] },
  commitments: [],
  contributions: [],
  result: undefined,
};

export const COMMITTED: CeremonyFacts = {
  ...BEFORE,
  plan: { ...BEFORE.plan, isSealed: true },
  commitments: [{ by: "市普查办", commitment: digest("secret") }],
};

export const READY: CeremonyFacts = {
  ...COMMITTED,
  commitments: [],
  contributions: [
    { by: "省普查办", value: "3 6 1 4 2 5", isCommitted: false },
    { by: "市普查办", value: "体彩排列五 0 4 7 1 8", isCommitted: true },
  ],
};

export const DRAWN: CeremonyFacts = {
  ...READY,
  result: {
    seed: digest("seed"),
    manifestDigest: digest("manifest"),
    certificate: "draw/抽签见证单.pdf",
    cities: [
      { name: "汕头市", sample: 20, reserve: 4, shortfall: 2, units: Array.from({ length: 20 }, (_, i) => unit(i)) },
      { name: "佛山市", sample: 3, reserve: 0, shortfall: 0, units: Array.from({ length: 3 }, (_, i) => unit(i)) },
    ],
  },
};
