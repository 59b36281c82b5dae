/**
 * Variance of a weighted total under a sampling design of strata and stages, finite populations. Pure.
 *
 * The estimator is that of Särndal, Swensson & Wretman (Model Assisted Survey Sampling, 1992, ch. 4 and 5) as R's package
 * survey computes it (Lumley 2004): at each stage V = Σₕ nₕ/(nₕ−1) Σᵢ (1−πᵢ)(xᵢ − x̄ₕ)² over cluster totals x of weighted
 * values, and the variance within the clusters is added, times the sampling fraction of their stage. Where units have
 * chances of their own (size-proportional draw) this is Brewer's approximation (Brewer 2002), which needs no joint
 * inclusion probabilities. A stratum with a single sampled cluster is centred at nought, the mean of all linearized
 * values (survey's "adjust"); one that is taken whole adds nothing.
 */

/** How a unit came into the sample at one stage. */
export interface Stage {
  readonly stratum: string;
  /** What was drawn: an area, a city, or the unit itself. */
  readonly cluster: string;
  /** Clusters of the stratum, and how many of them were sampled. */
  readonly N: number;
  readonly n: number;
  /** The cluster's own chance at this stage; n/N where absent. */
  readonly probability?: number | undefined;
}

/** A sampled unit: its stages from the first on, all units of a design with the same number. */
export interface DesignUnit {
  readonly stages: readonly Stage[];
}

/** A variance, and how surely it is known. */
export interface VarianceEstimate {
  readonly variance: number;
  /**
   * Degrees of freedom by Satterthwaite (1946): V = Σ cᵢ over clusters, each cᵢ with one degree of freedom, has
   * (Σ cᵢ)²/Σ cᵢ². Where a few sources carry nearly all of V these are few, however many were inspected.
   */
  readonly components: number;
}

interface Contributions {
  readonly variance: number;
  readonly squares: number;
}

/** Strata and clusters of one stage, numbered; a stratum lies within a cluster of the stage before. */
class StageTable {
  /** Number of each unit's cluster. */
  readonly clusterOf: Int32Array;
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
  readonly #strata = new Map<string, number>();
  readonly #clusters: Map<string, number>[] = [];
  /** Kept from domain to domain, for a province has many, and put in order again after each. */
  #totals = new Float64Array(0);
  #isSeen = new Uint8Array(0);

  constructor(units: number) {
    this.clusterOf = new Int32Array(units);
  }

  /** Adds a unit's stage; returns the number of its cluster and its chance. */
  add(unit: number, stage: Stage, parent: number, factor: number): { cluster: number; chance: number } {
    const chance = checkedChance(stage);
    const stratum = this.#stratum(parent < 0 ? stage.stratum : `${parent}\n${stage.stratum}`, stage, factor);
    const known = this.#clusters[stratum] as Map<string, number>;
    let cluster = known.get(stage.cluster);
    if (cluster === undefined) {
      cluster = this.remainder.length;
      known.set(stage.cluster, cluster);
      this.remainder.push(1 - chance);
      this.stratumOfCluster.push(stratum);
      this.remainders[stratum] = (this.remainders[stratum] ?? 0) + 1 - chance;
    }
    this.clusterOf[unit] = cluster;
    return { cluster, chance };
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

  /** V of this stage, and the sum of the squares of what its clusters contribute to it. */
  variance(domain: ArrayLike<number>, values: ArrayLike<number>): Contributions {
    this.#prepare();
    const [totals, isSeen] = [this.#totals, this.#isSeen];
    const sums = new Float64Array(this.n.length);
    const seen: number[] = [];
    for (let i = 0; i < domain.length; i++) {
      const cluster = this.clusterOf[domain[i] as number] as number;
      totals[cluster] = (totals[cluster] as number) + (values[i] as number);
      if (isSeen[cluster] === 0) {
        isSeen[cluster] = 1;
        seen.push(cluster);
      }
      const stratum = this.stratumOfCluster[cluster] as number;
      sums[stratum] = (sums[stratum] as number) + (values[i] as number);
    }
    const left = Float64Array.from(this.remainders);
    const scale = this.n.map((n, stratum) => (this.factor[stratum] as number) * (n > 1 ? n / (n - 1) : 1));
    let [variance, squares] = [0, 0];
    for (const cluster of seen) {
      const stratum = this.stratumOfCluster[cluster] as number;
      const remainder = this.remainder[cluster] as number;
      const deviation = (totals[cluster] as number) - this.#mean(sums, stratum);
      const own = (scale[stratum] as number) * remainder * deviation ** 2;
      variance += own;
      squares += own ** 2;
      left[stratum] = (left[stratum] as number) - remainder;
      totals[cluster] = 0;
      isSeen[cluster] = 0;
    }
    for (const [stratum, each] of scale.entries()) {
      // Sampled clusters outside the domain have a total of nought.
      variance += each * Math.max(0, left[stratum] as number) * this.#mean(sums, stratum) ** 2;
    }
    return { variance, squares };
  }

  /** Clusters less strata of a domain. */
  degreesOfFreedom(domain: ArrayLike<number>): number {
    this.#prepare();
    const isSeen = this.#isSeen;
    const strata = new Uint8Array(this.n.length);
    let degrees = 0;
    for (let i = 0; i < domain.length; i++) {
      const cluster = this.clusterOf[domain[i] as number] as number;
      if (isSeen[cluster] === 1) continue;
      isSeen[cluster] = 1;
      degrees++;
      const stratum = this.stratumOfCluster[cluster] as number;
      if (strata[stratum] === 0) degrees--;
      strata[stratum] = 1;
    }
    for (let i = 0; i < domain.length; i++) isSeen[this.clusterOf[domain[i] as number] as number] = 0;
    return degrees;
  }

  #prepare(): void {
    if (this.#isSeen.length === this.remainder.length) return;
    this.#totals = new Float64Array(this.remainder.length);
    this.#isSeen = new Uint8Array(this.remainder.length);
  }

  #mean(sums: Float64Array, stratum: number): number {
    const n = this.n[stratum] as number;
    return n > 1 ? (sums[stratum] as number) / n : 0;
  }
}

/** A design, made once and used for many totals and domains. */
export class SurveyDesign {
  readonly #stages: readonly StageTable[];
  readonly #weights: Float64Array;

  /**
   * @param units sampled units; a unit's place in the list is its index in all that follows
   * @throws RangeError where a stage's numbers cannot be (n of 0, more sampled than there are, a chance outside ]0, 1])
   */
  constructor(units: readonly DesignUnit[]) {
    const depth = units[0]?.stages.length ?? 0;
    this.#stages = Array.from({ length: depth }, () => new StageTable(units.length));
    this.#weights = new Float64Array(units.length);
    for (const [index, { stages }] of units.entries()) {
      let [probability, parent, factor] = [1, -1, 1];
      for (const [depthOfStage, table] of this.#stages.entries()) {
        const { cluster, chance } = table.add(index, stages[depthOfStage] as Stage, parent, factor);
        probability *= chance;
        parent = cluster;
        factor = table.factorBelow[table.stratumOfCluster[cluster] as number] as number;
      }
      this.#weights[index] = 1 / probability;
    }
  }

  /** Weight of a unit: the inverse of its inclusion probability. */
  weight(index: number): number {
    return this.#weights[index] ?? 0;
  }

  /**
   * Variance of Σ xᵢ over a domain, all other units counting as nought.
   * @param domain indices of the domain's units, each once
   * @param values their values, weights included, in the same order
   */
  variance(domain: ArrayLike<number>, values: ArrayLike<number>): VarianceEstimate {
    let [variance, squares] = [0, 0];
    for (const table of this.#stages) {
      const own = table.variance(domain, values);
      variance += own.variance;
      squares += own.squares;
    }
    return { variance, components: squares > 0 ? variance ** 2 / squares : 0 };
  }

  /** Sampled clusters of the first stage less their strata, in a domain. */
  degreesOfFreedom(domain: ArrayLike<number>): number {
    return this.#stages[0]?.degreesOfFreedom(domain) ?? 0;
  }
}

function checkedChance({ stratum, N, n, probability }: Stage): number {
  const chance = probability ?? n / N;
  if (!(n >= 1 && N >= n && chance > 0 && chance <= 1)) {
    throw new RangeError(`${stratum}: no sample of ${n} from ${N} with chance ${chance}`);
  }
  return chance;
}
