import type { VendorParser } from '../contract';
import { EVENT_SLOTS } from './event-slots';
import { eventOf, newReading } from './reading';
import { type CompiledRow, type EventRow, compileRow } from './rows';
import { UNIX_AUTH } from './unix-auth.data';

const ROWS: readonly CompiledRow<EventRow>[] = UNIX_AUTH.map((row) => compileRow(row, EVENT_SLOTS));
const PROCESSES: ReadonlySet<string> = new Set([
  'sshd',
  'sshd-session',
  'sshd-auth',
  'sudo',
  'su',
  'login',
  'dropbear',
  'useradd',
  'userdel',
  'usermod',
  'gpasswd',
  'passwd',
  'chpasswd',
]);

/** Logins and commands of the Unix underneath (UniFi, OpenWrt, Proxmox, jump hosts). Stands behind every vendor. */
export const UNIX_LOGINS: VendorParser = {
  name: 'unix_auth',
  vendor: 'OpenBSD',
  product: 'OpenSSH, PAM, sudo',
  summary: 'Logins of sshd and PAM, commands of sudo, on any Unix',
  stability: 'stable',
  example: '<38>Nov 24 02:10:00 gw sshd[4711]: Accepted publickey for admin from 192.0.2.10 port 50514 ssh2',
  recognizes: ({ appName }) => appName !== undefined && PROCESSES.has(appName),
  parse: (message, { base }) => {
    // The command line of sudo itself says more; root does not log in by it.
    if (message.content.startsWith('pam_unix(sudo:session)')) return [];
    for (const { row, matchers } of ROWS) {
      for (const matches of matchers) {
        const r = newReading();
        if (!matches(message.content, 0, r)) continue;
        if (message.appName !== undefined) r.process = message.appName;
        return [eventOf(base, row, undefined, r, message.severity)];
      }
    }
    return [];
  },
};
