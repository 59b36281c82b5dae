/** 200 made-up designs agree with R's package survey: strata, two stages, chances in proportion to size, and domains. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { estimateRatio, kornGraubard, kornGraubardUpper } from "../../src/statistics/ratio.ts";
import { SurveyDesign } from "../../src/statistics/survey-design.ts";
import { assetPath } from "../../src/text/assets.ts";
import { scratchFolder } from "../support/chouqian.ts";
import { randomFrom } from "../support/filled-round.ts";

const hasSurvey = spawnSync("Rscript", ["-e", "stopifnot(requireNamespace('survey', quietly = TRUE))"]).status === 0;
const note = hasSurvey ? "" : " (skipped: no Rscript with the package survey here; .ci/run installs it)";

interface Row {
  readonly kind: "strata" | "stages" | "size";
  readonly city: string;
  readonly area: string;
  readonly areas: number;
  readonly drawnAreas: number;
  readonly stratum: string;
  readonly unit: string;
  readonly N: number;
  readonly n: number;
  readonly p: number;
  readonly e: number;
  readonly m: number;
  readonly domain: number;
}

const random = randomFrom(20190905);
const whole = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));

/** Indicators of a unit; in one case in five every error is in few units. */
function indicators() {
  const m = random() < 0.05 ? 0 : whole(1, 40);
  const rate = random() < 0.4 ? random() * 0.5 : 0.02;
  return { m, e: Array.from({ length: m }, () => (random() < rate ? 1 : 0)).reduce<number>((sum, x) => sum + x, 0) };
}

function madeCase(index: number): Row[] {
  const kind = (["strata", "stages", "size"] as const)[index % 3] ?? "strata";
  const hasDomain = random() < 0.6;
  const rows: Row[] = [];
  const cities = kind === "stages" ? whole(1, 3) : 1;
  for (let city = 0; city < cities; city++) {
    const areas = whole(3, 12);
    const drawnAreas = kind === "stages" ? whole(2, areas) : 1;
    for (let area = 0; area < drawnAreas; area++) {
      for (let stratum = 0; stratum < whole(1, kind === "stages" ? 2 : 6); stratum++) {
        const N = whole(3, 400);
        // A single unit of a stratum: centred alike at the first stage only (R centres it otherwise at a later one).
        const n = Math.min(N, random() < 0.15 && kind !== "stages" ? 1 : whole(2, 12));
        const sizes = Array.from({ length: n }, () => 0.05 + random() * 0.9);
        for (let unit = 0; unit < n; unit++) {
          const place = `${city}-${area}-${stratum}`;
          rows.push({
            kind,
            city: `c${city}`,
            area: `a${city}-${area}`,
            areas,
            drawnAreas,
            stratum: kind === "stages" ? `s${stratum}` : `s${place}`,
            // R sorts clusters by name but not their chances with them.
            unit: `u${place}-${String(unit).padStart(2, "0")}`,
            N,
            n,
            p: sizes[unit] ?? 0.5,
            ...indicators(),
            domain: hasDomain && random() < 0.4 ? 0 : 1,
          });
        }
      }
    }
  }
  return rows;
}

/** Cases with something to estimate: errors and right ones in the domain. */
const cases = Array.from({ length: 400 }, (_, i) => madeCase(i))
  .filter((rows) => {
    const domain = rows.filter((row) => row.domain === 1);
    const [e, m] = [domain.reduce((sum, row) => sum + row.e, 0), domain.reduce((sum, row) => sum + row.m, 0)];
    return e > 0 && e < m && domain.filter((row) => row.m > 0).length > 2;
  })
  .slice(0, 200);

/** The same by this program. */
function estimated(rows: readonly Row[]) {
  const design = SurveyDesign.of(
    rows.map(({ kind, city, area, areas, drawnAreas, stratum, N, n, p }) => {
      const last = { stratum, cluster: undefined, N: kind === "size" ? Math.max(n, N) : N, n };
      if (kind === "size") return { stages: [{ ...last, probability: p }] };
      const first = { stratum: city, cluster: area, N: areas, n: drawnAreas };
      return { stages: kind === "stages" ? [first, last] : [last] };
    }),
  );
  const members = [...rows.keys()].filter((i) => rows[i]?.domain === 1);
  const estimate = estimateRatio(design, {
    members,
    e: rows.map(({ e }) => e),
    m: rows.map(({ m }) => m),
  });
  if (estimate === undefined) throw new Error("nothing was estimated");
  const bounds = kornGraubard(estimate, 0.05);
  const { ratio, variance, degreesOfFreedom } = estimate;
  return [ratio, variance, degreesOfFreedom, bounds?.lower, bounds?.upper, kornGraubardUpper(estimate, 0.05)];
}

describe.skipIf(!hasSurvey)(`R's survey${note}`, () => {
  const columns = ["kind", "city", "area", "areas", "stratum", "unit", "N", "p", "e", "m", "domain"] as const;
  const file = join(scratchFolder("survey"), "cases.csv");
  const lines = cases.flatMap((rows, k) => rows.map((row) => [k, ...columns.map((name) => row[name])].join(",")));

  test("200 designs agree to 1e-9, degrees of freedom exactly", () => {
    writeFileSync(file, `${["case", ...columns].join(",")}\n${lines.join("\n")}\n`);
    const { stdout, stderr, status } = spawnSync("Rscript", [assetPath("test", "statistics", "survey.R"), file], {
      encoding: "utf8",
    });
    expect(status, stderr).toBe(0);
    const said = stdout
      .trim()
      .split("\n")
      .map((line) => line.trim().split(/\s+/));
    expect(said).toHaveLength(200);
    const far = said.flatMap(([k = "", ...values]) => {
      const rows = cases[Number(k)] ?? [];
      const own = estimated(rows);
      return values.flatMap((text, i) => {
        if (text === "NA") return [];
        const [expected, found] = [Number(text), own[i] ?? Number.NaN];
        const isEqual = Math.abs(found - expected) <= 1e-9 * Math.abs(expected) + (i === 1 ? 1e-18 : 0);
        return isEqual ? [] : [`case ${k} ${rows[0]?.kind} value ${i}: R ${text}, here ${found}`];
      });
    });
    expect(far).toEqual([]);
  }, 180_000);
});
