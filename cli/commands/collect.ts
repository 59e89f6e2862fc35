import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { RawRecord } from '../../collectors/contract';
import type * as LaneModule from '../../collectors/ssh/adapter/channel-gate';
import type { SnmpPull } from '../../collectors/snmp/snmp-pull';
import type * as SnmpPullModule from '../../collectors/snmp/snmp-pull';
import type { SshPull } from '../../collectors/ssh/pull/pull-device';
import type * as PullModule from '../../collectors/ssh/pull/pull-device';
import type * as DataLockModule from '../../store/journal/data-lock';
import type * as JournalModule from '../../store/journal/journal';
import type * as OperatorIntakeModule from '../pipeline/operator-intake';
import type * as SigningKeysModule from '../../store/journal/signing-keys';
import type * as RecordModule from '../collect/collection-record';
import { snmpResult, sshResult, type DeviceResult } from '../collect/device-result';
import type * as SecretsModule from '../config/secrets';
import type { CommandContext } from '../context';
import type { AscribeCommand, CommandResult } from '../contract';
import type * as LogPositionsModule from '../daemon/log-positions';
import { dataLayout, type DataLayout } from '../data-layout';
import { CommandError, EXIT, type ExitCode } from '../exit-codes';
import { formatBytes } from '../output/units';
import { inForce } from './in-force';
import type * as OfflineModule from '../pipeline/offline';
import { codeOf } from '../thrown';

const COLUMNS = [
  { title: 'DEVICE', value: ({ device }: DeviceResult) => device },
  { title: 'BY', value: ({ way }: DeviceResult) => way },
  { title: 'OUTCOME', value: ({ outcome }: DeviceResult) => outcome },
  { title: 'WHOLE', value: ({ whole, asked }: DeviceResult) => `${whole} of ${asked}` },
  { title: 'LOGS', value: ({ logBytes }: DeviceResult) => (logBytes === 0 ? '' : formatBytes(logBytes)) },
  { title: 'NOTE', value: ({ note }: DeviceResult) => note },
];

interface CollectOptions {
  readonly since?: string | undefined;
  readonly record?: string | undefined;
  readonly jobs?: string | undefined;
}

/** `collect [DEVICE…]`: reads devices once over SSH and SNMP, for responders, into a journal. */
export const collectCommand: AscribeCommand = {
  name: 'collect',
  define(program, host) {
    program
      .command('collect')
      .description('read devices once over SSH and SNMP, the most volatile first; what is whole is kept')
      .argument('[devices...]', 'names of configured devices; all when left out')
      .option('--since <time>', 'of log files, also rotated ones that were changed after this time')
      .option('--record <file>', 'write the collection record (who, what, when, digests) there as JSON')
      .option('--jobs <number>', 'devices read at once (1 to 200)', '16')
      .action(host.audited((context, devices, options) => collect(context, devices, options)));
  },
};

async function collect(
  context: CommandContext,
  devices: readonly string[],
  options: CollectOptions,
): Promise<CommandResult> {
  const since = options.since === undefined ? undefined : context.time('--since', options.since);
  const jobs = numberOf(options.jobs ?? '16');
  const wanted = targets(context, devices);
  const { DataLock } = require('../../store/journal/data-lock') as typeof DataLockModule;
  const { layout, lock } = openData(context, DataLock);
  try {
    const results = await pullAll(context, layout, wanted, { since, jobs, record: options.record });
    derive(context, layout);
    report(context, results, layout);
    return exitOf(context, results);
  } finally {
    lock.release();
  }
}

/** Names of devices by way. A device that both ways know is read both ways. */
interface Targets {
  readonly ssh: readonly string[];
  readonly snmp: readonly string[];
}

function targets(context: CommandContext, devices: readonly string[]): Targets {
  const { ssh, snmp } = context.loaded.config.collectors;
  const known = { ssh: ssh.flatMap((one) => one.devices), snmp: snmp.flatMap((one) => one.devices) };
  const names = new Set([...known.ssh, ...known.snmp].map(({ name }) => name));
  const stranger = devices.find((name) => !names.has(name));
  if (stranger !== undefined) {
    throw new CommandError(
      'unknown_device',
      `there is no device "${stranger}" under collectors.ssh or collectors.snmp`,
      EXIT.usage,
    );
  }
  if (names.size === 0) {
    throw new CommandError('no_devices', 'no device is configured under collectors.ssh or collectors.snmp', EXIT.usage);
  }
  const isWanted = ({ name }: { readonly name: string }): boolean => devices.length === 0 || devices.includes(name);
  return {
    ssh: known.ssh.filter(isWanted).map(({ name }) => name),
    snmp: known.snmp.filter(isWanted).map(({ name }) => name),
  };
}

/**
 * The data directory, or, while a daemon writes to it, one of its own below it: a responder must not have to stop the daemon
 * and lose what it would have received, and what is read now must not wait.
 */
function openData(
  context: CommandContext,
  DataLock: typeof DataLockModule.DataLock,
): { readonly layout: DataLayout; readonly lock: DataLockModule.DataLock } {
  const root = context.dataDirectory;
  try {
    return { layout: dataLayout(root), lock: DataLock.acquire(root) };
  } catch (error) {
    if (codeOf(error) !== 'data_in_use') throw error;
    const stamp = new Date(context.io.now()).toISOString().replaceAll(/[-:]|\.\d+/gu, '');
    const own = join(root, 'collections', `${stamp}-${process.pid}`);
    context.note(`${root} is in use by a daemon: collecting into ${own} (query it with --data ${own})`);
    return { layout: dataLayout(own), lock: DataLock.acquire(own) };
  }
}

interface PullAll {
  readonly since: number | undefined;
  readonly jobs: number;
  readonly record: string | undefined;
}

async function pullAll(
  context: CommandContext,
  layout: DataLayout,
  wanted: Targets,
  { since, jobs, record }: PullAll,
): Promise<readonly DeviceResult[]> {
  const { Journal } = require('../../store/journal/journal') as typeof JournalModule;
  const { LogPositions } = require('../daemon/log-positions') as typeof LogPositionsModule;
  const { SigningKeys } = require('../../store/journal/signing-keys') as typeof SigningKeysModule;
  const { collectionOf, collectionRawRecord } = require('../collect/collection-record') as typeof RecordModule;
  const { journal: settings } = context.loaded.config;
  const journal = Journal.open(layout.journal, {
    keys: SigningKeys.open(layout.keys),
    rotateAfterMs: settings.rotate_after,
    rotateAfterBytes: settings.rotate_bytes,
    // A command that ends needs no reserve of its own.
    reserveBytes: 0,
  });
  const { takeOperatorRecords } = require('../pipeline/operator-intake') as typeof OperatorIntakeModule;
  try {
    takeOperatorRecords(journal, layout.operator);
    const startedAt = context.io.now();
    // What an earlier visit left in this journal is not read again.
    const positions = new LogPositions(layout.journal, () => Promise.resolve());
    const pulled = await new Pulls(context, journal, positions, since, jobs).run(wanted);
    const run = { ...pulled, startedAt, finishedAt: context.io.now(), since, command: [...wanted.ssh, ...wanted.snmp] };
    const collection = collectionOf(run, context.io.env);
    journal.append([collectionRawRecord(collection, context.io.now())]);
    if (record !== undefined) {
      writeFileSync(resolve(context.io.cwd, record), `${JSON.stringify(collection, null, 2)}\n`, { mode: 0o640 });
    }
    return [...pulled.ssh.map(sshResult), ...pulled.snmp.map(snmpResult)];
  } finally {
    journal.close();
  }
}

/** Reads all devices, so many at once, into one journal. */
class Pulls {
  readonly #context: CommandContext;
  readonly #journal: JournalModule.Journal;
  readonly #positions: LogPositionsModule.LogPositions;
  readonly #since: number | undefined;
  readonly #jobs: number;
  readonly #stop = new AbortController();
  #fatal: unknown;
  #finished = 0;

  constructor(
    context: CommandContext,
    journal: JournalModule.Journal,
    positions: LogPositionsModule.LogPositions,
    since: number | undefined,
    jobs: number,
  ) {
    this.#context = context;
    this.#journal = journal;
    this.#positions = positions;
    this.#since = since;
    this.#jobs = jobs;
  }

  /** Rejects when the journal cannot be written, and not for what a device does. */
  async run(wanted: Targets): Promise<{ readonly ssh: readonly SshPull[]; readonly snmp: readonly SnmpPull[] }> {
    const { ChannelGate } = require('../../collectors/ssh/adapter/channel-gate') as typeof LaneModule;
    const { interruption } = this.#context.io;
    interruption.drains();
    const stop = (): void => this.#stop.abort();
    interruption.signal.addEventListener('abort', stop);
    const gate = new ChannelGate(this.#jobs);
    const total = wanted.ssh.length + wanted.snmp.length;
    const progress = this.#context.progress({ label: 'collecting', total });
    const turn = async <Out>(work: () => Promise<Out>): Promise<Out> => {
      await gate.enter();
      try {
        return await work();
      } finally {
        gate.leave();
        this.#finished += 1;
        progress.update(this.#finished);
      }
    };
    try {
      const beat = (): void => progress.update(this.#finished);
      const [ssh, snmp] = await Promise.all([this.#ssh(wanted.ssh, turn, beat), this.#snmp(wanted.snmp, turn, beat)]);
      if (this.#fatal !== undefined) throw this.#fatal;
      return { ssh, snmp };
    } finally {
      progress.finish();
      interruption.signal.removeEventListener('abort', stop);
    }
  }

  async #ssh(names: readonly string[], turn: Turn, beat: () => void): Promise<readonly SshPull[]> {
    const { pullDevice } = require('../../collectors/ssh/pull/pull-device') as typeof PullModule;
    const { config, directory } = this.#context.loaded;
    const sections = config.collectors.ssh;
    const secrets = this.#secrets();
    const pulls = names.map((name) => {
      const section = sections.find(({ devices }) => devices.some((device) => device.name === name))!;
      const device = section.devices.find((one) => one.name === name)!;
      const knownHosts = section.knownHosts.map((path) => resolve(directory, path));
      const resume = this.#positions.of.bind(this.#positions);
      const settings = { ...section, secrets, knownHosts, resume };
      const { signal } = this.#stop;
      const options = {
        settings,
        since: this.#since,
        take: this.#take,
        now: this.#now,
        signal,
        onStep: beat,
      };
      return turn(async () => this.#told(await pullDevice(device, options)));
    });
    return await Promise.all(pulls);
  }

  async #snmp(names: readonly string[], turn: Turn, beat: () => void): Promise<readonly SnmpPull[]> {
    const { pullSnmp } = require('../../collectors/snmp/snmp-pull') as typeof SnmpPullModule;
    const pulls = this.#context.loaded.config.collectors.snmp.map((section) => {
      const devices = section.devices.map(({ name }) => name).filter((name) => names.includes(name));
      const settings = { ...section, secrets: this.#secrets() };
      const { signal } = this.#stop;
      return pullSnmp({ settings, devices, take: this.#take, now: this.#now, signal, turn, onStep: beat });
    });
    return (await Promise.all(pulls)).flat();
  }

  #secrets(): (reference: string) => string {
    const { secretResolver } = require('../config/secrets') as typeof SecretsModule;
    const { io, loaded } = this.#context;
    return secretResolver(loaded.directory, io.env, (message) => this.#context.warn(message));
  }

  #told(pull: SshPull): SshPull {
    const { outcome, note } = sshResult(pull);
    if (outcome !== 'complete') this.#context.note(`${pull.device}: ${outcome}: ${note}`);
    return pull;
  }

  readonly #now = (): number => this.#context.io.now();

  /** A journal that cannot be written ends everything: what is read after that would be lost. */
  readonly #take = (record: RawRecord): void => {
    if (this.#fatal !== undefined) return;
    try {
      this.#journal.append([record]);
    } catch (error) {
      this.#fatal = error;
      this.#stop.abort();
    }
  };
}

type Turn = <Out>(work: () => Promise<Out>) => Promise<Out>;

function derive(context: CommandContext, layout: DataLayout): void {
  const { catchUp } = require('../pipeline/offline') as typeof OfflineModule;
  const progress = context.progress({ label: 'facts and sessions' });
  const isAborted = (): boolean => context.io.interruption.received !== undefined;
  catchUp(layout, inForce(context), (_stage, done) => progress.update(done), isAborted);
  progress.finish();
}

function report(context: CommandContext, results: readonly DeviceResult[], { root }: DataLayout): void {
  if (context.json) {
    for (const { json } of results) context.printJson(json);
    return;
  }
  context.printTable(results, COLUMNS);
  context.note(`collected into ${root}`);
}

/** Nothing at all: why. Otherwise whether anything is missing. */
function exitOf({ io }: CommandContext, results: readonly DeviceResult[]): ExitCode {
  if (io.interruption.received === 'SIGINT') return EXIT.interrupted;
  if (io.interruption.received === 'SIGTERM') return EXIT.terminated;
  if (results.every(({ outcome }) => outcome === 'failed')) {
    return results.some(({ isRefused }) => isRefused) ? EXIT.authentication : EXIT.failed;
  }
  return results.every(({ outcome }) => outcome === 'complete') ? EXIT.done : EXIT.partial;
}

function numberOf(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= 200) return number;
  throw new CommandError('bad_jobs', `--jobs: "${text}" is not a number from 1 to 200`, EXIT.usage);
}
