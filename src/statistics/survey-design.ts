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
  /** What was drawn: an area or a city; undefined where it was the unit itself. */
  readonly cluster: string | undefined;
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

/** Strata and clusters of one stage, numbered as units are added; a stratum lies within a cluster of the stage before. */
class StageBuilder {
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

/** One stage of a design: what variance it adds to a total. */
class StageTable {
  readonly #clusterOf: Int32Array;
  readonly #stratumOfCluster: Int32Array;
  readonly #stratumOfUnit: Int32Array;
  readonly #remainder: Float64Array;
  readonly #n: Float64Array;
  readonly #remainders: Float64Array;
  /** What a stratum's squares are multiplied with. */
  readonly #scale: Float64Array;
  readonly #isOfUnits: boolean;
  /** Kept from domain to domain, for a province has many, and put in order again after each. */
  readonly #totals: Float64Array;
  readonly #isSeen: Uint8Array;
  readonly #seen: Int32Array;

  constructor(stage: StageBuilder) {
    this.#clusterOf = new Int32Array(stage.clusterOf);
    this.#stratumOfCluster = new Int32Array(stage.stratumOfCluster);
    this.#stratumOfUnit = this.#clusterOf.map((cluster) => this.#stratumOfCluster[cluster] as number);
    this.#remainder = new Float64Array(stage.remainder);
    this.#n = new Float64Array(stage.n);
    this.#remainders = new Float64Array(stage.remainders);
    this.#scale = this.#n.map((n, stratum) => (stage.factor[stratum] as number) * (n > 1 ? n / (n - 1) : 1));
    this.#isOfUnits = stage.isOfUnits;
    const clusters = this.#remainder.length;
    this.#totals = new Float64Array(stage.isOfUnits ? 0 : clusters);
    this.#seen = new Int32Array(stage.isOfUnits ? 0 : clusters);
    this.#isSeen = new Uint8Array(stage.isOfUnits ? 0 : clusters);
  }

  /** V of this stage, and the sum of the squares of what its clusters contribute to it. */
  variance(domain: Int32Array, values: Float64Array): Contributions {
    const stratumOf = this.#stratumOfUnit;
    const sums = new Float64Array(this.#n.length);
    for (let i = 0; i < domain.length; i++) {
      const stratum = stratumOf[domain[i] as number] as number;
      sums[stratum] = (sums[stratum] as number) + (values[i] as number);
    }
    return this.#isOfUnits ? this.#spread(domain, values, sums) : this.#spreadOfClusters(domain, values, sums);
  }

  #spreadOfClusters(domain: Int32Array, values: Float64Array, sums: Float64Array): Contributions {
    const [totals, isSeen, seen] = [this.#totals, this.#isSeen, this.#seen];
    let count = 0;
    for (let i = 0; i < domain.length; i++) {
      const cluster = this.#clusterOf[domain[i] as number] as number;
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
    const [stratumOf, remainders, scale] = [this.#stratumOfCluster, this.#remainder, this.#scale];
    const means = sums.map((sum, stratum) => {
      const n = this.#n[stratum] as number;
      return n > 1 ? sum / n : 0;
    });
    const left = this.#remainders.slice();
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
    const [clusterOf, stratumOf, isSeen] = [this.#clusterOf, this.#stratumOfCluster, this.#isSeen];
    const strata = new Uint8Array(this.#n.length);
    if (this.#isOfUnits) {
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

/** A design, made once and used for many totals and domains. */
export class SurveyDesign {
  readonly #stages: readonly StageTable[];
  /** Weight of each unit: the inverse of its inclusion probability. */
  readonly weights: Float64Array;
  /** Room for the units of a domain and their values, for whoever asks for its variance: a province has many domains. */
  readonly room: { readonly units: Int32Array; readonly values: Float64Array };

  /**
   * @param units sampled units; a unit's place in the list is its index in all that follows
   * @throws RangeError where a stage's numbers cannot be (n of 0, more sampled than there are, a chance outside ]0, 1])
   */
  constructor(units: Iterable<DesignUnit>) {
    const stages: StageBuilder[] = [];
    const weights: number[] = [];
    for (const { stages: own } of units) {
      let [probability, parent, factor] = [1, -1, 1];
      for (let depth = 0; depth < own.length; depth++) {
        const builder = stages[depth] ?? new StageBuilder();
        stages[depth] = builder;
        const { cluster, chance } = builder.add(own[depth] as Stage, parent, factor);
        probability *= chance;
        parent = cluster;
        factor = builder.factorBelow[builder.stratumOfCluster[cluster] as number] as number;
      }
      weights.push(1 / probability);
    }
    this.#stages = stages.map((stage) => new StageTable(stage));
    this.weights = new Float64Array(weights);
    this.room = { units: new Int32Array(weights.length), values: new Float64Array(weights.length) };
  }

  /**
   * Variance of Σ xᵢ over a domain, all other units counting as nought.
   * @param domain indices of the domain's units, each once
   * @param values their values, weights included, in the same order
   */
  variance(domain: Int32Array, values: Float64Array): VarianceEstimate {
    let [variance, squares] = [0, 0];
    for (const table of this.#stages) {
      const own = table.variance(domain, values);
      variance += own.variance;
      squares += own.squares;
    }
    return { variance, components: squares > 0 ? variance ** 2 / squares : 0 };
  }

  /** Sampled clusters of the first stage less their strata, in a domain. */
  degreesOfFreedom(domain: Int32Array): number {
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
