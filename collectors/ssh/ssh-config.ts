import { z } from 'zod';
import { AllowList } from '../udp/allow-list';
import { FINGERPRINT } from './hostkeys/host-key';
import { SshError } from './ssh-errors';
import { SSH_PLATFORMS } from './ssh-record';
import type { SshCredential, SshDeviceSettings, SshSettings } from './ssh-settings';

const reference = z
  .string()
  .regex(
    /^(?:file|env|cred):./su,
    'a secret is named by reference (file:PATH, env:NAME or cred:NAME), never written here',
  );

const networks = z
  .array(z.string())
  .min(1)
  .transform((rules, context): AllowList => {
    try {
      return AllowList.parse(rules);
    } catch (error) {
      context.issues.push({ code: 'custom', message: (error as Error).message, input: rules });
      return z.NEVER;
    }
  });

const hostKey = z.string().regex(FINGERPRINT, 'a fingerprint as `ssh-keygen -lf` prints it: SHA256:…');

const seconds = (least: number, most: number, fallback: number) => z.number().min(least).max(most).prefault(fallback);

const credential = z
  .strictObject({
    name: z.string().min(1).describe('What devices call it'),
    user: z.string().min(1).max(256).describe('Account to log in with'),
    password: reference.optional().describe('Where the password is'),
    key: reference.optional().describe('Where the private key is, OpenSSH or PEM form'),
    passphrase: reference.optional().describe('Where the passphrase of an encrypted key is'),
    agent: z.string().min(1).optional().describe('Socket of an ssh-agent; SSH_AUTH_SOCK is the one of the environment'),
    agent_key: hostKey.optional().describe('Which key of the agent; needed when it holds several'),
    enable: reference.optional().describe('Where the password of privileged mode is, for devices that have one'),
    subnets: networks.optional().describe('Devices in these networks use it unless they name another'),
  })
  .superRefine(({ name, password, key, passphrase, agent, agent_key }, context) => {
    const issue = (message: string): void =>
      void context.issues.push({ code: 'custom', message: `${name}: ${message}`, input: name });
    if (password === undefined && key === undefined && agent === undefined) issue('needs a password, key or agent');
    if (key !== undefined && agent !== undefined) issue('has a key and an agent: one of them is enough');
    if (passphrase !== undefined && key === undefined) issue('has a passphrase and no key');
    if (agent_key !== undefined && agent === undefined) issue('names a key of an agent and no agent');
  })
  .transform(({ agent_key, ...rest }): SshCredential => ({
    name: rest.name,
    user: rest.user,
    password: rest.password,
    key: rest.key,
    passphrase: rest.passphrase,
    agent: rest.agent,
    agentKey: agent_key,
    enable: rest.enable,
    subnets: rest.subnets,
  }));

const device = z
  .strictObject({
    name: z.string().min(1).describe('Name in records and output'),
    address: z.string().min(1).optional().describe('IP address or host name; the name when left out'),
    port: z.int().min(1).max(65_535).prefault(22),
    platform: z.enum(SSH_PLATFORMS).prefault('esxi').describe('What it is'),
    credential: z.string().min(1).optional().describe('Name of a credential; otherwise the subnets decide'),
    host_keys: z.array(hostKey).prefault([]).describe('Fingerprints of the keys it may show, beside known_hosts'),
    legacy_algorithms: z.boolean().prefault(false).describe('Also offer broken algorithms that old devices need'),
    logs: z.boolean().prefault(true).describe('Read log files too, where the platform has them'),
    periods: z
      .record(z.string(), z.number().min(0).max(604_800))
      .prefault({})
      .describe('Seconds between two runs of a command, by its name; 0 leaves it out'),
  })
  .transform(({ host_keys, legacy_algorithms, address, ...rest }): SshDeviceSettings => ({
    ...rest,
    address: address ?? rest.name,
    credential: rest.credential,
    hostKeys: host_keys,
    legacyAlgorithms: legacy_algorithms,
  }));

/** The configuration section of the SSH collector, as written and as used. */
export const sshConfig = z
  .strictObject({
    credentials: z.array(credential).prefault([]),
    devices: z.array(device).prefault([]),
    known_hosts: z.array(z.string().min(1)).prefault([]).describe('Files of known host keys, as ssh keeps them'),
    concurrency: z.int().min(1).max(1000).prefault(50).describe('Devices worked on at once'),
    silent_concurrency: z
      .int()
      .min(1)
      .max(200)
      .prefault(5)
      .describe('Unavailable devices tried at once, besides those'),
    channels: z.int().min(1).max(4).prefault(4).describe('Commands that run at once on one device'),
    log_period: seconds(1, 3600, 10).describe('Seconds between two looks at the log files of a device'),
    log_bytes: z
      .int()
      .min(65_536)
      .max(2 ** 28)
      .prefault(8 * 2 ** 20)
      .describe('Bytes of log read from one device in one look at most'),
    log_catch_up: seconds(0, 2_592_000, 86_400).describe(
      'Seconds of rotated log files that are read of a host which was never read before',
    ),
    connect_timeout: seconds(1, 300, 20).describe('Seconds from the first packet to the login'),
    keepalive: seconds(1, 300, 10).describe('Seconds between two signs of life; after three without one it is lost'),
    start_spread: seconds(0, 3600, 30).describe('Seconds over which the first logins are spread'),
  })
  .superRefine(({ credentials, devices }, context) => {
    unique(context, 'credentials', credentials);
    unique(context, 'devices', devices);
    const known = new Set(credentials.map(({ name }) => name));
    for (const { credential: name } of devices) {
      if (name === undefined || known.has(name)) continue;
      context.issues.push({ code: 'custom', message: `there is no credential named "${name}"`, input: name });
    }
  })
  .transform((written): SshSettings => ({
    credentials: written.credentials,
    devices: written.devices,
    knownHosts: written.known_hosts,
    limits: {
      concurrency: written.concurrency,
      silentConcurrency: written.silent_concurrency,
      channels: written.channels,
      readyTimeoutMs: written.connect_timeout * 1000,
      keepaliveMs: written.keepalive * 1000,
      startSpreadMs: written.start_spread * 1000,
      logPeriodMs: written.log_period * 1000,
      logBytesPerPoll: written.log_bytes,
      logCatchUpMs: written.log_catch_up * 1000,
    },
    secrets: (wanted) => {
      throw new SshError('ssh_credential', `nothing resolves ${wanted}`);
    },
    resume: () => Promise.resolve([]),
  }));

function unique(context: z.core.$RefinementCtx, list: string, items: readonly { readonly name: string }[]): void {
  const seen = new Set<string>();
  for (const { name } of items) {
    if (seen.has(name)) {
      context.issues.push({ code: 'custom', message: `${list}: "${name}" is named twice`, input: name });
    }
    seen.add(name);
  }
}
