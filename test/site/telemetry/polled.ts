import { DEVICE_CLASSES, TABLE_PLANS } from '../../../collectors/snmp/poller/device-plans.data';
import { encodeSnmpRecord } from '../../../collectors/snmp/snmp-record';
import type { Site } from '../site';
import type { Emission } from './emission';
import type { TelemetryOptions } from './options';
import { siteAgents, type SiteAgent } from './snmp-agents';

const POLL_EVERY = 300_000;

/** What polls of the site's agents would answer, as the collector records it: for runs without a network. */
export function polledTelemetry(site: Site, options: TelemetryOptions): Emission[] {
  const every = options.pollEvery ?? POLL_EVERY;
  const emissions: Emission[] = [];
  siteAgents(site).forEach((agent, i) => {
    for (let at = 1_000 + i * 700; at < site.duration; at += every) emissions.push(...poll(site, agent, at));
  });
  return emissions;
}

function poll(site: Site, { device, ip, deviceClass, view }: SiteAgent, at: number): Emission[] {
  const all = view(at);
  return DEVICE_CLASSES[deviceClass].flatMap((table): Emission[] => {
    const { roots } = TABLE_PLANS[table];
    const varbinds = all.filter(([oid]) => roots.some((root) => oid.startsWith(`${root}.`)));
    if (varbinds.length === 0) return [];
    const bytes = encodeSnmpRecord({
      kind: 'table',
      table,
      roots,
      deviceClass,
      version: 'v2c',
      startedAt: site.epoch + at - 40,
      finishedAt: site.epoch + at,
      complete: true,
      reason: '',
      detail: '',
      engineId: '',
      context: '',
      varbinds,
    });
    return [{ at, device, from: ip, format: 'snmp', stream: `snmp ${table}`, bytes: Buffer.from(bytes), tells: [] }];
  });
}
