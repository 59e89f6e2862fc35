import type { Fact, FactBase } from '../../model/facts';
import { newReading, readHost, sessionLogOf } from './reading';
import { addressOf, countOf, macOf, portOf, protocolOf } from './value';

/** What a firewall filter did with a packet, by the letter in the message. */
const VERDICTS: ReadonlyMap<string, string> = new Map([
  ['A', 'allowed'],
  ['D', 'dropped'],
  ['R', 'denied'],
]);

/**
 * A packet that a stateless firewall filter logged with the action `syslog` ("Junos OS Routing Policies, Firewall Filters,
 * and Traffic Policers User Guide", "System Logging of Events Generated for the Firewall Facility"):
 *
 *     FW: IF LETTER PROTOCOL A B p q (n packets)
 *     FW: IF LETTER ETHERTYPE MAC -> MAC PROTOCOL A B p q (n packets)
 *
 * The process and, on line cards, a tag stand before. With ICMP type and code stand in the place of the ports.
 * `undefined` when it is none of these.
 */
export function filterFact(content: string, base: FactBase): Fact | undefined {
  const at = content.startsWith('FW: ') ? 0 : content.indexOf(' FW: ') + 1;
  if (!content.startsWith('FW: ', at)) return undefined;
  const words = content
    .slice(at + 4)
    .split(' ')
    .filter((word) => word !== '');
  const action = VERDICTS.get(words[1] ?? '');
  const from = words.findIndex((word, i) => i >= 3 && addressOf(word) !== undefined && macOf(word) === undefined);
  if (action === undefined || from < 0 || addressOf(words[from + 1] ?? '') === undefined) return undefined;
  const r = newReading();
  if (words[0] !== undefined) r.body.ingressInterface = words[0];
  const protocol = protocolOf(words[from - 1] ?? '');
  if (protocol !== undefined) r.body.protocol = protocol;
  readHost(r.source, words[from] ?? '');
  readHost(r.destination, words[from + 1] ?? '');
  const numbers = [portOf(words[from + 2] ?? ''), portOf(words[from + 3] ?? '')] as const;
  if (protocol === 1 || protocol === 58) {
    if (numbers[0] !== undefined && numbers[0] <= 255) r.body.icmpType = numbers[0];
    if (numbers[1] !== undefined && numbers[1] <= 255) r.body.icmpCode = numbers[1];
  } else {
    if (numbers[0] !== undefined) r.source.port = numbers[0];
    if (numbers[1] !== undefined) r.destination.port = numbers[1];
  }
  const packets = words.find((word) => word.startsWith('('));
  const count = packets === undefined ? undefined : countOf(packets.slice(1));
  if (count !== undefined) r.source.packets = count;
  const mac = macOf(words[3] ?? '');
  if (mac !== undefined) r.source.mac = mac;
  r.extra['ascribe.vendor_action'] = words[1] ?? '';
  return sessionLogOf(base, action, 'PFE_FW_SYSLOG', r);
}
