/** Attacks on the sealed plan and on the seed. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { drawRound } from "../../../src/draw/draw-round.ts";
import type { Round } from "../../../src/round/round.ts";
import { addCommitment, addContribution, revealContribution } from "../../../src/seed/contribute.ts";
import { commitmentTo } from "../../../src/seed/derive.ts";
import { madeUpCode } from "../../support/ledger.ts";
import { type Attack, edit, editJson, entriesOf, forgeJournal, locked, quietly, type Scene, SECRET } from "./attack.ts";

interface Part {
  by: string;
  value: string;
  commitment?: string;
  nonce?: string;
}
interface SeedFile {
  drawId: string;
  frameDigest: string;
  commitments: { by: string; commitment: string }[];
  contributions: Part[];
}

const swap = (from: string | RegExp, to: string) => (text: string) => text.replace(from, to);
const inPlan =
  (change: (text: string) => string) =>
  ({ round }: Scene) =>
    edit(round.paths.plan, change);
const inConfig =
  (change: (text: string) => string) =>
  ({ round }: Scene) =>
    edit(round.paths.config, change);
const inSeed =
  (change: (record: SeedFile) => void) =>
  ({ round }: Scene) =>
    editJson<SeedFile>(round.paths.seed, change);

/** The same change in the seed record and, with a good chain, in the journal's lines of contributions. */
const inSeedAndJournal =
  (change: (parts: Part[]) => Part[]) =>
  ({ round }: Scene) => {
    editJson<SeedFile>(round.paths.seed, (record) => {
      record.contributions = change(record.contributions);
    });
    const entries = entriesOf(round);
    const added = entries.filter(({ event }) => event === "seed.added");
    const changed = change(added.map(({ about }) => about as unknown as Part));
    const [firstAdded] = added;
    const at = firstAdded === undefined ? 0 : entries.indexOf(firstAdded);
    const others = entries.filter(({ event }) => event !== "seed.added");
    const lines = changed.map((part) => ({ ...(firstAdded as NonNullable<typeof firstAdded>), about: { ...part } }));
    forgeJournal(round, [...others.slice(0, at), ...lines, ...others.slice(at)]);
  };

/** A new round with a locked frame, in which two parties go by turns. */
async function begun({ folder, ledger, actor }: Scene): Promise<Round> {
  return locked(join(folder, "新轮次"), ledger, "新轮次", actor);
}

export const PLAN: readonly Attack[] = [
  {
    title: "a quota of the plan",
    becomes: "found",
    by: "plan",
    says: "plan.yaml",
    make: inPlan(swap("count: 4", "count: 5")),
  },
  {
    title: "the plan's reserve",
    becomes: "found",
    by: "plan",
    says: "plan.yaml",
    make: inPlan(swap("reserve: 2", "reserve: 3")),
  },
  {
    title: "the plan's method",
    becomes: "found",
    by: "plan",
    says: "plan.yaml",
    make: inPlan(swap("ticket", "seedrandom")),
  },
  {
    title: "an exclusion's reason",
    becomes: "found",
    by: "plan",
    says: "plan.yaml",
    make: inPlan(swap("另行核查", "已关停")),
  },
  {
    title: "a unit put on the plan's list of exclusions",
    becomes: "found",
    by: "plan",
    says: "plan.yaml",
    make: ({ round }) => edit(join(round.folder, "排除.csv"), (text) => `${text}${madeUpCode(5)}\n`),
  },
  {
    title: "a unit taken off the plan's list of key sources",
    becomes: "found",
    by: "plan",
    says: "plan.yaml",
    make: ({ round }) => edit(join(round.folder, "重点.csv"), swap(`${madeUpCode(26)}\n`, "")),
  },
  {
    title: "the plan's list of key sources gone",
    becomes: "found",
    by: "E-PLAN-NO-FILE",
    says: "重点.csv",
    make: ({ round }) => rmSync(join(round.folder, "重点.csv")),
  },
  {
    title: "the cities of the round",
    becomes: "found",
    by: "plan",
    says: "plan.yaml",
    make: inConfig(swap("cities: all", "cities: [汕头]")),
  },
  {
    title: "the round's id",
    becomes: "found",
    by: "seed",
    says: "轮次编号",
    make: inConfig(swap('id: "轮次"', 'id: "新"')),
  },
  {
    title: "the round's holder, as the certificate prints it",
    becomes: "found",
    by: "certificate-made",
    says: "抽签见证单.pdf",
    make: inConfig(swap("广东省", "某某省")),
  },
  {
    title: "the plan's text in draw/, which the second verifier reads",
    becomes: "found",
    by: "plan-text",
    says: "plan.json",
    make: ({ round }) => edit(join(round.paths.draw, "plan.json"), swap('"reserve":2', '"reserve":3')),
  },
  {
    title: "the plan changed between sealing and draw",
    becomes: "refused",
    by: "E-PLAN-CHANGED",
    make: async (scene) => {
      const round = await begun(scene);
      await addContribution(round, scene.actor, { by: "省普查办", value: "3 6 1 4 2" });
      edit(round.paths.plan, swap("count: 4", "count: 5"));
      await drawRound(round, scene.actor, undefined, quietly);
    },
  },
];

export const SEED: readonly Attack[] = [
  {
    title: "a digit of a contribution",
    becomes: "found",
    by: "seed",
    says: "seed.json 与日志不符",
    make: ({ round }) => edit(round.paths.seed, swap("3 6 1 4 2", "3 6 1 4 3")),
  },
  {
    title: "white space within a contribution",
    becomes: "found",
    by: "seed",
    says: "seed.json 与日志不符",
    make: ({ round }) => edit(round.paths.seed, swap("3 6 1 4 2", "3 6 1 4  2")),
  },
  {
    title: "white space around a contribution",
    becomes: "found",
    by: "seed",
    says: "seed.json 与日志不符",
    make: ({ round }) => edit(round.paths.seed, swap("3 6 1 4 2", "3 6 1 4 2 ")),
  },
  {
    title: "a contribution added",
    becomes: "found",
    by: "seed",
    says: "seed.json 与日志不符",
    make: inSeed(({ contributions }) => contributions.push({ by: "见证人", value: "7" })),
  },
  {
    title: "a contribution left out",
    becomes: "found",
    by: "seed",
    says: "seed.json 与日志不符",
    make: inSeed(({ contributions }) => contributions.shift()),
  },
  {
    title: "two contributions in the other order",
    becomes: "found",
    by: "seed",
    says: "seed.json 与日志不符",
    make: inSeed(({ contributions }) => contributions.reverse()),
  },
  {
    title: "a contribution by somebody else's name",
    becomes: "found",
    by: "seed",
    says: "seed.json 与日志不符",
    make: inSeed(({ contributions: [first] }) => {
      if (first) first.by = "某处";
    }),
  },
  {
    title: "a disclosed nonce",
    becomes: "found",
    by: "seed",
    says: "nonce",
    make: ({ round }) => edit(round.paths.seed, swap(SECRET.nonce, SECRET.nonce.replace("9", "8"))),
  },
  {
    title: "contributions added in the seed record and the journal alike",
    becomes: "found",
    by: "seed",
    says: "日志中的种子",
    make: inSeedAndJournal((parts) => [...parts, { by: "见证人", value: "7" }]),
  },
  {
    title: "contributions in the other order in the seed record and the journal alike",
    becomes: "found",
    by: "seed",
    says: "日志中的种子",
    make: inSeedAndJournal((parts) => [...parts].reverse()),
  },
  {
    title: "another value than was committed to, and a commitment to match, in the seed record and the journal alike",
    becomes: "found",
    by: "testimony",
    says: "与日志第 4 行“市普查办”的承诺不符",
    make: inSeedAndJournal((parts) =>
      parts.map((part) => {
        if (part.nonce === undefined) return part;
        const chosen = { by: part.by, value: "挑过的值" };
        return { ...chosen, nonce: "1", commitment: commitmentTo(chosen, "1") };
      }),
    ),
  },
  {
    title: "a committed value passed for an open one, in the seed record and the journal alike",
    becomes: "found",
    by: "testimony",
    says: "与日志第 4 行“市普查办”的承诺不符",
    make: inSeedAndJournal((parts) => parts.map(({ by, value }) => ({ by, value }))),
  },
  {
    title: "a party that committed left out of the seed, in the seed record and the journal alike",
    becomes: "found",
    by: "testimony",
    says: "没有公开就不见了",
    make: inSeedAndJournal((parts) => parts.filter(({ nonce }) => nonce === undefined)),
  },
  {
    title: "the seed record of another round",
    becomes: "found",
    by: "seed",
    says: "seed.json",
    make: ({ round, other }) => edit(round.paths.seed, () => readFileSync(other.paths.seed, "utf8")),
  },
  {
    title: "the seed record's frame",
    becomes: "found",
    by: "seed",
    says: "抽样框摘要",
    make: inSeed((record) => {
      record.frameDigest = "0".repeat(64);
    }),
  },
  {
    title: "the seed record gone",
    becomes: "found",
    by: "seed",
    says: "没有 seed.json",
    make: ({ round }) => rmSync(round.paths.seed),
  },
  {
    title: "the seed record no JSON",
    becomes: "found",
    by: "E-SEED-DAMAGED",
    says: "seed.json",
    make: ({ round }) => writeFileSync(round.paths.seed, "{"),
  },
  {
    title: "a member twice in the seed record's JSON",
    becomes: "found",
    by: "testimony",
    says: "规范 JSON",
    make: ({ round }) => edit(round.paths.seed, swap('{"commitments"', '{"drawId":"别的","commitments"')),
  },
  {
    title: "a contribution after the draw",
    becomes: "refused",
    by: "E-SEED-AFTER-DRAW",
    make: ({ round, actor }) => addContribution(round, actor, { by: "见证人", value: "7" }),
  },
  {
    title: "a second value by the same party, its name with white space around",
    becomes: "refused",
    by: "E-SEED-PARTY",
    make: async (scene) => {
      const round = await begun(scene);
      await addContribution(round, scene.actor, { by: "省普查办", value: "3 6 1 4 2" });
      await addContribution(round, scene.actor, { by: " 省普查办\u3000", value: "6 6 6 6 6" });
    },
  },
  ...(
    [
      ["in full-width letters", "ＡＢ"],
      ["in letters of another script", "\u0410В"],
      ["in small letters", "a b"],
      ["with a character that is not seen", "A\u200bB"],
    ] as const
  ).map(
    ([how, by]): Attack => ({
      title: `a second value by the same party, its name ${how}`,
      becomes: "refused",
      by: "E-SEED-PARTY",
      make: async (scene) => {
        const round = await begun(scene);
        await addContribution(round, scene.actor, { by: "AB", value: "3 6 1 4 2" });
        await addContribution(round, scene.actor, { by, value: "6 6 6 6 6" });
      },
    }),
  ),
  {
    title: "a commitment after somebody's open value",
    becomes: "refused",
    by: "E-SEED-ORDER",
    make: async (scene) => {
      const round = await begun(scene);
      await addContribution(round, scene.actor, { by: "省普查办", value: "3 6 1 4 2" });
      await addCommitment(round, scene.actor, SECRET.by, commitmentTo(SECRET, SECRET.nonce));
    },
  },
  {
    title: "another value disclosed than was committed to",
    becomes: "refused",
    by: "E-SEED-MISMATCH",
    make: async (scene) => {
      const round = await begun(scene);
      await addCommitment(round, scene.actor, SECRET.by, commitmentTo(SECRET, SECRET.nonce));
      await revealContribution(round, scene.actor, { by: SECRET.by, value: "挑过的值" }, SECRET.nonce);
    },
  },
  {
    title: "another party's commitment replayed as one's own",
    becomes: "refused",
    by: "E-SEED-MISMATCH",
    make: async (scene) => {
      const round = await begun(scene);
      const commitment = commitmentTo(SECRET, SECRET.nonce);
      await addCommitment(round, scene.actor, SECRET.by, commitment);
      await addCommitment(round, scene.actor, "学舌者", commitment);
      await revealContribution(round, scene.actor, { by: "学舌者", value: SECRET.value }, SECRET.nonce);
    },
  },
  {
    title: "a party's name with = in it, so that name and value run into each other",
    becomes: "refused",
    by: "E-SEED-PARTY",
    make: async (scene) => addContribution(await begun(scene), scene.actor, { by: "省=普", value: "查办" }),
  },
  {
    title: "a draw before every commitment is disclosed",
    becomes: "refused",
    by: "E-SEED-UNREVEALED",
    make: async (scene) => {
      const round = await begun(scene);
      await addCommitment(round, scene.actor, SECRET.by, commitmentTo(SECRET, SECRET.nonce));
      await addContribution(round, scene.actor, { by: "省普查办", value: "3 6 1 4 2" });
      await drawRound(round, scene.actor, undefined, quietly);
    },
  },
  {
    title: "a second draw by another seed",
    becomes: "refused",
    by: "E-DRAW-DONE",
    make: ({ round, actor }) => drawRound(round, actor, "20190931", quietly),
  },
];
