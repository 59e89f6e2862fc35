import type { Fact, FactBase } from '../../model/facts';
import { maskSecrets } from '../../mask-secrets';
import type { SyslogMessage, VendorParser } from '../contract';
import { type Reading, eventOf, newReading } from './reading';
import { skipSpace } from './template';
import { integerOf } from './value';
import { ESXI_OBSERVATIONS, ESXI_PROCESSES } from './vmware-esxi.data';
import { furtherFacts, readSentence } from './vmware-sentences';

/** VMware ESXi: logins, shell commands, VMs started, stopped and moved, firewall and service changes, lost logs. */
export const VMWARE_ESXI: VendorParser = {
  name: 'vmware_esxi',
  vendor: 'VMware',
  product: 'ESXi',
  summary: 'VMware ESXi: hostd events, vobd observations, shell commands, SSH and API logins, VM power and migration',
  stability: 'stable',
  example:
    '<166>2026-11-24T02:10:00.000Z esx1 Hostd[2098867]: [Originator@6876 sub=Vimsvc.ha-eventmgr opID=esxui-1 user=root] Event 175 : web1 on esx1 in ha-datacenter is powered on',
  recognizes: (message) => recognizesEsxi(message),
  parse: (message, { base }) => parseEsxi(message, base),
};

const SHELLS: ReadonlySet<string> = new Set(['shell', 'esxshell', 'ssh', 'sshd']);

function recognizesEsxi({ grammar, appName, content, structuredData }: SyslogMessage): boolean {
  const process = appName?.toLowerCase();
  if (process?.startsWith('vpxd') === true || structuredData?.has('nsx@6876') === true) return false;
  if (process !== undefined && ESXI_PROCESSES.has(process)) return true;
  if (grammar === 'esxi') return true;
  if (structuredData !== undefined) {
    for (const id of structuredData.keys()) if (id.startsWith('esx@') || id === 'Originator@6876') return true;
  }
  // `[root]: command` is what no other shell logs.
  return (process === 'shell' && content.startsWith('[')) || observationAt(content) !== undefined;
}

function parseEsxi(message: SyslogMessage, base: FactBase): Fact[] {
  const audit = shellAudit(message);
  if (audit !== undefined) return [finish({ category: 'process', action: 'command' }, audit, message, base)];
  const observation = observationAt(message.content);
  const sentence = readSentence(message.content, observation?.textAt ?? sentenceAt(message.content));
  if (sentence !== undefined) return sentenceFacts(sentence, observation?.id, message, base);
  const meaning = observation === undefined ? undefined : ESXI_OBSERVATIONS[observation.id];
  if (observation !== undefined) {
    const r = newReading();
    r.message = maskSecrets(message.content.slice(observation.textAt));
    return [finish(meaning ?? { category: 'host', action: 'observation' }, r, message, base, observation.id)];
  }
  return otherFacts(message, base);
}

function sentenceFacts(
  sentence: NonNullable<ReturnType<typeof readSentence>>,
  id: string | undefined,
  message: SyslogMessage,
  base: FactBase,
): Fact[] {
  const { reading } = sentence;
  const shell = message.appName?.toLowerCase() ?? '';
  // `[x]: y` is a command only in a shell's log.
  if (sentence.action === 'command' && !SHELLS.has(shell)) return otherFacts(message, base);
  return [finish(sentence, reading, message, base, id), ...furtherFacts(sentence, base)];
}

/** A line that says nothing we know: kept when a person is behind it or it matters to the device, else only in the journal. */
function otherFacts(message: SyslogMessage, base: FactBase): Fact[] {
  const important = message.severity !== undefined && message.severity <= 4;
  if (message.content === '' || (!important && originator(message)?.get('user') === undefined)) return [];
  const r = newReading();
  r.message = maskSecrets(message.content);
  return [finish({ category: 'host', action: 'message' }, r, message, base)];
}

function finish(
  row: { readonly category: string; readonly action: string; readonly outcome?: 'success' | 'failure' | 'unknown' },
  r: Reading,
  message: SyslogMessage,
  base: FactBase,
  code?: string,
): Fact {
  const data = originator(message);
  const user = data?.get('user');
  if (user !== undefined && user !== '' && !user.includes('<no user>')) {
    if (r.body.user === undefined) r.body.user = user;
    else if (r.body.user !== user) r.extra['ascribe.acting_user'] = user;
  }
  const operation = data?.get('opID');
  if (operation !== undefined) r.extra['ascribe.operation_id'] = operation;
  const sub = data?.get('sub');
  if (sub !== undefined) r.extra['ascribe.component'] = sub;
  if (message.appName !== undefined) r.process ??= message.appName;
  return eventOf(base, row, code, r, message.severity);
}

/** `[shell.cmd@6876 subject="root" command="…" result="success"]`: the audit record of a shell command. */
function shellAudit({ structuredData }: SyslogMessage): Reading | undefined {
  const data = structuredData?.get('shell.cmd@6876');
  if (data === undefined) return undefined;
  const r = newReading();
  const subject = data.get('subject');
  if (subject !== undefined) r.body.user = subject;
  r.command = maskSecrets(data.get('command') ?? '');
  const result = data.get('result');
  if (result === 'success' || result === 'failure') r.body.outcome = result;
  return r;
}

function originator({ structuredData }: SyslogMessage): ReadonlyMap<string, string> | undefined {
  if (structuredData === undefined) return undefined;
  for (const [id, data] of structuredData) if (id === 'Originator@6876' || id.startsWith('esx@')) return data;
  return undefined;
}

/** Behind `Event 175 : `, or the beginning. */
function sentenceAt(content: string): number {
  const start = skipSpace(content, 0);
  if (!content.startsWith('Event ', start)) return start;
  const colon = content.indexOf(' : ', start);
  const numbered = colon > 0 && integerOf(content.slice(start + 6, colon)) !== undefined;
  return numbered ? skipSpace(content, colon + 3) : start;
}

/** `[GenericCorrelator] 410535559us: [vob.user.account.locked] text`, or the id alone in front. */
function observationAt(content: string): { readonly id: string; readonly textAt: number } | undefined {
  for (let at = content.indexOf('['); at >= 0 && at < 96; at = content.indexOf('[', at + 1)) {
    if (!content.startsWith('vob.', at + 1) && !content.startsWith('esx.', at + 1)) continue;
    const close = content.indexOf(']', at);
    if (close < 0) return undefined;
    return { id: content.slice(at + 1, close), textAt: skipSpace(content, close + 1) };
  }
  return undefined;
}
