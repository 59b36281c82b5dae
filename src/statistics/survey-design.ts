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

import { picked, StageBuilder, StageTable } from "./stage-table.ts";

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

/** A design, made once and used for many totals and domains. */
export class SurveyDesign {
  readonly #stages: readonly StageTable[];
  /** Weight of each unit: the inverse of its inclusion probability. */
  readonly weights: Float64Array;
  /** Room for the units of a domain and their values, for whoever asks for its variance: a province has many domains. */
  readonly room: { readonly units: Int32Array; readonly values: Float64Array };

  private constructor(stages: readonly StageTable[], weights: Float64Array) {
    this.#stages = stages;
    this.weights = weights;
    this.room = { units: new Int32Array(weights.length), values: new Float64Array(weights.length) };
  }

  /**
   * @param units sampled units; a unit's place in the list is its index in all that follows
   * @throws RangeError where a stage's numbers cannot be (n of 0, more sampled than there are, a chance outside ]0, 1])
   */
  static of(units: Iterable<DesignUnit>): SurveyDesign {
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
    return new SurveyDesign(stages.map(StageTable.of), new Float64Array(weights));
  }

  /**
   * The same design with its units in another order: over a domain in that order all sums are made as they were, but in
   * memory from beginning to end, and a province's do not fit into a processor's own.
   * @param order index of each unit; those left out are sampled units of no domain
   */
  inOrder(order: Int32Array): SurveyDesign {
    const stages = this.#stages.map((stage) => stage.inOrder(order));
    return new SurveyDesign(stages, picked(this.weights, order, new Float64Array(order.length)));
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
