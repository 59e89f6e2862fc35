import { spread } from '../../polling/jitter';
import type { DeviceWork, DeviceWorkStatus, PlatformReader, WorkGround, WorkSession } from '../poller/device-work';
import { CommandRounds } from './command-rounds';
import { HostFacts } from './host-facts';
import { HostInventory } from './host-inventory';
import { LogReader } from './log-reader';

/** Each look at the logs comes earlier by up to this part of the period. */
const JITTER = 0.1;
/** How much of the longest of the last looks still counts after one more. */
const FADE = 0.9;

/**
 * Reads one ESXi host: its log files at short intervals, and beside that the commands that are due, one after another.
 * A slow command does not keep the logs waiting.
 */
class EsxiWork implements DeviceWork {
  readonly keepsConnection = true;
  readonly #ground: WorkGround;
  readonly #inventory = new HostInventory();
  readonly #facts: HostFacts;
  readonly #logs: LogReader;
  readonly #commands: CommandRounds;
  #isProbed = false;
  #logsDue: number;
  #looks = 0;
  /** How long it takes from when a look is due until what it found is handed over: the longest lately. */
  #lookMs = 0;

  constructor(ground: WorkGround) {
    this.#ground = ground;
    this.#facts = new HostFacts(ground);
    this.#logs = new LogReader(ground, this.#inventory, this.#facts);
    this.#commands = new CommandRounds(ground, this.#inventory, this.#facts);
    this.#logsDue = ground.device.logs ? ground.clock() : Infinity;
  }

  get due(): number {
    return Math.min(this.#logsDue, this.#commands.due);
  }

  connected(): void {
    this.#isProbed = false;
  }

  async visit(session: WorkSession): Promise<void> {
    if (!this.#isProbed) this.#isProbed = await this.#facts.probe(session);
    this.#commands.begin(session);
    const { clock, limits, device, once } = this.#ground;
    if (once !== undefined) await this.#commands.idle();
    const startedAt = clock();
    if (this.#logsDue > startedAt || !this.#isProbed) return;
    if (this.#facts.missingTools.length === 0) {
      await this.#logs.look(session, (commands) => {
        if (once === undefined) this.#commands.hasten(commands);
      });
    }
    this.#looks += 1;
    const took = Math.min(limits.logPeriodMs, clock() - this.#logsDue);
    this.#lookMs = Math.max(took, this.#lookMs * FADE);
    // The period is what a line may be late, the time of the look that finds it included.
    const vary = 1 - spread(`${device.name} ${this.#looks}`) * JITTER;
    const { logPeriodMs } = limits;
    this.#logsDue = startedAt + Math.max(logPeriodMs / 2, logPeriodMs * vary - this.#lookMs);
  }

  async idle(): Promise<void> {
    await this.#commands.idle();
  }

  status(): DeviceWorkStatus {
    const { complete, incomplete } = this.#commands.counts;
    const { lines, bytes, gaps, lag } = this.#logs.counts;
    const { missingTools, version = '', clockOffset } = this.#facts;
    return {
      version,
      clockOffset,
      commandsComplete: complete,
      commandsIncomplete: incomplete,
      logLines: lines,
      logBytes: bytes,
      logLagBytes: lag,
      logGaps: gaps,
      limitations: [
        ...(missingTools.length > 0 ? [`logs cannot be read without ${missingTools.join(', ')}`] : []),
        ...this.#logs.denied.map((path) => `${path} may not be read`),
        ...this.#commands.absent.map((command) => `${command} is not answered`),
      ],
    };
  }
}

export const esxiReader: PlatformReader = {
  platforms: ['esxi'],
  create: (ground) => new EsxiWork(ground),
};
