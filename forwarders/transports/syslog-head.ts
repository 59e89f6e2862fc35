import { z } from 'zod';
import type { OutItem, TransportContext } from '../contract';
import { printable, rfc5424, type SyslogHead } from '../framing/rfc5424';

/** Keys of every transport that speaks syslog. */
export const syslogKeys = {
  facility: z.int().min(0).max(23).prefault(13).describe('Syslog facility; 13 is log audit (RFC 5424 section 6.2.1)'),
  app_name: z
    .string()
    .regex(/^[!-~]{1,48}$/u, 'is 1 to 48 printable characters without blanks')
    .prefault('ascribe')
    .describe('APP-NAME of the header'),
};

/** What makes the header of an item's message, for one destination; the text follows it. */
export function syslogHeads(
  { facility, app_name: appName }: { readonly facility: number; readonly app_name: string },
  { hostname }: TransportContext,
): (item: OutItem) => string {
  const head: SyslogHead = { facility, appName, hostname: printable(hostname, 255) };
  return ({ record }) => rfc5424(head, record);
}
