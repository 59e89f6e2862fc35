import type { SessionLog } from '../../../normalizer/model/facts';
import { SessionJoin } from '../../../normalizer/syslog/session-join';

const base = {
  fact: 'session_log',
  rawSeq: 1,
  observedAt: 1000,
  timeQuality: 'ok',
  device: 'fw',
  parser: 'p',
} as const;

const start: SessionLog = {
  ...base,
  action: 'session_start',
  directionSource: 'stated',
  source: { ip: '10.0.0.1', port: 5000, natIp: '198.51.100.7', natPort: 1025, user: 'kim' },
  destination: { ip: '203.0.113.20', port: 443 },
  protocol: 6,
  ruleName: 'out',
  ingressInterface: 'inside',
  egressInterface: 'outside',
  sessionKey: '77',
};

/** As ASA writes a teardown: the outside first, no direction, no translation. */
const end: SessionLog = {
  ...base,
  rawSeq: 2,
  observedAt: 61_000,
  action: 'session_end',
  directionSource: 'unknown',
  source: { ip: '203.0.113.20', port: 443 },
  destination: { ip: '10.0.0.1', port: 5000 },
  ingressInterface: 'outside',
  egressInterface: 'inside',
  protocol: 6,
  bytes: 1234n,
  durationNs: 60_000_000_000n,
  reason: 'TCP FINs',
  sessionKey: '77',
};

const joined: SessionLog = {
  ...end,
  directionSource: 'joined',
  source: start.source,
  destination: start.destination,
  ingressInterface: 'inside',
  egressInterface: 'outside',
  ruleName: 'out',
  start: 1000,
};

function join(...logs: SessionLog[]): SessionLog | undefined {
  const sessions = new SessionJoin();
  return logs.map((log, i) => sessions.join(log, i * 1000)).at(-1);
}

describe('SessionJoin', () => {
  test('an end takes direction, translation, user and rule from its start', () => {
    expect(join(start, end)).toEqual(joined);
  });

  test('an end in the order of the start keeps it', () => {
    expect(join(start, { ...end, source: end.destination, destination: end.source })).toEqual(joined);
  });

  test('what the end states itself stays', () => {
    const stated = { ...end, user: 'lee', start: 5 };
    expect(join(start, stated)).toMatchObject({ user: 'lee', start: 5, directionSource: 'joined' });
  });

  test("counters of the end's sides turn with them", () => {
    const counted = { ...end, source: { ...end.source, bytes: 9n }, destination: { ...end.destination, bytes: 1n } };
    expect(join(start, counted)).toMatchObject({ source: { bytes: 1n }, destination: { bytes: 9n } });
  });

  test.each([
    ['no start', [end]],
    ["another device's start", [{ ...start, device: 'other' }, end]],
    ['another id', [{ ...start, sessionKey: '78' }, end]],
    ['the id used again for other addresses', [{ ...start, source: { ip: '10.0.0.2', port: 5000 } }, end]],
    ['the id used again for another port', [{ ...start, source: { ip: '10.0.0.1', port: 5001 } }, end]],
    ['another protocol', [{ ...start, protocol: 17 }, end]],
    ['a start without direction', [{ ...start, directionSource: 'unknown' as const }, end]],
    ['a second end', [start, end, end]],
  ])('%s: the end stays unknown', (_, logs) => expect(join(...logs)).toBe(logs.at(-1)));

  test('an end that states its direction is left alone and closes the session', () => {
    const sessions = new SessionJoin();
    sessions.join(start, 0);
    const stated = { ...end, directionSource: 'stated' as const };
    expect(sessions.join(stated, 0)).toBe(stated);
    expect(sessions.size).toBe(0);
  });

  test('starts are bounded by number, the oldest goes', () => {
    const sessions = new SessionJoin({ maxSessions: 10, maxAgeMs: 1e9 });
    for (let i = 0; i < 25; i++) sessions.join({ ...start, sessionKey: `${i}` }, i);
    expect(sessions.size).toBe(10);
    expect(sessions.join({ ...end, sessionKey: '14' }, 30).directionSource).toBe('unknown');
    expect(sessions.join({ ...end, sessionKey: '15' }, 30).directionSource).toBe('joined');
  });

  test('and by age', () => {
    const sessions = new SessionJoin({ maxSessions: 10, maxAgeMs: 1000 });
    sessions.join(start, 0);
    expect(sessions.join(end, 1001).directionSource).toBe('unknown');
    sessions.join(start, 0);
    sessions.join({ ...start, sessionKey: 'other' }, 2000);
    expect(sessions.size).toBe(1);
  });

  test('goes on from its state, and equal state gives equal bytes', () => {
    const sessions = new SessionJoin();
    sessions.join(start, 0);
    const bytes = JSON.stringify(sessions.state());
    const again = new SessionJoin();
    again.restore(JSON.parse(bytes));
    expect(JSON.stringify(again.state())).toBe(bytes);
    expect(again.join(end, 1000)).toEqual(joined);
  });
});
