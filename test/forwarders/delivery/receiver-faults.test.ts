import { BulkReceiver } from '../receivers/bulk-receiver';
import { HecReceiver } from '../receivers/hec-receiver';
import { OtlpReceiver } from '../receivers/otlp-receiver';
import type { Behaviour, Receiver } from '../receivers/receiver';
import { IMPATIENT, type RunningForwarder, StoreSite, until } from '../store-site';

/**
 * Receivers that are busy, full, frozen, that break off before and after they have stored: what was sent is what is there
 * in the end, by id, and nothing became a dead letter that only had to wait.
 */

const TOKEN = 'secret of cred:hec';
const ILL: readonly Behaviour[] = ['cut_unread', 'partial', 'cut_stored', 'too_many', 'silent', 'disk_full', 'busy'];

let site: StoreSite;
let receiver: Receiver | undefined;
let running: RunningForwarder | undefined;

beforeEach(() => {
  site = new StoreSite();
});

afterEach(async () => {
  await running?.stop();
  running = undefined;
  await receiver?.stop();
  site.remove();
});

const cases: readonly (readonly [string, () => Receiver, (url: string) => object])[] = [
  ['_bulk', () => new BulkReceiver(), (url) => ({ elasticsearch: { url, timeout: 1 } })],
  ['Splunk HEC', () => new HecReceiver(TOKEN), (url) => ({ splunk_hec: { url, token: 'cred:hec', timeout: 1 } })],
  [
    'Splunk HEC with acknowledgement',
    () => new HecReceiver(TOKEN, true),
    (url) => ({ splunk_hec: { url, token: 'cred:hec', acknowledge: true, timeout: 1 } }),
  ],
  ['OTLP/HTTP', () => new OtlpReceiver(), (url) => ({ otlp_http: { url, timeout: 1 } })],
];

test.each(cases)(
  '%s: whatever the receiver does meanwhile, it has every record in the end',
  async (_name, make, way) => {
    receiver = await make().start();
    site.addEvents(4500);
    receiver.behaviours = [...ILL];
    running = site.forwarder([{ name: 'siem', send: ['events'], ...way(receiver.url) }], IMPATIENT);
    await until(() => running?.status()[0]?.sent === 4500, 'every answer', 90_000);
    expect(receiver.ids).toEqual(site.eventIds());
    expect(receiver.violations).toEqual([]);
    expect(receiver.behaviours).toEqual([]);
    expect(site.database((database) => database.deadLetters({ limit: 10 }))).toEqual([]);
    const codes = running.events.flatMap((event) => (event.kind === 'forward_failing' ? [event.code] : []));
    expect(codes.length).toBeGreaterThanOrEqual(ILL.length - 1);
    expect(running.events.at(-1)).toMatchObject({ kind: 'forward_works' });
  },
  120_000,
);

test('a receiver that knows an id already stores it once, however often it breaks off', async () => {
  const bulk = await new BulkReceiver().start();
  receiver = bulk;
  site.addEvents(500);
  bulk.behaviours = ['cut_stored', 'cut_stored', 'silent'];
  const destination = { name: 'siem', send: ['events'], elasticsearch: { url: bulk.url, timeout: 1 } };
  running = site.forwarder([destination], IMPATIENT);
  await until(() => running?.status()[0]?.sent === 500, 'every answer', 60_000);
  expect([...new Set(bulk.stored.values())]).toEqual([1]);
  const counted = site.database((database) => database.hours({}));
  expect(counted.reduce((sum, { confirmed }) => sum + confirmed, 0)).toBe(500);
}, 90_000);
