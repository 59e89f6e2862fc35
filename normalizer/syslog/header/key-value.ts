import { scanStamp } from './stamp';
import { setContent, setHostname, setTime, setUtcTime, type Draft, type HeaderContext } from './draft';
import { epochTime, Stamp } from '../time';

/**
 * Firewalls that write `key=value` without a syslog header, or behind a relay's: FortiGate (`date=`), SonicWall (`id=`),
 * Sophos (`device=`). Their own time wins over an outer header's.
 */
interface Family {
  readonly grammar: string;
  readonly starts: readonly string[];
  /** Keys of an epoch number, of a whole time, of a date and a time of day, and of the zone. */
  readonly epoch?: string;
  readonly whole?: string;
  readonly zone?: string;
  readonly host?: string;
}

const FAMILIES: readonly Family[] = [
  {
    grammar: 'fortigate',
    starts: ['date=', 'devname=', 'logver=', 'itime=', 'eventtime='],
    epoch: 'eventtime=',
    zone: 'tz=',
    host: 'devname=',
  },
  { grammar: 'sonicwall', starts: ['id=', 'sn='], whole: 'time=' },
  {
    grammar: 'sophos',
    starts: ['device="', 'device_name="', 'log_id="'],
    whole: 'timestamp=',
    zone: 'timezone=',
  },
];

/** The keys stand at the front; a value further on may hold anything. */
const REACH = 700;
const stamp = new Stamp();

/** Reads time and host of a key-value body at `at`; false when it is none. */
export function readKeyValue(draft: Draft, at: number, end: number, context: HeaderContext): boolean {
  const family = familyAt(draft.text, at);
  if (family === undefined) return false;
  const front = draft.text.slice(at, Math.min(end, at + REACH));
  if (family.grammar === 'sonicwall' && valueOf(front, 'sn=') === undefined) return false;
  draft.grammar = family.grammar;
  readTime(draft, front, family, context);
  const host = family.host === undefined ? undefined : valueOf(front, family.host);
  if (host !== undefined && host !== '') setHostname(draft, host);
  setContent(draft, at, end);
  return true;
}

function familyAt(text: string, at: number): Family | undefined {
  const code = text.charCodeAt(at);
  // d e i l s: the first letters of all starts.
  if (code !== 0x64 && code !== 0x65 && code !== 0x69 && code !== 0x6c && code !== 0x73) return undefined;
  return FAMILIES.find(({ starts }) => starts.some((start) => text.startsWith(start, at)));
}

function readTime(draft: Draft, front: string, family: Family, context: HeaderContext): void {
  const number = family.epoch === undefined ? undefined : valueOf(front, family.epoch);
  const epoch = number === undefined ? undefined : epochTime(number);
  if (epoch !== undefined) {
    setUtcTime(draft, epoch, context);
    return;
  }
  const time = wholeTime(front, family);
  if (time !== undefined && scanStamp(time, 0, stamp) > 0) setTime(draft, stamp, context);
}

function wholeTime(front: string, family: Family): string | undefined {
  const whole = family.whole === undefined ? undefined : valueOf(front, family.whole);
  if (whole !== undefined) return whole;
  const date = valueOf(front, 'date=');
  const time = valueOf(front, 'time=');
  if (date === undefined || time === undefined) return undefined;
  const zone = family.zone === undefined ? undefined : valueOf(front, family.zone);
  return zone === undefined ? `${date} ${time}` : `${date} ${time} ${zone}`;
}

/** The value of `key` (with its `=`) where the key begins a word, quotes taken off. */
function valueOf(front: string, key: string): string | undefined {
  let at = front.indexOf(key);
  while (at > 0 && !isBreak(front.charCodeAt(at - 1))) at = front.indexOf(key, at + 1);
  if (at < 0) return undefined;
  const start = at + key.length;
  if (front.charCodeAt(start) === 0x22) {
    const close = front.indexOf('"', start + 1);
    return close < 0 ? undefined : front.slice(start + 1, close);
  }
  let stop = start;
  while (stop < front.length && !isBreak(front.charCodeAt(stop))) stop++;
  return front.slice(start, stop);
}

function isBreak(code: number): boolean {
  return code === 0x20 || code === 0x2c;
}
