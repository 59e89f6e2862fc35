import type { Database } from 'better-sqlite3';
import { resolveKnownAt } from '../../attribution/verdicts/known-evidence';
import type { Verdict } from '../../store/analysis/verdict-record';
import { textOf } from '../../store/queries/places';
import type { VerdictDetail } from '../../store/queries/verdicts';
import type { CommandContext } from '../context';
import { verdictRules } from '../pipeline/verdict-rules';

/** The verdict by what had come by a receive time, in the shape of the stored one; undefined when the session was not known. */
export function verdictKnownAt(
  context: CommandContext,
  db: Database,
  id: string,
  time: number,
): VerdictDetail | undefined {
  const num = db.prepare('SELECT num FROM session_row WHERE id = ?').pluck().get(id) as number | undefined;
  if (num === undefined) return undefined;
  const verdict = resolveKnownAt(db, verdictRules(context.loaded.config), num, time);
  return verdict === undefined ? undefined : detailOf(db, id, verdict);
}

function detailOf(db: Database, session: string, verdict: Verdict): VerdictDetail {
  const { status, confidence, owners, steps, reasons, source, sourcePort, legOf, rule } = verdict;
  const [first] = owners;
  const leg = db.prepare('SELECT id FROM session_row WHERE num = ?').pluck().get(legOf) as string | undefined;
  return {
    verdict: {
      session,
      status,
      confidence,
      reasons: reasons.join(' '),
      owner_kind: first?.owner.kind ?? null,
      owner_id: first?.owner.id ?? null,
      owner_name: first?.owner.name ?? null,
      owner_host: first?.owner.host ?? null,
      source_ip: source === null ? null : textOf(source),
      source_port: sourcePort,
      leg_of: leg ?? null,
      rule_device: rule?.device ?? null,
      rule_name: rule?.name ?? null,
      rule_id: rule?.id ?? null,
    },
    owners: owners.map(({ owner, weight }, number) => {
      return { session, number, kind: owner.kind, owner: owner.id, name: owner.name, host: owner.host, weight };
    }),
    steps: steps.map((step, number) => {
      const { validFrom, validTo, clockOffset, rawSeqs, ...rest } = step;
      const times = { valid_from: validFrom, valid_to: validTo, clock_offset: clockOffset };
      return { session, number, ...rest, ...times, raw_seqs: JSON.stringify(rawSeqs) };
    }),
    legs: [],
  };
}
