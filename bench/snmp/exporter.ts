import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Child, freePort } from '../syslog/receiver';
import { cpuSecondsOf } from '../syslog/process-tree';
import { SERVED } from './agents';

/** Debian's prometheus-snmp-exporter: one HTTP request is one poll of one device. */
const PROGRAM = '/usr/bin/prometheus-snmp-exporter';

/** What one round over the fleet cost; seconds. */
export interface ExporterRound {
  readonly polls: number;
  readonly failed: number;
  readonly wall: number;
  readonly cpu: number;
}

/** Polls all devices of a list, `rounds` times, `concurrency` at once. Undefined: not installed. */
export async function pollWithExporter(
  folder: string,
  port: number,
  addresses: readonly string[],
  concurrency: number,
  rounds: number,
): Promise<readonly ExporterRound[] | undefined> {
  if (!existsSync(PROGRAM)) return undefined;
  mkdirSync(folder, { recursive: true });
  const config = join(folder, 'snmp.yml');
  writeFileSync(config, moduleConfig());
  const web = await freePort();
  const child = new Child(PROGRAM, [`--config.file=${config}`, `--web.listen-address=127.0.0.1:${web}`]);
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  try {
    await child.until(() => child.output.includes('istening'));
    await delay(200);
    const measured: ExporterRound[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const cpu = cpuSecondsOf(child.pid);
      const began = performance.now();
      const answers = await Promise.all(addresses.map((address) => poll(agent, web, `${address}:${port}`)));
      measured.push({
        polls: answers.length,
        failed: answers.filter((fine) => !fine).length,
        wall: (performance.now() - began) / 1000,
        cpu: cpuSecondsOf(child.pid) - cpu,
      });
    }
    return measured;
  } finally {
    agent.destroy();
    await child.stop();
  }
}

function poll(agent: Agent, web: number, target: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    get({ agent, host: '127.0.0.1', port: web, path: `/snmp?target=${target}&module=bench` }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode === 200));
    }).once('error', reject);
  });
}

/** The same columns, each walked; one metric for each, so that it does with the rows what it is made for. */
function moduleConfig(): string {
  const metrics = SERVED.map(([root, tag], at) => {
    const arp = root.startsWith('1.3.6.1.2.1.4.22.');
    const index = arp
      ? '[{labelname: ifIndex, type: gauge}, {labelname: ip, type: InetAddressIPv4}]'
      : '[{labelname: ifIndex, type: gauge}]';
    const type = tag === 0x04 ? 'OctetString' : tag === 0x46 ? 'counter' : 'gauge';
    return `  - {name: column${at}, oid: ${root}, type: ${type}, help: column, indexes: ${index}}`;
  });
  const walk = SERVED.map(([root]) => root).join(', ');
  return `bench:
  walk: [${walk}]
  version: 2
  max_repetitions: 50
  auth: {community: public}
  metrics:
${metrics.join('\n')}
`;
}
