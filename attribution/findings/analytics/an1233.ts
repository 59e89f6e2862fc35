import { commandAnalytic } from '../command-analytic';

/** Ports forwarded. */
export const AN1233 = commandAnalytic({
  id: 'AN1233',
  strategy: 'DET0445',
  techniques: ['T1090'],
  platform: 'Network Devices',
  title: 'Port forwarding or static translation added',
  text: 'A command adds a rule that forwards a port or translates statically.',
  needs: ['commands'],
  severity: 'medium',
  falsePositives: 'Published services: list them in ApprovedChangeList.',
  mutable: { ApprovedChangeList: 'Changes approved beforehand' },
  phrases: {
    port_forward: [
      'ip nat inside source static',
      'ip nat outside source static',
      'nat … static',
      'destination-nat',
      'dst-nat',
      'config firewall vip',
      'security nat destination',
      'nat rules',
    ],
  },
});
