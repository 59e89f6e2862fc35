import { recordsOf, type FlowRecord } from './encoders/flow-records';
import { SeededRandom } from './random';

/** What really happened at the site: the truth that answers are scored against. */
export interface TrueSession {
  readonly client: string;
  readonly clientPort: number;
  readonly server: string;
  readonly serverPort: number;
  /** IANA protocol number. */
  readonly protocol: 6 | 17;
  /** Site time, milliseconds from its beginning. */
  readonly start: number;
  readonly end: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
  readonly packetsUp: number;
  readonly packetsDown: number;
  readonly outbound: boolean;
  readonly encrypted: boolean;
}

export interface World {
  readonly seed: number;
  /** Milliseconds of site time. */
  readonly duration: number;
  readonly homeNetworks: readonly string[];
  /** By start. No two sessions with the same endpoints overlap or touch. */
  readonly sessions: readonly TrueSession[];
}

interface Service {
  readonly servers: readonly string[];
  readonly port: number;
  readonly protocol: 6 | 17;
  readonly outbound: boolean;
  readonly encrypted: boolean;
  /** Mean session length, ms. */
  readonly length: number;
  readonly weight: number;
}

const SERVICES: readonly Service[] = [
  {
    servers: ['203.0.113.10', '203.0.113.80', '198.51.100.23'],
    port: 443,
    protocol: 6,
    outbound: true,
    encrypted: true,
    length: 4_000,
    weight: 8,
  },
  {
    servers: ['2001:db8:feed::443'],
    port: 443,
    protocol: 6,
    outbound: true,
    encrypted: true,
    length: 4_000,
    weight: 2,
  },
  { servers: ['203.0.113.53'], port: 443, protocol: 17, outbound: true, encrypted: true, length: 9_000, weight: 2 },
  { servers: ['198.51.100.25'], port: 465, protocol: 6, outbound: true, encrypted: true, length: 1_500, weight: 1 },
  { servers: ['10.20.0.10'], port: 902, protocol: 6, outbound: false, encrypted: true, length: 20_000, weight: 1 },
  { servers: ['10.20.0.53'], port: 53, protocol: 17, outbound: false, encrypted: false, length: 40, weight: 6 },
  { servers: ['10.20.0.80'], port: 80, protocol: 6, outbound: false, encrypted: false, length: 300, weight: 2 },
];

const CLIENTS_V4 = Array.from({ length: 40 }, (_, i) => `10.20.${1 + Math.floor(i / 20)}.${10 + (i % 20)}`);
const CLIENTS_V6 = Array.from({ length: 8 }, (_, i) => `2001:db8:20::${(16 + i).toString(16)}`);

/** A small office: VMs and hosts that talk outward and among themselves, and one implant that calls home every 10 s. */
export function makeWorld(seed: number, duration = 120_000, sessionsPerSecond = 10): World {
  const random = new SeededRandom(seed);
  const bag = SERVICES.flatMap((service) => Array.from({ length: service.weight }, () => service));
  const ports = new PortAllocator();
  const sessions: TrueSession[] = [];
  for (let at = 0; at < duration - 30_000; at += random.exponential(1000 / sessionsPerSecond)) {
    sessions.push(ordinarySession(random, ports, random.pick(bag), Math.round(at)));
  }
  sessions.push(...implant(random, ports, duration), longTransfer(ports, duration));
  sessions.sort((a, b) => a.start - b.start);
  return { seed, duration, homeNetworks: ['10.0.0.0/8', '2001:db8:20::/64'], sessions };
}

/** Every client uses each of its ports once: port reuse is a scenario of its own. */
class PortAllocator {
  readonly #next = new Map<string, number>();

  take(client: string): number {
    const port = this.#next.get(client) ?? 49_152;
    this.#next.set(client, port + 1);
    return port;
  }
}

function ordinarySession(random: SeededRandom, ports: PortAllocator, service: Service, start: number): TrueSession {
  const server = random.pick(service.servers);
  const client = random.pick(server.includes(':') ? CLIENTS_V6 : CLIENTS_V4);
  const length = Math.min(25_000, 20 + Math.round(random.exponential(service.length)));
  const packetsUp = 3 + Math.round(random.exponential(length / 200));
  const packetsDown = 3 + Math.round(random.exponential(length / 100));
  return {
    client,
    clientPort: ports.take(client),
    server,
    serverPort: service.port,
    protocol: service.protocol,
    start,
    end: start + length,
    bytesUp: packetsUp * random.int(60, 400),
    bytesDown: packetsDown * random.int(200, 1400),
    packetsUp,
    packetsDown,
    outbound: service.outbound,
    encrypted: service.encrypted,
  };
}

function implant(random: SeededRandom, ports: PortAllocator, duration: number): TrueSession[] {
  const out: TrueSession[] = [];
  for (let at = 2_000; at < duration - 30_000; at += 10_000 + random.int(-500, 500)) {
    const client = '10.20.2.19';
    out.push({
      client,
      clientPort: ports.take(client),
      server: '198.51.100.66',
      serverPort: 8443,
      protocol: 6,
      start: at,
      end: at + random.int(250, 450),
      bytesUp: 1_240,
      bytesDown: 3_180,
      packetsUp: 9,
      packetsDown: 8,
      outbound: true,
      encrypted: true,
    });
  }
  return out;
}

/** More bytes than 32 bits hold, longer than the exporter's active timeout: several records of one session. */
function longTransfer(ports: PortAllocator, duration: number): TrueSession {
  const client = '10.20.1.11';
  return {
    client,
    clientPort: ports.take(client),
    server: '203.0.113.99',
    serverPort: 443,
    protocol: 6,
    start: 1_000,
    end: duration - 20_000,
    bytesUp: 6_442_450_944 + 12_345,
    bytesDown: 73_400_321,
    packetsUp: 4_600_000,
    packetsDown: 1_100_000,
    outbound: true,
    encrypted: true,
  };
}

/** The records of all sessions as a router makes them, `epoch` being the UTC time of site time 0. */
export function flowsOf(world: World, epoch: number, activeTimeout: number): FlowRecord[] {
  return world.sessions.flatMap((session) => {
    const inUtc = { start: epoch + session.start, end: epoch + session.end, inIf: 1, outIf: 2 };
    return recordsOf({ ...session, ...inUtc }, activeTimeout);
  });
}
