import type { Database as Connection } from 'better-sqlite3';
import type { BlindSpot } from '../analysis/blind-record';

const SPOT = `device, kind, "from", "to", reason, missing, unit, detail, raw_seq AS rawSeq, recorded_at AS recordedAt`;

/** Stretches in which one device told not everything and that overlap a stretch of time, the earliest first. */
export function blindSpotsOf(db: Connection, device: string, from: number, to: number): BlindSpot[] {
  const sql = `SELECT ${SPOT} FROM blind WHERE device = ? AND "from" <= ? AND ("to" IS NULL OR "to" >= ?)
    ORDER BY "from", kind, reason LIMIT 100`;
  return db.prepare(sql).all(device, to, from) as BlindSpot[];
}

/** The same of all devices, the latest first. */
export function blindSpotsBetween(db: Connection, from: number, to: number, limit: number): BlindSpot[] {
  const sql = `SELECT ${SPOT} FROM blind WHERE "from" <= ? AND ("to" IS NULL OR "to" >= ?)
    ORDER BY "from" DESC, device, kind, reason LIMIT ?`;
  return db.prepare(sql).all(to, from, limit) as BlindSpot[];
}
