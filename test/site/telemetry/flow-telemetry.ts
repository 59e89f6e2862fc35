import { flowTemplates, IpfixEncoder, NetflowV9Encoder, type FlowEncoder } from '../encoders/flow-encoder';
import { recordsOf, type FlowRecord } from '../encoders/flow-records';
import { NSEL_TEMPLATES, type NselRecord } from '../encoders/nsel';
import { aceHash } from '../encoders/firewall-lines';
import { CORE_UPLINK, NETWORKS, type TrueNetwork } from '../inventory';
import { SeededRandom } from '../random';
import type { Site } from '../site';
import type { Evidence, TrueSession } from '../truth';
import { DeviceClock, type Emission, type Tell } from './emission';
import type { TelemetryOptions } from './options';

/** A record on its way out, with what it proves. */
interface Metered<R> {
  readonly at: number;
  readonly record: R;
  readonly tell: Tell;
}

interface Exporter<R> {
  readonly device: string;
  readonly from: string;
  readonly stream: string;
  readonly makeEncoder: (boot: number) => FlowEncoder<R>;
  readonly records: readonly Metered<R>[];
}

const ACTIVE_TIMEOUT = 60_000;
const INACTIVE_TIMEOUT = 15_000;
const TEMPLATES_EVERY = 60_000;
const UPTIME = 86_400_000;
const EDGE_IF = { inside: 11, outside: 12 } as const;

/** Everything that flow exporters say: the core router inside (NetFlow v9), the edge router outside (IPFIX), the firewall (NSEL). */
export function flowTelemetry(site: Site, options: TelemetryOptions): Emission[] {
  const exporters: Exporter<FlowRecord>[] = [coreExporter(site, options), edgeExporter(site, options)];
  if (options.vds === true) exporters.push(...switchExporters(site, options));
  const emissions = exporters.flatMap((exporter) => exported(site, exporter, options));
  const { firewallLog } = options;
  if (site.inventory.firewall === 'asa' && (firewallLog === 'nsel' || firewallLog === 'both')) {
    emissions.push(...exported(site, nselExporter(site, options), options));
  }
  return emissions;
}

function coreExporter(site: Site, options: TelemetryOptions): Exporter<FlowRecord> {
  const clock = clockOf(site, options, 'rt-core');
  const rate = options.sampling?.['rt-core'];
  const templates = flowTemplates('v9', { sampling: rate !== undefined, vrf: options.vrfInFlows === true });
  const vrfs = new Map(NETWORKS.map(({ vrf, ifIndex }) => [vrf, vrf === '' ? 0 : ifIndex]));
  const records = meter(site, options, 'rt-core', 'flow-inside', (session) => ({
    ...inClock(session, clock),
    client: session.client,
    clientPort: session.clientPort,
    inIf: networkOf(session.client, session.vrf)?.ifIndex ?? 0,
    outIf: session.outbound ? CORE_UPLINK : (networkOf(session.server, session.vrf)?.ifIndex ?? 0),
    ...(options.vrfInFlows === true && { vrf: vrfs.get(session.vrf) ?? 0 }),
  }));
  return {
    device: 'rt-core',
    from: '10.20.0.1',
    stream: 'netflow',
    makeEncoder: (boot) => new NetflowV9Encoder(1, boot, templates),
    records,
  };
}

function edgeExporter(site: Site, options: TelemetryOptions): Exporter<FlowRecord> {
  const clock = clockOf(site, options, 'rt-edge');
  const templates = flowTemplates('ipfix', { sampling: options.sampling?.['rt-edge'] !== undefined });
  const records = meter(site, options, 'rt-edge', 'flow-outside', (session) => ({
    ...inClock(session, clock),
    client: session.nat?.ip ?? session.client,
    clientPort: session.nat?.port ?? session.clientPort,
    inIf: EDGE_IF.inside,
    outIf: EDGE_IF.outside,
  }));
  return {
    device: 'rt-edge',
    from: '198.51.100.14',
    stream: 'ipfix',
    makeEncoder: () => new IpfixEncoder(7, templates),
    records,
  };
}

/** The distributed switch meters at the port of each VM; the host that runs the VM exports. */
function switchExporters(site: Site, options: TelemetryOptions): Exporter<FlowRecord>[] {
  const { hosts, vms } = site.inventory;
  return hosts.map((host) => {
    const clock = clockOf(site, options, host.name);
    const records = meter(site, options, host.name, 'vds', (session) => {
      const { owner } = session;
      const vm = owner.kind === 'vm' ? vms.find(({ uuid }) => uuid === owner.uuid) : undefined;
      return {
        ...inClock(session, clock),
        client: session.client,
        clientPort: session.clientPort,
        inIf: vm?.dvPort ?? 0,
        outIf: 1,
      };
    });
    return {
      device: host.name,
      from: host.ip,
      stream: 'vds',
      makeEncoder: () => new IpfixEncoder(2, flowTemplates('ipfix')),
      records,
    };
  });
}

type Passing = Parameters<typeof recordsOf>[0];

function meter(
  site: Site,
  options: TelemetryOptions,
  device: string,
  what: Evidence,
  seenAs: (session: TrueSession) => Passing,
): Metered<FlowRecord>[] {
  const random = new SeededRandom(site.seed * 31 + device.length * 7 + device.charCodeAt(device.length - 1));
  const rate = options.sampling?.[device];
  const clock = clockOf(site, options, device);
  const out: Metered<FlowRecord>[] = [];
  for (const session of site.sessions) {
    if (!passes(site, session, device)) continue;
    const unseen = options.unseen?.[device]?.(session) ?? 'none';
    if (unseen === 'both') continue;
    const passing = seenAs(session);
    for (const record of recordsOf(passing, options.activeTimeout ?? ACTIVE_TIMEOUT)) {
      if (unseen === (record.src === passing.client && record.srcPort === passing.clientPort ? 'up' : 'down')) continue;
      const sampled = rate === undefined ? record : sample(random, record, rate);
      if (sampled === undefined) continue;
      const isLast = record.end >= passing.end;
      const wait = isLast && record.protocol !== 6 ? (options.inactiveTimeout ?? INACTIVE_TIMEOUT) : 1_000;
      out.push({ at: trueTime(clock, record.end) + wait, record: sampled, tell: { session: session.id, what } });
    }
  }
  return out;
}

function passes(site: Site, session: TrueSession, device: string): boolean {
  if (session.path.includes(device)) return true;
  const { owner } = session;
  if (owner.kind !== 'vm') return false;
  const vm = site.inventory.vms.find(({ uuid }) => uuid === owner.uuid);
  return (
    vm?.placements.some(({ host, from, to }) => host === device && from < session.end && session.start < to) ?? false
  );
}

/** What is left of a record when one packet in `rate` is looked at; nothing when none was. */
function sample(random: SeededRandom, record: FlowRecord, rate: number): FlowRecord | undefined {
  const mean = record.packets / rate;
  let packets = 0;
  // Poisson, by its waiting times.
  for (let left = mean; left > 0; packets++) left -= random.exponential(1);
  packets = Math.min(packets - 1, record.packets);
  if (packets <= 0) return undefined;
  return { ...record, packets, bytes: Math.round((record.bytes / record.packets) * packets), sampling: rate };
}

function inClock(session: TrueSession, clock: DeviceClock): Omit<Passing, 'inIf' | 'outIf'> {
  const { client, clientPort, server, serverPort, protocol, start, end } = session;
  const { bytesUp, bytesDown, packetsUp, packetsDown } = session;
  const counts = { bytesUp, bytesDown, packetsUp, packetsDown };
  return { client, clientPort, server, serverPort, protocol, start: clock.at(start), end: clock.at(end), ...counts };
}

function nselExporter(site: Site, options: TelemetryOptions): Exporter<NselRecord> {
  const clock = clockOf(site, options, 'fw-1');
  const records = site.sessions.flatMap((session): Metered<NselRecord>[] => {
    const { nat, rule, id, client, clientPort, server, serverPort, protocol, start, end } = session;
    if (nat === undefined) return [];
    const record = {
      connection: 10_000 + id,
      src: client,
      srcPort: clientPort,
      dst: server,
      dstPort: serverPort,
      protocol,
      natSrc: nat.ip,
      natSrcPort: nat.port,
      start: clock.at(start),
      bytesUp: session.bytesUp,
      bytesDown: session.bytesDown,
      acl: rule === undefined ? 0 : 0x1234_0001,
      ace: rule === undefined ? 0 : aceHash(rule),
    };
    const tell: Tell = { session: id, what: 'flow-nat' };
    return [
      { at: start + 5, tell, record: { ...record, event: 'created', at: clock.at(start) } },
      { at: end + 5, tell, record: { ...record, event: 'deleted', at: clock.at(end) } },
    ];
  });
  return {
    device: 'fw-1',
    from: '10.20.254.2',
    stream: 'nsel',
    makeEncoder: (boot) => new NetflowV9Encoder(0, boot, NSEL_TEMPLATES),
    records,
  };
}

/** Every second an exporter sends what has ended; templates at its beginning and then now and again. */
function exported<R>(site: Site, exporter: Exporter<R>, options: TelemetryOptions): Emission[] {
  const { device, from, stream } = exporter;
  const clock = clockOf(site, options, device);
  const reboot = options.reboots?.[device];
  let encoder = exporter.makeEncoder(site.epoch - (options.uptime ?? UPTIME));
  const emissions: Emission[] = [];
  const emit = (at: number, bytes: Buffer, tells: readonly Tell[]): void => {
    emissions.push({ at, device, from, format: 'flow', bytes, stream, tells });
  };
  const queue = exporter.records.toSorted((a, b) => a.at - b.at);
  let templatesAt = 0;
  let hasRebooted = false;
  for (let next = 0, second = 0; next < queue.length || second < site.duration; second += 1_000) {
    if (reboot !== undefined && !hasRebooted && second >= reboot) {
      hasRebooted = true;
      encoder = exporter.makeEncoder(clock.at(reboot));
      templatesAt = second + 5_000;
    }
    if (second >= templatesAt) {
      emit(second, encoder.templates(clock.at(second)), []);
      templatesAt = second + (options.templatesEvery ?? TEMPLATES_EVERY);
    }
    const due: Metered<R>[] = [];
    for (let item = queue[next]; item !== undefined && item.at <= second; item = queue[++next]) due.push(item);
    if (due.length === 0) continue;
    const tellOf = new Map(due.map(({ record, tell }) => [record, tell]));
    for (const { bytes, records } of encoder.data([...tellOf.keys()], clock.at(second))) {
      emit(
        second,
        bytes,
        records.map((record) => tellOf.get(record)).filter((tell) => tell !== undefined),
      );
    }
  }
  return emissions;
}

export function clockOf(site: Site, { clocks }: TelemetryOptions, device: string): DeviceClock {
  const { offset, drift } = clocks?.[device] ?? {};
  return new DeviceClock(site.epoch, offset, drift);
}

function trueTime(clock: DeviceClock, utc: number): number {
  return Math.round((utc - clock.offset - clock.epoch) / (1 + clock.drift / 1e6));
}

function networkOf(ip: string, vrf: string): TrueNetwork | undefined {
  return NETWORKS.find((network) => network.vrf === vrf && ip.startsWith(`${network.prefix}.`));
}
