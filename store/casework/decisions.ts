import type { Database as Connection } from 'better-sqlite3';

/** What somebody decided in one step of an investigation. Decisions are added, never changed. */
export interface Decision {
  readonly finding: string;
  /** 1 to 10. */
  readonly step: number;
  readonly text: string;
  readonly decidedBy: string;
  /** Epoch ms. */
  readonly at: number;
}

export function addDecision(db: Connection, { finding, step, text, decidedBy, at }: Decision): void {
  db.prepare('INSERT INTO decision(finding, step, text, decided_by, at) VALUES (?, ?, ?, ?, ?)').run(
    finding,
    step,
    text,
    decidedBy,
    at,
  );
}

/** In the order in which they were made. */
export function decisionsOf(db: Connection, finding: string): Decision[] {
  const sql = 'SELECT finding, step, text, decided_by AS decidedBy, at FROM decision WHERE finding = ? ORDER BY num';
  return db.prepare(sql).all(finding) as Decision[];
}
