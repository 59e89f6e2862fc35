import { maskSecrets } from '../../mask-secrets';
import type { Fact, FactBase } from '../../model/facts';
import { type Reading, eventOf, newReading } from '../../syslog/vendors/reading';
import { skipSpace } from '../../syslog/vendors/template';
import { addressOf, integerOf } from '../../syslog/vendors/value';
import { eventListFacts } from '../../syslog/vendors/vmware-vcenter';
import { type ReadSentence, furtherFacts, readSentence } from '../../syslog/vendors/vmware-sentences';
import { behindVmkernelPrefix } from '../record/clean';
import { originOf, programName, type EsxiRecord } from '../record/esxi-record';
import { AUDIT_RECORDS } from './audit-records.data';
import { observationMeaning } from './observations.data';
import { programFacts } from './program-facts';
import { decodeCommand } from './shell-command';

/** What an event is called, as rows and tables give it. */
export interface Meaning {
  readonly category: string;
  readonly action: string;
  readonly outcome?: 'success' | 'failure' | 'unknown';
}

const SHELLS: ReadonlySet<string> = new Set(['shell', 'esxshell', 'ssh', 'sshd']);

/**
 * Facts of one record, whichever way it came; none for one that says nothing we know. `messages`: such a record is an
 * event nonetheless when it is a warning or a person is behind it (syslog, where a sender's words are all there is).
 */
export function recordFacts(record: EsxiRecord, base: FactBase, messages: boolean): Fact[] {
  const audit = auditRecord(record);
  if (audit !== undefined) return [event(audit.meaning, audit.reading, record, base, audit.code)];
  const { message } = record;
  const textAt = behindVmkernelPrefix(message, skipSpace(message, 0));
  if (message.startsWith('Event [', textAt)) return eventList(record, textAt, base);
  const observation = observationAt(message);
  const sentence = sentenceOf(message, observation?.textAt ?? sentenceAt(message, textAt));
  if (sentence !== undefined && !isForeignCommand(sentence, record)) {
    return [event(sentence, sentence.reading, record, base, observation?.id), ...furtherFacts(sentence, base)];
  }
  if (observation !== undefined) {
    const r = newReading();
    r.message = maskSecrets(message.slice(observation.textAt));
    const meaning = observationMeaning(observation.id) ?? { category: 'host', action: 'observation' };
    return [event(meaning, r, record, base, observation.id)];
  }
  const told = programFacts(record, textAt);
  if (told !== undefined) return [event(told.meaning, told.reading, record, base, undefined)];
  return messages ? otherFacts(record, base) : [];
}

/** A sentence is one line, whatever follows it; a command may go on over several. */
function sentenceOf(message: string, at: number): ReadSentence | undefined {
  const end = message.indexOf('\n', at);
  const sentence = readSentence(end < 0 ? message : message.slice(0, end), at);
  return end >= 0 && sentence?.action === 'command' ? readSentence(message, at) : sentence;
}

function eventList({ message, program, severity }: EsxiRecord, at: number, base: FactBase): Fact[] {
  const about = {
    ...(program === undefined ? undefined : { appName: programName(program) }),
    ...(severity === undefined ? undefined : { severity }),
  };
  return eventListFacts(message.slice(at), about, base);
}

/** `[x]: y` is a command only in a shell's log. */
function isForeignCommand({ action }: ReadSentence, { program }: EsxiRecord): boolean {
  return action === 'command' && !SHELLS.has(program?.toLowerCase() ?? '');
}

/** A line that says nothing we know: kept when a person is behind it or it matters to the device, else only in the journal. */
function otherFacts(record: EsxiRecord, base: FactBase): Fact[] {
  const important = record.severity !== undefined && record.severity <= 4;
  if (record.message === '' || (!important && originOf(record.data)?.get('user') === undefined)) return [];
  const r = newReading();
  r.message = maskSecrets(record.message);
  return [event({ category: 'host', action: 'message' }, r, record, base, undefined)];
}

function event(meaning: Meaning, r: Reading, record: EsxiRecord, base: FactBase, code: string | undefined): Fact {
  const origin = originOf(record.data);
  addUser(r, origin?.get('user'));
  const operation = origin?.get('opID');
  if (operation !== undefined) r.extra['ascribe.operation_id'] = operation;
  const sub = origin?.get('sub');
  if (sub !== undefined) r.extra['ascribe.component'] = sub;
  if (record.program !== undefined) r.process ??= programName(record.program);
  if (r.command !== undefined) addDecoded(r, r.command);
  const observed = code === undefined ? undefined : observationMeaning(code)?.outcome;
  return eventOf(base, withOutcome(meaning, observed), code, r, record.severity);
}

/** The catalogue says of some observations how they ended, where their text does not. */
function withOutcome(meaning: Meaning, observed: 'success' | 'failure' | undefined): Meaning {
  return meaning.outcome === undefined && observed !== undefined ? { ...meaning, outcome: observed } : meaning;
}

/** Who is logged in to do it may be another than the one it is done to. */
function addUser(r: Reading, user: string | undefined): void {
  if (user === undefined || user === '' || user.includes('<no user>')) return;
  if (r.body.user === undefined) r.body.user = user;
  else if (r.body.user !== user) r.extra['ascribe.acting_user'] = user;
}

function addDecoded(r: Reading, command: string): void {
  const { decoded, methods, kinds } = decodeCommand(command);
  if (decoded !== undefined) r.extra['ascribe.command.decoded'] = decoded;
  if (methods.length > 0) r.extra['ascribe.command.obfuscation'] = methods.join(',');
  if (kinds.length > 0) r.extra['ascribe.command.kind'] = kinds.join(',');
}

/** `[shell.cmd@6876 subject="root" command="…" result="success"]`: an audit record. */
function auditRecord({
  data,
}: EsxiRecord): { readonly meaning: Meaning; readonly reading: Reading; readonly code?: string } | undefined {
  if (data === undefined) return undefined;
  for (const [id, parameters] of data) {
    const name = id.endsWith('@6876') || id.endsWith('@4413') ? id.slice(0, -5) : '';
    const meaning = AUDIT_RECORDS.get(name);
    if (meaning === undefined) continue;
    // Records of commands have no code: their syslog form never had one.
    const code = meaning.action === 'command' ? {} : { code: name };
    return { meaning, reading: auditReading(parameters), ...code };
  }
  return undefined;
}

/** Parameters of audit records that are not kept as `ascribe.audit.*`. */
const AUDIT_FIELDS: ReadonlySet<string> = new Set(['subject', 'command', 'result', 'status', 'reason', 'opID']);
const MAX_AUDIT_PARAMETERS = 16;

function auditReading(parameters: ReadonlyMap<string, string>): Reading {
  const r = newReading();
  const subject = parameters.get('subject') ?? parameters.get('user');
  if (subject !== undefined) r.body.user = subject;
  const command = parameters.get('command');
  if (command !== undefined) r.command = maskSecrets(command);
  const result = parameters.get('result');
  if (result === 'success' || result === 'failure') r.body.outcome = result;
  const reason = parameters.get('reason');
  if (reason !== undefined) r.body.reason = reason;
  let kept = 0;
  for (const [name, value] of parameters) {
    if (AUDIT_FIELDS.has(name) || (name === 'object' && command !== undefined) || kept++ >= MAX_AUDIT_PARAMETERS)
      continue;
    const ip = ADDRESS_PARAMETERS.has(name) ? addressOf(value) : undefined;
    if (ip !== undefined) r.source.ip = ip;
    else r.extra[`ascribe.audit.${name}`] = maskSecrets(value);
  }
  return r;
}

const ADDRESS_PARAMETERS: ReadonlySet<string> = new Set(['client', 'remoteHost', 'remote', 'address', 'ip']);

/** Behind `Event 175 : `, or the beginning. */
function sentenceAt(message: string, start: number): number {
  if (!message.startsWith('Event ', start)) return start;
  const colon = message.indexOf(' : ', start);
  const numbered = colon > 0 && integerOf(message.slice(start + 6, colon)) !== undefined;
  return numbered ? skipSpace(message, colon + 3) : start;
}

/** `[GenericCorrelator] 410535559us: [vob.user.account.locked] text`, or the id alone in front. */
export function observationAt(message: string): { readonly id: string; readonly textAt: number } | undefined {
  for (let at = message.indexOf('['); at >= 0 && at < 96; at = message.indexOf('[', at + 1)) {
    if (!message.startsWith('vob.', at + 1) && !message.startsWith('esx.', at + 1)) continue;
    const close = message.indexOf(']', at);
    if (close < 0 || close - at > 160) return undefined;
    return { id: message.slice(at + 1, close), textAt: skipSpace(message, close + 1) };
  }
  return undefined;
}
