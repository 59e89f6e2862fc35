import type { Fact, FactBase } from '../../model/facts';
import { maskSecrets } from '../../mask-secrets';
import type { SyslogContext, SyslogMessage, VendorParser } from '../contract';
import { EVENT_SLOTS, text, token } from './event-slots';
import { filterFact } from './juniper-filter';
import { flowFact, flowFieldsOfText, isFlowTag } from './juniper-flow';
import {
  JUNOS_DATA,
  JUNOS_NOTHING,
  JUNOS_PROCESSES,
  JUNOS_ROWS,
  JUNOS_TAG_PREFIXES,
  JUNOS_UNTAGGED,
} from './juniper-junos.data';
import { type Reading, eventOf, newReading, readHost } from './reading';
import { type CompiledRow, type EventRow, type Slots, compileRow, compileRows } from './rows';
import { skipSpace } from './template';
import { macOf } from './value';
import { UNIX_AUTH } from './unix-auth.data';

const SLOTS: Slots = {
  ...EVENT_SLOTS,
  userText: EVENT_SLOTS['user'] as Slots[string],
  commandToQuote: text((into, value) => void (into.command = maskSecrets(withoutQuote(value)))),
  sshConnection: text((into, value) => readSshConnection(into, value)),
  // `192.0.2.1`, `192.0.2.1+44759`: address and, behind a plus sign, port.
  peer: token((into, value) => {
    const plus = value.indexOf('+');
    const [host, port] = plus < 0 ? [value] : [value.slice(0, plus), value.slice(plus + 1)];
    into.extra['ascribe.neighbor.ip'] = host;
    if (port !== undefined) into.extra['ascribe.neighbor.port'] = Number(port);
  }),
};

const ROWS = compileRows<EventRow>(JUNOS_ROWS, SLOTS);
const UNTAGGED: readonly CompiledRow<EventRow>[] = [...JUNOS_UNTAGGED, ...UNIX_AUTH].map((row) =>
  compileRow(row, SLOTS),
);

/** Junos on SRX, MX, EX and the rest: flows of both forms, commits, commands, logins, interfaces, neighbours. */
export const JUNIPER_JUNOS: VendorParser = {
  name: 'juniper_junos',
  vendor: 'Juniper',
  product: 'Junos',
  summary: 'Juniper Junos: RT_FLOW sessions (structured and text), commits, commands, logins, interfaces, neighbours',
  stability: 'stable',
  example:
    '<14>1 2026-11-24T02:10:00.000Z srx1 RT_FLOW - RT_FLOW_SESSION_CREATE [junos@2636.1.1.1.2.26 source-address="192.0.2.10" source-port="50514" destination-address="198.51.100.7" destination-port="443" nat-source-address="203.0.113.5" nat-source-port="61234" nat-destination-address="198.51.100.7" nat-destination-port="443" protocol-id="6" policy-name="web" source-zone-name="trust" destination-zone-name="untrust" session-id-32="4711" packet-incoming-interface="ge-0/0/0.0"]',
  recognizes: (message) => recognizesJunos(message),
  parse: (message, { base }: SyslogContext) => parseJunos(message, base),
};

function recognizesJunos({ appName, content, msgId, structuredData }: SyslogMessage): boolean {
  if (structuredData !== undefined && dataOf(structuredData) !== undefined) return true;
  if (appName !== undefined && JUNOS_PROCESSES.has(appName)) return true;
  const tag = tagAt(content) ?? msgId ?? headerTag(appName);
  if (tag !== undefined && JUNOS_TAG_PREFIXES.some((prefix) => tag.startsWith(prefix))) return true;
  return (
    content.startsWith('tcp_auth_ok: ') || content.startsWith('FW: ') || isLineCard(content) || isFiltered(content)
  );
}

/** Line cards write their name and no colon: `fpc0 …`. */
function isLineCard(content: string): boolean {
  if (!content.startsWith('fpc')) return false;
  const digit = content.charCodeAt(3) - 48;
  return digit >= 0 && digit <= 9;
}

/** A filter's log behind the name of the line card or of the router. */
function isFiltered(content: string): boolean {
  const at = content.indexOf('PFE_FW_SYSLOG_IP');
  return at > 0 && at < 96;
}

function parseJunos(message: SyslogMessage, base: FactBase): Fact[] {
  const { content, structuredData } = message;
  const filtered = filterFact(content, base);
  if (filtered !== undefined) return [filtered];
  const data = structuredData === undefined ? undefined : dataOf(structuredData);
  const written = tagAt(content);
  const tag = written ?? message.msgId ?? headerTag(message.appName);
  const textAt = written === undefined ? 0 : skipSpace(content, written.length + 1);
  if (tag !== undefined && isFlowTag(tag)) {
    const fields = data ?? flowFieldsOfText(tag, content.slice(textAt));
    const fact = flowFact(tag, fields, base);
    if (fact !== undefined) return [fact];
  }
  if (tag !== undefined && data !== undefined) return [dataEvent(tag, data, message, base)];
  return [textEvent(tag, textAt, message, base)];
}

/** Where a daemon's name is missing the event tag stands in its place in the header. */
function headerTag(appName: string | undefined): string | undefined {
  return appName === undefined ? undefined : tagAt(`${appName}:`);
}

/** An event whose values stand in structured data. */
function dataEvent(tag: string, data: ReadonlyMap<string, string>, message: SyslogMessage, base: FactBase): Fact {
  const r = newReading();
  const stated = (...names: string[]): string | undefined => {
    for (const name of names) {
      const value = data.get(name)?.trim();
      if (value !== undefined && !JUNOS_NOTHING.has(value.toLowerCase())) return value;
    }
    return undefined;
  };
  const user = stated('username', 'user-name', 'login-name');
  if (user !== undefined) r.body.user = user;
  const command = stated('command');
  if (command !== undefined) r.command = maskSecrets(command);
  readHost(
    r.source,
    stated('source-address', 'remote-address', 'host', 'hostname', 'ssh-client') ?? '',
    stated('source-port'),
  );
  const connection = stated('ssh-connection');
  if (connection !== undefined) readSshConnection(r, connection);
  for (const [name, key] of Object.entries(JUNOS_DATA)) {
    const value = stated(name);
    if (value !== undefined) r.extra[key] ??= (key === 'ascribe.mac' ? macOf(value) : undefined) ?? value;
  }
  return finish(ROWS.get(tag)?.row, tag, r, message, base);
}

function textEvent(tag: string | undefined, textAt: number, message: SyslogMessage, base: FactBase): Fact {
  const tagged = tag === undefined ? undefined : ROWS.get(tag);
  for (const { row, matchers } of tagged === undefined ? UNTAGGED : [tagged]) {
    for (const matches of matchers) {
      const r = newReading();
      if (matches(message.content, textAt, r)) return finish(row, tag, r, message, base);
    }
  }
  const r = newReading();
  const rest = message.content.slice(textAt).trim();
  if (rest !== '') r.message = maskSecrets(rest);
  return finish(undefined, tag, r, message, base);
}

function finish(
  row: EventRow | undefined,
  tag: string | undefined,
  r: Reading,
  message: SyslogMessage,
  base: FactBase,
): Fact {
  if (r.process === undefined && message.appName !== undefined) r.process = message.appName;
  const shown = row ?? { category: 'host', action: tag === undefined ? 'message' : tag.toLowerCase() };
  return eventOf(base, shown, tag, r, message.severity);
}

function dataOf(structuredData: NonNullable<SyslogMessage['structuredData']>): ReadonlyMap<string, string> | undefined {
  for (const [id, parameters] of structuredData) if (id.startsWith('junos@')) return parameters;
  return undefined;
}

/** The event tag before the first colon: capitals, digits and at least one underscore. */
function tagAt(content: string): string | undefined {
  let underscores = 0;
  for (let at = 0; at < content.length && at < 64; at++) {
    const code = content.charCodeAt(at);
    if (code === 0x3a) return underscores > 0 ? content.slice(0, at) : undefined;
    if (code === 0x5f) underscores++;
    else if (!((code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39))) return undefined;
  }
  return undefined;
}

/** `client address, client port, server address, server port`, as sshd's SSH_CONNECTION. */
function readSshConnection(into: Reading, value: string): void {
  const [client = '', clientPort, server = '', serverPort] = value.split(' ');
  readHost(into.source, client, clientPort);
  readHost(into.destination, server, serverPort);
}

function withoutQuote(value: string): string {
  return (value.endsWith("'") ? value.slice(0, -1) : value).trim();
}
