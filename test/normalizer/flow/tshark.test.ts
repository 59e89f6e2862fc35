import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FlowNormalizer } from '../../../normalizer/flow/flow-normalizer';
import { datagram, feed, type Row } from './support';

/**
 * Every file of the corpus against tshark: how many records, and what each says. Where the two differ, the table below
 * says why, field by field and with the number of records it concerns.
 */
const CORPUS = join(__dirname, '../../../../shared/data/flow');
const present = existsSync(CORPUS) && spawnSync('tshark', ['-v']).status === 0;
const describeIfPresent = present ? describe : describe.skip;

const WRAP =
  'the stamp is ahead of the header: the counter wrapped in between, which tshark does not take into account';

/** file → field → [records that differ, why]. */
const EXPLAINED: Readonly<Record<string, Readonly<Record<string, readonly [records: number, why: string]>>>> = {
  'netflow5.dat': { start: [2, WRAP] },
  'netflow9_test_nprobe_data.dat': { start: [1, 'tshark shows a stamp of 0 as 1970; it is the time of the start'] },
};

interface TsharkFlow {
  readonly set: number;
  readonly fields: Readonly<Record<string, string>>;
}
type Json = { readonly [key: string]: Json } | readonly Json[] | string;

/** Files of one exporter, template files first. */
function groups(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const file of readdirSync(CORPUS).sort()) {
    const group = file.replace(/_(?:data|tpl|opttpl|tpls|tpldata).*$/, '').replace(/\.dat$/, '');
    found.set(group, [...(found.get(group) ?? []), file]);
  }
  for (const files of found.values()) files.sort((a, b) => Number(/tpl/.test(b)) - Number(/tpl/.test(a)));
  return found;
}

/** A pcap of raw IPv4 packets; each payload from its own exporter address. */
function pcap(payloads: readonly { readonly host: number; readonly bytes: Buffer }[]): Buffer {
  const parts = [Buffer.from('d4c3b2a1020004000000000000000000ffff000065000000', 'hex')];
  for (const { host, bytes } of payloads) {
    const packet = Buffer.alloc(28 + bytes.length);
    packet.write('450000000000400040110000c0000200c00002fe08070807', 0, 'hex');
    packet.writeUInt16BE(packet.length, 2);
    packet[15] = host;
    packet.writeUInt16BE(8 + bytes.length, 24);
    bytes.copy(packet, 28);
    const head = Buffer.alloc(16);
    head.writeUInt32LE(1_700_000_000, 0);
    head.writeUInt32LE(packet.length, 8);
    head.writeUInt32LE(packet.length, 12);
    parts.push(head, packet);
  }
  return Buffer.concat(parts);
}

/** What tshark finds in each packet: flows in order, without those of options templates. */
function runTshark(payloads: readonly { readonly host: number; readonly bytes: Buffer }[]): TsharkFlow[][] {
  const dir = mkdtempSync(join(tmpdir(), 'ascribe-tshark-'));
  try {
    const path = join(dir, 'corpus.pcap');
    writeFileSync(path, pcap(payloads));
    const args = ['-r', path, '-d', 'udp.port==2055,cflow', '-T', 'json', '--no-duplicate-keys', '-J', 'cflow'];
    const text = execFileSync('tshark', args, { maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'ignore'] }).toString(
      'utf8',
    );
    const packets = JSON.parse(text) as { _source: { layers: { cflow?: Json } } }[];
    const options = new Set<string>();
    return packets.map(({ _source }, i) => {
      const cflow = _source.layers.cflow ?? {};
      for (const id of optionTemplates(cflow)) options.add(`${payloads[i]!.host} ${id}`);
      return flowsOf(cflow).filter(({ set }) => !options.has(`${payloads[i]!.host} ${set}`));
    });
  } finally {
    rmSync(dir, { recursive: true });
  }
}

function optionTemplates(node: Json): string[] {
  if (typeof node === 'string') return [];
  return Object.entries(node).flatMap(([key, value]) => {
    const id = /^Options Template \(.*Id = (\d+)/.exec(key)?.[1];
    return (id === undefined ? [] : [id]).concat(optionTemplates(value));
  });
}

function flowsOf(cflow: Json): TsharkFlow[] {
  return Object.entries(cflow as Record<string, Json>).flatMap(([key, value]) => {
    if (/^pdu/i.test(key)) return [{ set: 0, fields: flat(value) }];
    if (!/^(?:Flow)?Set \d+/.test(key)) return [];
    const set = value as Record<string, Json>;
    const id = Number(set['cflow.flowset_id']);
    return Object.entries(set).flatMap(([name, flow]) =>
      /^Flow \d+/.test(name) ? [{ set: id, fields: flat(flow) }] : [],
    );
  });
}

/** All leaves; of a repeated field the first. */
function flat(node: Json, into: Record<string, string> = {}): Record<string, string> {
  for (const [key, value] of Object.entries(node)) {
    if (typeof value === 'string') into[key] ??= value;
    else if (Array.isArray(value) && typeof value[0] === 'string' && key.startsWith('cflow'))
      into[key] ??= String(value.find((v) => v !== ''));
    if (typeof value !== 'string') flat(value as Json, into);
  }
  return into;
}

/** tshark's figure in our terms, or undefined when it has none. */
const COMPARED: Readonly<Record<string, (flow: Readonly<Record<string, string>>, row: Row) => unknown>> = {
  src: (f) => address(f['cflow.srcaddrv6'], f['cflow.srcaddr']),
  dst: (f) => address(f['cflow.dstaddrv6'], f['cflow.dstaddr']),
  srcPort: (f) => number(f['cflow.srcport']),
  dstPort: (f) => number(f['cflow.dstport']),
  protocol: (f) => number(f['cflow.protocol']),
  bytes: (f) => bigint(f['cflow.octets']),
  packets: (f) => bigint(f['cflow.packets']),
  inIf: (f) => number(f['cflow.inputint']),
  outIf: (f) => number(f['cflow.outputint']),
  tos: (f) => number(f['cflow.tos']),
  tcpFlags: (f) => number(f['cflow.tcpflags']),
  srcAs: (f) => number(f['cflow.srcas']),
  start: (f, row) => time(f['cflow.abstimestart'], f['cflow.timestart'], row),
  end: (f, row) => time(f['cflow.abstimeend'], f['cflow.timeend'], row),
};

/** Procera sends both families and leaves one zero: the other is the address. */
const address = (v6: string | undefined, v4: string | undefined): string | undefined =>
  v6 === '::' ? (v4 ?? v6) : (v6 ?? v4);
const number = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));
const bigint = (text: string | undefined): bigint | undefined => (text === undefined ? undefined : BigInt(text));

/** Absolute times as epoch ms; uptime stamps (seconds) only when the row was placed by them. */
function time(absolute: string | undefined, uptime: string | undefined, row: Row): number | undefined {
  if (absolute !== undefined) return Date.parse(absolute.replace(/(\.\d{3})\d*/, '$1'));
  if (uptime === undefined || row['timeSource'] !== 2) return undefined;
  return Math.round(Number(uptime) * 1000) + (row['boot'] as number);
}

function agree(ours: unknown, theirs: unknown): boolean {
  if (theirs === undefined) return true;
  if (typeof ours === 'number' && typeof theirs === 'number') return Math.abs(ours - theirs) < 1;
  return ours === theirs;
}

/** Epoch ms at which the uptime of a v1-v9 header was 0. */
function bootOf(bytes: Buffer): number {
  const version = bytes.readUInt16BE(0);
  if (version === 10) return 0;
  const nanoseconds = version === 9 ? 0 : bytes.readUInt32BE(12);
  return bytes.readUInt32BE(8) * 1000 + Math.floor(nanoseconds / 1e6) - bytes.readUInt32BE(4);
}

describeIfPresent('the corpus against tshark', () => {
  const files = present
    ? [...groups()].flatMap(([group, names], i) => names.map((name) => ({ group, name, host: i + 1 })))
    : [];
  const payloads = files.map(({ name, host }) => ({ host, bytes: readFileSync(join(CORPUS, name)) }));
  const theirs = present ? runTshark(payloads) : [];
  const normalizers = new Map<number, FlowNormalizer>();
  const ours = payloads.map(({ host, bytes }) => {
    const normalizer = normalizers.get(host) ?? new FlowNormalizer();
    normalizers.set(host, normalizer);
    const boot = bootOf(bytes);
    return feed(normalizer, [datagram(bytes, `192.0.2.${host}:2055`)])
      .rows()
      .map((row): Row => Object.assign(row, { boot }));
  });

  it('has every version in it', () => {
    expect(new Set(payloads.map(({ bytes }) => bytes.readUInt16BE(0)))).toEqual(new Set([5, 9, 10]));
  });

  it.each(files.map(({ group, name }, i) => [name, group, i] as const))('%s', (_name, group, i) => {
    const flows = theirs[i]!;
    const rows = ours[i]!;
    const differing: Record<string, number> = {};
    const examples: unknown[] = [];
    const count = (field: string, example: unknown): void => {
      differing[field] = (differing[field] ?? 0) + 1;
      examples.push([field, example]);
    };
    if (flows.length !== rows.length) count('records', [rows.length, flows.length]);
    else {
      rows.forEach((row, r) => {
        for (const [field, value] of Object.entries(COMPARED)) {
          const their = value(flows[r]!.fields, row);
          if (!agree(row[field], their)) count(field, [row[field], their]);
        }
      });
    }
    const explained = Object.fromEntries(
      Object.entries(EXPLAINED[_name] ?? {}).map(([field, [records]]) => [field, records]),
    );
    expect({
      group,
      differing,
      examples: Object.keys(differing).length > 0 && Object.keys(explained).length === 0 ? examples.slice(0, 6) : [],
    }).toEqual({
      group,
      differing: explained,
      examples: [],
    });
  });
});
