import { commandAnalytic } from '../command-analytic';

/** The hypervisor's own firewall. */
export const AN0409 = commandAnalytic({
  id: 'AN0409',
  strategy: 'DET0145',
  techniques: ['T1562.004'],
  platform: 'ESXi',
  title: 'Firewall of an ESXi host opened or turned off',
  text: 'The firewall of the hypervisor was turned off, a ruleset was enabled or opened for all addresses.',
  needs: ['commands', 'host_logs'],
  severity: 'high',
  falsePositives: 'Set-up of a new service on the host.',
  mutable: { ApprovedChangeList: 'Changes approved beforehand' },
  phrases: {
    firewall_off: ['network firewall set … false', 'network firewall set -e false', 'network firewall unload'],
    ruleset: [
      'network firewall ruleset set',
      'network firewall ruleset allowedip',
      'network firewall set',
      'network firewall refresh',
    ],
  },
  actions: { 'esx.audit.net.firewall.disabled': 'firewall_off', firewall_change: 'ruleset' },
  severities: { ruleset: 'medium' },
});
