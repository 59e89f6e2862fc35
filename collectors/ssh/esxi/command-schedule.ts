import { spread } from '../../polling/jitter';
import type { EsxiCommandName } from '../commands/esxi.data';
import type { PlannedCommand } from './esxi-plan.data';

/** A command that failed this often in a row is run more rarely: the version probably lacks it. */
const FAILURES = 3;
/** How much more rarely. */
const FAILED_FACTOR = 12;
/** Each period is varied by this part of it, up and down together. */
const JITTER = 0.1;

interface Entry {
  readonly planned: PlannedCommand;
  due: number;
  failures: number;
  runs: number;
}

/** When which command of one host is due; times by a clock in milliseconds. */
export class CommandSchedule {
  readonly #device: string;
  readonly #entries: ReadonlyMap<EsxiCommandName, Entry>;

  /** Everything is due at once; `periods` win over the plan, 0 leaves a command out. */
  constructor(device: string, plan: readonly PlannedCommand[], periods: Readonly<Record<string, number>>, now: number) {
    this.#device = device;
    const wanted = plan
      .map((planned) => ({ ...planned, everySeconds: periods[planned.command] ?? planned.everySeconds }))
      .filter(({ everySeconds }) => everySeconds > 0);
    this.#entries = new Map(
      wanted.map((planned) => [planned.command, { planned, due: now, failures: 0, runs: 0 }] as const),
    );
  }

  /** The earliest time at which something is due; Infinity when nothing is planned. */
  get next(): number {
    let next = Infinity;
    for (const { due } of this.#entries.values()) if (due < next) next = due;
    return next;
  }

  /** The first command of the plan that is due. A little ahead counts, so that those of one period run together. */
  due(now: number, major: number): PlannedCommand | undefined {
    for (const entry of this.#entries.values()) {
      const { planned } = entry;
      if (entry.due > now + planned.everySeconds * 1000 * JITTER * 0.5) continue;
      if (planned.since === undefined || major === 0 || major >= planned.since) return planned;
      this.ran(planned.command, now, false);
    }
    return undefined;
  }

  /** Commands that failed whenever they were run lately. */
  get absent(): readonly EsxiCommandName[] {
    return [...this.#entries.values()].flatMap(({ planned, failures }) =>
      failures >= FAILURES ? [planned.command] : [],
    );
  }

  ran(command: EsxiCommandName, now: number, failed: boolean): void {
    const entry = this.#entries.get(command);
    if (entry === undefined) return;
    entry.runs += 1;
    entry.failures = failed ? entry.failures + 1 : 0;
    const factor = entry.failures >= FAILURES ? FAILED_FACTOR : 1;
    const vary = 1 + (spread(`${this.#device} ${command} ${entry.runs}`) - 0.5) * JITTER;
    entry.due = now + Math.round(entry.planned.everySeconds * 1000 * factor * vary);
  }

  /** Something changed: the command is due now, unless it is left out or absent. */
  hasten(command: EsxiCommandName, now: number): void {
    const entry = this.#entries.get(command);
    if (entry !== undefined && entry.failures < FAILURES) entry.due = Math.min(entry.due, now);
  }
}
