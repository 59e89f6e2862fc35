import type { Agent } from './adapter/agent-session';
import { SnmpRequestError } from './adapter/snmp-errors';
import { AnswerSize } from './answer-size';
import { WalkColumn } from './walk-column';
import type { IncompleteReason, SnmpVarbind } from './snmp-record';

/** Bounds of one walk. All of them hold at once. */
export interface WalkLimits {
  /** v3 context or community index; `''` for none. */
  readonly context: string;
  /** Repetitions in one request at most, whatever the device would answer. */
  readonly maxRepetitions: number;
  /** Rows of one column at most. */
  readonly rowCap: number;
  /** Size of the answers at most, in octets of their text; see `sizeOf`. */
  readonly byteCap: number;
  /** Milliseconds for the whole walk. */
  readonly deadlineMs: number;
  /** The device has answered a moment ago, so a request without an answer may have been too large for it. */
  readonly alive?: boolean;
  readonly signal: AbortSignal;
}

/** How a walk ended. */
export interface WalkEnd {
  readonly complete: boolean;
  readonly reason: IncompleteReason;
  readonly detail: string;
  /** Whether the agent answered at all. */
  readonly answered: boolean;
}

/** A table with what was read of it, also when the walk did not get to the end. */
export interface TableRead extends WalkEnd {
  readonly varbinds: readonly SnmpVarbind[];
}

/** Smaller requests tried after one that was not answered, in one walk. */
const SHRINK_TRIES = 3;

/**
 * Walks several columns together, several of them in one request, and yields what each answer brought below the
 * columns. Ends by itself, never throws for what an agent does: OIDs must rise strictly in each column, and rows, octets
 * and time are bounded. A column that misbehaves is left; the others are read to their end.
 */
export async function* walk(
  agent: Agent,
  roots: readonly string[],
  limits: WalkLimits,
  size: AnswerSize = new AnswerSize(),
): AsyncGenerator<readonly SnmpVarbind[], WalkEnd> {
  const run = new WalkRun(agent, roots, limits, size);
  while (run.going) {
    const found = await run.step();
    if (found.length > 0) yield found;
  }
  return run.end();
}

/** Walks to the end and keeps everything. */
export async function readTable(
  agent: Agent,
  roots: readonly string[],
  limits: WalkLimits,
  size?: AnswerSize,
): Promise<TableRead> {
  const varbinds: SnmpVarbind[] = [];
  const steps = walk(agent, roots, limits, size);
  for (;;) {
    const step = await steps.next();
    if (step.done === true) return { varbinds, ...step.value };
    for (const varbind of step.value) varbinds.push(varbind);
  }
}

/** What a varbind counts towards `byteCap`. */
export function sizeOf(varbind: SnmpVarbind): number {
  const value = varbind[2];
  return varbind[0].length + (typeof value === 'string' ? value.length : 8) + 8;
}

class WalkRun {
  readonly #agent: Agent;
  readonly #limits: WalkLimits;
  readonly #size: AnswerSize;
  readonly #columns: readonly WalkColumn[];
  readonly #deadline: AbortSignal;
  readonly #signal: AbortSignal;
  #bytes = 0;
  #answered = false;
  #shrinks = 0;
  #reason: IncompleteReason = '';
  #detail = '';
  #stopped = false;

  constructor(agent: Agent, roots: readonly string[], limits: WalkLimits, size: AnswerSize) {
    this.#agent = agent;
    this.#limits = limits;
    this.#size = size;
    this.#columns = roots.map((root) => new WalkColumn(root));
    this.#deadline = AbortSignal.timeout(limits.deadlineMs);
    this.#signal = AbortSignal.any([limits.signal, this.#deadline]);
  }

  get going(): boolean {
    return !this.#stopped && this.#columns.some((column) => !column.done);
  }

  end(): WalkEnd {
    return {
      complete: this.#reason === '',
      reason: this.#reason,
      detail: this.#detail,
      answered: this.#answered,
    };
  }

  /** One request and its answer. */
  async step(): Promise<readonly SnmpVarbind[]> {
    const open = this.#columns.filter((column) => !column.done);
    const budget = this.#agent.version === 'v1' ? Math.min(this.#size.varbinds, 20) : this.#size.varbinds;
    const asked = open.slice(0, Math.max(1, budget));
    const repetitions = this.#repetitions(asked.length);
    try {
      const oids = asked.map((column) => column.cursor);
      const { context } = this.#limits;
      const answer = await this.#agent.next(oids, repetitions, { context, signal: this.#signal });
      this.#answered = true;
      return this.#take(asked, answer, repetitions);
    } catch (error) {
      if (!(error instanceof SnmpRequestError)) throw error;
      this.#failed(error, asked, repetitions);
      return [];
    }
  }

  #repetitions(columns: number): number {
    if (this.#agent.version === 'v1') return 1;
    return Math.max(1, Math.min(this.#limits.maxRepetitions, Math.floor(this.#size.varbinds / columns)));
  }

  #take(
    asked: readonly WalkColumn[],
    answer: readonly (readonly SnmpVarbind[])[],
    repetitions: number,
  ): readonly SnmpVarbind[] {
    const found: SnmpVarbind[] = [];
    let got = 0;
    for (const [index, column] of asked.entries()) {
      const varbinds = answer[index] ?? [];
      got += varbinds.length;
      for (const varbind of varbinds) {
        if (!column.accepts(varbind)) break;
        found.push(varbind);
        this.#bytes += sizeOf(varbind);
      }
      if (column.fault !== '') this.#note(column.fault, column.root);
      if (column.rows >= this.#limits.rowCap && !column.done) this.#stop('row_cap', String(this.#limits.rowCap));
    }
    if (this.#bytes >= this.#limits.byteCap && this.going) this.#stop('byte_cap', String(this.#limits.byteCap));
    if (got === 0) this.#stop('agent_error', 'empty answer');
    else if (this.going) this.#size.answered(asked.length * repetitions, got);
    return found;
  }

  #failed(error: SnmpRequestError, asked: readonly WalkColumn[], repetitions: number): void {
    switch (error.reason) {
      case 'cancelled':
        if (this.#deadline.aborted) this.#stop('deadline', `${this.#limits.deadlineMs} ms`);
        else this.#stop('cancelled', '');
        return;
      case 'timeout':
        if ((this.#answered || this.#limits.alive === true) && this.#smaller(asked.length * repetitions)) return;
        this.#stop('timeout', '');
        return;
      case 'agent_error':
        this.#agentError(error, asked, repetitions);
        return;
      case 'transport':
      case 'security':
        this.#stop(error.reason, error.detail);
    }
  }

  #agentError(error: SnmpRequestError, asked: readonly WalkColumn[], repetitions: number): void {
    if (error.detail === 'tooBig') {
      this.#answered = true;
      if (!this.#size.failed(asked.length * repetitions)) this.#stop('agent_error', 'tooBig');
      return;
    }
    this.#answered = true;
    // Version 1 says with noSuchName that nothing follows the OID it blames (RFC 1157 section 4.1.3).
    if (this.#agent.version === 'v1' && error.detail === 'noSuchName') {
      const blamed = asked.length === 1 ? asked[0] : asked.find((column) => column.cursor === error.oid);
      if (blamed !== undefined) return blamed.close();
      if (this.#size.failed(asked.length)) return;
    }
    const culprit = asked.find((column) => column.cursor === error.oid);
    if (culprit === undefined) return this.#stop('agent_error', error.detail);
    this.#note('agent_error', error.detail);
    culprit.close();
  }

  #smaller(asked: number): boolean {
    this.#shrinks += 1;
    return this.#shrinks <= SHRINK_TRIES && this.#size.failed(asked);
  }

  #note(reason: IncompleteReason, detail: string): void {
    if (this.#reason !== '') return;
    this.#reason = reason;
    this.#detail = detail;
  }

  #stop(reason: IncompleteReason, detail: string): void {
    this.#note(reason, detail);
    this.#stopped = true;
  }
}
