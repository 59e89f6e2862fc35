import { type ForwardRecord, type Severity } from '../contract';
import { rfc3339 } from '../formats/well-formed';

/**
 * RFC 5424 section 6: `<PRI>1 TIMESTAMP HOSTNAME APP-NAME PROCID MSGID STRUCTURED-DATA MSG`. The id and the revision
 * that receivers drop duplicates by stand in structured data, whatever the format of the message.
 */
export interface SyslogHead {
  /** Facility, 0-23. */
  readonly facility: number;
  /** Already as section 6.2.4 allows it: see `printable`. */
  readonly hostname: string;
  readonly appName: string;
}

/** Severities of RFC 5424 for ours. */
const SEVERITY_CODES: Readonly<Record<Severity, number>> = { info: 6, low: 5, medium: 4, high: 3, critical: 2 };

/** Id of our structured data element: 32473 is the enterprise number for documentation (RFC 5612). */
const SD_ID = 'ascribe@32473';

/** What stands before the text of a message, with the blank between them, without any transport framing. */
export function rfc5424({ facility, hostname, appName }: SyslogHead, record: ForwardRecord): string {
  const { severity, time, kind, uid, revision } = record;
  const priority = facility * 8 + SEVERITY_CODES[severity];
  const data = revision === undefined ? `uid="${uid}"` : `uid="${uid}" revision="${revision}"`;
  return `<${priority}>1 ${rfc3339(time)} ${hostname} ${appName} - ${kind} [${SD_ID} ${data}] `;
}

/** PRINTUSASCII of a header field, at most `most` characters; the nil value when nothing is left. */
export function printable(text: string, most: number): string {
  const cleaned = text.replaceAll(/[^\u0021-\u007e]/gu, '').slice(0, most);
  return cleaned === '' ? '-' : cleaned;
}

/** Octet counting of RFC 6587 section 3.4.1: the length in octets, a blank, the message. */
export function octetCounted(head: string, text: string): readonly [string, string] {
  return [`${Buffer.byteLength(head) + Buffer.byteLength(text)} ${head}`, text];
}

/** Non-transparent framing of RFC 6587 section 3.4.2: a line feed ends the message, so none may be in it. */
export function lineFramed(head: string, text: string): readonly [string, string] {
  return [head, `${text.replaceAll(/[\r\n]+/gu, ' ')}\n`];
}
