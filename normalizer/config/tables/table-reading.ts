import { canonicalAddress } from '../../model/address';
import type { Binding, Fact, FactBase, Inventory, SessionLog } from '../../model/facts';
import { PROTOCOL_NAMES } from '../../model/protocol-names.data';
import { mac } from '../../syslog/grammar/values';
import { hostPort, natKey } from '../../syslog/vendors/reading';
import { compact, type Statement } from '../config-bindings';
import type { Details } from '../config-reading';

/** Rows of one table that become facts; a firewall holds up to millions of sessions. */
export const MAX_ROWS = 50_000;

/** One end of a connection. */
export interface End {
  readonly ip: string;
  readonly port?: number | undefined;
}

/** A row of a session table. */
export interface SessionRow {
  readonly protocol?: number | undefined;
  readonly source: End;
  readonly destination: End;
  /** The ends behind translation; equal ones are none. */
  readonly natSource?: End | undefined;
  readonly natDestination?: End | undefined;
  readonly directed: boolean;
  readonly parts?: Partial<
    Pick<
      SessionLog,
      | 'ruleName'
      | 'ruleId'
      | 'ingressInterface'
      | 'egressInterface'
      | 'ingressZone'
      | 'egressZone'
      | 'application'
      | 'sessionKey'
      | 'bytes'
      | 'packets'
      | 'user'
    >
  >;
  readonly bytes?: readonly [sent: bigint | undefined, received: bigint | undefined];
  readonly packets?: readonly [sent: bigint | undefined, received: bigint | undefined];
  readonly extra?: Details;
}

/** The output of one state command while facts are made of it. */
export class TableReading {
  rows = 0;
  /** Rows beyond the limit. */
  beyond = 0;
  /** Lines that look like rows and could not be read: number and first of them. */
  refused = 0;
  firstRefused = '';

  constructor(
    readonly lines: readonly string[],
    readonly base: FactBase,
    readonly sink: (fact: Fact) => void,
    /** Parameters of the command. */
    readonly parameters: Readonly<Record<string, string>>,
  ) {}

  refuse(line: string): void {
    if (this.refused++ === 0) this.firstRefused = line.trim().slice(0, 80);
  }

  /** Counts a row; false when there have been too many. */
  #takes(): boolean {
    if (this.rows >= MAX_ROWS) {
      this.beyond++;
      return false;
    }
    this.rows++;
    return true;
  }

  binding(relation: Binding['relation'], key: string, value: string, extra: Details): void {
    this.sink({ ...this.base, fact: 'binding', relation, key, value, state: 'seen', ...withExtra(extra) });
  }

  /** An address of the device itself; those that every device has name none. */
  own(ipText: string, name: string, extra: Details): void {
    const ip = canonicalAddress(ipText.split('%')[0] ?? '');
    if (ip === undefined || ip.startsWith('127.') || ip === '::1' || ip.startsWith('fe80:') || ip === '0.0.0.0') return;
    this.binding('ip-device', ip, this.base.device, { 'observer.ingress.interface.name': name, ...extra });
  }

  /** Other names of a configured rule. */
  named({ relation, value, extra }: Statement, keys: readonly string[]): void {
    if (!this.#takes()) return;
    for (const key of keys) this.binding(relation, key, value, extra);
  }

  inventory(kind: Inventory['kind'], id: string, name: string | undefined, extra: Details): void {
    if (!this.#takes()) return;
    this.sink({
      ...this.base,
      fact: 'inventory',
      kind,
      id,
      ...(name === undefined ? {} : { name }),
      ...withExtra(extra),
    });
  }

  /** An ARP or ND entry. Link-local addresses name no host: every link has them. */
  neighbour(ipText: string, macText: string, extra: Details): void {
    const ip = canonicalAddress(ipText.split('%')[0] ?? '');
    const hardware = mac(macText);
    if (ip === undefined || hardware === undefined || ip.startsWith('fe80:') || !this.#takes()) return;
    this.binding('ip-mac', ip, hardware, extra);
  }

  /** An entry of a forwarding table; groups have no port of their own. */
  forwarding(macText: string, port: string, extra: Details): void {
    const hardware = mac(macText);
    if (
      hardware === undefined ||
      port === '' ||
      (Number.parseInt(hardware.slice(0, 2), 16) & 1) === 1 ||
      !this.#takes()
    )
      return;
    this.binding('mac-switchport', hardware, `${this.base.device}:${port}`, extra);
  }

  /** What is at the other end of a port. */
  adjacent(port: string, name: string, remotePort: string | undefined, extra: Details): void {
    if (!this.#takes()) return;
    this.binding(
      'port-neighbour',
      `${this.base.device}:${port}`,
      remotePort === undefined ? name : `${name}:${remotePort}`,
      extra,
    );
  }

  /** `PROTO:outside:port` ↔ `inside:port`; `IP:…` where the whole address is translated. */
  translation(
    protocol: string | undefined,
    outside: End,
    inside: End,
    destination: End | undefined,
    extra: Details,
  ): void {
    const withPorts = outside.port !== undefined && inside.port !== undefined;
    const name = protocol === undefined ? 'ip' : protocol;
    this.binding(
      'nat',
      natKey(withPorts ? name : 'ip', outside.ip, withPorts ? outside.port : undefined),
      hostPort(inside.ip, withPorts ? inside.port : undefined),
      {
        ...(destination === undefined ? {} : { destination: hostPort(destination.ip, destination.port) }),
        ...(withPorts ? { 'network.transport': name.toLowerCase() } : {}),
        ...extra,
      },
    );
  }

  /** A translation that is a row of its own. */
  translationRow(
    protocol: string | undefined,
    outside: End,
    inside: End,
    destination: End | undefined,
    extra: Details,
  ): void {
    if (this.#takes()) this.translation(protocol, outside, inside, destination, extra);
  }

  session(row: SessionRow): void {
    if (!this.#takes()) return;
    const { source, destination, protocol } = row;
    const natSource = differs(row.natSource, source) ? row.natSource : undefined;
    const natDestination = differs(row.natDestination, destination) ? row.natDestination : undefined;
    this.sink({
      ...this.base,
      fact: 'session_log',
      action: 'update',
      source: endpoint(source, natSource, row.bytes?.[0], row.packets?.[0]),
      destination: endpoint(destination, natDestination, row.bytes?.[1], row.packets?.[1]),
      directionSource: row.directed ? 'stated' : 'unknown',
      ...(protocol === undefined ? {} : { protocol }),
      ...defined(row.parts ?? {}),
      ...withExtra({ ...this.#part(), ...row.extra }),
    });
    const name = protocol === undefined ? undefined : (PROTOCOL_NAMES[protocol] ?? String(protocol));
    if (natSource !== undefined && row.directed)
      this.translation(name, natSource, source, destination, { 'nat.side': 'source' });
    if (natDestination !== undefined && row.directed)
      this.translation(name, destination, natDestination, source, { 'nat.side': 'destination' });
  }

  /** The part of a divided device, as its log calls it. */
  #part(): Details {
    const { vdom, context } = this.parameters;
    return { 'fortinet.vd': vdom, 'cisco.context': context };
  }

  /** A socket of the device itself, in the form SNMP gives it: `TCP:local:port>remote:port`. */
  socket(
    protocol: string,
    local: Partial<End>,
    remote: Partial<End> | undefined,
    state: string | undefined,
    process?: { readonly pid?: number; readonly name: string; readonly user?: string },
  ): void {
    if (local.port === undefined) return;
    const listens = remote?.ip === undefined || remote.port === undefined;
    const key = `${protocol.toUpperCase()}:${anyPort(local)}${listens ? '' : `>${anyPort(remote)}`}`;
    const extra = {
      'ascribe.socket.state': listens ? 'listen' : state,
      'ascribe.local.ip': local.ip,
      'ascribe.local.port': local.port,
      'ascribe.remote.ip': listens ? undefined : remote.ip,
      'ascribe.remote.port': listens ? undefined : remote.port,
    };
    const owner =
      process === undefined
        ? {}
        : { 'process.pid': process.pid, 'process.name': process.name, 'user.name': process.user };
    this.inventory('socket', key, process?.name, { ...extra, ...owner });
    if (process !== undefined)
      this.binding('socket-process', key, process.pid === undefined ? process.name : String(process.pid), {
        ...owner,
        ...extra,
      });
  }
}

function anyPort({ ip, port }: Partial<End>): string {
  return ip === undefined ? `*:${port}` : hostPort(ip, port);
}

function differs(translated: End | undefined, original: End): boolean {
  return (
    translated !== undefined &&
    (translated.ip !== original.ip || (translated.port !== undefined && translated.port !== original.port))
  );
}

function endpoint(
  { ip, port }: End,
  nat: End | undefined,
  bytes: bigint | undefined,
  packets: bigint | undefined,
): SessionLog['source'] {
  return {
    ip,
    ...(port === undefined ? {} : { port }),
    ...(nat === undefined ? {} : { natIp: nat.ip, ...(nat.port === undefined ? {} : { natPort: nat.port }) }),
    ...(bytes === undefined ? {} : { bytes }),
    ...(packets === undefined ? {} : { packets }),
  };
}

function defined<T extends object>(parts: T): Partial<T> {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function withExtra(extra: Details): { readonly extra?: Readonly<Record<string, string | number>> } {
  const kept = compact(extra);
  return Object.keys(kept).length === 0 ? {} : { extra: kept };
}
