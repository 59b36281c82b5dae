/**
 * Sources to teams with even loads: a bipartite b-matching by augmenting paths (Ford and Fulkerson 1956). Each team
 * takes `share` sources; `extras` teams take one more. Sources of one kind are counted, not told apart. Pure.
 */

/** How a team was reached: by moving a source of a kind from another, or by handing over the right to one more. */
interface Step {
  readonly from: number;
  readonly kind: number;
}

const START = -1;
/** The step that moves no source: a team takes the right to one more from another team. */
const HANDED = -1;

export class Matching {
  readonly loads: number[];
  /** For each kind the teams that may take it. */
  #takers: readonly (readonly number[])[];
  /** Kinds by teams: sources that may still be moved. */
  #free: number[][];
  /** Sources of each kind that have no team. */
  #open: number[];
  #cut: { readonly kinds: readonly number[]; readonly teams: ReadonlySet<number> } | undefined;
  readonly #share: number;
  readonly #extras: number;

  constructor(
    allowed: readonly (readonly boolean[])[],
    counts: readonly number[],
    loads: { readonly share: number; readonly extras: number },
  ) {
    const teams = allowed[0]?.length ?? 0;
    this.#takers = allowed.map((row) => row.flatMap((isAllowed, team) => (isAllowed ? [team] : [])));
    this.loads = Array.from({ length: teams }, () => 0);
    this.#free = allowed.map(() => Array.from({ length: teams }, () => 0));
    this.#open = [...counts];
    this.#share = loads.share;
    this.#extras = loads.extras;
  }

  /**
   * A copy in which some teams may take other kinds than here: what they have is without a team again.
   * @param allowed for each of these teams, by kind
   */
  changed(allowed: ReadonlyMap<number, readonly boolean[]>): Matching {
    const copy = new Matching([], [], { share: this.#share, extras: this.#extras });
    copy.loads.push(...this.loads);
    copy.#open = [...this.#open];
    copy.#free = this.#free.map((row) => [...row]);
    copy.#takers = this.#takers.map((takers, kind) => {
      const others = takers.filter((team) => !allowed.has(team));
      const now = [...allowed].flatMap(([team, kinds]) => (kinds[kind] === true ? [team] : []));
      return [...others, ...now].sort((a, b) => a - b);
    });
    for (const team of allowed.keys()) {
      copy.loads[team] = 0;
      for (const [kind, row] of copy.#free.entries()) {
        copy.#open[kind] = (copy.#open[kind] ?? 0) + (row[team] ?? 0);
        row[team] = 0;
      }
    }
    return copy;
  }

  /** Places as many sources as can be placed at once. @returns how many are left without a team */
  fill(): number {
    for (const [kind, count] of this.#open.entries()) {
      let left = count;
      while (left > 0 && this.#push(this.#takers[kind] ?? [], kind)) left--;
      this.#open[kind] = left;
    }
    return this.#open.reduce((sum, count) => sum + count, 0);
  }

  /**
   * Gives a source of a kind to a team for good, if all others can still be placed. All must be placed before.
   * @returns whether it could be done; nothing has changed if not
   */
  fix(kind: number, team: number): boolean {
    const free = this.#free[kind];
    if (free === undefined || this.#takers[kind]?.includes(team) !== true) return false;
    if ((free[team] ?? 0) > 0) {
      free[team] = (free[team] ?? 0) - 1;
      return true;
    }
    const giver = free.findIndex((count) => count > 0);
    free[giver] = (free[giver] ?? 0) - 1;
    this.#load(giver, -1);
    if (this.#push([team], undefined)) return true;
    free[giver] = (free[giver] ?? 0) + 1;
    this.#load(giver, 1);
    return false;
  }

  /**
   * Whether more could be placed if some teams took other kinds. After `fill`, a smallest cut shuts in the sources
   * without a team: only a team outside of it that gains a kind inside of it can widen it (max-flow min-cut).
   * @param allowed for each of these teams, by kind
   */
  mayGain(allowed: ReadonlyMap<number, readonly boolean[]>): boolean {
    this.#cut ??= this.#tight();
    const { kinds, teams } = this.#cut;
    for (const [team, now] of allowed) {
      if (teams.has(team)) continue;
      if (kinds.some((kind) => now[kind] === true && this.#takers[kind]?.includes(team) !== true)) return true;
    }
    return false;
  }

  #tight(): { readonly kinds: readonly number[]; readonly teams: ReadonlySet<number> } {
    const open = this.#open.flatMap((count, kind) => (count > 0 ? [kind] : []));
    const { reached } = this.#search(open.flatMap((kind) => this.#takers[kind] ?? []));
    const teams = new Set(reached.keys());
    const held = this.#free.flatMap((row, kind) =>
      row.some((count, team) => count > 0 && teams.has(team)) ? [kind] : [],
    );
    return { kinds: [...new Set([...open, ...held])], teams };
  }

  #load(team: number, by: number): void {
    this.loads[team] = (this.loads[team] ?? 0) + by;
  }

  /** One source more for one of the starts, others moved on as far as needed. `kind` is what is placed, if it may move. */
  #push(starts: readonly number[], kind: number | undefined): boolean {
    const { reached, end } = this.#search(starts);
    if (end === undefined) return false;
    this.#load(end, 1);
    let team = end;
    for (let step = reached.get(team); step !== undefined && step.from !== START; step = reached.get(team)) {
      if (step.kind === HANDED) {
        this.#load(team, -1);
        this.#load(step.from, 1);
      } else {
        const row = this.#free[step.kind] ?? [];
        row[step.from] = (row[step.from] ?? 0) - 1;
        row[team] = (row[team] ?? 0) + 1;
      }
      team = step.from;
    }
    const row = kind === undefined ? undefined : this.#free[kind];
    if (row !== undefined) row[team] = (row[team] ?? 0) + 1;
    return true;
  }

  /** Breadth first from the starts to a team with room. */
  #search(starts: readonly number[]): { reached: Map<number, Step>; end: number | undefined } {
    const reached = new Map<number, Step>();
    const queue: number[] = [];
    const reach = (team: number, step: Step) => {
      if (reached.has(team)) return;
      reached.set(team, step);
      queue.push(team);
    };
    const extrasLeft = this.#extras - this.loads.filter((load) => load > this.#share).length;
    let isHandedOver = false;
    for (const team of starts) reach(team, { from: START, kind: START });
    for (let team = queue.shift(); team !== undefined; team = queue.shift()) {
      const load = this.loads[team] ?? 0;
      if (load < this.#share || (load === this.#share && extrasLeft > 0)) return { reached, end: team };
      if (load === this.#share && this.#extras > 0 && !isHandedOver) {
        isHandedOver = true;
        const giver = team;
        this.loads.forEach((other, to) => {
          if (other > this.#share) reach(to, { from: giver, kind: HANDED });
        });
      }
      for (const [kind, row] of this.#free.entries()) {
        if ((row[team] ?? 0) === 0) continue;
        for (const to of this.#takers[kind] ?? []) reach(to, { from: team, kind });
      }
    }
    return { reached, end: undefined };
  }
}
