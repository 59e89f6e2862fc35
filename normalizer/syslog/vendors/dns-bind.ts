import type { Fact } from '../../model/facts';
import type { SyslogContext, SyslogMessage, VendorParser } from '../contract';
import { statedBase, stampTime, type DeviceTime } from '../grammar/device-time';
import { ip } from '../grammar/values';
import { pattern } from '../patterns';
import { dnsFacts } from './dns-facts';

/**
 * ISC BIND's categories `queries` and `responses` (lib/ns/query.c, lib/ns/client.c), from its files or by syslog:
 *
 *     24-Nov-2026 02:10:00.123 queries: info: client @0x7f0a 10.0.0.5#53211 (www.example.com): query: www.example.com IN A +E(0)K (10.0.0.1)
 *
 * Answers do not stand in it: addresses need dnstap, or another server's log.
 */
export const BIND: VendorParser = {
  name: 'bind',
  vendor: 'ISC',
  product: 'BIND',
  summary: 'Names that clients asked BIND for; its logs hold no addresses',
  stability: 'beta',
  example:
    '<30>Nov 24 02:10:00 ns1 named[640]: client @0x7f0a1c00 10.0.0.5#53211 (www.example.com): query: www.example.com IN A +E(0)K (10.0.0.1)',
  recognizes: ({ content }) => readBind(content) !== undefined,
  parse: bindFacts,
};

const CLIENT = pattern(
  'bind_client',
  /client (?:@0x[0-9a-f]{1,16} )?([0-9a-fA-F.:]{2,45}(?:%[A-Za-z0-9._-]{1,32})?)#\d{1,5}(?:\/key [^ ]{1,255})?(?: \([^)]{1,1024}\))?: (?:view [^:]{1,255}: )?(?:query|response): ([^ ]{1,1024}) [A-Z0-9]{1,12} ([A-Z0-9]{1,12})(?: ([A-Z]{6,12})(?: |$))?/y,
);
const STAMP = pattern(
  'bind_stamp',
  /^(\d{2})-(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-(\d{4}) (\d{2}:\d{2}:\d{2}\.\d{3}) /,
);
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** Time, category and severity stand before it. */
const LONGEST_LEAD = 80;

function readBind(content: string): RegExpExecArray | undefined {
  const at = content.indexOf('client ');
  if (at < 0 || at > LONGEST_LEAD || (at > 0 && content[at - 1] !== ' ')) return undefined;
  CLIENT.lastIndex = at;
  return CLIENT.exec(content) ?? undefined;
}

function bindFacts({ content, text }: SyslogMessage, context: SyslogContext): Fact[] {
  const found = readBind(content);
  if (found === undefined) return [];
  const [, client, name = '', type, response] = found;
  const base = statedBase(context, stampOf(text, context), undefined);
  return dnsFacts(base, { client: ip(client), name, type, response });
}

/** `24-Nov-2026 02:10:00.123`, local time, where the line begins with it; undefined where a syslog header tells the time. */
function stampOf(text: string, context: SyslogContext): DeviceTime | undefined {
  const found = STAMP.exec(text);
  if (found === null) return undefined;
  const [, day = '', month = '', year = '', clock = ''] = found;
  return stampTime(`${year}-${String(MONTHS.indexOf(month) + 1).padStart(2, '0')}-${day} ${clock}`, context);
}
