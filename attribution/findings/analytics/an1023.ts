import { textOfHex } from '../../../store/facts/address-hex';
import type { SeriesAnalytic } from '../contract';

const SHOWN = 5;

/** A machine that passes on what others send it. */
export const AN1023: SeriesAnalytic = {
  looksAt: 'series',
  id: 'AN1023',
  strategy: 'DET0359',
  techniques: ['T1090.003', 'T1090.001'],
  platform: 'ESXi',
  title: 'VM that passes on the sessions of others to the outside',
  text: 'Sessions of a VM with one destination outside follow sessions into it, with the same length and bytes, more often than chance allows: compared with the same sessions moved in time, and with the sizes of other pairs. The first sender stands in the finding.',
  needs: ['flows'],
  severity: 'medium',
  falsePositives: 'Proxies and gateways: give them the role `proxy` (inventory.roles).',
  mutable: { HopCount: 'Hops, sender and destination included, from which a chain is told' },
  match({ relay, subject, dst, dstPort, roles }, { HopCount }) {
    if (relay === undefined || relay.hops < HopCount || roles.has('proxy')) return undefined;
    const { test, senders, hops, port } = relay;
    const destination = `${textOfHex(dst)}:${dstPort}`;
    const who = senders.slice(0, SHOWN).join(', ');
    const more = senders.length > SHOWN ? ` and ${senders.length - SHOWN} more` : '';
    return {
      key: destination,
      severity: hops > 2 ? 'high' : 'medium',
      text: `${subject.name} passes on to ${destination} what ${who}${more} send it: ${test.matched} of ${test.of} sessions match`,
      terms: {
        destination,
        senders: senders.slice(0, SHOWN).join(' '),
        hops,
        port: port ?? 0,
        matched: test.matched,
        of: test.of,
        time_chance: test.timeChance,
        size_chance: test.sizeChance,
      },
    };
  },
};
