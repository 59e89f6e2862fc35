import type { Site } from './site';
import type { Span, TrueVm } from './truth';

/**
 * The same site with everything happening `speed` times as fast, so that devices that play it can keep true clocks: a day
 * of an hour at speed 6 takes ten minutes, and its sessions a sixth of their time.
 */
export function compress(site: Site, speed: number, epoch: number): Site {
  const sooner = (time: number): number => Math.round(time / speed);
  const span = <T extends Span>(one: T): T => ({ ...one, from: sooner(one.from), to: sooner(one.to) });
  const vm = (one: TrueVm): TrueVm => ({
    ...one,
    names: one.names.map(span),
    placements: one.placements.map(span),
    adapter: { ...one.adapter, addresses: one.adapter.addresses.map(span) },
  });
  return {
    ...site,
    epoch,
    duration: sooner(site.duration),
    inventory: { ...site.inventory, vms: site.inventory.vms.map(vm) },
    sessions: site.sessions.map((session) => ({ ...session, start: sooner(session.start), end: sooner(session.end) })),
  };
}
