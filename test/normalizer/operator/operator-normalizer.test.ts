import fc from 'fast-check';
import { encodeOperatorRecord, type OperatorRecord } from '../../../collectors/operator/operator-record';
import type { Fact } from '../../../normalizer/model/facts';
import { FlowBatch } from '../../../normalizer/model/flow-batch';
import { OperatorNormalizer } from '../../../normalizer/operator/operator-normalizer';

const AT = Date.UTC(2026, 10, 24, 1);
const RECORD: OperatorRecord = {
  v: 1,
  kind: 'operator',
  id: '6f0d1b8e-0c1a-4d43-9a53-0a6a4b1f2f11',
  phase: 'end',
  action: 'evidence pack',
  command: 'ascribe evidence pack --session a',
  user: 'root',
  uid: 0,
  sudoUser: 'eva',
  loginUid: 1000,
  terminal: '/dev/pts/1',
  client: '192.0.2.9',
  host: 'jump-1',
  pid: 4711,
  at: AT,
  exit: 3,
  version: '0.1.0',
};

const flows = new FlowBatch(1);

function factsOf(bytes: Uint8Array): Fact[] {
  const facts: Fact[] = [];
  const origin = { collector: 'operator', source: 'operator', peer: '', format: 'operator' } as const;
  const record = { seq: 7, receivedAt: AT + 1, origin, bytes };
  new OperatorNormalizer().normalize(record, { flows, fact: (fact) => facts.push(fact) });
  return facts;
}

test('what the spool writes is read as an event with who, what and how it ended', () => {
  expect(factsOf(encodeOperatorRecord(RECORD))).toEqual([
    {
      rawSeq: 7,
      observedAt: AT,
      timeQuality: 'ok',
      device: 'jump-1',
      parser: 'operator',
      fact: 'event',
      category: 'process',
      action: 'operator_end',
      outcome: 'failure',
      code: 'evidence pack',
      process: 'ascribe',
      message: 'eva as root ended evidence pack',
      user: 'root',
      sourceIp: '192.0.2.9',
      command: 'ascribe evidence pack --session a',
      extra: {
        'ascribe.operator.id': RECORD.id,
        'ascribe.operator.sudo_user': 'eva',
        'ascribe.operator.login_uid': 1000,
        'user.id': 0,
        'ascribe.operator.terminal': '/dev/pts/1',
        'process.exit_code': 3,
        'process.pid': 4711,
        'ascribe.operator.version': '0.1.0',
      },
    },
  ]);
  const { exit: _exit, ...begin } = RECORD;
  expect(factsOf(encodeOperatorRecord({ ...begin, phase: 'begin' }))).toMatchObject([
    { action: 'operator_begin', outcome: 'unknown', message: 'eva as root began evidence pack' },
  ]);
});

test('whatever stands in the spool is one fact', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        fc.json().map((text) => Buffer.from(text)),
      ),
      (bytes) => {
        expect(factsOf(bytes)).toMatchObject([{ fact: 'rejected', reason: 'operator_malformed' }]);
      },
    ),
  );
});
