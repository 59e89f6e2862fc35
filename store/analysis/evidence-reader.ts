import type { Database as Connection, Statement } from 'better-sqlite3';

/** A session with its verdict, owner and rule in one row; addresses as upper-case hex, counters as numbers. */
export type EvidenceRow = Readonly<Record<string, string | number | null>>;

const EVIDENCE = `SELECT s.id AS session, s.num, s.start, s."end", s.protocol, hex(s.src) AS src, s.src_port AS srcPort,
  hex(s.dst) AS dst, s.dst_port AS dstPort, s.network_direction AS networkDirection, s.state, s.encrypted,
  s.encrypted_by AS encryptedBy, s.handshake_room AS handshakeRoom, s.service, s.application,
  s.payload_protocol AS payloadProtocol, coalesce(s.src_bytes_estimate, s.src_bytes) AS sentBytes,
  coalesce(s.dst_bytes_estimate, s.dst_bytes) AS receivedBytes, s.src_bytes AS measuredBytes,
  CASE WHEN s.src_packets > 0 AND s.src_packets_estimate > 0 THEN s.src_packets_estimate / s.src_packets
    WHEN s.dst_packets > 0 AND s.dst_packets_estimate > 0 THEN s.dst_packets_estimate / s.dst_packets ELSE 1 END AS samplingRate,
  CASE WHEN s.src_packets IS NULL AND s.dst_packets IS NULL THEN NULL
    ELSE coalesce(s.src_packets, 0) + coalesce(s.dst_packets, 0) END AS packets, s.sampling,
  s.last_received AS lastReceived, v.status, v.confidence, o.kind AS ownerKind, o.id AS owner, o.name AS ownerName,
  o.host AS ownerHost, v.reasons, v.leg_of AS legOf, r.device AS ruleDevice, r.name AS ruleName, r.id AS ruleId,
  nullif(r.line, 0) AS ruleLine, r.text AS ruleText, r.author AS ruleAuthor, nullif(r.committed_at, 0) AS ruleCommittedAt
  FROM session_row s JOIN verdict_row v ON v.session = s.num JOIN owner_row o ON o.num = v.owner
  LEFT JOIN rule_row r ON r.num = v.rule WHERE s.num = ?`;

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
  readonly #bySession: Statement;
  readonly #byVerdict: Statement;
  readonly #ofDevice: Statement;
  readonly #to: Statement;

  constructor(db: Connection) {
    this.#evidence = db.prepare(EVIDENCE);
    this.#bySession = db.prepare('SELECT num, revision FROM session_row WHERE revision > ? ORDER BY revision LIMIT ?');
    this.#byVerdict = db.prepare(
      'SELECT session AS num, revision FROM verdict_row WHERE revision > ? ORDER BY revision LIMIT ?',
    );
    this.#to = db.prepare('SELECT num FROM session_row WHERE dst = ? AND start BETWEEN ? AND ? LIMIT ?').pluck();
    const within = 'v.start BETWEEN @from AND @to AND (v.start > @from OR v.session > @after)';
    this.#ofDevice = db.prepare(
      `SELECT v.session AS num, v.start FROM owner_row o JOIN verdict_row v ON v.owner = o.num
      WHERE o.host = @device AND ${within}
      UNION SELECT v.session, v.start FROM rule_row r JOIN verdict_row v ON v.rule = r.num
      WHERE r.device = @device AND ${within} ORDER BY 2, 1 LIMIT @limit`,
    );
  }

  /** Undefined for a session without a verdict. */
  read(session: number): EvidenceRow | undefined {
    return this.#evidence.get(session) as EvidenceRow | undefined;
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
