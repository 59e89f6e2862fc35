import type { ConfigPlatform } from '../platforms';
import type { End, TableReading } from './table-reading';
import { endOf, wordsOf } from './text';

/** Sockets of the device itself: `sockets`. */
export function readSockets(table: TableReading, platform: ConfigPlatform): void {
  for (const line of table.lines) {
    const words = wordsOf(line);
    switch (platform) {
      case 'cisco_ios':
        iosRow(table, words);
        break;
      case 'cisco_nxos':
        nxosRow(table, line);
        break;
      case 'fortigate':
        fortiosRow(table, line);
        break;
      case 'pfsense':
      case 'opnsense':
        sockstatRow(table, words);
        break;
      case 'juniper_junos':
      case 'panos':
        netstatRow(table, words, platform === 'juniper_junos' ? '.' : ':');
        break;
      case 'cisco_asa':
      case 'arista_eos':
      case 'mikrotik':
      case 'vyos':
    }
  }
}

/** An end that may be any address, any port. */
function partial(text: string, separator: ':' | '.'): Partial<End> | undefined {
  const wildcard = /^(?:\*|0\.0\.0\.0|::|\[::\])[.:](\d{1,5}|\*)$/.exec(text);
  if (wildcard !== null) return wildcard[1] === '*' ? {} : { port: Number(wildcard[1]) };
  return endOf(text, separator);
}

const STATES: Readonly<Record<string, string>> = {
  ESTAB: 'established',
  ESTABLISHED: 'established',
  LISTEN: 'listen',
  SYNSENT: 'synSent',
  SYN_SENT: 'synSent',
  SYNRCVD: 'synReceived',
  CLOSEWAIT: 'closeWait',
  CLOSE_WAIT: 'closeWait',
  FINWAIT1: 'finWait1',
  FINWAIT2: 'finWait2',
  LASTACK: 'lastAck',
};
/** Nobody owns these any more. */
const OVER: ReadonlySet<string> = new Set(['TIMEWAIT', 'TIME_WAIT', 'CLOSED', 'CLOSING']);

function connected(
  table: TableReading,
  protocol: string,
  local: Partial<End> | undefined,
  remote: Partial<End> | undefined,
  state: string,
): void {
  if (local === undefined || OVER.has(state)) return;
  table.socket(protocol, local, state === 'LISTEN' ? undefined : remote, STATES[state]);
}

/** `show tcp brief`: TCB, local, foreign, state; the port stands behind a dot. */
function iosRow(table: TableReading, [tcb = '', local = '', remote = '', state = '']: readonly string[]): void {
  if (!/^[0-9A-F]{6,16}$/i.test(tcb)) return;
  connected(table, 'TCP', partial(local, '.'), partial(remote, '.'), state);
}

/** `[host]: tcp  ESTABLISHED  0  A(P)  B(Q)`. */
function nxosRow(table: TableReading, line: string): void {
  const match =
    /^\[\w{1,32}\]: (tcp|udp)\d?\s+([A-Z]{1,16})\s.*?(\S{1,64})\((\d{1,5})\)\s+(\S{1,64})\((\d{1,5})\)/.exec(line);
  if (match === null) return;
  const end = (text: string | undefined, port: string | undefined): Partial<End> | undefined =>
    partial(`${text}:${port}`, ':');
  connected(table, match[1] ?? '', end(match[3], match[4]), end(match[5], match[6]), match[2] ?? '');
}

/** `A:P->B:Q->state=established err=0 … process=123/sshd`. */
function fortiosRow(table: TableReading, line: string): void {
  const match = /^(\S{1,64}?)->(\S{1,64}?)->state=(\w{1,20})(?:.{0,200}process=(\d{1,8})\/(\S{1,64}))?/.exec(line);
  if (match === null) return;
  const [local, remote] = [partial(match[1] ?? '', ':'), partial(match[2] ?? '', ':')];
  if (local === undefined || match[3] === 'time_wait') return;
  table.socket(
    'TCP',
    local,
    match[3] === 'listen' ? undefined : remote,
    match[3],
    match[5] === undefined ? undefined : { pid: Number(match[4]), name: match[5] },
  );
}

/** FreeBSD sockstat: USER COMMAND PID FD PROTO LOCAL FOREIGN. */
function sockstatRow(
  table: TableReading,
  [user = '', command = '', pid = '', , protocol = '', local = '', remote = '']: readonly string[],
): void {
  const name = /^(tcp|udp)/.exec(protocol)?.[1];
  if (name === undefined || !/^\d{1,8}$/.test(pid)) return;
  const [own, other] = [partial(local, ':'), partial(remote, ':')];
  if (own !== undefined)
    table.socket(name, own, other, other?.ip === undefined ? 'listen' : 'established', {
      pid: Number(pid),
      name: command,
      user,
    });
}

/** netstat: PROTO RECV SEND LOCAL FOREIGN STATE, on Junos with a dot before the port. */
function netstatRow(
  table: TableReading,
  [protocol = '', , , local = '', remote = '', state = '']: readonly string[],
  separator: ':' | '.',
): void {
  const name = /^(tcp|udp)/.exec(protocol)?.[1];
  if (name !== undefined)
    connected(table, name, partial(local, separator), partial(remote, separator), state === '' ? 'LISTEN' : state);
}
