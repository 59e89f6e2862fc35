import type { EsxiVersion } from './esxi-world';

/** Lines of log files as each release writes them (esxi.md section 1.2). Times are UTC; `at` is the host's clock, epoch ms. */

const stamp = (at: number): string => new Date(at).toISOString();
const isNew = (version: EsxiVersion): boolean => Number.parseInt(version, 10) >= 8;

export interface HostdContext {
  readonly sub: string;
  readonly opId?: string;
  readonly user?: string;
}

/** hostd.log. */
export function hostdLine(version: EsxiVersion, at: number, text: string, context: HostdContext): string {
  const { sub, opId, user } = context;
  const more = `${opId === undefined ? '' : ` opID=${opId}`}${user === undefined ? '' : ` user=${user}`}`;
  const metadata = `[Originator@6876 sub=${sub}${more}]`;
  if (isNew(version)) return `${stamp(at)} In(166) Hostd[2099494]: ${metadata} ${text}`;
  return `${stamp(at)} info hostd[2099494] ${metadata} ${text}`;
}

/** hostd.log, an event as `Event N : text`. */
export function eventLine(version: EsxiVersion, at: number, number: number, text: string, user = 'root'): string {
  return hostdLine(version, at, `Event ${number} : ${text}`, { sub: 'Vimsvc.ha-eventmgr', user });
}

/** vobd.log: `id` as `esx.audit.ssh.session.opened`. */
export function vobdLine(version: EsxiVersion, at: number, id: string, text: string): string {
  const body = `[UserLevelCorrelator] ${Math.round(at % 1e10)}us: [${id}] ${text}`;
  return isNew(version) ? `${stamp(at)} In(14) vobd[2097700]:  ${body}` : `${stamp(at)}: ${body}`;
}

/** auth.log. */
export function authLine(version: EsxiVersion, at: number, text: string, pid = 2_099_486): string {
  if (isNew(version)) return `${stamp(at)} In(38) sshd[${pid}]: ${text}`;
  return `${stamp(at).replace(/\.\d+Z$/u, 'Z')} sshd[${pid}]: ${text}`;
}

/** shell.log. */
export function shellLine(version: EsxiVersion, at: number, user: string, command: string): string {
  const body = `shell[2099491]: [${user}]: ${command}`;
  return isNew(version) ? `${stamp(at)} In(14) ${body}` : `${stamp(at).replace(/\.\d+Z$/u, 'Z')} ${body}`;
}

/** vmkernel.log: the source or the destination of a vMotion; `id` is the same on both hosts. */
export function migrateLine(
  version: EsxiVersion,
  at: number,
  { world, id, from, to, toWorld }: { world: number; id: string; from: string; to: string; toWorld: number },
): string {
  if (isNew(version)) {
    return `${stamp(at)} In(182) vmkernel: cpu12 opID=d5991c6f)Migrate: 314: vmotion: Source vmmLeaderID = ${world}, ts = ${id}, srcIP = <${from}> dstIP = <${to}> Dest wid = ${toWorld} using SHARED swap, encrypted`;
  }
  return `${stamp(at)} cpu4:2758489)Migrate: vm ${world}: 3284: Setting VMOTION info: Source ts = ${id}, src ip = <${from}> dest ip = <${to}> Dest wid = ${toWorld} using SHARED swap`;
}

/** The first line of a file that was just begun. */
export function sectionLine(version: EsxiVersion, at: number, full: string, build: string): string {
  const section = `Section for VMware ${isNew(version) ? 'ESXi' : 'ESX'}, pid=2099494, version=${full}, build=${build}, option=Release`;
  return isNew(version)
    ? `${stamp(at)} In(166) Hostd[2099494]: - time the service was last started ${stamp(at)}, ${section}`
    : `${stamp(at)} - time the service was last started ${stamp(at)}, ${section}`;
}

/** What one login by SSH leaves on the host: in auth.log, vobd.log and hostd.log. */
export function loginLines(
  version: EsxiVersion,
  at: number,
  { user, address, port, event }: { user: string; address: string; port: number; event: number },
): { readonly auth: readonly string[]; readonly vobd: readonly string[]; readonly hostd: readonly string[] } {
  const opened = `SSH session was opened for '${user}@${address}'.`;
  return {
    auth: [
      authLine(version, at, `Connection from ${address} port ${port}`),
      authLine(version, at, `Accepted keyboard-interactive/pam for ${user} from ${address} port ${port} ssh2`),
    ],
    vobd: [
      vobdLine(version, at, 'vob.user.ssh.session.opened', opened),
      vobdLine(version, at, 'esx.audit.ssh.session.opened', opened),
    ],
    hostd: [eventLine(version, at, event, opened, 'root')],
  };
}
