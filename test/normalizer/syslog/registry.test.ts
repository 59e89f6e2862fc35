import type { Fact } from '../../../normalizer/model/facts';
import { FlowBatch } from '../../../normalizer/model/flow-batch';
import { parseHeader } from '../../../normalizer/syslog/header/parse-header';
import { VENDORS } from '../../../normalizer/syslog/registry';
import { SyslogNormalizer } from '../../../normalizer/syslog/syslog-normalizer';

const RECEIVED_AT = Date.UTC(2026, 10, 24, 4);
const examples = VENDORS.map(({ name, example }) => [name, example] as const);

describe('the registry of syslog vendors', () => {
  test('names are unique', () => {
    const names = VENDORS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  test.each(examples)('%s is the first to recognize its example', (name, example) => {
    const message = parseHeader(Buffer.from(example), { receivedAt: RECEIVED_AT });
    expect(VENDORS.find((vendor) => vendor.recognizes(message))?.name).toBe(name);
  });

  test.each(examples)('the example of %s gives facts that name it', (name, example) => {
    const facts: Fact[] = [];
    const origin = {
      collector: 'syslog',
      source: 'udp://0.0.0.0:5514',
      peer: '192.0.2.1:514',
      format: 'syslog',
    } as const;
    const normalizer = new SyslogNormalizer(() => ({}));
    const record = { seq: 1, origin, receivedAt: RECEIVED_AT, bytes: Buffer.from(example) };
    normalizer.normalize(record, { flows: new FlowBatch(1), fact: (fact) => facts.push(fact) });
    expect(facts.length).toBeGreaterThan(0);
    for (const fact of facts) {
      expect(fact).toMatchObject({ rawSeq: 1, parser: name });
      expect(fact.fact).not.toBe('rejected');
      expect(Number.isInteger(fact.observedAt)).toBe(true);
    }
  });
});
