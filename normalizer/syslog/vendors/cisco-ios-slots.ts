import { maskSecrets } from '../../mask-secrets';
import { EVENT_SLOTS, sentence, text, token, withoutMarks } from './event-slots';
import { type EndpointDraft, type Reading, readHost } from './reading';
import type { Slots } from './rows';
import { addressOf, integerOf, macOf, portOf, protocolOf } from './value';

/** Slots of the IOS family beside the common ones. */
export const IOS_SLOTS: Slots = {
  ...EVENT_SLOTS,
  acl: token((into, value) => readAclName(into, value)),
  ruleId: token((into, value) => void (into.body.ruleId = value)),
  aclFrom: text((into, value) => readAclSource(into, value)),
  aclTo: token((into, value) => readParenPort(into.destination, value)),
  sessionWord: token((into, value) => {
    const protocol = protocolOf(value);
    if (protocol === undefined) into.body.application = value;
    else into.body.protocol = protocol;
  }),
  packetVerb: token((into, value) => {
    if (value === 'passed') into.action = 'allowed';
  }),
  interfaceDot: text((into, value) => void (into.extra['interface.name'] = sentence(value))),
  atLine: text((into, value) => readLine(into, value)),
  lineNoUser: token((into, value) => void (into.extra['ascribe.line'] = value)),
  loggedCommand: text((into, value) => {
    const exec = value.startsWith('!exec:');
    if (exec) into.action = 'command';
    into.command = maskSecrets(exec ? value.slice(6).trim() : value.trim());
  }),
  sshOutcome: text((into, value) => {
    if (value.endsWith('Succeeded')) into.body.outcome = 'success';
    if (value.endsWith('Failed')) into.body.outcome = 'failure';
  }),
  tunnelState: token((into, value) => {
    const up = sentence(value).toUpperCase() === 'UP';
    into.action = up ? 'vpn_connect' : 'vpn_disconnect';
    if (up) into.body.outcome = 'success';
  }),
};

/** IPv6 lists name the sequence number of their line behind a slash: `V6-IN/10`. */
function readAclName({ body }: Reading, value: string): void {
  const slash = value.lastIndexOf('/');
  if (slash > 0 && integerOf(value.slice(slash + 1)) !== undefined) {
    body.ruleName = value.slice(0, slash);
    body.ruleId = value.slice(slash + 1);
  } else body.ruleName = value;
}

/**
 * What stands before `->`, in the orders in which platforms write it: `A(p)`, `A(p) (IF MAC)`, `MAC A(p) IF`. Serial lines
 * have `*HDLC*` in the place of the MAC.
 */
function readAclSource(into: Reading, value: string): void {
  for (const word of value.split(' ')) {
    const bare = word.startsWith('(') ? word.slice(1) : word;
    const mac = macOf(withoutMarks(bare));
    if (mac !== undefined) into.source.mac = mac;
    else if (isAddressWithPort(word)) readParenPort(into.source, word);
    else if (withoutMarks(bare) !== '' && !bare.startsWith('*')) into.body.ingressInterface = withoutMarks(bare);
  }
}

function isAddressWithPort(word: string): boolean {
  const open = word.indexOf('(');
  return addressOf(open < 0 ? word : word.slice(0, open)) !== undefined;
}

/** `A(p)` or `A`. */
function readParenPort(into: EndpointDraft, value: string): void {
  const open = value.indexOf('(');
  if (open < 0) {
    readHost(into, value);
    return;
  }
  readHost(into, value.slice(0, open));
  const port = portOf(value.slice(open + 1, value.indexOf(')', open)));
  if (port !== undefined) into.port = port;
}

/** NX-OS: `192.0.2.1@pts/0`; else the line alone. */
function readLine(into: Reading, value: string): void {
  const at = value.indexOf('@');
  const ip = at < 0 ? undefined : addressOf(value.slice(0, at));
  if (ip !== undefined) into.source.ip = ip;
  into.extra['ascribe.line'] = at < 0 ? value : value.slice(at + 1);
}
