import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { isIP } from 'node:net';
import type { OperatorRecord } from '../collectors/operator/operator-record';
import { maskSecrets } from '../normalizer/mask-secrets';
import type { Io } from './io';
import { version } from './version';

const MOST_COMMAND = 8192;
/** What the kernel says where nobody has logged in. */
const NO_LOGIN = 0xffffffff;

/** Who runs this process, as the system and the environment say. */
export type Operator = Pick<OperatorRecord, 'user' | 'uid' | 'sudoUser' | 'loginUid' | 'terminal' | 'client' | 'host'>;

export function operatorOf(env: Io['env']): Operator {
  const sudoUser = env['SUDO_USER'];
  const client = (env['SSH_CONNECTION'] ?? env['SSH_CLIENT'] ?? '').split(' ')[0] ?? '';
  const terminal = env['SSH_TTY'] ?? terminalOf();
  const loginUid = loginUidOf();
  return {
    user: userName(),
    uid: process.getuid?.() ?? -1,
    host: hostname(),
    ...(sudoUser !== undefined && sudoUser !== '' && { sudoUser }),
    ...(loginUid !== undefined && { loginUid }),
    ...(terminal !== undefined && { terminal }),
    ...(isIP(client) !== 0 && { client }),
  };
}

/** A person in one text: `eva`, or `eva as root`. */
export function operatorName({ user, sudoUser }: Operator): string {
  return sudoUser === undefined ? user : `${sudoUser} as ${user}`;
}

/** What a command does, to be written down when it begins; the record of its end is made of it. */
export function operatorRecord(io: Io, action: string, argv: readonly string[]): OperatorRecord {
  const command = maskSecrets(['ascribe', ...argv.map(quoted)].join(' ')).slice(0, MOST_COMMAND);
  return {
    v: 1,
    kind: 'operator',
    id: randomUUID(),
    phase: 'begin',
    action,
    command,
    ...operatorOf(io.env),
    pid: process.pid,
    at: io.now(),
    version,
  };
}

function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/u.test(argument) ? argument : `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user id without an entry in the password file.
    return `uid ${String(process.getuid?.() ?? '')}`;
  }
}

/** proc(5): the user that logged in, whatever it became since. */
function loginUidOf(): number | undefined {
  try {
    const uid = Number(readFileSync('/proc/self/loginuid', 'utf8'));
    return Number.isSafeInteger(uid) && uid !== NO_LOGIN ? uid : undefined;
  } catch {
    return undefined;
  }
}

function terminalOf(): string | undefined {
  try {
    const path = readlinkSync('/proc/self/fd/0');
    return path.startsWith('/dev/pts/') || path.startsWith('/dev/tty') ? path : undefined;
  } catch {
    return undefined;
  }
}
