import type { Endpoint, Fact, FactBase, SessionLog } from '../../model/facts';
import type { SyslogContext, SyslogMessage, VendorParser } from '../contract';
import { statedBase } from '../grammar/device-time';
import { count, extras, integer, ip, present, word } from '../grammar/values';
import { pattern } from '../patterns';
import { absoluteQuality } from '../time';
import { nameOf } from './dns-facts';
import { askedHost } from './proxy-request';

/**
 * Squid's access log, over syslog (`access_log syslog:local4.info squid`) or as its file. Formats: "Squid configuration directive
 * logformat", of which these are built in:
 *
 *     squid     %ts.%03tu %6tr %>a %Ss/%03>Hs %<st %rm %ru %[un %Sh/%<a %mt
 *     common    %>a %[ui %[un [%tl] "%rm %ru HTTP/%rv" %>Hs %<st %Ss:%Sh
 *     combined  the same with "%{Referer}>h" "%{User-Agent}>h" before %Ss:%Sh
 *
 * A line is written when the transaction is over. Only the first form says how long it took and which address was called. Of the
 * URL only host and port are kept: the rest may hold secrets. What a site appends to a format is passed over.
 */
export const SQUID: VendorParser = {
  name: 'squid',
  vendor: 'Squid',
  product: 'Squid',
  summary: 'For which client the proxy called whom: native access log, common and combined',
  stability: 'stable',
  example:
    '<134>Nov 24 02:10:00 proxy-1 (squid-1)[812]: 1795486200.123   6120 10.0.0.5 TCP_TUNNEL/200 8412 CONNECT www.example.com:443 - HIER_DIRECT/203.0.113.9 -',
  recognizes: ({ content }) => readSquid(content) !== undefined,
  parse: squidFacts,
};

const NATIVE = pattern(
  'squid_native',
  /^ {0,9}(\d{9,10})\.(\d{3}) {1,12}(-?\d{1,10}) ([^ ]{1,255}) ([A-Z_]{3,80})\/(\d{3}) (\d{1,20}) ([A-Za-z_-]{1,32}) ([^ ]{1,8192}) ([^ ]{1,1024}) ([A-Z][A-Z_]{2,63})\/([^ ]{1,255})(?: |$)/,
);

const COMMON = pattern(
  'squid_common',
  /^([^ ]{1,255}) [^ ]{1,255} ([^ ]{1,1024}) \[(\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\] "([A-Za-z_-]{1,32}) ([^ "]{1,8192}) HTTP\/\d(?:\.\d)?" (\d{3}) (\d{1,20}|-) (?:"(?:[^"\\]|\\.){0,4096}" "(?:[^"\\]|\\.){0,4096}" )?([A-Z_]{3,80}):([A-Z][A-Z_]{2,63})(?: |$)/,
);

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** One transaction as a line tells it. */
interface Line {
  /** When it was over, UTC epoch ms. */
  readonly end: number;
  /** How long it took, ms. */
  readonly elapsed: number | undefined;
  readonly client: string;
  /** `TCP_TUNNEL`, `TCP_MISS`, `TCP_DENIED`, … */
  readonly result: string;
  readonly status: string;
  readonly bytes: string;
  readonly method: string;
  readonly url: string;
  readonly user: string;
  /** How it was passed on: `HIER_DIRECT`, `FIRSTUP_PARENT`, `HIER_NONE`, … */
  readonly hierarchy: string;
  /** The address that was called, or `-`. */
  readonly called: string | undefined;
}

function readSquid(content: string): Line | undefined {
  const first = content.charCodeAt(0);
  // Both forms begin with a blank, a digit, or the client's name or address, and all have a slash.
  if (first !== 0x20 && first < 0x30) return undefined;
  return readNative(content) ?? readCommon(content);
}

function readNative(content: string): Line | undefined {
  const found = NATIVE.exec(content);
  if (found === null) return undefined;
  const [, seconds, milliseconds, elapsed, client = '', result = '', status = '', bytes = ''] = found;
  const [method = '', url = '', user = '', hierarchy = '', called] = found.slice(8);
  const lasted = integer(elapsed);
  const end = Number(seconds) * 1000 + Number(milliseconds);
  return { end, elapsed: lasted, client, result, status, bytes, method, url, user, hierarchy, called };
}

function readCommon(content: string): Line | undefined {
  const found = COMMON.exec(content);
  if (found === null) return undefined;
  const [, client = '', user = '', stamp = '', method = '', url = '', status = '', bytes = ''] = found;
  const end = stampTime(stamp);
  if (end === undefined) return undefined;
  const [result = '', hierarchy = ''] = found.slice(8);
  return { end, elapsed: undefined, client, result, status, bytes, method, url, user, hierarchy, called: undefined };
}

/** `24/Nov/2026:02:10:00 +0100`. */
function stampTime(text: string): number | undefined {
  const month = MONTHS.indexOf(text.slice(3, 6));
  const [day, year, hour, minute, second] = [
    text.slice(0, 2),
    text.slice(7, 11),
    text.slice(12, 14),
    text.slice(15, 17),
    text.slice(18, 20),
  ].map(Number) as [number, number, number, number, number];
  const [east, minutes] = [Number(text.slice(22, 24)), Number(text.slice(24, 26))];
  const isTime = month >= 0 && day >= 1 && day <= 31 && hour <= 23 && minute <= 59 && second <= 60;
  if (!isTime || east > 14 || minutes > 59) return undefined;
  const offset = (east * 60 + minutes) * 60_000 * (text[21] === '-' ? -1 : 1);
  return Date.UTC(year, month, day, hour, minute, second) - offset;
}

function squidFacts({ content }: SyslogMessage, context: SyslogContext): Fact[] {
  const line = readSquid(content);
  const client = ip(line?.client);
  if (line === undefined || client === undefined) return [];
  const asked = askedHost(line.method, line.url);
  if (asked === undefined) return [];
  const { receivedAt } = context;
  const base = statedBase(context, { ms: line.end, quality: absoluteQuality(line.end, receivedAt) }, undefined);
  return [sessionLog(line, client, asked, base, context)];
}

function sessionLog(
  line: Line,
  client: string,
  asked: { readonly host: string; readonly port: number | undefined },
  base: FactBase,
  { settings, peerAddress }: SyslogContext,
): SessionLog {
  const { end, elapsed, result, status, method, hierarchy } = line;
  return present<SessionLog>({
    ...base,
    fact: 'session_log',
    action: actionOf(line),
    outcome: result.includes('DENIED') ? 'failure' : undefined,
    source: { ip: client },
    destination: destinationOf(line, asked),
    directionSource: 'stated',
    protocol: 6,
    start: elapsed === undefined ? undefined : end - elapsed,
    end,
    durationNs: elapsed === undefined ? undefined : BigInt(elapsed) * 1_000_000n,
    user: word(line.user),
    code: `${result}/${status}`,
    extra: extras({
      'http.request.method': method,
      'http.response.status_code': integer(status),
      'ascribe.proxy.hierarchy': hierarchy,
      // Who sends the log is the proxy, unless it is known as a relay.
      'observer.ip': settings.relay === true ? undefined : ip(peerAddress),
    }),
  });
}

/** `proxy_tunnel`, `proxy_request`: somebody was called for it; `proxy_hit`: nobody was; `denied`. */
function actionOf({ result, hierarchy, method }: Line): string {
  if (result.includes('DENIED')) return 'denied';
  if (hierarchy === 'HIER_NONE' || hierarchy === 'NONE') return 'proxy_hit';
  return method === 'CONNECT' ? 'proxy_tunnel' : 'proxy_request';
}

/** Passed on so, the address that was called is the server's own; else it is another proxy's, whose port is not told. */
const DIRECT: ReadonlySet<string> = new Set(['HIER_DIRECT', 'DIRECT', 'ORIGINAL_DST', 'PINNED']);

function destinationOf(
  line: Line,
  { host, port }: { readonly host: string; readonly port: number | undefined },
): Endpoint {
  const called = ip(line.called);
  const stated = ip(host);
  const domain = stated === undefined ? nameOf(host) : undefined;
  const bytes = count(line.bytes);
  const address = called !== undefined && DIRECT.has(line.hierarchy) ? called : stated;
  const next = called !== undefined && called !== address ? called : undefined;
  return present<Endpoint>({ ip: address, port, domain, bytes, natIp: next });
}
