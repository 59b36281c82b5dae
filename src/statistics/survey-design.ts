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

interface StratumNode {
  readonly n: number;
  /** Share of clusters that were sampled: what is left of the variance within them. */
  readonly fraction: number;
  /** Σ (1 − π) over the stratum's sampled clusters; those that hold no value of a domain count with it. */
  remainders: number;
  readonly clusters: Map<string, ClusterNode>;
}

interface ClusterNode {
  readonly stratum: StratumNode;
  readonly remainder: number;
  readonly below: Map<string, StratumNode>;
}

/** A design, made once and used for many totals and domains. */
export class SurveyDesign {
  readonly #paths: readonly (readonly ClusterNode[])[];
  readonly #weights: Float64Array;

  /**
   * @param units sampled units; a unit's place in the list is its index in all that follows
   * @throws RangeError where a stage's numbers cannot be (n of 0, more sampled than there are, a chance outside ]0, 1])
   */
  constructor(units: readonly DesignUnit[]) {
    const top = new Map<string, StratumNode>();
    this.#weights = new Float64Array(units.length);
    this.#paths = units.map(({ stages }, index) => {
      let strata = top;
      let probability = 1;
      const path = stages.map((stage) => {
        const chance = checkedChance(stage);
        probability *= chance;
        const cluster = clusterOf(stratumOf(strata, stage), stage, chance);
        strata = cluster.below;
        return cluster;
      });
      this.#weights[index] = 1 / probability;
      return path;
    });
  }

  get size(): number {
    return this.#paths.length;
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
  variance(domain: ArrayLike<number>, values: ArrayLike<number>): number {
    const all = Array.from({ length: domain.length }, (_, i) => i);
    return this.#varianceAt(0, all, domain, values);
  }

  /** Sampled clusters of the first stage less their strata, in a domain. */
  degreesOfFreedom(domain: ArrayLike<number>): number {
    const clusters = new Set<ClusterNode>();
    const strata = new Set<StratumNode>();
    for (let i = 0; i < domain.length; i++) {
      const first = this.#paths[domain[i] ?? -1]?.[0];
      if (first === undefined) continue;
      clusters.add(first);
      strata.add(first.stratum);
    }
    return clusters.size - strata.size;
  }

  #varianceAt(stage: number, members: readonly number[], domain: ArrayLike<number>, values: ArrayLike<number>): number {
    const strata = new Map<StratumNode, Map<ClusterNode, number[]>>();
    for (const member of members) {
      const cluster = this.#paths[domain[member] ?? -1]?.[stage];
      if (cluster === undefined) continue;
      const found = strata.get(cluster.stratum) ?? new Map<ClusterNode, number[]>();
      if (found.size === 0) strata.set(cluster.stratum, found);
      const own = found.get(cluster);
      if (own === undefined) found.set(cluster, [member]);
      else own.push(member);
    }
    let variance = 0;
    for (const [stratum, clusters] of strata) {
      variance += betweenClusters(stratum, clusters, values);
      for (const [cluster, own] of clusters) {
        if (cluster.below.size > 0) variance += stratum.fraction * this.#varianceAt(stage + 1, own, domain, values);
      }
    }
    return variance;
  }
}

function checkedChance({ stratum, N, n, probability }: Stage): number {
  const chance = probability ?? n / N;
  if (!(n >= 1 && N >= n && chance > 0 && chance <= 1)) {
    throw new RangeError(`${stratum}: no sample of ${n} from ${N} with chance ${chance}`);
  }
  return chance;
}

function stratumOf(strata: Map<string, StratumNode>, { stratum, N, n }: Stage): StratumNode {
  let node = strata.get(stratum);
  if (node === undefined) {
    node = { n, fraction: n / N, remainders: 0, clusters: new Map() };
    strata.set(stratum, node);
  }
  return node;
}

function clusterOf(stratum: StratumNode, { cluster }: Stage, chance: number): ClusterNode {
  let node = stratum.clusters.get(cluster);
  if (node === undefined) {
    node = { stratum, remainder: 1 - chance, below: new Map() };
    stratum.clusters.set(cluster, node);
    stratum.remainders += node.remainder;
  }
  return node;
}

function betweenClusters(
  { n, remainders }: StratumNode,
  clusters: ReadonlyMap<ClusterNode, readonly number[]>,
  values: ArrayLike<number>,
): number {
  const totals: { total: number; remainder: number }[] = [];
  let sum = 0;
  for (const [{ remainder }, members] of clusters) {
    let total = 0;
    for (const member of members) total += values[member] ?? 0;
    totals.push({ total, remainder });
    sum += total;
  }
  const mean = n > 1 ? sum / n : 0;
  let squares = 0;
  let left = remainders;
  for (const { total, remainder } of totals) {
    squares += remainder * (total - mean) ** 2;
    left -= remainder;
  }
  // Sampled clusters outside the domain have a total of nought.
  squares += Math.max(0, left) * mean ** 2;
  return squares * (n > 1 ? n / (n - 1) : 1);
}
