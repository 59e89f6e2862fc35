import type { Fact } from '../../model/facts';
import type { SyslogContext, SyslogMessage, VendorParser } from '../contract';
import { ip } from '../grammar/values';
import { pattern } from '../patterns';
import { dnsFacts } from './dns-facts';

/**
 * dnsmasq with `log-queries` (src/cache.c, log_query), also inside Pi-hole and OpenWrt:
 *
 *     [SERIAL CLIENT/PORT ]query[A] www.example.com from 10.0.0.5
 *     [SERIAL CLIENT/PORT ]reply www.example.com is <CNAME>
 *     [SERIAL CLIENT/PORT ]reply edge.example.net is 203.0.113.9
 *
 * Only `log-queries=extra` writes the serial, by which an address is that of the name that was asked for; without it
 * an address is known under the last name of the chain alone.
 */
export const DNSMASQ: VendorParser = {
  name: 'dnsmasq',
  vendor: 'Simon Kelley',
  product: 'dnsmasq',
  summary: 'Names that clients asked dnsmasq or Pi-hole for, and their addresses',
  stability: 'stable',
  example: '<30>Nov 24 02:10:00 gw dnsmasq[812]: 42 10.0.0.5/53211 reply www.example.com is 203.0.113.9',
  recognizes: ({ appName, content }) => appName?.startsWith('dnsmasq') === true && readDnsmasq(content) !== undefined,
  parse: dnsmasqFacts,
};

const LINE = pattern(
  'dnsmasq_line',
  /^(?:(\d{1,10}) (?:(?:UDP|TCP) )?([0-9a-fA-F.:]{2,45})\/\d{1,5} )?(query\[([A-Za-z0-9=]{1,20})\]|reply|cached|cached-stale|config|DHCP|\/[^ ]{1,255}) ([^ ]{1,1024}) (is|from) ([^ ]{1,1024})$/,
);

function readDnsmasq(content: string): RegExpExecArray | undefined {
  return LINE.exec(content) ?? undefined;
}

function dnsmasqFacts({ content, procId }: SyslogMessage, context: SyslogContext): Fact[] {
  const found = readDnsmasq(content);
  if (found === undefined) return [];
  const [, serial, asker, , type, name = '', verb, value] = found;
  const { base, asked } = context;
  const key = serial === undefined ? undefined : `${base.device}\n${procId ?? ''}\n${serial}`;
  if (type !== undefined) {
    if (verb !== 'from') return [];
    if (key !== undefined) asked?.remember(key, name);
    return dnsFacts(base, { client: ip(value), name, type: type.replace('type=', 'TYPE') });
  }
  const address = ip(value);
  // `reply 203.0.113.9 is edge.example.net` answers the other way round.
  if (verb !== 'is' || address === undefined || ip(name) !== undefined) return [];
  const alias = key === undefined ? undefined : asked?.of(key);
  // Who asked stands in the line of the question.
  return dnsFacts(base, { name, alias, answers: [{ address }] }).map((fact) =>
    asker === undefined ? fact : { ...fact, extra: { ...fact.extra, 'client.ip': ip(asker) ?? asker } },
  );
}
