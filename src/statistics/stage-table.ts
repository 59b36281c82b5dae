/** The stages of a sampling design as columns, and what variance each adds to a total (`survey-design.ts`). Pure. */
import type { Stage } from "./survey-design.ts";

interface Contributions {
  readonly variance: number;
  readonly squares: number;
}

/** Strata and clusters of one stage, numbered as units are added; a stratum lies within a cluster of the stage before. */
export class StageBuilder {
  readonly clusterOf: number[] = [];
  readonly stratumOfCluster: number[] = [];
  /** 1 − π of each cluster. */
  readonly remainder: number[] = [];
  readonly n: number[] = [];
  /** Σ (1 − π) over a stratum's sampled clusters; those that hold no value of a domain count with it. */
  readonly remainders: number[] = [];
  /** Share of clusters that were sampled at the stages before: what is left of the variance at this one. */
  readonly factor: number[] = [];
  /** The same for the next stage. */
  readonly factorBelow: number[] = [];
  /** Whether each unit is a cluster by itself: then their numbers are the same. */
  isOfUnits = true;
  readonly #strata = new Map<string, number>();
  readonly #clusters: Map<string, number>[] = [];

  /** Adds the next unit's stage; returns the number of its cluster and its chance. */
  add(stage: Stage, parent: number, factor: number): { cluster: number; chance: number } {
    const chance = checkedChance(stage);
    const stratum = this.#stratum(parent < 0 ? stage.stratum : `${parent}\n${stage.stratum}`, stage, factor);
    const cluster = this.#cluster(stage.cluster, stratum, chance);
    this.clusterOf.push(cluster);
    return { cluster, chance };
  }

  #cluster(name: string | undefined, stratum: number, chance: number): number {
    const known = this.#clusters[stratum] as Map<string, number>;
    const number = name === undefined ? undefined : known.get(name);
    if (number !== undefined) return number;
    const cluster = this.remainder.length;
    if (name !== undefined) {
      known.set(name, cluster);
      this.isOfUnits = false;
    }
    this.remainder.push(1 - chance);
    this.stratumOfCluster.push(stratum);
    this.remainders[stratum] = (this.remainders[stratum] ?? 0) + 1 - chance;
    return cluster;
  }

  #stratum(key: string, { N, n }: Stage, factor: number): number {
    let stratum = this.#strata.get(key);
    if (stratum === undefined) {
      stratum = this.n.length;
      this.#strata.set(key, stratum);
      this.n.push(n);
      this.remainders.push(0);
      this.factor.push(factor);
      this.factorBelow.push((factor * n) / N);
      this.#clusters.push(new Map());
    }
    return stratum;
  }
}

/** What a stage is made of. */
interface StageColumns {
  /** By unit; the same as the unit where each is a cluster by itself. */
  readonly clusterOf: Int32Array;
  /** By cluster. */
  readonly stratumOfCluster: Int32Array;
  readonly remainder: Float64Array;
  /** By stratum. */
  readonly n: Float64Array;
  readonly remainders: Float64Array;
  /** What a stratum's squares are multiplied with. */
  readonly scale: Float64Array;
  readonly isOfUnits: boolean;
}

/** One stage of a design: what variance it adds to a total. */
export class StageTable {
  readonly #columns: StageColumns;
  readonly #stratumOfUnit: Int32Array;
  /** Kept from domain to domain, for a province has many, and put in order again after each. */
  readonly #totals: Float64Array;
  readonly #isSeen: Uint8Array;
  readonly #seen: Int32Array;

  private constructor(columns: StageColumns) {
    this.#columns = columns;
    const { clusterOf, stratumOfCluster, isOfUnits } = columns;
    this.#stratumOfUnit = isOfUnits
      ? stratumOfCluster
      : picked(stratumOfCluster, clusterOf, new Int32Array(clusterOf.length));
    const clusters = isOfUnits ? 0 : stratumOfCluster.length;
    this.#totals = new Float64Array(clusters);
    this.#seen = new Int32Array(clusters);
    this.#isSeen = new Uint8Array(clusters);
  }

  static of(stage: StageBuilder): StageTable {
    const n = new Float64Array(stage.n);
    return new StageTable({
      clusterOf: new Int32Array(stage.clusterOf),
      stratumOfCluster: new Int32Array(stage.stratumOfCluster),
      remainder: new Float64Array(stage.remainder),
      n,
      remainders: new Float64Array(stage.remainders),
      scale: n.map((own, stratum) => (stage.factor[stratum] as number) * (own > 1 ? own / (own - 1) : 1)),
      isOfUnits: stage.isOfUnits,
    });
  }

  /** The same stage with its units, or some of them, in another order. */
  inOrder(order: Int32Array): StageTable {
    const { clusterOf, stratumOfCluster, remainder, isOfUnits } = this.#columns;
    const ints = () => new Int32Array(order.length);
    if (!isOfUnits) return new StageTable({ ...this.#columns, clusterOf: picked(clusterOf, order, ints()) });
    return new StageTable({
      ...this.#columns,
      clusterOf: order.map((_, unit) => unit),
      stratumOfCluster: picked(stratumOfCluster, order, ints()),
      remainder: picked(remainder, order, new Float64Array(order.length)),
    });
  }

  /** V of this stage, and the sum of the squares of what its clusters contribute to it. */
  variance(domain: Int32Array, values: Float64Array): Contributions {
    const stratumOf = this.#stratumOfUnit;
    const sums = new Float64Array(this.#columns.n.length);
    for (let i = 0; i < domain.length; i++) {
      const stratum = stratumOf[domain[i] as number] as number;
      sums[stratum] = (sums[stratum] as number) + (values[i] as number);
    }
    return this.#columns.isOfUnits ? this.#spread(domain, values, sums) : this.#spreadOfClusters(domain, values, sums);
  }

  #spreadOfClusters(domain: Int32Array, values: Float64Array, sums: Float64Array): Contributions {
    const [totals, isSeen, seen] = [this.#totals, this.#isSeen, this.#seen];
    const { clusterOf } = this.#columns;
    let count = 0;
    for (let i = 0; i < domain.length; i++) {
      const cluster = clusterOf[domain[i] as number] as number;
      totals[cluster] = (totals[cluster] as number) + (values[i] as number);
      if (isSeen[cluster] === 1) continue;
      isSeen[cluster] = 1;
      seen[count++] = cluster;
    }
    const clusters = seen.subarray(0, count);
    const own = Float64Array.from(clusters, (cluster) => totals[cluster] as number);
    const spread = this.#spread(clusters, own, sums);
    for (const cluster of clusters) {
      totals[cluster] = 0;
      isSeen[cluster] = 0;
    }
    return spread;
  }

  /**
   * @param clusters each once
   * @param totals of the clusters
   * @param sums of the strata
   */
  #spread(clusters: Int32Array, totals: Float64Array, sums: Float64Array): Contributions {
    const { stratumOfCluster: stratumOf, remainder: remainders, scale, n } = this.#columns;
    const means = sums.map((sum, stratum) => {
      const sampled = n[stratum] as number;
      return sampled > 1 ? sum / sampled : 0;
    });
    const left = this.#columns.remainders.slice();
    let [variance, squares] = [0, 0];
    for (let i = 0; i < clusters.length; i++) {
      const cluster = clusters[i] as number;
      const stratum = stratumOf[cluster] as number;
      const remainder = remainders[cluster] as number;
      const deviation = (totals[i] as number) - (means[stratum] as number);
      const own = (scale[stratum] as number) * remainder * deviation ** 2;
      variance += own;
      squares += own ** 2;
      left[stratum] = (left[stratum] as number) - remainder;
    }
    for (const [stratum, each] of scale.entries()) {
      // Sampled clusters outside the domain have a total of nought.
      variance += each * Math.max(0, left[stratum] as number) * (means[stratum] as number) ** 2;
    }
    return { variance, squares };
  }

  /** Clusters less strata of a domain. */
  degreesOfFreedom(domain: Int32Array): number {
    const { clusterOf, stratumOfCluster: stratumOf, isOfUnits, n } = this.#columns;
    const isSeen = this.#isSeen;
    const strata = new Uint8Array(n.length);
    if (isOfUnits) {
      for (let i = 0; i < domain.length; i++) strata[stratumOf[domain[i] as number] as number] = 1;
      return strata.reduce((degrees, isIn) => degrees - isIn, domain.length);
    }
    let degrees = 0;
    for (let i = 0; i < domain.length; i++) {
      const cluster = clusterOf[domain[i] as number] as number;
      if (isSeen[cluster] === 1) continue;
      isSeen[cluster] = 1;
      degrees++;
      const stratum = stratumOf[cluster] as number;
      if (strata[stratum] === 0) degrees--;
      strata[stratum] = 1;
    }
    for (let i = 0; i < domain.length; i++) isSeen[clusterOf[domain[i] as number] as number] = 0;
    return degrees;
  }
}

function checkedChance({ stratum, N, n, probability }: Stage): number {
  const chance = probability ?? n / N;
  if (!(n >= 1 && N >= n && chance > 0 && chance <= 1)) {
    throw new RangeError(`${stratum}: no sample of ${n} from ${N} with chance ${chance}`);
  }
  return chance;
}

/** The values at these places, put into a column of their own. */
export function picked<Values extends Int32Array | Float64Array>(
  values: Values,
  places: Int32Array,
  into: Values,
): Values {
  for (let i = 0; i < places.length; i++) into[i] = values[places[i] as number] as number;
  return into;
}
