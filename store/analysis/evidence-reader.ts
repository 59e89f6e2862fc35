import type { Database as Connection, Statement } from 'better-sqlite3';
import { LRUCache } from 'lru-cache';
import type { SubjectKind } from './finding-record';

/** A session as findings look at it, with what was found of it. Addresses as upper-case hex, times in epoch ms, counters exact enough as numbers. */
export interface EvidenceRow extends RuleOf {
  readonly num: number;
  readonly start: number;
  readonly end: number;
  readonly protocol: number;
  readonly src: string;
  readonly srcPort: number | null;
  readonly dst: string;
  readonly dstPort: number | null;
  readonly networkDirection: string;
  readonly state: string;
  readonly encrypted: string;
  readonly encryptedBy: string;
  readonly handshakeRoom: boolean | null;
  readonly application: string | null;
  readonly payloadProtocol: string | null;
  /** Scaled up where the observer samples. */
  readonly sentBytes: number | null;
  readonly receivedBytes: number | null;
  /** As counted. */
  readonly measuredBytes: number | null;
  readonly samplingRate: number;
  /** Of both directions, as counted. */
  readonly packets: number | null;
  /** `none`, `sampled` or `prescaled`. */
  readonly sampling: string;
  readonly lastReceived: number;
  readonly status: string;
  readonly confidence: number;
  readonly ownerKind: SubjectKind;
  readonly owner: string;
  readonly ownerName: string;
  readonly ownerHost: string;
  /** Number of the session that is the same communication before translation. */
  readonly legOf: number | null;
}

/** The rule that let a session out; all null where none is known. */
interface RuleOf {
  readonly ruleDevice: string | null;
  readonly ruleName: string | null;
  readonly ruleId: string | null;
  readonly ruleLine: number | null;
  readonly ruleText: string | null;
  readonly ruleAuthor: string | null;
  readonly ruleCommittedAt: number | null;
}

interface OwnerOf {
  readonly ownerKind: SubjectKind;
  readonly owner: string;
  readonly ownerName: string;
  readonly ownerHost: string;
}

const NO_RULE: RuleOf = {
  ruleDevice: null,
  ruleName: null,
  ruleId: null,
  ruleLine: null,
  ruleText: null,
  ruleAuthor: null,
  ruleCommittedAt: null,
};

/** Values in the order of `rowOf`: by place, because names would cost as much as the reading. */
const EVIDENCE = `SELECT s.start, s."end", s.protocol, hex(s.src), s.src_port, hex(s.dst), s.dst_port, s.network_direction,
  s.state, s.encrypted, s.encrypted_by, s.handshake_room, s.application, s.payload_protocol,
  coalesce(s.src_bytes_estimate, s.src_bytes), coalesce(s.dst_bytes_estimate, s.dst_bytes), s.src_bytes,
  CASE WHEN s.src_packets > 0 AND s.src_packets_estimate > 0 THEN s.src_packets_estimate / s.src_packets
    WHEN s.dst_packets > 0 AND s.dst_packets_estimate > 0 THEN s.dst_packets_estimate / s.dst_packets ELSE 1 END,
  CASE WHEN s.src_packets IS NULL AND s.dst_packets IS NULL THEN NULL
    ELSE coalesce(s.src_packets, 0) + coalesce(s.dst_packets, 0) END, s.sampling, s.last_received, v.status, v.confidence,
  v.leg_of, v.owner, v.rule FROM session_row s JOIN verdict_row v ON v.session = s.num WHERE s.num = +?`;

const OWNER = `SELECT kind AS ownerKind, id AS owner, name AS ownerName, host AS ownerHost FROM owner_row WHERE num = ?`;

const RULE = `SELECT device AS ruleDevice, name AS ruleName, id AS ruleId, nullif(line, 0) AS ruleLine, text AS ruleText,
  author AS ruleAuthor, nullif(committed_at, 0) AS ruleCommittedAt FROM rule_row WHERE num = ?`;

/** Owners and rules that are remembered: rows of theirs never change. */
const REMEMBERED = 16_384;

/** Sessions of a device that began within [from, to], those of `from` only behind the number `after`. Times in epoch ms. */
export interface DeviceStretch {
  readonly device: string;
  readonly from: number;
  readonly to: number;
  readonly after: number;
}

/** Reads sessions that are to be looked at (again), with what was found of them. */
export class EvidenceReader {
  readonly #evidence: Statement;
  readonly #owner: Statement;
  readonly #rule: Statement;
  readonly #owners = new LRUCache<number, OwnerOf>({ max: REMEMBERED });
  readonly #rules = new LRUCache<number, RuleOf>({ max: REMEMBERED });
  readonly #bySession: Statement;
  readonly #byVerdict: Statement;
  readonly #ofDevice: Statement;
  readonly #to: Statement;

  constructor(db: Connection) {
    this.#evidence = db.prepare(EVIDENCE).raw();
    this.#owner = db.prepare(OWNER);
    this.#rule = db.prepare(RULE);
    this.#bySession = db.prepare('SELECT num, revision FROM session_row WHERE revision > +? ORDER BY revision LIMIT ?');
    this.#byVerdict = db.prepare(
      'SELECT session AS num, revision FROM verdict_row WHERE revision > +? ORDER BY revision LIMIT ?',
    );
    this.#to = db.prepare('SELECT num FROM session_row WHERE dst = +? AND start BETWEEN +? AND +? LIMIT ?').pluck();
    const within = 'v.start BETWEEN +@from AND +@to AND (v.start > +@from OR v.session > +@after)';
    this.#ofDevice = db.prepare(
      `SELECT v.session AS num, v.start FROM owner_row o JOIN verdict_row v ON v.owner = o.num
      WHERE o.host = +@device AND ${within}
      UNION SELECT v.session, v.start FROM rule_row r JOIN verdict_row v ON v.rule = r.num
      WHERE r.device = +@device AND ${within} ORDER BY 2, 1 LIMIT @limit`,
    );
  }

  /** Undefined for a session without a verdict. */
  read(session: number): EvidenceRow | undefined {
    const values = this.#evidence.get(session) as StoredValues | undefined;
    if (values === undefined) return undefined;
    return rowOf(session, values, this.#ownerOf(values[24]), this.#ruleOf(values[25]));
  }

  #ownerOf(num: number): OwnerOf {
    let owner = this.#owners.get(num);
    if (owner === undefined) {
      owner = this.#owner.get(num) as OwnerOf;
      this.#owners.set(num, owner);
    }
    return owner;
  }

  #ruleOf(num: number | null): RuleOf {
    if (num === null) return NO_RULE;
    let rule = this.#rules.get(num);
    if (rule === undefined) {
      rule = this.#rule.get(num) as RuleOf;
      this.#rules.set(num, rule);
    }
    return rule;
  }

  /** Sessions changed after a revision, in the order of their change. */
  sessionsAfter(revision: number, limit: number): { readonly num: number; readonly revision: number }[] {
    return this.#bySession.all(revision, limit) as { num: number; revision: number }[];
  }

  /** Sessions whose verdict changed after a revision. */
  verdictsAfter(revision: number, limit: number): { readonly num: number; readonly revision: number }[] {
    return this.#byVerdict.all(revision, limit) as { num: number; revision: number }[];
  }

  /** Sessions with an address (hex) that began within [from, to]. */
  sessionsTo(dst: string, from: number, to: number, limit: number): number[] {
    return this.#to.all(Buffer.from(dst, 'hex'), from, to, limit) as number[];
  }

  /** Sessions on a host, or through a rule of a device, in the order in which they began; at most `limit`. */
  sessionsOfDevice({ device, from, to, after }: DeviceStretch, limit: number): { num: number; start: number }[] {
    return this.#ofDevice.all({ device, from, to, after, limit }) as { num: number; start: number }[];
  }
}

/** Columns of `EVIDENCE`. */
type StoredValues = readonly [
  start: number,
  end: number,
  protocol: number,
  src: string,
  srcPort: number | null,
  dst: string,
  dstPort: number | null,
  networkDirection: string,
  state: string,
  encrypted: string,
  encryptedBy: string,
  handshakeRoom: number | null,
  application: string | null,
  payloadProtocol: string | null,
  sentBytes: number | null,
  receivedBytes: number | null,
  measuredBytes: number | null,
  samplingRate: number,
  packets: number | null,
  sampling: string,
  lastReceived: number,
  status: string,
  confidence: number,
  legOf: number | null,
  owner: number,
  rule: number | null,
];

function rowOf(num: number, values: StoredValues, owner: OwnerOf, rule: RuleOf): EvidenceRow {
  const [start, end, protocol, src, srcPort, dst, dstPort, networkDirection, state, encrypted, encryptedBy] = values;
  const handshakeRoom = values[11] === null ? null : values[11] === 1;
  const { ownerKind, owner: id, ownerName, ownerHost } = owner;
  const { ruleDevice, ruleName, ruleId, ruleLine, ruleText, ruleAuthor, ruleCommittedAt } = rule;
  return {
    num,
    start,
    end,
    protocol,
    src,
    srcPort,
    dst,
    dstPort,
    networkDirection,
    state,
    encrypted,
    encryptedBy,
    handshakeRoom,
    application: values[12],
    payloadProtocol: values[13],
    sentBytes: values[14],
    receivedBytes: values[15],
    measuredBytes: values[16],
    samplingRate: values[17],
    packets: values[18],
    sampling: values[19],
    lastReceived: values[20],
    status: values[21],
    confidence: values[22],
    legOf: values[23],
    ownerKind,
    owner: id,
    ownerName,
    ownerHost,
    ruleDevice,
    ruleName,
    ruleId,
    ruleLine,
    ruleText,
    ruleAuthor,
    ruleCommittedAt,
  };
}
