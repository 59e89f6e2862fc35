import type { Fact, FactBase } from '../../model/facts';
import { maskSecrets } from '../../mask-secrets';
import type { SyslogContext, SyslogMessage } from '../contract';
import { IOS_ROWS, XE_NAT_ROWS } from './cisco-ios.data';
import { IOS_SLOTS } from './cisco-ios-slots';
import { type CiscoHead, ciscoHead } from './cisco-mnemonic';
import { readAccounting, readAclFlow } from './cisco-nxos-text';
import { EVENT_SLOTS } from './event-slots';
import { natBinding } from './nat-binding';
import { type Reading, bindingOf, eventOf, newReading, sessionLogOf } from './reading';
import { type CompiledRow, type HandRead, type MessageRow, type SessionRow, compileRow, compileRows } from './rows';
import { UNIX_AUTH } from './unix-auth.data';
import { integerOf } from './value';

const ROWS = compileRows<MessageRow>(IOS_ROWS, IOS_SLOTS);
const XE_NAT: readonly CompiledRow[] = XE_NAT_ROWS.map((row) => compileRow(row, IOS_SLOTS));
const UNIX_ROWS = UNIX_AUTH.map((row) => compileRow(row, EVENT_SLOTS));

/** The facts of a message of the IOS family; products differ in header and facilities, not in the reading. */
export function parseIosFamily(message: SyslogMessage, { base }: SyslogContext): Fact[] {
  const head = ciscoHead(message.content, 0);
  if (head === undefined) return [];
  const facts = headFacts(message, head, base);
  if (facts !== undefined) return facts;
  // Some platforms wrap the real message: `%IOSXE-6-PLATFORM: R0/0: cpp_cp: … %FW-6-DROP_PKT: …`.
  const inner = message.content.indexOf(' %', head.textAt);
  const innerHead = inner < 0 ? undefined : ciscoHead(message.content, inner + 1);
  const innerFacts = innerHead === undefined ? undefined : headFacts(message, innerHead, base);
  return innerFacts ?? [genericEvent(message, head, base)];
}

function headFacts(message: SyslogMessage, head: CiscoHead, base: FactBase): Fact[] | undefined {
  const { content } = message;
  if (head.mnemonic.endsWith('ACCESSLOGRL')) return missedFacts(content, head, base);
  const special = specialReading(content, head);
  if (special !== undefined) return factsOf(special.row, head, special.reading, message, base);
  for (const compiled of rowsOf(head)) {
    for (const matches of compiled.matchers) {
      const reading = newReading();
      if (matches(content, head.textAt, reading)) return factsOf(compiled.row, head, reading, message, base);
    }
  }
  return undefined;
}

function specialReading(content: string, { facility, mnemonic, textAt }: CiscoHead): HandRead | undefined {
  if (facility === 'ACLLOG') return readAclFlow(content, textAt);
  return mnemonic === 'AAA_ACCOUNTING_MESSAGE' ? readAccounting(content, textAt) : undefined;
}

/** Rows by whole facility, by its first part (`LINK-SP`, `SEC_LOGIN-SW2`), by mnemonic alone. */
function rowsOf({ facility, mnemonic }: CiscoHead): readonly CompiledRow[] {
  if (mnemonic === 'SYSTEM_MSG') return UNIX_ROWS;
  if (mnemonic === 'LOG_TRANSLATION') return XE_NAT;
  const dash = facility.indexOf('-');
  const row =
    ROWS.get(`${facility}-${mnemonic}`) ??
    ROWS.get(`${facility.toUpperCase()}-${mnemonic}`) ??
    (dash < 0 ? undefined : ROWS.get(`${facility.slice(0, dash)}-${mnemonic}`)) ??
    ROWS.get(`*-${mnemonic}`);
  return row === undefined ? [] : [row];
}

function factsOf(row: MessageRow, head: CiscoHead, r: Reading, message: SyslogMessage, base: FactBase): Fact[] {
  if (row.fact === 'session') return sessionFacts(row, head, r, base);
  nameParts(r, head);
  if (r.process === undefined) {
    const process = message.appName ?? trailingProcess(message.content);
    if (process !== undefined) r.process = process;
  }
  const event = eventOf(base, row, head.code, r, head.severity);
  return [event, ...macBinding(row.action, head, r, base)];
}

function sessionFacts(row: SessionRow, head: CiscoHead, r: Reading, base: FactBase): Fact[] {
  const { body, source, destination } = r;
  body.directionSource = row.direction;
  if (body.protocol === 1 || body.protocol === 58) {
    for (const side of [source, destination]) {
      delete side.port;
      delete side.natPort;
    }
  }
  const action = r.action ?? row.action;
  if (action === 'session_start') body.start = base.observedAt;
  if (action === 'session_end') body.end = base.observedAt;
  if (source.bytes !== undefined && destination.bytes !== undefined) body.bytes = source.bytes + destination.bytes;
  const log = sessionLogOf(base, action, head.code, r);
  return row.nat === undefined ? [log] : [log, ...natBinding(row.nat, r, base)];
}

/** A MAC address that moved holds the new port from now on; one that flaps between ports holds neither for certain. */
function macBinding(action: string, head: CiscoHead, { extra }: Reading, base: FactBase): Fact[] {
  if (action !== 'mac_move' || head.facility !== 'L2FM') return [];
  const mac = extra['ascribe.mac'];
  const from = extra['ascribe.port.old'];
  const to = extra['ascribe.port.new'];
  const vlan = extra['network.vlan.id'];
  const about = vlan === undefined ? {} : { 'network.vlan.id': vlan };
  if (typeof mac !== 'string' || typeof from !== 'string' || typeof to !== 'string') return [];
  return [
    bindingOf(base, 'mac-switchport', mac, from, 'end', about),
    bindingOf(base, 'mac-switchport', mac, to, 'begin', about),
  ];
}

/** `%SEC-6-IPACCESSLOGRL: access-list logging rate-limited or missed 18 packets`: the device's own word for what is missing. */
function missedFacts(content: string, head: CiscoHead, base: FactBase): Fact[] {
  const words = content.slice(head.textAt).trim().split(' ');
  const at = words.findIndex((word) => word.startsWith('packet'));
  const missed = Number(words[at - 1]);
  return [
    {
      ...base,
      fact: 'gap',
      kind: 'device_stated',
      ...(Number.isSafeInteger(missed) && missed >= 0 ? { missing: BigInt(missed) } : undefined),
      unit: 'packets',
      detail: head.code,
    },
  ];
}

function genericEvent(message: SyslogMessage, head: CiscoHead, base: FactBase): Fact {
  const reading = newReading();
  nameParts(reading, head);
  const process = message.appName ?? trailingProcess(message.content);
  if (process !== undefined) reading.process = process;
  const text = message.content.slice(head.textAt).trim();
  if (text !== '') reading.message = maskSecrets(text);
  return eventOf(base, { category: 'host', action: head.mnemonic.toLowerCase() }, head.code, reading, head.severity);
}

function nameParts({ extra }: Reading, { facility, mnemonic }: CiscoHead): void {
  extra['ascribe.facility'] = facility;
  extra['ascribe.mnemonic'] = mnemonic;
}

/** NX-OS ends the text of its Unix processes with their name: `… - dcos_sshd[12977]`. */
function trailingProcess(content: string): string | undefined {
  const dash = content.lastIndexOf(' - ');
  if (dash < 0) return undefined;
  const name = content.slice(dash + 3).trim();
  const bracket = name.indexOf('[');
  const bare = bracket > 0 && name.endsWith(']') ? name.slice(0, bracket) : name;
  return bare === '' || bare.length > 48 || bare.includes(' ') || integerOf(bare) !== undefined ? undefined : bare;
}
