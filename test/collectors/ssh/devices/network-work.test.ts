import type { SshConnection } from '../../../../collectors/ssh/adapter/ssh-connection';
import { NetworkWork } from '../../../../collectors/ssh/devices/network-work';
import { VisitSchedule } from '../../../../collectors/ssh/devices/visit-schedule';
import { ciscoIos } from '../../../../collectors/ssh/devices/platforms/cisco-ios.data';
import type { SshEvent } from '../../../../collectors/ssh/ssh-events';
import type { WorkGround } from '../../../../collectors/ssh/poller/device-work';
import { sampleContent } from '../../../site/devices/device-contents.data';
import type { ScriptedDevice } from '../../../site/devices/scripted-device';
import { openDevice, plainConnection, TEST_TIMES } from './read-device';

jest.setTimeout(30_000);

describe('VisitSchedule', () => {
  const ids = (schedule: VisitSchedule, clock: number): string[] => schedule.wanted(clock).map(({ id }) => id);
  const readAll = (schedule: VisitSchedule, clock: number): void => {
    for (const command of schedule.wanted(clock)) schedule.read(command, true, clock);
    schedule.ended(clock);
  };

  test('state comes every five minutes, the configuration daily, identity with each', () => {
    const schedule = new VisitSchedule(ciscoIos, {}, 0, 'r1');
    expect(ids(schedule, 0).slice(0, 3)).toEqual(['clock', 'version', 'nat_translations']);
    expect(ids(schedule, 0).at(-1)).toBe('running_config');
    readAll(schedule, 0);
    expect(schedule.next).toBe(300_000);
    expect(ids(schedule, 299_999)).toEqual([]);
    expect(ids(schedule, 300_000)).not.toContain('running_config');
    expect(ids(schedule, 86_400_000)).toContain('running_config');
  });

  test('a change brings the configuration before its time, not at once after the last', () => {
    const schedule = new VisitSchedule(ciscoIos, {}, 0, 'r1');
    readAll(schedule, 0);
    schedule.changed(100_000);
    expect(schedule.next).toBe(300_000);
    readAll(schedule, 300_000);
    schedule.changed(3_000_000);
    expect(ids(schedule, 3_005_000)).toContain('running_config');
  });

  test('a change that is told while the configuration is read brings it once more', () => {
    const schedule = new VisitSchedule(ciscoIos, {}, 0, 'r1');
    const wanted = schedule.wanted(0);
    schedule.changed(1000);
    for (const command of wanted) schedule.read(command, true, 2000);
    schedule.ended(2000);
    expect(ids(schedule, 302_000)).toContain('running_config');
    const later = new VisitSchedule(ciscoIos, {}, 0, 'r2');
    readAll(later, 0);
    for (let clock = 1000; clock < 200_000; clock += 1000) later.changed(clock);
    expect(ids(later, 300_000)).toContain('running_config');
    readAll(later, 300_000);
    expect(ids(later, 600_000)).not.toContain('running_config');
  });

  test('periods are by name; 0 leaves a command out', () => {
    const schedule = new VisitSchedule(ciscoIos, { arp: 60, running_config: 0, mac_table: 0, version: 0 }, 0, 'r1');
    const first = ids(schedule, 0);
    expect(first).not.toContain('running_config');
    expect(first).not.toContain('mac_table');
    expect(first).not.toContain('version');
    readAll(schedule, 0);
    expect(schedule.next).toBe(60_000);
    expect(ids(schedule, 60_000)).toEqual(['clock', 'arp']);
  });

  test('what a visit did not come to is tried again in a while; a cut configuration too', () => {
    const schedule = new VisitSchedule(ciscoIos, {}, 0, 'r1');
    const [clock, version] = schedule.wanted(0);
    schedule.read(clock!, true, 0);
    schedule.read(version!, true, 0);
    schedule.ended(0);
    expect(schedule.next).toBeGreaterThanOrEqual(60_000);
    expect(schedule.next).toBeLessThan(90_000);
    const config = ciscoIos.commands.find(({ id }) => id === 'running_config')!;
    readAll(schedule, schedule.next);
    schedule.read(config, false, 1000);
    expect(ids(schedule, 1000 + 900_000)).toContain('running_config');
  });
});

describe('NetworkWork', () => {
  let device: ScriptedDevice;
  afterEach(() => device.close());

  interface Delivered {
    readonly command: string;
    readonly complete: boolean;
    readonly version: string | undefined;
    readonly text: string;
  }

  function ground(events: SshEvent[], clock: () => number, enable: string | undefined): WorkGround {
    return {
      device: {
        name: 'core',
        address: '127.0.0.1',
        port: device.port,
        platform: 'cisco_ios',
        credential: undefined,
        hostKeys: [],
        legacyAlgorithms: false,
        periods: { neighbours_cdp: 0, telemetry: 0, call_home: 0, license: 0, cloud_management: 0, vpn_sessions: 0 },
        logs: false,
      },
      limits: {
        concurrency: 1,
        silentConcurrency: 1,
        channels: 1,
        readyTimeoutMs: 5000,
        keepaliveMs: 10_000,
        startSpreadMs: 0,
        logPeriodMs: 10_000,
        logBytesPerPoll: 1 << 20,
        logCatchUpMs: 0,
      },
      emit: (event) => events.push(event),
      now: Date.now,
      clock,
      enableSecret: () => enable,
      resume: () => Promise.resolve([]),
      turn: (work) => work(),
    };
  }

  async function visitOnce(work: NetworkWork): Promise<Delivered[]> {
    const plain = await plainConnection(device);
    const delivered: Delivered[] = [];
    const connection = plain as unknown as SshConnection;
    await work.visit({
      connection,
      signal: new AbortController().signal,
      deliver: (sent, { complete, stdout }, { version }) => {
        delivered.push({ command: sent.command, complete, version, text: stdout.toString() });
        return Promise.resolve(true);
      },
      deliverLog: () => Promise.resolve(true),
    });
    plain.end();
    return delivered;
  }

  test('delivers everything at first, tables afterwards, and the configuration again when it changed', async () => {
    const outputs: Record<string, string> = { 'show logging | include SYS-5-CONFIG_I': 'a\n' };
    const content = sampleContent('cisco_ios');
    device = await openDevice('cisco_ios', {
      content: { answer: (line, mode) => outputs[line] ?? content.answer(line, mode) },
    });
    const events: SshEvent[] = [];
    let clock = 0;
    const work = new NetworkWork(
      ground(events, () => clock, 'open sesame'),
      'cisco_ios',
      TEST_TIMES,
    );
    const first = await visitOnce(work);
    expect(first.find(({ command }) => command === 'running_config')).toMatchObject({
      complete: true,
      version: '17.09.04a',
    });
    expect(work.status()).toMatchObject({ version: '17.09.04a', limitations: [] });
    clock = work.due;
    const second = await visitOnce(work);
    expect(second.map(({ command }) => command)).toContain('arp');
    expect(second.map(({ command }) => command)).not.toContain('running_config');
    outputs['show logging | include SYS-5-CONFIG_I'] = 'a\nb\n';
    clock = work.due;
    await visitOnce(work);
    clock = work.due;
    expect((await visitOnce(work)).map(({ command }) => command)).toContain('running_config');
    // What the device does not know is told once, not at every visit.
    const told = events.filter((event) => event.kind === 'ssh_command_incomplete').map(({ command }) => command);
    expect(new Set(told).size).toBe(told.length);
  });

  test('reads the configuration of a device that told elsewhere that it changed', async () => {
    device = await openDevice('cisco_ios');
    let clock = 0;
    const work = new NetworkWork(
      ground([], () => clock, 'open sesame'),
      'cisco_ios',
      TEST_TIMES,
    );
    await visitOnce(work);
    clock = 1_000_000;
    await visitOnce(work);
    work.changed();
    expect(work.due).toBe(1_005_000);
    clock = work.due;
    expect((await visitOnce(work)).map(({ command }) => command)).toEqual(['clock', 'version', 'running_config']);
  });

  test('says that privilege is missing', async () => {
    device = await openDevice('cisco_ios');
    const events: SshEvent[] = [];
    const work = new NetworkWork(
      ground(events, () => 0, undefined),
      'cisco_ios',
      TEST_TIMES,
    );
    await visitOnce(work);
    expect(events).toContainEqual({
      kind: 'ssh_limitation',
      device: 'core',
      text: 'not privileged, and no enable password is configured',
    });
  });

  test('a device without a prompt ends the visit with a word, not with an error', async () => {
    device = await openDevice('cisco_ios', { faults: { mute: true, banner: 'Please wait' } });
    const events: SshEvent[] = [];
    const times = { ...TEST_TIMES, loginMs: 300 };
    const work = new NetworkWork(
      ground(events, () => 0, undefined),
      'cisco_ios',
      times,
    );
    expect(await visitOnce(work)).toEqual([]);
    expect(events).toMatchObject([{ kind: 'ssh_limitation', text: 'no prompt came; the last line is "Please wait"' }]);
    expect(work.due).toBeGreaterThan(0);
  });
});
