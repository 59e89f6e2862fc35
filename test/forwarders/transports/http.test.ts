import { type FakeAnswer, type FakeRequest, HttpFake } from '../receivers/http-fake';
import { type RunningForwarder, StoreSite, until } from '../store-site';

let site: StoreSite;
let fake: HttpFake;
let running: RunningForwarder | undefined;

beforeEach(() => {
  site = new StoreSite();
});

afterEach(async () => {
  await running?.stop();
  running = undefined;
  await fake.stop();
  site.remove();
});

const start = async (answer: (request: FakeRequest) => FakeAnswer): Promise<void> => {
  fake = await new HttpFake(answer).start();
};
const sent = (): number => running?.status()[0]?.sent ?? 0;
const ndjson = (body: string): Record<string, unknown>[] =>
  body.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Record<string, unknown>]));

describe('_bulk', () => {
  type Action = Readonly<Record<string, { readonly _id: string; readonly _index: string; readonly version?: number }>>;
  const actionsOf = (body: string): Action[] => ndjson(body).filter((_line, i) => i % 2 === 0) as Action[];
  const ok = { create: { status: 201 } };

  test('items that may pass later are sent again, refused ones become dead letters, and redrive sends those again', async () => {
    const stored = new Set<string>();
    let isStrict = true;
    let isBusy = true;
    await start(({ body }) => {
      const items = actionsOf(body).map((action, i) => {
        const { _id: id } = Object.values(action)[0]!;
        if (stored.has(id)) return { create: { status: 409, error: { type: 'version_conflict_engine_exception' } } };
        if (isBusy && i % 5 === 1)
          return { create: { status: 429, error: { type: 'es_rejected_execution_exception' } } };
        if (isStrict && body.split('\n')[i * 2 + 1]?.includes('"event 7"') === true) {
          return { create: { status: 400, error: { type: 'mapper_parsing_exception', reason: 'no' } } };
        }
        stored.add(id);
        return ok;
      });
      isBusy = false;
      return { status: 200, body: { errors: true, items } };
    });
    site.addEvents(50);
    const elasticsearch = { url: fake.url, index: 'ascribe-%kind', api_key: 'cred:elastic' };
    running = site.forwarder([{ name: 'siem', send: ['events'], elasticsearch }]);
    await until(() => sent() === 49, '49 events');
    expect(stored.size).toBe(49);
    expect(fake.requests[0]?.headers.authorization).toBe('ApiKey secret of cred:elastic');
    expect(actionsOf(fake.requests[0]!.body)[0]?.['create']?._index).toBe('ascribe-events');
    const letters = site.database((database) => database.deadLetters({ limit: 10 }));
    expect(letters).toMatchObject([{ code: 'bulk_400', cause: '400 mapper_parsing_exception: no', state: 'kept' }]);
    isStrict = false;
    expect(site.database((database) => database.requestRedrive({}))).toBe(1);
    await until(() => stored.size === 50, 'the redriven one');
    await until(() => site.database((database) => database.deadLetters({ limit: 10 })).length === 0, 'no letter');
  }, 30_000);

  test('a session that changes is indexed again under its id with a higher version, and a cut answer loses nothing', async () => {
    const versions = new Map<string, number>();
    let cuts = 2;
    await start(({ body }) => {
      for (const action of actionsOf(body)) versions.set(action['index']!._id, action['index']!.version ?? -1);
      if (cuts-- > 0) return 'cut';
      return { status: 200, body: { errors: false, items: [] } };
    });
    site.addSessions(20);
    running = site.forwarder([{ name: 'siem', send: ['sessions'], elasticsearch: { url: fake.url } }]);
    await until(() => sent() === 20, 'the sessions');
    site.changeSession(3, { state: 'ended' });
    await until(() => sent() === 21, 'the change');
    expect(versions.size).toBe(20);
    expect([...versions.values()].filter((version) => version === 21)).toHaveLength(1);
  }, 30_000);

  test('403 is nobody’s dead letter: all wait, and an alarm stands', async () => {
    await start(() => ({ status: 403, body: { error: 'security_exception' } }));
    site.addEvents(5);
    running = site.forwarder([{ name: 'siem', send: ['events'], elasticsearch: { url: fake.url } }]);
    await until(() => running?.status()[0]?.state === 'denied', 'the denial');
    expect(running.events[0]).toMatchObject({ kind: 'forward_denied', code: 'http_403' });
    expect(site.database((database) => database.deadLetters({ limit: 10 }))).toEqual([]);
    expect(site.database((database) => database.position('siem', 'events'))).toBe('');
  }, 30_000);
});

describe('Splunk HEC', () => {
  test('with acknowledgement a batch counts when the indexers have it', async () => {
    let acks = 0;
    let polls = 0;
    await start(({ path }) => {
      if (path.startsWith('/services/collector/event'))
        return { status: 200, body: { text: 'Success', code: 0, ackId: acks++ } };
      return { status: 200, body: { acks: { '0': ++polls >= 3 } } };
    });
    site.addEvents(10);
    const destination = { url: fake.url, token: 'cred:hec', acknowledge: true };
    running = site.forwarder([{ name: 'siem', send: ['events'], format: 'cef', splunk_hec: destination }]);
    await until(() => sent() === 10, 'the acknowledgement');
    expect(polls).toBe(3);
    const [first] = fake.requests;
    expect(first?.headers).toMatchObject({ authorization: 'Splunk secret of cred:hec' });
    expect(first?.headers['x-splunk-request-channel']).toMatch(/^[0-9a-f-]{36}$/u);
    const events = ndjson(first!.body);
    expect(events).toHaveLength(10);
    expect(events[0]).toMatchObject({
      sourcetype: 'ascribe:events',
      host: 'edge-1',
      event: expect.stringMatching(/^CEF:0\|ascribe/u),
    });
  }, 30_000);

  test('an invalid event that the answer names is a dead letter, the others are sent again; 503 is waited for', async () => {
    let busy = 1;
    await start(({ body }) => {
      if (busy-- > 0)
        return { status: 503, body: { text: 'Server is busy', code: 9 }, headers: { 'Retry-After': '1' } };
      const bad = ndjson(body).findIndex((event) => JSON.stringify(event).includes('"event 4"'));
      if (bad >= 0) return { status: 400, body: { text: 'Invalid data format', code: 6, 'invalid-event-number': bad } };
      return { status: 200, body: { text: 'Success', code: 0 } };
    });
    site.addEvents(10);
    running = site.forwarder([{ name: 'siem', send: ['events'], splunk_hec: { url: fake.url, token: 'cred:hec' } }]);
    await until(() => sent() === 9, 'the others');
    expect(site.database((database) => database.deadLetters({ limit: 10 }))).toMatchObject([{ code: 'hec_6' }]);
  }, 30_000);
});

describe('OTLP/HTTP', () => {
  test('a count of refused records is taken apart until the record is known', async () => {
    await start(({ body }) => {
      const bad = body.split('"event 3"').length - 1;
      return {
        status: 200,
        body: bad > 0 ? { partialSuccess: { rejectedLogRecords: String(bad), errorMessage: 'no' } } : {},
      };
    });
    site.addEvents(8);
    running = site.forwarder([{ name: 'otel', send: ['events'], otlp_http: { url: fake.url } }]);
    await until(() => sent() === 7, 'the others');
    expect(fake.requests[0]?.path).toBe('/v1/logs');
    const [resource] = (
      JSON.parse(fake.requests[0]!.body) as { resourceLogs: { scopeLogs: { logRecords: object[] }[] }[] }
    ).resourceLogs;
    expect(resource?.scopeLogs[0]?.logRecords[0]).toMatchObject({
      timeUnixNano: expect.stringMatching(/^\d{19}$/u),
      severityNumber: expect.any(Number),
      body: { stringValue: 'event 1' },
    });
    expect(site.database((database) => database.deadLetters({ limit: 10 }))).toMatchObject([{ code: 'otlp_rejected' }]);
  }, 30_000);
});

test('Azure Logs Ingestion: a token, calls below 1 MB, and a new token after 401', async () => {
  let tokens = 0;
  let denied = 1;
  await start(({ path }) => {
    if (path === '/tenant/oauth2/v2.0/token')
      return { status: 200, body: { access_token: `t${++tokens}`, expires_in: 3600 } };
    return denied-- > 0 ? { status: 401 } : { status: 204 };
  });
  site.addEvents(1500, undefined, (n) => `event ${n} ${'x'.repeat(900)}`);
  const azure = { url: fake.url, authority: fake.url, rule: 'dcr-1', stream: 'Custom-A_CL', tenant: 'tenant' };
  const login = { client: 'app', client_secret: 'cred:azure' };
  running = site.forwarder([{ name: 'sentinel', send: ['events'], azure_logs: { ...azure, ...login } }]);
  await until(() => sent() === 1500, 'all');
  const calls = fake.requests.filter(({ path }) => path.startsWith('/dataCollectionRules/dcr-1/streams/Custom-A_CL'));
  expect(calls.every(({ body }) => Buffer.byteLength(body) <= 1_048_576)).toBe(true);
  expect(calls.at(-1)?.headers.authorization).toBe('Bearer t2');
  expect((JSON.parse(calls[0]!.body) as object[])[0]).toMatchObject({
    TimeGenerated: expect.any(String),
    Kind: 'events',
  });
}, 30_000);
