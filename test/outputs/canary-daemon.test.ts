import { spawn } from 'node:child_process';
import type { Socket } from 'node:dgram';
import { connect } from 'node:net';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { utils } from 'ssh2';
import { fingerprintOf } from '../collectors/ssh/connection-target';
import { FakeAgent, boundSocket } from '../collectors/snmp/fake-agent';
import { Certificates, HAS_OPENSSL } from '../collectors/syslog/certificates';
import { AscribeDaemon, isBuilt, waitFor } from '../e2e/ascribe-process';
import { freePort, Site } from '../e2e/data-directory';
import { HttpFake } from '../forwarders/receivers/http-fake';
import { ScriptedDevice } from '../site/devices/scripted-device';
import { sampleContent } from '../site/devices/device-contents.data';
import { SCRIPTS } from '../site/devices/device-scripts.data';
import { EsxiStandIn } from '../site/esxi/esxi-stand-in';
import { makeHost } from '../site/esxi/esxi-world';
import { Recorder } from './recorders';

/**
 * The real daemon with a secret of every kind at work: logins over SSH that succeed, fail and need privilege, SNMP v2c and v3, keys of
 * TLS, credentials of destinations whose receivers repeat what they are sent. Then everything that it wrote, said and sent is
 * searched for each of them.
 */

const PATIENCE = 120_000;
const here = isBuilt && HAS_OPENSSL ? test : test.skip;

/** By name: the secret. Each is in a file of its own or in the environment. */
const secrets = new Map<string, string>();
const VARIABLES = ['ENV_COMMUNITY', 'ENV_SASL'] as const;

function secret(name: string): string {
  const value = `Kanari${secrets.size + 1}-${name.replaceAll('_', '')}-7xQvZ`;
  secrets.set(name, value);
  return value;
}

/** A secret in a file, as the configuration names it. */
function filed(name: string, value = secret(name)): string {
  writeFileSync(join(site.folder, 'secrets', name), `${value}\n`, { mode: 0o600 });
  return `"file:secrets/${name}"`;
}

/** What tells a key in PEM from every other: a line of it. */
function markOf(pem: string): string {
  const lines = pem.split('\n').filter((line) => !line.startsWith('-') && line.trim() !== '');
  return lines[Math.min(1, lines.length - 1)] ?? '';
}

const site = new Site();
const closers: (() => Promise<void> | void)[] = [];
const outputs = new Map<string, string>();
/** What each receiver was sent, and the secrets that are for it. */
const sent: { readonly to: string; readonly bytes: () => string; readonly own: readonly string[] }[] = [];

/** What the log says of each device. */
const LOGINS = {
  'esx-password': 'ssh_connected',
  'esx-key': 'ssh_connected',
  'esx-refusing': 'ssh_login_held',
  router: 'ssh_connected',
} as const;

const bytesOf = (receiver: string): string => sent.find(({ to }) => to === receiver)?.bytes() ?? '';

function closed<T>(what: T, close: (what: T) => Promise<void> | void): T {
  closers.push(() => close(what));
  return what;
}

async function started<T extends { start(): Promise<unknown>; stop(): Promise<void> }>(what: T): Promise<T> {
  await what.start();
  return closed(what, () => what.stop());
}

afterAll(async () => {
  for (const close of closers.reverse()) await close();
  for (const name of VARIABLES) delete process.env[name];
  site.remove();
});

/** Hosts and devices over SSH: a right password, a right key with a passphrase, a wrong password, privilege. */
async function sshSection(): Promise<string> {
  const world = makeHost({ version: '8.0' });
  const byPassword = { user: 'ascribe', password: secret('ssh_password') };
  const host = await started(new EsxiStandIn({ host: () => world, login: byPassword }));
  const pair = utils.generateKeyPairSync('ed25519', {
    passphrase: secret('ssh_passphrase'),
    cipher: 'aes256-ctr',
    rounds: 1,
  });
  secrets.set('ssh_key', markOf(pair.private));
  const byKey = { user: 'ascribe', authorizedKeys: [pair.public], methods: ['publickey' as const] };
  const keyed = await started(new EsxiStandIn({ host: () => world, login: byKey }));
  const refusing = await started(
    new EsxiStandIn({ host: () => world, login: { user: 'ascribe', password: 'another' } }),
  );
  const router = closed(
    await ScriptedDevice.open({
      script: SCRIPTS.cisco_ios,
      content: sampleContent('cisco_ios'),
      password: secret('ssh_router_password'),
      enablePassword: secret('ssh_enable'),
    }),
    (device) => device.close(),
  );
  for (const [to, { server }] of Object.entries({ host, keyed, refusing })) {
    const own = to === 'host' ? ['ssh_password'] : to === 'refusing' ? ['ssh_wrong'] : [];
    sent.push({ to, own, bytes: () => JSON.stringify(server.log) });
  }
  // What the router was told as a password, it keeps as empty.
  sent.push({ to: 'router', own: [], bytes: () => JSON.stringify(router.received) });
  const device = (name: string, port: number, key: string, more: string): string =>
    `{ name: ${name}, address: 127.0.0.1, port: ${port}, host_keys: ["${fingerprintOf(key)}"], ${more} }`;
  return `
    - credentials:
        - { name: one, user: ascribe, password: ${filed('ssh_password', secrets.get('ssh_password'))} }
        - { name: two, user: ascribe, key: ${filed('ssh_key', pair.private)}, passphrase: ${filed('ssh_passphrase', secrets.get('ssh_passphrase'))} }
        - { name: three, user: ascribe, password: ${filed('ssh_wrong')} }
        - { name: four, user: ascribe, password: ${filed('ssh_router_password', secrets.get('ssh_router_password'))}, enable: ${filed('ssh_enable', secrets.get('ssh_enable'))} }
      devices:
        - ${device('esx-password', host.port, host.server.hostKeys[0]!, 'credential: one')}
        - ${device('esx-key', keyed.port, keyed.server.hostKeys[0]!, 'credential: two')}
        - ${device('esx-refusing', refusing.port, refusing.server.hostKeys[0]!, 'credential: three')}
        - ${device('router', router.port, router.hostKey, 'credential: four, platform: cisco_ios')}
      start_spread: 0
      log_period: 1`;
}

async function snmpSection(): Promise<string> {
  const agent = closed(await FakeAgent.open((request, one) => one.answer(request, [])), (one) => one.close());
  const datagrams: Buffer[] = [];
  const silent: Socket = closed(await boundSocket(), (socket) => void socket.close());
  silent.on('message', (bytes) => datagrams.push(bytes));
  sent.push({ to: 'agent of v2c', own: ['ENV_COMMUNITY'], bytes: () => JSON.stringify(agent.requests) });
  sent.push({ to: 'agent of v3', own: [], bytes: () => Buffer.concat(datagrams).toString('latin1') });
  return `
    - credentials:
        - { name: old, version: v2c, community: "env:ENV_COMMUNITY" }
        - { name: core, version: v3, user: ascribe, auth: { protocol: sha256, password: ${filed('snmp_auth')} }, priv: { protocol: aes, password: ${filed('snmp_priv')} } }
      devices:
        - { name: sw-1, address: 127.0.0.1, port: ${agent.port}, credential: old }
        - { name: sw-2, address: 127.0.0.1, port: ${silent.address().port}, credential: core }
      start_spread: 0`;
}

/** Destinations whose receivers say back what they were sent, as an error. */
async function forwardSection(certificates: Certificates): Promise<string> {
  const repeating = async (to: string, own: readonly string[], status: number): Promise<HttpFake> => {
    const fake = await started(
      new HttpFake(({ headers, body, path }) => ({ status, body: { error: { headers, body, path } } })),
    );
    sent.push({ to, own, bytes: () => JSON.stringify(fake.requests) });
    return fake;
  };
  const recorder = async (to: string, own: readonly string[], greeting: string, answer: (bytes: Buffer) => string) => {
    const made = await started(new Recorder(greeting, answer));
    sent.push({ to, own, bytes: () => made.received });
    return made;
  };
  const hec = await repeating('hec', ['hec_token'], 403);
  const elastic = await repeating('elastic', ['elastic_key'], 503);
  const basic = await repeating('basic', ['elastic_password'], 401);
  const otlp = await repeating('otlp', ['otlp_header'], 400);
  const azure = await repeating('azure', ['azure_secret'], 400);
  const info = `INFO ${JSON.stringify({ server_id: 'x', version: '2.10.0', proto: 1, headers: true, max_payload: 1_048_576, jetstream: true })}\r\n`;
  const nats = await recorder(
    'nats',
    ['nats_password'],
    info,
    (bytes) => `-ERR 'Authorization Violation ${bytes.toString().trim()}'\r\n`,
  );
  // It says back what it is asked, which is no answer: the password is never due.
  const kafka = await recorder('kafka', [], '', (bytes) => bytes.toString('latin1'));
  const relp = await recorder('relp', [], '', (bytes) => bytes.toString('latin1'));
  const client = certificates.issue('client', 'collector');
  secrets.set('tls_client_key', markOf(readFileSync(client.key, 'utf8')));
  const key = filed('tls_client_key', readFileSync(client.key, 'utf8'));
  const tls = `{ ca: "${certificates.ca}", cert: "${client.cert}", key: ${key} }`;
  return [
    `splunk_hec: { url: "${hec.url}", token: ${filed('hec_token')}, gzip: false }`,
    `elasticsearch: { url: "${elastic.url}", api_key: ${filed('elastic_key')} }`,
    `elasticsearch: { url: "${basic.url}", user: ascribe, password: ${filed('elastic_password')} }`,
    `otlp_http: { url: "${otlp.url}", header: "X-Token", header_value: ${filed('otlp_header')}, gzip: false }`,
    `azure_logs: { url: "${azure.url}", authority: "${azure.url}", tenant: t, client: c, client_secret: ${filed('azure_secret')}, rule: dcr-1, stream: Custom-A_CL }`,
    `nats: { to: "127.0.0.1:${nats.port}", user: ascribe, password: ${filed('nats_password')}, timeout: 2 }`,
    `kafka: { brokers: ["127.0.0.1:${kafka.port}"], sasl: plain, user: ascribe, password: "env:ENV_SASL", timeout: 2 }`,
    `relp: { to: "127.0.0.1:${relp.port}", tls: ${tls}, timeout: 2 }`,
  ]
    .map((way, i) => `\n  - { name: d${i}, send: [events], format: ecs, ${way} }`)
    .join('');
}

function filesUnder(directory: string): string[] {
  return readdirSync(directory).flatMap((name) => {
    const path = join(directory, name);
    return statSync(path).isDirectory() ? filesUnder(path) : [path];
  });
}

/** A command beside the daemon; what it talks to lives in this process, which must not wait. */
async function asked(...args: readonly string[]): Promise<void> {
  const main = join(process.cwd(), 'dist', 'cli', 'main.js');
  const child = spawn(process.execPath, [main, ...args, ...site.arguments], { env: process.env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()));
  await new Promise((resolve) => child.once('close', resolve));
  outputs.set(`ascribe ${args.join(' ')}`, output);
}

/** Every file, also the write-ahead logs as they stand. */
function keepFiles(when: string): void {
  const copy = join(site.folder, `copy-${when}`);
  cpSync(site.data, copy, { recursive: true });
  for (const file of filesUnder(copy)) outputs.set(`${when}: ${file.slice(copy.length)}`, readFileSync(file, 'latin1'));
}

/** A secret, and how it may be hidden: hex, and the characters of base64 that do not depend on what stands beside it. */
function formsOf(value: string): string[] {
  const bytes = Buffer.from(value);
  const inBase64 = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    return text.slice(4, Math.floor(((before + bytes.length) * 8) / 6));
  });
  return [value, bytes.toString('hex'), bytes.toString('hex').toUpperCase(), ...inBase64];
}

here(
  'no secret of a running daemon is in anything that it writes, says or sends to another',
  async () => {
    mkdirSync(join(site.folder, 'secrets'));
    for (const name of VARIABLES) process.env[name] = secret(name);
    const certificates = closed(new Certificates(), (one) => one.remove());
    const server = certificates.issue('server', 'collector', 'IP:127.0.0.1');
    secrets.set('tls_server_key', markOf(readFileSync(server.key, 'utf8')));
    const port = await freePort();
    const tlsPort = await freePort();
    const [ssh, snmp, forward] = [await sshSection(), await snmpSection(), await forwardSection(certificates)];
    site.configure(`journal: { reserve_bytes: 0B }
collectors:
  netflow: []
  syslog:
    - { tcp: ["127.0.0.1:${port}"], udp: [], tls: { listen: ["127.0.0.1:${tlsPort}"], cert: "${server.cert}", key: "${server.key}", ca: "${certificates.ca}" } }
  snmp:${snmp}
  ssh:${ssh}
forward:${forward}
`);
    await asked('check');
    expect(outputs.get('ascribe check')).toContain('valid');
    const daemon = new AscribeDaemon(['--verbose', ...site.arguments]);
    closers.push(() => daemon.kill());
    await daemon.ready();
    secrets.set('signing_key', markOf(readFileSync(join(site.data, 'keys', signingKey()), 'utf8')));

    const logins = Array.from(
      { length: 5 },
      (_, n) =>
        `<166>Nov 24 2026 02:00:00 fw1 : %ASA-6-605005: Login permitted from 192.0.2.9/${1024 + n} to inside:192.0.2.1/ssh for user "admin"\n`,
    );
    const socket = connect(port, '127.0.0.1');
    socket.end(logins.join(''));
    await waitFor(
      () => {
        const { forward = [] } = site.status();
        return forward.length === 8 && forward.every(({ lastError, dead }) => lastError !== '' || dead > 0);
      },
      PATIENCE,
      'a failure of each destination',
    );
    for (const [device, event] of Object.entries(LOGINS)) {
      const told = (line: string): boolean => line.includes(`"${event}"`) && line.includes(device);
      await waitFor(() => daemon.output.split('\n').some(told), PATIENCE, `${event} of ${device}`);
    }
    await waitFor(() => bytesOf('router').includes('"password"'), PATIENCE, 'privilege on the router');
    await waitFor(() => bytesOf('agent of v2c').includes('community'), PATIENCE, 'a question by SNMP v2c');
    await waitFor(() => bytesOf('agent of v3') !== '', PATIENCE, 'a question by SNMP v3');
    keepFiles('running');
    const pack = ['evidence', 'pack', '--from', '2026-11-24T00:00:00Z', '--to', '2100-01-01T00:00:00Z'];
    for (const args of [
      ['check', '--online', '--json'],
      ['status', '--json'],
      ['forward', 'status', '--json'],
      [...pack, '--out', join(site.data, 'pack.tar')],
    ]) {
      await asked(...args);
    }
    expect(await daemon.stop()).toBe(0);
    outputs.set('log of the daemon', daemon.output);

    // What it says when a part of it breaks.
    writeFileSync(join(site.data, 'forward.db'), 'no database');
    const broken = new AscribeDaemon(['--verbose', ...site.arguments]);
    closers.push(() => broken.kill());
    await waitFor(() => broken.output.includes('forward failed'), PATIENCE, 'the failure told');
    expect(await broken.stop()).toBe(0);
    outputs.set('log of a daemon without its forwarder', broken.output);
    keepFiles('stopped');

    expect(outputs.get('log of the daemon')).toMatch(/forward_denied|denied/u);
    expect(outputs.get('ascribe check --online --json')).toContain('logged in');
    const found = [...secrets].flatMap(([name, value]) => {
      const forms = formsOf(value);
      const has = (text: string): boolean => forms.some((form) => text.includes(form));
      const written = [...outputs]
        .filter(([where, text]) => !isKeyFile(where, name) && has(text))
        .map(([where]) => where);
      const told = sent
        .filter(({ own, bytes }) => !own.includes(name) && has(bytes()))
        .map(({ to }) => `sent to ${to}`);
      return [...written, ...told].map((where) => `${name}: ${where}`);
    });
    expect(found).toEqual([]);
    // The search finds what is there: each receiver has the secret that is its own.
    for (const { to, own, bytes } of sent) {
      for (const name of own)
        expect([to, formsOf(secrets.get(name)!).some((form) => bytes().includes(form))]).toEqual([to, true]);
    }
  },
  400_000,
);

/** The signing key's own file. */
function isKeyFile(where: string, name: string): boolean {
  return name === 'signing_key' && where.endsWith(`/keys/${signingKey()}`);
}

function signingKey(): string {
  const names = readdirSync(join(site.data, 'keys'));
  return names.find((name) => readFileSync(join(site.data, 'keys', name), 'utf8').includes('PRIVATE KEY')) ?? '';
}
