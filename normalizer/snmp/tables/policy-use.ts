import type { Decoding } from '../decoding';
import type { Row } from '../table-rows';

/** fgFwPolStatsTable: which rules of a FortiGate carry traffic; index VDOM and policy id. */
export function decodePolicyUse(decoding: Decoding): void {
  for (const row of decoding.rows.rows('fgFwPolStatsTable')) {
    const [vdom, policy] = row.index;
    if (vdom === undefined || policy === undefined || row.index.length !== 2) {
      decoding.refuse('snmp_bad_index', row.key);
      continue;
    }
    const extra = {
      'rule.id': String(policy),
      'ascribe.vdom': vdom,
      'ascribe.rule.packets': count(row, 'fgFwPolPktCountHc', 'fgFwPolPktCount'),
      'ascribe.rule.bytes': count(row, 'fgFwPolByteCountHc', 'fgFwPolByteCount'),
      'ascribe.rule.last_used': row.text('fgFwPolLastUsed'),
    };
    const id = `${vdom}.${policy}`;
    if (decoding.device.states(`rule ${id}`, JSON.stringify(extra), decoding.receivedAt)) {
      decoding.inventory('rule', id, undefined, extra);
    }
  }
}

/** The counter of 64 bits where there is one. Decimal text: it may be beyond what a JSON number holds. */
function count(
  row: Row,
  wide: 'fgFwPolPktCountHc' | 'fgFwPolByteCountHc',
  narrow: 'fgFwPolPktCount' | 'fgFwPolByteCount',
): string | undefined {
  return (row.counter(wide) ?? row.counter(narrow))?.toString();
}
