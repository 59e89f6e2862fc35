import { commandAnalytic } from '../command-analytic';

/** Mirrored traffic. */
export const AN1132 = commandAnalytic({
  id: 'AN1132',
  strategy: 'DET0403',
  techniques: ['T1020.001', 'T1040'],
  platform: 'Network Devices',
  title: 'Traffic mirrored to another port or host',
  text: 'A command sets up a session that copies traffic to another port or host.',
  needs: ['commands'],
  severity: 'high',
  falsePositives: 'Network probes that are being set up.',
  mutable: { ApprovedChangeList: 'Changes approved beforehand' },
  phrases: {
    mirror: [
      'monitor session',
      'erspan-source',
      'type erspan',
      'port-mirroring',
      'analyzer',
      'tool sniffer set',
      'config system virtual-wire … mirror',
      'set span',
    ],
  },
});
