import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FlowNormalizer } from '../../../normalizer/flow/flow-normalizer';
import { datagram, feed, type Row } from './support';

/**
 * The corpus against Debian's nfcapd and nfdump: each exporter sends from its own loopback address, and the sets of flows
 * must be the same. Ports of ICMP are left out: nfdump makes them of the type and code fields.
 */
const CORPUS = join(__dirname, '../../../../shared/data/flow');
const present =
  existsSync(CORPUS) &&
  spawnSync('nfcapd', ['-V']).status === 0 &&
  existsSync('/proc/net/udp') &&
  process.platform === 'linux';

/** exporter → why the two differ, and what then holds. */
const EXPLAINED: Readonly<
  Record<string, { readonly why: string; readonly ours: number; readonly theirs: number; readonly same: number }>
> = {
  netflow5: {
    why: 'the header announces 2 records; nfdump reads the trailer behind them too',
    ours: 2,
    theirs: 30,
    same: 2,
  },
  netflow5_test_invalid01: {
    why: 'the header announces more records than there are: nfdump drops all',
    ours: 30,
    theirs: 0,
    same: 0,
  },
  netflow5_test_invalid02: { why: 'as invalid01', ours: 30, theirs: 0, same: 0 },
  ipfix_test_procera: {
    why: 'both families in each record: nfdump takes the IPv6 one though it is zero',
    ours: 8,
    theirs: 8,
    same: 2,
  },
};

function exporters(): [name: string, payloads: Buffer[]][] {
  const found = new Map<string, string[]>();
  for (const file of readdirSync(CORPUS).sort()) {
    const name = file.replace(/_(?:data|tpl|opttpl|tpls|tpldata).*$/, '').replace(/\.dat$/, '');
    found.set(name, [...(found.get(name) ?? []), file]);
  }
  return [...found].map(([name, files]) => {
    const ordered = files.sort((a, b) => Number(/tpl/.test(b)) - Number(/tpl/.test(a)));
    return [name, ordered.map((file) => readFileSync(join(CORPUS, file)))];
  });
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

/** Starts nfcapd and returns when the kernel knows its socket. */
async function startNfcapd(dir: string, port: number): Promise<ChildProcess> {
  const child = spawn('nfcapd', ['-4', '-b', '127.0.0.1', '-p', String(port), '-w', dir, '-t', '3600'], {
    stdio: 'ignore',
  });
  await until(() => receiveQueue(port) !== undefined);
  return child;
}

/** Bytes waiting in the socket bound to `port`; undefined when there is none. */
function receiveQueue(port: number): number | undefined {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const line = readFileSync('/proc/net/udp', 'latin1')
    .split('\n')
    .find((text) => text.includes(`0100007F:${hex} `));
  const queue = line === undefined ? undefined : /:[\dA-F]+ [\dA-F]{2} [\dA-F]+:([\dA-F]+) /.exec(line)?.[1];
  return queue === undefined ? undefined : Number.parseInt(queue, 16);
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error('nfcapd did not get there in 10 s');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function send(host: number, port: number, payloads: readonly Buffer[]): Promise<void> {
  const socket = createSocket('udp4');
  socket.bind(0, `127.0.1.${host}`);
  await once(socket, 'listening');
  for (const payload of payloads) {
    await new Promise((resolve) => socket.send(payload, port, '127.0.0.1', resolve));
    await until(() => receiveQueue(port) === 0);
  }
  socket.close();
}

/** Flows by exporter as nfdump prints them: addresses, ports, protocol, packets, bytes. */
async function runNfdump(all: readonly (readonly [string, readonly Buffer[]])[]): Promise<Map<string, string[]>> {
  const dir = mkdtempSync(join(tmpdir(), 'ascribe-nfdump-'));
  const port = await freePort();
  const child = await startNfcapd(dir, port);
  try {
    for (const [i, [, payloads]] of all.entries()) await send(i + 1, port, payloads);
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  const file = readdirSync(dir).find((name) => /^nfcapd\.\d/.test(name));
  const args = ['-r', join(dir, file ?? ''), '-N', '-q', '-6', '-o', 'fmt:%ra,%sa,%da,%sp,%dp,%pr,%pkt,%byt'];
  const text = execFileSync('nfdump', args, { stdio: ['ignore', 'pipe', 'ignore'] }).toString('latin1');
  rmSync(dir, { recursive: true });
  const flows = new Map<string, string[]>();
  for (const line of text.split('\n').filter((line) => line.trim() !== '')) {
    const [router = '', src, dst, srcPort, dstPort, protocol, packets, bytes] = line
      .split(',')
      .map((cell) => cell.trim());
    const ports = protocol === '1' || protocol === '58' ? '' : `${srcPort},${dstPort}`;
    flows.set(router, [...(flows.get(router) ?? []), [src, dst, ports, protocol, packets, bytes].join(',')]);
  }
  return flows;
}

function ourText(row: Row): string {
  const ports =
    row['protocol'] === 1 || row['protocol'] === 58
      ? ''
      : `${Number(row['srcPort'] ?? 0)},${Number(row['dstPort'] ?? 0)}`;
  // nfdump multiplies by the rate of a v5 header; we keep the two apart.
  const rate = row['samplingSource'] === 3 ? BigInt(row['samplingRate'] as number) : 1n;
  const counters = [row['packets'], row['bytes']].map((value) => String(((value as bigint | undefined) ?? 0n) * rate));
  const { src = '0.0.0.0', dst = '0.0.0.0', protocol = 0 } = row as { src?: string; dst?: string; protocol?: number };
  return [src, dst, ports, protocol, ...counters].join(',');
}

function common(a: readonly string[], b: readonly string[]): number {
  const left = [...b];
  return a.filter((text) => {
    const at = left.indexOf(text);
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  }).length;
}

(present ? describe : describe.skip)('the corpus against nfdump', () => {
  const all = present ? exporters() : [];
  let theirs = new Map<string, string[]>();
  beforeAll(async () => {
    theirs = await runNfdump(all);
  }, 60_000);

  it.each(all.map(([name], i) => [name, i] as const))('%s', (name, i) => {
    const rows = feed(
      new FlowNormalizer(),
      all[i]![1].map((bytes) => datagram(bytes)),
    ).rows();
    const ours = rows.map(ourText);
    const nfdump = theirs.get(`127.0.1.${i + 1}`) ?? [];
    const {
      ours: expected,
      theirs: expectedTheirs,
      same,
    } = EXPLAINED[name] ?? { ours: ours.length, theirs: ours.length, same: ours.length };
    expect({ ours: ours.length, theirs: nfdump.length, same: common(ours, nfdump) }).toEqual({
      ours: expected,
      theirs: expectedTheirs,
      same,
    });
  });
});
