import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { type CertificateInput, renderCertificate } from "../../src/draw/certificate.ts";
import { seedCommand, ticketCommand } from "../../src/draw/certificate-commands.ts";
import type { Contribution, Manifest } from "../../src/draw/manifest.ts";
import { digest } from "../../src/text/canonical.ts";
import { asSeen, plainText, readPdf } from "../pdf/read-pdf.ts";

const ID = "91440101MA59ABCD0X";

function manifest(roundId: string, contributions: readonly Contribution[]): Manifest {
  const seed = digest([roundId, ...contributions.map(({ by, value }) => `${by}=${value}`)].join("\n"));
  const unit = { id: ID, name: "永兴印刷厂", rank: 1, role: "primary", inclusionProbability: 0.5 } as const;
  const strata = [
    {
      key: "440100/industrial",
      N: 2,
      n: 1,
      reserve: 0,
      shortfall: 0,
      units: [{ ...unit, ticket: digest(`${seed}:${ID}`) }],
    },
  ];
  const digests = { frameDigest: digest("frame"), planDigest: digest("plan") };
  return { spec: "draw-spec/1", roundId, ...digests, contributions, seed, method: "ticket", strata };
}

function input(roundId = "R1"): CertificateInput {
  return {
    round: { roundId, name: "2019年9月省级质量核查", holder: "广东省普查办", date: "2019年9月30日", level: "province" },
    manifest: manifest(roundId, [
      { by: "省普查办", value: "骰子 3 5 2" },
      { by: "广州市普查办", value: "水清岸绿", commitment: digest("广州市普查办=水清岸绿\nn7"), nonce: "n7" },
    ]),
    manifestDigest: digest("manifest"),
    plan: { method: "ticket", lines: ["每个地市抽取工业源 50 家、农业源 10 家。"] },
    rows: [
      { city: "广州市", sourceClass: "industrial", N: 23510, n: 50, reserve: 10, shortfall: 0 },
      { city: "深圳市", sourceClass: "industrial", N: 95364, n: 50, reserve: 10, shortfall: 0 },
      { city: "深圳市", sourceClass: "agricultural", N: 4, n: 4, reserve: 0, shortfall: 6 },
    ],
    frame: { units: 118878, excluded: 12, sources: [{ name: "名录.csv", rows: 118890, sha256: digest("ledger") }] },
    notes: ["深圳市农业源只有 4 家，比方案少 6 家。"],
  };
}

test("the certificate reads as agreed", async () => {
  const { bytes } = await renderCertificate(input());
  await expect(asSeen((await readPdf(bytes)).pages)).toMatchFileSnapshot("../forms/golden/certificate.txt");
});

test("the certificate of a rehearsal says so on every page", async () => {
  for (const page of (await readPdf((await renderCertificate(input("REHEARSAL"))).bytes)).pages) {
    expect(plainText([page])).toContain("演练");
  }
});

test.each([
  [[{ by: "seed", value: "20190905" }]],
  [
    [
      { by: "甲", value: "it's 50%" },
      { by: "乙", value: "a\\nb" },
    ],
  ],
  [[]],
])("the printed commands give the seed and the ticket that the manifest states", (contributions: Contribution[]) => {
  const drawn = manifest("R1", contributions);
  expect(run(seedCommand(drawn))).toBe(drawn.seed);
  expect(run(ticketCommand(drawn))).toBe(digest(`${drawn.seed}:${ID}`));
});

/** Runs the first line of what is printed. */
function run(printed = ""): string {
  const [line = ""] = printed.split("\n→");
  return execFileSync("bash", ["-c", line], { encoding: "utf8" }).slice(0, 64);
}
