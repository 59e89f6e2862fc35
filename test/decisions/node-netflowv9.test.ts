import { spawnSync } from 'node:child_process';

/** docs/decisions/0002: what a hostile datagram does to node-netflowv9. Each runs in a process of its own. */

const V9_HEADER = '00090001000003e86553f1000000000100000000';

const decodeInChild = (hexDatagrams: readonly string[], timeout: number) =>
  spawnSync(
    process.execPath,
    [
      '-e',
      `const Collector = require('node-netflowv9');
       const decoder = Object.assign(Object.create(Collector.prototype), { templates: {} });
       for (const hex of ${JSON.stringify(hexDatagrams)}) {
         decoder.nfPktDecode(Buffer.from(hex, 'hex'), { address: '192.0.2.1', port: 2055 });
       }
       process.stdout.write('returned');`,
    ],
    { timeout, encoding: 'utf8', cwd: process.cwd() },
  );

test('a harmless v9 header returns', () => {
  const result = decodeInChild([V9_HEADER], 10_000);
  expect(result.stderr).toBe('');
  expect(result.stdout).toBe('returned');
});

test('one 24-byte datagram with a set of length 0 hangs it', () => {
  const result = decodeInChild([`${V9_HEADER}00000000`], 2_000);
  expect((result.error as NodeJS.ErrnoException).code).toBe('ETIMEDOUT');
});

test('a truncated template ends the process', () => {
  const result = decodeInChild([`${V9_HEADER}0000000c010000c800010004`], 10_000);
  expect(result.status).not.toBe(0);
  expect(result.stderr).toMatch(/RangeError|ERR_OUT_OF_RANGE/);
});
