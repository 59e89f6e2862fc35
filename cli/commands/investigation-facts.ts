import type { Database } from 'better-sqlite3';
import type { InvestigationFacts } from '../../attribution/investigation/playbook';
import type { FindingDetail } from '../../store/queries/findings';
import {
  changesOfFinding,
  changesOnDevice,
  clocks,
  MOST_LOOKED_AT,
  neighboursOfDestination,
  otherFindings,
  ownersOfDestination,
  servicesOfOwner,
  sessionsOfFinding,
  sessionsSince,
} from '../../store/queries/investigation';
import { NameReader } from '../../store/queries/names';
import type { SessionRow } from '../../store/queries/sessions';
import { verdictDetail } from '../../store/queries/verdicts';
import type { CommandContext } from '../context';
import { counted } from '../output/units';
import { StoredRoles } from '../../attribution/findings/inventory-roles';
import { loadRoles } from '../pipeline/asset-roles';
import { nameText } from './destination-names';
import { placeLines } from './destination-place';
import { bytes, endpoint, toSeconds, words } from './sessions-answer';

const HOUR = 3_600_000;
const MOST = 5;

/** Fills the steps from what is stored. Reads only. */
export function investigationFacts(context: CommandContext, db: Database, detail: FindingDetail): InvestigationFacts {
  const { finding } = detail;
  const time = (value: SessionRow[string] | undefined): string => toSeconds(context.formatTime(Number(value)));
  const sessions = sessionsOfFinding(db, words(finding['id']), MOST);
  const latest = sessions[0];
  const host = words(finding['owner_host']);
  return {
    findingId: words(finding['id']),
    ownerKind: words(finding['owner_kind']),
    collectFrom: [...new Set([host, words(latest?.['rule_device'])])].filter((name) => name !== ''),
    validate: [
      `${words(finding['analytic'])}: ${words(finding['text'])}`,
      ...sessions.map((row) => sessionText(row, time)),
      ...clocks(db).map(
        (row) =>
          `clock of ${words(row['device'])} (${words(row['kind'])}): ${words(row['offset'])} ms off, within ${words(row['residual'])} ms`,
      ),
    ],
    attribute: latest === undefined ? [] : verdictText(db, words(latest['id'])),
    owner: ownerText(db, finding, host, time),
    role: [
      ...roleText(db, context, finding),
      ...servicesOfOwner(db, words(finding['owner_id']), MOST).map(
        (row) =>
          `${counted(Number(row['sessions']), 'session')} to port ${words(row['dst_port'])} (${words(row['service']) || 'no known service'}), ${counted(Number(row['destinations']), 'destination')}, first ${time(row['first'])}`,
      ),
    ],
    destination: latest === undefined ? [] : destinationText(context, db, latest, time),
    path: [
      ...sessions.slice(0, 1).flatMap((row) => ruleText(row, time)),
      ...changesOfFinding(db, words(finding['id']), MOST).map((row) => changeText(row, time)),
    ],
    scope: scopeText(db, finding, latest, time),
    verify: latest === undefined ? [] : verifyText(db, finding, latest, time),
  };
}

/** What the site says the owner is, and who answers for it. */
function roleText(db: Database, { loaded }: CommandContext, finding: SessionRow): string[] {
  const { roles } = loadRoles(loaded.config, loaded.directory);
  const said = roles
    .withInventory(new StoredRoles(db).of)
    .entriesOf({ name: words(finding['owner_name']), host: words(finding['owner_host']) });
  return said.map(
    ({ name, role, owner, source }) =>
      `${name} is ${role}${owner === '' ? '' : `, answered for by ${owner}`} (${source})`,
  );
}

type Time = (value: SessionRow[string] | undefined) => string;

function sessionText(row: SessionRow, time: Time): string {
  return `${time(row['start'])} ${endpoint(row, 'src')} -> ${endpoint(row, 'dst')}, ${bytes(row['src_bytes'])} sent, ${bytes(row['dst_bytes'])} received, ${counted(Number(row['slices']), 'record')} of ${counted(Number(row['observers']), 'observer')}, sampling ${words(row['sampling'])} (session ${words(row['id'])})`;
}

function verdictText(db: Database, session: string): string[] {
  const detail = verdictDetail(db, session);
  if (detail === undefined) return [];
  const { verdict, owners, steps } = detail;
  const percent = (value: SessionRow[string] | undefined): string => `${Math.round(Number(value) * 100)} %`;
  return [
    `${words(verdict['status'])}, confidence ${percent(verdict['confidence'])}${words(verdict['reasons']) === '' ? '' : `, ${words(verdict['reasons'])}`}`,
    ...owners.map((row) => `candidate ${words(row['name'])} (${words(row['owner'])}), ${percent(row['weight'])}`),
    ...steps.map(
      (row) =>
        `${words(row['relation'])}: ${words(row['from'])} -> ${words(row['to'])}, told by ${words(row['device'])} (${words(row['parser'])}), records ${words(row['raw_seqs'])}`,
    ),
  ];
}

function ownerText(db: Database, finding: SessionRow, host: string, time: Time): string[] {
  const from = Number(finding['first_seen']) - 24 * HOUR;
  const changes = host === '' ? [] : changesOnDevice(db, host, from, Number(finding['last_seen']), 200);
  const logins = changes.filter((row) => row['action'] === 'login').slice(0, MOST);
  return [
    `${words(finding['owner_kind'])} ${words(finding['owner_name'])} (${words(finding['owner_id'])})${host === '' ? '' : ` on ${host}`}`,
    ...logins.map((row) => `login on ${host}: ${changeText(row, time)}`),
  ];
}

function destinationText(context: CommandContext, db: Database, latest: SessionRow, time: Time): string[] {
  const hex = Buffer.isBuffer(latest['dst']) ? latest['dst'].toString('hex') : '';
  const owners = ownersOfDestination(db, hex, MOST);
  return [
    `${endpoint(latest, 'dst')}: ${counted(owners.length, 'owner')} ${owners.length === 1 ? 'talks' : 'talk'} with it${lookedAt(owners)}`,
    ...placeLines(context, words(latest['dst_ip'])),
    ...new NameReader(db)
      .namesOf({ src: words(latest['src_ip']), dst: words(latest['dst_ip']), start: Number(latest['start']) }, MOST)
      .map((name) => `named ${nameText(name, Number(latest['start']))}`),
    ...owners.map(
      (row) =>
        `${words(row['owner_name'])}: ${counted(Number(row['sessions']), 'session')}, first ${time(row['first'])}, last ${time(row['last'])}`,
    ),
  ];
}

/** Where a destination has too many sessions to look at all of them. */
function lookedAt([first]: readonly SessionRow[]): string {
  return Number(first?.['looked'] ?? 0) < MOST_LOOKED_AT ? '' : `, by its latest ${MOST_LOOKED_AT} sessions`;
}

function ruleText(row: SessionRow, time: Time): string[] {
  if (row['rule_device'] === null) return ['no source says which rule let it out'];
  const committed = row['rule_committed_at'] === null ? '' : `, committed ${time(row['rule_committed_at'])}`;
  const by = words(row['rule_author']) === '' ? '' : ` by ${words(row['rule_author'])}`;
  const line = row['rule_line'] === null ? '' : `, line ${words(row['rule_line'])}: ${words(row['rule_text'])}`;
  return [
    `rule ${words(row['rule_name']) || words(row['rule_id'])} of ${words(row['rule_device'])}${line}${committed}${by}`,
  ];
}

function changeText(row: SessionRow, time: Time): string {
  const what = words(row['command']) || words(row['message']) || words(row['action']);
  return `${time(row['at'])} ${words(row['device'])} ${words(row['user']) || 'somebody'}: ${what} (record ${words(row['raw_seq'])})`;
}

function scopeText(db: Database, finding: SessionRow, latest: SessionRow | undefined, time: Time): string[] {
  const hex = Buffer.isBuffer(latest?.['dst']) ? latest['dst'].toString('hex') : '';
  const near = hex === '' ? [] : neighboursOfDestination(db, hex, MOST);
  return [
    ...otherFindings(db, finding, MOST * 2).map(
      (row) =>
        `finding ${words(row['id']).slice(0, 8)} ${words(row['severity'])} ${words(row['analytic'])}: ${words(row['text'])}`,
    ),
    ...near.map(
      (row) =>
        `near the destination: ${words(row['dst_ip'])}, ${counted(Number(row['sessions']), 'session')}, first ${time(row['first'])}`,
    ),
  ];
}

function verifyText(db: Database, finding: SessionRow, latest: SessionRow, time: Time): string[] {
  const hex = Buffer.isBuffer(latest['dst']) ? latest['dst'].toString('hex') : '';
  const since = sessionsSince(db, words(finding['owner_id']), hex, Number(finding['last_seen']));
  return [
    `last seen ${time(finding['last_seen'])}; ${counted(since, 'session')} of the owner with the destination since`,
    'look for another channel: sessions of the owner with new destinations (`ascribe owner`), and for silence (`ascribe coverage`)',
  ];
}
