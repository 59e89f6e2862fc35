import { DataLock } from '../../store/journal/data-lock';
import { JournalReader } from '../../store/journal/journal-reader';
import { createRing } from '../../store/journal/ring-layout';
import { writtenSections } from '../collectors';
import type { LoadedConfig } from '../config/load';
import type { Config } from '../config/schema';
import { dataLayout, type DataLayout } from '../data-layout';
import { StatusWriter } from '../telemetry/status-file';
import type { Telemetry } from '../telemetry/telemetry';
import { codeOf, messageOf } from '../thrown';
import { version } from '../version';
import type { AnalystData, AnalystStats } from './analyst-thread';
import { DaemonThread, ThreadError, type DaemonThreadOptions } from './daemon-thread';
import { ForwardPart } from './forward-part';
import { datagramSections } from './datagram-collectors';
import type { JournalData, JournalStats } from './journal-thread';
import { StatusWatch } from './status-watch';
import type { ThreadNote } from './thread-contract';
import type { NormalizerData, NormalizerStats } from './normalizer-thread';
import type { ReceiverData, ReceiverStats } from './receiver-thread';
import type { SealerStats } from './sealer-thread';
import type { SshData, SshThreadStats } from './ssh-thread';
import { deviceStatuses } from './device-status';
import { createProgress } from './stage-progress';
import { daemonStatus } from './status-of';
import { MainCollectors } from './main-collectors';

/** Half a second of 1.4 kB datagrams at 90,000 a second; what the receiver holds while the journal commits. */
const RECEIVER_RING_BYTES = 64 << 20;
const MAIN_RING_BYTES = 16 << 20;
/** A command's output of up to 8 MiB must fit into half of it. */
const SSH_RING_BYTES = 32 << 20;
/** How long a stage may take to finish its work at a stop. */
const STAGE_DEADLINE_MS = 20_000;
const RECEIVER_DEADLINE_MS = 5000;
const SSH_DEADLINE_MS = 10_000;

export interface DaemonOptions {
  readonly loaded: LoadedConfig;
  readonly telemetry: Telemetry;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The threads and files of a running `ascribe run`. */
export class Daemon {
  readonly #telemetry: Telemetry;
  readonly #env: DaemonOptions['env'];
  readonly #layout: DataLayout;
  readonly #progress = createProgress();
  readonly #receiverRing = createRing(RECEIVER_RING_BYTES);
  readonly #mainRing = createRing(MAIN_RING_BYTES);
  readonly #sshRing = createRing(SSH_RING_BYTES);
  readonly #startedAt = Date.now();
  readonly #receiver: DaemonThread<ReceiverData, ReceiverStats>;
  readonly #ssh: DaemonThread<SshData, SshThreadStats>;
  readonly #journal: DaemonThread<JournalData, JournalStats>;
  readonly #normalizer: DaemonThread<NormalizerData, NormalizerStats>;
  readonly #analyst: DaemonThread<AnalystData, AnalystStats>;
  readonly #sealer: DaemonThread<undefined, SealerStats>;
  readonly #forward: ForwardPart;
  readonly #status: StatusWriter;
  readonly #watch: StatusWatch;
  #own: MainCollectors | undefined;
  #lock: DataLock | undefined;
  #loaded: LoadedConfig;
  #timer: NodeJS.Timeout | undefined;
  #fail: (error: ThreadError) => void = () => {};
  /** Rejects when a part ends by an error; otherwise pending for ever. */
  readonly failure: Promise<never>;

  constructor({ loaded, telemetry, env }: DaemonOptions) {
    this.#env = env;
    this.#loaded = loaded;
    this.#telemetry = telemetry;
    this.#layout = dataLayout(loaded.dataDirectory);
    this.failure = new Promise((_resolve, reject) => {
      this.#fail = (error) => {
        telemetry.emit({ kind: 'part_failed', part: error.part, error });
        reject(error);
      };
    });
    this.failure.catch(() => undefined);
    const options = (name: string): DaemonThreadOptions => ({
      name,
      emit: telemetry.emit,
      onFailure: (error) => this.#fail(error),
      onNote: (note) => this.#passOn(note),
    });
    this.#receiver = new DaemonThread(options('receiver'));
    this.#ssh = new DaemonThread(options('ssh'));
    this.#journal = new DaemonThread(options('journal'));
    this.#normalizer = new DaemonThread(options('normalizer'));
    this.#analyst = new DaemonThread(options('analyst'));
    this.#sealer = new DaemonThread(options('sealer'));
    this.#forward = new ForwardPart({ layout: this.#layout, env, emit: telemetry.emit });
    this.#watch = new StatusWatch(telemetry.emit);
    this.#status = new StatusWriter({
      dataDirectory: this.#layout.root,
      collect: () => this.#collect(),
      failed: (error) => telemetry.emit({ kind: 'config_warning', message: `status.json: ${String(error)}` }),
    });
  }

  /**
   * Takes the data directory and starts everything, reception first; resolves when all runs. Rejects with `DataDirectoryInUseError`
   * or `ThreadError` (port in use, schema too new, …), having stopped what was started.
   */
  async start(): Promise<void> {
    this.#lock = DataLock.acquire(this.#layout.root);
    const { emit } = this.#telemetry;
    emit({ kind: 'daemon_started', version, dataDirectory: this.#layout.root });
    try {
      await this.#journal.start(this.#journalData());
      // Before the parsers, which read the last segment again first: nothing sent meanwhile may be lost.
      await this.#openListeners(this.#loaded);
      await this.#sealer.start(undefined);
      await this.#normalizer.start(this.#normalizerData());
      await this.#analyst.start(this.#analystData());
      await this.#forward.start(this.#loaded);
    } catch (error) {
      await this.stop();
      throw error;
    }
    this.#status.start();
    this.#timer = setInterval(() => {
      this.#telemetry.sweep();
      const status = this.#collect();
      this.#watch.look(status, performance.now());
    }, 1000);
    emit({ kind: 'daemon_ready', listeners: this.#listening() });
  }

  /**
   * Takes up a new configuration: listeners, devices, home networks and session rules; the rest at the next start.
   * Rejects when its listeners cannot be opened; then the ones before are open again and nothing has changed.
   */
  async reload(loaded: LoadedConfig): Promise<void> {
    const { config: before } = this.#loaded;
    await this.#reloadListeners(loaded);
    this.#loaded = loaded;
    const { config } = loaded;
    if (!same(before.devices, config.devices)) await this.#restart(this.#normalizer, this.#normalizerData());
    // What people approved may have changed too: the analysis always takes it up.
    await this.#restart(this.#analyst, this.#analystData());
    await this.#forward.reload(loaded);
    this.#telemetry.emit({ kind: 'config_reloaded', file: loaded.file });
  }

  /** Stops intake, lets each stage finish what is before it, frees everything. Safe to call twice. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#closeListeners();
    await this.#forward.stop();
    await this.#journal.stop(STAGE_DEADLINE_MS);
    await this.#normalizer.stop(STAGE_DEADLINE_MS);
    await this.#analyst.stop(STAGE_DEADLINE_MS);
    await this.#sealer.stop(STAGE_DEADLINE_MS);
    this.#status.stop();
    this.#lock?.release();
    this.#lock = undefined;
  }

  /** Records in the journal; for the last word. */
  records(): number {
    const reader = new JournalReader(this.#layout.journal);
    try {
      return reader.lastSeq();
    } finally {
      reader.close();
    }
  }

  async #openListeners(loaded: LoadedConfig): Promise<void> {
    await this.#receiver.start({ ring: this.#receiverRing, sections: datagramSections(loaded.written) });
    this.#own = new MainCollectors(loaded, { ring: this.#mainRing, env: this.#env, emit: this.#telemetry.emit });
    await this.#own.start();
    const data = this.#sshData(loaded);
    if (data.sections.length > 0) await this.#ssh.start(data);
  }

  async #reloadListeners(loaded: LoadedConfig): Promise<void> {
    if (same(collectorsOf(this.#loaded.written), collectorsOf(loaded.written))) {
      await this.#own?.reloadTls();
      this.#passOn({ kind: 'ssh_release' });
      return;
    }
    await this.#closeListeners();
    try {
      await this.#openListeners(loaded);
    } catch (error) {
      await this.#closeListeners();
      await this.#openListeners(this.#loaded).catch((lost: unknown) => this.#fail(threadError('listeners', lost)));
      throw error;
    }
  }

  #passOn(note: ThreadNote): void {
    switch (note.kind) {
      case 'facts_complete':
        this.#sealer.note(note);
        return;
      case 'config_changed':
      case 'ssh_release':
        this.#ssh.note(note);
    }
  }

  /** A stage that does not start again is the daemon's failure. */
  async #restart<Data, Stats>(thread: DaemonThread<Data, Stats>, data: Data): Promise<void> {
    await thread.stop(STAGE_DEADLINE_MS);
    await thread.start(data).catch((error: unknown) => this.#fail(threadError('stage', error)));
  }

  async #closeListeners(): Promise<void> {
    await this.#receiver.stop(RECEIVER_DEADLINE_MS);
    await this.#ssh.stop(SSH_DEADLINE_MS);
    this.#ssh.stats = undefined;
    await this.#own?.stop();
    this.#own = undefined;
  }

  #listening(): string[] {
    return [...(this.#receiver.stats?.listeners ?? []), ...(this.#own?.listeners() ?? [])].map(
      ({ address }) => address,
    );
  }

  #sshData({ config, written, directory }: LoadedConfig): SshData {
    return {
      ring: this.#sshRing,
      sections: config.collectors.ssh.length === 0 ? [] : writtenSections(written, 'ssh'),
      journalDirectory: this.#layout.journal,
      directory,
      env: { ...this.#env },
    };
  }

  #journalData(): JournalData {
    const { journal, retention } = this.#loaded.config;
    return {
      rings: [this.#receiverRing, this.#mainRing, this.#sshRing],
      progress: this.#progress,
      journalDirectory: this.#layout.journal,
      keysDirectory: this.#layout.keys,
      forwardPath: this.#layout.forward,
      options: {
        rotateAfterMs: journal.rotate_after,
        rotateAfterBytes: journal.rotate_bytes,
        reserveBytes: journal.reserve_bytes,
      },
      operatorSpool: this.#layout.operator,
      checkpointMs: journal.checkpoint_after,
      retention: { maxAgeMs: retention.raw.max_age, maxBytes: retention.raw.max_size },
    };
  }

  #normalizerData(): NormalizerData {
    const { devices, journal } = this.#loaded.config;
    return {
      progress: this.#progress,
      journalDirectory: this.#layout.journal,
      factsDirectory: this.#layout.facts,
      devices,
      reserveBytes: journal.reserve_bytes,
    };
  }

  #analystData(): AnalystData {
    const { retention } = this.#loaded.config;
    return {
      progress: this.#progress,
      factsDirectory: this.#layout.facts,
      databasePath: this.#layout.database,
      caseworkPath: this.#layout.casework,
      forwardPath: this.#layout.forward,
      configDirectory: this.#loaded.directory,
      config: analystPart(this.#loaded.config),
      retention: { maxAgeMs: retention.facts.max_age, maxBytes: retention.facts.max_size },
    };
  }

  #collect(): ReturnType<typeof daemonStatus> {
    return daemonStatus({
      startedAt: this.#startedAt,
      layout: this.#layout,
      reserveBytes: this.#loaded.config.journal.reserve_bytes,
      listeners: [...(this.#receiver.stats?.listeners ?? []), ...(this.#own?.listeners() ?? [])],
      senders: [...(this.#receiver.stats?.senders ?? []), ...(this.#own?.senders() ?? [])],
      devices: [...deviceStatuses(this.#ssh.stats ?? []), ...(this.#own?.devices() ?? [])],
      journal: this.#journal.stats,
      normalizer: this.#normalizer.stats,
      analyst: this.#analyst.stats,
      forward: this.#forward.stats,
      alarms: this.#telemetry.alarms,
    });
  }
}

/** As written: what is made of it holds functions and classes that cannot be compared. */
function collectorsOf(written: unknown): unknown {
  return (written as { readonly collectors?: unknown } | null)?.collectors;
}

function analystPart(config: Config): AnalystData['config'] {
  const { home_networks, sessions, devices, findings, destinations, assets } = config;
  return { home_networks, sessions, devices, findings, destinations, assets };
}

function threadError(part: string, error: unknown): ThreadError {
  return error instanceof ThreadError ? error : new ThreadError(part, messageOf(error), codeOf(error));
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
