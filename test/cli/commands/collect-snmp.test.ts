import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataLayout } from '../../../cli/data-layout';
import { JournalReader } from '../../../store/journal/journal-reader';
import { FakeAgent, FakeTable, integerTable } from '../../collectors/snmp/fake-agent';
import { run } from '../support/run';

jest.setTimeout(60_000);

/** `collect` over SNMP: what agents answer is kept, and who does not answer is told. */

const TABLE = new FakeTable(integerTable(['1.3.6.1.2.1.1.3', '1.3.6.1.2.1.2.2.1.8'], 2));

let folder: string;
let agents: FakeAgent[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ascribe-collect-'));
  writeFileSync(join(folder, 'community'), 'reader-secret');
  chmodSync(join(folder, 'community'), 0o600);
  agents = [
    await FakeAgent.open((request, self) => self.answer(request, TABLE.successors(request))),
    await FakeAgent.open(() => undefined),
  ];
  const device = (name: string, index: number): string =>
    `        - { name: ${name}, address: 127.0.0.1, port: ${agents[index]!.port}, class: generic, credential: c, timeout: 0.5, retries: 0 }\n`;
  writeFileSync(
    join(folder, 'ascribe.yaml'),
    `collectors:
  netflow: []
  syslog: []
  snmp:
    - credentials: [{ name: c, version: v2c, community: "file:community" }]
      devices:
${device('sw-1', 0)}${device('silent', 1)}`,
  );
});

afterEach(() => {
  for (const agent of agents) agent.close();
  rmSync(folder, { recursive: true, force: true });
});

async function collect(...devices: string[]) {
  const data = join(folder, 'data');
  const argv = ['collect', ...devices, '--config', join(folder, 'ascribe.yaml'), '--data', data];
  const answer = await run(argv, { cwd: folder });
  const journal = new JournalReader(dataLayout(data).journal);
  try {
    return { ...answer, records: journal.read(1, 1000) };
  } finally {
    journal.close();
  }
}

test('tables of an agent that answers are kept; the other device is told, and the run is partial', async () => {
  const { code, stdout, records } = await collect();
  expect(code).toBe(3);
  expect(stdout).toMatch(/silent +snmp +failed/u);
  expect(stdout).toMatch(/sw-1 +snmp +\w+/u);
  const sources = records.filter(({ origin }) => origin.format === 'snmp').map(({ origin }) => origin.source);
  expect(sources).toContain('sw-1');
  expect(Buffer.from(records.at(-1)!.bytes).toString()).toContain('"kind":"collection"');
  expect(JSON.stringify(records.map(({ bytes }) => Buffer.from(bytes).toString('latin1'))) + stdout).not.toContain(
    'reader-secret',
  );
});

test('only the devices that are named are asked', async () => {
  await collect('sw-1');
  expect(agents[0]!.requests.length).toBeGreaterThan(0);
  expect(agents[1]!.requests).toEqual([]);
});
