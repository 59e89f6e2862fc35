import { EsxiStandIn } from '../../site/esxi/esxi-stand-in';
import { makeHost } from '../../site/esxi/esxi-world';
import { CollectorRun } from './collector-run';

jest.setTimeout(60_000);

const HOSTD = '/var/run/log/hostd.log';

let standIn: EsxiStandIn;
let run: CollectorRun | undefined;
afterEach(async () => {
  await run?.stop();
  await standIn.stop();
  expect(standIn.refused).toEqual([]);
});

test.each([
  [86_400, 'old 1\nold 2\nnew 1\n'],
  [0, 'new 1\n'],
])('a host that was never read: with log_catch_up %i, rotated files first', async (seconds, expected) => {
  const world = makeHost({ version: '8.0' });
  standIn = await new EsxiStandIn({ host: () => world }).start();
  standIn.volume.append(HOSTD, 'old 1\nold 2\n');
  standIn.volume.rotate(HOSTD, 'rename');
  standIn.volume.append(HOSTD, 'new 1\n');
  run = await new CollectorRun(standIn, { section: { log_catch_up: seconds } }).start();
  const text = (): string =>
    run!
      .logs('hostd.log')
      .map(({ body }) => body.toString())
      .join('');
  await run.until('the newest line', () => text().includes('new 1\n'));
  expect(
    text()
      .split('\n')
      .filter((line) => /^(?:old|new) \d$/u.test(line))
      .join('\n'),
  ).toBe(expected.trimEnd());
});
