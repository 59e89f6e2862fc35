import type { RawRecord } from '../../../../collectors/contract';
import { ciscoIos } from '../../../../collectors/ssh/devices/platforms/cisco-ios.data';
import { SshPoller } from '../../../../collectors/ssh/poller/ssh-poller';
import { sshConfig } from '../../../../collectors/ssh/ssh-config';
import type { ScriptedDevice } from '../../../site/devices/scripted-device';
import { takeApart } from '../collector-run';
import { fingerprintOf } from '../connection-target';
import { openDevice } from './read-device';

jest.setTimeout(60_000);

let device: ScriptedDevice;
let poller: SshPoller | undefined;
afterEach(async () => {
  await poller?.stop();
  await device.close();
});

/** Everything but the configuration and one table. */
const LEFT_OUT = Object.fromEntries(
  ciscoIos.commands.flatMap(({ id }) => (['running_config', 'arp'].includes(id) ? [] : [[id, 0]])),
);

test('a device that told elsewhere that its configuration changed is visited before its time', async () => {
  device = await openDevice('cisco_ios');
  const settings = sshConfig.parse({
    credentials: [{ name: 'net', user: 'ascribe', password: 'env:P', enable: 'env:E' }],
    devices: [
      {
        name: 'core',
        address: '127.0.0.1',
        port: device.port,
        platform: 'cisco_ios',
        credential: 'net',
        periods: LEFT_OUT,
        host_keys: [fingerprintOf(device.hostKey)],
      },
    ],
    start_spread: 0,
  });
  const records: RawRecord[] = [];
  let came = (): void => undefined;
  const offer = (batch: readonly RawRecord[]): number => {
    records.push(...batch);
    came();
    return batch.length;
  };
  const configurations = (): number =>
    records
      .map(({ bytes }) => takeApart(bytes))
      .filter((one) => one.kind === 'command' && one.command === 'running_config').length;
  const until = async (count: number): Promise<void> => {
    while (configurations() < count) await new Promise<void>((resolve) => (came = resolve));
  };
  let clock = 0;
  const secrets = (reference: string): string => (reference === 'env:E' ? 'open sesame' : 'secret');
  poller = new SshPoller(
    { ...settings, secrets, resume: async () => [] },
    { offer, emit: () => undefined, now: Date.now },
    () => clock,
  );
  poller.start();
  await until(1);
  while (poller.stats().running > 0) await new Promise(setImmediate);
  clock = 299_000;
  expect(poller.changed('another', '192.0.2.1')).toBe(0);
  expect(poller.changed('core', '')).toBe(1);
  expect(poller.changed('', '127.0.0.1')).toBe(1);
  clock = 310_000;
  // The timer sleeps by the real clock; a further word makes it look again.
  poller.changed('core', '');
  await until(2);
});
