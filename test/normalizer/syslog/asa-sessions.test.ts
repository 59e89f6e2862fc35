import type { Fact } from '../../../normalizer/model/facts';
import { FlowBatch } from '../../../normalizer/model/flow-batch';
import { SyslogNormalizer } from '../../../normalizer/syslog/syslog-normalizer';

const RECEIVED_AT = Date.UTC(2026, 10, 24, 4);

/** Facts of the last line, after those before it. */
function last(...lines: readonly string[]): Fact[] {
  const normalizer = new SyslogNormalizer(() => ({}));
  const origin = { collector: 'syslog', source: 's', peer: '192.0.2.1:514', format: 'syslog' } as const;
  const flows = new FlowBatch(1);
  let facts: Fact[] = [];
  for (const [i, line] of lines.entries()) {
    facts = [];
    const bytes = Buffer.from(`<166>Nov 24 2026 03:59:50 fw1 : ${line}`);
    normalizer.normalize(
      { seq: i + 1, origin, receivedAt: RECEIVED_AT, bytes },
      { flows, fact: (fact) => facts.push(fact) },
    );
  }
  return facts;
}

const session = (facts: readonly Fact[]) => facts.find(({ fact }) => fact === 'session_log');

// Forms: Cisco Secure Firewall ASA Series Syslog Messages, 302013 to 302021. ASA writes the lower security side first.
const OUTBOUND =
  '%ASA-6-302013: Built outbound TCP connection 77 for outside:203.0.113.20/443 (203.0.113.20/443) to inside:10.20.30.40/52011 (198.51.100.7/61000)';
const INBOUND =
  '%ASA-6-302013: Built inbound TCP connection 77 for outside:203.0.113.20/443 (203.0.113.20/443) to inside:10.20.30.40/52011 (198.51.100.7/61000)';
const TEARDOWN =
  '%ASA-6-302014: Teardown TCP connection 77 for outside:203.0.113.20/443 to inside:10.20.30.40/52011 duration 0:01:00 bytes 5000 TCP FINs';

describe('ASA teardowns', () => {
  test('of an outbound connection: the inside is the source, with its translation', () => {
    expect(session(last(OUTBOUND, TEARDOWN))).toMatchObject({
      action: 'session_end',
      directionSource: 'joined',
      source: { ip: '10.20.30.40', port: 52011, natIp: '198.51.100.7', natPort: 61000 },
      destination: { ip: '203.0.113.20', port: 443 },
      bytes: 5000n,
    });
  });

  test('of an inbound connection: the outside is the source', () => {
    expect(session(last(INBOUND, TEARDOWN))).toMatchObject({
      directionSource: 'joined',
      source: { ip: '203.0.113.20', port: 443 },
      destination: { ip: '10.20.30.40', port: 52011 },
    });
  });

  test('without their start stay unknown', () => {
    expect(session(last(TEARDOWN))).toMatchObject({ directionSource: 'unknown' });
  });

  test('with an id that was used again stay unknown', () => {
    expect(session(last(OUTBOUND.replaceAll('52011', '52012'), TEARDOWN))).toMatchObject({
      directionSource: 'unknown',
    });
  });
});
