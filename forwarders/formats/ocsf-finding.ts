import type { Fields, FieldValue, ForwardRecord } from '../contract';
import { emptyTree, plant, type Tree } from './nested';

/** What a Detection Finding (2004) has beyond the base: `finding_info` and the evidence. `setEnds` fills in a connection. */
export function setFinding(
  event: Tree,
  { uid, time, fields }: ForwardRecord,
  setEnds: (into: Tree, fields: Fields) => void,
): void {
  const put = (name: string, value: FieldValue | undefined): void => {
    if (value !== undefined) plant(event, ['finding_info', ...name.split('.')], value);
  };
  put('uid', String(fields['ascribe.finding.id'] ?? uid));
  put('title', String(fields['rule.name'] ?? fields['message'] ?? 'finding'));
  put('desc', fields['message']);
  // 1: Rule. Our detectors are rules over sessions and bindings.
  put('analytic.type_id', 1);
  put('analytic.uid', fields['rule.id']);
  put('analytic.name', fields['rule.name']);
  const first = Date.parse(String(fields['event.start'] ?? ''));
  const last = Date.parse(String(fields['event.end'] ?? ''));
  if (Number.isFinite(first)) put('first_seen_time', first);
  put('last_seen_time', Number.isFinite(last) ? last : Math.floor(time));
  setAttacks(event, fields['threat.technique.id']);
  event['is_alert'] = true;
  const confidence = fields['ascribe.finding.confidence'];
  if (typeof confidence === 'number') event['confidence_score'] = Math.round(confidence * 100);
  const risk = fields['event.risk_score'];
  if (typeof risk === 'number') event['risk_score'] = Math.round(risk);
  if (fields['source.ip'] === undefined && fields['destination.ip'] === undefined) return;
  const evidence = emptyTree();
  setEnds(evidence, fields);
  event['evidences'] = [evidence];
}

function setAttacks(event: Tree, techniques: FieldValue | undefined): void {
  if (techniques === undefined) return;
  const uids = Array.isArray(techniques) ? (techniques as readonly string[]) : [String(techniques)];
  const attacks = uids.map((uid) => {
    const attack = emptyTree();
    plant(attack, ['technique', 'uid'], uid);
    return attack;
  });
  plant(event, ['finding_info', 'attacks'], attacks);
}
