import { bsdFrame } from '../encoders/syslog-frame';
import { asaStamp } from '../encoders/syslog-frame';
import { syslogLoss } from '../encoders/management-lines';
import { replayFast } from '../delivery/fast';
import { arrivals } from '../faults';
import { uuidOf } from '../inventory';
import { readAnswers } from '../score/answers';
import type { SiteRun } from '../run';
import type { Site } from '../site';
import type { Emission } from '../telemetry/emission';
import { telemetryOf } from '../telemetry/telemetry';
import { addressOf, type Plan } from '../traffic';
import { ALWAYS } from '../truth';
import { crowd, implant, inVm, leases, oneSession, vmOf, withVm } from './changes';
import type { Scenario } from './scenario';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const VPS = '203.0.113.66';
const ORDINARY = { wrongAtMost: 0.005, rightAtLeast: 0.97 } as const;
const FAULTLESS = { wrongAtMost: 0.005, rightAtLeast: 0.99 } as const;

const outside = ({ score, answers }: SiteRun): { readonly confidence: number }[] => {
  const legs = new Set(score.wrongs.map(({ matched }) => matched.answer.id));
  return answers.flatMap(({ src, id, verdict }) =>
    src === '198.51.100.1' && !legs.has(id) && verdict?.status === 'attributed'
      ? [{ confidence: verdict.confidence }]
      : [],
  );
};

/** A second firewall's state that is hours old: it names whoever had the port before. */
function staleTable(site: Site): Emission[] {
  const translated = site.sessions.filter(({ nat }) => nat !== undefined);
  return translated.flatMap(({ id, protocol, server, serverPort, nat, start }, i): Emission[] => {
    const other = translated[(i * 7 + 3) % translated.length];
    if (i % 3 !== 0 || other === undefined || other.client === translated[i]?.client || nat === undefined) return [];
    const word = protocol === 6 ? 'TCP' : 'UDP';
    const text =
      `ulogd[77]: [NEW] ORIG: SRC=${other.client} DST=${server} PROTO=${word} SPT=${other.clientPort} DPT=${serverPort} PKTS=0 BYTES=0 , ` +
      `REPLY: SRC=${server} DST=${nat.ip} PROTO=${word} SPT=${serverPort} DPT=${nat.port} PKTS=0 BYTES=0 `;
    const bytes = bsdFrame(30, site.epoch + start, 'fw-standby', text);
    return [
      {
        at: start + 3,
        device: 'fw-standby',
        from: '10.20.254.3',
        format: 'syslog',
        stream: 'syslog',
        bytes,
        tells: [{ session: id, what: 'nat-log' }],
      },
    ];
  });
}

/** A VM that writes syslog as if it were the firewall, and names others. */
function forgedLog(site: Site): Emission[] {
  const liar = vmOf(site.inventory, 'desktop', 1);
  return site.sessions.flatMap(({ nat, server, serverPort, protocol, start, id }, i): Emission[] => {
    if (nat === undefined || i % 5 !== 0 || protocol !== 6) return [];
    const ip = addressOf(liar, start) ?? '';
    const victim = addressOf(vmOf(site.inventory, 'db'), start) ?? '';
    const text = `<166>${asaStamp(site.epoch + start)} fw-1 : %ASA-6-302013: Built outbound TCP connection ${90_000 + id} for outside:${server}/${serverPort} (${server}/${serverPort}) to inside:${victim}/40000 (${nat.ip}/${nat.port})`;
    return [
      {
        at: start + 10,
        device: liar.hostname,
        from: ip,
        format: 'syslog',
        stream: 'syslog',
        bytes: Buffer.from(text),
        tells: [],
      },
    ];
  });
}

/** DHCP clients that tell a name of others, or try to end the line. */
function forgedNames(site: Site): Emission[] {
  const liar = vmOf(site.inventory, 'desktop', 1);
  const ip = addressOf(liar, 0) ?? '';
  const names = [
    'vcsa',
    'db-prod-1',
    'x\n<30>Mar 10 08:00:00 dhcp-1 dhcpd[612]: DHCPACK on 10.20.1.10 to 00:50:56:00:00:01 (y)',
    '\u001b[2Jfw-1',
  ];
  return names.map((name, i): Emission => {
    const at = (3 + i * 4) * MINUTE;
    const text = `dhcpd[612]: DHCPACK on ${ip} to ${liar.adapter.mac} (${name}) via 10.20.2.1`;
    return {
      at,
      device: 'dhcp-1',
      from: '10.20.1.67',
      format: 'syslog',
      stream: 'syslog',
      bytes: bsdFrame(30, site.epoch + at, 'dhcp-1', text),
      tells: [],
    };
  });
}

/** What is named of each session when nothing comes late. */
function sameAsOnTime(run: SiteRun): string | undefined {
  const { site, telemetry } = run;
  const replayed = replayFast(site, arrivals(site.seed, telemetryOf(site, telemetry), {}));
  try {
    const named = (answers: SiteRun['answers']): Map<string, string> =>
      new Map(
        answers.map(({ src, srcPort, dst, dstPort, protocol, start, verdict }) => [
          [src, srcPort, dst, dstPort, protocol, start].join(' '),
          `${verdict?.status} ${verdict?.owners.map(({ id }) => id).join(' ')}`,
        ]),
      );
    const onTime = named(readAnswers(replayed.layout.database));
    const late = named(run.answers);
    const different = [...onTime].filter(([key, value]) => late.get(key) !== value);
    return different.length === 0
      ? undefined
      : `${different.length} of ${onTime.size} verdicts differ from the run without delay`;
  } finally {
    replayed.remove();
  }
}

function proportionOf(run: SiteRun, holds: (answer: SiteRun['answers'][number]) => boolean): number {
  const { answers } = run;
  return answers.filter(holds).length / Math.max(1, answers.length);
}

/** Scenarios about telemetry, networks and time. */
export const NETWORK_SCENARIOS: readonly Scenario[] = [
  { id: '1', about: 'an ordinary day: nobody calls home', telemetry: { firewallLog: 'both' }, expect: FAULTLESS },
  {
    id: '7',
    about: 'one session that lasts the whole day, cut by an active timeout of 60 s',
    site: {
      more: (inventory, { duration }) => [
        oneSession(vmOf(inventory, 'app'), 30_000, duration - 120_000, '203.0.113.201', 22, {
          bytesUp: 9_000_000,
          bytesDown: 80_000_000,
          packetsUp: 90_000,
          packetsDown: 120_000,
          label: 'long',
        }),
      ],
    },
    expect: {
      ...FAULTLESS,
      also: ({ answers }) => {
        const legs = answers.filter(({ dst, dstPort }) => dst === '203.0.113.201' && dstPort === 22);
        return legs.length === 2 ? undefined : `${legs.length} sessions of one with two legs`;
      },
    },
  },
  {
    id: '8a',
    about: 'the lowest free port is given again at once, 20 sessions a second to few servers',
    site: {
      portChoice: 'lowest',
      firewall: 'asa',
      more: (inventory, { random }) => crowd(random, inventory, MINUTE, 3 * MINUTE, 20),
    },
    expect: { wrongAtMost: 0, rightAtLeast: 0.9 },
  },
  {
    id: '8b',
    about: 'the same at 200 a second',
    site: {
      portChoice: 'lowest',
      duration: 10 * MINUTE,
      more: (inventory, { random }) => crowd(random, inventory, 2 * MINUTE, 2.25 * MINUTE, 200),
    },
    expect: { wrongAtMost: 0, rightAtLeast: 0.9 },
  },
  {
    id: '8c',
    about: 'the same, and the outer router is 5 s ahead',
    site: {
      portChoice: 'lowest',
      duration: 10 * MINUTE,
      more: (inventory, { random }) => crowd(random, inventory, 2 * MINUTE, 2.25 * MINUTE, 200),
    },
    telemetry: { clocks: { 'rt-edge': { offset: 5_000 } } },
    expect: { wrongAtMost: 0, rightAtLeast: 0.8 },
  },
  {
    id: '9',
    about: 'translation without a log: flows on both sides only',
    telemetry: { firewallLog: 'none' },
    expect: {
      wrongAtMost: 0.005,
      rightAtLeast: 0.97,
      also: (run) => {
        const sure = outside(run).filter(({ confidence }) => confidence > 0.7);
        return sure.length === 0 ? undefined : `${sure.length} inferences surer than 0.7`;
      },
    },
  },
  {
    id: '10',
    about: 'four sources of translations, one of them stale',
    site: { firewall: 'asa' },
    telemetry: { firewallLog: 'both', more: staleTable },
    expect: { wrongAtMost: 0.005, rightAtLeast: 0.9 },
  },
  {
    id: '11',
    about: 'clocks off by 5 and 90 s, drift, a reboot, and an uptime that wraps',
    telemetry: {
      clocks: {
        'rt-edge': { offset: 90_000, drift: 20 },
        'rt-core': { offset: -5_000 },
        'fw-1': { offset: 5_000, drift: 20 },
      },
      reboots: { 'rt-core': 15 * MINUTE },
      uptime: 2 ** 32 - 10 * MINUTE,
    },
    expect: { wrongAtMost: 0.005, rightAtLeast: 0.9 },
  },
  {
    id: '12',
    about: 'an implant whose VM gets another address and then the first again, which another VM had meanwhile',
    site: {
      change: (inventory, { duration }) => {
        const first = vmOf(inventory, 'desktop');
        const second = vmOf(inventory, 'desktop', 1);
        const part = duration / 6;
        const shared = addressOf(first, 0) ?? '';
        const own = addressOf(second, 0) ?? '';
        const a = leases([
          [0, shared],
          [2 * part, '10.20.2.201'],
          [4 * part, shared],
        ]);
        const b = leases([
          [0, own],
          [2.2 * part, shared],
          [3.8 * part, own],
        ]);
        const changed = withVm(inventory, first, { adapter: { ...first.adapter, addresses: a } });
        return withVm(changed, second, { adapter: { ...second.adapter, addresses: b } });
      },
      more: (inventory, { random, duration }) =>
        implant(random, duration, inVm(vmOf(inventory, 'desktop')), {
          name: 'released',
          server: VPS,
          port: 443,
          every: MINUTE,
          jitter: 0.2,
        }),
    },
    expect: FAULTLESS,
    implants: ['released'],
  },
  {
    id: '13',
    about: 'a VM moves to another hypervisor in the middle of a session',
    site: {
      change: (inventory, { duration }) => {
        const vm = vmOf(inventory, 'app');
        const [before = '', after = ''] = inventory.hosts.map(({ name }) => name);
        const half = duration / 2;
        return withVm(inventory, vm, {
          placements: [
            { from: ALWAYS.from, to: half, host: before },
            { from: half, to: ALWAYS.to, host: after },
          ],
        });
      },
      more: (inventory, { duration }) => [
        oneSession(vmOf(inventory, 'app'), duration / 2 - 3 * MINUTE, 6 * MINUTE, '203.0.113.202', 443, {
          label: 'moved',
        }),
      ],
    },
    telemetry: { vds: true },
    expect: FAULTLESS,
  },
  {
    id: '14a',
    about: 'equal addresses in two VRFs, and the router says which',
    site: { more: tenantSessions },
    telemetry: { vrfInFlows: true },
    expect: { wrongAtMost: 0.005, rightAtLeast: 0.9 },
  },
  {
    id: '14b',
    about: 'equal addresses in two VRFs, and nobody says which: both are candidates',
    site: { more: tenantSessions },
    expect: { wrongAtMost: 0.005, rightAtLeast: 0.8 },
  },
  {
    id: '15',
    about: 'two routers and the distributed switch see the same session: it is counted once',
    site: { firewall: 'asa' },
    telemetry: { vds: true, firewallLog: 'both' },
    expect: {
      ...FAULTLESS,
      also: ({ answers, site }) => {
        const truth = new Map(
          site.sessions.map((one) => [`${one.client} ${one.clientPort} ${one.server} ${one.serverPort}`, one]),
        );
        const off = answers.filter(({ src, srcPort, dst, dstPort, srcBytes, end }) => {
          const one = truth.get(`${src} ${srcPort} ${dst} ${dstPort}`);
          if (one === undefined || end > site.epoch + site.duration - 60_000) return false;
          return Math.abs(srcBytes - one.bytesUp) > one.bytesUp * 0.01;
        });
        return off.length === 0 ? undefined : `${off.length} sessions are off by more than 1 % of their bytes`;
      },
    },
  },
  {
    id: '16a',
    about: 'one packet in 100 is looked at',
    telemetry: { sampling: { 'rt-core': 100, 'rt-edge': 100 } },
    expect: ORDINARY,
  },
  {
    id: '16b',
    about: 'one packet in 1,000 is looked at',
    telemetry: { sampling: { 'rt-core': 1_000, 'rt-edge': 1_000 } },
    expect: { wrongAtMost: 0.005, rightAtLeast: 0.95 },
  },
  {
    id: '17',
    about: 'answers come back another way, and the outer router exports nothing',
    telemetry: { unseen: { 'rt-core': ({ id }) => (id % 2 === 0 ? 'down' : 'none') }, without: ['rt-edge ipfix'] },
    expect: ORDINARY,
  },
  {
    id: '18a',
    about: '30 % of the flow export is lost',
    faults: {
      loss: [
        { stream: 'netflow', share: 0.3 },
        { stream: 'ipfix', share: 0.3 },
      ],
    },
    expect: ORDINARY,
  },
  {
    id: '18b',
    about: '60 % of the flow export is lost',
    faults: {
      loss: [
        { stream: 'netflow', share: 0.6 },
        { stream: 'ipfix', share: 0.6 },
      ],
    },
    expect: ORDINARY,
  },
  {
    id: '18c',
    about: 'an exporter begins again and its templates come five minutes late',
    telemetry: { reboots: { 'rt-core': 10 * MINUTE }, templatesEvery: 5 * MINUTE },
    expect: ORDINARY,
  },
  {
    id: '19',
    about: 'the log of translations comes two hours late, that of leases a day',
    faults: {
      late: [
        { device: 'fw-1', stream: 'syslog', by: 2 * HOUR },
        { device: 'dhcp-1', stream: 'syslog', by: 24 * HOUR },
      ],
    },
    expect: { ...ORDINARY, also: sameAsOnTime },
  },
  {
    id: '20a',
    about: 'nobody knows MAC addresses: no ARP, no forwarding tables',
    telemetry: { without: ['snmp ipNetTo', 'snmp dot1'] },
    addressesKnown: false,
    expect: { wrongAtMost: 0.005, rightAtLeast: 0 },
  },
  {
    id: '20b',
    about: 'two VMs have the same MAC address',
    site: {
      change: (inventory) => {
        const twin = vmOf(inventory, 'web', 1);
        return withVm(inventory, twin, { adapter: { ...twin.adapter, mac: vmOf(inventory, 'web').adapter.mac } });
      },
    },
    expect: { wrongAtMost: 0.005, rightAtLeast: 0.9 },
  },
  {
    id: '22',
    about: 'a VM changes its IPv6 address now and again',
    site: {
      change: (inventory, { duration, random }) => {
        const vm = vmOf(inventory, 'desktop');
        const changes = Array.from(
          { length: 4 },
          (_, i) => [(i * duration) / 4, `2001:db8:20:30::${random.int(1, 0xfffe).toString(16)}`] as const,
        );
        return withVm(inventory, vm, {
          adapter: { ...vm.adapter, addresses: [...vm.adapter.addresses, ...leases(changes, 'slaac')] },
        });
      },
      more: (inventory, { random, duration }) =>
        implant(random, duration, inVm(vmOf(inventory, 'desktop'), true), {
          name: 'rotating',
          server: '2001:db8:bad::66',
          port: 443,
          every: MINUTE,
          jitter: 0.2,
        }),
    },
    expect: FAULTLESS,
    implants: ['rotating'],
  },
  {
    id: '25',
    about: 'a hypervisor stops to send its log, and its sessions go on',
    telemetry: {
      more: (site) => {
        const [host] = site.inventory.hosts;
        const time = 10 * MINUTE - 1_000;
        if (host === undefined) return [];
        return [
          {
            at: time,
            device: host.name,
            from: host.ip,
            format: 'syslog',
            stream: 'syslog',
            bytes: syslogLoss(site.epoch + time, host.name, 12),
            tells: [],
          },
        ];
      },
    },
    faults: { loss: [{ device: 'esx-1', stream: 'syslog', from: 10 * MINUTE, share: 1 }] },
    expect: FAULTLESS,
  },
  {
    id: '27',
    about: 'a VM is renamed, one gets another address, one is deleted and made anew with the same MAC address',
    site: {
      change: (inventory, { duration, random }) => {
        const renamed = vmOf(inventory, 'web');
        const moved = vmOf(inventory, 'app');
        const deleted = vmOf(inventory, 'web', 1);
        const third = duration / 3;
        const name = renamed.names[0]?.name ?? '';
        const [address] = deleted.adapter.addresses;
        const [host] = deleted.placements;
        if (address === undefined || host === undefined) return inventory;
        const old = { from: ALWAYS.from, to: third };
        const fresh = { from: third + 2 * MINUTE, to: ALWAYS.to };
        let changed = withVm(inventory, renamed, {
          names: [
            { from: ALWAYS.from, to: third, name },
            { from: third, to: ALWAYS.to, name: `${name} old` },
          ],
        });
        changed = withVm(changed, moved, {
          adapter: {
            ...moved.adapter,
            addresses: leases(
              [
                [0, addressOf(moved, 0)],
                [third, '10.20.1.240'],
              ],
              'static',
            ),
          },
        });
        changed = withVm(changed, deleted, {
          placements: [{ ...host, ...old }],
          adapter: { ...deleted.adapter, addresses: [{ ...address, ...old }] },
        });
        const again = {
          ...deleted,
          uuid: uuidOf(random),
          vmid: 900,
          dvPort: 900,
          names: [{ ...ALWAYS, name: 'web-from-template' }],
          placements: [{ ...host, ...fresh }],
          adapter: { ...deleted.adapter, addresses: [{ ...address, ...fresh }] },
        };
        return { ...changed, vms: [...changed.vms, again] };
      },
    },
    expect: { wrongAtMost: 0.005, rightAtLeast: 0.97 },
  },
  {
    id: '28',
    about: 'forged names in leases, line ends and escapes in a log, and a VM that writes as if it were the firewall',
    site: { firewall: 'asa' },
    telemetry: { more: (site) => [...forgedNames(site), ...forgedLog(site)] },
    expect: { wrongAtMost: 0.005, rightAtLeast: 0.95 },
  },
  {
    id: '29',
    about: 'times without a year across New Year',
    site: { epoch: Date.UTC(2025, 11, 31, 23, 45, 0), firewall: 'netfilter' },
    expect: FAULTLESS,
  },
  {
    id: '30',
    about: 'ten times the sessions for some minutes',
    site: { more: (inventory, { random }) => crowd(random, inventory, 10 * MINUTE, 13 * MINUTE, 30) },
    expect: FAULTLESS,
  },
  {
    id: '31',
    about: 'VMs of one hypervisor talk among themselves, never on a wire',
    site: {
      more: (inventory): Plan[] => {
        const [a, b] = [vmOf(inventory, 'web'), vmOf(inventory, 'web', 1)];
        const within = { path: [], outbound: false, translated: false, label: 'within' };
        return Array.from({ length: 10 }, (_, i) =>
          oneSession(a, (1 + i) * MINUTE, 5_000, addressOf(b, 0) ?? '', 9_443, within),
        );
      },
    },
    expect: {
      ...FAULTLESS,
      also: (run) =>
        proportionOf(run, ({ dstPort }) => dstPort === 9_443) === 0
          ? undefined
          : 'sessions are listed that no device saw',
    },
  },
];

/** What the tenants do: the same addresses in both VRFs talk at the same time, each over its own exit. */
function tenantSessions(inventory: Parameters<typeof vmOf>[0], { duration }: { readonly duration: number }): Plan[] {
  const tenants = inventory.vms.filter(({ role }) => role === 'tenant');
  return tenants.flatMap((vm, n) =>
    Array.from({ length: Math.floor(duration / (2 * MINUTE)) }, (_, i) =>
      oneSession(vm, i * 2 * MINUTE + n * 4_000 + 1_000, 5_000, '192.0.2.66', 443, {
        path: ['rt-core'],
        translated: false,
        label: 'tenant',
      }),
    ),
  );
}
