/** Message headers as devices write them: RFC 3164's stamp without a year, Cisco's with one, RFC 5424. */

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const two = (value: number): string => String(value).padStart(2, '0');

/** `Mar  9 08:00:01`: RFC 3164 section 4.1.2. */
export function bsdStamp(utc: number): string {
  const date = new Date(utc);
  const day = String(date.getUTCDate()).padStart(2, ' ');
  return `${MONTHS[date.getUTCMonth()]} ${day} ${clockOf(date)}`;
}

/** `Mar 09 2026 08:00:01`: ASA, `logging timestamp`. */
export function asaStamp(utc: number): string {
  const date = new Date(utc);
  return `${MONTHS[date.getUTCMonth()]} ${two(date.getUTCDate())} ${date.getUTCFullYear()} ${clockOf(date)}`;
}

function clockOf(date: Date): string {
  return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
}

/** `2026-03-09T08:00:01.123Z` */
export function isoStamp(utc: number): string {
  return new Date(utc).toISOString();
}

/** RFC 3164. */
export function bsdFrame(pri: number, utc: number, host: string, content: string): Buffer {
  return Buffer.from(`<${pri}>${bsdStamp(utc)} ${host} ${content}`, 'utf8');
}

/** RFC 5424 with structured data and no message. */
export function rfc5424Frame(
  pri: number,
  utc: number,
  host: string,
  app: string,
  messageId: string,
  structured: string,
): Buffer {
  return Buffer.from(`<${pri}>1 ${isoStamp(utc)} ${host} ${app} - ${messageId} ${structured}`, 'utf8');
}

/** `0:01:05`, as ASA writes a duration. */
export function asaDuration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
