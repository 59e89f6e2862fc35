import { type ChangedRow, ChangeFeed } from '../../store/queries/changes';
import type { ForwardRecord, RecordKind } from '../contract';
import { ChangeSource } from './change-source';
import { type Draft, set, setColumns } from './columns';
import { setTime } from './facts-fields';
import { sessionFields } from './sessions';
import { uidOf } from './uid';

/** Who made each session; evidence that comes late changes a verdict, and it is sent again. */
export const verdictKind: RecordKind = {
  name: 'verdicts',
  summary: 'sessions with who made them; a verdict that changes by late evidence is sent again with the same id',
  settleMs: 5000,
  open: (places) => new ChangeSource({ places, feed: (db) => ChangeFeed.ofVerdicts(db), record: verdictRecord }),
};

const COLUMNS = [
  ['verdict_status', 'ascribe.verdict.status'],
  ['verdict_confidence', 'ascribe.verdict.confidence'],
  ['verdict_candidates', 'ascribe.verdict.candidates'],
  ['verdict_source_ip', 'ascribe.verdict.source.ip'],
  ['verdict_source_port', 'ascribe.verdict.source.port'],
  ['verdict_leg_of', 'ascribe.verdict.leg_of'],
  ['owner_kind', 'ascribe.owner.kind'],
  ['owner_id', 'ascribe.owner.id'],
  ['owner_name', 'ascribe.owner.name'],
  ['owner_host', 'ascribe.owner.host'],
  ['rule_name', 'rule.name'],
  ['rule_id', 'rule.id'],
  ['rule_device', 'ascribe.rule.device'],
  ['rule_config_version', 'ascribe.rule.config_version'],
  ['rule_line', 'ascribe.rule.line'],
  ['rule_author', 'ascribe.rule.author'],
  ['rule_text', 'ascribe.rule.text'],
] as const;

function verdictRecord(row: ChangedRow, instance: string): ForwardRecord {
  const id = String(row['id']);
  const fields = sessionFields(row);
  const status = String(row['verdict_status']);
  fields['event.action'] = `verdict-${status}`;
  setColumns(fields, row, COLUMNS);
  setTime(fields, 'event.created', row['verdict_recorded_at']);
  setReasons(fields, row['verdict_reasons']);
  // ECS's own name for what it is, where that is certain: an ambiguous verdict names no host.
  if (status === 'attributed' && row['owner_kind'] === 'vm') {
    set(fields, 'host.id', row['owner_id']);
    set(fields, 'host.name', row['owner_name']);
  }
  return {
    uid: uidOf(instance, 'verdict', id),
    revision: row.revision,
    kind: 'verdicts',
    time: Number(row['end']),
    severity: 'info',
    ref: id,
    fields,
  };
}

/** Codes between blanks. */
function setReasons(into: Draft, reasons: unknown): void {
  if (typeof reasons === 'string' && reasons !== '') into['ascribe.verdict.reasons'] = reasons.split(' ');
}
