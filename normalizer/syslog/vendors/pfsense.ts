import type { DirectionSource, Endpoint, Fact, SessionLog } from '../../model/facts';
import { pattern } from '../patterns';
import type { SyslogContext, SyslogMessage, VendorParser } from '../contract';
import { extras, ip, port, present, protocol, word } from '../grammar/values';
import { ACTIONS, BY_VERSION, COMMON, ICMP_WORDS } from './pfsense.data';
import { daemonFacts, isDaemon } from './pfsense-daemons';

/**
 * pfSense and OPNsense: `filterlog` (one packet and the rule that decided, nothing of its end, bytes or translation), the
 * web interface's logins, OpenVPN and IPsec. SSH and DHCP of these systems are read by `unix_auth` and `dhcp`.
 */
export const PFSENSE: VendorParser = {
  name: 'pfsense',
  vendor: 'Netgate',
  product: 'pfSense / OPNsense',
  summary: 'pf filterlog of pfSense and OPNsense, web logins, OpenVPN and IPsec users',
  stability: 'stable',
  example:
    '<134>Nov 24 02:10:00 filterlog[97530]: 12,,,1700000001,igb1,match,pass,in,4,0x0,,64,1234,0,DF,6,tcp,60,10.0.0.5,' +
    '198.51.100.7,51000,443,0,S,1891286705,,64240,,mss;sackOK;TS;nop;wscale',
  recognizes: (message) => isFilterlog(message) || isDaemon(message),
  parse: (message, context) =>
    isFilterlog(message) ? filterlogFacts(message, context) : daemonFacts(message, context),
};

function isFilterlog(message: SyslogMessage): boolean {
  const columns = message.content.split(',', COMMON.version + 1);
  return (
    columns.length === COMMON.version + 1 &&
    (columns[COMMON.direction] === 'in' || columns[COMMON.direction] === 'out') &&
    BY_VERSION[columns[COMMON.version] ?? ''] !== undefined &&
    ACTIONS[columns[COMMON.action] ?? ''] !== undefined
  );
}

function filterlogFacts(message: SyslogMessage, context: SyslogContext): Fact[] {
  const columns = message.content.trimEnd().split(',');
  const places = BY_VERSION[columns[COMMON.version] ?? ''];
  const vendorAction = columns[COMMON.action] ?? '';
  const meaning = ACTIONS[vendorAction];
  if (places === undefined || meaning === undefined) return [];
  const number = protocol(columns[places.number]) ?? protocol(columns[places.name]);
  const inbound = columns[COMMON.direction] === 'in';
  const detail = columns.slice(places.detail);
  const ported = number === 6 || number === 17 || number === 132;
  const icmp = number === 1 ? ICMP_WORDS[detail[0] ?? ''] : undefined;
  const log = present<SessionLog>({
    ...context.base,
    fact: 'session_log',
    action: meaning.action,
    outcome: meaning.outcome,
    source: endpoint(columns[places.source], ported ? detail[0] : undefined),
    destination: endpoint(columns[places.destination], ported ? detail[1] : undefined),
    directionSource: directionOf(vendorAction, number, detail[3]),
    protocol: number,
    ruleId: word(columns[COMMON.rule]),
    ingressInterface: inbound ? word(columns[COMMON.interface]) : undefined,
    egressInterface: inbound ? undefined : word(columns[COMMON.interface]),
    code: 'filterlog',
    reason: word(columns[COMMON.reason]),
    icmpType: icmp?.[0],
    icmpCode: icmp?.[1],
    extra: extras({
      'ascribe.vendor_action': vendorAction,
      'rule.uuid': columns[COMMON.tracker] === '0' ? undefined : word(columns[COMMON.tracker]),
      'rule.ruleset': word(columns[COMMON.anchor]),
      'network.direction': inbound ? 'inbound' : 'outbound',
      'pf.tcp_flags': number === 6 && FLAGS.test(detail[3] ?? '') ? detail[3] : undefined,
    }),
  });
  return [log];
}

/** Letters only: behind a broken header stands an error in words. */
const FLAGS = pattern('pf_tcp_flags', /^[A-Z]{1,9}$/);

function endpoint(address: string | undefined, number: string | undefined): Endpoint {
  return present<Endpoint>({ ip: ip(address), port: port(number) });
}

/**
 * A passed packet made a state, so it was the first; a blocked SYN asked for one. Any other blocked packet may as well be
 * a late answer: its direction is not known.
 */
function directionOf(action: string, number: number | undefined, flags: string | undefined): DirectionSource {
  if (action !== 'block' && action !== 'reject') return 'first_packet';
  return number === 6 && flags === 'S' ? 'first_packet' : 'unknown';
}
