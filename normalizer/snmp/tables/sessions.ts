import type { Decoding } from '../decoding';
import type { Row } from '../table-rows';

/** Sessions made into facts per table read. Real tables hold hundreds of thousands; logs tell of them better. */
const MAX_SESSIONS = 10_000;

/** fgIpSessTable: sessions that a FortiGate holds now. No counters, no translation. */
export function decodeSessions(decoding: Decoding): void {
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
