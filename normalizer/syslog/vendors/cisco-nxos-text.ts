import { maskSecrets } from '../../mask-secrets';
import { newReading, readHost, readVerdict } from './reading';
import { type HandRead, type MessageRow, event, session } from './rows';
import { addressOf, integerOf, portOf } from './value';

/** Two NX-OS messages that are lists of fields rather than sentences. */

const FLOW: MessageRow = session('allowed', 'unknown');
const COMMAND: MessageRow = event('process', 'command', undefined);
const OPENED: MessageRow = event('authentication', 'login', 'success');
const CLOSED: MessageRow = event('authentication', 'logout', undefined);

/**
 * `%ACLLOG-5-ACLLOG_FLOW_INTERVAL: Src IP: A, Dst IP: B, Src Port: n, Dst Port: n, Src Intf: IF, Protocol: "TCP"(6),
 * Hit-count = n`, older releases with whole words, newer ones with the list and its verdict ("Cisco Nexus System Messages",
 * ACLLOG).
 */
export function readAclFlow(content: string, textAt: number): HandRead | undefined {
  const fields = fieldsOf(content.slice(textAt));
  const reading = newReading();
  const { body, source, destination, extra } = reading;
  const get = (...names: string[]): string | undefined => {
    for (const name of names) {
      const value = fields.get(name);
      if (value !== undefined && value !== '') return value;
    }
    return undefined;
  };
  const sourceIp = get('src ip', 'source ip');
  if (sourceIp === undefined) return undefined;
  readHost(source, sourceIp);
  readHost(destination, get('dst ip', 'destination ip') ?? '');
  const protocol = numberInParentheses(get('protocol') ?? '');
  if (protocol !== undefined) body.protocol = protocol;
  if (protocol === 6 || protocol === 17 || protocol === 132) {
    const from = portOf(get('src port', 'source port') ?? '');
    const to = portOf(get('dst port', 'destination port') ?? '');
    if (from !== undefined) source.port = from;
    if (to !== undefined) destination.port = to;
  }
  const name = get('acl name');
  if (name !== undefined) body.ruleName = name;
  const ingress = get('src intf', 'source interface');
  if (ingress !== undefined) body.ingressInterface = ingress;
  // Without the verdict in the line it is not known what became of the packets.
  const known = readVerdict(reading, get('ace action') ?? '');
  const hits = integerOf(get('hit-count') ?? '');
  if (hits !== undefined) {
    extra['ascribe.hit_count'] = hits;
    source.packets = BigInt(hits);
  }
  return { row: known ? FLOW : { ...FLOW, action: 'connection_attempt' }, reading };
}

function fieldsOf(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const part of text.split(',')) {
    const equals = part.indexOf('=');
    const cut = equals >= 0 ? equals : part.indexOf(':');
    if (cut > 0) fields.set(part.slice(0, cut).trim().toLowerCase(), part.slice(cut + 1).trim());
  }
  return fields;
}

function numberInParentheses(text: string): number | undefined {
  const open = text.indexOf('(');
  return open < 0 ? undefined : integerOf(text.slice(open + 1, text.indexOf(')', open)));
}

/**
 * `update:192.0.2.1@pts/0:admin:show version (SUCCESS)`, `start:console0:admin:`: kind, where from, who, command. The
 * place may be an IPv6 address, so it ends at the `@`.
 */
export function readAccounting(content: string, textAt: number): HandRead | undefined {
  const text = content.slice(textAt).trim();
  const kindEnd = text.indexOf(':');
  const kind = text.slice(0, kindEnd);
  const at = text.indexOf('@', kindEnd);
  const placeEnd = text.indexOf(
    ':',
    at > kindEnd && addressOf(text.slice(kindEnd + 1, at)) !== undefined ? at : kindEnd + 1,
  );
  const userEnd = text.indexOf(':', placeEnd + 1);
  if (kindEnd < 0 || placeEnd < 0 || userEnd < 0) return undefined;
  const reading = newReading();
  const place = text.slice(kindEnd + 1, placeEnd);
  const [host = '', line] = place.split('@');
  if (line !== undefined) readHost(reading.source, host);
  reading.extra['ascribe.line'] = line ?? place;
  const user = text.slice(placeEnd + 1, userEnd);
  if (user !== '') reading.body.user = user;
  const rest = readResult(text.slice(userEnd + 1).trim(), (outcome) => (reading.body.outcome = outcome));
  if (kind === 'start') return { row: OPENED, reading };
  if (kind === 'stop') return { row: CLOSED, reading };
  if (rest !== '') reading.command = maskSecrets(rest);
  return { row: COMMAND, reading };
}

function readResult(text: string, tell: (outcome: 'success' | 'failure') => void): string {
  for (const [mark, outcome] of [
    ['(SUCCESS)', 'success'],
    ['(FAILURE)', 'failure'],
  ] as const) {
    if (!text.endsWith(mark)) continue;
    tell(outcome);
    return text.slice(0, -mark.length).trim();
  }
  return text;
}
