import { ARGUS_HEAD, argusCsv, NFDUMP_HEADS, nfdumpCsv } from './session-csv';
import type { SessionLine } from './told-session';
import { zeekJson, zeekText } from './zeek-conn';

/** How to read the lines of a list of sessions, by how it begins; undefined for other text. */
export function sessionListReader(prefix: string): SessionLine | undefined {
  const head = prefix.split(/\r?\n/u, 1)[0] ?? '';
  if (head.startsWith(ARGUS_HEAD)) return argusCsv(head);
  if (NFDUMP_HEADS.some((start) => head.startsWith(start))) return nfdumpCsv(head);
  if (head.startsWith('#separator') && /^#path\tconn\b/mu.test(prefix)) return zeekText();
  const isZeekJson = head.startsWith('{') && /"id\.orig_h"/u.test(head) && /"(?:conn_state|orig_ip_bytes)"/u.test(head);
  return isZeekJson ? zeekJson : undefined;
}
