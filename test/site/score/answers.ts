import { openAnalysisForReading } from '../../../store/analysis/analysis-db';

/** A candidate of a verdict. */
export interface AnsweredOwner {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  readonly host: string;
  readonly weight: number;
}

export interface AnsweredStep {
  readonly relation: string;
  readonly from: string;
  readonly to: string;
  readonly device: string;
}

export interface AnsweredVerdict {
  readonly status: string;
  readonly confidence: number;
  readonly owners: readonly AnsweredOwner[];
  readonly reasons: readonly string[];
  readonly steps: readonly AnsweredStep[];
  /** The initiator before all translations. */
  readonly source: string | undefined;
  readonly sourcePort: number | undefined;
  readonly rule:
    { readonly device: string; readonly name: string; readonly id: string; readonly text: string } | undefined;
  readonly recordedAt: number;
}

/** A session as ascribe lists it, with what it found of it. */
export interface Answer {
  readonly id: string;
  readonly src: string;
  readonly srcPort: number;
  readonly dst: string;
  readonly dstPort: number;
  readonly protocol: number;
  readonly start: number;
  readonly end: number;
  readonly scope: string;
  readonly natSrc: string | undefined;
  readonly natSrcPort: number | undefined;
  readonly srcBytes: number;
  readonly dstBytes: number;
  readonly observers: number;
  readonly direction: string;
  readonly encrypted: string;
  readonly verdict: AnsweredVerdict | undefined;
}

interface Row {
  readonly id: string;
  readonly src_ip: string;
  readonly src_port: number | null;
  readonly dst_ip: string;
  readonly dst_port: number | null;
  readonly protocol: number;
  readonly start: number;
  readonly end: number;
  readonly scope: string;
  readonly nat_src_ip: string | null;
  readonly nat_src_port: number | null;
  readonly src_bytes: number | null;
  readonly dst_bytes: number | null;
  readonly observers: number;
  readonly network_direction: string;
  readonly encrypted: string;
  readonly status: string | null;
  readonly confidence: number | null;
  readonly reasons: string | null;
  readonly source_ip: string | null;
  readonly source_port: number | null;
  readonly rule_device: string | null;
  readonly rule_name: string | null;
  readonly rule_id: string | null;
  readonly rule_text: string | null;
  readonly recorded_at: number | null;
}

const SESSIONS = `SELECT s.id, s.src_ip, s.src_port, s.dst_ip, s.dst_port, s.protocol, s.start, s."end", s.scope, s.nat_src_ip,
  s.nat_src_port, s.src_bytes, s.dst_bytes, s.observers, s.network_direction, s.encrypted, v.status, v.confidence, v.reasons,
  v.source_ip, v.source_port, v.rule_device, v.rule_name, v.rule_id, v.rule_text, v.recorded_at
  FROM session s LEFT JOIN verdict v ON v.session = s.id`;

/** All that ascribe says, through its public views. */
export function readAnswers(database: string): Answer[] {
  const db = openAnalysisForReading(database);
  try {
    const owners = grouped(
      db
        .prepare<[], AnsweredOwner & { session: string }>(
          'SELECT session, kind, owner AS id, name, host, weight FROM verdict_owner ORDER BY session, number',
        )
        .all(),
    );
    const steps = grouped(
      db
        .prepare<[], AnsweredStep & { session: string }>(
          'SELECT session, relation, "from", "to", device FROM verdict_step ORDER BY session, number',
        )
        .all(),
    );
    return db
      .prepare<[], Row>(SESSIONS)
      .all()
      .map((row) => answerOf(row, owners.get(row.id) ?? [], steps.get(row.id) ?? []));
  } finally {
    db.close();
  }
}

function grouped<T extends { readonly session: string }>(rows: readonly T[]): Map<string, T[]> {
  const out = new Map<string, T[]>();
  for (const row of rows) {
    const known = out.get(row.session);
    if (known === undefined) out.set(row.session, [row]);
    else known.push(row);
  }
  return out;
}

function answerOf(row: Row, owners: readonly AnsweredOwner[], steps: readonly AnsweredStep[]): Answer {
  return {
    id: row.id,
    src: row.src_ip,
    srcPort: row.src_port ?? 0,
    dst: row.dst_ip,
    dstPort: row.dst_port ?? 0,
    protocol: row.protocol,
    start: row.start,
    end: row.end,
    scope: row.scope,
    natSrc: row.nat_src_ip ?? undefined,
    natSrcPort: row.nat_src_port ?? undefined,
    srcBytes: row.src_bytes ?? 0,
    dstBytes: row.dst_bytes ?? 0,
    observers: row.observers,
    direction: row.network_direction,
    encrypted: row.encrypted,
    verdict: verdictOf(row, owners, steps),
  };
}

function verdictOf(
  row: Row,
  owners: readonly AnsweredOwner[],
  steps: readonly AnsweredStep[],
): AnsweredVerdict | undefined {
  if (row.status === null) return undefined;
  const { rule_device: device, rule_name: name, rule_id: id, rule_text: text } = row;
  return {
    status: row.status,
    confidence: row.confidence ?? 0,
    owners,
    steps,
    reasons: (row.reasons ?? '').split(' ').filter((reason) => reason !== ''),
    source: row.source_ip ?? undefined,
    sourcePort: row.source_port ?? undefined,
    rule: device === null ? undefined : { device, name: name ?? '', id: id ?? '', text: text ?? '' },
    recordedAt: row.recorded_at ?? 0,
  };
}
