import type { FlowLimits } from './limits';
import type { Tally } from './template-store';

/** How long an unchanged option row is not stated again: facts are dropped with their segment, so it must be at times. */
const RESTATE_MS = 3_600_000;

interface OptionsState {
  number: number;
  bootTime: number | null;
  systemRate: number;
  samplers: [number, number][];
  interfaces: [number, number][];
  applications: [number, string][];
  stated: [string, { readonly content: string; readonly at: number }][];
}

/** What an exporter has told about itself in options data, as far as reading its flows depends on it. */
export class ExporterOptions {
  /** Epoch ms at which the uptime was 0 (160); undefined: not told. */
  bootTime: number | undefined;
  /** One packet of how many, for all flows; 0 not told. */
  systemRate = 0;
  readonly #samplers = new Map<number, number>();
  readonly #interfaces = new Map<number, number>();
  readonly #applications = new Map<number, string>();
  readonly #stated = new Map<string, { readonly content: string; readonly at: number }>();

  constructor(
    readonly limits: FlowLimits,
    readonly tally: Tally,
    /** Stands for the exporter and its domain in tables of connections. */
    public number: number,
  ) {}

  /** Whether any sampling rate is known. */
  get sampled(): boolean {
    return this.systemRate > 0 || this.#samplers.size > 0 || this.#interfaces.size > 0;
  }

  /** Whether rates depend on the interface. */
  get byInterface(): boolean {
    return this.#interfaces.size > 0;
  }

  /** Rate of a sampler or selector; 0 unknown. */
  samplerRate(id: number): number {
    return this.#samplers.get(id) ?? 0;
  }

  interfaceRate(index: number): number {
    return this.#interfaces.get(index) ?? 0;
  }

  /** The rate where records name no sampler: that of the whole exporter, or of its only sampler; 0 unknown. */
  get commonRate(): number {
    if (this.systemRate > 0) return this.systemRate;
    if (this.#samplers.size !== 1) return 0;
    const [rate] = this.#samplers.values();
    return rate ?? 0;
  }

  /** Whether any application has a name. */
  get namesApplications(): boolean {
    return this.#applications.size > 0;
  }

  /** What the exporter calls an application id; undefined: not told. */
  applicationName(id: number): string | undefined {
    return this.#applications.get(id);
  }

  setApplication(id: number, name: string): void {
    this.#put(this.#applications, id, name);
  }

  setSampler(id: number, rate: number): void {
    this.#put(this.#samplers, id, rate);
  }

  setInterface(index: number, rate: number): void {
    this.#put(this.#interfaces, index, rate);
  }

  /** Whether a row is to be stated as a fact: it is new, changed, or was last stated long ago. */
  states(key: string, content: string, now: number): boolean {
    const before = this.#stated.get(key);
    if (before !== undefined && before.content === content && now - before.at < RESTATE_MS) return false;
    if (before === undefined && !this.#room(this.#stated)) return true;
    this.#stated.set(key, { content, at: now });
    return true;
  }

  /** The exporter is forgotten: its rows count no longer. */
  release(): void {
    const tables = [this.#stated, this.#samplers, this.#interfaces, this.#applications];
    for (const { size } of tables) this.tally.options -= size;
  }

  toJSON(): OptionsState {
    return {
      number: this.number,
      bootTime: this.bootTime ?? null,
      systemRate: this.systemRate,
      samplers: [...this.#samplers],
      interfaces: [...this.#interfaces],
      applications: [...this.#applications],
      stated: [...this.#stated],
    };
  }

  restore(state: unknown): void {
    const { number, bootTime, systemRate, samplers, interfaces, applications, stated } = state as OptionsState;
    this.number = number;
    this.bootTime = bootTime ?? undefined;
    this.systemRate = systemRate;
    for (const [id, rate] of samplers) this.#put(this.#samplers, id, rate);
    for (const [index, rate] of interfaces) this.#put(this.#interfaces, index, rate);
    for (const [id, name] of applications) this.#put(this.#applications, id, name);
    for (const [key, row] of stated) if (this.#stated.has(key) || this.#room(this.#stated)) this.#stated.set(key, row);
  }

  #put<V>(table: Map<number, V>, id: number, value: V): void {
    if (!table.has(id) && !this.#room(table)) return;
    table.set(id, value);
  }

  /** Makes room for one more entry, by dropping the oldest of a full table; false when all tables together are full. */
  #room<K>(table: Map<K, unknown>): boolean {
    if (table.size >= this.limits.optionsPerStream) {
      const [oldest] = table.keys();
      if (oldest !== undefined) table.delete(oldest);
      return true;
    }
    if (this.tally.options >= this.limits.options) return false;
    this.tally.options++;
    return true;
  }
}
