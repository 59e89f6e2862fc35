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
  const recorded = Date.parse(String(fields['event.created'] ?? ''));
  const isNew = fields['event.action'] === 'finding-new';
  if (Number.isFinite(recorded)) put(isNew ? 'created_time' : 'modified_time', recorded);
  const first = Date.parse(String(fields['event.start'] ?? ''));
  const last = Date.parse(String(fields['event.end'] ?? ''));
  if (Number.isFinite(first)) put('first_seen_time', first);
  put('last_seen_time', Number.isFinite(last) ? last : Math.floor(time));
  setAttacks(event, fields);
  // What was taken back calls nobody.
  event['is_alert'] = fields['event.action'] !== 'finding-withdrawn';
  const confidence = fields['ascribe.finding.confidence'];
  if (typeof confidence === 'number') event['confidence_score'] = Math.round(confidence * 100);
  const risk = fields['event.risk_score'];
  if (typeof risk === 'number') event['risk_score'] = Math.round(risk);
  if (fields['source.ip'] === undefined && fields['destination.ip'] === undefined) return;
  const evidence = emptyTree();
  setEnds(evidence, fields);
  event['evidences'] = [evidence];
}

/** One for each subtechnique, with its technique; one for each technique without any. */
function setAttacks(event: Tree, fields: Fields): void {
  const subtechniques = listOf(fields['threat.technique.subtechnique.id']);
  const alone = listOf(fields['threat.technique.id']).filter(
    (uid) => !subtechniques.some((sub) => parentOf(sub) === uid),
  );
  const attacks = [
    ...alone.map((uid) => attack(['technique', uid])),
    ...subtechniques.map((uid) => attack(['technique', parentOf(uid)], ['sub_technique', uid])),
  ];
  if (attacks.length > 0) plant(event, ['finding_info', 'attacks'], attacks);
}

function attack(...members: readonly (readonly [name: string, uid: string])[]): Tree {
  const made = emptyTree();
  for (const [name, uid] of members) plant(made, [name, 'uid'], uid);
  return made;
}

function parentOf(subtechnique: string): string {
  return subtechnique.split('.', 1)[0] as string;
}

function listOf(value: FieldValue | undefined): readonly string[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly string[]) : [String(value)];
}
