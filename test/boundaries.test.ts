/** The arrows between modules point one way (architecture: cli → steps → round, reference, kits, text). */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";
import { assetPath } from "../src/text/assets.ts";

const SRC = assetPath("src");
/** Modules that know nothing of inspections, each with what it may use besides itself. */
const GROUND: Readonly<Record<string, readonly string[]>> = {
  text: [],
  statistics: [],
  reference: ["text"],
  pdf: ["text"],
  xlsx: ["text"],
  round: ["text", "reference"],
};
/** Steps in the order of the work. */
const STEPS = [
  "frame",
  "plan",
  "seed",
  "draw",
  "ceremony",
  "assign",
  "attest",
  "forms",
  "replace",
  "records",
  "evaluate",
  "verify",
];
/** What a later step may use of an earlier one: files it left, pure types and functions. Never its internals. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  frame: [
    "locked.ts",
    "lock-database.ts",
    "lock-record.ts",
    "fields.ts",
    "recompute.ts",
    "standing.ts",
    "digests.ts",
    "small-table.ts",
  ],
  plan: [
    "plan.ts",
    "seal.ts",
    "against-frame.ts",
    "allocate.ts",
    "in-words.ts",
    "strata.ts",
    "population.ts",
    "misfit.ts",
    "assign-plan.ts",
    "roster.ts",
    "filter.ts",
    "quota.ts",
    "unit-size.ts",
  ],
  seed: ["derive.ts", "record.ts", "contribute.ts", "sealed.ts", "fresh.ts", "origin.ts", "look-alike.ts"],
  assign: [
    "assignment.ts",
    "compute.ts",
    "assign-round.ts",
    "read-assignment.ts",
    "newcomer.ts",
    "newcomer-teams.ts",
    "rules.ts",
  ],
  draw: [
    "manifest.ts",
    "read-manifest.ts",
    "compute.ts",
    "standing.ts",
    "strata.ts",
    "replacement.ts",
    "follow-up.ts",
    "fates.ts",
    "certify.ts",
    "papers.ts",
    "sample-list.ts",
    "certificate-signatures.ts",
  ],
  attest: ["keys.ts", "signature-folder.ts", "recheck-stamps.ts", "recheck-signatures.ts", "stamp-words.ts"],
  forms: [
    "write-forms.ts",
    "record-marks.ts",
    "record-workbook.ts",
    "code-patterns.ts",
    "digest-list.ts",
    "found.ts",
    "judge.ts",
    "reported.ts",
    "template.ts",
    "xform/record-survey.ts",
    "condition.ts",
    "load-template.ts",
    "paper.ts",
    "paper-pdf.ts",
    "source.ts",
    "stale.ts",
    "stale-words.ts",
    "tailor.ts",
    "tasks.ts",
    "template-store.ts",
  ],
  replace: ["current-list.ts", "evidence.ts", "papers.ts"],
  records: [
    "record.ts",
    "read-records.ts",
    "read-lean.ts",
    "lean.ts",
    "store.ts",
    "replay.ts",
    "replay-lines.ts",
    "revisions.ts",
    "history.ts",
    "team.ts",
  ],
  evaluate: ["evaluate-round.ts", "evaluation.ts", "terms.ts", "issued.ts", "follow-up-round.ts", "follow-up.ts"],
};
/** Plain vocabulary that every step may use. */
const VOCABULARY = ["draw/manifest.ts"];

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
const imports = files.flatMap((file) =>
  [...readFileSync(join(SRC, file), "utf8").matchAll(/(?:from|import)\s*\(?"(\.{1,2}\/[^"]+)"/g)].map((match) => ({
    from: file.replaceAll("\\", "/"),
    to: relative(SRC, join(SRC, dirname(file), match[1] ?? "")).replaceAll("\\", "/"),
  })),
);

function isAllowed(from: string, to: string): boolean {
  const [module = ""] = from.split("/");
  const [target = "", ...rest] = to.split("/");
  if (module === target || module === "cli") return true;
  const ground = GROUND[module];
  if (ground !== undefined) return ground.includes(target);
  if (target in GROUND || VOCABULARY.includes(to)) return true;
  const isEarlier = STEPS.includes(module) && STEPS.indexOf(target) < STEPS.indexOf(module) && STEPS.includes(target);
  return isEarlier && (DOORS[target] ?? []).includes(rest.join("/"));
}

test("every import follows the arrows of the architecture", () => {
  expect(imports.length).toBeGreaterThan(50);
  expect(imports.filter(({ from, to }) => !isAllowed(from, to))).toEqual([]);
});

test("the rule itself refuses what it should", () => {
  expect(isAllowed("pdf/table.ts", "draw/manifest.ts")).toBe(false);
  expect(isAllowed("frame/build.ts", "draw/compute.ts")).toBe(false);
  expect(isAllowed("draw/compute.ts", "frame/build.ts")).toBe(false);
  expect(isAllowed("text/words.ts", "round/round.ts")).toBe(false);
  expect(isAllowed("draw/compute.ts", "cli/main.ts")).toBe(false);
});

test("the pure core reads no file, no clock and no randomness", () => {
  const pure = [
    "draw/draw.ts",
    "assign/rules.ts",
    "assign/crew.ts",
    "assign/matching.ts",
    "assign/teams.ts",
    "assign/impossible.ts",
    "assign/assign.ts",
    "assign/newcomer.ts",
    "draw/size.ts",
    "draw/stages.ts",
    "draw/replacement.ts",
    "draw/follow-up.ts",
    "draw/list-size.ts",
    "evaluate/follow-up.ts",
    "evaluate/figures.ts",
    "evaluate/levels.ts",
    "evaluate/looks.ts",
    "evaluate/spread.ts",
    "evaluate/verdicts.ts",
    "evaluate/worst.ts",
    "plan/population.ts",
    "plan/sample-size.ts",
    "statistics/hypergeometric.ts",
    "draw/rank.ts",
    "draw/uniform.ts",
    "draw/manifest.ts",
    "draw/sql.ts",
    "draw/sql-allocation.ts",
    "draw/sql-dialects.ts",
    "draw/sql-size.ts",
    "plan/allocate.ts",
    "seed/derive.ts",
    "seed/entropy.ts",
    "seed/sealed.ts",
    "seed/fresh.ts",
    "round/epochs.ts",
    "statistics/ratio.ts",
    "statistics/survey-design.ts",
    "statistics/stratified-count.ts",
    "records/record.ts",
    "records/recognise.ts",
    "records/walk.ts",
    "records/places.ts",
    "records/headings.ts",
    "records/check.ts",
    "records/check-indicators.ts",
    "records/taken.ts",
    "records/values.ts",
    "records/merge.ts",
    "records/agreement.ts",
    "records/area.ts",
    "records/lean.ts",
    "records/scan.ts",
    "evaluate/areas.ts",
    "evaluate/bounds.ts",
    "evaluate/domains.ts",
    "evaluate/estimate.ts",
    "evaluate/evaluate.ts",
    "evaluate/evaluation.ts",
    "evaluate/shrink.ts",
    "evaluate/survey.ts",
    "evaluate/tally.ts",
    "evaluate/teams.ts",
    "evaluate/verdict.ts",
    "ceremony/state.ts",
    "ceremony/screen.ts",
    "ceremony/lines.ts",
    "attest/statement.ts",
    "attest/facts.ts",
    "attest/token.ts",
    "attest/token-signer.ts",
  ];
  for (const file of pure) {
    const source = readFileSync(join(SRC, file), "utf8");
    expect(source, file).not.toMatch(/node:fs|Date\.|new Date|Math\.random|process\./);
  }
});
