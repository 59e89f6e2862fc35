import { spread } from '../../polling/jitter';
import { inOrder } from './device-reader';
import type { CommandPurpose, DeviceCommand, Platform } from './platform';

/** Milliseconds between two readings, by purpose; `identity` comes with every visit. */
const PERIODS: Readonly<Record<Exclude<CommandPurpose, 'identity'>, number>> = {
  state: 300_000,
  standing: 86_400_000,
  configuration: 86_400_000,
};

/** A configuration that changes is read again, but not more often than this. */
const CONFIGURATION_REST_MS = 300_000;
/** What was due within this time is read in the same visit: one login less. */
const TOGETHER_MS = 15_000;
const SOON_MS = 5000;

interface Row {
  readonly command: DeviceCommand;
  readonly periodMs: number;
  due: number;
  /** When it was read whole; never, at the beginning. */
  readAt: number;
  /** When it was last asked for, and when the device last told that it changed. */
  askedAt: number;
  toldAt: number;
}

/**
 * When each command of a device is due. State tables come every few minutes, the configuration daily and soon after the
 * device said that it changed.
 */
export class VisitSchedule {
  readonly #rows: readonly Row[];
  readonly #identity: readonly DeviceCommand[];
  readonly #retryMs: number;
  /** Due in the visit that runs, and not read yet. */
  #pending: readonly Row[] = [];

  /**
   * `periods`: seconds by a command's name, in place of its purpose's; 0 leaves a command out. `clock` only goes forward,
   * milliseconds. Everything is due at once: whoever owns the device spreads the first visits.
   */
  constructor(platform: Platform, periods: Readonly<Record<string, number>>, clock: number, name: string) {
    this.#identity = platform.commands.filter(({ id, purpose }) => purpose === 'identity' && periods[id] !== 0);
    this.#rows = platform.commands.flatMap((command): Row[] => {
      if (command.purpose === 'identity') return [];
      const seconds = periods[command.id];
      const periodMs = seconds === undefined ? PERIODS[command.purpose] : seconds * 1000;
      return periodMs === 0
        ? []
        : [{ command, periodMs, due: clock, readAt: -Infinity, askedAt: -Infinity, toldAt: -Infinity }];
    });
    // Devices that fail together must not come back together.
    this.#retryMs = 60_000 + Math.floor(spread(name) * 30_000);
  }

  /** When the next visit is due; Infinity when nothing is ever read. */
  get next(): number {
    return this.#rows.reduce((soonest, { due }) => Math.min(soonest, due), Infinity);
  }

  /** What a visit at this time reads; nothing when nothing is due yet. */
  wanted(clock: number): readonly DeviceCommand[] {
    if (this.next > clock) return [];
    this.#pending = this.#rows.filter(({ due, periodMs }) => due <= clock + Math.min(TOGETHER_MS, periodMs / 2));
    for (const row of this.#pending) row.askedAt = clock;
    return inOrder([...this.#identity, ...this.#pending.map(({ command }) => command)]);
  }

  /** A command was read, whole or not. A configuration that was cut is tried again soon. */
  read(command: DeviceCommand, complete: boolean, clock: number): void {
    const row = this.#rows.find((one) => one.command === command);
    if (row === undefined) return;
    this.#pending = this.#pending.filter((one) => one !== row);
    if (complete) row.readAt = clock;
    const again =
      complete || command.purpose !== 'configuration' ? row.periodMs : Math.min(row.periodMs, this.#retryMs * 10);
    row.due = clock + again;
    // What changed while it was read may not be in it.
    if (row.toldAt > row.askedAt) bringForward(row, clock);
  }

  /** The visit ended. What it did not come to is tried again in a while. */
  ended(clock: number): void {
    for (const row of this.#pending) row.due = clock + Math.min(row.periodMs, this.#retryMs);
    this.#pending = [];
  }

  /** The device says that its configuration changed: it is read as soon as its rest is over. */
  changed(clock: number): void {
    for (const row of this.#rows) {
      if (row.command.purpose !== 'configuration') continue;
      row.toldAt = clock;
      bringForward(row, clock);
    }
  }
}

function bringForward(row: Row, clock: number): void {
  row.due = Math.min(row.due, Math.max(clock + SOON_MS, row.readAt + CONFIGURATION_REST_MS));
}
