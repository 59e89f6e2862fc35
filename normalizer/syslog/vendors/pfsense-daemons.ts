import type { Binding, Event, Fact, FactBase } from '../../model/facts';
import type { SyslogContext, SyslogMessage } from '../contract';
import { extras, ip, port, present } from '../grammar/values';
import { pattern } from '../patterns';
import { systemEvent } from './pfsense-system';

const WEB_LOGIN = pattern(
  'pfsense_web_login',
  /^\S{0,256}:? ?(Successful login|webConfigurator authentication error|Authentication error|User logged out) for user '([^']{0,256})' from:? ([0-9a-fA-F.:]{3,45})/,
);
const OPENVPN_AUTH = pattern('openvpn_auth', /^user '([^']{1,256})' (authenticated|could not authenticate)/);
const OPENVPN_POOL = pattern(
  'openvpn_pool',
  /^([^/\s]{1,256})\/(?:\[AF_INET6?\])?([0-9a-fA-F.]{7,15}|\[?[0-9a-fA-F:]{3,39}\]?):(\d{1,5}) MULTI_sva: pool returned IPv4=([^,]{1,45}), IPv6=(\S{1,45})/,
);
const OPENVPN_LEARN = pattern(
  'openvpn_learn',
  /^([^/\s]{1,256})\/(?:\[AF_INET6?\])?([0-9a-fA-F.]{7,15}|\[?[0-9a-fA-F:]{3,39}\]?):(\d{1,5}) MULTI: Learn: ([0-9a-fA-F.:]{3,45}) -> /,
);
const OPENVPN_INITIATED = pattern(
  'openvpn_initiated',
  /^(?:[0-9a-fA-F.]{7,15}:\d{1,5} )?\[([^\]]{1,256})\] Peer Connection Initiated with \[AF_INET6?\]([0-9a-fA-F.]{7,15}|[0-9a-fA-F:]{3,39}):(\d{1,5})/,
);
const OPENVPN_SERVER = pattern(
  'openvpn_server',
  /^openvpn server '([^']{1,64})' user '([^']{1,256})' address '([^']{1,64})' - (connecting|connected|disconnecting|disconnected)/,
);
const OPENVPN_EXIT = pattern(
  'openvpn_exit',
  /^([^/\s]{1,256})\/([0-9a-fA-F.]{7,15}):(\d{1,5}) (?:SIGTERM|SIGUSR1)\[[^\]]{1,64}\] received, client-instance (?:exiting|restarting)/,
);
const IPSEC_ASSIGN = pattern(
  'ipsec_assign',
  /^.{0,64}?assigning virtual IP ([0-9a-fA-F.:]{3,45}) to peer '([^']{1,256})'/,
);
const IPSEC_OFFLINE = pattern('ipsec_offline', /^.{0,64}?lease ([0-9a-fA-F.:]{3,45}) by '([^']{1,256})' went offline/);

const DAEMONS: ReadonlySet<string> = new Set(['php-fpm', 'php', 'openvpn', 'charon', 'audit', 'kernel']);

/** Stands for a base where only whether there is an event is asked. */
const NOWHERE: FactBase = { rawSeq: 0, observedAt: 0, timeQuality: 'ok', device: '', parser: 'pfsense' };

/** Whether a daemon of pfSense or OPNsense says something that is read here. */
export function isDaemon(message: SyslogMessage): boolean {
  if (message.appName === undefined || !DAEMONS.has(message.appName)) return false;
  return daemonMatch(message.content) !== undefined || systemEvent(message, NOWHERE) !== undefined;
}

/** Facts of a daemon's message; none when it is none of those read here. */
export function daemonFacts(message: SyslogMessage, context: SyslogContext): Fact[] {
  const found = daemonMatch(message.content);
  const { base } = context;
  if (found === undefined) {
    const event = systemEvent(message, base);
    return event === undefined ? [] : [event];
  }
  const event = present<Event>({
    ...base,
    fact: 'event',
    category: found.vpn ? 'session' : 'authentication',
    action: found.action,
    outcome: found.outcome,
    user: found.user,
    sourceIp: found.sourceIp,
    sourcePort: found.sourcePort,
    process: message.appName,
    message: message.content,
  });
  return [event, ...found.inner.map((key) => innerBinding(key, found, base))];
}

interface Found {
  readonly action: string;
  readonly outcome: 'success' | 'failure';
  readonly vpn: boolean;
  readonly user: string;
  readonly sourceIp?: string | undefined;
  readonly sourcePort?: number | undefined;
  readonly inner: readonly string[];
  readonly state: 'begin' | 'end';
}

function daemonMatch(text: string): Found | undefined {
  return webLogin(text) ?? openvpn(text) ?? ipsec(text);
}

function webLogin(text: string): Found | undefined {
  const found = WEB_LOGIN.exec(text);
  if (found === null) return undefined;
  const [, what, user = '', from] = found;
  const action = what === 'User logged out' ? 'logout' : 'login';
  const failed = what?.toLowerCase().includes('error') === true;
  return {
    action,
    outcome: failed ? 'failure' : 'success',
    vpn: false,
    user,
    sourceIp: ip(from),
    inner: [],
    state: 'begin',
  };
}

function openvpn(text: string): Found | undefined {
  const auth = OPENVPN_AUTH.exec(text);
  if (auth?.[1] !== undefined) {
    const outcome = auth[2] === 'authenticated' ? 'success' : 'failure';
    return { action: 'login', outcome, vpn: false, user: auth[1], inner: [], state: 'begin' };
  }
  const pool = OPENVPN_POOL.exec(text);
  if (pool?.[1] !== undefined) {
    const inner = [ip(pool[4]), ip(pool[5])].filter((key) => key !== undefined);
    const from = { sourceIp: ip(pool[2]), sourcePort: port(pool[3]) };
    return { action: 'vpn_connect', outcome: 'success', vpn: true, user: pool[1], ...from, inner, state: 'begin' };
  }
  const initiated = OPENVPN_INITIATED.exec(text);
  if (initiated?.[1] !== undefined) {
    const from = { sourceIp: ip(initiated[2]), sourcePort: port(initiated[3]) };
    return {
      action: 'vpn_connect',
      outcome: 'success',
      vpn: true,
      user: initiated[1],
      ...from,
      inner: [],
      state: 'begin',
    };
  }
  const learnt = OPENVPN_LEARN.exec(text);
  const address = ip(learnt?.[4]);
  if (learnt?.[1] !== undefined && address !== undefined) {
    const from = { sourceIp: ip(learnt[2]), sourcePort: port(learnt[3]) };
    const action = 'vpn_address_learn';
    return { action, outcome: 'success', vpn: true, user: learnt[1], ...from, inner: [address], state: 'begin' };
  }
  return openvpnServer(text);
}

function openvpnServer(text: string): Found | undefined {
  const server = OPENVPN_SERVER.exec(text);
  if (server?.[2] !== undefined) {
    const action = server[4]?.startsWith('connect') === true ? 'vpn_connect' : 'vpn_disconnect';
    return {
      action,
      outcome: 'success',
      vpn: true,
      user: server[2],
      sourceIp: ip(server[3]) ?? ip(server[3]?.slice(0, Math.max(0, server[3].lastIndexOf(':')))),
      inner: [],
      state: 'begin',
    };
  }
  const exit = OPENVPN_EXIT.exec(text);
  if (exit?.[1] === undefined) return undefined;
  const from = { sourceIp: ip(exit[2]), sourcePort: port(exit[3]) };
  return { action: 'vpn_disconnect', outcome: 'success', vpn: true, user: exit[1], ...from, inner: [], state: 'end' };
}

function ipsec(text: string): Found | undefined {
  const assigned = IPSEC_ASSIGN.exec(text);
  const found = assigned ?? IPSEC_OFFLINE.exec(text);
  const key = ip(found?.[1]);
  const user = found?.[2];
  if (key === undefined || user === undefined) return undefined;
  const state = assigned === null ? 'end' : 'begin';
  const action = state === 'begin' ? 'vpn_connect' : 'vpn_disconnect';
  return { action, outcome: 'success', vpn: true, user, inner: [key], state };
}

function innerBinding(key: string, found: Found, base: FactBase): Binding {
  return present<Binding>({
    ...base,
    fact: 'binding',
    relation: 'ip-user',
    key,
    value: found.user,
    state: found.state,
    extra: extras({ 'source.ip': found.sourceIp }),
  });
}
