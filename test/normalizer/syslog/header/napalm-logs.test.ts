import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { seen } from './seen';

/** Messages of network devices with their parts, from the napalm-logs project; beside the repository, not in it. */
const FOLDER = join(__dirname, '../../../../../shared/data/syslog/napalm-logs');
const cases = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith('syslog.msg')) : [];

interface Details {
  readonly host: string;
  readonly facility: number;
  readonly severity: number;
  readonly date: string;
  readonly time: string;
  readonly timeZone?: string | null;
  readonly tag: string;
  readonly processName?: string | null;
  readonly processId?: string | null;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Month and day of `Jul 20`, `2018 Apr 20`, `2018-7-23`, `2018-Nov- 9`. */
function monthAndDay(date: string): [number, number] {
  const parts = date.split(/[- ]+/);
  const [month = '', day = ''] = parts.slice(-2);
  const named = MONTHS.indexOf(month) + 1;
  return [named === 0 ? Number(month) : named, Number(day)];
}

(cases.length === 0 ? describe.skip : describe)('napalm-logs: host, time, process and mnemonic of each case', () => {
  test.each(cases.length === 0 ? ['none'] : cases)('%s', (name) => {
    const line = readFileSync(join(FOLDER, name));
    const expected = readFileSync(join(FOLDER, name.replace('syslog.msg', 'yang.json')), 'utf8');
    const details = (JSON.parse(expected) as { message_details: Details }).message_details;
    const message = seen(line);
    expect(message).toMatchObject({ facility: details.facility, severity: details.severity });
    // The normalizer takes the routing engine off; see `SyslogNormalizer.read`.
    expect(String(message['hostname']).replace(/^re0[.-]/, '')).toBe(details.host);
    expectTime(message, details);
    expectProcess(message, details);
  });
});

function expectTime(message: Record<string, unknown>, { date, time, timeZone }: Details): void {
  if (message['timeQuality'] === 'unsynced') return;
  expect(message['timeQuality']).not.toBe('from_receipt');
  const at = new Date(String(message['time']));
  const [hours, minutes, seconds] = time.slice(0, 8).split(':').map(Number);
  expect([at.getUTCMinutes(), at.getUTCSeconds()]).toEqual([minutes, seconds]);
  if (timeZone !== null && timeZone !== undefined && timeZone !== 'UTC') return;
  expect([at.getUTCMonth() + 1, at.getUTCDate(), at.getUTCHours()]).toEqual([...monthAndDay(date), hours]);
}

function expectProcess(message: Record<string, unknown>, { tag, processName, processId }: Details): void {
  const { appName = '', content } = message;
  expect(`${String(appName)}: ${String(content)}`).toContain(tag);
  if (typeof processName === 'string' && appName !== '') expect(processName.endsWith(String(appName))).toBe(true);
  if (typeof processId === 'string' && 'procId' in message) expect(message['procId']).toBe(processId);
}
