import { maskSecrets } from '../../mask-secrets';
import { type EndpointDraft, type Reading, readHost, readNat, readVerdict } from './reading';
import type { Slots } from './rows';
import { type Slot, scanText, scanToken } from './template';
import { addressOf, countOf, integerOf, macOf, portOf, protocolOf } from './value';

type Read = Slot<Reading>['read'];

export const token = (read: Read): Slot<Reading> => ({ scan: scanToken, read });
export const text = (read: Read): Slot<Reading> => ({ scan: scanText, read });
const ignore = (): void => {};

/** Slots that mean the same in every vendor's templates: who, from where, what, which interface, which neighbour. */
export const EVENT_SLOTS: Slots = {
  _: token(ignore),
  '...': text(ignore),
  user: text((into, value) => void (into.body.user = value)),
  // A word, so that a user may stand before free text.
  userWord: token((into, value) => void (into.body.user = value)),
  srcip: token((into, value) => readDottedHost(into.source, value)),
  dstip: token((into, value) => readDottedHost(into.destination, value)),
  srcport: token((into, value) => readPort(into.source, value)),
  dstport: token((into, value) => readPort(into.destination, value)),
  // `address:port`, the port behind the last colon.
  srcColon: token((into, value) => readColon(into.source, value)),
  dstColon: token((into, value) => readColon(into.destination, value)),
  // `address/port`.
  srcSlash: token((into, value) => readSlash(into.source, value)),
  dstSlash: token((into, value) => readSlash(into.destination, value)),
  natSrcColon: token((into, value) => readNat(into.source, ...splitColon(value))),
  natDstColon: token((into, value) => readNat(into.destination, ...splitColon(value))),
  natSrcSlash: token((into, value) => readNat(into.source, ...splitSlash(value))),
  natDstSlash: token((into, value) => readNat(into.destination, ...splitSlash(value))),
  proto: token((into, value) => readProtocol(into, value)),
  verdict: token((into, value) => void readVerdict(into, value)),
  icmpType: token((into, value) => {
    const type = integerOf(value);
    if (type !== undefined && type <= 255) into.body.icmpType = type;
  }),
  icmpCode: token((into, value) => {
    const code = integerOf(value);
    if (code !== undefined && code <= 255) into.body.icmpCode = code;
  }),
  srcBytes: token((into, value) => {
    const bytes = countOf(value);
    if (bytes !== undefined) into.source.bytes = bytes;
  }),
  dstBytes: token((into, value) => {
    const bytes = countOf(value);
    if (bytes !== undefined) into.destination.bytes = bytes;
  }),
  srcPackets: token((into, value) => {
    const packets = countOf(value);
    if (packets !== undefined) into.source.packets = packets;
  }),
  rule: text((into, value) => void (into.body.ruleName = value)),
  inZone: text((into, value) => void (into.body.ingressZone = value)),
  outZone: text((into, value) => void (into.body.egressZone = value)),
  inIf: token((into, value) => void (into.body.ingressInterface = value)),
  outIf: token((into, value) => void (into.body.egressInterface = value)),
  session: token((into, value) => void (into.body.sessionKey = value)),
  reason: text((into, value) => void (into.body.reason = sentence(value))),
  command: text((into, value) => void (into.command = maskSecrets(value))),
  process: text((into, value) => void (into.process = value)),
  interface: text((into, value) => void (into.extra['interface.name'] = value)),
  // The new state of an interface decides what the event is.
  ifState: token((into, value) => readInterfaceState(into, value)),
  neighbor: token((into, value) => {
    const ip = addressOf(withoutMarks(value));
    into.extra[ip === undefined ? 'ascribe.neighbor.id' : 'ascribe.neighbor.ip'] = ip ?? value;
  }),
  mac: token((into, value) => void (into.extra['ascribe.mac'] = macOf(value) ?? value)),
  succeeded: token((into, value) => {
    const word = sentence(value).toLowerCase();
    if (word === 'succeeded' || word === 'success') into.body.outcome = 'success';
    if (word === 'failed' || word === 'failure') into.body.outcome = 'failure';
  }),
};

/** `up`, `Down`, `administratively down`: becomes `interface_up` or `interface_down`. */
function readInterfaceState(into: Reading, value: string): void {
  const state = value.toLowerCase();
  if (state === 'up' || state === 'down') into.action = `interface_${state}`;
  else into.extra['ascribe.state.new'] = value;
}

/** `ip` and `ipv6` mean any protocol, so they are none. */
function readProtocol(into: Reading, value: string): void {
  const word = value.toLowerCase();
  if (word === 'ip' || word === 'ipv6' || word === '0') return;
  const protocol = protocolOf(value);
  if (protocol !== undefined) into.body.protocol = protocol;
}

/** An address or a qualified name; a bare word (`LOCAL`, `console`, `None`) is neither. */
function readDottedHost(into: EndpointDraft, value: string): void {
  const host = withoutMarks(value);
  if (host.includes('.') || host.includes(':')) readHost(into, host);
}

function readPort(into: EndpointDraft, value: string): void {
  const port = portOf(value);
  if (port !== undefined) into.port = port;
}

function readColon(into: EndpointDraft, value: string): void {
  readHost(into, ...splitColon(value));
}

function readSlash(into: EndpointDraft, value: string): void {
  readHost(into, ...splitSlash(value));
}

/** `address:port`; a bare IPv6 address is an address. */
export function splitColon(value: string): [host: string, port?: string] {
  const colon = value.lastIndexOf(':');
  if (colon < 0) return [value];
  const host = value.slice(0, colon);
  if (addressOf(host) === undefined && addressOf(value) !== undefined) return [value];
  return [host, value.slice(colon + 1)];
}

export function splitSlash(value: string): [host: string, port?: string] {
  const slash = value.lastIndexOf('/');
  return slash < 0 ? [value] : [value.slice(0, slash), value.slice(slash + 1)];
}

/** Quotes, brackets and sentence marks around a word. */
export function withoutMarks(value: string): string {
  let from = 0;
  let to = value.length;
  while (from < to && '\'"(<'.includes(value[from] ?? '')) from++;
  while (to > from && '\'")>,;.'.includes(value[to - 1] ?? '')) to--;
  return value.slice(from, to);
}

/** Without the full stop that ends the sentence. */
export function sentence(value: string): string {
  return value.endsWith('.') && !value.endsWith('..') ? value.slice(0, -1) : value;
}
