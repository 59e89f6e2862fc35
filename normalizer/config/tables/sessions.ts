import type { ConfigPlatform } from '../platforms';
import { readPanosSessions } from './panos-sessions';
import type { End, TableReading } from './table-reading';
import { blocksOf, countOf, endOf, pairsOf, protocolOf, wordsOf } from './text';

/** Tables of the sessions a firewall holds: `connections`. Each becomes an update, with its translation where it has one. */
export function readSessions(table: TableReading, platform: ConfigPlatform): void {
  switch (platform) {
    case 'cisco_asa':
      table.lines.forEach((line) => asaRow(table, line));
      return;
    case 'juniper_junos':
      for (const block of blocksOf(table.lines, (line) => line.startsWith('Session ID:'))) junosBlock(table, block);
      return;
    case 'fortigate':
      if (table.lines.some((line) => line.startsWith('session info:'))) {
        for (const block of blocksOf(table.lines, (line) => line.startsWith('session info:')))
          fortiosBlock(table, block);
      } else table.lines.forEach((line) => fortiosRow(table, line));
      return;
    case 'panos':
      readPanosSessions(table);
      return;
    case 'mikrotik':
      table.lines.forEach((line) => routerosRow(table, line));
      return;
    case 'pfsense':
    case 'opnsense':
      for (const block of blocksOf(table.lines, (line) => /^\S+ \S+ /.test(line))) pfState(table, block);
      return;
    case 'vyos':
      table.lines.forEach((line) => conntrackRow(table, line));
      return;
    case 'cisco_ios':
    case 'cisco_nxos':
    case 'arista_eos':
  }
}

/**
 * `TCP outside A:P inside B:Q, idle 0:00:05, bytes 1234, flags UIO`. The second end began it unless the flags have `B`
 * (initial SYN from outside); of UDP that is not known. `A:P(C:R)` shows the address before translation.
 */
function asaRow(table: TableReading, line: string): void {
  const match =
    /^\s*(TCP|UDP|ICMP|SCTP|GRE|ESP) ([^\s:]{1,64})(?:\([^)]{0,64}\))?[: ](\S{1,80}) ([^\s:]{1,64})(?:\([^)]{0,64}\))?[: ]([^\s,]{1,80}), (.{0,400})/.exec(
      line,
    );
  if (match === null) return;
  const [, name, outerName, outer = '', innerName, inner = '', rest = ''] = match;
  const outerEnd = endOf(outer, ':');
  const innerEnd = endOf(inner, ':');
  if (outerEnd === undefined || innerEnd === undefined) {
    table.refuse(line);
    return;
  }
  const flags = /flags (\S{1,64})/.exec(rest)?.[1] ?? '';
  const inbound = flags.includes('B');
  const bytes = countOf(/bytes (\d{1,19})/.exec(rest)?.[1]);
  table.session({
    protocol: protocolOf(name),
    source: inbound ? outerEnd : innerEnd,
    destination: inbound ? innerEnd : outerEnd,
    directed: name === 'TCP',
    parts: {
      ...(bytes === undefined ? {} : { bytes }),
      ...zones(inbound ? outerName : innerName, inbound ? innerName : outerName),
    },
    extra: { 'ascribe.session.flags': flags },
  });
}

function zones(
  ingress: string | undefined,
  egress: string | undefined,
): { ingressInterface?: string; egressInterface?: string } {
  return {
    ...(ingress === undefined ? {} : { ingressInterface: ingress }),
    ...(egress === undefined ? {} : { egressInterface: egress }),
  };
}

/** `  In: A/P --> B/Q;tcp, …, If: ge-0/0/0.0, Pkts: 10, Bytes: 1000,` and the same for `Out:`, the way back. */
const JUNOS_WING =
  /^\s*(?:In|Out): (\S{1,64}) --> ([^\s;]{1,64});([a-z0-9-]{1,16}),(?: Conn Tag: [^,]{1,20},)? If: ([^,\s]{1,64}), Pkts: (\d{1,19}), Bytes: (\d{1,19})/;

function junosBlock(table: TableReading, block: readonly string[]): void {
  const head = /^Session ID: (\d{1,20}), Policy name: ([^,]{1,128}),/.exec(block[0] ?? '');
  const [into, out] = ['In:', 'Out:'].map((name) =>
    JUNOS_WING.exec(block.find((line) => line.trimStart().startsWith(name)) ?? ''),
  );
  if (into === null || into === undefined || out === null || out === undefined) {
    table.refuse(block[0] ?? '');
    return;
  }
  const [source, destination, back, target] = [into[1], into[2], out[2], out[1]].map((text) => endOf(text ?? '', '/'));
  if (source === undefined || destination === undefined) return;
  const policy = head?.[2];
  table.session({
    protocol: protocolOf(into[3]),
    source,
    destination,
    natSource: back,
    natDestination: target,
    directed: true,
    bytes: [countOf(into[6]), countOf(out[6])],
    packets: [countOf(into[5]), countOf(out[5])],
    parts: {
      ...(head?.[1] === undefined ? {} : { sessionKey: head[1] }),
      // `allow-web/4`: name and index.
      ...(policy === undefined ? {} : { ruleName: policy.replace(/\/\d{1,6}$/, '') }),
      ...zones(into[4], out[4]),
    },
  });
}

/**
 * `diagnose sys session list`: `hook=post dir=org act=snat A:P->B:Q(C:R)` states the way out and, in parentheses, what the source
 * (`snat`) or the destination (`dnat`) becomes.
 */
const FORTIOS_HOOK = /^hook=\S{1,12} dir=org act=(\S{1,12}) (\S{1,64}?)->(\S{1,64}?)\((\S{1,64}?)\)/;

function fortiosBlock(table: TableReading, block: readonly string[]): void {
  const text = (pattern: RegExp): string | undefined => {
    for (const line of block) {
      const found = pattern.exec(line)?.[1];
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const hooks = block.map((line) => FORTIOS_HOOK.exec(line)).filter((match) => match !== null);
  const first = hooks[0];
  const source = endOf(first?.[2] ?? '', ':');
  const destination = endOf(first?.[3] ?? '', ':');
  if (source === undefined || destination === undefined) {
    table.refuse(block[0] ?? '');
    return;
  }
  const translated = (kind: string): End | undefined => {
    const end = endOf(hooks.find((match) => match[1] === kind)?.[4] ?? '', ':');
    return end === undefined || end.ip === '0.0.0.0' ? undefined : end;
  };
  const [sent, received] = [text(/\borg=(\d{1,19})\/\d/), text(/\breply=(\d{1,19})\/\d/)];
  const policy = text(/^misc=\S{1,12} policy_id=(\d{1,10})/);
  const serial = text(/^serial=([0-9a-f]{1,16})/);
  table.session({
    protocol: protocolOf(text(/^session info: proto=(\d{1,3})/)),
    source,
    destination,
    natSource: translated('snat'),
    natDestination: translated('dnat'),
    directed: true,
    bytes: [countOf(sent), countOf(received)],
    parts: {
      ...(policy === undefined ? {} : { ruleId: policy }),
      ...(serial === undefined ? {} : { sessionKey: serial }),
    },
    extra: { 'ascribe.vdom_index': text(/\bvd=(\d{1,5})/) },
  });
}

/** `get system session list`: PROTO EXPIRE SOURCE SOURCE-NAT DESTINATION DESTINATION-NAT. */
function fortiosRow(table: TableReading, line: string): void {
  const [protocol, , from = '', natFrom = '', to = '', natTo = ''] = wordsOf(line);
  const source = endOf(from, ':');
  const destination = endOf(to, ':');
  if (source === undefined || destination === undefined) return;
  table.session({
    protocol: protocolOf(protocol),
    source,
    destination,
    natSource: endOf(natFrom, ':'),
    natDestination: endOf(natTo, ':'),
    directed: true,
  });
}

/** `protocol=tcp src-address=A:P dst-address=B:Q reply-src-address=B:Q reply-dst-address=C:R … orig-bytes=1 repl-bytes=2`. */
function routerosRow(table: TableReading, line: string): void {
  const pairs = pairsOf(line);
  const end = (name: string): End | undefined => endOf(pairs.get(name) ?? '', ':');
  const source = end('src-address');
  const destination = end('dst-address');
  if (source === undefined || destination === undefined) return;
  table.session({
    protocol: protocolOf(pairs.get('protocol')),
    source,
    destination,
    natSource: end('reply-dst-address'),
    natDestination: end('reply-src-address'),
    directed: true,
    bytes: [countOf(pairs.get('orig-bytes')), countOf(pairs.get('repl-bytes'))],
    packets: [countOf(pairs.get('orig-packets')), countOf(pairs.get('repl-packets'))],
    extra: { 'ascribe.session.state': pairs.get('tcp-state') },
  });
}

/**
 * pfctl: `all tcp A:P (B:Q) -> C:R  ESTABLISHED:ESTABLISHED`: out, before translation B; `all tcp A:P (B:Q) <- C:R`: in, C began it
 * towards B, which is A. The lines behind it have age, counters and the rule.
 */
function pfState(table: TableReading, block: readonly string[]): void {
  const words = wordsOf(block[0] ?? '');
  const arrow = words.findIndex((word) => word === '->' || word === '<-');
  if (arrow < 3) return;
  const left = pfEnd(words[2]);
  const right = pfEnd(words[arrow + 1]);
  const original = arrow > 3 && words[3]?.startsWith('(') === true ? pfEnd(words[3].slice(1, -1)) : undefined;
  if (left === undefined || right === undefined) {
    table.refuse(block[0] ?? '');
    return;
  }
  const outgoing = words[arrow] === '->';
  const counters = block
    .map((line) => /(\d{1,19}):(\d{1,19}) pkts, (\d{1,19}):(\d{1,19}) bytes(?:, rule (\d{1,8}))?/.exec(line))
    .find(Boolean);
  const rule = counters?.[5];
  table.session({
    protocol: protocolOf(words[1]),
    source: outgoing ? (original ?? left) : right,
    destination: outgoing ? right : (original ?? left),
    natSource: outgoing && original !== undefined ? left : undefined,
    natDestination: outgoing || original === undefined ? undefined : left,
    directed: true,
    ...(counters === undefined || counters === null
      ? {}
      : { packets: [countOf(counters[1]), countOf(counters[2])], bytes: [countOf(counters[3]), countOf(counters[4])] }),
    parts: {
      ...(rule === undefined ? {} : { ruleId: rule }),
      ...(words[0] === 'all' || words[0] === undefined ? {} : { ingressInterface: words[0] }),
    },
    extra: { 'ascribe.session.state': words[arrow + 2] },
  });
}

/** `A:P`, for IPv6 `A[P]`. */
function pfEnd(text: string | undefined): End | undefined {
  if (text === undefined) return undefined;
  return text.endsWith(']') && !text.startsWith('[') ? endOf(text, '[') : endOf(text, ':');
}

/** VyOS: `ID  A:P  B:Q  tcp [6] ESTABLISHED 431999`, with or without the id. */
function conntrackRow(table: TableReading, line: string): void {
  const words = wordsOf(line);
  const at = words.findIndex((word) => endOf(word, ':')?.port !== undefined);
  const source = endOf(words[at] ?? '', ':');
  const destination = endOf(words[at + 1] ?? '', ':');
  if (at < 0 || source === undefined || destination === undefined) return;
  const protocol = words.slice(at + 2).find((word) => protocolOf(word) !== undefined && !/^\d/.test(word));
  const back = endOf(words[at + 3] ?? '', ':');
  table.session({
    protocol: protocolOf(protocol),
    source,
    destination,
    natSource: back?.port === undefined ? undefined : back,
    directed: true,
  });
}
