import { asaConfigured, iosConfigured, squidConnect } from '../encoders/management-lines';
import { commandRecord } from '../encoders/command-record';
import { addressOf, vmOwner, type Plan } from '../traffic';
import type { Emission } from '../telemetry/emission';
import { configurationsOf } from '../telemetry/configurations';
import type { SiteRun } from '../run';
import type { Answer } from '../score/answers';
import type { Site } from '../site';
import { implant, inHost, inVm, oneSession, vmOf, type ImplantPlace } from './changes';
import type { Scenario } from './scenario';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const VPS = '203.0.113.66';
const BAD_RESOLVER = '203.0.113.99';
const ORDINARY = { wrongAtMost: 0.005, rightAtLeast: 0.99 } as const;

const inRouter: ImplantPlace = {
  addressAt: () => '10.20.0.1',
  ownerAt: () => ({ kind: 'device_config', device: 'rt-core', line: '' }),
};

/** What somebody types on the core router, and the configuration that is read afterwards. */
function routerChange(at: number, user: string, command: string): (site: Site) => Emission[] {
  return (site) => {
    const say = (bytes: Buffer): Emission => {
      return { at, device: 'rt-core', from: '10.20.0.1', format: 'syslog', stream: 'syslog', bytes, tells: [] };
    };
    const [router] = configurationsOf(site, [command]);
    if (router === undefined) return [];
    const read = at + 30_000;
    const times = { startedAt: site.epoch + read - 400, finishedAt: site.epoch + read };
    const header = {
      platform: router.platform,
      command: 'running_config',
      line: router.line,
      output: 'text',
      ...times,
    } as const;
    return [
      ...iosConfigured(site.epoch + at, user, '10.20.0.61', command).map(say),
      {
        at: read,
        device: 'rt-core',
        from: '10.20.0.1',
        format: 'command',
        stream: 'command running_config',
        bytes: commandRecord(header, router.text),
        tells: [],
      },
    ];
  };
}

/** A command on the firewall that opens it. */
function firewallChange(at: number, user: string, command: string): (site: Site) => Emission[] {
  return (site) =>
    site.inventory.firewall === 'asa'
      ? asaConfigured(site.epoch + at, user, '10.20.0.61', command).map((bytes) => {
          return { at, device: 'fw-1', from: '10.20.254.2', format: 'syslog', stream: 'syslog', bytes, tells: [] };
        })
      : [];
}

/** Sessions that a client makes through the proxy, and the proxy's own for each: the client's, where the proxy's log tells. */
function proxied(
  client: Parameters<typeof oneSession>[0],
  proxy: Parameters<typeof oneSession>[0],
  start: number,
  server: string,
  isLogged: boolean,
): Plan[] {
  const length = 6_000;
  const inner = oneSession(client, start, length, addressOf(proxy, start) ?? '', 3128, {
    outbound: false,
    encrypted: false,
    path: ['rt-core'],
    translated: false,
    label: 'proxied',
    implant: 'proxied',
  });
  const outer = oneSession(proxy, start + 40, length - 80, server, 443, {
    label: 'proxied',
    implant: 'proxied',
    relayOf: inner,
    ...(isLogged && { owner: inner.owner, askedBy: inner.client }),
  });
  return [inner, outer];
}

function squidLog(site: Site): Emission[] {
  return site.sessions.flatMap((outer): Emission[] => {
    const inner = outer.relayOf === undefined ? undefined : site.sessions[outer.relayOf];
    if (inner === undefined || outer.label !== 'proxied') return [];
    const line = {
      elapsed: outer.end - outer.start + 35,
      client: inner.client,
      // What the server sent, without the headers of its packets, behind the proxy's own answer to CONNECT.
      bytes: outer.bytesDown - 40 * outer.packetsDown + 39,
      server: outer.server,
      port: outer.serverPort,
    };
    return [
      {
        at: outer.end,
        device: 'proxy-1',
        from: '10.20.1.31',
        format: 'syslog',
        stream: 'syslog',
        bytes: squidConnect(site.epoch + outer.end, line),
        tells: [{ session: outer.id, what: 'proxy-log' }],
      },
    ];
  });
}

/** What is said of the sessions that the proxy made for clients. */
function outerLegs({ site, answers }: SiteRun): Answer[] {
  const outer = site.sessions.filter(({ label, relayOf }) => label === 'proxied' && relayOf !== undefined);
  const ends = new Set(
    outer.flatMap(({ client, clientPort, nat }) => [`${client} ${clientPort}`, `${nat?.ip} ${nat?.port}`]),
  );
  return answers.filter(({ src, srcPort, dst }) => dst === VPS && ends.has(`${src} ${srcPort}`));
}

function says({ verdict }: Answer, reason: string): boolean {
  return verdict?.reasons.includes(reason) === true;
}

function untoldOf(wrong: readonly Answer[]): string | undefined {
  return wrong.length === 0 ? undefined : `${wrong.length} sessions of the proxy are not said to be what they are`;
}

/** Scenarios in which somebody calls home. */
export const IMPLANT_SCENARIOS: readonly Scenario[] = [
  {
    id: '2',
    about: 'an implant in a VM calls a rented server every minute, more or less, over TLS',
    site: {
      more: (inventory, { random, duration }) =>
        implant(random, duration, inVm(vmOf(inventory, 'app')), {
          name: 'vm',
          server: VPS,
          port: 443,
          every: MINUTE,
          jitter: 0.2,
        }),
    },
    expect: ORDINARY,
    implants: ['vm'],
  },
  {
    id: '3',
    about: 'low and slow: once an hour, more or less',
    site: {
      more: (inventory, { random, duration }) =>
        implant(random, duration, inVm(vmOf(inventory, 'web')), {
          name: 'slow',
          server: VPS,
          port: 443,
          every: HOUR,
          jitter: 0.3,
        }),
    },
    expect: ORDINARY,
    implants: ['slow'],
  },
  {
    id: '4',
    about: 'an implant in a hypervisor itself, in a world that no baseline knows',
    site: {
      more: (inventory, { random, duration }) =>
        implant(random, duration, inHost(inventory, 0, 'python', 2_131_777), {
          name: 'hypervisor',
          server: VPS,
          port: 443,
          every: 3 * MINUTE,
          jitter: 0.1,
          length: 100_000,
        }),
    },
    expect: ORDINARY,
    implants: ['hypervisor'],
  },
  {
    id: '5',
    about: 'an implant in the core router, from its own address, after a change of its configuration',
    site: {
      more: (_inventory, { random, duration }) =>
        implant(random, duration, inRouter, {
          name: 'router',
          server: VPS,
          port: 443,
          every: 2 * MINUTE,
          jitter: 0.1,
          from: 10 * MINUTE,
        }),
    },
    telemetry: { more: routerChange(8 * MINUTE, 'mallory', 'event manager applet health') },
    expect: ORDINARY,
    implants: ['router'],
  },
  {
    id: '6',
    about: 'a protocol of its own on 443 without room for a handshake, and TLS on 8080 and 53',
    site: {
      more: (inventory, { random, duration }) => [
        ...implant(random, duration, inVm(vmOf(inventory, 'app')), {
          name: 'symmetric',
          server: VPS,
          port: 443,
          every: MINUTE,
          jitter: 0.2,
          up: 260,
          down: 310,
          length: 300,
          exact: true,
        }),
        ...implant(random, duration, inVm(vmOf(inventory, 'web')), {
          name: 'tls-8080',
          server: VPS,
          port: 8080,
          every: 2 * MINUTE,
          jitter: 0.2,
        }),
        ...implant(random, duration, inVm(vmOf(inventory, 'web', 1)), {
          name: 'tls-53',
          server: BAD_RESOLVER,
          port: 53,
          every: 2 * MINUTE,
          jitter: 0.2,
        }),
      ],
    },
    expect: ORDINARY,
    implants: ['symmetric', 'tls-8080', 'tls-53'],
  },
  {
    id: '21',
    about: 'five implants behind one translated address, one of them with a second channel',
    site: {
      more: (inventory, { random, duration }) =>
        [0, 1, 2, 3, 4].flatMap((n) => {
          const place = inVm(vmOf(inventory, n % 2 === 0 ? 'web' : 'app', n));
          const main = implant(random, duration, place, {
            name: `one-of-five-${n}`,
            server: VPS,
            port: 443,
            every: MINUTE,
            jitter: 0.2,
          });
          const fallback = implant(random, duration, place, {
            name: 'fallback',
            server: '203.0.113.67',
            port: 8443,
            every: 3 * MINUTE,
            jitter: 0.2,
            from: 15 * MINUTE,
          });
          return n === 0 ? [...main, ...fallback] : main;
        }),
    },
    expect: ORDINARY,
    implants: ['one-of-five-0', 'one-of-five-1', 'one-of-five-2', 'one-of-five-3', 'one-of-five-4', 'fallback'],
  },
  {
    id: '23a',
    about: 'through the proxy, whose log is not there: the answer ends at the proxy',
    site: {
      more: (inventory, { duration }) =>
        Array.from({ length: duration / (2 * MINUTE) - 3 }, (_, i) =>
          proxied(vmOf(inventory, 'desktop', i % 3), vmOf(inventory, 'proxy'), (2 + i * 2) * MINUTE, VPS, false),
        ).flat(),
    },
    expect: { ...ORDINARY, also: (run) => untoldOf(outerLegs(run).filter((answer) => !says(answer, 'BEHIND_PROXY'))) },
    implants: ['proxied'],
  },
  {
    id: '23b',
    about: 'through the proxy, whose log names the client',
    site: {
      more: (inventory, { duration }) =>
        Array.from({ length: duration / (2 * MINUTE) - 3 }, (_, i) =>
          proxied(vmOf(inventory, 'desktop', i % 3), vmOf(inventory, 'proxy'), (2 + i * 2) * MINUTE, VPS, true),
        ).flat(),
    },
    telemetry: { more: squidLog },
    expect: { ...ORDINARY, also: (run) => untoldOf(outerLegs(run).filter((answer) => says(answer, 'BEHIND_PROXY'))) },
    implants: ['proxied'],
  },
  {
    id: '23c',
    about: 'through the proxy at the same moment from three clients: nobody is named who it was not',
    site: {
      more: (inventory) =>
        Array.from({ length: 12 }, (_, i) =>
          proxied(
            vmOf(inventory, 'desktop', i % 3),
            vmOf(inventory, 'proxy'),
            (2 + Math.floor(i / 3) * 6) * MINUTE + (i % 3) * 150,
            VPS,
            true,
          ),
        ).flat(),
    },
    telemetry: { more: squidLog },
    expect: { wrongAtMost: 0, rightAtLeast: 0.97 },
    implants: ['proxied'],
  },
  {
    id: '24',
    about: 'a chain of relays: one VM to another, and from there out',
    site: {
      more: (inventory, { random, duration }) => {
        const first = vmOf(inventory, 'desktop');
        const relay = vmOf(inventory, 'web');
        const out = implant(random, duration, inVm(relay), {
          name: 'relay',
          server: VPS,
          port: 443,
          every: 2 * MINUTE,
          jitter: 0.2,
          length: 8_000,
        });
        return out.flatMap((outer): Plan[] => {
          const start = Math.max(0, outer.start - 60);
          const inner: Plan = {
            ...outer,
            client: addressOf(first, start) ?? '',
            server: outer.client,
            serverPort: 8443,
            start,
            length: outer.length + 100,
            outbound: false,
            owner: vmOwner(first, start),
            path: ['rt-core'],
            translated: false,
          };
          return [inner, { ...outer, relayOf: inner }];
        });
      },
    },
    expect: ORDINARY,
    implants: ['relay'],
  },
  {
    id: '26',
    about:
      'somebody opens the firewall, and ten minutes later a session leaves by it; an approved change does the same',
    site: {
      firewall: 'asa',
      more: (inventory, { random, duration }) =>
        implant(random, duration, inVm(vmOf(inventory, 'db')), {
          name: 'opened',
          server: VPS,
          port: 4444,
          every: MINUTE,
          jitter: 0.1,
          from: 15 * MINUTE,
        }),
    },
    telemetry: {
      more: (site) => [
        ...firewallChange(
          5 * MINUTE,
          'mallory',
          `access-list inside_out extended permit tcp any host ${VPS} eq 4444`,
        )(site),
        ...firewallChange(
          6 * MINUTE,
          'alice',
          'access-list inside_out extended permit tcp any host 192.0.2.20 eq 8443',
        )(site),
      ],
    },
    expect: ORDINARY,
    implants: ['opened'],
  },
  {
    id: '32',
    about: 'a server inside a large provider, as everybody uses it',
    site: {
      more: (inventory, { random, duration }) =>
        implant(random, duration, inVm(vmOf(inventory, 'app', 1)), {
          name: 'fronted',
          server: '192.0.2.31',
          port: 443,
          every: MINUTE,
          jitter: 0.2,
        }),
    },
    expect: ORDINARY,
    implants: ['fronted'],
  },
];
