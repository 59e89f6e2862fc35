import { SeededRandom } from '../../test/site/random';

/** Bytes of each line, priority to last character. */
export const LINE_BYTES = 300;

const HOST = 'edge-fw-1.dc2.example.net';

/**
 * The load: what a Cisco ASA logs of connections through PAT, each built and torn down (302013/302014, 302015/302016),
 * with long interface and user names, padded by the user's name to 300 bytes. The teardown follows its built after 64
 * connections, so that the pairs are joined across messages.
 */
export function makeAsaLines(pairs: number, seed = 1): Buffer[] {
  const random = new SeededRandom(seed);
  const at = stamp(new Date());
  const connections = Array.from({ length: pairs }, (_, i) => connection(random, 4_000_000 + i));
  const out: Buffer[] = [];
  for (let i = 0; i < pairs + OPEN; i++) {
    const opened = connections[i];
    const closed = connections[i - OPEN];
    if (opened !== undefined) out.push(built(at, opened));
    if (closed !== undefined) out.push(teardown(at, closed, random));
  }
  return out;
}

/** For the senders: length in two bytes, then the line. */
export function framed(lines: readonly Buffer[]): Buffer {
  return Buffer.concat(
    lines.flatMap((line) => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(line.length, 0);
      return [length, line];
    }),
  );
}

/** Connections that are open at a time. */
const OPEN = 64;

interface Connection {
  readonly id: number;
  readonly protocol: 'TCP' | 'UDP';
  readonly server: string;
  readonly client: string;
  readonly mapped: string;
}

function connection(random: SeededRandom, id: number): Connection {
  const host = random.int(1, 65_000);
  return {
    id,
    protocol: random.int(0, 3) === 0 ? 'UDP' : 'TCP',
    server: `203.0.113.${random.int(1, 254)}/443`,
    client: `10.20.${host >> 8}.${host & 255}/${random.int(1024, 65_535)}`,
    mapped: `198.51.100.${random.int(1, 8)}/${random.int(1024, 65_535)}`,
  };
}

function built(at: string, { id, protocol, server, client, mapped }: Connection): Buffer {
  const code = protocol === 'TCP' ? 302_013 : 302_015;
  return padded(
    `<166>${at} ${HOST} : %ASA-6-${code}: Built outbound ${protocol} connection ${id} for ` +
      `outside-internet-primary:${server} (${server}) to inside-users-building-7:${client} (${mapped}) (CORP\\`,
    ')',
  );
}

function teardown(at: string, { id, protocol, server, client }: Connection, random: SeededRandom): Buffer {
  const code = protocol === 'TCP' ? 302_014 : 302_016;
  const reason = protocol === 'TCP' ? ' TCP FINs from outside-internet-primary' : '';
  return padded(
    `<166>${at} ${HOST} : %ASA-6-${code}: Teardown ${protocol} connection ${id} for outside-internet-primary:${server} ` +
      `to inside-users-building-7:${client} duration 0:00:${random.int(10, 59)} bytes ${random.int(100, 90_000)}${reason} (CORP\\`,
    ')',
  );
}

function padded(front: string, end: string): Buffer {
  return Buffer.from(`${front.padEnd(LINE_BYTES - end.length, 'firstname.lastname.')}${end}`);
}

/** As `logging timestamp` writes it: `Nov 24 2026 02:00:00`. */
function stamp(date: Date): string {
  const [, day = '', month = '', year = ''] = /^\w+, (\d+) (\w+) (\d+)/.exec(date.toUTCString()) ?? [];
  return `${month} ${day} ${year} ${date.toISOString().slice(11, 19)}`;
}
