/**
 * What the ESXi stand-in shows: one host at one moment. Whoever drives it gives a function that returns the host as it is
 * now; commands are rendered from it when they are asked. SIMULATED: no real host was the model, documents were.
 */

export type EsxiVersion = '6.7' | '7.0' | '8.0' | '9.0';

export interface EsxiNic {
  /** Number of the adapter: 0 is `ethernet0`, `Network adapter 1`. */
  readonly index: number;
  readonly mac: string;
  readonly portgroup: string;
  readonly vswitch: string;
  /** Port on the switch, decimal. */
  readonly portId: number;
  /** Port of a distributed switch; undefined on a standard one. */
  readonly dvPort?: number;
  readonly uplink: string;
  /** As the guest tools report them. */
  readonly addresses: readonly string[];
}

export interface EsxiVm {
  readonly name: string;
  /** Per power-on; 0 when it is off. */
  readonly worldId: number;
  /** Per registration; undefined for a VM that runs without being registered. */
  readonly vmid: number | undefined;
  /** `564dc4d7deeb778...`: 32 hexadecimal digits. */
  readonly uuid: string;
  /** `/vmfs/volumes/<uuid>/<folder>/<name>.vmx`, and the datastore's name. */
  readonly vmx: string;
  readonly datastore: string;
  readonly guestOs: string;
  readonly annotation: string;
  /** Undefined: no tools run in it. */
  readonly guestHostname: string | undefined;
  readonly nics: readonly EsxiNic[];
}

export interface EsxiSocket {
  readonly netstack: string;
  readonly protocol: 'tcp' | 'udp';
  readonly local: string;
  readonly foreign: string;
  /** Empty for UDP. */
  readonly state: string;
  /** 0 in TIME_WAIT. */
  readonly worldId: number;
  readonly worldName: string;
}

export interface EsxiVmkernel {
  readonly name: string;
  readonly mac: string;
  readonly address: string;
  readonly netmask: string;
  readonly portgroup: string;
  readonly vswitch: string;
  readonly portId: number;
  readonly netstack: string;
}

export interface EsxiNeighbour {
  readonly address: string;
  readonly mac: string;
  readonly vmk: string;
}

export interface EsxiHost {
  readonly name: string;
  readonly version: EsxiVersion;
  readonly build: string;
  readonly uuid: string;
  /** Epoch ms of its boot, by a right clock. */
  readonly bootedAt: number;
  readonly netstacks: readonly string[];
  readonly vmkernels: readonly EsxiVmkernel[];
  readonly neighbours: readonly EsxiNeighbour[];
  readonly sockets: readonly EsxiSocket[];
  readonly vms: readonly EsxiVm[];
  /** `/Net/GuestIPHack`: whether `vm port list` shows addresses. */
  readonly guestIpHack: boolean;
  readonly accounts: readonly string[];
  readonly vibs: readonly { readonly name: string; readonly version: string; readonly acceptance: string }[];
  readonly rulesets: readonly {
    readonly name: string;
    readonly enabled: boolean;
    readonly allowed: readonly string[];
  }[];
  readonly remoteSyslog: string;
}

/** Full version texts by release. */
export const RELEASES: Readonly<Record<EsxiVersion, { readonly full: string; readonly build: string }>> = {
  '6.7': { full: '6.7.0', build: '14320388' },
  '7.0': { full: '7.0.3', build: '20328353' },
  '8.0': { full: '8.0.3', build: '24677879' },
  '9.0': { full: '9.0.0', build: '24755229' },
};

const VOLUME = '/vmfs/volumes/5f3c1b2a-0c1d2e3f-4a5b-001122334455';

/** A VM with one adapter on `vSwitch0`; changes win. */
export function makeVm(index: number, changes: Partial<EsxiVm> = {}): EsxiVm {
  const name = changes.name ?? `vm-${index}`;
  const hex = index.toString(16).padStart(2, '0');
  return {
    name,
    worldId: 2_100_000 + index * 10,
    vmid: index,
    uuid: `564dc4d7deeb7781dc694e96d4c6${(0x1000 + index).toString(16)}`,
    vmx: `${VOLUME}/${name}/${name}.vmx`,
    datastore: 'datastore1',
    guestOs: 'ubuntu64Guest',
    annotation: '',
    guestHostname: `host-${index}`,
    nics: [
      {
        index: 0,
        mac: `00:0c:29:00:00:${hex}`,
        portgroup: 'VM Network',
        vswitch: 'vSwitch0',
        portId: 33_554_440 + index,
        uplink: 'vmnic0',
        addresses: [`10.1.0.${index}`],
      },
    ],
    ...changes,
  };
}

/** A small host with what every test needs; changes win. */
export function makeHost(changes: Partial<EsxiHost> = {}): EsxiHost {
  const version = changes.version ?? '7.0';
  return {
    name: 'esx-01',
    version,
    build: RELEASES[version].build,
    uuid: '5f3c1b2a-1111-2222-3333-001122334455',
    bootedAt: Date.UTC(2026, 10, 1),
    netstacks: ['defaultTcpipStack', 'vmotion'],
    vmkernels: [
      {
        name: 'vmk0',
        mac: '00:50:56:60:00:01',
        address: '10.0.0.11',
        netmask: '255.255.255.0',
        portgroup: 'Management Network',
        vswitch: 'vSwitch0',
        portId: 33_554_436,
        netstack: 'defaultTcpipStack',
      },
      {
        name: 'vmk1',
        mac: '00:50:56:60:00:02',
        address: '10.9.0.11',
        netmask: '255.255.255.0',
        portgroup: 'vMotion',
        vswitch: 'vSwitch0',
        portId: 33_554_437,
        netstack: 'vmotion',
      },
    ],
    neighbours: [{ address: '10.0.0.1', mac: '00:00:5e:00:01:01', vmk: 'vmk0' }],
    sockets: [
      socket('tcp', '127.0.0.1:8307', '127.0.0.1:33217', 'ESTABLISHED', 2_098_951, 'hostd-IO'),
      socket('tcp', '10.0.0.11:22', '10.0.0.200:46932', 'ESTABLISHED', 2_099_486, 'sshd'),
      socket('tcp', '10.0.0.11:443', '10.0.0.201:50122', 'TIME_WAIT', 0, ''),
      socket('udp', '10.0.0.11:123', '0.0.0.0:0', '', 2_098_700, 'ntpd'),
      { ...socket('tcp', '10.9.0.11:8000', '0.0.0.0:0', 'LISTEN', 2_097_600, 'vmotionServer'), netstack: 'vmotion' },
    ],
    vms: [makeVm(1), makeVm(2, { name: 'db on (test) [1]', guestHostname: undefined })],
    guestIpHack: false,
    accounts: ['root', 'dcui', 'vpxuser', 'ascribe'],
    vibs: [
      {
        name: 'esx-base',
        version: `${RELEASES[version].full}-0.0.${RELEASES[version].build}`,
        acceptance: 'VMwareCertified',
      },
    ],
    rulesets: [
      { name: 'sshServer', enabled: true, allowed: ['10.0.0.0/24'] },
      { name: 'syslog', enabled: true, allowed: ['All'] },
    ],
    remoteSyslog: 'ssl://10.0.0.50:1514',
    ...changes,
  };
}

function socket(
  protocol: 'tcp' | 'udp',
  local: string,
  foreign: string,
  state: string,
  worldId: number,
  worldName: string,
): EsxiSocket {
  return { netstack: 'defaultTcpipStack', protocol, local, foreign, state, worldId, worldName };
}
