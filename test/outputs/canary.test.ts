import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FORMATS, KINDS } from '../../forwarders/registry';
import { RunningForwarder, until } from '../forwarders/store-site';
import { HostileSite, T } from './hostile-site';
import { commandRecord } from '../site/encoders/command-record';

/**
 * Secrets of every kind, each with a mark of its own: in what devices send (where masking must find them), and in what the
 * configuration names by reference (which must never be read into anything). The journal's raw records hold the former, by design.
 */
let marks = 0;
const sent: string[] = [];
const secret = (): string => {
  const mark = `Kanari${(marks += 1)}xQ7vZ`;
  sent.push(mark);
  return mark;
};

const CONFIG_LINES = [
  `enable secret ${secret()}`,
  `enable password 7 ${secret()}`,
  `username eva privilege 15 secret 9 $9$${secret()}`,
  `snmp-server community ${secret()} RO`,
  `snmp-server user eva grp v3 auth sha ${secret()} priv aes 128 ${secret()}`,
  `snmp-server host 192.0.2.5 version 2c ${secret()}`,
  `tacacs-server key ${secret()}`,
  `radius-server host 192.0.2.8 key ${secret()}`,
  `crypto isakmp key ${secret()} address 203.0.113.1`,
  `ntp authentication-key 1 md5 ${secret()}`,
  `neighbor 192.0.2.1 password ${secret()}`,
  `ip ospf message-digest-key 1 md5 ${secret()}`,
  `standby 1 authentication md5 key-string ${secret()}`,
  `ppp chap password 0 ${secret()}`,
  `wpa-psk ascii 0 ${secret()}`,
];

const ASA_LINES = [
  `enable password ${secret()} encrypted`,
  `passwd ${secret()} encrypted`,
  `username eva password ${secret()} encrypted privilege 15`,
  `aaa-server TAC (inside) host 192.0.2.9 ${secret()}`,
  `ikev1 pre-shared-key ${secret()}`,
  `ikev2 local-authentication pre-shared-key ${secret()}`,
  `failover key ${secret()}`,
];

const SHELL_LINES = [
  `esxcli system snmp set --communities ${secret()}`,
  `esxcli system account add --id eva --password ${secret()} --password-confirmation ${secret()}`,
  `curl -u eva:${secret()} https://192.0.2.1/`,
  `wget --password=${secret()} https://192.0.2.1/x`,
  `sshpass -p ${secret()} ssh root@192.0.2.1`,
  `export API_TOKEN=${secret()}`,
  `mysql -ueva -p${secret()}`,
  `openssl enc -aes-256-cbc -k ${secret()} -in x`,
];

const SYSLOG = [
  ...CONFIG_LINES.map(
    (line) => `<189>1: Nov 24 2026 01:00:00 UTC: %PARSER-5-CFGLOG_LOGGEDCMD: User:eva  logged command:${line}`,
  ),
  ...ASA_LINES.map(
    (line) => `<165>Nov 24 2026 01:00:00 fw-1 : %ASA-5-111008: User 'eva' executed the '${line}' command.`,
  ),
  ...SHELL_LINES.map((line) => `<14>2026-11-24T01:00:00.000Z esx-1 shell[2099999]: [root]: ${line}`),
];

/** What the configuration refers to. */
const OWN = {
  SNMP_COMMUNITY: 'EigenA1community',
  SNMP_AUTH: 'EigenB2auth',
  SNMP_PRIV: 'EigenC3priv',
  HEC_TOKEN: 'EigenD4token',
  ES_PASSWORD: 'EigenE5password',
  NATS_PASSWORD: 'EigenF6password',
  KAFKA_PASSWORD: 'EigenG7password',
} as const;

/** Destinations that nobody listens at: what is told of them is told with the secret at hand. */
const DESTINATIONS = [
  { name: 'hec', send: ['events'], format: 'ecs', splunk_hec: { url: 'http://127.0.0.1:1', token: 'env:HEC_TOKEN' } },
  {
    name: 'bulk',
    send: ['events'],
    format: 'ecs',
    elasticsearch: { url: 'http://127.0.0.1:1', user: 'ascribe', password: 'env:ES_PASSWORD' },
  },
  {
    name: 'nats',
    send: ['events'],
    format: 'ecs',
    nats: { to: '127.0.0.1:1', user: 'ascribe', password: 'env:NATS_PASSWORD' },
  },
  {
    name: 'kafka',
    send: ['events'],
    format: 'ecs',
    kafka: { brokers: ['127.0.0.1:1'], sasl: 'plain', user: 'ascribe', password: 'env:KAFKA_PASSWORD' },
  },
];

const origin = (format: 'syslog' | 'command', peer: string, source: string) => ({
  collector: 'test',
  source,
  peer,
  format,
});

const command = (platform: string, lines: readonly string[]) => ({
  origin: origin('command', '192.0.2.21:22', `rt-${platform}`),
  receivedAt: T + 5000,
  bytes: commandRecord(
    {
      platform,
      command: 'running_config',
      line: 'show running-config',
      startedAt: T,
      finishedAt: T + 1,
      output: 'text',
    },
    `hostname rt\n${lines.join('\n')}\nend\n`,
  ),
});

let site: HostileSite;
const outputs = new Map<string, string>();

beforeAll(async () => {
  site = new HostileSite(
    [
      ...SYSLOG.map((text, i) => ({
        origin: origin('syslog', i % 2 === 0 ? '192.0.2.7:514' : '192.0.2.22:514', 'udp://0.0.0.0:5514'),
        receivedAt: T + i,
        bytes: Buffer.from(text),
      })),
      command('cisco_ios', CONFIG_LINES),
      command('cisco_asa', ASA_LINES),
    ],
    {
      collectors: {
        snmp: [
          {
            credentials: [
              { name: 'old', version: 'v2c', community: 'env:SNMP_COMMUNITY' },
              {
                name: 'core',
                version: 'v3',
                user: 'ascribe',
                auth: { protocol: 'sha256', password: 'env:SNMP_AUTH' },
                priv: { protocol: 'aes', password: 'env:SNMP_PRIV' },
              },
            ],
            devices: [{ name: 'sw-1', address: '192.0.2.30', credential: 'old' }],
          },
        ],
      },
      forward: DESTINATIONS,
    },
  );
  const forwarder = new RunningForwarder(site, DESTINATIONS);
  const failed = (): number => forwarder.status().filter(({ lastError }) => lastError !== '').length;
  await until(() => failed() === DESTINATIONS.length, 'a failure of each destination', 45_000);
  outputs.set('events of the forwarder', JSON.stringify([forwarder.events, forwarder.status()]));
  await forwarder.stop();
  const all = ['--limit', '100000'];
  const commands = [
    ['check'],
    ['sessions', ...all],
    ['events', ...all],
    ['bindings', ...all],
    ['inventory', ...all],
    ['findings', ...all],
    ['coverage'],
    ['status'],
    ['forward', 'status'],
    ['baseline', 'propose', '--since', '2026-11-23'],
    ['owner', 'rt'],
    ['evidence', 'pack', '--from', '2026-11-24T00:00:00Z', '--to', '2026-11-24T03:00:00Z', '--out', 'all.tar'],
    ['evidence', 'verify', 'all.tar'],
    ['rebuild'],
  ];
  for (const argv of commands) {
    for (const more of [[], ['--json']]) {
      const { stdout, stderr } = await site.run([...argv, ...more], OWN);
      outputs.set([...argv, ...more].join(' '), stdout + stderr);
    }
  }
  for (const kind of KINDS.filter(({ name }) => name !== 'raw')) {
    const source = kind.open(site.places);
    for (let page = source.read(undefined, 5000); page !== undefined; page = source.read(page.position, 5000)) {
      for (const format of FORMATS) {
        const name = `forwarded ${kind.name} as ${format.name}`;
        outputs.set(name, (outputs.get(name) ?? '') + page.records.map((record) => format.encode(record)).join('\n'));
      }
    }
    source.close();
  }
  for (const file of filesUnder(site.folder)) {
    const isRaw = file.includes('/journal/');
    if (!isRaw && !file.endsWith('.tar')) outputs.set(file.slice(site.folder.length), readFileSync(file, 'latin1'));
  }
  // Of a pack everything but the raw records.
  const pack = readFileSync(site.path('all.tar'), 'latin1');
  outputs.set('pack', pack);
});
afterAll(() => site.remove());

const encoded = (text: string): string[] => [Buffer.from(text).toString('base64'), Buffer.from(text).toString('hex')];

function filesUnder(directory: string): string[] {
  return readdirSync(directory).flatMap((name) => {
    const path = join(directory, name);
    return statSync(path).isDirectory() ? filesUnder(path) : [path];
  });
}

test('something was asked of every output', () => {
  expect(outputs.size).toBeGreaterThan(40);
  expect(outputs.get('events --limit 100000')).toContain('***');
  expect(outputs.get('forwarded events as ecs')).toContain('***');
});

test.each(sent.map((mark) => [mark]))('%s, which a device sent, is in no output but the raw records', (mark) => {
  const where = [...outputs].filter(([, text]) => text.includes(mark)).map(([name]) => name);
  expect(where).toEqual([]);
});

test.each(Object.entries(OWN))('%s, which the configuration refers to, is nowhere', (name, value) => {
  // The forwarder of this test takes another secret than the commands.
  const forms = [value, `secret of env:${name}`].flatMap((text) => [
    text,
    ...encoded(text),
    ...encoded(`ascribe:${text}`),
  ]);
  const where = [...outputs].filter(([, text]) => forms.some((form) => text.includes(form))).map(([where]) => where);
  expect(where).toEqual([]);
  for (const file of filesUnder(site.layout.journal)) expect(readFileSync(file, 'latin1').includes(value)).toBe(false);
});
