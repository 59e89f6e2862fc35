import fc from 'fast-check';
import { ecsFormat } from '../../../forwarders/formats/ecs';
import { JsonShapes } from '../../../forwarders/formats/json-shapes';
import { emptyTree, plant } from '../../../forwarders/formats/nested';
import type { Fields, FieldValue } from '../../../forwarders/contract';
import { ocsfFormat } from '../../../forwarders/formats/ocsf';
import { eventLike, findingLike, HOSTILE, hostileText, sessionLike } from '../records';
import { ocsfFaults } from './ocsf-schema';

type Json = { readonly [key: string]: Json & string & number };
const parsed = (text: string): Json => JSON.parse(text) as Json;

/** By way of a tree of its own for each record: the slow way that `JsonShapes` must agree with. */
function nested(fields: Fields): object {
  const tree = emptyTree();
  for (const [name, value] of Object.entries(fields)) plant(tree, name.split('.'), value);
  return tree;
}

const fieldValue: fc.Arbitrary<FieldValue> = fc.oneof(
  hostileText,
  fc.double(),
  fc.integer(),
  fc.bigInt(),
  fc.boolean(),
  fc.array(hostileText),
);
const awkwardName = fc.oneof(
  hostileText,
  fc.constantFrom(
    'a',
    'a.b',
    'a.b.c',
    'a.c',
    'constructor',
    'toString.x',
    '__proto__.polluted',
    'x.__proto__',
    'a.value',
  ),
);

describe('ECS', () => {
  test('a session is nested, with the id, the revision and the time of its end', () => {
    const document = parsed(ecsFormat.encode(sessionLike()));
    expect(document).toMatchObject({
      '@timestamp': '2026-11-24T02:10:00.250Z',
      ecs: { version: '9.0.0' },
      event: { id: '0123456789abcdef0123456789abcdef', sequence: 42, module: 'ascribe', dataset: 'ascribe.sessions' },
      source: { ip: '10.1.2.3', port: 50_123, nat: { ip: '198.51.100.7', port: 4711 } },
      network: { iana_number: '6', direction: 'outbound' },
      ascribe: { session: { id: 'abc' }, encrypted: 'yes', severity: 'info' },
      related: { ip: ['10.1.2.3', '203.0.113.9'] },
    });
  });

  test('a count beyond 2^53 stays exact', () => {
    const text = ecsFormat.encode(sessionLike({ 'source.bytes': 18_446_744_073_709_551_615n }));
    expect(text).toContain('"bytes":18446744073709551615');
  });

  test('a name that is a value and an object keeps both', () => {
    expect(nested({ 'a.b': 1, 'a.b.c': 2 })).toEqual({ a: { b: { value: 1, c: 2 } } });
    expect(nested({ 'a.b.c': 2, 'a.b': 1 })).toEqual({ a: { b: { value: 1, c: 2 } } });
    expect(JSON.stringify(nested({ '__proto__.polluted': 'x' }))).toBe('{"__proto__":{"polluted":"x"}}');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(JSON.stringify(nested({ 'constructor.x': 1, toString: 2 }))).toBe('{"constructor":{"x":1},"toString":2}');
  });

  test('documents by the shape of their names are those by a tree, also when names come again in another company', () => {
    const shapes = new JsonShapes();
    fc.assert(
      fc.property(fc.array(fc.dictionary(awkwardName, fieldValue), { maxLength: 6 }), (records) => {
        for (const fields of [...records, ...records]) {
          const names = Object.keys(fields);
          const values = names.map((name) => fields[name] as FieldValue);
          expect(shapes.encode(names, values)).toBe(JSON.stringify(nested(fields)));
        }
      }),
      { numRuns: 300 },
    );
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('names that never end are forgotten, not hoarded: each record is right all the same', () => {
    const shapes = new JsonShapes();
    for (let n = 0; n < 30_000; n++) {
      const text = shapes.encode([`ascribe.extra.n${n}`, 'message'], [n, 'x']);
      if (text !== `{"ascribe":{"extra":{"n${n}":${n}}},"message":"x"}`) throw new Error(text);
    }
    expect(shapes.steps).toBeLessThanOrEqual(20_000);
  });
});

describe('OCSF 1.8', () => {
  test('a session is Network Activity', () => {
    const event = parsed(ocsfFormat.encode(sessionLike({ 'ascribe.owner.name': 'web-7', 'ascribe.owner.kind': 'vm' })));
    expect(event).toMatchObject({
      class_uid: 4001,
      category_uid: 4,
      activity_id: 2,
      type_uid: 400_102,
      severity_id: 1,
      metadata: { version: '1.8.0', uid: '0123456789abcdef0123456789abcdef', sequence: 42 },
      src_endpoint: { ip: '10.1.2.3', port: 50_123 },
      dst_endpoint: { ip: '203.0.113.9', port: 443 },
      connection_info: { direction_id: 2, protocol_num: 6, uid: 'abc' },
      traffic: { bytes: 10_200, bytes_out: 1200, bytes_in: 9000 },
      is_src_dst_assignment_known: true,
      unmapped: { nat: { src_ip: '198.51.100.7', src_port: 4711 }, 'ascribe.encrypted': 'yes' },
      enrichments: [{ name: 'src_endpoint.ip', value: '10.1.2.3', data: { owner: { name: 'web-7', kind: 'vm' } } }],
    });
    expect(ocsfFaults(event)).toEqual([]);
  });

  test('a finding that was taken back is closed, and no alert', () => {
    const withdrawn = { 'event.action': 'finding-withdrawn', 'event.created': '2026-11-24T02:00:00.000Z' };
    const event = parsed(ocsfFormat.encode(findingLike(withdrawn)));
    expect(event).toMatchObject({ type_uid: 200_403, is_alert: false });
    expect(event).toHaveProperty('finding_info.modified_time', Date.UTC(2026, 10, 24, 2));
    expect(event).not.toHaveProperty('finding_info.created_time');
    expect(ocsfFaults(event)).toEqual([]);
  });

  test('a finding is a Detection Finding, its connection the evidence', () => {
    const event = parsed(ocsfFormat.encode(findingLike()));
    expect(event).toMatchObject({
      class_uid: 2004,
      type_uid: 200_401,
      is_alert: true,
      confidence_score: 80,
      finding_info: {
        uid: 'f-1',
        analytic: { uid: 'beacon', type_id: 1 },
        attacks: [
          { technique: { uid: 'T1095' } },
          { technique: { uid: 'T1071' }, sub_technique: { uid: 'T1071.001' } },
          { technique: { uid: 'T1071' }, sub_technique: { uid: 'T1071.004' } },
        ],
      },
      evidences: [{ src_endpoint: { ip: '10.1.2.3' }, connection_info: { direction_id: 2 } }],
    });
    expect(ocsfFaults(event)).toEqual([]);
  });

  test('a login is a Base Event, what it has no place for is under unmapped', () => {
    const event = parsed(ocsfFormat.encode(eventLike()));
    expect(event).toMatchObject({
      class_uid: 0,
      type_uid: 99,
      activity_name: 'login',
      severity_id: 3,
      device: { hostname: 'edge-1' },
      actor: { user: { name: 'admin' } },
      unmapped: { 'source.ip': '192.0.2.9' },
    });
    expect(ocsfFaults(event)).toEqual([]);
  });
});

describe.each([ecsFormat, ocsfFormat])('$name', (format) => {
  test.each(HOSTILE.map((text) => [JSON.stringify(text).slice(0, 40), text]))('takes %s', (_name, text) => {
    const encoded = format.encode(eventLike({ message: text, 'user.name': text, [`ascribe.extra.${text}`]: text }));
    expect(encoded).not.toMatch(/[\u0000-\u001f]/u);
    expect(Buffer.from(encoded).toString()).toBe(encoded);
    expect((parsed(encoded) as Record<string, unknown>)['message']).toBe(text.toWellFormed());
  });

  test('is JSON and, if OCSF, valid, whatever a record holds', () => {
    const value = fc.oneof(hostileText, fc.double(), fc.bigInt(), fc.boolean(), fc.array(hostileText));
    const fields = fc.dictionary(
      fc.oneof(hostileText, fc.constantFrom('source.ip', 'rule.name', 'event.start')),
      value,
    );
    fc.assert(
      fc.property(fields, fc.double(), fc.constantFrom(sessionLike, eventLike, findingLike), (extra, time, make) => {
        const event = parsed(format.encode({ ...make(extra), time }));
        if (format === ocsfFormat) expect(ocsfFaults(event)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
