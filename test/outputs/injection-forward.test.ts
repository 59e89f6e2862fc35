import { readdirSync, readFileSync } from 'node:fs';
import { FORMATS, KINDS } from '../../forwarders/registry';
import { BulkReceiver } from '../forwarders/receivers/bulk-receiver';
import { HecReceiver } from '../forwarders/receivers/hec-receiver';
import { RunningForwarder, until } from '../forwarders/store-site';
import { FIELDS, HostileSite } from './hostile-site';
import { TEXTS } from './hostile-texts';
import { Recorder } from './recorders';

/** Every field that a device fills, with every hostile text, on its way out: what frames a record is never the record's. */

const SEND = KINDS.map(({ name }) => name);
const PATIENCE = 120_000;

let site: HostileSite;
let running: RunningForwarder | undefined;

beforeAll(() => {
  let n = 0;
  site = new HostileSite(
    FIELDS.flatMap(({ records }) => TEXTS.flatMap(([, text]) => records(text, (n = (n % 98) + 1)))),
  );
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
});
afterAll(() => site.remove());

/** Ids of all that the store has. */
function wanted(): Set<string> {
  const ids = new Set<string>();
  for (const kind of KINDS) {
    const source = kind.open(site.places);
    for (let page = source.read(undefined, 2000); page !== undefined; page = source.read(page.position, 2000)) {
      for (const { uid } of page.records) ids.add(uid);
    }
    source.close();
  }
  return ids;
}

/** Sends all kinds by one way; resolves when they are there. */
async function send(name: string, format: string, way: object): Promise<void> {
  running = new RunningForwarder(site, [{ name, send: SEND, format, ...way }]);
  const { size } = wanted();
  const status = () => running?.status()[0];
  await until(() => (status()?.sent ?? 0) + (status()?.dead ?? 0) >= size, `${size} records by ${name}`, PATIENCE);
  expect(status()?.dead).toBe(0);
  await running.stop();
  running = undefined;
}

/** Messages by octet counting (RFC 6587 section 3.4.1). */
function framed(bytes: Buffer): string[] {
  const messages: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const blank = bytes.indexOf(0x20, at);
    const length = Number(bytes.toString('latin1', at, blank));
    messages.push(bytes.toString('utf8', blank + 1, blank + 1 + length));
    at = blank + 1 + length;
  }
  return messages;
}

const HEAD =
  /^<\d{1,3}>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z collector ascribe - ([a-z_]+) \[ascribe@32473 uid="([0-9a-f]{32})"(?: revision="\d+")?\] (?=.)/u;

test.each(FORMATS.map(({ name }) => name))('syslog with %s: each header is ours, by either framing', async (format) => {
  for (const framing of ['octets', 'lines']) {
    const receiver = await new Recorder('', () => '').start();
    try {
      await send(`${format}-${framing}`, format, { syslog_tcp: { to: `127.0.0.1:${receiver.port}`, framing } });
      const bytes = (): Buffer => Buffer.from(receiver.received, 'latin1');
      const messages = (): string[] =>
        framing === 'octets' ? framed(bytes()) : bytes().toString('utf8').split('\n').slice(0, -1);
      await until(() => messages().length >= wanted().size, 'every message', PATIENCE);
      const heads = messages().map((message) => HEAD.exec(message));
      expect(messages().filter((_message, i) => heads[i] === null)).toEqual([]);
      expect(new Set(heads.map((head) => head?.[2]))).toEqual(wanted());
    } finally {
      await receiver.stop();
    }
  }
});

test.each(['ecs', 'ocsf'])('_bulk and HEC with %s: each record is one, under its id', async (format) => {
  const bulk = await new BulkReceiver().start();
  const hec = await new HecReceiver('secret of cred:hec').start();
  try {
    await send(`bulk-${format}`, format, { elasticsearch: { url: bulk.url, index: 'ascribe-%kind' } });
    await send(`hec-${format}`, format, { splunk_hec: { url: hec.url, token: 'cred:hec' } });
    for (const receiver of [bulk, hec]) {
      expect(receiver.violations).toEqual([]);
      expect(receiver.ids).toEqual(wanted());
    }
  } finally {
    await bulk.stop();
    await hec.stop();
  }
});

test.each([
  ['ecs', 'json'],
  ['cef', 'text'],
])('files with %s: their names come from no device, each line is one record', async (format, medium) => {
  const directory = site.path(`out-${format}`);
  await send(`file-${format}`, format, { file: { directory, roll_after: 1 } });
  const names = readdirSync(directory);
  expect(names.filter((name) => !/^\d{8}T\d{6}Z-[a-z_]+-[0-9a-f]{16}\.(?:ndjson|log)$/u.test(name))).toEqual([]);
  const lines = names.flatMap((name) => readFileSync(`${directory}/${name}`, 'utf8').split('\n').slice(0, -1));
  expect(lines).toHaveLength(wanted().size);
  if (medium === 'json') for (const line of lines) expect(typeof JSON.parse(line)).toBe('object');
});
