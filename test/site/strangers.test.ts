import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linkFrame, LINK, pcapFile, udpOverV4 } from '../collectors/import/capture-writer';
import { SnmpResponder } from './delivery/snmp-responder';
import { makeSite } from './site';
import type { Emission } from './telemetry/emission';
import { flowTelemetry } from './telemetry/flow-telemetry';
import { siteAgents } from './telemetry/snmp-agents';

/** What the site's devices say, read by programs that others wrote: so that the site does not only speak our own dialect. */
const has = (program: string, ...args: readonly string[]): boolean => spawnSync(program, args).error === undefined;
const withTshark = has('tshark', '-v') ? test : test.skip;
const withSnmp = has('snmpbulkwalk', '-V') ? test : test.skip;

const site = makeSite(11, { firewall: 'asa', duration: 4 * 60_000 });

/** One line for each flow record that tshark finds, the wanted fields joined by blanks. */
const readByTshark = (emissions: readonly Emission[], fields: readonly string[]): string[] => {
  const directory = mkdtempSync(join(tmpdir(), 'ascribe-tshark-'));
  try {
    const file = join(directory, 'flows.pcap');
    const packets = emissions.map(({ from, bytes, at }) => {
      const ends = { source: from, sourcePort: 4444, destination: '10.20.0.62', destinationPort: 2055 };
      return {
        bytes: linkFrame(LINK.ethernet, udpOverV4({ ...ends, payload: bytes })),
        time: BigInt(site.epoch + at) * 1_000_000n,
      };
    });
    writeFileSync(file, pcapFile(packets));
    const wanted = fields.flatMap((field) => ['-e', `cflow.${field}`]);
    const args = [
      '-r',
      file,
      '-d',
      'udp.port==2055,cflow',
      '-T',
      'fields',
      '-E',
      'occurrence=a',
      '-E',
      'aggregator=,',
      ...wanted,
    ];
    const text = execFileSync('tshark', args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 1 << 26,
    });
    return text.split('\n').flatMap((line) => {
      const columns = line.split('\t').map((cell) => (cell === '' ? [] : cell.split(',')));
      return (columns[0] ?? []).map((_, i) => columns.map((cells) => cells[i]).join(' '));
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

describe('what tshark reads', () => {
  const emissions = flowTelemetry(site, { firewallLog: 'nsel' });
  const of = (stream: string): readonly Emission[] => emissions.filter((emission) => emission.stream === stream);
  const v4 = site.sessions.filter(({ client }) => !client.includes(':'));

  withTshark('of NetFlow v9 of the inner router: both directions of each session, their octets, and templates', () => {
    const seen = readByTshark(of('netflow'), ['srcaddr', 'srcport', 'dstaddr', 'dstport', 'protocol', 'octets']);
    const meant = v4
      .filter(({ path, start, end }) => path.includes('rt-core') && end - start <= 60_000)
      .flatMap((one) => [
        `${one.client} ${one.clientPort} ${one.server} ${one.serverPort} ${one.protocol} ${one.bytesUp}`,
        `${one.server} ${one.serverPort} ${one.client} ${one.clientPort} ${one.protocol} ${one.bytesDown}`,
      ]);
    expect(meant.length).toBeGreaterThan(200);
    expect(meant.filter((line) => !seen.includes(line))).toEqual([]);
  });

  withTshark('of IPFIX of the outer router: translated ends', () => {
    const seen = readByTshark(of('ipfix'), ['srcaddr', 'srcport', 'dstaddr', 'dstport', 'protocol']);
    const meant = v4.flatMap(({ nat, server, serverPort, protocol }) =>
      nat === undefined ? [] : [`${nat.ip} ${nat.port} ${server} ${serverPort} ${protocol}`],
    );
    expect(meant.length).toBeGreaterThan(100);
    expect(meant.filter((line) => !seen.includes(line))).toEqual([]);
  });

  withTshark('of NSEL of the firewall: both sides of each translation, when it is made and when it ends', () => {
    const seen = readByTshark(of('nsel'), [
      'srcaddr',
      'srcport',
      'dstaddr',
      'dstport',
      'post_natsource_ipv4_address',
      'post_naptsource_transport_port',
    ]);
    const meant = v4.flatMap(({ client, clientPort, server, serverPort, nat }) =>
      nat === undefined ? [] : [`${client} ${clientPort} ${server} ${serverPort} ${nat.ip} ${nat.port}`],
    );
    expect(seen.sort()).toEqual([...meant, ...meant].sort());
  });
});

withSnmp.each(siteAgents(site).map((agent) => [agent.device, agent] as const))(
  'snmpbulkwalk reads the agent of %s to its end',
  async (_device, { view }) => {
    const objects = view(60_000);
    const responder = await SnmpResponder.open('127.0.0.1', () => objects);
    try {
      const walk = async (root: string): Promise<string[]> => {
        const target = `127.0.0.1:${responder.port}`;
        const child = spawn('snmpbulkwalk', ['-v2c', '-c', 'public', '-On', '-Oe', '-m', '', '-t', '5', target, root]);
        const parts: Buffer[] = [];
        child.stdout.on('data', (part: Buffer) => void parts.push(part));
        await new Promise((resolve) => void child.once('close', resolve));
        const lines = Buffer.concat(parts).toString('latin1').split('\n');
        return lines.map((line) => /^\.([\d.]+) = (?!No )/u.exec(line)?.[1] ?? '').filter((oid) => oid !== '');
      };
      const seen = [...(await walk('.1.0')), ...(await walk('.1.3'))];
      expect(seen).toEqual(objects.map(([oid]) => oid));
    } finally {
      await responder.close();
    }
  },
);
