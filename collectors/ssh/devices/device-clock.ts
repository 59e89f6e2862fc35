import { terminalText } from '../../terminal-screen';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `14:03:12.123 UTC Tue Nov 24 2026` (Cisco; `*` and `.` before it say that the clock is not set by NTP). */
const CISCO =
  /^[*.]?(\d{1,2}):(\d\d):(\d\d)(?:\.(\d{1,3}))? (?:UTC|GMT) [A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d{4})/m;
/** `Tue Nov 24 14:03:12 UTC 2026` (PAN-OS, VyOS), and without a zone when the next line names UTC (EOS). */
const UNIX = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d{1,2}):(\d\d):(\d\d) (?:(?:UTC|GMT) )?(\d{4})/m;
const EOS_UTC = /^Timezone: UTC/m;
const UNIX_UTC = /^[A-Z][a-z]{2} [A-Z][a-z]{2} {1,2}\d{1,2} \d{1,2}:\d\d:\d\d (?:UTC|GMT) \d{4}/m;
/** `Current time: 2026-11-24 14:03:12 UTC` (Junos). */
const JUNOS = /^Current time: (\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d) UTC/m;
/** `date +%s`. */
const EPOCH = /^\s{0,8}(\d{9,11})\s*$/m;

/**
 * The device's clock minus ours, in milliseconds, from the answer of its `clock` command; the middle of the exchange is taken for
 * the moment of reading. Undefined where the device does not say UTC: the offset of its zone is not known here.
 */
export function clockOffsetOf(
  body: Uint8Array,
  { startedAt, finishedAt }: { readonly startedAt: number; readonly finishedAt: number },
): number | undefined {
  const device = clockOf(Buffer.from(terminalText(body)).toString('utf8'));
  return device === undefined ? undefined : Math.round(device - (startedAt + finishedAt) / 2);
}

function clockOf(text: string): number | undefined {
  const epoch = EPOCH.exec(text);
  if (epoch !== null) return Number(epoch[1]) * 1000;
  const junos = JUNOS.exec(text)?.slice(1).map(Number);
  if (junos !== undefined) return utc(junos[0], (junos[1] ?? 0) - 1, junos.slice(2));
  const cisco = CISCO.exec(text);
  if (cisco !== null) {
    const [, hour, minute, second, fraction = '0', month = '', day, year] = cisco;
    return utc(Number(year), MONTHS.indexOf(month), [day, hour, minute, second].map(Number), fraction);
  }
  const unix = UNIX.exec(text);
  if (unix === null || !(UNIX_UTC.test(text) || EOS_UTC.test(text))) return undefined;
  const [, month = '', day, hour, minute, second, year] = unix;
  return utc(Number(year), MONTHS.indexOf(month), [day, hour, minute, second].map(Number));
}

function utc(
  year = Number.NaN,
  month: number,
  [day, hour, minute, second]: readonly number[],
  fraction = '0',
): number | undefined {
  if (month < 0) return undefined;
  const time = Date.UTC(year, month, day, hour, minute, second, Number(fraction.padEnd(3, '0')));
  return Number.isNaN(time) ? undefined : time;
}
