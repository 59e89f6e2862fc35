import { type ChangedRow, ChangeFeed } from '../../store/queries/changes';
import { techniqueFields } from '../../store/queries/techniques';
import { type ForwardRecord, type RecordKind, SEVERITIES, type Severity } from '../contract';
import { ChangeSource } from './change-source';
import { type Draft, setColumns } from './columns';
import { setTime } from './facts-fields';
import { uidOf } from './uid';

/** Detections; one that gains or loses matches is sent again, also when nothing is left of it. */
export const findingKind: RecordKind = {
  name: 'findings',
  summary: 'detections; one that changes, or is taken back, is sent again with the same id',
  settleMs: 1000,
  open: (places) => new ChangeSource({ places, feed: (db) => ChangeFeed.ofFindings(db), record: findingRecord }),
};

const COLUMNS = [
  ['id', 'ascribe.finding.id'],
  ['analytic', 'rule.id'],
  ['text', 'message'],
  ['strategy', 'ascribe.finding.strategy'],
  ['key', 'ascribe.finding.key'],
  ['matches', 'ascribe.finding.matches'],
  ['terms', 'ascribe.finding.terms'],
  ['approved_by', 'ascribe.finding.approved_by'],
  ['owner_kind', 'ascribe.owner.kind'],
  ['owner_id', 'ascribe.owner.id'],
  ['owner_name', 'ascribe.owner.name'],
  ['owner_host', 'ascribe.owner.host'],
] as const;

function findingRecord(row: ChangedRow, instance: string): ForwardRecord {
  const id = String(row['id']);
  const matches = Number(row['matches']);
  const fields: Draft = {
    'event.kind': 'alert',
    'event.category': ['intrusion_detection'],
    'event.type': ['info'],
    'event.action': matches === 0 ? 'finding-withdrawn' : matches === 1 ? 'finding-new' : 'finding-changed',
    'rule.name': String(row['analytic']),
    'threat.framework': 'MITRE ATT&CK',
    ...techniqueFields(String(row['techniques'])),
  };
  setColumns(fields, row, COLUMNS);
  setTime(fields, 'event.start', row['first_seen']);
  setTime(fields, 'event.end', row['last_seen']);
  setTime(fields, 'event.created', row['recorded_at']);
  const severity = String(row['severity']);
  // What an approved change covers, or later evidence took back, is told but wakes nobody.
  const isQuiet = matches === 0 || row['approved_by'] !== '';
  return {
    uid: uidOf(instance, 'finding', id),
    revision: row.revision,
    kind: 'findings',
    time: Number(row['last_seen']),
    severity: !isQuiet && severity in SEVERITIES ? (severity as Severity) : 'info',
    ref: id,
    fields,
  };
}
