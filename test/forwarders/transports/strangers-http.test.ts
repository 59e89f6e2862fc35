import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BulkReceiver } from '../receivers/bulk-receiver';
import { HecReceiver } from '../receivers/hec-receiver';
import {
  HAS_ELASTICSEARCH_SNIPPET,
  rsyslogElasticsearch,
  syslogNgElasticsearch,
  syslogNgHec,
} from '../receivers/http-senders';
import { attributesOf, OtlpReceiver } from '../receivers/otlp-receiver';
import { HAS_MOD_HTTP, HAS_OMELASTICSEARCH, type Stranger } from '../receivers/programs';
import type { Receiver } from '../receivers/receiver';
import { type RunningForwarder, StoreSite, until } from '../store-site';

/**
 * The receivers that our HTTP transports are tested against are ours too. Here senders that know nothing of us are let at
 * them: what rsyslog, syslog-ng, Splunk's and OpenTelemetry's own libraries send is understood, stored under its id, and
 * breaks no rule of the protocol; then ours is held to the same receiver.
 */

const COUNT = 500;
const HOOK = join(__dirname, '../../setup/ts-hook.js');
const SENDER = join(__dirname, '../receivers/otlp-sender.ts');

let folder: string;
let site: StoreSite;
let running: RunningForwarder | undefined;
let receiver: Receiver | undefined;
const strangers: Stranger[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ascribe-http-'));
  site = new StoreSite();
});

afterEach(async () => {
  await running?.stop();
  running = undefined;
  for (const stranger of strangers.splice(0)) await stranger.kill();
  await receiver?.stop();
  receiver = undefined;
  site.remove();
  rmSync(folder, { recursive: true, force: true });
});

const hostile = (n: number): string => `event ${n} | = \\ \u001b[2J "quoted" \u202e end\nnew line é`;

/** Files of ours for the stranger to read, and what it is called with. */
async function exported(): Promise<{
  readonly input: string;
  readonly own: string;
  readonly ids: ReadonlySet<string>;
}> {
  const input = join(site.folder, 'out');
  const own = join(folder, 'stranger');
  mkdirSync(input);
  mkdirSync(own);
  site.addEvents(COUNT, undefined, hostile);
  running = site.forwarder([{ name: 'files', send: ['events'], file: { directory: 'out', roll_after: 1 } }]);
  await until(() => running?.status()[0]?.sent === COUNT, 'the files', 60_000);
  await running.stop();
  running = undefined;
  return { input, own, ids: site.eventIds() };
}

async function received(of: Receiver, ids: ReadonlySet<string>, stranger?: Stranger): Promise<void> {
  await until(
    () => {
      if (stranger?.running === false) throw new Error(`the stranger ended: ${stranger.output}`);
      return of.ids.size >= ids.size || of.violations.length > 0;
    },
    `all records (${of.ids.size} of ${ids.size})`,
    60_000,
  );
  expect(of.violations).toEqual([]);
  expect(of.ids).toEqual(ids);
}

const send = async (of: Receiver, destination: object): Promise<void> => {
  running = site.forwarder([{ name: 'siem', send: ['events'], ...destination }]);
  await until(() => running?.status()[0]?.sent === COUNT, 'our own records', 60_000);
  expect(of.violations).toEqual([]);
};

describe('_bulk', () => {
  let bulk: BulkReceiver;

  beforeEach(async () => {
    bulk = await new BulkReceiver().start();
    receiver = bulk;
  });

  (HAS_OMELASTICSEARCH ? test : test.skip)(
    "takes rsyslog's omelasticsearch, which reads the files that we write",
    async () => {
      const { input, own, ids } = await exported();
      const stranger = rsyslogElasticsearch(own, input, bulk.url);
      strangers.push(stranger);
      await received(bulk, ids, stranger);
      const messages = [...bulk.documents.values()].map(({ source }) => source['message']);
      expect(messages).toContain(hostile(7));
      // The same documents again, from us: they are there.
      await send(bulk, { elasticsearch: { url: bulk.url } });
      expect(bulk.documents.size).toBe(COUNT);
    },
    120_000,
  );

  (HAS_MOD_HTTP && HAS_ELASTICSEARCH_SNIPPET ? test : test.skip)(
    "takes syslog-ng's elasticsearch-http(), which waits while we are busy",
    async () => {
      const { input, own, ids } = await exported();
      bulk.behaviours = ['busy'];
      const stranger = syslogNgElasticsearch(own, input, bulk.url);
      strangers.push(stranger);
      await received(bulk, ids, stranger);
      expect([...bulk.documents.values()].map(({ source }) => source['message'])).toContain(hostile(7));
    },
    120_000,
  );
});

describe('Splunk HEC', () => {
  let hec: HecReceiver;

  beforeEach(async () => {
    hec = await new HecReceiver('secret of cred:hec').start();
    receiver = hec;
  });

  (HAS_MOD_HTTP ? test : test.skip)(
    'takes syslog-ng, which waits while we are busy',
    async () => {
      const { input, own, ids } = await exported();
      hec.behaviours = ['busy'];
      const stranger = syslogNgHec(own, input, hec.url, 'secret of cred:hec');
      strangers.push(stranger);
      await received(hec, ids, stranger);
    },
    120_000,
  );

  test("takes Splunk's own library, and our events in the same envelope", async () => {
    const { Logger } = require('splunk-logging') as SplunkLogging;
    const logger = new Logger({ token: 'secret of cred:hec', url: hec.url, maxBatchCount: 0, maxRetries: 0 });
    for (let n = 0; n < 10; n++) {
      logger.send({ message: { text: hostile(n) }, metadata: { sourcetype: 'ascribe:test', host: 'edge-1' } });
    }
    const answer = await new Promise<unknown>((resolve, reject) => {
      logger.error = reject;
      logger.flush((error, _response, body) => (error ? reject(error) : resolve(body)));
    });
    expect(answer).toMatchObject({ code: 0 });
    expect(hec.violations).toEqual([]);
    expect(hec.events).toHaveLength(10);
    expect(hec.events[7]).toMatchObject({ event: { message: { text: hostile(7) } }, host: 'edge-1' });
    site.addEvents(COUNT, undefined, hostile);
    await send(hec, { splunk_hec: { url: hec.url, token: 'cred:hec' } });
    const [theirs, ours] = [hec.events[0], hec.events.at(-1)];
    expect(
      Object.keys(ours ?? {})
        .filter((name) => !(name in (theirs ?? {})))
        .sort(),
    ).toEqual(['fields', 'source']);
  }, 60_000);

  test('a wrong token is denied to us as to anybody', async () => {
    const denied = await new HecReceiver('another').start();
    site.addEvents(3);
    running = site.forwarder([{ name: 'siem', send: ['events'], splunk_hec: { url: denied.url, token: 'cred:hec' } }]);
    await until(() => running?.status()[0]?.state === 'denied', 'the denial');
    expect(denied.stored.size).toBe(0);
    await denied.stop();
  }, 30_000);
});

describe('OTLP/HTTP', () => {
  test("takes OpenTelemetry's own exporter, and our records in the same form", async () => {
    const otlp = await new OtlpReceiver().start();
    receiver = otlp;
    const texts = Array.from({ length: 10 }, (_, n) => hostile(n));
    const { status, stderr } = await ended(
      spawn(process.execPath, ['-r', HOOK, SENDER, `${otlp.url}/v1/logs`, ...texts]),
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(otlp.violations).toEqual([]);
    expect(otlp.ids).toEqual(new Set(texts.map((_text, n) => String(n))));
    const [theirs] = otlp.records;
    expect(theirs).toMatchObject({ body: { stringValue: hostile(0) } });
    site.addEvents(COUNT, undefined, hostile);
    await send(otlp, { otlp_http: { url: otlp.url } });
    const ours = otlp.records.at(-1);
    expect(attributesOf(ours ?? {}).get('message')).toBe(hostile(COUNT));
    expect(Object.keys(theirs ?? {}).filter((name) => !(name in (ours ?? {})))).toEqual(['droppedAttributesCount']);
  }, 60_000);
});

async function ended(child: ChildProcess): Promise<{ status: number | null; stderr: string }> {
  let stderr = '';
  child.stderr?.on('data', (data: Buffer) => (stderr += data.toString()));
  const status = await new Promise<number | null>((resolve) => {
    child.once('close', resolve);
  });
  return { status, stderr };
}

/** What is used of a library without types. */
interface SplunkLogging {
  readonly Logger: new (settings: { token: string; url: string; maxBatchCount: number; maxRetries: number }) => {
    send(context: { message: unknown; metadata?: object }): void;
    flush(done: (error: Error | null, response: unknown, body: unknown) => void): void;
    error: (error: Error) => void;
  };
}
