import { readKeyValues } from '../grammar/key-value';
import { between, integer } from '../grammar/values';

/** One direction of a tracked connection, as text. */
export interface ConntrackTuple {
  readonly source?: string | undefined;
  readonly destination?: string | undefined;
  readonly sourcePort?: string | undefined;
  readonly destinationPort?: string | undefined;
  readonly protocol?: string | undefined;
  readonly type?: string | undefined;
  readonly code?: string | undefined;
  readonly packets?: string | undefined;
  readonly bytes?: string | undefined;
}

export interface ConntrackEvent {
  readonly kind: 'NEW' | 'UPDATE' | 'DESTROY';
  readonly original: ConntrackTuple;
  readonly reply: ConntrackTuple;
  readonly id?: string | undefined;
  readonly state?: string | undefined;
  readonly mark?: string | undefined;
  readonly startMs?: number | undefined;
  readonly endMs?: number | undefined;
  /** When it happened, where the line itself says (`conntrack -E -o timestamp`). */
  readonly atMs?: number | undefined;
  /** Seconds the connection lasted (`delta-time=`). */
  readonly lasted?: string | undefined;
}

/** Reads ulogd2's text (`[NEW] ORIG: SRC=… , REPLY: SRC=…`), its JSON or `key=value,…`, or a `conntrack -E` line. */
export function readConntrack(text: string): ConntrackEvent | undefined {
  if (text.startsWith('{')) return readFields(jsonFields(text));
  if (text.startsWith('timestamp=') || text.startsWith('orig.')) return readFields(printedFields(text));
  const kind = kindOf(text);
  if (kind === undefined) return undefined;
  return text.includes(' ORIG: ') ? readLogemu(text, kind) : readTool(text, kind);
}

const KINDS = ['NEW', 'UPDATE', 'DESTROY'] as const;

function kindOf(text: string): ConntrackEvent['kind'] | undefined {
  return KINDS.find((kind) => {
    const at = text.indexOf(`[${kind}]`);
    return at >= 0 && at < 64;
  });
}

/** ulogd2 output/ulogd_output_LOGEMU.c with filter PRINTFLOW. */
function readLogemu(text: string, kind: ConntrackEvent['kind']): ConntrackEvent {
  const original = readKeyValues(between(text, 'ORIG: ', 'REPLY: ') ?? '');
  const reply = readKeyValues(text.slice(text.indexOf('REPLY: ') + 7));
  return { kind, original: upperTuple(original), reply: text.includes('REPLY: ') ? upperTuple(reply) : {} };
}

function upperTuple(fields: ReadonlyMap<string, string>): ConntrackTuple {
  return {
    source: fields.get('SRC'),
    destination: fields.get('DST'),
    sourcePort: fields.get('SPT'),
    destinationPort: fields.get('DPT'),
    protocol: fields.get('PROTO'),
    type: fields.get('TYPE'),
    code: fields.get('CODE'),
    packets: fields.get('PKTS'),
    bytes: fields.get('BYTES'),
  };
}

/** `[NEW] tcp 6 120 SYN_SENT src=A dst=B sport=1 dport=2 [UNREPLIED] src=B dst=N sport=2 dport=3 id=9`. */
function readTool(text: string, kind: ConntrackEvent['kind']): ConntrackEvent | undefined {
  const first = text.indexOf(' src=');
  const second = text.indexOf(' src=', first + 5);
  if (first < 0 || second < 0) return undefined;
  const words = text
    .slice(text.indexOf(`[${kind}]`) + kind.length + 2, first)
    .split(' ')
    .filter(Boolean);
  // `-o extended` puts the network layer first: `ipv6 10 tcp 6 …`.
  if ((words[0] === 'ipv4' || words[0] === 'ipv6') && integer(words[2]) === undefined) words.splice(0, 2);
  const original = readKeyValues(text.slice(first, second));
  const rest = readKeyValues(text.slice(second));
  const [protocol] = words;
  return {
    kind,
    original: lowerTuple(original, protocol),
    reply: lowerTuple(rest, protocol),
    id: entryId(text, second, protocol),
    lasted: rest.get('delta-time'),
    atMs: toolTime(text),
    mark: rest.get('mark'),
    state: words.find((part) => part === part.toUpperCase() && integer(part) === undefined),
  };
}

/** The kernel's id of the entry (`-o id`) stands last; the tuples of ICMP hold an `id=` of their own. */
function entryId(text: string, reply: number, protocol: string | undefined): string | undefined {
  const last = text.lastIndexOf(' id=');
  if (last < reply) return undefined;
  if (protocol?.startsWith('icmp') === true && text.indexOf(' id=', reply) === last) return undefined;
  return readKeyValues(text.slice(last)).get('id');
}

/** `[1795486200.123456]` before the kind. */
function toolTime(text: string): number | undefined {
  if (!text.startsWith('[')) return undefined;
  const [seconds, fraction = ''] = text
    .slice(1, Math.max(1, text.indexOf(']')))
    .trim()
    .split('.');
  const whole = integer(seconds);
  return whole === undefined ? undefined : whole * 1000 + (integer(fraction.slice(0, 3)) ?? 0);
}

function lowerTuple(fields: ReadonlyMap<string, string>, protocol: string | undefined): ConntrackTuple {
  return {
    source: fields.get('src'),
    destination: fields.get('dst'),
    sourcePort: fields.get('sport'),
    destinationPort: fields.get('dport'),
    protocol,
    type: fields.get('type'),
    code: fields.get('code'),
    packets: fields.get('packets'),
    bytes: fields.get('bytes'),
  };
}

const EVENT_KINDS: Readonly<Record<string, ConntrackEvent['kind']>> = { '1': 'NEW', '2': 'UPDATE', '4': 'DESTROY' };

/** ulogd2 output/ulogd_output_JSON.c: one object. */
function jsonFields(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null) return fields;
    for (const [key, value] of Object.entries(parsed)) {
      if (typeof value === 'string' || typeof value === 'number') fields.set(key, String(value));
    }
  } catch {
    return fields;
  }
  return fields;
}

/** ulogd2 output/ulogd_output_GPRINT.c: `timestamp=2026/11/28-07:34:11,orig.ip.saddr=10.0.0.5,…`. No value has a comma. */
function printedFields(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const field of text.split(',', MOST_FIELDS)) {
    const equals = field.indexOf('=');
    if (equals > 0) fields.set(field.slice(0, equals), field.slice(equals + 1).trimEnd());
  }
  return fields;
}

const MOST_FIELDS = 64;

/** The keys of ulogd2's NFCT input; `ct.event` is NFCT_T_NEW 1, NFCT_T_UPDATE 2, NFCT_T_DESTROY 4. */
function readFields(fields: ReadonlyMap<string, string>): ConntrackEvent | undefined {
  const ended = fields.has('flow.end.sec');
  const kind = EVENT_KINDS[fields.get('ct.event') ?? ''] ?? (ended ? 'DESTROY' : undefined);
  if (kind === undefined) return undefined;
  const startMs = fieldTime(fields, 'flow.start');
  const endMs = ended ? fieldTime(fields, 'flow.end') : undefined;
  return {
    kind,
    original: fieldTuple(fields, 'orig'),
    reply: fieldTuple(fields, 'reply'),
    id: fields.get('ct.id'),
    mark: fields.get('ct.mark'),
    startMs,
    endMs,
    atMs: kind === 'NEW' ? startMs : kind === 'DESTROY' ? endMs : undefined,
  };
}

/** The JSON names a field by its CIM name where it has one: the original direction's addresses (ulogd_inpflow_NFCT.c). */
const ORIGINAL_NAMES: Readonly<Record<string, string>> = {
  'ip.saddr': 'src_ip',
  'ip.daddr': 'dest_ip',
  'l4.sport': 'src_port',
  'l4.dport': 'dest_port',
};

function fieldTuple(fields: ReadonlyMap<string, string>, side: 'orig' | 'reply'): ConntrackTuple {
  const get = (name: string): string | undefined =>
    fields.get(`${side}.${name}.str`) ??
    fields.get(`${side}.${name}`) ??
    (side === 'orig' ? fields.get(ORIGINAL_NAMES[name] ?? '') : undefined);
  return {
    source: get('ip.saddr'),
    destination: get('ip.daddr'),
    sourcePort: get('l4.sport'),
    destinationPort: get('l4.dport'),
    protocol: fields.get(`${side}.ip.protocol`),
    type: fields.get('icmp.type'),
    code: fields.get('icmp.code'),
    packets: fields.get(`${side}.raw.pktcount`),
    bytes: fields.get(`${side}.raw.pktlen`),
  };
}

function fieldTime(fields: ReadonlyMap<string, string>, name: string): number | undefined {
  const seconds = integer(fields.get(`${name}.sec`));
  if (seconds === undefined || seconds === 0) return undefined;
  return seconds * 1000 + Math.floor((integer(fields.get(`${name}.usec`)) ?? 0) / 1000);
}
