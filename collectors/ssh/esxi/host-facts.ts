import type { WorkGround, WorkSession } from '../poller/device-work';
import { ClockOffset } from './clock-offset';
import { ESXI_TABLE } from './esxi-commands';

/** Tools without which log files cannot be read. */
const LOG_TOOLS = ['stat', 'dd', 'date'] as const;

/** What the first question to a host says: version, tools, clock. */
export class HostFacts {
  readonly #ground: Pick<WorkGround, 'device' | 'emit'>;
  readonly #clock = new ClockOffset();
  #version: string | undefined;
  #major = 0;
  #missing: readonly string[] = [];

  constructor(ground: Pick<WorkGround, 'device' | 'emit'>) {
    this.#ground = ground;
  }

  /** `VMware ESXi 7.0.3 build-20328353`; undefined before it is known. */
  get version(): string | undefined {
    return this.#version;
  }

  /** 7 of 7.0.3; 0 before it is known. */
  get major(): number {
    return this.#major;
  }

  /** Device clock minus ours, ms. */
  get clockOffset(): number | undefined {
    return this.#clock.value;
  }

  /** Tools for reading logs that the host does not have. */
  get missingTools(): readonly string[] {
    return this.#missing;
  }

  /** Asks. False when the answer is not whole; what was known before stays. */
  async probe(session: WorkSession): Promise<boolean> {
    const prepared = ESXI_TABLE.prepare('probe');
    const result = await session.connection.exec(prepared, session.signal);
    if (!result.complete) return false;
    const sections = sectionsOf(result.stdout.toString('utf8'));
    const version = sections.get('VERSION')?.[0]?.slice(0, 200);
    if (version !== undefined && version !== '') this.#version = version;
    this.#major = Number(/ESXi (\d{1,3})\./u.exec(this.#version ?? '')?.[1] ?? 0);
    this.noteClock(Number(sections.get('DATE')?.[0]), result.startedAt, result.finishedAt);
    this.#noteTools(new Set(sections.get('APPLETS')));
    return await session.deliver(prepared, result, { clockOffset: this.clockOffset, version: this.#version });
  }

  /** Takes over a reading of `date +%s`. What is no time is passed over. */
  noteClock(seconds: number, askedAt: number, answeredAt: number): void {
    if (!Number.isSafeInteger(seconds) || seconds < 1e8 || seconds > 1e11) return;
    const milliseconds = this.#clock.sample(seconds, askedAt, answeredAt);
    const { emit, device } = this.#ground;
    if (milliseconds !== 0) emit({ kind: 'ssh_clock_stepped', device: device.name, milliseconds });
  }

  /** An empty list says nothing: busybox may not be on the path. */
  #noteTools(applets: ReadonlySet<string>): void {
    const missing = applets.size === 0 ? [] : LOG_TOOLS.filter((tool) => !applets.has(tool));
    if (missing.length > 0 && this.#missing.length === 0) {
      const text = `log files cannot be read: its busybox has no ${missing.join(', ')}`;
      this.#ground.emit({ kind: 'ssh_limitation', device: this.#ground.device.name, text });
    }
    this.#missing = missing;
  }
}

/** Lines by the section they stand in, `===NAME===`. */
function sectionsOf(text: string): Map<string, string[]> {
  const sections = new Map<string, string[]>();
  let lines: string[] = [];
  for (const line of text.split('\n')) {
    const name = /^===([A-Z]{1,16})===$/u.exec(line.trim())?.[1];
    if (name === undefined) {
      if (line.trim() !== '') lines.push(line.trim());
      continue;
    }
    lines = [];
    sections.set(name, lines);
  }
  return sections;
}
