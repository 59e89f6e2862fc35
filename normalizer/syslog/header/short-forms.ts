import { skipSpaces } from './stamp';
import { setContent, setHostname, setUtcTime, type Draft, type HeaderContext } from './draft';
import { epochTime } from '../time';
import { pattern } from '../patterns';

/** Headers that are a few words only: Meraki's epoch, MikroTik's topics, and the repeat notes of syslog daemons. */

const MERAKI = pattern('header_meraki', /(?:1 )?(\d{10}\.\d{1,9}) ([^\s=]{1,128}) ([a-z][a-z0-9_-]{1,40})(?: |$)/y);
const TOPICS = pattern('header_mikrotik', /([a-z][a-z0-9-]{1,20}(?:,!?[a-z][a-z0-9-]{1,20}){1,6}):? /y);
const REPEATED = pattern('header_repeated', /^last message repeated (\d{1,9}) times?\.?$/);
const REPEATED_TEXT = pattern('header_repeated_text', /^ ?message repeated (\d{1,9}) times?: \[ ?/);
const REPEATED_BEHIND = pattern('header_repeated_behind', / \(message repeated (\d{1,9}) times?\)$/y);

/** RouterOS severities, which stand among the topics. */
const TOPIC_SEVERITY: ReadonlyMap<string, number> = new Map([
  ['critical', 2],
  ['error', 3],
  ['warning', 4],
  ['info', 6],
  ['debug', 7],
  ['packet', 7],
  ['raw', 7],
]);

/** `1673277220.25 NAME type …`, with or without the `1 ` that looks like a version. */
export function readMeraki(draft: Draft, at: number, end: number, context: HeaderContext): boolean {
  MERAKI.lastIndex = at;
  const found = MERAKI.exec(draft.text);
  const [, epoch = '', name = '', type = ''] = found ?? [];
  const time = found === null ? undefined : epochTime(epoch);
  if (time === undefined) return false;
  draft.grammar = 'meraki';
  setUtcTime(draft, time, context);
  setHostname(draft, name);
  draft.appName = type;
  setContent(draft, skipSpaces(draft.text, MERAKI.lastIndex), end);
  return true;
}

/** `firewall,info text`: comma-joined topics with a severity among them. */
export function readMikrotik(draft: Draft, at: number, end: number): boolean {
  const { text } = draft;
  const code = text.charCodeAt(at);
  if (!(code >= 0x61 && code <= 0x7a)) return false;
  const space = text.indexOf(' ', at);
  const comma = text.indexOf(',', at);
  if (comma < 0 || comma > space) return false;
  TOPICS.lastIndex = at;
  const found = TOPICS.exec(text);
  if (found === null) return false;
  const topics = found[1] ?? '';
  const severity = topicSeverity(topics);
  if (severity === undefined) return false;
  draft.grammar = 'mikrotik';
  draft.appName = topics;
  draft.severity ??= severity;
  setContent(draft, TOPICS.lastIndex, end);
  return true;
}

function topicSeverity(topics: string): number | undefined {
  for (const topic of topics.split(',')) {
    const severity = TOPIC_SEVERITY.get(topic);
    if (severity !== undefined) return severity;
  }
  return undefined;
}

/** Takes over how often a message came: the note alone, the note before the text, or behind it. */
export function readRepeat(draft: Draft): void {
  const { content } = draft;
  const last = content.charCodeAt(content.length - 1);
  // s . ) ]
  if (last !== 0x73 && last !== 0x2e && last !== 0x29 && last !== 0x5d) return;
  if (!content.includes('repeated ')) return;
  const alone = REPEATED.exec(content);
  const before = alone ?? REPEATED_TEXT.exec(content);
  if (before !== null) {
    draft.repeat = Math.max(1, Number(before[1]));
    if (alone === null && last === 0x5d) draft.content = content.slice(before[0].length, -1);
    return;
  }
  const note = content.lastIndexOf(' (message repeated ');
  if (note < 0) return;
  REPEATED_BEHIND.lastIndex = note;
  const behind = REPEATED_BEHIND.exec(content);
  if (behind === null) return;
  draft.repeat = Math.max(1, Number(behind[1]));
  draft.content = content.slice(0, note);
}
