import { addressOf } from '../traffic';
import { ALWAYS } from '../truth';
import { crowd, implant, inHost, inVm, leases, vmOf, withVm } from './changes';
import type { Scenario } from './scenario';

const MINUTE = 60_000;
const VPS = '203.0.113.66';

/** A few busy minutes with something of everything: for people to watch. */
export const DEMO: Scenario = {
  id: 'demo',
  about: 'implants in a VM and in a hypervisor, a lease that changes hands, a move, and ports that come round again',
  site: {
    duration: 4 * MINUTE,
    pace: 0.5,
    firewall: 'asa',
    portChoice: 'lowest',
    change: (inventory, { duration }) => {
      const [first, second] = [vmOf(inventory, 'desktop'), vmOf(inventory, 'desktop', 1)];
      const moved = vmOf(inventory, 'app');
      const half = duration / 2;
      const [shared, own] = [addressOf(first, 0), addressOf(second, 0)];
      const handedOver = leases([
        [0, shared],
        [half, '10.20.2.201'],
      ]);
      const takenOver = leases([
        [0, own],
        [half + 10_000, shared],
      ]);
      let changed = withVm(inventory, first, { adapter: { ...first.adapter, addresses: handedOver } });
      changed = withVm(changed, second, { adapter: { ...second.adapter, addresses: takenOver } });
      const [from = '', to = ''] = inventory.hosts.map(({ name }) => name);
      return withVm(changed, moved, {
        placements: [
          { from: ALWAYS.from, to: half, host: from },
          { from: half, to: ALWAYS.to, host: to },
        ],
      });
    },
    more: (inventory, { random, duration }) => [
      ...implant(random, duration, inVm(vmOf(inventory, 'web')), {
        name: 'vm',
        server: VPS,
        port: 443,
        every: 20_000,
        jitter: 0.2,
      }),
      ...implant(random, duration, inHost(inventory, 0, 'python', 2_131_777), {
        name: 'hypervisor',
        server: '203.0.113.67',
        port: 443,
        every: 60_000,
        jitter: 0.1,
        length: 40_000,
      }),
      ...crowd(random, inventory, MINUTE, 1.5 * MINUTE, 8),
    ],
  },
  expect: { wrongAtMost: 0, rightAtLeast: 0.95 },
  implants: ['vm', 'hypervisor'],
};
