import { gzipSync } from 'node:zlib';

/** Files of an ESXi host, written by hand after VMware's "ESXi log message formats". */

export const HOSTD =
  '2026-11-24T01:00:00.000Z In(166) Hostd[2099494]: - time the service was last started 2026-11-20T00:00:00.000Z, Section for VMware ESX, pid=2099494, version=8.0.3, build=24022510, option=Release\n' +
  '2026-11-24T01:02:03.004Z In(166) Hostd[2099494]: [Originator@6876 sub=Vimsvc.ha-eventmgr opID=esxui-1] Event 99 : User root@192.0.2.10 logged in as Mozilla/5.0\n' +
  '2026-11-24T01:02:04.004Z In(166) Hostd[2099494]: [Originator@6876 sub=Vimsvc.TaskManager] Task Completed\n';
export const HOSTD_OLD =
  '2026-11-23T01:02:03.004Z In(166) Hostd[2099494]: [Originator@6876 sub=Vimsvc.ha-eventmgr] Event 12 : SSH access has been enabled.\n';
export const VOBD =
  "2026-11-24T01:02:05.000Z In(14) vobd[2097450]:  [UserLevelCorrelator] 4105355us: [vob.user.ssh.session.opened] SSH session was opened for 'root@192.0.2.10'.\n";
export const VMKERNEL =
  '2026-11-24T01:02:06.000Z In(182) vmkernel: cpu2:2097963)NetPort: 1580: enabled port 0x4000010 with mac 00:50:56:00:00:05\n';
export const SHELL = '2026-11-24T01:02:07.000Z In(14) shell[2099491]: [root]: esxcli network ip connection list\n';
export const AUTH =
  '2026-11-24T01:02:08Z sshd[2099486]: Accepted keyboard-interactive/pam for root from 192.0.2.10 port 46932 ssh2\n';
export const VMWARE = '2026-11-24T01:02:09.000Z In(05) vmx - Ethernet0 MAC Address: 00:50:56:00:00:05\n';
export const CONNECTIONS =
  'Proto  Recv Q  Send Q  Local Address      Foreign Address      State        World ID  CC Algo  World Name\n' +
  '-----  ------  ------  -----------------  -------------------  -----------  --------  -------  ----------\n' +
  'tcp         0       0  192.0.2.11:902     198.51.100.7:443     ESTABLISHED   2099494  newreno  hostd-worker\n';
export const VMX = 'displayName = "web-01"\nuuid.bios = "56 4d c4 d7 de eb 77 81-dc 69 4e 96 d4 c6 18 4f"\n';

/** A file, or a link, of an archive. */
export interface BundleEntry {
  readonly name: string;
  readonly content?: string | Uint8Array;
  readonly link?: string;
}

const TOP = 'esx-esx-01.example-2026-11-24--01.05-2099999';

/** What vm-support would put together. */
export function bundleEntries(): BundleEntry[] {
  const packed = gzipSync(HOSTD_OLD);
  return [
    { name: `${TOP}/README`, content: 'nothing that is read\n' },
    { name: `${TOP}/commands/localcli_network-ip-connection-list.txt`, content: CONNECTIONS },
    { name: `${TOP}/commands/localcli_vm-process-list.txt`, content: 'web-01\n   World ID: 2100001\n' },
    { name: `${TOP}/commands/net-stats_-l.txt`, content: 'PortNum Type SubType SwitchName MACAddress ClientName\n' },
    { name: `${TOP}/commands/df.txt`, content: 'not on the list\n' },
    { name: `${TOP}/var/run/log/hostd.0.gz`, content: packed },
    { name: `${TOP}/var/run/log/hostd.log`, content: HOSTD },
    { name: `${TOP}/var/run/log/vobd.log`, content: VOBD },
    { name: `${TOP}/var/run/log/vmkernel.log.FRAG-00000`, content: VMKERNEL.slice(0, 40) },
    { name: `${TOP}/var/run/log/vmkernel.log.FRAG-00001`, content: VMKERNEL.slice(40) },
    { name: `${TOP}/var/log`, link: 'run/log' },
    { name: `${TOP}/vmfs/volumes/5f-1/web 01/vmware-3.log`, content: VMWARE },
    { name: `${TOP}/vmfs/volumes/5f-1/web 01/web 01.vmx`, content: VMX },
  ];
}

/** A ustar archive of the entries; names that do not fit are given in the way of GNU or of pax. */
export function tarOf(entries: readonly BundleEntry[], long: 'gnu' | 'pax' = 'gnu'): Buffer {
  const blocks = entries.flatMap(({ name, content = '', link }) => {
    const bytes = Buffer.from(content);
    const head: Buffer[] = [];
    if (Buffer.byteLength(name) > 99) {
      const value = long === 'gnu' ? Buffer.from(`${name}\0`) : paxRecord('path', name);
      head.push(header('././@LongLink', value.length, long === 'gnu' ? 'L' : 'x', ''), padded(value));
    }
    head.push(
      header(name.slice(0, 99), link === undefined ? bytes.length : 0, link === undefined ? '0' : '2', link ?? ''),
    );
    return link === undefined ? [...head, padded(bytes)] : head;
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  length = rest + String(length).length;
  return Buffer.from(`${length} ${key}=${value}\n`);
}

function header(name: string, size: number, type: string, link: string): Buffer {
  const block = Buffer.alloc(512);
  block.write(name, 0);
  block.write('0000644\0', 100);
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  block.write(
    `${Math.floor(Date.UTC(2026, 10, 24, 1, 5) / 1000)
      .toString(8)
      .padStart(11, '0')}\0`,
    136,
  );
  block.write('        ', 148);
  block.write(type, 156);
  block.write(link, 157);
  block.write('ustar\u000000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}
