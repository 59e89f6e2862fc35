import { parse } from 'yaml';
import type { RawRecord } from '../../../collectors/contract';
import { resolveCredential, credentialFor } from '../../../collectors/snmp/credentials';
import { TABLE_PLANS } from '../../../collectors/snmp/poller/device-plans.data';
import { hostEngineId, snmpConfig } from '../../../collectors/snmp/snmp-config';
import type { SnmpEvent } from '../../../collectors/snmp/snmp-events';
import { snmpType } from '../../../collectors/snmp/snmp-type';
import { FakeAgent, FakeTable, integerTable } from './fake-agent';

const USER = { name: 'u', user: 'ascribe', auth: { protocol: 'sha256', password: 'cred:a' } };
const COMMUNITY = { name: 'c', version: 'v2c', community: 'env:COMMUNITY' };

describe('the configuration of the SNMP collector', () => {
  it('without a word: nothing is polled and nothing received', () => {
    expect(snmpConfig.parse({})).toMatchObject({ devices: [], credentials: [], traps: undefined });
  });

  it('takes the example', () => {
    const { credentials, devices, traps } = snmpConfig.parse(parse(snmpType.example));
    expect(devices).toMatchObject([
      { name: 'esx-01', address: '192.0.2.11', port: 161, deviceClass: 'esxi', timeoutMs: 3000, retries: 1 },
      { name: 'access-01', credential: 'old', periods: { dot1dTpFdbTable: 300 } },
    ]);
    expect(credentialFor(devices[0]!, '192.0.2.11', credentials).name).toBe('core');
    expect(credentialFor(devices[1]!, '192.0.2.21', credentials).name).toBe('old');
    expect(traps?.listen[0]).toMatchObject({ port: 5162 });
    expect(traps?.engineId.length).toBe(17);
  });

  it.each([
    ['a community written out', { credentials: [{ ...COMMUNITY, community: 'public' }] }, 'by reference'],
    [
      'a password written out',
      { credentials: [{ ...USER, auth: { protocol: 'sha', password: 'secret123' } }] },
      'by reference',
    ],
    ['v2c without a community', { credentials: [{ name: 'c', version: 'v2c' }] }, 'needs a community'],
    ['v2c with a user', { credentials: [{ ...COMMUNITY, user: 'x' }] }, 'has no users'],
    ['v3 without a user', { credentials: [{ name: 'u' }] }, 'needs a user'],
    ['v3 with a community', { credentials: [{ ...USER, community: 'env:X' }] }, 'has no communities'],
    [
      'a cipher without a digest',
      { credentials: [{ name: 'u', user: 'x', priv: { protocol: 'aes', password: 'cred:p' } }] },
      'digest too',
    ],
    [
      'a digest that is none',
      { credentials: [{ ...USER, auth: { protocol: 'sha1', password: 'cred:a' } }] },
      'protocol',
    ],
    ['two credentials of one name', { credentials: [COMMUNITY, COMMUNITY] }, 'named twice'],
    ['two devices of one name', { devices: [{ name: 'a' }, { name: 'a' }] }, 'named twice'],
    ['a credential that is not there', { devices: [{ name: 'a', credential: 'x' }] }, 'no credential named'],
    ['a trap credential that is not there', { traps: { credentials: ['x'] } }, 'no credential named'],
    ['a table that is none', { devices: [{ name: 'a', periods: { ifTables: 3 } }] }, 'ifTables'],
    ['a class that is none', { devices: [{ name: 'a', class: 'toaster' }] }, 'class'],
    ['an engine id that is too short', { traps: { engine_id: '8000' } }, '5 to 32'],
    ['an unknown key', { device: [] }, 'device'],
  ])('%s is an error', (_name, config, part) => {
    expect(JSON.stringify(snmpConfig.safeParse(config).error?.issues)).toContain(part);
  });

  it('knows every table of its plans as a period', () => {
    const periods = Object.fromEntries(Object.keys(TABLE_PLANS).map((name) => [name, 60]));
    expect(snmpConfig.parse({ devices: [{ name: 'a', periods }] }).devices[0]?.periods).toEqual(periods);
  });

  it('refuses to resolve secrets by itself', () => {
    const { secrets } = snmpConfig.parse({});
    expect(() => secrets('cred:x')).toThrow('nothing resolves cred:x');
  });

  it('gives a host the same engine id every time', () => {
    expect(hostEngineId('a')).toEqual(hostEngineId('a'));
    expect(hostEngineId('a')).not.toEqual(hostEngineId('b'));
  });
});

describe('credentials', () => {
  const { credentials } = snmpConfig.parse({ credentials: [{ ...USER, subnets: ['192.0.2.0/24'] }, COMMUNITY] });

  it('turns passwords into handles', () => {
    const resolved = resolveCredential(credentials[0]!, () => 'a long password');
    expect(resolved).toMatchObject({ version: 'v3', user: 'ascribe', auth: { protocol: 'sha256' } });
    expect(JSON.stringify(resolved)).not.toContain('a long password');
  });

  it('refuses a password that agents refuse, without showing it', () => {
    const resolve = () => resolveCredential(credentials[0]!, () => 'short77');
    expect(resolve).toThrow('cred:a is shorter than 8 characters');
    expect(resolve).not.toThrow('short77');
  });

  it('says when no subnet holds the address', () => {
    const device = snmpConfig.parse({ devices: [{ name: 'a', address: '198.51.100.1' }] }).devices[0]!;
    expect(() => credentialFor(device, '198.51.100.1', credentials)).toThrow(
      'no SNMP credential whose subnets hold 198.51.100.1',
    );
  });
});

describe('check --online', () => {
  it('names what a device answers and what it does not', async () => {
    const table = new FakeTable(integerTable(['1.3.6.1.2.1.1.3', '1.3.6.1.2.1.2.2.1.8'], 2));
    const agent = await FakeAgent.open((request, self) => self.answer(request, table.successors(request)));
    const silent = await FakeAgent.open(() => undefined);
    try {
      const device = { address: '127.0.0.1', class: 'paloalto', credential: 'c', timeout: 3, retries: 0 };
      const settings = snmpConfig.parse({
        credentials: [COMMUNITY, { ...USER, priv: { protocol: 'des', password: 'cred:p' } }],
        devices: [
          { ...device, name: 'fw1', port: agent.port },
          { ...device, name: 'fw2', port: silent.port, timeout: 0.1 },
          { ...device, name: 'fw3', port: 9, credential: 'u' },
        ],
        traps: { listen: ['127.0.0.1:0'], credentials: ['c'] },
      });
      const secrets = (reference: string): string => {
        if (reference === 'env:COMMUNITY') return 'reader';
        throw new Error(`${reference} is not set`);
      };
      const findings = await snmpType.probe({ ...settings, secrets }, new AbortController().signal);
      const text = findings.map(({ severity, text: said }) => `${severity} ${said}`).join('\n');
      expect(text).toMatch(/ok udp:\/\/127\.0\.0\.1:\d+ can be opened/);
      expect(text).toMatch(/ok fw1 \(127\.0\.0\.1:\d+, v2c\): answers system, ifTable; has no snmpEngine, /);
      expect(text).toMatch(/error fw2 \(127\.0\.0\.1:\d+, v2c\): no answer/);
      expect(text).toContain('error fw3: cred:a is not set');
      expect(text).not.toContain('reader');
    } finally {
      agent.close();
      silent.close();
    }
  });
});

describe('SnmpCollector', () => {
  it('polls and receives, and stops both', async () => {
    const table = new FakeTable(integerTable(['1.3.6.1.2.1.1.3'], 1));
    const agent = await FakeAgent.open((request, self) => self.answer(request, table.successors(request)));
    const settings = snmpConfig.parse({
      credentials: [COMMUNITY],
      devices: [{ name: 'fw1', address: '127.0.0.1', port: agent.port, class: 'paloalto', credential: 'c' }],
      traps: { listen: ['127.0.0.1:0'] },
      start_spread: 0,
    });
    const events: SnmpEvent[] = [];
    let first: ((record: RawRecord) => void) | undefined;
    const heard = new Promise<RawRecord>((resolve) => {
      first = resolve;
    });
    const collector = snmpType.create(
      { ...settings, secrets: () => 'reader' },
      {
        offer: (batch) => {
          first?.(batch[0]!);
          return batch.length;
        },
        emit: (event) => events.push(event),
        now: Date.now,
      },
    );
    await collector.stop();
    await collector.start();
    expect((await heard).origin.source).toBe('fw1');
    expect(collector.addresses()).toHaveLength(1);
    await collector.stop();
    await collector.stop();
    agent.close();
    expect(collector.addresses()).toEqual([]);
    expect(collector.stats().poller.devices).toMatchObject([{ device: 'fw1' }]);
    expect(events.map(({ kind }) => kind)).toContain('udp_listening');
  });

  it('does not start when the secret of a trap sender is missing', async () => {
    const settings = snmpConfig.parse({ credentials: [COMMUNITY], traps: { listen: ['127.0.0.1:0'] } });
    const collector = snmpType.create(settings, { offer: () => 1, emit: () => undefined, now: Date.now });
    await expect(collector.start()).rejects.toMatchObject({ code: 'snmp_secret' });
    await collector.stop();
  });
});
