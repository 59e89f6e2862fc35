import type { Fact } from '../../model/facts';
import type { SyslogContext, SyslogMessage, VendorParser } from '../contract';
import { statedBase, stampTime, type DeviceTime } from '../grammar/device-time';
import { integer, ip } from '../grammar/values';
import { pattern } from '../patterns';
import { dnsFacts, type DnsAnswer } from './dns-facts';

/**
 * The debug log of Microsoft's DNS server (`dns.log`, "Log packets for debugging"), one packet an entry:
 *
 *     11/24/2026 2:10:05 AM 0E4C PACKET  000001D0C0A7E6D0 UDP Rcv 10.0.0.5        a3f1   Q [0001   D   NOERROR] A      (3)www(7)example(3)com(0)
 *     11/24/2026 2:10:05 AM 0E4C PACKET  000001D0C0A7E6D0 UDP Snd 10.0.0.5        a3f1 R Q [8081   DR  NOERROR] A      (3)www(7)example(3)com(0)
 *
 * With "Details" the sections of the message follow on lines of their own: `import` keeps them with their packet. The date is written as
 * the server's region has it.
 */
export const WINDOWS_DNS: VendorParser = {
  name: 'windows_dns',
  vendor: 'Microsoft',
  product: 'Windows DNS Server',
  summary: 'Debug log: names that clients asked for and, with details, their addresses',
  stability: 'beta',
  example:
    '<14>Nov 24 02:10:05 dc1 DNS: 11/24/2026 2:10:05 AM 0E4C PACKET  000001D0C0A7E6D0 UDP Rcv 10.0.0.5        a3f1   Q [0001   D   NOERROR] A      (3)www(7)example(3)com(0)',
  recognizes: ({ text }) => readPacket(text) !== undefined,
  parse: windowsFacts,
};

const PACKET = pattern(
  'windows_dns_packet',
  / PACKET {1,2}[0-9A-Fa-f]{8,16} (?:UDP|TCP) (Rcv|Snd) ([0-9a-fA-F.:]{2,45}) {1,40}[0-9a-f]{4} ([R ]) ([A-Z?]) \[([^\]\r\n]{4,40})\] ([A-Z0-9]{1,12}) {1,12}(\(\d{1,2}\)[^\r\n]{0,1024})/y,
);
const DATE = pattern(
  'windows_dns_date',
  /^(?:.{0,80}[ :])?(\d{1,4})([/.-])(\d{1,2})[/.-](\d{1,4}) (\d{1,2}:\d{2}:\d{2})(?: ([AP])M)? [0-9A-F]{3,8}$/,
);
const LABEL = pattern('windows_dns_label', /\((\d{1,2})\)/y);
const LONGEST_LEAD = 160;
const MOST_LINES = 2000;

interface Packet {
  /** What stands before: the time, and the thread. */
  readonly lead: string;
  readonly isReceived: boolean;
  readonly isResponse: boolean;
  readonly peer: string | undefined;
  readonly response: string | undefined;
  readonly type: string;
  readonly name: string;
}

function readPacket(text: string): Packet | undefined {
  const at = text.indexOf(' PACKET ');
  if (at < 0 || at > LONGEST_LEAD) return undefined;
  PACKET.lastIndex = at;
  const found = PACKET.exec(text);
  const [, way, peer, response, opcode, flags = '', type = '', labels = ''] = found ?? [];
  const name = found === null || opcode !== 'Q' ? undefined : dotted(labels);
  if (name === undefined) return undefined;
  return {
    lead: text.slice(0, at),
    isReceived: way === 'Rcv',
    isResponse: response === 'R',
    peer: ip(peer),
    response: response === 'R' ? flags.split(' ').at(-1) : undefined,
    type,
    name,
  };
}

/** `(3)www(7)example(3)com(0)`: each label behind its length; undefined where they do not agree. */
function dotted(text: string): string | undefined {
  const labels: string[] = [];
  let at = 0;
  for (let i = 0; i < 128; i++) {
    LABEL.lastIndex = at;
    const found = LABEL.exec(text);
    if (found === null) return undefined;
    const length = Number(found[1]);
    if (length === 0) return labels.join('.');
    at = LABEL.lastIndex;
    labels.push(text.slice(at, at + length));
    at += length;
  }
  return undefined;
}

/**
 * A question that was received names its client, and so does the answer that was sent. What the server itself asks, and what is
 * answered to it, has no client of ours; the answer holds addresses all the same.
 */
function windowsFacts({ text }: SyslogMessage, context: SyslogContext): Fact[] {
  const packet = readPacket(text);
  if (packet === undefined) return [];
  const { lead, isReceived, isResponse, peer, response, type, name } = packet;
  const client = isReceived === isResponse ? undefined : peer;
  const answers = isResponse ? answersOf(text) : [];
  const base = statedBase(context, dateOf(lead, context), undefined);
  return dnsFacts(base, { client, name, type, response, answers });
}

/** Addresses of the answer section of the details. */
function answersOf(content: string): DnsAnswer[] {
  const from = content.indexOf('ANSWER SECTION:');
  if (from < 0) return [];
  const answers: DnsAnswer[] = [];
  let type = '';
  let ttl: number | undefined;
  for (const line of content.slice(from).split('\n', MOST_LINES).slice(1)) {
    const text = line.trim();
    if (text.endsWith('SECTION:')) break;
    if (text.startsWith('TYPE ')) type = text.slice(5).trim().split(' ', 1)[0] ?? '';
    else if (text.startsWith('TTL ')) ttl = integer(text.slice(4));
    else if (text.startsWith('DATA ')) {
      const address = type === 'A' || type === 'AAAA' ? ip(text.slice(5)) : undefined;
      if (address !== undefined) answers.push({ address, ttl });
    }
  }
  return answers;
}

/** The region's date: the year tells itself by its length, `AM` or `PM` the American order; of two readings the one nearer to receipt. */
function dateOf(lead: string, context: SyslogContext): DeviceTime | undefined {
  const found = DATE.exec(lead);
  if (found === null) return undefined;
  const [, first = '', separator, second = '', third = '', clock = '', half] = found;
  const time = (year: string, month: string, day: string): DeviceTime | undefined =>
    stampTime(`${year}-${month}-${day} ${clockOf(clock, half)}`, context);
  if (first.length === 4) return time(first, second, third);
  const american = time(third, first, second);
  const other = time(third, second, first);
  if (half !== undefined) return american;
  if (separator === '.') return other;
  if (american === undefined || other === undefined) return american ?? other;
  const far = ({ ms }: DeviceTime): number => Math.abs(ms - context.receivedAt);
  return far(american) < far(other) ? american : other;
}

/** `2:10:05` of the afternoon is `14:10:05`. */
function clockOf(clock: string, half: string | undefined): string {
  if (half === undefined) return clock;
  const [hour = '', ...rest] = clock.split(':');
  return [String((Number(hour) % 12) + (half === 'P' ? 12 : 0)), ...rest].join(':');
}
