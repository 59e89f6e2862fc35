import type { Decoding } from '../decoding';
import type { Row } from '../table-rows';
import { integerOf } from '../values';

/** Sessions made into facts per table read. Real tables hold hundreds of thousands; logs tell of them better. */
const MAX_SESSIONS = 10_000;

/** Sessions that a firewall holds now: FortiGate's one by one, of PAN-OS the numbers (it shows no more by SNMP). */
export function decodeSessions(decoding: Decoding): void {
  fortinet(decoding);
  paloAlto(decoding);
}

function paloAlto(decoding: Decoding): void {
  const { rows } = decoding;
  const active = integerOf(rows.scalar('panSessionActive'));
  if (active === undefined) return;
  decoding.inventory('device', 'sessions', undefined, {
    'ascribe.sessions.active': active,
    'ascribe.sessions.tcp': integerOf(rows.scalar('panSessionActiveTcp')),
    'ascribe.sessions.udp': integerOf(rows.scalar('panSessionActiveUdp')),
    'ascribe.sessions.icmp': integerOf(rows.scalar('panSessionActiveICMP')),
    // Sessions that the firewall decrypts: it is then the one that speaks TLS to the outside.
    'ascribe.sessions.ssl_proxy': integerOf(rows.scalar('panSessionActiveSslProxy')),
    'ascribe.sessions.most': integerOf(rows.scalar('panSessionMax')),
    'ascribe.sessions.used_percent': integerOf(rows.scalar('panSessionUtilization')),
  });
}

/** fgIpSessTable: no counters, no translation. */
function fortinet(decoding: Decoding): void {
  const total = decoding.rows.count('fgIpSessTable');
  let taken = 0;
  for (const row of decoding.rows.rows('fgIpSessTable')) {
    if (taken === MAX_SESSIONS) {
      const missing = BigInt(total - taken);
      decoding.emit({
        ...decoding.base,
        fact: 'gap',
        kind: 'row_cap',
        missing,
        unit: 'records',
        detail: 'fgIpSessTable',
      });
      return;
    }
    taken++;
    session(decoding, row);
  }
}

function session(decoding: Decoding, row: Row): void {
  const protocol = row.integer('fgIpSessProto');
  const from = row.address('fgIpSessFromAddr');
  const to = row.address('fgIpSessToAddr');
  const fromPort = row.integer('fgIpSessFromPort');
  const toPort = row.integer('fgIpSessToPort');
  if (from === undefined || to === undefined) {
    decoding.refuse('snmp_bad_value', row.key);
    return;
  }
  const vdom = row.integer('fgIpSessVdom');
  decoding.emit({
    ...decoding.base,
    fact: 'session_log',
    action: 'session_update',
    source: fromPort === undefined || fromPort === 0 ? { ip: from } : { ip: from, port: fromPort },
    destination: toPort === undefined || toPort === 0 ? { ip: to } : { ip: to, port: toPort },
    directionSource: 'stated',
    ...(protocol === undefined ? {} : { protocol }),
    ...(vdom === undefined ? {} : { extra: { 'ascribe.vdom': vdom } }),
  });
}
