import { flagsOf, protocolNumber, type SessionLine, type ToldSession, utcTime, wholeNumber } from './told-session';

/*
 * Lists of sessions as comma-separated text: Argus `ra` as the CTU-13 data set uses it ("binetflow"; argus ra(1)), and
 * `nfdump -o csv` of 1.6 and 1.7 (nfdump(1)). Their times name no zone and are taken as UTC.
 */

type Cells = (name: string) => string;

/** First names of the columns by which each list is told. */
export const ARGUS_HEAD = 'StartTime,Dur,Proto,SrcAddr,';
export const NFDUMP_HEADS: readonly string[] = ['ts,te,td,sa,da,sp,dp,pr,', 'firstSeen,duration,proto,srcAddr,'];

/** `head`: the first line. */
export function argusCsv(head: string): SessionLine {
  return byColumns(head, argusSession);
}

export function nfdumpCsv(head: string): SessionLine {
  return byColumns(head, head.startsWith('ts,') ? nfdumpSession : nfdumpShortSession);
}

function byColumns(head: string, read: (cells: Cells) => ToldSession | undefined): SessionLine {
  const places = new Map(head.split(',').map((name, i) => [name, i]));
  return (line) => {
    const cells = line.split(',');
    return read((name) => cells[places.get(name) ?? -1]?.trim() ?? '');
  };
}

function argusSession(cell: Cells): ToldSession | undefined {
  const start = utcTime(cell('StartTime'));
  const protocol = protocolNumber(cell('Proto'));
  const [first, second] = [cell('SrcAddr'), cell('DstAddr')];
  if (start === undefined || protocol === undefined || first === '' || second === '') return undefined;
  const total = wholeNumber(cell('TotBytes'));
  const own = wholeNumber(cell('SrcBytes'));
  const [flags = '', replyFlags = ''] = protocol === 6 ? cell('State').split('_') : [];
  const one = {
    address: first,
    port: portOf(cell('Sport'), protocol),
    counters: { ...(own !== undefined && { bytes: own }), ...(flags !== '' && { flags: flagsOf(flags) }) },
  };
  const other = {
    address: second,
    port: portOf(cell('Dport'), protocol),
    counters: {
      ...(total !== undefined && own !== undefined && total >= own && { bytes: total - own }),
      ...(replyFlags !== '' && { flags: flagsOf(replyFlags) }),
    },
  };
  // `<-`: Argus saw the second begin.
  const [client, server] = cell('Dir').replace('?', '-') === '<-' ? [other, one] : [one, other];
  return {
    start,
    end: start + Math.round(1000 * (Number(cell('Dur')) || 0)),
    protocol,
    source: client.address,
    destination: server.address,
    sourcePort: client.port,
    destinationPort: server.port,
    sent: client.counters,
    received: server.counters,
  };
}

function nfdumpSession(cell: Cells): ToldSession | undefined {
  const [start, end] = [utcTime(cell('ts')), utcTime(cell('te'))];
  const protocol = protocolNumber(cell('pr'));
  if (start === undefined || end === undefined || protocol === undefined) return undefined;
  const [bytes, packets] = [wholeNumber(cell('ibyt')) ?? 0, wholeNumber(cell('ipkt')) ?? 0];
  const [replyBytes, replyPackets] = [wholeNumber(cell('obyt')) ?? 0, wholeNumber(cell('opkt')) ?? 0];
  return {
    start,
    end: Math.max(start, end),
    protocol,
    source: cell('sa'),
    destination: cell('da'),
    sourcePort: portOf(cell('sp'), protocol),
    destinationPort: portOf(cell('dp'), protocol),
    sent: { bytes, packets, ...(protocol === 6 && { flags: flagsOf(cell('flg')) }) },
    ...(replyPackets > 0 && { received: { bytes: replyBytes, packets: replyPackets } }),
  };
}

function nfdumpShortSession(cell: Cells): ToldSession | undefined {
  const start = utcTime(cell('firstSeen'));
  const protocol = protocolNumber(cell('proto'));
  const [bytes, packets] = [wholeNumber(cell('bytes')), wholeNumber(cell('packets'))];
  if (start === undefined || protocol === undefined || bytes === undefined || packets === undefined) return undefined;
  return {
    start,
    end: start + Math.round(1000 * (Number(cell('duration')) || 0)),
    protocol,
    source: cell('srcAddr'),
    destination: cell('dstAddr'),
    sourcePort: portOf(cell('srcPort'), protocol),
    destinationPort: portOf(cell('dstPort'), protocol),
    sent: { bytes, packets },
  };
}

/** Ports of protocols that have some; ICMP lists carry type and code in their place. */
function portOf(text: string, protocol: number): number {
  if (protocol !== 6 && protocol !== 17 && protocol !== 132) return 0;
  const hex = /^0x([0-9a-f]{1,4})$/iu.exec(text)?.[1];
  return hex === undefined ? (wholeNumber(text, 65_535) ?? 0) : Number.parseInt(hex, 16);
}
