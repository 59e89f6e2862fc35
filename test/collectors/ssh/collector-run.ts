import type { RawRecord } from '../../../collectors/contract';
import { SshCollector } from '../../../collectors/ssh/ssh-collector';
import { sshConfig } from '../../../collectors/ssh/ssh-config';
import type { SshEvent } from '../../../collectors/ssh/ssh-events';
import type { SshCommandHeader, SshLogHeader } from '../../../collectors/ssh/ssh-record';
import type { SshLogPosition } from '../../../collectors/ssh/logs/log-position';
import type { EsxiStandIn } from '../../site/esxi/esxi-stand-in';
import { fingerprintOf } from './connection-target';

export type TakenCommand = SshCommandHeader & { readonly kind: 'command'; readonly body: Buffer };
export type TakenLog = SshLogHeader & { readonly kind: 'log'; readonly body: Buffer };

/** A record, taken apart by the rules of the contract and not by the product's decoder. */
export function takeApart(bytes: Uint8Array): TakenCommand | TakenLog {
  const buffer = Buffer.from(bytes);
  const end = buffer.indexOf(0x0a);
  const header = JSON.parse(buffer.toString('utf8', 0, end)) as TakenCommand | TakenLog;
  return { ...header, body: buffer.subarray(end + 1) };
}

export interface RunOptions {
  readonly password?: string;
  readonly device?: Readonly<Record<string, unknown>>;
  readonly section?: Readonly<Record<string, unknown>>;
  readonly resume?: readonly SshLogPosition[];
  /** Records that are not taken: for a queue that is full. */
  readonly refuse?: (record: RawRecord) => boolean;
}

/** Nothing but the log files: every command left out. */
export const LOGS_ONLY: Readonly<Record<string, number>> = {};

/** A collector that reads one stand-in; its records and events are kept. */
export class CollectorRun {
  readonly records: RawRecord[] = [];
  readonly events: SshEvent[] = [];
  readonly collector: SshCollector;

  constructor(standIn: Pick<EsxiStandIn, 'server'>, options: RunOptions = {}) {
    const { server } = standIn;
    const settings = sshConfig.parse({
      credentials: [{ name: 'esxi', user: 'ascribe', password: 'env:PASSWORD', subnets: ['127.0.0.0/8'] }],
      devices: [
        {
          name: 'esx-01',
          address: '127.0.0.1',
          port: server.port,
          host_keys: server.hostKeys.map(fingerprintOf),
          ...options.device,
        },
      ],
      start_spread: 0,
      log_period: 1,
      ...options.section,
    });
    const secrets = (): string => options.password ?? 'right horse';
    const resume = async (): Promise<readonly SshLogPosition[]> => options.resume ?? [];
    this.collector = new SshCollector(
      { ...settings, limits: { ...settings.limits, logPeriodMs: 50 }, secrets, resume },
      {
        now: Date.now,
        emit: (event) => void this.events.push(event),
        offer: (batch) => {
          for (const [taken, record] of batch.entries()) {
            if (options.refuse?.(record) === true) return taken;
            this.records.push({ ...record, bytes: Buffer.from(record.bytes) });
          }
          return batch.length;
        },
      },
    );
  }

  async start(): Promise<this> {
    await this.collector.start();
    return this;
  }

  async stop(): Promise<void> {
    await this.collector.stop();
  }

  /** Waits until something holds; fails after ten seconds with what it was. */
  async until(what: string, holds: () => boolean): Promise<void> {
    const deadline = Date.now() + 60_000;
    while (!holds()) {
      if (Date.now() > deadline) {
        const seen = JSON.stringify({ events: this.events, stats: this.collector.stats() });
        throw new Error(`never: ${what}; ${seen}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  commands(command?: string): readonly TakenCommand[] {
    return this.records
      .map(({ bytes }) => takeApart(bytes))
      .filter(
        (one): one is TakenCommand => one.kind === 'command' && (command === undefined || one.command === command),
      );
  }

  logs(file: string): readonly TakenLog[] {
    const path = file.startsWith('/') ? file : `/var/run/log/${file}`;
    return this.records
      .filter(({ origin }) => origin.format === 'logfile')
      .map(({ bytes }) => takeApart(bytes) as TakenLog)
      .filter((one) => one.file === path);
  }

  /** All that was read of a file, in order. */
  text(file: string): string {
    return Buffer.concat(this.logs(file).map(({ body }) => body)).toString('utf8');
  }

  /** Looks at log files since the start. */
  looks(standIn: EsxiStandIn): number {
    return standIn.server.log.commands.filter((line) => line.startsWith('date +%s; stat ')).length;
  }

  /** Waits for so many more looks, so that what is in the files now has been seen. */
  async moreLooks(standIn: EsxiStandIn, looks = 2): Promise<void> {
    const before = this.looks(standIn);
    await this.until(`${looks} more looks`, () => this.looks(standIn) >= before + looks);
  }
}
