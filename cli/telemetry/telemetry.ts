import { formatCount } from '../output/units';
import { Counters } from './counters';
import type { TelemetryEvent } from './events';
import type { Log } from './log';
import type { EventRule } from './event-rule';
import { EVENT_RULES } from './rules';

/** Something a person must know until it ends. */
export interface Alarm {
  readonly name: string;
  /** What it is about: a stage, a segment; empty where there is only one. */
  readonly subject: string;
  readonly message: string;
  /** Epoch ms. */
  readonly since: number;
}

export interface TelemetryOptions {
  readonly log: Log;
  /** Epoch ms. */
  readonly now?: () => number;
}

/** After a line about a subject, further ones of its kind are only counted for this long, ms. */
const MUTE_MS = 60_000;
const MOST_MUTED = 4096;

interface Mute {
  until: number;
  muted: number;
  readonly event: TelemetryEvent;
}

/**
 * The one place where events become log lines, counters and alarms. Counters are exact; lines are limited to one a
 * minute for each kind and subject, followed by how many were left out.
 */
export class Telemetry {
  readonly counters = new Counters();
  readonly #log: Log;
  readonly #now: () => number;
  readonly #mutes = new Map<string, Mute>();
  readonly #alarms = new Map<string, Alarm>();

  constructor({ log, now = Date.now }: TelemetryOptions) {
    this.#log = log;
    this.#now = now;
  }

  /** Takes any event; bound, so that it can be handed to collectors and the store as it is. */
  readonly emit = (event: TelemetryEvent): void => {
    const rule = EVENT_RULES[event.kind] as EventRule<TelemetryEvent>;
    if (rule.counter !== undefined) {
      this.counters.add(rule.counter, rule.labels?.(event) ?? {}, rule.amount?.(event) ?? 1);
    }
    if (rule.alarm !== undefined) this.#setAlarm(rule.alarm, rule, event);
    if (!this.#isMuted(rule, event)) this.#write(rule, event, 0);
  };

  /** Alarms that stand, oldest first. */
  get alarms(): readonly Alarm[] {
    return [...this.#alarms.values()];
  }

  /** Writes how many lines were left out for each subject whose minute is over. To be called every second or so. */
  sweep(): void {
    const now = this.#now();
    for (const [key, mute] of this.#mutes) {
      if (now < mute.until) continue;
      this.#mutes.delete(key);
      this.#summarize(mute);
    }
  }

  /** Writes what `sweep` still holds back; for the end. */
  flush(): void {
    for (const mute of this.#mutes.values()) this.#summarize(mute);
    this.#mutes.clear();
  }

  #isMuted(rule: EventRule<TelemetryEvent>, event: TelemetryEvent): boolean {
    if (rule.subject === undefined) return false;
    const now = this.#now();
    const own = `${event.kind} ${rule.subject(event)}`;
    // A flood of made-up subjects shares one minute for each kind.
    const key = this.#mutes.has(own) || this.#mutes.size < MOST_MUTED ? own : event.kind;
    const mute = this.#mutes.get(key);
    if (mute !== undefined && now < mute.until) {
      mute.muted++;
      return true;
    }
    if (mute !== undefined) this.#summarize(mute);
    this.#mutes.set(key, { until: now + MUTE_MS, muted: 0, event });
    return false;
  }

  #summarize({ muted, event }: Mute): void {
    if (muted > 0) this.#write(EVENT_RULES[event.kind], event, muted);
  }

  #write(rule: EventRule<TelemetryEvent>, event: TelemetryEvent, muted: number): void {
    const subject = rule.subject?.(event);
    const message =
      muted === 0
        ? rule.message(event)
        : `${formatCount(muted)} more ${event.kind} of ${subject} within ${MUTE_MS / 1000} s were not logged`;
    this.#log.write(rule.level, message, { 'event.action': event.kind, ...rule.fields?.(event) });
  }

  #setAlarm(
    alarm: NonNullable<EventRule<never>['alarm']>,
    rule: EventRule<TelemetryEvent>,
    event: TelemetryEvent,
  ): void {
    const subject = rule.subject?.(event) ?? '';
    const key = `${alarm.name} ${subject}`;
    if (alarm.state === 'ended') this.#alarms.delete(key);
    else if (!this.#alarms.has(key)) {
      this.#alarms.set(key, { name: alarm.name, subject, message: rule.message(event), since: this.#now() });
    }
  }
}
