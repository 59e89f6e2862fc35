import type { Fact, FactBase } from '../../model/facts';
import { maskSecrets } from '../../mask-secrets';
import type { SyslogMessage, VendorParser } from '../contract';
import { type Reading, eventOf, newReading, readHost } from './reading';
import { VCENTER_EVENTS } from './vmware-esxi.data';
import { furtherFacts, readSentence } from './vmware-sentences';

/** VMware vCenter Server: its events as syslog, and the audit events of single sign-on. */
export const VMWARE_VCENTER: VendorParser = {
  name: 'vmware_vcenter',
  vendor: 'VMware',
  product: 'vCenter Server',
  summary: 'VMware vCenter: logins, VM power, migration and reconfiguration, permissions, single sign-on audit',
  stability: 'beta',
  example:
    '<14>1 2026-11-24T02:10:00.000Z vc1 vpxd 4711 - - Event [8154] [1-1] [2026-11-24T02:10:00.000000Z] [vim.event.VmPoweredOnEvent] [info] [VSPHERE.LOCAL\\Administrator] [DC1] [8150] [web1 on esx1 in DC1 is powered on]',
  recognizes: ({ content, appName }) => {
    const text = content.trimStart();
    return (
      (text.startsWith('Event [') && text.includes('] [vim.event.')) ||
      (text.startsWith('{') && text.includes('"com.vmware.sso.')) ||
      appName === 'vpxd'
    );
  },
  parse: (message, { base }) => parseVcenter(message, base),
};

function parseVcenter(message: SyslogMessage, base: FactBase): Fact[] {
  // vCenter puts two blanks behind its header.
  const content = message.content.trimStart();
  if (content.startsWith('{')) return ssoFacts(message, base);
  return eventListFacts(content, message, base);
}

/** `Event [8154] [1-1] [TIME] [vim.event.…] [info] [user] [data centre] [8150] [sentence]`, as vCenter and vpxa write it. */
export function eventListFacts(
  content: string,
  message: Pick<SyslogMessage, 'appName' | 'severity'>,
  base: FactBase,
): Fact[] {
  if (!content.startsWith('Event [')) return [];
  const columns = bracketed(content, 6, 8);
  if (columns === undefined) return [];
  const [, , , type = '', , user = '', datacenter = '', , text = ''] = columns;
  const name = type.startsWith('vim.event.') ? type.slice(10) : type;
  const meaning = VCENTER_EVENTS[name];
  const sentence = readSentence(text, 0);
  const reading = sentence?.reading ?? newReading();
  if (sentence === undefined) reading.message = maskSecrets(text);
  if (user !== '') {
    if (reading.body.user !== undefined && reading.body.user !== user) reading.extra['ascribe.acting_user'] = user;
    else reading.body.user = user;
  }
  if (datacenter !== '') reading.extra['ascribe.datacenter'] = datacenter;
  if (message.appName !== undefined) reading.process = message.appName;
  const outcome = meaning?.[2] ?? sentence?.outcome;
  const row = {
    category: meaning?.[0] ?? sentence?.category ?? 'host',
    action: meaning?.[1] ?? sentence?.action ?? 'message',
    ...(outcome === undefined ? undefined : { outcome }),
  };
  const event = eventOf(base, row, name, reading, message.severity);
  return sentence === undefined ? [event] : [event, ...furtherFacts(sentence, base)];
}

/** The first `count` values in brackets, then all up to the last bracket: the message may hold brackets itself. */
function bracketed(content: string, from: number, count: number): string[] | undefined {
  const values: string[] = [];
  let at = from;
  for (let i = 0; i < count; i++) {
    const open = content.indexOf('[', at);
    const close = content.indexOf(']', open);
    if (open < 0 || close < 0) return undefined;
    values.push(content.slice(open + 1, close));
    at = close + 1;
  }
  const open = content.indexOf('[', at);
  const close = content.lastIndexOf(']');
  if (open >= 0) values.push(content.slice(open + 1, close > open ? close : undefined));
  return values;
}

/** `{"user":"a@vsphere.local","client":"192.0.2.10","type":"com.vmware.sso.LoginSuccess",…}` */
function ssoFacts(message: SyslogMessage, base: FactBase): Fact[] {
  let audit: unknown;
  try {
    audit = JSON.parse(message.content);
  } catch {
    // Cut short on the way: the bytes are in the journal.
    return [];
  }
  if (typeof audit !== 'object' || audit === null) return [];
  const text = (name: string): string | undefined => {
    const value: unknown = (audit as Record<string, unknown>)[name];
    return typeof value === 'string' && value !== '' && value !== 'n/a' ? value : undefined;
  };
  const type = text('type') ?? '';
  const r: Reading = newReading();
  const user = text('user');
  if (user !== undefined) r.body.user = user;
  readHost(r.source, text('client') ?? '');
  const description = text('description');
  if (description !== undefined) r.message = maskSecrets(description);
  if (message.appName !== undefined) r.process = message.appName;
  const meaning = VCENTER_EVENTS[type];
  const row = {
    category: meaning?.[0] ?? 'authentication',
    action: meaning?.[1] ?? 'message',
    ...(meaning?.[2] === undefined ? undefined : { outcome: meaning[2] }),
  };
  return [eventOf(base, row, type, r, message.severity)];
}
