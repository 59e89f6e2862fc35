import { readdirSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { RawRecord } from '../../collectors/contract';
import { snmpConfig } from '../../collectors/snmp/snmp-config';
import { SnmpCollector } from '../../collectors/snmp/snmp-collector';
import { TABLE_PLANS, type TableName } from '../../collectors/snmp/poller/device-plans.data';

/** The tables that the agents of the bench serve. */
const TABLES: readonly TableName[] = ['ifTable', 'ifXTable', 'ipNetToMediaTable'];

/** What one round over the fleet cost; times in seconds. */
export interface Round {
  readonly polls: number;
  /** Of the records, as the journal takes them. */
  readonly bytes: number;
  readonly incomplete: number;
  readonly wall: number;
  readonly cpu: number;
  /** Milliseconds. */
  readonly delayP99: number;
  readonly delayMax: number;
  readonly files: number;
  readonly rssMb: number;
}

/*
 * `poll-child.js PORT CONCURRENCY ROUNDS ADDRESS…`: the collector itself over a fleet, from the request to the bytes that go
 * into the journal. Prints one line of JSON a round.
 */
async function main([port = '', concurrency = '', rounds = '', ...addresses]: readonly string[]): Promise<void> {
  const periods = Object.fromEntries(Object.keys(TABLE_PLANS).map((name) => [name, 0]));
  for (const name of TABLES) periods[name] = 604_800;
  const settings = snmpConfig.parse({
    credentials: [{ name: 'all', version: 'v2c', community: 'env:X', subnets: ['127.0.0.0/8'] }],
    devices: addresses.map((address) => ({ name: address, address, port: Number(port), periods })),
    concurrency: Number(concurrency),
    start_spread: 0,
  });
  for (let round = 0; round < Number(rounds); round += 1) {
    process.stdout.write(`${JSON.stringify(await poll({ ...settings, secrets: () => 'public' }, addresses.length))}\n`);
  }
}

async function poll(settings: ConstructorParameters<typeof SnmpCollector>[0], devices: number): Promise<Round> {
  let records = 0;
  let bytes = 0;
  let finished: () => void = () => undefined;
  const done = new Promise<void>((resolve) => (finished = resolve));
  const offer = (batch: readonly RawRecord[]): number => {
    for (const record of batch) bytes += record.bytes.length;
    records += batch.length;
    if (records === devices * TABLES.length) finished();
    return batch.length;
  };
  const collector = new SnmpCollector(settings, { offer, emit: () => undefined, now: Date.now });
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  const cpu = process.cpuUsage();
  const began = performance.now();
  await collector.start();
  await Promise.race([done, delay(120_000, undefined, { ref: false })]);
  const wall = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  loop.disable();
  const { poller } = collector.stats();
  const files = readdirSync('/proc/self/fd').length;
  const incomplete = poller.devices.reduce((sum, { tablesIncomplete }) => sum + tablesIncomplete, 0);
  await collector.stop();
  return {
    polls: records / TABLES.length,
    bytes,
    incomplete,
    wall,
    cpu: (user + system) / 1e6,
    delayP99: loop.percentile(99) / 1e6,
    delayMax: loop.max / 1e6,
    files,
    rssMb: process.memoryUsage.rss() / 2 ** 20,
  };
}

void main(process.argv.slice(2));
