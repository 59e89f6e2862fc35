import fc from 'fast-check';
import {
  encodeCommandRecord,
  encodeLogRecord,
  SSH_PLATFORMS,
  type SshCommandHeader,
  type SshGapReason,
  type SshIncompleteReason,
  type SshLogHeader,
  type SshOutput,
} from '../../collectors/ssh/ssh-record';
import { readSshRecord } from '../../normalizer/ssh-record';

/** The collector's encoder and the normalizer's decoder, written apart, hold one encoding. */

const REASONS: readonly SshIncompleteReason[] = [
  ...(['', 'timeout', 'byte_cap', 'no_exit', 'channel_refused', 'disconnected', 'cancelled'] as const),
  ...(['no_terminator', 'refused'] as const),
];
const OUTPUTS: readonly SshOutput[] = ['csv', 'json', 'xml', 'table', 'keyvalue', 'text'];
const GAPS: readonly SshGapReason[] = ['rotated_away', 'truncated', 'vanished', 'damaged', 'too_large'];

const session = {
  user: 'ascribe',
  address: '192.0.2.9',
  port: 50_022,
  since: 1_790_000_000_000,
  hostKey: 'SHA256:abc',
};
const seen = { user: 'ascribe', address: '192.0.2.9', port: 50_022, since: 1_790_000_000_000 };

const COMMAND: SshCommandHeader = {
  platform: 'esxi',
  command: 'connection_list',
  line: 'esxcli --formatter=csv network ip connection list -t all -N vmotion',
  parameters: { netstack: 'vmotion' },
  exit: 0,
  signal: '',
  complete: true,
  reason: '',
  stderr: 'warning: "quoted"\nsecond line',
  startedAt: 1_790_000_000_100,
  finishedAt: 1_790_000_000_900,
  clockOffset: -90_000,
  output: 'csv',
  version: 'VMware ESXi 8.0.3',
  device: 'esx-01',
  session,
};
const LOG: SshLogHeader = {
  platform: 'esxi',
  file: '/vmfs/volumes/ds 1/my vm [1]/vmware.log',
  generation: '0123456789abcdef',
  head: 4096,
  offset: 2 ** 40,
  timezone: 'Europe/Berlin',
  device: 'esx-01',
  clockOffset: 1500,
  session,
};

function commandOf(
  header: SshCommandHeader,
  body: Uint8Array,
): Extract<ReturnType<typeof readSshRecord>, { kind: 'command' }> {
  const read = readSshRecord(encodeCommandRecord(header, body));
  if (read.kind !== 'command') throw new Error(JSON.stringify(read));
  return read;
}

function logOf(header: SshLogHeader, body: Uint8Array): Extract<ReturnType<typeof readSshRecord>, { kind: 'log' }> {
  const read = readSshRecord(encodeLogRecord(header, body));
  if (read.kind !== 'log') throw new Error(JSON.stringify(read));
  return read;
}

const bytes = fc.uint8Array({ maxLength: 400 });

test('a command comes back as it was written, whatever its output holds', () => {
  fc.assert(
    fc.property(
      bytes,
      fc.constantFrom(...SSH_PLATFORMS),
      fc.constantFrom(...REASONS),
      fc.constantFrom(...OUTPUTS),
      fc.string({ unit: 'grapheme', maxLength: 80 }),
      (body, platform, reason, output, stderr) => {
        const header = { ...COMMAND, platform, reason, output, stderr, complete: reason === '' };
        const read = commandOf(header, body);
        expect(read).toMatchObject({ ...header, session: seen });
        expect(Buffer.from(read.body).equals(Buffer.from(body))).toBe(true);
      },
    ),
    { numRuns: 200 },
  );
});

test('what a command does not state is not made up', () => {
  const { clockOffset: _, version: __, device: ___, session: ____, parameters: _____, ...bare } = COMMAND;
  const read = commandOf(
    { ...bare, exit: null, signal: 'SIGKILL', complete: false, reason: 'timeout' },
    Buffer.alloc(0),
  );
  expect(read).toMatchObject({ signal: 'SIGKILL', complete: false, version: '', device: '', parameters: {} });
  expect([read.exit, read.clockOffset, read.session]).toEqual([undefined, undefined, undefined]);
  expect(read.body).toHaveLength(0);
});

test('a stretch of a log comes back as it was written, whole or cut', () => {
  fc.assert(
    fc.property(bytes, fc.boolean(), fc.maxSafeNat(), (body, cut, offset) => {
      const read = logOf({ ...LOG, offset, ...(cut && { cut }) }, body);
      const { head: _, session: __, ...stated } = LOG;
      expect(read).toMatchObject({ ...stated, offset, cut, reason: '', session: seen });
      expect(Buffer.from(read.body).equals(Buffer.from(body))).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test.each(GAPS)('a gap comes back with its times: %s', (reason) => {
  const read = logOf({ ...LOG, reason, from: 1_790_000_000_000, to: 1_790_000_060_000 }, Buffer.alloc(0));
  expect(read).toMatchObject({ reason, from: 1_790_000_000_000, to: 1_790_000_060_000, cut: false });
  expect(read.body).toHaveLength(0);
  const open = logOf({ ...LOG, reason, to: 5 }, Buffer.alloc(0));
  expect([open.from, open.to]).toEqual([undefined, 5]);
});

test('the longest error output there is fits into a header', () => {
  const stderr = '\u0001'.repeat(4096);
  expect(commandOf({ ...COMMAND, stderr }, Buffer.from('x')).stderr).toBe(stderr);
});
