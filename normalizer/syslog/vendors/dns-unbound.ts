import type { Fact } from '../../model/facts';
import type { SyslogContext, SyslogMessage, VendorParser } from '../contract';
import { statedBase } from '../grammar/device-time';
import { ip } from '../grammar/values';
import { pattern } from '../patterns';
import { absoluteQuality, epochTime } from '../time';
import { dnsFacts } from './dns-facts';

/**
 * NLnet Labs Unbound with `log-queries`, `log-replies` or `log-local-actions` (util/net_help.c, log_nametypeclass;
 * daemon/worker.c), also inside pfSense and OPNsense:
 *
 *     [1795848965] unbound[28779:0] info: 10.0.0.5 www.example.com. A IN[ NOERROR 0.012 0 49]
 *     [1795848965] unbound[28779:0] info: bad.example. always_nxdomain 10.0.0.5@57875 x.bad.example. A IN
 *
 * By syslog the process's own `[pid:thread]` stands before `info:`. Addresses do not stand in it.
 */
export const UNBOUND: VendorParser = {
  name: 'unbound',
  vendor: 'NLnet Labs',
  product: 'Unbound',
  summary: 'Names that clients asked Unbound for; its logs hold no addresses',
  stability: 'stable',
  example: '<30>Nov 24 02:10:00 gw unbound[640]: [640:0] info: 10.0.0.5 www.example.com. A IN',
  recognizes: ({ appName, content }) =>
    (appName === 'unbound' || content.startsWith('[')) && readUnbound(content) !== undefined,
  parse: unboundFacts,
};

const LINE = pattern(
  'unbound_line',
  /^(?:\[(\d{10})\] unbound\[\d{1,10}:[0-9a-f]{1,8}\] |\[\d{1,10}:[0-9a-f]{1,8}\] )?(?:info|query|reply): (?:\S{1,255} [a-z_]{3,24} )?([0-9a-fA-F.:]{2,45})(?:@\d{1,5})? (\S{1,1024}) ([A-Z0-9]{1,12}) (?:IN|CH|HS|ANY|CLASS\d{1,5})(?: ([A-Z0-9]{3,12}) \d|$)/,
);

function readUnbound(content: string): RegExpExecArray | undefined {
  const found = LINE.exec(content);
  return found?.[3]?.endsWith('.') === true ? found : undefined;
}

function unboundFacts({ content }: SyslogMessage, context: SyslogContext): Fact[] {
  const found = readUnbound(content);
  if (found === undefined) return [];
  const [, epoch = '', client, name = '', type, response] = found;
  const ms = epochTime(epoch);
  const time = ms === undefined ? undefined : { ms, quality: absoluteQuality(ms, context.receivedAt) };
  return dnsFacts(statedBase(context, time, undefined), { client: ip(client), name, type, response });
}
