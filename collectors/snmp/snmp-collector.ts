import type { Collector, CollectorContext } from '../contract';
import type { AgentCredential } from './adapter/agent-session';
import { resolveCredential } from './credentials';
import { SnmpPoller, type PollerStats } from './poller/snmp-poller';
import type { SnmpEvent } from './snmp-events';
import { SnmpSecretError, type SnmpSettings, type TrapSettings } from './snmp-settings';
import { TrapReceiver, type TrapListenerStats } from './traps/trap-receiver';
import type { TrapUser } from './traps/usm-receiver';

/** Figures of both parts. Plain data: may be posted to another thread. */
export interface SnmpStats {
  readonly poller: PollerStats;
  readonly traps: readonly TrapListenerStats[];
}

/** 2020-01-01, the zero of our engine's boot counter. */
const BOOTS_EPOCH_MS = 1_577_836_800_000;

/** Polls devices and receives their traps. Either part may be left empty. */
export class SnmpCollector implements Collector {
  readonly #settings: SnmpSettings;
  readonly #context: CollectorContext<SnmpEvent>;
  readonly #poller: SnmpPoller;
  #traps: TrapReceiver | undefined;
  #starting: Promise<void> | undefined;

  constructor(settings: SnmpSettings, context: CollectorContext<SnmpEvent>) {
    this.#settings = settings;
    this.#context = context;
    this.#poller = new SnmpPoller(settings, context);
  }

  /**
   * Opens the trap listeners and begins to poll. Rejects with `SnmpSecretError` or what the resolver of secrets throws
   * when a credential of the trap receiver cannot be resolved, and with `PortInUseError`, `PortPermissionError` or
   * `ListenAddressError`. A device whose credential cannot be resolved is reported and tried again; the others run.
   */
  start(): Promise<void> {
    this.#starting ??= this.#open().catch((error: unknown) => {
      this.#starting = undefined;
      throw error;
    });
    return this.#starting;
  }

  async stop(): Promise<void> {
    const starting = this.#starting;
    if (starting === undefined) return;
    await starting.catch(() => undefined);
    this.#starting = undefined;
    await Promise.all([this.#traps?.stop(), this.#poller.stop()]);
  }

  /** Endpoints of the trap listeners in use now. */
  addresses(): readonly { readonly address: string; readonly port: number }[] {
    return this.#traps?.addresses() ?? [];
  }

  stats(): SnmpStats {
    return { poller: this.#poller.stats(), traps: this.#traps?.stats() ?? [] };
  }

  async #open(): Promise<void> {
    const { traps } = this.#settings;
    if (traps !== undefined) {
      this.#traps = new TrapReceiver(trapReceiverSettings(this.#settings, traps, this.#context.now), this.#context);
      await this.#traps.start();
    }
    await this.#poller.start();
  }
}

/**
 * Resolves what a trap receiver needs. The boot counter of our engine is the second of this start counted from 2020: it
 * grows from start to start without being kept anywhere, as RFC 3414 section 2.2 wants, and lasts until 2088.
 */
export function trapReceiverSettings(settings: SnmpSettings, traps: TrapSettings, now: () => number) {
  const { listen, allow, anyCommunity, engineId, receiveBufferBytes } = traps;
  const resolved = trapCredentials(settings, traps);
  const startedAt = now();
  const started = process.hrtime.bigint();
  const time = (): number => Number((process.hrtime.bigint() - started) / 1_000_000_000n);
  return {
    listen,
    allow,
    receiveBufferBytes,
    anyCommunity,
    communities: resolved.flatMap((one) => (one.version === 'v3' ? [] : [one.community])),
    users: resolved.filter((one): one is TrapUser => one.version === 'v3'),
    engine: { id: engineId, boots: Math.max(1, Math.floor((startedAt - BOOTS_EPOCH_MS) / 1000)), time },
  };
}

function trapCredentials(
  { credentials, secrets }: SnmpSettings,
  { credentials: names }: TrapSettings,
): AgentCredential[] {
  const wanted = names === undefined ? credentials : credentials.filter(({ name }) => names.includes(name));
  const users = new Map<string, string>();
  for (const credential of wanted) {
    if (credential.version !== 'v3') continue;
    const other = users.get(credential.user);
    if (other !== undefined) {
      const text = `credentials "${other}" and "${credential.name}" name the same user; list one of them under traps`;
      throw new SnmpSecretError(text);
    }
    users.set(credential.user, credential.name);
  }
  return wanted.map((credential) => resolveCredential(credential, secrets));
}
