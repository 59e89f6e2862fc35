import { ASA_CASES } from './cisco-asa.cases';
import { describeCases } from './cases';
import { factsOfLines } from './read-line';

describeCases('Cisco ASA', ASA_CASES, {
  header: '<166>Nov 24 2026 02:10:00 fw1 : ',
  parser: 'cisco_asa',
  device: 'fw1',
  observedAt: Date.UTC(2026, 10, 24, 2, 10, 0),
});

describe('Cisco ASA, several messages', () => {
  const HEADER = '<166>Nov 24 2026 02:10:00 fw1 : ';

  test('a teardown takes direction, interfaces and translation from its built', () => {
    const [, torn] = factsOfLines([
      `${HEADER}%ASA-6-302013: Built outbound TCP connection 9 for outside:198.51.100.7/443 (198.51.100.7/443) to inside:192.0.2.10/50514 (203.0.113.5/61234)`,
      `${HEADER}%ASA-6-302014: Teardown TCP connection 9 for outside:198.51.100.7/443 to inside:192.0.2.10/50514 duration 0:00:30 bytes 4666 TCP FINs`,
    ]);
    expect(torn).toMatchObject({
      action: 'session_end',
      directionSource: 'joined',
      source: { ip: '192.0.2.10', port: 50514, natIp: '203.0.113.5', natPort: 61234 },
      destination: { ip: '198.51.100.7', port: 443 },
      ingressInterface: 'inside',
      egressInterface: 'outside',
      bytes: 4666n,
    });
  });

  test('a message without a row keeps its id and text, secrets masked', () => {
    const facts = factsOfLines([`${HEADER}%ASA-3-999999: Something with password hunter2 happened`]);
    expect(facts).toMatchObject([
      {
        fact: 'event',
        action: 'message',
        code: '999999',
        severity: 3,
        message: 'Something with password *** happened',
      },
    ]);
  });
});
