import { maskSecrets } from '../../mask-secrets';
import type { Event } from '../../model/facts';
import type { SshCommand, SshSession } from '../../ssh-record';
import type { EsxiRecord } from '../record/esxi-record';
import { originOf } from '../record/esxi-record';

/**
 * What our own reading leaves in a host's logs: a login of sshd for every connection, a login to hostd for every esxcli.
 * Such records are ours by our port, by the process or operation that our port led to, or because they stand within the
 * time of one of our commands and no more often than it was run. An account alone proves nothing: people use it too.
 */
interface OwnSession {
  readonly user: string;
  readonly address: string;
  readonly port: number;
  /** Device time of the login. */
  readonly since: number;
}

/** The time of one command on the device's clock, with how many logins to hostd it makes. */
interface OwnCommand {
  readonly from: number;
  readonly to: number;
  readonly digest: number;
  logins: number;
  logouts: number;
}

/** All of it as JSON. */
export interface FootprintJson {
  readonly sessions: readonly OwnSession[];
  readonly commands: readonly OwnCommand[];
  readonly pids: readonly string[];
  readonly operations: readonly string[];
  readonly foreign: readonly (readonly [string, number])[];
}

const MAX_SESSIONS = 64;
const MAX_COMMANDS = 512;
const MAX_KEPT = 256;
/** Records of a login come a little before and after what our clock says of it. */
const LOGIN_MARGIN_MS = 10_000;
const COMMAND_MARGIN_MS = 2000;
/** hostd logs out some time after esxcli has ended. */
const LOGOUT_MARGIN_MS = 30_000;

export class OwnFootprint {
  #sessions: OwnSession[] = [];
  #commands: OwnCommand[] = [];
  readonly #pids = new Set<string>();
  readonly #operations = new Set<string>();
  /** Sessions of our account and address that are not ours, by both. */
  readonly #foreign = new Map<string, number>();

  /** Notes the connection a record came over. */
  session({ user, address, port, since }: SshSession, clockOffset: number): void {
    if (port === undefined || since === undefined || address === '') return;
    const known = this.#sessions.some((other) => other.port === port && other.address === address);
    if (known && this.#sessions.at(-1)?.port === port) return;
    this.#sessions = this.#sessions.filter((other) => other.port !== port || other.address !== address);
    this.#sessions.push({ user, address, port, since: since + clockOffset });
    if (this.#sessions.length > MAX_SESSIONS) this.#sessions.shift();
  }

  /** Notes a command that was run. */
  command({ line, startedAt, finishedAt, parameters }: SshCommand, clockOffset: number): void {
    if (startedAt === undefined || finishedAt === undefined) return;
    const rounds = parameters['vmids']?.split(' ').length ?? 1;
    const logins = occurrences(line, 'esxcli') + occurrences(line, 'vim-cmd') * rounds;
    // Events hold masked commands.
    const digest = digestOf(maskSecrets(line));
    this.#commands.push({
      from: startedAt + clockOffset,
      to: finishedAt + clockOffset,
      digest,
      logins,
      logouts: logins,
    });
    if (this.#commands.length > MAX_COMMANDS) this.#commands.shift();
  }

  /** Whether an event that a record gave is our own doing. Asking counts: each of our logins is found once. */
  owns(event: Event, record: EsxiRecord): boolean {
    if (this.#sessions.length === 0 && this.#commands.length === 0) return false;
    const program = record.program?.toLowerCase() ?? '';
    const operation = originOf(record.data)?.get('opID');
    if (operation !== undefined && this.#operations.has(operation)) return true;
    if (program === 'sshd' || program === 'ssh') return this.#ownsSshd(event, record);
    if (event.action === 'command') return this.#ownsCommand(event);
    if (event.sourceIp === '127.0.0.1' || event.sourceIp === '::1') return this.#ownsLocalLogin(event, operation);
    if (event.user === undefined || event.sourceIp === undefined) return false;
    return isSshSession(event, record) && this.#ownsSession(event.action, event.user, event.sourceIp, event.observedAt);
  }

  toJson(): FootprintJson {
    return {
      sessions: this.#sessions,
      commands: this.#commands,
      pids: [...this.#pids],
      operations: [...this.#operations],
      foreign: [...this.#foreign],
    };
  }

  static fromJson(json: FootprintJson): OwnFootprint {
    const own = new OwnFootprint();
    own.#sessions = [...json.sessions];
    own.#commands = json.commands.map((command) => ({ ...command }));
    for (const pid of json.pids) own.#pids.add(pid);
    for (const operation of json.operations) own.#operations.add(operation);
    for (const [key, count] of json.foreign) own.#foreign.set(key, count);
    return own;
  }

  #ownsSshd(event: Event, { pid }: EsxiRecord): boolean {
    const { sourceIp, sourcePort } = event;
    const byPort =
      sourcePort !== undefined &&
      this.#sessions.some(
        ({ address, port }) => port === sourcePort && (sourceIp === undefined || sourceIp === address),
      );
    if (byPort) {
      if (pid !== undefined) remember(this.#pids, pid);
      return true;
    }
    if (event.action === 'command') return this.#ownsCommand(event);
    return sourcePort === undefined && pid !== undefined && this.#pids.has(pid);
  }

  #ownsCommand({ command, observedAt }: Event): boolean {
    if (command === undefined) return false;
    const digest = digestOf(command);
    return this.#commands.some((own) => own.digest === digest && within(own, observedAt, COMMAND_MARGIN_MS));
  }

  #ownsLocalLogin({ action, observedAt }: Event, operation: string | undefined): boolean {
    const isLogin = action === 'login';
    if (!isLogin && action !== 'logout') return false;
    const margin = isLogin ? COMMAND_MARGIN_MS : LOGOUT_MARGIN_MS;
    const left = (own: OwnCommand): number => (isLogin ? own.logins : own.logouts);
    const own = this.#commands.find((each) => left(each) > 0 && within(each, observedAt, margin));
    if (own === undefined) return false;
    if (isLogin) own.logins--;
    else own.logouts--;
    if (operation !== undefined) remember(this.#operations, operation);
    return true;
  }

  /** hostd and vobd tell account and address without the port. */
  #ownsSession(action: string, user: string, address: string, at: number): boolean {
    const key = `${user}@${address}`;
    const mine = this.#sessions.filter((session) => session.user === user && session.address === address);
    if (mine.length === 0) return false;
    const foreign = this.#foreign.get(key) ?? 0;
    if (action === 'login') {
      if (mine.some(({ since }) => Math.abs(at - since) <= LOGIN_MARGIN_MS)) return true;
      if (this.#foreign.size < MAX_KEPT || foreign > 0) this.#foreign.set(key, foreign + 1);
      return false;
    }
    if (foreign > 0) {
      this.#foreign.set(key, foreign - 1);
      return false;
    }
    return mine.some(({ since }) => since <= at + LOGIN_MARGIN_MS);
  }
}

function isSshSession({ action, outcome }: Event, { message }: EsxiRecord): boolean {
  return (action === 'login' || action === 'logout') && outcome !== 'failure' && message.includes('SSH session was ');
}

function within({ from, to }: OwnCommand, at: number, margin: number): boolean {
  return at >= from - margin && at <= to + margin;
}

function remember(set: Set<string>, value: string): void {
  set.delete(value);
  set.add(value);
  if (set.size <= MAX_KEPT) return;
  const [oldest] = set;
  if (oldest !== undefined) set.delete(oldest);
}

function occurrences(text: string, word: string): number {
  let count = 0;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) count++;
  return count;
}

/** FNV-1a, 32 bits. */
function digestOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
