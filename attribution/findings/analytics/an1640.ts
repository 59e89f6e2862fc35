import type { EventAnalytic } from '../contract';
import { isEsxi } from '../devices';
import { textOfHex } from '../../../store/facts/address-hex';

/** Logins to a hypervisor from elsewhere than its management. */
export const AN1640: EventAnalytic = {
  looksAt: 'event',
  id: 'AN1640',
  strategy: 'DET0596',
  techniques: ['T1021.004'],
  platform: 'ESXi',
  title: 'Login to an ESXi host from outside AllowedMgmtHosts',
  text: 'Somebody logged in to the host itself from an address that is none of its management, or as somebody who is not in AllowedUsers.',
  needs: ['logins'],
  severity: 'medium',
  falsePositives: 'A jump host that is missing from AllowedMgmtHosts.',
  mutable: {
    AllowedMgmtHosts: 'Approved endpoints of the hosts, jump hosts among them',
    AllowedUsers: 'Accounts that work on the hosts',
  },
  requires: ['AllowedMgmtHosts'],
  match(event, { AllowedMgmtHosts, AllowedUsers }) {
    const { action, outcome, src, user, device, process, own } = event;
    if (own || action !== 'login' || outcome === 'failure' || src === null || !isEsxi(event)) return undefined;
    const from = textOfHex(src);
    if (from === '127.0.0.1' || from === '::1') return undefined;
    const foreign = AllowedMgmtHosts.size > 0 && !AllowedMgmtHosts.has(src);
    const stranger = AllowedUsers.size > 0 && !AllowedUsers.has(user ?? '');
    if (!foreign && !stranger) return undefined;
    return {
      key: `${user ?? ''}@${from}`,
      severity: foreign && stranger ? 'high' : 'medium',
      text: `${user ?? 'somebody'} logged in to ${device} from ${from}${foreign ? ', outside AllowedMgmtHosts' : ', who is not in AllowedUsers'}`,
      terms: {
        user: user ?? '',
        from,
        process: process ?? '',
        outside_allowed_hosts: foreign,
        outside_allowed_users: stranger,
      },
    };
  },
};
