import type { SyslogMessage } from './contract';

/** What a `SyslogNormalizer` did since it was made. */
export interface SyslogCounters {
  readonly messages: number;
  readonly byGrammar: ReadonlyMap<string, number>;
  /** Messages by vendor, those without a fact included. */
  readonly byVendor: ReadonlyMap<string, number>;
  /** Messages of a vendor that gave no fact. */
  readonly withoutFact: number;
  /** Well-formed messages of no known vendor. */
  readonly unrecognized: number;
  readonly rejected: ReadonlyMap<string, number>;
  /** Messages that stood behind a repeat note. */
  readonly repeats: number;
  /** `Gap` facts, and the messages that they count. */
  readonly gaps: number;
  readonly missing: number;
  /** Ends of sessions given a direction by their start, and those left without one. */
  readonly joined: number;
  readonly unjoined: number;
  /** Starts that wait for their end. */
  readonly openSessions: number;
}

/** Counts for `SyslogCounters`. */
export class SyslogTally {
  readonly #byGrammar = new Map<string, number>();
  readonly #byVendor = new Map<string, number>();
  readonly #rejected = new Map<string, number>();
  #messages = 0;
  #withoutFact = 0;
  #gaps = 0;
  #missing = 0;
  unrecognized = 0;
  repeats = 0;
  joined = 0;
  unjoined = 0;

  message({ grammar }: SyslogMessage): void {
    this.#messages++;
    this.#byGrammar.set(grammar, (this.#byGrammar.get(grammar) ?? 0) + 1);
  }

  vendor(name: string, facts: number): void {
    this.#byVendor.set(name, (this.#byVendor.get(name) ?? 0) + 1);
    if (facts === 0) this.#withoutFact++;
  }

  rejected(reason: string): void {
    this.#rejected.set(reason, (this.#rejected.get(reason) ?? 0) + 1);
  }

  gap(missing: number): void {
    this.#gaps++;
    this.#missing += missing;
  }

  counters(openSessions: number): SyslogCounters {
    return {
      messages: this.#messages,
      byGrammar: new Map(this.#byGrammar),
      byVendor: new Map(this.#byVendor),
      withoutFact: this.#withoutFact,
      unrecognized: this.unrecognized,
      rejected: new Map(this.#rejected),
      repeats: this.repeats,
      gaps: this.#gaps,
      missing: this.#missing,
      joined: this.joined,
      unjoined: this.unjoined,
      openSessions,
    };
  }
}
